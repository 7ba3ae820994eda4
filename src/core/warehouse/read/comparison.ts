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

/** Invoices of a type on a day that were counted as unchanged without being read; `total` is rupees, e.g. `-1180.00`. */
export interface UnreadTotal extends CountAndTotal {
  date: CalendarDate;
  invoiceType: InvoiceType;
  optional: number;
}

/** What is to become of rows that were not staged. */
export interface MissingOptions {
  /** They leave the warehouse, instead of being counted. */
  removeMissing?: boolean;
  /** Of those that stay: in Tally all the same, or not known to be gone. They are not counted as missing. */
  isKnown?: (invoice: Pick<MissingInvoice, 'invoiceId' | 'date'>) => boolean;
}

/** The staged invoices of a range against the warehouse: what a merge would do, or what it did. */
export interface Comparison {
  /** The days with a count that is not 0, oldest first. */
  days: DayCounts[];
  /** Optional vouchers among the invoices of `days`, which are in no register. Of a merge. */
  optional?: number;
  /** Staged invoices that a later one with the same id replaced; they are in no other count. */
  duplicates: number;
  /** Rows of the range that stay in the warehouse although Tally no longer has them. */
  missing: number;
  /** At most the first 100 of them, by date. */
  missingInvoices: MissingInvoice[];
  /** What of `days` was not read: unchanged since it was loaded. */
  unread: UnreadTotal[];
  /** Of a comparison without a merge. */
  differences?: Differences;
  /** The vouchers of the range; absent without the stream `ledger`. */
  ledger?: LedgerCounts;
}

/**
 * A column of an invoice or of one of its lines (`line 2 amount`) that is not the same; as text, null where there is none.
 * A line that one side lacks is `line 3`; `missing_since` is of an invoice that Tally has and the warehouse takes for gone.
 */
export interface FieldDifference {
  field: string;
  warehouse: string | null;
  tally: string | null;
}

/** An invoice that differs, with Tally's date, number and total; with the warehouse's where Tally has none. */
export interface Difference extends MissingInvoice {
  kind: 'missing-here' | 'different' | 'gone-in-tally';
  partyName: string | null;
  /** Of a `different` one. None: nothing that shows, such as an ALTERID that grew. */
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

export interface VerifiedDay {
  date: CalendarDate;
  invoiceType: InvoiceType;
  tally: CountAndTotal;
  warehouse: CountAndTotal;
  /** Invoices of it that are not the same; a re-dated one counts on both of its days. */
  differences: number;
}

export interface Differences {
  counts: DifferenceCounts;
  /** At most as many as asked for, by date, type and number. */
  listed: Difference[];
}
