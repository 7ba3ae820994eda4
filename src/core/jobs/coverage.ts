import { addDays, type CalendarDate, type DateRange } from '../calendar.js';
import { formatCountOf, formatSpan } from '../format.js';
import type { JobResult } from './job.js';
import type { Answered } from './readRange.js';

/** Days without a single voucher of any kind at an end of the range that are still taken for ordinary (holidays). */
const ordinaryGap = 7;

/**
 * How Tally's answer stands to the range, judged by the dates of all its vouchers. Many a Day Book answers for the
 * period on Tally's screen, whatever is asked (tally.md §1.4): "0 invoices, done" would be a lie then.
 */
export type Coverage =
  | { state: 'covered' }
  /** An end of the range stayed without vouchers for longer than holidays explain. */
  | { state: 'partly'; reason: string }
  /** Nothing of the answer lies in the range. */
  | { state: 'nothing'; reason: string; hint: string };

export function judgeCoverage(
  range: DateRange,
  answered: Answered,
  report: JobResult['report'],
  booksFrom?: CalendarDate,
): Coverage {
  const asked = `${range.from} to ${range.to}`;
  if (answered.from === undefined || answered.to === undefined)
    return {
      state: 'nothing',
      reason: `Tally's ${report} for ${asked} held no voucher at all.`,
      hint: `Look in Tally whether this company has vouchers in these dates. If it has, ${otherReport(report)}.`,
    };
  const served = `${answered.from} to ${answered.to}`;
  if (answered.to < range.from || answered.from > range.to)
    return {
      state: 'nothing',
      reason: `Tally answered for ${served} instead of ${asked}: of its ${formatCountOf(answered.vouchers, 'voucher')} none is of the range.`,
      hint: `Some Tally releases answer for the period on their screen: set that period in Tally (Alt+F2) to ${asked}, or ${otherReport(report)}.`,
    };
  // Some Day Books show the day on Tally's screen and nothing else: within the gap that would pass for holidays.
  const oneOfMany = answered.from === answered.to && addDays(range.from, 2) <= range.to;
  if (oneOfMany || answered.from > latestStart(range, booksFrom) || answered.to < addDays(range.to, -ordinaryGap))
    return {
      state: 'partly',
      reason:
        `Tally's answer reaches only from ${served}, not over all of ${asked}. What it held is complete; for the other days nothing is proven. ` +
        `If the books have vouchers there, set the period in Tally (Alt+F2) to ${asked}, or ${otherReport(report)}, and run again.`,
    };
  return { state: 'covered' };
}

/** The same judgement of a file that was exported on Tally's screen, in words that fit it. */
export function inFileWords(coverage: Coverage, range: DateRange, answered: Answered): Coverage {
  if (coverage.state === 'covered') return coverage;
  const asked = formatSpan(range.from, range.to);
  const holds =
    answered.from === undefined || answered.to === undefined
      ? 'The file holds no voucher with a date'
      : `The file holds vouchers of ${formatSpan(answered.from, answered.to)}`;
  const hint = `Export the Day Book for ${asked} (in Tally set the period, Alt+F2, before Alt+E), or give dates that the file holds.`;
  if (coverage.state === 'nothing') return { state: 'nothing', reason: `${holds}, none of ${asked}.`, hint };
  return {
    state: 'partly',
    reason: `${holds}, not of all of ${asked}. What it held was loaded; for the other days nothing is proven. ${hint}`,
  };
}

/** The last date up to which an answer proves that the range was loaded; undefined when its beginning is not proven. */
export function provenUntil(range: DateRange, answered: Answered, booksFrom?: CalendarDate): CalendarDate | undefined {
  if (answered.from === undefined || answered.to === undefined) return undefined;
  if (answered.from > latestStart(range, booksFrom) || answered.to < range.from) return undefined;
  if (answered.from === answered.to && answered.from > range.from) return undefined; // as above
  return answered.to < range.to ? answered.to : range.to;
}

/** The latest day on which an answer for the range may begin: what lies before the company's books cannot be missing. */
function latestStart(range: DateRange, booksFrom: CalendarDate | undefined): CalendarDate {
  return addDays(booksFrom !== undefined && booksFrom > range.from ? booksFrom : range.from, ordinaryGap);
}

const otherReport = (report: JobResult['report']): string =>
  report === 'Day Book'
    ? 'choose the report voucher-register (TALLY_REPORT)'
    : 'choose the report day-book (TALLY_REPORT)';
