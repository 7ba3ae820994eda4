import { addDays, financialYearStart, type CalendarDate, type DateRange } from '../../core/base/calendar.js';
import type { Behaviour } from './behaviour.js';
import type { Book } from '../book/book.js';
import type { TallyRequest } from '../answers/request.js';
import type { Switches } from './switches.js';

/** How an answer treats the dates of its request. */
export type PeriodRule = Switches['dayBook'] | 'current-year';

/** Whether Tally accepts the day as a bound even without a licence: the 1st, 2nd or 31st of a month. */
export const isFreeDay = (date: CalendarDate): boolean => ['01', '02', '31'].includes(date.slice(8));

/** A period without days. */
const nothing: DateRange = { from: '9999-12-31', to: '0001-01-01' };

/** The period of an answer; undefined means the whole book. */
export function periodOf(
  rule: PeriodRule,
  request: TallyRequest,
  book: Book,
  settings: Pick<Behaviour, 'screenPeriod' | 'education'>,
): DateRange | undefined {
  const { education, screenPeriod = lastYear(book) } = settings;
  const isRefused = (date: CalendarDate | null | undefined): boolean =>
    typeof date === 'string' && education !== 'off' && education !== 'hides-days' && !isFreeDay(date);
  switch (rule) {
    case 'everything':
      return undefined;
    case 'screen-period':
      return screenPeriod;
    case 'today':
    case 'current-year': {
      // Only `drops-bounds` drops the current date. For the other values of `education`, only the effect on SVFROMDATE
      // and SVTODATE is documented.
      const day = education === 'drops-bounds' && isRefused(request.currentDate) ? undefined : request.currentDate;
      if (rule === 'current-year') return day ? yearOf(day) : screenPeriod;
      return { from: day ?? book.range.to, to: day ?? book.range.to };
    }
    case 'honours-dates':
      return boundsOf(request, book, education, screenPeriod, isRefused);
  }
}

/**
 * The period of balances. Without SVFROMDATE the period begins on the screen's first day, even if SVTODATE is earlier:
 * the answer is then for that first day alone (docs/tally.md §9.1). If the bounds leave no day, it is the period on the
 * screen.
 */
export function balancePeriodOf(
  rule: 'of-dates' | 'of-screen',
  request: TallyRequest,
  book: Book,
  settings: Pick<Behaviour, 'screenPeriod' | 'education'>,
): DateRange {
  const { screenPeriod = lastYear(book) } = settings;
  if (rule === 'of-screen') return screenPeriod;
  const { from, to } = periodOf('honours-dates', request, book, settings) ?? screenPeriod;
  if (request.from === undefined && to < from) return { from, to: from };
  return from <= to ? { from, to } : screenPeriod;
}

/**
 * The period between the bounds of a request. A missing bound is that of the period on the screen. A bound that was not
 * a valid day does not limit. The switch `education` decides the effect of a refused bound.
 */
function boundsOf(
  { from, to }: TallyRequest,
  book: Book,
  education: Switches['education'],
  screenPeriod: DateRange,
  isRefused: (date: CalendarDate | null | undefined) => boolean,
): DateRange {
  if (isRefused(from) && education !== 'drops-bounds') {
    return education === 'from-shows-nothing' ? nothing : screenPeriod;
  }
  const earliest = addDays(book.range.from, -36_500);
  const latest = education === 'to-ends-with-screen' ? screenPeriod.to : addDays(book.range.to, 36_500);
  const first = from === undefined ? screenPeriod.from : from;
  const last = to === undefined ? screenPeriod.to : to;
  return {
    from: first === null || isRefused(first) ? earliest : first,
    to: isRefused(last) ? latest : (last ?? addDays(book.range.to, 36_500)),
  };
}

function lastYear({ range }: Book): DateRange {
  const yearStart = financialYearStart(range.to);
  return { from: yearStart < range.from ? range.from : yearStart, to: range.to };
}

function yearOf(date: CalendarDate): DateRange {
  const from = financialYearStart(date);
  return { from, to: `${Number(from.slice(0, 4)) + 1}-03-31` };
}
