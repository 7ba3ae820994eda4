import { addDays, earlier, later, type CalendarDate, type DateRange } from '../../../base/calendar.js';
import type { VoucherReport } from '../../../tally/requests/requests.js';
import type { CoverageRemark, NothingCovered } from '../../remark.js';

/** So many days without any voucher, at an end of the range, are still ordinary: they may be holidays. */
const ordinaryGap = 7;

/** A summary of all answers of Tally in a run. */
export interface Answered {
  vouchers: number;
  from: CalendarDate | undefined;
  to: CalendarDate | undefined;
}

/**
 * How well Tally's answers cover the range, judged by the dates of all their vouchers. Many a Day Book answers for the period
 * on Tally's screen, whatever is requested (docs/tally.md §1.4). The message "0 invoices, done" would then be wrong.
 */
export type Coverage =
  | { state: 'covered' }
  /**
   * An end of the range has no vouchers for longer than holidays explain, or all vouchers are of one day of a longer range.
   */
  | { state: 'partly'; remark: Exclude<CoverageRemark, NothingCovered> }
  /** No voucher of the answers lies in the range. */
  | { state: 'nothing'; remark: NothingCovered };

export function judgeCoverage(
  asked: DateRange,
  answered: Answered,
  report: VoucherReport,
  booksFrom?: CalendarDate,
): Coverage {
  const { vouchers, from, to } = answered;
  if (from === undefined || to === undefined)
    return { state: 'nothing', remark: { code: 'nothing-answered', report, asked } };
  const served = { from, to };
  if (to < asked.from || from > asked.to)
    return { state: 'nothing', remark: { code: 'other-period', report, served, asked, vouchers } };
  // Some Day Books show only the day on Tally's screen. In a short range the other days would look like holidays.
  const oneOfMany = from === to && addDays(asked.from, 2) <= asked.to;
  if (oneOfMany || from > latestStart(asked, booksFrom) || to < addDays(asked.to, -ordinaryGap))
    return { state: 'partly', remark: { code: 'partly-answered', served, asked, report } };
  return { state: 'covered' };
}

/** The coverage for files that were exported on Tally's screen. `spans` are the spans of their dates. */
export function coverageOfFiles(
  coverage: Coverage,
  asked: DateRange,
  { from, to }: Answered,
  spans: readonly DateRange[] = [],
): Coverage {
  if (coverage.state === 'covered') {
    const gap = gapBetween(spans, asked);
    return gap === undefined ? coverage : { state: 'partly', remark: { code: 'gap-between-files', gap } };
  }
  if (from === undefined || to === undefined)
    return { state: 'nothing', remark: { code: 'file-without-dates', asked } };
  const held = { from, to };
  return coverage.state === 'nothing'
    ? { state: 'nothing', remark: { code: 'file-of-other-days', held, asked } }
    : { state: 'partly', remark: { code: 'file-partly', held, asked } };
}

/** Whether `from` is close enough to the start of the books: the first days of the books may be holidays. */
export const isStartOfBooks = (from: CalendarDate, booksFrom: CalendarDate | undefined): boolean =>
  booksFrom !== undefined && from <= addDays(booksFrom, ordinaryGap);

/** The first gap of the range between two files that is longer than holidays explain. */
function gapBetween(spans: readonly DateRange[], range: DateRange): DateRange | undefined {
  const sorted = [...spans].sort((a, b) => (a.from < b.from ? -1 : 1));
  let reached = sorted[0]?.to ?? range.to;
  for (const { from, to } of sorted) {
    const gap = { from: later(addDays(reached, 1), range.from), to: earlier(addDays(from, -1), range.to) };
    if (gap.to > addDays(gap.from, ordinaryGap - 1)) return gap;
    if (to > reached) reached = to;
  }
  return undefined;
}

/** The last date up to which an answer proves that the range was loaded; undefined if the start of the range is not proven. */
export function provenUntil(range: DateRange, answered: Answered, booksFrom?: CalendarDate): CalendarDate | undefined {
  if (answered.from === undefined || answered.to === undefined) return undefined;
  if (answered.from > latestStart(range, booksFrom) || answered.to < range.from) return undefined;
  if (answered.from === answered.to && answered.from > range.from) return undefined; // one day of many, as in judgeCoverage
  return answered.to < range.to ? answered.to : range.to;
}

/** The latest day on which an answer for the range may begin. Days before the company's books cannot be missing. */
function latestStart(range: DateRange, booksFrom: CalendarDate | undefined): CalendarDate {
  return addDays(booksFrom !== undefined && booksFrom > range.from ? booksFrom : range.from, ordinaryGap);
}
