import type { CalendarDate } from '../../core/base/calendar.js';
import type { Paise } from '../../core/base/decimal.js';

/** What the office of a company writes on its invoices beside what is booked; all of it may be missing. */
export interface DemoDetails {
  /** The goods go to somebody else's place. */
  consignee?: { gstin: string; state: string };
  orders?: { number: string; date: CalendarDate }[];
  natureOfReturn?: string;
  reverseCharge?: boolean;
  /** Of every e-way bill. */
  ewayBillDate?: CalendarDate;
  vehicle?: string;
  /** Fields without a choice say ` Not Applicable` instead of nothing. */
  saysNotApplicable?: boolean;
}

/** When a bill is due, and how Tally says it. */
export interface Credit {
  /** `30 Days` or `31-May-24`. */
  text: string;
  /** The day it counts from, where Tally says it. */
  from?: CalendarDate;
  days: number | null;
  dueDate: CalendarDate | null;
}

/** What a document is in business terms; `none` for everything that is no invoice. */
export type Base = 'sales' | 'purchase' | 'credit_note' | 'debit_note' | 'none';

/** What a line means to the business. */
export type Role = 'party' | 'taxable' | 'cgst' | 'sgst' | 'igst' | 'cess' | 'round_off' | 'tds' | 'other';

/** GST on a line. `heads`: which heads carry the rate; `blank`: all heads are listed, none has a rate. */
export interface GstRate {
  /** IGST, or CGST and SGST together: percent in ten-thousandths. */
  percent: bigint;
  heads: 'intra' | 'inter' | 'all' | 'blank';
  /** Percent of cess as Tally writes it. */
  cess?: string;
}

interface LineBase {
  /**
   * Paise. On an invoice: what the line adds to the document's value (a discount and a deducted tax are negative);
   * the party's line holds what the party owes or is owed, positive. On other vouchers: credit positive, debit negative.
   */
  value: Paise;
  /** Hundredths of the foreign currency, on a forex voucher. */
  foreign?: bigint;
  hsn?: string;
  gst?: GstRate;
}

export interface LedgerEntry extends LineBase {
  kind: 'ledger';
  role: Role;
  ledger: string;
  /** What marks a round-off line beside its name, on the releases that mark it; `tax`: a tax that is rounded, by ROUNDTYPE. */
  rounding?: 'type' | 'method' | 'tax';
  /**
   * What says on the line that a charge, discount or expense is part of the value that GST is charged on, where neither
   * its master nor rates of its own do: METHODTYPE `GST` of ERP 9's classes, or GSTOVRDNTAXABILITY `Taxable`.
   */
  assessable?: 'method' | 'taxability';
  /** Percent in ten-thousandths at which GST is charged on it with its goods; the line itself does not say so. */
  taxedAt?: bigint;
  bill?: string;
  /** Of the bill. */
  credit?: Credit;
  description?: string[];
  /** A cheque or transfer: carries its own nested DATE. */
  bankDate?: CalendarDate;
  costCentre?: string;
  narration?: string;
  /** Bank and cash lines may be flagged as party lines too. */
  flaggedAsParty?: boolean;
}

export interface StockEntry extends LineBase {
  kind: 'item';
  list?: 'ALLINVENTORYENTRIES' | 'INVENTORYENTRIES' | 'INVENTORYENTRIESIN' | 'INVENTORYENTRIESOUT';
  item: string;
  /** The ledger that the line's value is booked on; '' where nothing is booked (stock journals). */
  ledger: string;
  /** `count` in ten-thousandths of `unit`; `text` as Tally writes it. */
  quantity?: { count: bigint; unit: string; text: string };
  /** Ten-thousandths of a rupee per unit. */
  rate?: bigint;
  /** Hundredths of the foreign currency per unit, on a forex voucher. */
  foreignRate?: bigint;
  /** Percent in ten-thousandths. */
  discount?: bigint;
  batch?: string;
  /** `Main Location` where none is said. */
  godown?: string;
  alsoFrom?: { godown: string; batch: string };
  description?: string[];
}

export type Entry = LedgerEntry | StockEntry;

/** One voucher of the books as the business means it; the renderer turns it into Tally's signs and XML. */
export interface DemoVoucher {
  /** Company GUID, `-`, 8 hex digits of the master id; another company's GUID where it came from there. */
  guid: string;
  masterId: number;
  alterId: number;
  date: CalendarDate;
  base: Base;
  typeName: string;
  number: string;
  /** Its number moves when a voucher before it comes or goes ("Auto Renumber"); else it stays ("Auto Retain"). */
  renumbers?: true;
  reference?: string;
  referenceDate?: CalendarDate;
  partyLedger: string;
  /** The name printed on this document; not always the ledger's. */
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
  /** What ISDELETED or ISDELETEDVCHRETAINED says; absent for a voucher of the books. */
  deleted?: 'deleted' | 'retained';
  view: 'invoice' | 'accounting';
  /** ERP 9 leaves out the header fields that TallyPrime added. */
  release: 'prime' | 'erp9';
  forex?: { symbol: string; /** Hundredths of a rupee per unit of the foreign currency. */ rate: bigint };
  /** A book whose lines all have opposite signs (seen where a program filled it). */
  reversed: boolean;
  /** In document order. */
  entries: Entry[];
  /** Rendered in place of the whole VOUCHER element: for tests that need one no Tally should write. */
  raw?: string;
}

/** A voucher with every field filled plainly, but for what is given. */
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
 * A line's amount as Tally signs it: debit negative, credit positive. A sale's party is debited and its goods credited,
 * a purchase's the other way round, and notes reverse what they correct.
 */
export function tallyAmount(voucher: DemoVoucher, entry: Entry, value: bigint = entry.value): bigint {
  const flip = voucher.reversed ? -1n : 1n;
  if (voucher.base === 'none') return flip * value;
  const goods = voucher.base === 'sales' || voucher.base === 'debit_note' ? 1n : -1n;
  return flip * (entry.kind === 'ledger' && entry.role === 'party' ? -goods : goods) * value;
}
