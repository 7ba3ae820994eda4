import type { CalendarDate } from '../../base/calendar.js';
import type { InvoiceType } from '../../invoice/invoice.js';

/** Counts of invoices. Meanings as in docs/contract.md, "Result JSON". */
export interface Counts {
  invoices: number;
  inserted: number;
  updated: number;
  unchanged: number;
  removed: number;
}

export interface DayCounts extends Counts {
  date: CalendarDate;
}

/** Counts of vouchers of every type, for the stream `ledger`. Meanings as in docs/contract.md, "Result JSON". */
export interface LedgerCounts {
  vouchers: number;
  inserted: number;
  updated: number;
  unchanged: number;
  removed: number;
  missing: number;
}

/** An invoice of the range that the warehouse has and Tally no longer has; `totalAmount` is rupees, e.g. `-1180.00`. */
export interface MissingInvoice {
  invoiceId: string;
  date: CalendarDate;
  invoiceType: InvoiceType;
  invoiceNumber: string | null;
  totalAmount: string;
}

/**
 * The invoices of one type on one day that count as unchanged and were not read. `total` is rupees, e.g. `-1180.00`.
 */
export interface UnreadTotal extends CountAndTotal {
  date: CalendarDate;
  invoiceType: InvoiceType;
  optional: number;
}

/** How a merge treats rows that Tally no longer has. */
export interface MissingOptions {
  /** True: they are deleted, instead of being kept and counted as missing. */
  removeMissing?: boolean;
  /**
   * True for a row whose invoice is in Tally nevertheless, or whose absence is not proven. A kept row for which it is
   * true does not count as missing.
   */
  isKnown?: (invoice: Pick<MissingInvoice, 'invoiceId' | 'date'>) => boolean;
}

/** The result of comparing the staged invoices of a range with the warehouse: what a merge would do, or what it did. */
export interface Comparison {
  /** The days with a count that is not 0, oldest first. */
  days: DayCounts[];
  /** The number of optional vouchers among the invoices of `days`; no register shows them. Only after a merge. */
  optional?: number;
  /** The number of staged copies that a newer copy of the same invoice replaced. They are in no other count. */
  duplicates: number;
  /** The number of invoices of the range that stay in the warehouse although Tally no longer has them. */
  missing: number;
  /** The first 100 of the missing invoices, by date. */
  missingInvoices: MissingInvoice[];
  /** The invoices of `days` that were not read, because they have not changed. Empty if nothing was merged. */
  unread: UnreadTotal[];
  /** Only after a comparison without a merge. */
  differences?: Differences;
  /** The vouchers of the range; absent without the stream `ledger`. */
  ledger?: LedgerCounts;
}

/**
 * A column that differs, of an invoice or of one of its lines (`line 2 amount`). Values are text; null if a side has
 * none. A line that one side lacks is `line 3`. The field `missing_since`: Tally has the invoice, but the warehouse has
 * marked it as missing.
 */
export interface FieldDifference {
  field: string;
  warehouse: string | null;
  tally: string | null;
}

/**
 * An invoice that differs, with Tally's date, number and total, or with the warehouse's if Tally did not send the
 * invoice.
 */
export interface Difference extends MissingInvoice {
  kind: 'missing-here' | 'different' | 'gone-in-tally';
  partyName: string | null;
  /**
   * The fields that differ, if the kind is `different`; else empty. Also empty if users see no difference, for example
   * if only the ALTERID (Tally's counter of changes) has grown.
   */
  fields: FieldDifference[];
}

export interface DifferenceCounts {
  missingHere: number;
  different: number;
  goneInTally: number;
}

/** `total` is the signed sum of total_amount in rupees, e.g. `-1180.00`. */
export interface CountAndTotal {
  invoices: number;
  total: string;
}

/** The invoices of one type on one day, in Tally and in the warehouse. */
export interface VerifiedDay {
  date: CalendarDate;
  invoiceType: InvoiceType;
  tally: CountAndTotal;
  warehouse: CountAndTotal;
  /** The number of these invoices that differ. A re-dated invoice counts on both of its days. */
  differences: number;
}

export interface Differences {
  counts: DifferenceCounts;
  /** At most as many as the caller asked for, by date, type and number. */
  listed: Difference[];
}
