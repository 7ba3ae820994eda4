import { addDays, type CalendarDate } from '../../core/base/calendar.js';
import type { Book } from './book.js';

/**
 * Splits a company at a day, in Tally the start of a financial year, into two companies with one GUID. The earlier one
 * keeps the old name. The later one gets `laterName`, which in Tally ends with a date (docs/tally.md §2). Each has only
 * its own vouchers.
 */
export function splitAt(book: Book, from: CalendarDate, laterName: string): [earlier: Book, later: Book] {
  const part = (companyName: string, companyNumber: string, range: Book['range']): Book => ({
    ...book,
    companyName,
    companyNumber,
    range,
    vouchers: (asked = range) =>
      book.vouchers({
        from: asked.from > range.from ? asked.from : range.from,
        to: asked.to < range.to ? asked.to : range.to,
      }),
  });
  return [
    part(book.companyName, '10000', { from: book.range.from, to: addDays(from, -1) }),
    part(laterName, '10001', { from, to: book.range.to }),
  ];
}
