import type { CalendarDate } from '../../core/base/calendar.js';
import type { Paise } from '../../core/base/decimal.js';

/** Details that a company's office writes on its invoices and that change no amount; all are optional. */
export interface DemoDetails {
  /** The receiver of the goods, if it is not the party. */
  consignee?: { gstin: string; state: string };
  orders?: { number: string; date: CalendarDate }[];
  natureOfReturn?: string;
  reverseCharge?: boolean;
  /** The date of every e-way bill. */
  ewayBillDate?: CalendarDate;
  vehicle?: string;
  /** Fields in which nothing was chosen contain ` Not Applicable`. Otherwise they are empty. */
  saysNotApplicable?: boolean;
}

/** When a bill is due, and how Tally writes it. */
export interface Credit {
  /** `30 Days` or `31-May-24`. */
  text: string;
  /** The day from which it counts, if Tally gives it. */
  from?: CalendarDate;
  days: number | null;
  dueDate: CalendarDate | null;
}

/**
 * A part of a ledger line that makes or settles a bill. An amount on account belongs to no bill, and its name is ''.
 */
export interface BillShare {
  kind: 'new' | 'against' | 'advance' | 'on-account';
  name: string;
  /** In paise, signed as the value of its line. */
  value: Paise;
  /** In hundredths of the foreign currency, on a forex voucher. */
  foreign?: bigint;
  credit?: Credit;
  /** The day on which the settled bill was made. Default: the day of the voucher. */
  date?: CalendarDate;
}

/** A part of a ledger line that belongs to a cost centre; `value` is signed as the value of its line. */
export interface CostShare {
  centre: string;
  value: Paise;
}

/** The kind of document in business terms; `none` for a voucher that is not an invoice. */
export type Base = 'sales' | 'purchase' | 'credit_note' | 'debit_note' | 'none';

/** The meaning of a line in business terms. */
export type Role = 'party' | 'taxable' | 'cgst' | 'sgst' | 'igst' | 'cess' | 'round_off' | 'tds' | 'other';

/** GST on a line. `heads`: the heads that have the rate. `blank`: all heads are listed without a rate. */
export interface GstRate {
  /** IGST, or CGST and SGST together: in ten-thousandths of a percent. */
  percent: bigint;
  heads: 'intra' | 'inter' | 'all' | 'blank';
  /** Cess in percent, as Tally writes it. */
  cess?: string;
}

interface LineBase {
  /**
   * In paise. On an invoice: the amount that the line adds to the document's value (a discount and a deducted tax are
   * negative). The party's line has the amount that the party owes or is owed, as a positive number. On other vouchers: credit
   * positive, debit negative.
   */
  value: Paise;
  /** In hundredths of the foreign currency, on a forex voucher. */
  foreign?: bigint;
  hsn?: string;
  gst?: GstRate;
}

export interface LedgerEntry extends LineBase {
  kind: 'ledger';
  role: Role;
  ledger: string;
  /**
   * The element that says that the line was rounded. `type` and `method`: a round-off line with ROUNDTYPE or
   * METHODTYPE; most have neither. `tax`: a tax line with ROUNDTYPE, which is still tax.
   */
  rounding?: 'type' | 'method' | 'tax';
  /**
   * The element that says that GST is charged on this charge, discount or expense too: METHODTYPE `GST` of ERP 9
   * (`method`), or GSTOVRDNTAXABILITY `Taxable`. Absent if the ledger's master or rates on the line say so.
   */
  assessable?: 'method' | 'taxability';
  /**
   * The GST rate of the goods of the invoice, which applies to this line too, in ten-thousandths of a percent. The line
   * itself does not show the rate.
   */
  taxedAt?: bigint;
  /** The line makes this bill, with its whole amount. */
  bill?: string;
  /** The credit of the bill. */
  credit?: Credit;
  /** The bills that the line makes or settles, in place of `bill` and `credit`. */
  bills?: readonly BillShare[];
  description?: string[];
  /** The date of a cheque or transfer, written as a DATE inside the line. */
  bankDate?: CalendarDate;
  /** How the money moves, if not by cheque. */
  transfer?: 'Cash' | 'Inter Bank Transfer' | 'e-Fund Transfer';
  /** The cost centre of the whole line. */
  costCentre?: string;
  /** The cost centres that share the line. */
  costs?: readonly CostShare[];
  narration?: string;
  /** Bank and cash lines may be flagged as party lines too. */
  flaggedAsParty?: boolean;
}

export interface StockEntry extends LineBase {
  kind: 'item';
  list?: 'ALLINVENTORYENTRIES' | 'INVENTORYENTRIES' | 'INVENTORYENTRIESIN' | 'INVENTORYENTRIESOUT';
  item: string;
  /** The ledger that the line's value is booked on; '' if nothing is booked (stock journals). */
  ledger: string;
  /** `count` in ten-thousandths of `unit`; `text` as Tally writes it. */
  quantity?: { count: bigint; unit: string; text: string };
  /** In ten-thousandths of a rupee per unit. */
  rate?: bigint;
  /** In hundredths of the foreign currency per unit, on a forex voucher. */
  foreignRate?: bigint;
  /** In ten-thousandths of a percent. */
  discount?: bigint;
  batch?: string;
  /** Default: `Main Location`. */
  godown?: string;
  /** The godown and batch of a second allocation of the line. */
  alsoFrom?: { godown: string; batch: string };
  description?: string[];
}

export type Entry = LedgerEntry | StockEntry;

/** One voucher of the books in business terms; the renderer makes Tally's signs and XML from it. */
export interface DemoVoucher {
  /** Company GUID, `-`, and 8 hex digits of the master id; another company's GUID if it was imported from there. */
  guid: string;
  masterId: number;
  alterId: number;
  date: CalendarDate;
  base: Base;
  typeName: string;
  number: string;
  /** Its number moves when an earlier voucher is added or removed ("Auto Renumber"); otherwise it stays ("Auto Retain"). */
  renumbers?: true;
  reference?: string;
  referenceDate?: CalendarDate;
  partyLedger: string;
  /** The name printed on this document, which is not always the ledger's. */
  partyName: string;
  partyGstin: string;
  placeOfSupply: string;
  narration: string;
  irn?: { irn: string; ackNo: string; ackDate: CalendarDate; qrCode?: string };
  ewayBills: string[];
  details?: DemoDetails;
  cancelled: boolean;
  optional: boolean;
  postDated: boolean;
  /** Which flag is Yes, ISDELETED or ISDELETEDVCHRETAINED; absent for a voucher that is in the books. */
  deleted?: 'deleted' | 'retained';
  view: 'invoice' | 'accounting';
  /** ERP 9 leaves out the header fields that TallyPrime added. */
  release: 'prime' | 'erp9';
  forex?: { symbol: string; /** Hundredths of a rupee per unit of the foreign currency. */ rate: bigint };
  /** Debits and credits are swapped on every line, as in a book that a program filled (docs/tally.md §1.6). */
  reversed: boolean;
  /** The lines in document order. */
  entries: Entry[];
  /** Replaces the whole VOUCHER element, for tests that need other XML than the demo Tally writes. */
  raw?: string;
}

/** A voucher with plain values in every field, except the given ones. */
export function demoVoucher(fields: Partial<DemoVoucher> & Pick<DemoVoucher, 'guid' | 'date'>): DemoVoucher {
  return {
    masterId: 1,
    alterId: 1,
    base: 'sales',
    typeName: 'Sales',
    number: '1',
    partyLedger: '',
    partyName: '',
    partyGstin: '',
    placeOfSupply: '',
    narration: '',
    ewayBills: [],
    cancelled: false,
    optional: false,
    postDated: false,
    view: 'invoice',
    release: 'prime',
    reversed: false,
    entries: [],
    ...fields,
  };
}

/**
 * A line's amount with Tally's sign: debit negative, credit positive. A sale debits its party and credits its goods, a
 * purchase does the opposite, and notes reverse the invoices that they correct. Other vouchers have this sign already.
 * `reversed` flips every sign.
 */
export function tallyAmount(voucher: DemoVoucher, entry: Entry, value: bigint = entry.value): bigint {
  const flip = voucher.reversed ? -1n : 1n;
  if (voucher.base === 'none') return flip * value;
  const goods = voucher.base === 'sales' || voucher.base === 'debit_note' ? 1n : -1n;
  return flip * (entry.kind === 'ledger' && entry.role === 'party' ? -goods : goods) * value;
}

/** The bills that a line makes or settles. */
export function billsOf({ bill, bills, value, foreign, credit }: LedgerEntry): readonly BillShare[] {
  if (bills) return bills;
  if (bill === undefined) return [];
  return [{ kind: 'new', name: bill, value, ...(foreign !== undefined && { foreign }), ...(credit && { credit }) }];
}

export const costsOf = ({ costs, costCentre, value }: LedgerEntry): readonly CostShare[] =>
  costs ?? (costCentre === undefined ? [] : [{ centre: costCentre, value }]);
