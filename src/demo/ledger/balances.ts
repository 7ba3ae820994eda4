import { addDays, type CalendarDate, type DateRange } from '../../core/base/calendar.js';
import type { Book } from '../book/book.js';
import type { LedgerRow } from '../book/masters/ledgers.js';
import { sumsOf, type Booked } from './monthlySums.js';
import { natureOf } from './natures.js';
import { stockOf } from './stock.js';

/** The ledger that Tally makes itself, on which the profit of earlier periods stands. */
export const profitAndLoss = 'Profit & Loss A/c';

/** A ledger in a period, in paise with Tally's sign: a debit is negative. */
export interface Balance extends Booked {
  row: LedgerRow;
  isRevenue: boolean;
  opening: bigint;
  /** `opening`, `debits` and `credits` added up. */
  closing: bigint;
}

const before = (day: CalendarDate): DateRange => ({ from: '0001-01-01', to: addDays(day, -1) });

/** Every ledger of a book in a period, in the order of the masters. */
export function balancesOf(book: Book, period: DateRange): Balance[] {
  const earlier = sumsOf(book, before(period.from)).ledgers;
  const booked = sumsOf(book, period).ledgers;
  const net = ({ debits, credits }: Booked): bigint => debits + credits;
  const rows = book.ledgers.map((row): Balance => {
    const isRevenue = natureOf(book, row.parent)?.isRevenue ?? false;
    const { debits, credits } = booked.get(row.name) ?? none;
    // What income and expenses came to before the period is profit of earlier times, and stands on one ledger.
    const opening = isRevenue ? 0n : (row.opening ?? 0n) + net(earlier.get(row.name) ?? none);
    return { row, isRevenue, opening, debits, credits, closing: opening + debits + credits };
  });
  const profit = rows.reduce(
    (sum, { row, isRevenue }) => (isRevenue ? sum + (row.opening ?? 0n) + net(earlier.get(row.name) ?? none) : sum),
    stockGain(book, period.from),
  );
  return rows.map((balance) =>
    balance.row.name === profitAndLoss
      ? { ...balance, opening: balance.opening + profit, closing: balance.closing + profit }
      : balance,
  );
}

const none: Booked = { debits: 0n, credits: 0n };

/** By how much the stock at the start of a period is worth more than when the books began. */
function stockGain(book: Book, from: CalendarDate): bigint {
  const stock = stockOf(book, { from, to: from });
  return stock.reduce((sum, { row, opening }) => sum + opening.value - row.opening.value, 0n);
}

/** What income and expenses of a period come to; a profit is a credit. */
export const profitOf = (balances: readonly Balance[]): bigint =>
  balances.reduce((sum, { isRevenue, closing }) => (isRevenue ? sum + closing : sum), 0n);
