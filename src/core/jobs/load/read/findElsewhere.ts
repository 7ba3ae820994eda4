import { addDays, dayNumber, type CalendarDate, type DateRange } from '../../../base/calendar.js';
import { yearsOf } from '../chunks.js';
import type { ReadIndex } from './readIndex.js';

/**
 * Looks for invoices that left a range in Tally's lists of the times around it, within `around`: by financial years, the
 * nearest first, until all are found. Yields those that a list has, and undefined for a list that proves nothing.
 */
export async function* findElsewhere(
  invoiceIds: Iterable<string>,
  range: DateRange,
  around: DateRange,
  readYear: (year: DateRange) => Promise<ReadIndex>,
): AsyncGenerator<{ invoiceId: string; date: CalendarDate }[] | undefined> {
  const left = new Set(invoiceIds);
  const years = [
    ...yearsOf({ from: around.from, to: addDays(range.from, -1) }),
    ...yearsOf({ from: addDays(range.to, 1), to: around.to }),
  ];
  const distance = ({ from, to }: DateRange): number =>
    from > range.to ? dayNumber(from) - dayNumber(range.to) : dayNumber(range.from) - dayNumber(to);
  for (const year of years.sort((a, b) => distance(a) - distance(b))) {
    if (left.size === 0) return;
    const { index, offered } = await readYear(year);
    const found = [...left].flatMap((invoiceId) => {
      const date = index.dateOf(invoiceId);
      return date === undefined ? [] : [{ invoiceId, date }];
    });
    for (const { invoiceId } of found) left.delete(invoiceId);
    yield offered ? found : undefined;
  }
}
