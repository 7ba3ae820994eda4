import type { CalendarDate } from '../base/calendar.js';
import type { Paise } from '../base/decimal.js';

/** Raised when the mapping changes what it writes: rows loaded by an older version count as changed. */
export const mappingVersion = 5;

export const invoiceTypes = ['sales', 'purchase', 'credit_note', 'debit_note'] as const;
export type InvoiceType = (typeof invoiceTypes)[number];

/** The types in the order of an accountant: each side's notes beside what they correct. Results have `invoiceTypes`' order. */
export const typeOrder = ['sales', 'credit_note', 'purchase', 'debit_note'] as const satisfies readonly InvoiceType[];

export type LedgerClass = 'party' | 'taxable' | 'cgst' | 'sgst' | 'igst' | 'cess' | 'round_off' | 'tds' | 'other';

/**
 * One row of fact_invoice with its lines, signed and classed by the contract (sales and purchases positive, notes
 * negative). Text is null where Tally has none.
 */
export interface Invoice extends InvoiceDetails {
  invoiceId: string;
  alterId: bigint | null;
  masterId: bigint | null;
  invoiceType: InvoiceType;
  voucherType: string;
  invoiceNumber: string | null;
  date: CalendarDate;
  reference: string | null;
  referenceDate: CalendarDate | null;
  partyName: string | null;
  partyGstin: string | null;
  placeOfSupply: string | null;
  taxableAmount: Paise;
  cgstAmount: Paise;
  sgstAmount: Paise;
  igstAmount: Paise;
  cessAmount: Paise;
  roundOffAmount: Paise;
  otherAmount: Paise;
  totalAmount: Paise;
  tdsAmount: Paise;
  /** The currency the invoice was made out in: `INR`, or the foreign one as Tally writes it (`$`). Amounts are always rupees. */
  currency: string;
  /** Ten-thousandths of that currency, numeric(18,4), signed as totalAmount: of the party's line, else of all others. */
  foreignAmount: bigint | null;
  /** Millionths of a rupee per one of that currency, numeric(18,6), as Tally says it. */
  exchangeRate: bigint | null;
  irn: string | null;
  irnAckNo: string | null;
  irnAckDate: CalendarDate | null;
  ewayBillNo: string | null;
  isCancelled: boolean;
  isOptional: boolean;
  narration: string | null;
  /** SHA-256 (hex) of everything above and the lines: equal hash, equal rows. */
  contentHash: string;
  /**
   * Whether masters gave all lines their classes, or the name of a ledger had to do; absent: not told. No part of the hash:
   * by a name a line may get the same class.
   */
  classedBy?: 'masters' | 'names';
  /** The party's, the items, the other ledgers, each in Tally's order; the index + 1 is line_no. */
  lines: InvoiceLine[];
}

export interface InvoiceLine extends InvoiceLineDetails {
  lineType: 'item' | 'ledger';
  ledgerName: string | null;
  ledgerClass: LedgerClass;
  itemName: string | null;
  hsn: string | null;
  /** Ten-thousandths, numeric(18,4). */
  quantity: bigint | null;
  unit: string | null;
  /** Ten-thousandths of a rupee per unit. */
  rate: bigint | null;
  /** Percent, in ten-thousandths. */
  discountPercent: bigint | null;
  /**
   * Percent, in ten-thousandths, at which GST is charged on it: IGST, or CGST and SGST together; cess is left out. 0 for what
   * is exempt or nil-rated. A charge that is spread over goods of one rate has theirs. Null: not known.
   */
  gstRate: bigint | null;
  amount: Paise;
}

/** Kinds of doubt about a loaded invoice: it is in the warehouse as Tally says, and a person should look at it. */
export type Doubt =
  | 'identity'
  | 'sign'
  | 'no-party'
  | 'unreadable-detail'
  | 'both-views'
  /** Several lines are the party's, or the one that is marked is another's. */
  | 'odd-party'
  /** No line is of the party that is named; another line was taken for the party's. */
  | 'guessed-party'
  /** Cash, cards or banks beside the named party were counted into the total. */
  | 'several-payments'
  /** A cancelled invoice that has lines all the same; they are left out. */
  | 'cancelled-lines'
  /** No master says what the ledger of a line is: its class is a guess by its name. */
  | 'unlisted-ledger'
  /** With such a line: there is tax, and nothing that it was charged on. */
  | 'no-taxable'
  /** A stock line's own AMOUNT is not the sum of its ACCOUNTINGALLOCATIONS (equal on 502 of 502 lines, docs/tally.md §1.6). */
  | 'allocations'
  /** Its GUID begins with another company's: it was imported, or its answer was of two companies. */
  | 'foreign-guid'
  /** Items below a ledger line do not make it up or cannot be read, or the ledger is a tax or a party. */
  | 'stock-below-ledger'
  /** GST is another than the taxable value at the rates of its lines, by more than rounding. */
  | 'tax'
  /** A line is marked as a round-off and is not smaller than its ROUNDLIMIT; it keeps the class of its ledger. */
  | 'rounding-mark'
  /** Its bill says a day more than a year away as the one from which the credit counts; the due date was left out. */
  | 'credit-start'
  /** A date that is there, but not in Tally's form; it was left out. */
  | 'date-form';

/** Why a voucher could not be mapped (docs/contract.md, "Runs"): public, the same in every language, additions only. */
export const rejectCodes = [
  'voucher-type-unknown',
  'guid-missing',
  'date-unreadable',
  'lines-missing',
  'amount-unreadable',
  // An amount in a foreign currency, or one that may be: its rate of exchange is what helps.
  'foreign-amount-unreadable',
  'amount-too-large',
  'total-unknown',
  'xml-broken',
] as const;
export type RejectCode = (typeof rejectCodes)[number];

/** A voucher that could not be mapped; one row of etl_rejects. Nothing of it was defaulted. */
export interface Reject {
  invoiceId: string | null;
  /** Null where the voucher gives no ALTERID: the next sync then reads its day again. */
  alterId: bigint | null;
  invoiceNumber: string | null;
  date: CalendarDate | null;
  /** The element that could not be read: `DATE`, `AMOUNT`, … */
  field: string;
  reasonCode: RejectCode;
  /** In the language of whoever ran the job. */
  reason: string;
  /** The voucher's XML as Tally sent it. */
  raw: string;
  /** An exported file holds it; absent: Tally sent it. */
  source?: 'file';
}

/** The columns of fact_invoice that describe an invoice and book nothing. Null where Tally says nothing. */
export interface InvoiceDetails {
  partyState: string | null;
  /** The party's name as it is printed on this invoice. */
  buyerName: string | null;
  partyRegistrationType: string | null;
  consigneeGstin: string | null;
  consigneeState: string | null;
  companyGstin: string | null;
  /** Days of credit, where Tally says days or weeks. */
  creditDays: number | null;
  dueDate: CalendarDate | null;
  orderNumber: string | null;
  orderDate: CalendarDate | null;
  natureOfReturn: string | null;
  isReverseCharge: boolean | null;
  ewayBillDate: CalendarDate | null;
  vehicleNumber: string | null;
  irnQrCode: string | null;
}

/** The same of fact_invoice_line. */
export interface InvoiceLineDetails {
  description: string | null;
  /** Where all of the line is in one. */
  godown: string | null;
  batch: string | null;
  taxability: string | null;
  typeOfSupply: string | null;
}
