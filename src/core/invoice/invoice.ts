import type { CalendarDate } from '../base/calendar.js';
import type { Paise } from '../base/decimal.js';

/** Increased when the mapping changes what it writes. Rows that an older version loaded then count as changed. */
export const mappingVersion = 6;

export const invoiceTypes = ['sales', 'purchase', 'credit_note', 'debit_note'] as const;
export type InvoiceType = (typeof invoiceTypes)[number];

/** The types in an accountant's order: notes follow the invoices that they correct. Results use the order of `invoiceTypes`. */
export const typeOrder = ['sales', 'credit_note', 'purchase', 'debit_note'] as const satisfies readonly InvoiceType[];

export type LedgerClass = 'party' | 'taxable' | 'cgst' | 'sgst' | 'igst' | 'cess' | 'round_off' | 'tds' | 'other';

/**
 * One row of fact_invoice with its lines. Signs and classes follow the contract (sales and purchases positive, notes negative).
 * Text is null if Tally has none.
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
  /** The currency of the invoice: `INR`, or the foreign currency as Tally writes it (`$`). All amounts are in rupees. */
  currency: string;
  /**
   * The total in that currency, in ten-thousandths, numeric(18,4), signed as totalAmount. It is the amount of the party's line,
   * else the sum of the other lines.
   */
  foreignAmount: bigint | null;
  /** Millionths of a rupee per unit of that currency, numeric(18,6), as Tally gives it. */
  exchangeRate: bigint | null;
  irn: string | null;
  irnAckNo: string | null;
  irnAckDate: CalendarDate | null;
  ewayBillNo: string | null;
  isCancelled: boolean;
  isOptional: boolean;
  narration: string | null;
  /** SHA-256 (hex) of the mapping version and of all other fields except `classedBy`: equal hashes mean equal rows. */
  contentHash: string;
  /**
   * Whether masters gave all lines their classes, or the name of a ledger decided at least one. Absent if unknown. Not in
   * the hash: both ways may give the same classes.
   */
  classedBy?: 'masters' | 'names';
  /**
   * The lines of the party, then the items, then the other ledgers, each in Tally's order. All lines are in Tally's order if
   * the voucher has no stock lines of its own, as in accounting view. line_no is the index + 1.
   */
  lines: InvoiceLine[];
}

export interface InvoiceLine extends InvoiceLineDetails {
  lineType: 'item' | 'ledger';
  ledgerName: string | null;
  ledgerClass: LedgerClass;
  itemName: string | null;
  hsn: string | null;
  /** In ten-thousandths, numeric(18,4). */
  quantity: bigint | null;
  unit: string | null;
  /** Rupees per unit, in ten-thousandths. */
  rate: bigint | null;
  /** In ten-thousandths of a percent. */
  discountPercent: bigint | null;
  /**
   * The GST rate of the line, in ten-thousandths of a percent: IGST, or CGST and SGST together, without cess. It is 0 for
   * exempt or nil-rated lines. A charge that is spread over goods of one rate has the rate of the goods. Null if unknown.
   */
  gstRate: bigint | null;
  amount: Paise;
}

/** Kinds of doubt about a loaded invoice. The invoice is in the warehouse as Tally has it, and a person should check it. */
export type Doubt =
  /** The total is not the sum of its parts (docs/contract.md, "Signs"). */
  | 'identity'
  /** The entries of a voucher do not add up to 0. */
  | 'unbalanced'
  /** A quantity, bill, date or other detail of a voucher of the stream `ledger` is present but unreadable; it was left out. */
  | 'voucher-detail'
  /** The sign of the total contradicts the type: notes are negative, sales and purchases positive. */
  | 'sign'
  /** None of the lines is the party's; the total is the sum of all lines except TDS. */
  | 'no-party'
  /** A quantity, rate, date, number or flag is present but unreadable; it was left out. */
  | 'unreadable-detail'
  /** Tally sent the lines of invoice view and of accounting view, and those of invoice view could not all be used. */
  | 'both-views'
  /** Several lines are the party's, or a line of another ledger is marked as the party's. */
  | 'odd-party'
  /** None of the lines has the ledger of the named party; another line was treated as the party's. */
  | 'guessed-party'
  /** Cash, cards or banks beside the named party were counted into the total. */
  | 'several-payments'
  /** The invoice is cancelled but has lines; the lines are left out. */
  | 'cancelled-lines'
  /** The ledger of a line has no master, or its group is unknown: its class is a guess from its name. */
  | 'unlisted-ledger'
  /** In addition to `unlisted-ledger`: the invoice has tax, but no taxable value. */
  | 'no-taxable'
  /** A stock line's own AMOUNT is not the sum of its ACCOUNTINGALLOCATIONS (equal on 502 of 502 lines, docs/tally.md §1.6). */
  | 'allocations'
  /** The GUID begins with another company's: the voucher was imported, or the answer mixed two companies. */
  | 'foreign-guid'
  /** The items below a ledger line do not add up to it or are unreadable, or its ledger (a tax, a party) takes no items. */
  | 'stock-below-ledger'
  /** The booked GST differs by more than rounding from the taxable value at the rates of the lines. */
  | 'tax'
  /** A line is marked as a round-off but is not smaller than its ROUNDLIMIT; it keeps the class of its ledger. */
  | 'rounding-mark'
  /** The bill's credit starts on a day more than a year away from the invoice; the due date was left out. */
  | 'credit-start'
  /** A date is present, but not in Tally's form; it was left out. */
  | 'date-form';

/**
 * Why a voucher could not be mapped (docs/contract.md, "Runs"). The codes are public and the same in every language. Codes may
 * be added, never removed.
 */
export const rejectCodes = [
  'voucher-type-unknown',
  'guid-missing',
  'date-unreadable',
  'lines-missing',
  'amount-unreadable',
  // The amount is, or may be, in a foreign currency: entering its rate of exchange helps.
  'foreign-amount-unreadable',
  'amount-too-large',
  'total-unknown',
  'xml-broken',
] as const;
export type RejectCode = (typeof rejectCodes)[number];

/** A voucher that could not be mapped: one row of etl_rejects. Defaults never replace unreadable values. */
export interface Reject {
  invoiceId: string | null;
  /** Null if the voucher has no ALTERID: the next sync then reads its day again. */
  alterId: bigint | null;
  invoiceNumber: string | null;
  date: CalendarDate | null;
  /** The element that could not be read: `DATE`, `AMOUNT`, … */
  field: string;
  reasonCode: RejectCode;
  /** In the language of the user who ran the job. */
  reason: string;
  /** The voucher's XML as Tally sent it. */
  raw: string;
  /** `file`: the voucher is from an exported file. Absent: Tally sent the voucher. */
  source?: 'file';
}

/** The columns of fact_invoice that describe an invoice without changing any amount. Null if Tally gives no value. */
export interface InvoiceDetails {
  partyState: string | null;
  /** The party's name as it is printed on this invoice. */
  buyerName: string | null;
  partyRegistrationType: string | null;
  consigneeGstin: string | null;
  consigneeState: string | null;
  companyGstin: string | null;
  /** Days of credit, if Tally states days or weeks. */
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

/** The columns of fact_invoice_line that describe a line without changing any amount. */
export interface InvoiceLineDetails {
  description: string | null;
  /** The godown of the whole line; null if the line is split over several. The same applies to `batch`. */
  godown: string | null;
  batch: string | null;
  taxability: string | null;
  typeOfSupply: string | null;
}
