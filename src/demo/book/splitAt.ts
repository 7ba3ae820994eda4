import { addDays, type CalendarDate } from '../../core/base/calendar.js';
import type { Book } from './book.js';

/**
 * A company split at the start of a financial year: two companies under one GUID, the earlier one under its old name, the
 * later one with the date behind its name (docs/tally.md §2). Each knows its own vouchers only.
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
