import { t } from '@vscode/l10n';
import { addDays, earlier, later, type CalendarDate, type DateRange } from '../../base/calendar.js';
import { rangeText, voucherCount } from '../../base/countWords.js';
import type { JobResult } from '../job.js';

/** Days without a single voucher of any kind at an end of the range that are still taken for ordinary (holidays). */
const ordinaryGap = 7;

/** All of Tally's answers to a run together. */
export interface Answered {
  vouchers: number;
  from: CalendarDate | undefined;
  to: CalendarDate | undefined;
}

/**
 * How Tally's answer stands to the range, judged by the dates of all its vouchers. Many a Day Book answers for the
 * period on Tally's screen, whatever is asked (docs/tally.md §1.4): "0 invoices, done" would be a lie then.
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
  const asked = spanText(range.from, range.to);
  const other = otherReport(report);
  if (answered.from === undefined || answered.to === undefined)
    return {
      state: 'nothing',
      reason: t("Tally's {report} for {asked} held no voucher at all.", { report, asked }),
      hint: t(
        'Look in Tally whether this company has vouchers in these dates. If it has, choose the report {other} (TALLY_REPORT).',
        { other },
      ),
    };
  const served = spanText(answered.from, answered.to);
  if (answered.to < range.from || answered.from > range.to)
    return {
      state: 'nothing',
      reason: t('Tally answered for {served} instead of {asked}: of its {vouchers} none is of the range.', {
        ...{ served, asked },
        vouchers: voucherCount(answered.vouchers),
      }),
      hint: t(
        'Some Tally releases answer for the period on their screen: set that period in Tally (Alt+F2) to {asked}, or choose the report {other} (TALLY_REPORT).',
        { asked, other },
      ),
    };
  // Some Day Books show the day on Tally's screen and nothing else: within the gap that would pass for holidays.
  const oneOfMany = answered.from === answered.to && addDays(range.from, 2) <= range.to;
  if (oneOfMany || answered.from > latestStart(range, booksFrom) || answered.to < addDays(range.to, -ordinaryGap))
    return {
      state: 'partly',
      reason: t(
        "Tally's answer reaches only from {served}, not over all of {asked}. What it held is complete; for the other days nothing is proven. If the books have vouchers there, set the period in Tally (Alt+F2) to {asked}, or choose the report {other} (TALLY_REPORT), and run again.",
        { served, asked, other },
      ),
    };
  return { state: 'covered' };
}

/** The same judgement of a file that was exported on Tally's screen, in words that fit it. */
export function inFileWords(
  coverage: Coverage,
  range: DateRange,
  answered: Answered,
  spans: readonly DateRange[] = [],
): Coverage {
  const asked = rangeText(range);
  if (coverage.state === 'covered') {
    const gap = gapBetween(spans, range);
    if (gap === undefined) return coverage;
    return {
      state: 'partly',
      reason: t(
        'None of the files holds a voucher of {gap}. What they held was loaded; for these days nothing is proven. Export the Day Book of these days too.',
        { gap: rangeText(gap) },
      ),
    };
  }
  const hint = t(
    'Export the Day Book for {asked} (in Tally set the period, Alt+F2, before Alt+E), or give dates that the file holds.',
    { asked },
  );
  if (answered.from === undefined || answered.to === undefined)
    return { state: 'nothing', reason: t('The file holds no voucher with a date, none of {asked}.', { asked }), hint };
  const held = rangeText({ from: answered.from, to: answered.to });
  if (coverage.state === 'nothing')
    return {
      state: 'nothing',
      reason: t('The file holds vouchers of {held}, none of {asked}.', { held, asked }),
      hint,
    };
  const partly = t(
    'The file holds vouchers of {held}, not of all of {asked}. What it held was loaded; for the other days nothing is proven.',
    { held, asked },
  );
  return { state: 'partly', reason: `${partly} ${hint}` };
}

/** Whether vouchers that begin on this day begin with the books: in the first days there are holidays. */
export const isStartOfBooks = (from: CalendarDate, booksFrom: CalendarDate | undefined): boolean =>
  booksFrom !== undefined && from <= addDays(booksFrom, ordinaryGap);

/** The first days of the range between one file and the next that are more than holidays explain. */
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

/** As the setting names it. */
const otherReport = (report: JobResult['report']): string => (report === 'Day Book' ? 'voucher-register' : 'day-book');

/** Both ends, also of a single day: what was asked and what came stand beside each other. */
const spanText = (from: CalendarDate, to: CalendarDate): string => t('{from} to {to}', { from, to });
