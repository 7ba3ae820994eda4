import type { CalendarDate } from '../../../core/base/calendar.js';
import { addDays } from '../../../core/base/calendar.js';
import { total } from './goods.js';
import type { Party } from '../masters/parties.js';
import type { Random } from '../random.js';
import type { DemoVoucher, LedgerEntry, StockEntry } from '../voucher.js';

/** The part of a voucher that a recipe makes. The book adds identity, date, number and type. */
export type Draft = Pick<DemoVoucher, 'base' | 'partyLedger' | 'entries'> & Partial<DemoVoucher>;

export interface RecipeContext {
  random: Random;
  date: CalendarDate;
  /** 1, 2, 3 … within the voucher type and financial year. */
  serial: number;
  /** How many cycles came before the voucher's cycle. */
  round: number;
  /** The voucher's place among those of its kind in its cycle: 0, 1, 2 … */
  nth: number;
  /** The first day of the books. */
  booksFrom: CalendarDate;
  /** The n-th bill of a kind in the cycle `roundsBack` cycles earlier; undefined if there is no such cycle or bill. */
  billOf: (kind: BillKind, n: number, roundsBack: number) => EarlierBill | undefined;
}

/** The vouchers whose bills are settled by later vouchers: invoices, and receipts in advance. */
export type BillKind = 'customer' | 'exporter' | 'supplier' | 'receipt';

/** A bill that an earlier voucher made. */
export interface EarlierBill {
  ledger: string;
  name: string;
  date: CalendarDate;
  /** In paise, without a sign. */
  value: bigint;
  /** The bill's amount in foreign currency. */
  forex?: { foreign: bigint; symbol: string; rate: bigint };
}

export type Recipe = (context: RecipeContext) => Draft;

/** The party's fields on a document. GSTIN and place of supply are often empty, and the printed name may differ. */
export function partyFields(
  random: Random,
  party: Party,
): Pick<DemoVoucher, 'partyLedger' | 'partyName' | 'partyGstin' | 'placeOfSupply'> {
  return {
    partyLedger: party.ledger,
    partyName: random.chance(12) ? `${party.ledger.trim()} (C/o Branch)` : party.ledger,
    partyGstin: random.chance(15) ? '' : party.gstin,
    placeOfSupply: random.chance(10) ? '' : party.state,
  };
}

/**
 * Adds the party's line, with the sum of the other lines. Stock lines come before the ledger lines; with `stockLast`,
 * the order of ERP 9, after them.
 */
export function withParty(
  partyLedger: string,
  stock: readonly StockEntry[],
  rows: readonly LedgerEntry[],
  options: { bill?: string; partyLast?: boolean; stockLast?: boolean } = {},
): DemoVoucher['entries'] {
  const others = [...stock, ...rows];
  const party: LedgerEntry = { kind: 'ledger', role: 'party', ledger: partyLedger, value: total(others) };
  if (others.some((e) => e.foreign !== undefined)) {
    party.foreign = others.reduce((sum, e) => sum + (e.foreign ?? 0n), 0n);
  }
  if (options.bill !== undefined) party.bill = options.bill;
  if (options.partyLast) return [...stock, ...rows, party];
  return options.stockLast ? [party, ...rows, ...stock] : [...stock, party, ...rows];
}

const remarks = [
  '',
  '',
  '',
  'Being goods supplied as per order',
  'As per PO; freight to pay & "fragile"',
  'प्रति माल भेजा गया',
  'Received in good order\r\nSigned: store-keeper\r\n\r\n  E.&O.E.',
  'Rate revised: ₹5/- less <see mail>',
  'Typed\u0005 by the night shift ',
  "Customer's own transport",
];

export const remark = (random: Random): string => random.pick(remarks);

/** An e-invoice registration: 64 hex digits, and a 15-digit acknowledgement. */
export const registration = (random: Random, date: CalendarDate): NonNullable<DemoVoucher['irn']> => ({
  irn: random.hex(64),
  ackNo: `1${random.digits(14)}`,
  ackDate: addDays(date, random.between(0, 2)),
});

export const ewayBill = (random: Random): string => `2${random.digits(11)}`;

/** The supplier's own number and date, with the supplier's leading zeros and blanks. */
export function supplierBill({ random, date }: RecipeContext): Partial<Draft> {
  return {
    narration: remark(random),
    ...(random.chance(85) && {
      reference: random.pick([`00${random.digits(3)}`, `INV/${random.digits(5)}/A&B`, ` ${random.digits(4)} `]),
    }),
    ...(random.chance(70) && { referenceDate: addDays(date, -random.between(0, 45)) }),
  };
}

/** A cancelled voucher keeps its number, but has neither party nor lines. */
export const cancelled =
  (base: Draft['base']): Recipe =>
  ({ random }) => ({
    base,
    cancelled: true,
    partyLedger: '',
    entries: [],
    narration: random.pick(['', 'Wrong party']),
  });

export const optional =
  (recipe: Recipe): Recipe =>
  (context) => ({ ...recipe(context), optional: true });

export const postDated =
  (recipe: Recipe): Recipe =>
  (context) => ({ ...recipe(context), postDated: true });

/** The recipe of a voucher in accounting view that is not an invoice. The ledger of its first line is its party. */
export const accounting =
  (rowsOf: (context: RecipeContext, value: bigint) => LedgerEntry[]): Recipe =>
  (context) => {
    const rows = rowsOf(context, BigInt(context.random.between(1_000, 9_000_000)));
    return {
      base: 'none',
      view: 'accounting',
      partyLedger: rows[0]!.ledger,
      partyName: rows[0]!.ledger,
      narration: remark(context.random),
      entries: rows,
    };
  };
