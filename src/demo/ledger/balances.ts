import { addDays, type CalendarDate, type DateRange } from '../../core/base/calendar.js';
import type { Book } from '../book/book.js';
import type { LedgerRow } from '../book/masters/ledgers.js';
import { sumsOf, type Booked } from './monthlySums.js';
import { natureOf } from './natures.js';
import { stockOf } from './stock.js';

/** The ledger that Tally makes itself. Its opening includes the profit of earlier periods. */
export const profitAndLoss = 'Profit & Loss A/c';

/** The balances of a ledger in a period, in paise. As in Tally, a debit is negative. */
export interface Balance extends Booked {
  row: LedgerRow;
  isRevenue: boolean;
  opening: bigint;
  /** The sum of `opening`, `debits` and `credits`. */
  closing: bigint;
}

const before = (day: CalendarDate): DateRange => ({ from: '0001-01-01', to: addDays(day, -1) });

/** The balances of every ledger of a book in a period, in the order of the masters. */
export function balancesOf(book: Book, period: DateRange): Balance[] {
  const earlier = sumsOf(book, before(period.from)).ledgers;
  const booked = sumsOf(book, period).ledgers;
  const net = ({ debits, credits }: Booked): bigint => debits + credits;
  const rows = book.ledgers.map((row): Balance => {
    const isRevenue = natureOf(book, row.parent)?.isRevenue ?? false;
    const { debits, credits } = booked.get(row.name) ?? none;
    // Ledgers of income and expense open at 0. Their earlier sums are profit, in the opening of one ledger (docs/tally.md §9.1).
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

/** How much the value of the stock has grown from the first day of the books to the start of a period. */
function stockGain(book: Book, from: CalendarDate): bigint {
  const stock = stockOf(book, { from, to: from });
  return stock.reduce((sum, { row, opening }) => sum + opening.value - row.opening.value, 0n);
}

/** The sum of the income and expenses of a period. A profit is a credit, so it is positive. */
export const profitOf = (balances: readonly Balance[]): bigint =>
  balances.reduce((sum, { isRevenue, closing }) => (isRevenue ? sum + closing : sum), 0n);
