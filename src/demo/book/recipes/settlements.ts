// Receipts and payments: they settle bills of earlier invoices, or pay in advance or on account.
import { addDays } from '../../../core/base/calendar.js';
import { accounting, type EarlierBill, type Recipe, type RecipeContext } from './draft.js';
import { divideRounded, line, total } from './goods.js';
import { ledger, openingBills } from '../masters/ledgers.js';
import { localCustomers, suppliers } from '../masters/parties.js';
import type { BillShare, LedgerEntry } from '../voucher.js';

/**
 * The bills that a kind of voucher settles: `count` bills, from number `first` on, of the cycle `roundsBack` cycles
 * ago.
 */
interface Settled {
  first: number;
  count: number;
  roundsBack: number;
}

type Side = 'customer' | 'supplier';

/** A receipt credits its parties, a payment debits them. */
const signOf = (side: Side): 1n | -1n => (side === 'customer' ? 1n : -1n);

/** The bills of an earlier cycle; in the first cycles, bills that were open when the books began. */
function earlierBills(context: RecipeContext, side: Side, { first, count, roundsBack }: Settled): EarlierBill[] {
  return Array.from({ length: count }, (_, n) => first + n).flatMap((n) => {
    const bill = context.billOf(side, n, roundsBack);
    // In a cycle all n are different and below 64, so no two vouchers settle the same opening bill.
    if (bill || context.round >= roundsBack) return bill ?? [];
    const { [context.round * 64 + n]: old } = openingBills(side);
    return old ? { ...old, date: addDays(context.booksFrom, -old.daysBefore) } : [];
  });
}

/** The line of a bill's party that settles `part` of the bill, and pays `more` on account. */
function settling(side: Side, bill: EarlierBill, part = bill.value, more = 0n): LedgerEntry {
  const sign = signOf(side);
  const shares: BillShare[] = [
    { kind: 'against', name: bill.name, date: bill.date, value: sign * part },
    ...(more > 0n ? [{ kind: 'on-account', name: '', value: sign * more } as const] : []),
  ];
  return { ...line('party', bill.ledger, sign * (part + more)), bills: shares };
}

const onAccount = (side: Side, party: string, value: bigint): LedgerEntry => ({
  ...line('party', party, signOf(side) * value),
  bills: [{ kind: 'on-account', name: '', value: signOf(side) * value }],
});

const inAdvance = (side: Side, party: string, name: string, value: bigint): LedgerEntry => ({
  ...line('party', party, signOf(side) * value),
  bills: [{ kind: 'advance', name, value: signOf(side) * value }],
});

/** Three fifths of a bill. A later voucher settles the rest. */
const firstPart = ({ value }: EarlierBill): bigint => (value * 3n) / 5n;

const whole = (side: Side, bills: readonly EarlierBill[]): LedgerEntry[] => bills.map((bill) => settling(side, bill));

/** Settles a part of one bill, and the rest of the bill that the same voucher of the last cycle settled in part. */
function inParts(context: RecipeContext, side: Side, n: number): LedgerEntry[] {
  const begun = earlierBills(context, side, { first: n, count: 1, roundsBack: 1 });
  const ended = context.round >= 2 ? earlierBills(context, side, { first: n, count: 1, roundsBack: 2 }) : [];
  return [
    ...begun.map((bill) => settling(side, bill, firstPart(bill))),
    ...ended.map((bill) => settling(side, bill, bill.value - firstPart(bill))),
  ];
}

/** An advance: a third of a customer's bill. A journal later sets the advance off against that bill (`adjustedAdvance`). */
function advance(context: RecipeContext): LedgerEntry[] {
  return earlierBills(context, 'customer', billOfAdvance).map(({ ledger: party, value }) =>
    inAdvance('customer', party, `ADV/${context.round + 1}`, value / 3n),
  );
}

const billOfAdvance = { first: 14, count: 1, roundsBack: 1 };

/**
 * The lines of a journal that sets off the advance of `roundsBack` cycles ago against its bill; none without an
 * advance.
 */
export function adjustedAdvance(context: RecipeContext, roundsBack: number): LedgerEntry[] {
  const paid = context.billOf('receipt', 3, roundsBack);
  const bill = context.billOf('customer', billOfAdvance.first, billOfAdvance.roundsBack + roundsBack);
  if (!paid || !bill) return [];
  const { ledger: party, name, date, value } = paid;
  return [
    { ...line('party', party, -value), bills: [{ kind: 'against', name, date, value: -value }] },
    settling('customer', bill, value),
  ];
}

/** How a receipt settles the bill of an export sale: at the rate of the receipt's day. */
interface ForeignSettlement {
  bill: EarlierBill;
  foreign: bigint;
  symbol: string;
  rate: bigint;
  /** In paise. */
  received: bigint;
}

/**
 * How the export bill of `roundsBack` cycles ago is settled, one cycle after the bill; undefined without such a bill.
 */
export function foreignSettlement(context: RecipeContext, roundsBack: number): ForeignSettlement | undefined {
  const bill = context.billOf('exporter', 0, roundsBack);
  if (!bill?.forex) return undefined;
  const { foreign, symbol, rate } = bill.forex;
  const newRate = rate + BigInt(((context.round - roundsBack) * 37) % 101) - 50n;
  const received = divideRounded(foreign * newRate, 100n);
  return { bill, foreign, symbol, rate: newRate, received };
}

/** The line of the foreign customer, in foreign currency. */
function foreignLine({ bill, foreign, received }: ForeignSettlement): LedgerEntry {
  const share = { kind: 'against', name: bill.name, date: bill.date, value: received, foreign } as const;
  return { ...line('party', bill.ledger, received), foreign, bills: [share] };
}

/**
 * The parties' lines of a receipt. Each receipt of a cycle settles in its own way, the fourth in four ways by turns.
 */
function received(context: RecipeContext, value: bigint): LedgerEntry[] {
  const { random, round, nth } = context;
  const bills = (first: number, count: number, roundsBack: number): EarlierBill[] =>
    earlierBills(context, 'customer', { first, count, roundsBack });
  if (nth === 4) return []; // the fifth receipt settles an export bill, and there is none yet
  switch (nth === 3 ? 3 + (round % 4) : nth) {
    case 0:
      return whole('customer', bills(16, 8, 3));
    case 1:
      return inParts(context, 'customer', 1);
    case 2:
      return whole('customer', bills(24, 12, 2));
    case 3:
      return [onAccount('customer', random.pick(localCustomers).ledger, value)];
    case 4:
      return advance(context);
    case 5:
      return bills(10, 1, 1).map((bill) => settling('customer', bill, bill.value, (value / 100n) * 100n));
    default:
      return whole('customer', bills(11, 3, 1));
  }
}

const withBank = (context: RecipeContext, rows: readonly LedgerEntry[], clearedAfter: number): LedgerEntry => ({
  ...line('other', ledger.bank, -total(rows)),
  flaggedAsParty: true,
  // The bank clears the amount on another day, so a DATE inside the voucher differs from the voucher's own.
  bankDate: addDays(context.date, clearedAfter),
  ...(context.nth === 2 && { transfer: 'e-Fund Transfer' as const }),
});

export const receipt: Recipe = (context) => {
  const foreign = context.nth === 4 ? foreignSettlement(context, 1) : undefined;
  const draft = accounting((_, value) => {
    let rows = foreign ? [foreignLine(foreign)] : received(context, value);
    if (rows.length === 0) rows = [onAccount('customer', context.random.pick(localCustomers).ledger, value)];
    return [...rows, withBank(context, rows, context.random.between(1, 9))];
  })(context);
  // Money that has not come yet is entered as an optional voucher now and then.
  const isExpected = context.nth === 3 && context.round % 16 === 8;
  return {
    ...draft,
    ...(foreign && { forex: { symbol: foreign.symbol, rate: foreign.rate } }),
    ...(isExpected && { optional: true }),
  };
};

function paid(context: RecipeContext, value: bigint): LedgerEntry[] {
  const { random, round, nth } = context;
  const bills = (first: number, count: number, roundsBack: number): EarlierBill[] =>
    earlierBills(context, 'supplier', { first, count, roundsBack });
  switch (nth === 3 ? 3 + (round % 3) : nth) {
    case 0:
      return whole('supplier', bills(0, 1, 1));
    case 1:
      return whole('supplier', bills(2, 4, 3));
    case 2:
      return inParts(context, 'supplier', 1);
    case 3:
      return [inAdvance('supplier', random.pick(suppliers).ledger, `ADV/P/${round + 1}`, value)];
    case 4:
      return [onAccount('supplier', random.pick(suppliers).ledger, value)];
    default:
      return [line('other', ledger.salaryPayable, -value)];
  }
}

export const payment = accounting((context, value) => {
  let rows = paid(context, value);
  if (rows.length === 0) rows = [onAccount('supplier', context.random.pick(suppliers).ledger, value)];
  return [...rows, withBank(context, rows, -context.random.between(1, 9))];
});
