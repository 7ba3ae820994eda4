import { addDays, dayNumber, type CalendarDate, type DateRange } from '../../../base/calendar.js';
import { isNotOffered } from '../../../tally/answerErrors.js';
import type { VoucherLists } from '../../../tally/requests/voucherLists.js';
import { isLoaded, type ReadRules } from '../../books/books.js';
import { yearsOf } from '../chunks.js';

/** An invoice, and its date in Tally's list. */
export interface Found {
  invoiceId: string;
  date: CalendarDate;
}

/**
 * Looks for invoices that are no longer in a range: searches Tally's lists of the other days of `around`, by financial
 * years. Begins with the nearest year, and ends when all are found. Yields for each year the invoices that its list
 * has, or undefined if the list proves nothing.
 */
export async function* findElsewhere(
  invoiceIds: Iterable<string>,
  range: DateRange,
  around: DateRange,
  lists: VoucherLists,
  rules: Pick<ReadRules, 'rules' | 'ledgerRules'>,
): AsyncGenerator<Found[] | undefined> {
  const left = new Set(invoiceIds);
  const years = [
    ...yearsOf({ from: around.from, to: addDays(range.from, -1) }),
    ...yearsOf({ from: addDays(range.to, 1), to: around.to }),
  ];
  const distance = ({ from, to }: DateRange): number =>
    from > range.to ? dayNumber(from) - dayNumber(range.to) : dayNumber(range.from) - dayNumber(to);
  for (const year of years.sort((a, b) => distance(a) - distance(b))) {
    if (left.size === 0) return;
    const found = await findIn(lists, year, left, rules);
    for (const { invoiceId } of found ?? []) left.delete(invoiceId);
    yield found;
  }
}

/** The wanted invoices that Tally lists in a year; undefined if its list proves nothing. */
async function findIn(
  lists: VoucherLists,
  year: DateRange,
  wanted: ReadonlySet<string>,
  rules: Pick<ReadRules, 'rules' | 'ledgerRules'>,
): Promise<Found[] | undefined> {
  const found = new Map<string, CalendarDate>();
  try {
    const { isWhole } = await lists.list(year, (vouchers) => {
      for (const { guid, date, voucherType, isDeleted } of vouchers) {
        if (isDeleted || date < year.from || date > year.to || !wanted.has(guid) || found.has(guid)) continue;
        if (isLoaded(rules, voucherType)) found.set(guid, date);
      }
    });
    if (!isWhole) return undefined;
  } catch (error) {
    if (!isNotOffered(error)) throw error;
    return undefined;
  }
  return [...found].map(([invoiceId, date]) => ({ invoiceId, date }));
}
