import { t } from '@vscode/l10n';
import type { CalendarDate, DateRange } from '../../../core/base/calendar.js';
import type { WarehouseDay } from '../../../core/core.js';
import { dayCount, invoiceCount } from '../../../core/base/countWords.js';
import { formatCount, formatRupees } from '../../../core/base/format.js';
import { longDate, partName } from '../../language/language.js';
import { netNames, sides, typeNames } from '../web/typeNames.js';
import { type Figures, invoiceTypes, sideOf, type Sum, sumOf } from './figures.js';
import { lengthOf } from './span.js';
import { daysIn, type DaysByDate, type DayState, differs, stateOf, type Year } from './years.js';

/** `12 April 2024`. */
export const dayName = longDate;

/** `April 2024`. */
export const monthName = (date: CalendarDate): string => partName(date, 'month');

/** Monday first. */
export const weekdayNames = (part: 'weekday' | 'shortWeekday'): string[] =>
  Array.from({ length: 7 }, (_, i) => partName(`2024-01-0${i + 1}`, part)); // the 1st was a Monday

const stateWords: Record<DayState, () => string> = {
  future: () => t('not yet'),
  never: () => t('never loaded'),
  unproven: () => t('loaded, not proven'),
  proven: () => t('loaded'),
};

/** `14 invoices, net sales ₹1,23,456.00, net purchases ₹12,000.00`; a side without an invoice is left out. */
export const figuresText = (figures: Figures): string =>
  [
    invoiceCount(figures.invoices),
    ...netLines(figures).map(([label, value]) => t('{label} {value}', { label: label(), value })),
  ].join(', ');

/** The net figure of each side that has an invoice. */
const netLines = ({ net }: Figures): [label: () => string, value: string][] =>
  sides.filter((side) => net[side].invoices > 0).map((side) => [netNames[side].within, formatRupees(net[side].value)]);

/** `loaded`, `never loaded`, `loaded, 2 invoices differ from Tally`. */
export function stateText(date: CalendarDate, day: WarehouseDay | undefined, today: CalendarDate): string {
  const state = stateWords[stateOf(date, day, today)]();
  if (day?.differences === 0) return t('{state}, the same as in Tally', { state });
  if (!differs(day)) return state;
  const { differences } = day!;
  return differences === 1
    ? t('{state}, 1 invoice differs from Tally', { state })
    : t('{state}, {count} invoices differ from Tally', { state, count: formatCount(differences!) });
}

/** `12 April 2024, 14 invoices, net sales ₹1,23,456.00, loaded`. */
export function dayText(date: CalendarDate, day: WarehouseDay | undefined, today: CalendarDate): string {
  const figures = day?.loaded ? [figuresText(sumOf([day]))] : [];
  return [dayName(date), ...figures, stateText(date, day, today)].join(', ');
}

/** The lines beneath the date in the tip of a day: a label and a figure each. */
export const dayLines = (day: WarehouseDay | undefined): [label: string, figure: string][] =>
  day?.loaded ? [...figureLines(sumOf([day])), ...voucherLine(day)] : [];

/** The number of vouchers of every type, if the day was loaded with the ledger. */
const voucherLine = ({ vouchers }: WarehouseDay): [label: string, figure: string][] =>
  vouchers === null ? [] : [[t('Vouchers of every type'), formatCount(vouchers)]];

/** A line for each type with invoices, then the net figure of each side with two types. Without invoices, a line with 0. */
export function figureLines(figures: Figures): [label: string, figure: string][] {
  const types = invoiceTypes.filter((type) => figures.byType[type].invoices > 0);
  const line = (label: string, { invoices, value }: Sum): [string, string] => [
    label,
    `${formatCount(invoices)} · ${formatRupees(value)}`,
  ];
  const mixed = sides.filter((side) => types.filter((type) => sideOf[type] === side).length > 1);
  return [
    ...types.map((type) => line(typeNames[type](), figures.byType[type])),
    ...mixed.map((side) => line(netNames[side].title(), figures.net[side])),
    ...(types.length === 0 ? [[t('Invoices'), formatCount(0)] satisfies [string, string]] : []),
  ];
}

/** Counts the days of a range by their state. `never`: days up to today that were never loaded. */
export function countDays(range: DateRange, days: DaysByDate, today: CalendarDate) {
  const past = range.to > today ? { from: range.from, to: today } : range;
  let [loaded, loadedPast, unproven, different, withLedger] = [0, 0, 0, 0, 0];
  for (const day of daysIn(range, days)) {
    if (differs(day)) different++;
    if (!day.loaded) continue;
    loaded++;
    if (day.date <= today) loadedPast++;
    if (!day.proven) unproven++;
    if (day.vouchers !== null) withLedger++;
  }
  // If no day has the ledger, only invoices are loaded, and no day lacks the ledger.
  const withoutLedger = withLedger === 0 ? 0 : loaded - withLedger;
  return { loaded, unproven, different, withoutLedger, never: Math.max(0, lengthOf(past) - loadedPast) };
}

/** `8,431 invoices, net sales ₹12,34,567.89 · 2 days differ from Tally · 12 days never loaded`. */
export function rangeSummary(range: DateRange, days: DaysByDate, today: CalendarDate): string {
  const { loaded, unproven, different, withoutLedger, never } = countDays(range, days, today);
  const neverText = loaded === 0 ? t('never loaded') : t('{days} never loaded', { days: dayCount(never) });
  return [
    ...(loaded > 0 ? [figuresText(sumOf(daysIn(range, days)))] : []),
    ...(different === 1 ? [t('1 day differs from Tally')] : []),
    ...(different > 1 ? [t('{count} days differ from Tally', { count: formatCount(different) })] : []),
    ...(never > 0 ? [neverText] : []),
    ...(unproven > 0 ? [t('{days} not proven', { days: dayCount(unproven) })] : []),
    ...(withoutLedger > 0 ? [t('{days} without the ledger', { days: dayCount(withoutLedger) })] : []),
  ].join(' · ');
}

/** `12 April 2024`, `12 April 2024 to 3 May 2024, 22 days`. */
export const spanName = (span: DateRange): string =>
  span.from === span.to
    ? dayName(span.from)
    : t('{from} to {to}, {days}', { from: dayName(span.from), to: dayName(span.to), days: dayCount(lengthOf(span)) });

/** The ticks of the bars' axis: `2,000`, `5 L`, `1.5 Cr`. */
export function tickText(tick: number, isValue: boolean): string {
  const size = Math.abs(tick);
  const sign = `${tick < 0 ? '-' : ''}${isValue ? '₹' : ''}`;
  const inUnits = (unit: number): string => `${sign}${Math.round((size / unit) * 100) / 100}`;
  if (size >= 1e7) return t('{number} Cr', { number: inUnits(1e7) });
  if (size >= 1e5) return t('{number} L', { number: inUnits(1e5) });
  return `${sign}${formatCount(Math.round(size * 100) / 100)}`;
}

export const words = {
  title: (company: string | undefined) =>
    company === undefined ? t('Coverage') : t('Coverage of {company}', { company }),
  measure: () => t('Show'),
  measures: { invoices: () => t('Number of invoices'), value: () => t('Value of invoices') },
  yearTitle: ({ name }: Year) => t('Financial year {name}', { name }),
  days: ({ name }: Year) => t('Days of the financial year {name}', { name }),
  table: () => t('Monthly totals as a table'),
  tableOf: ({ name }: Year) => t('Monthly totals of the financial year {name}', { name }),
  month: () => t('Month'),
  notLoaded: () => t('never loaded'),
  whole: () => t('Whole year'),
  legend: () => ({
    label: t('What the squares mean'),
    less: t('Less'),
    more: t('More'),
    none: t('Loaded, no invoice'),
    never: t('Never loaded'),
    unproven: t('Loaded, not proven'),
    different: t('Differs from Tally'),
  }),
  hint: () =>
    t(
      'Click a day, or drag over several, to show their invoices, or to backfill, verify, reload or export them. By keyboard: the arrow keys move, Shift extends, Enter chooses what to do.',
    ),
  actions: () => t('Actions on the chosen days'),
  action: {
    invoices: () => t('Show Invoices'),
    backfill: () => t('Backfill'),
    verify: () => t('Verify'),
    reload: () => t('Reload'),
    export: () => t('Export'),
  },
  clear: () => t('Clear Selection'),
  chosen: (span: string, summary: string) => t('Chosen: {span}. {summary}', { span, summary }),
  nothingChosen: () => t('No day is chosen.'),
  updated: (summary: string) => t('Updated: {summary}', { summary }),
  types: () => t('Invoice types in the bars'),
  empty: () => t('This warehouse is empty: nothing has been loaded into it yet.'),
  emptyDetail: () =>
    t(
      'A backfill loads the invoices of a range of dates from Tally. This view then shows which days are loaded. Without Tally, try the demo company: its books are invented.',
    ),
  emptyOf: (company: string) => t('Nothing of {company} has been loaded yet.', { company }),
  failed: () => t('The warehouse cannot be shown.'),
};
