import { t } from '@vscode/l10n';
import { dayNumber, type CalendarDate, type DateRange } from '../base/calendar.js';
import { dateText, dayCount, invoiceCount, rangeText, timeText, voucherCount } from '../base/countWords.js';
import { formatCount, formatDuration, formatRupees, paiseOf } from '../base/format.js';
import { typeOrder } from '../invoice/invoice.js';
import { describeDifference } from './describeDifference.js';
import { balancesDiffer, describeBalances, reloadRanges } from './describeBalances.js';
import { describeAnswer } from './describeResult.js';
import { alignTable, columns, underlined, wrapWords } from './describeTable.js';
import { typeTitle } from './describeTotals.js';
import type { Difference, VerifiedDay, VerifyResult } from '../jobs/job.js';

export interface ComparisonText {
  /** The result of the comparison, in one or two sentences. */
  found: string;
  /** Rejects, warnings and other problems, one text each. */
  concerns: string[];
  /** The whole report, as a document to read and to keep; ends with a line break. */
  text: string;
  /** The days that differ, oldest first. `line` is the index of the day's heading among the lines of `text`, from 0. */
  days: { date: CalendarDate; line: number }[];
  /** The ranges to clear and reload, because of ledgers, bills, stock or unbalanced vouchers; see reloadRanges. */
  reload: DateRange[];
}

/**
 * Describes a comparison with the warehouse `place`, then each day that differs. `at` is the time of the comparison, as ISO
 * 8601. `remedy` says how to fix a day, in VS Code or on the command line.
 */
export function describeComparison(result: VerifyResult, place: string, at: string, remedy: string): ComparisonText {
  const dates = [...new Set(result.days.filter(({ differences }) => differences > 0).map(({ date }) => date))].sort();
  const found = [describeFound(result, place, dates.length), ...describeWay(result)].join(' ');
  const concerns = describeConcerns(result);
  const lines = [
    t('Comparison of Tally with the warehouse, {range}', { range: rangeText(result) }),
    '',
    ...[
      found,
      ...(result.notByTotals === undefined ? [] : [result.notByTotals]),
      ...(result.openingsNotCompared === undefined ? [] : [result.openingsNotCompared]),
      ...concerns,
      ...notListed(result),
      ...(dates.length > 0 ? [remedy] : []),
    ].flatMap((text) => wrapWords(text, columns)),
    '',
    t('Compared on {time}, in {duration}', {
      time: timeText(new Date(at)),
      duration: formatDuration(result.durationMs),
    }),
    ...(readsNothing(result) ? [] : wrapWords(describeAnswer(result), columns)),
    ...(result.days.length > 0 ? ['', ...totals(result.days, true)] : []),
    ...describeBalances(result),
  ];
  const days = dates.map((date) => {
    lines.push('', '');
    const line = lines.length;
    lines.push(...describeDay(date, result));
    return { date, line };
  });
  return { found, concerns, text: `${lines.join('\n')}\n`, days, reload: reloadRanges(result) };
}

const countOf = ({ differences }: VerifyResult): number =>
  differences.missingHere + differences.different + differences.goneInTally;

function describeFound(result: VerifyResult, place: string, days: number): string {
  const { invoices, notProven, differences } = result;
  const of = { company: result.company.name, place, range: rangeText(result) };
  const all = countOf(result);
  if (all > 0) {
    const args = { ...of, count: formatCount(all), days: dayCount(days), kinds: countKinds(differences) };
    return all === 1
      ? t('1 invoice of {company} differs between Tally and {place} on {days} of {range}: {kinds}.', args)
      : t('{count} invoices of {company} differ between Tally and {place} on {days} of {range}: {kinds}.', args);
  }
  if (invoices.tally === 0 && invoices.warehouse === 0)
    return t('Neither Tally nor {place} has an invoice of {company}, {range}.', of);
  const args = { ...of, invoices: invoiceCount(invoices.tally) };
  if (notProven === null && daysByTotals(result) > 0)
    return t('Ids and totals agree in Tally and {place}: {invoices} of {company}, {range}.', args);
  return notProven === null
    ? t('Tally and {place} agree: {invoices} of {company}, {range}.', args)
    : t('No difference between Tally and {place} was found in {invoices} of {company}, {range}.', args);
}

/** A comparison by totals proves less than one of fields, and says so. */
function describeWay(result: VerifyResult): string[] {
  const days = daysByTotals(result);
  return days === 0
    ? []
    : [t('Compared by ids and totals by day and type, not field by field: {days}.', { days: dayCount(days) })];
}

const daysByTotals = ({ byTotals = [] }: VerifyResult): number =>
  byTotals.reduce((sum, { from, to }) => sum + dayNumber(to) - dayNumber(from) + 1, 0);

/** Whether totals were compared and no voucher was read from a report, so that there is no answer to describe. */
const readsNothing = (result: VerifyResult): boolean => result.answered.vouchers === 0 && daysByTotals(result) > 0;

function countKinds({ missingHere, different, goneInTally }: VerifyResult['differences']): string {
  const counts = [
    ...(missingHere > 0 ? [t('{count} missing in the warehouse', { count: formatCount(missingHere) })] : []),
    ...(different > 0 ? [t('{count} different', { count: formatCount(different) })] : []),
    ...(goneInTally > 0 ? [t('{count} gone in Tally', { count: formatCount(goneInTally) })] : []),
  ];
  return counts.join(', ');
}

function describeConcerns(result: VerifyResult): string[] {
  const { invoices, rejected, warnings, notProven } = result;
  return [
    ...(invoices.tally === 0 && notProven === null
      ? [t('Tally has no invoice there: check the dates, and that the right company is chosen.')]
      : []),
    ...(rejected > 0
      ? [t('Could not be read and not compared: {vouchers}.', { vouchers: voucherCount(rejected) })]
      : []),
    ...balancesDiffer(result),
    ...warnings,
    ...(notProven === null ? [] : [t('Not proven: {reason}', { reason: notProven })]),
  ];
}

function notListed(result: VerifyResult): string[] {
  const [all, listed] = [countOf(result), result.listed.length];
  return listed < all
    ? [t('Listed here are the first {count}; the totals count all of them.', { count: formatCount(listed) })]
    : [];
}

/** A row for each invoice type that either side has, Tally on the left. `withAll`: and a row for all types together. */
function totals(days: readonly VerifiedDay[], withAll: boolean): string[] {
  const rows = typeOrder
    .map((type) => ({ title: typeTitle(type), days: days.filter(({ invoiceType }) => invoiceType === type) }))
    .filter((row) => row.days.length > 0)
    .map((row) => cells(row.title, sumOf(row.days)));
  const all = sumOf(days);
  // Only counts: a sum of sales and purchases would mean nothing.
  const last = [t('All types'), formatCount(all.tally.invoices), '', formatCount(all.warehouse.invoices)];
  return alignTable(
    [
      [t('Type'), t('In Tally'), t('Value'), t('In the warehouse'), t('Value'), t('Difference')],
      ...rows,
      ...(withAll && rows.length > 1 ? [last] : []),
    ],
    ['left', 'right', 'right', 'right', 'right', 'right'],
  );
}

const cells = (title: string, { tally, warehouse }: ReturnType<typeof sumOf>): string[] => [
  title,
  formatCount(tally.invoices),
  formatRupees(tally.total),
  formatCount(warehouse.invoices),
  formatRupees(warehouse.total),
  formatRupees(tally.total - warehouse.total),
];

function sumOf(days: readonly VerifiedDay[]) {
  const sum = { tally: { invoices: 0, total: 0n }, warehouse: { invoices: 0, total: 0n } };
  for (const day of days)
    for (const side of ['tally', 'warehouse'] as const) {
      sum[side].invoices += day[side].invoices;
      sum[side].total += paiseOf(day[side].total);
    }
  return sum;
}

const kinds: [Difference['kind'], () => string][] = [
  ['missing-here', () => t('Missing in the warehouse')],
  ['different', () => t('Different')],
  ['gone-in-tally', () => t('Gone in Tally (deleted there, or no invoice any more): only the warehouse has it')],
];

function describeDay(date: CalendarDate, { days, listed }: VerifyResult): string[] {
  const ofDay = days.filter((day) => day.date === date);
  const all = ofDay.reduce((sum, { differences }) => sum + differences, 0);
  const shown = listed.filter((difference) => datesOf(difference).includes(date));
  const more = all - shown.length;
  return [
    ...underlined(
      all === 1
        ? t('{date}: 1 invoice differs', { date: dateText(date) })
        : t('{date}: {count} invoices differ', { date: dateText(date), count: formatCount(all) }),
    ),
    ...totals(ofDay, false),
    ...kinds.flatMap(([kind, words]) => {
      const some = shown.filter((difference) => difference.kind === kind);
      return some.length === 0 ? [] : ['', words(), ...some.flatMap((one) => describeDifference(one, date))];
    }),
    ...(more === 1 ? ['', t('… and 1 more that is not listed')] : []),
    ...(more > 1 ? ['', t('… and {count} more that are not listed', { count: formatCount(more) })] : []),
  ];
}

/** The days under which a difference is listed: a re-dated invoice under its date in Tally and its date in the warehouse. */
function datesOf({ date, fields }: Difference): string[] {
  const before = fields.find(({ field }) => field === 'date')?.warehouse;
  return before === null || before === undefined ? [date] : [date, before];
}
