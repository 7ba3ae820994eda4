import type { CalendarDate, DateRange } from '../../core/base/calendar.js';
import type { Book } from '../book/book.js';
import { tallyAmount } from '../book/voucher.js';
import { countingOf } from './inTheBooks.js';

/** The amounts of a ledger in foreign currency, in hundredths of the currency. As in Tally, a debit is negative. */
export interface ForeignSums {
  opening: bigint;
  debits: bigint;
  credits: bigint;
  /** The symbol of the currency. */
  symbol: string;
  /** The rate in the latest voucher. Tally values every amount at that rate (docs/tally.md §9.1). */
  rate: bigint;
}

/**
 * The sums of each ledger that has amounts in foreign currency up to the end of a period. All foreign amounts of the
 * demo are in one currency, whatever its symbol, so they are added up.
 */
export function foreignSumsOf(book: Book, { from, to }: DateRange): Map<string, ForeignSums> {
  const sums = new Map<string, ForeignSums>();
  const { onLedgers } = countingOf(book);
  const all: DateRange = { from: '0001-01-01', to };
  for (const voucher of book.vouchers(all)) {
    const { forex } = voucher;
    if (!forex || !onLedgers(voucher)) continue;
    for (const entry of voucher.entries) {
      if (entry.foreign === undefined || entry.ledger === '') continue;
      const known = sums.get(entry.ledger) ?? { opening: 0n, debits: 0n, credits: 0n };
      const amount = tallyAmount(voucher, entry, entry.foreign);
      const part = sideOf(amount, voucher.date, from);
      sums.set(entry.ledger, { ...known, [part]: known[part] + amount, ...forex });
    }
  }
  return sums;
}

const sideOf = (amount: bigint, date: CalendarDate, from: CalendarDate): 'opening' | 'debits' | 'credits' =>
  date < from ? 'opening' : amount < 0n ? 'debits' : 'credits';
