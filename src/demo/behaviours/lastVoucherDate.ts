import { addDays, type CalendarDate, type DateRange } from '../../core/base/calendar.js';
import type { Book } from '../book/book.js';

const known = new WeakMap<Book, CalendarDate | null>();

/**
 * The day of the last voucher; null without vouchers. Searches backwards from the end, so that a large book is not generated
 * whole.
 */
export function lastVoucherDate(book: Book): CalendarDate | null {
  let last = known.get(book);
  if (last === undefined) known.set(book, (last = lookedUp(book)));
  return last;
}

function lookedUp(book: Book): CalendarDate | null {
  for (const days of backwards(book.range)) {
    let last = '';
    for (const { date } of book.vouchers(days)) if (date > last) last = date;
    if (last !== '') return last;
  }
  return null;
}

/** Also yields the time outside the book's range: hand-made books may have vouchers there. */
function* backwards({ from, to }: DateRange): Generator<DateRange> {
  yield { from: addDays(to, 1), to: '9999-12-31' };
  let last = to;
  for (let days = 1; last >= from; days *= 2) {
    const first = addDays(last, 1 - days);
    yield { from: first, to: last };
    last = addDays(first, -1);
  }
  yield { from: '0001-01-01', to: last };
}
