// What the coverage view says.
import type { CalendarDate, DateRange } from '../../../core/calendar.js';
import type { InvoiceType, WarehouseDay } from '../../../core/core.js';
import { formatCount, formatCountOf, formatRupees } from '../../../core/format.js';
import { type Figures, invoiceTypes, type Sum, sumOf } from './figures.js';
import { lengthOf } from './span.js';
import { daysIn, type DaysByDate, type DayState, differs, stateOf, type Year } from './years.js';

const months = 'January February March April May June July August September October November December'.split(' ');

/** `12 April 2024`. */
export const dayName = (date: CalendarDate): string =>
  `${Number(date.slice(8))} ${months[Number(date.slice(5, 7)) - 1]!} ${date.slice(0, 4)}`;

/** `April 2024`. */
export const monthName = (date: CalendarDate): string => dayName(date).replace(/^\d+ /, '');
export const shortMonths = months.map((name) => name.slice(0, 3));
export const weekdays = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');

export const typeNames: Record<InvoiceType, string> = {
  sales: 'Sales',
  purchase: 'Purchases',
  credit_note: 'Credit notes',
  debit_note: 'Debit notes',
};

const stateWords: Record<DayState, string> = {
  future: 'not yet',
  never: 'never loaded',
  unproven: 'loaded, not proven',
  proven: 'loaded',
};

export const sumText = ({ invoices, value }: Sum): string =>
  `${formatCountOf(invoices, 'invoice')}, ${formatRupees(value)}`;

/** `loaded`, `never loaded`, `loaded, 2 invoices differ from Tally`. */
export function stateText(date: CalendarDate, day: WarehouseDay | undefined, today: CalendarDate): string {
  const state = stateWords[stateOf(date, day, today)];
  if (day?.differences === 0) return `${state}, the same as in Tally`;
  if (!differs(day)) return state;
  const { differences } = day!;
  return `${state}, ${formatCountOf(differences!, 'invoice')} ${differences === 1 ? 'differs' : 'differ'} from Tally`;
}

/** `12 April 2024, 14 invoices, ₹1,23,456.00, loaded`. */
export function dayText(date: CalendarDate, day: WarehouseDay | undefined, today: CalendarDate): string {
  const figures = day?.loaded ? [sumText(sumOf([day]))] : [];
  return [dayName(date), ...figures, stateText(date, day, today)].join(', ');
}

/** The lines beneath the date in the tip of a day: a label and a figure each. */
export function dayLines(day: WarehouseDay | undefined): [label: string, figure: string][] {
  return day?.loaded ? figureLines(sumOf([day])) : [];
}

/** A line for each type that is there, then the whole where there are several. */
export function figureLines(figures: Figures): [label: string, figure: string][] {
  const types = invoiceTypes.filter((type) => figures.byType[type].invoices > 0);
  const line = (label: string, { invoices, value }: Sum): [string, string] => [
    label,
    `${formatCount(invoices)} · ${formatRupees(value)}`,
  ];
  return [
    ...types.map((type) => line(typeNames[type], figures.byType[type])),
    ...(types.length === 1 ? [] : [line('Invoices', figures)]),
  ];
}

/** How many days of a range are how. */
export function countDays(range: DateRange, days: DaysByDate, today: CalendarDate) {
  const past = range.to > today ? { from: range.from, to: today } : range;
  let [loaded, unproven, different] = [0, 0, 0];
  for (const day of daysIn(range, days)) {
    if (differs(day)) different++;
    if (!day.loaded) continue;
    loaded++;
    if (!day.proven) unproven++;
  }
  return { loaded, unproven, different, never: Math.max(0, lengthOf(past) - loaded) };
}

/** `8,431 invoices, ₹12,34,567.89 · 12 days never loaded · 2 days differ from Tally`. */
export function rangeSummary(range: DateRange, days: DaysByDate, today: CalendarDate): string {
  const { loaded, unproven, different, never } = countDays(range, days, today);
  return [
    ...(loaded > 0 ? [sumText(sumOf(daysIn(range, days)))] : []),
    ...(different > 0
      ? [`${formatCountOf(different, 'day')} ${different === 1 ? 'differs' : 'differ'} from Tally`]
      : []),
    ...(never > 0 ? [loaded === 0 ? 'never loaded' : `${formatCountOf(never, 'day')} never loaded`] : []),
    ...(unproven > 0 ? [`${formatCountOf(unproven, 'day')} not proven`] : []),
  ].join(' · ');
}

/** `12 April 2024`, `12 April 2024 to 3 May 2024, 22 days`. */
export const spanName = (span: DateRange): string =>
  span.from === span.to
    ? dayName(span.from)
    : `${dayName(span.from)} to ${dayName(span.to)}, ${formatCountOf(lengthOf(span), 'day')}`;

/** The ticks of the bars' axis: `2,000`, `5 L`, `1.5 Cr`. */
export function tickText(tick: number, isValue: boolean): string {
  const size = Math.abs(tick);
  const [unit, name] = size >= 1e7 ? [1e7, ' Cr'] : size >= 1e5 ? [1e5, ' L'] : [1, ''];
  const scaled = Math.round((size / unit) * 100) / 100;
  return `${tick < 0 ? '-' : ''}${isValue ? '₹' : ''}${unit === 1 ? formatCount(scaled) : `${scaled}${name}`}`;
}

export const words = {
  title: (company: string | undefined) => (company === undefined ? 'Coverage' : `Coverage of ${company}`),
  company: 'Company',
  measure: 'Colour and bars show',
  measures: { invoices: 'Number of invoices', value: 'Value of invoices' },
  yearTitle: ({ name }: Year) => `Financial year ${name}`,
  days: ({ name }: Year) => `Days of the financial year ${name}`,
  table: 'Monthly totals as a table',
  tableOf: ({ name }: Year) => `Monthly totals of the financial year ${name}`,
  month: 'Month',
  all: 'All invoices',
  whole: 'Whole year',
  count: 'Number',
  value: 'Value',
  legend: {
    label: 'What the squares mean',
    less: 'Less',
    more: 'More',
    none: 'Loaded, no invoice',
    never: 'Never loaded',
    unproven: 'Loaded, not proven',
    different: 'Differs from Tally',
  },
  hint: 'Click a day, or drag over several, to backfill, verify, reload or export them. By keyboard: the arrow keys move, Shift extends, Enter chooses what to do.',
  actions: 'Actions on the chosen days',
  action: { backfill: 'Backfill', verify: 'Verify', reload: 'Reload…', export: 'Export…' },
  clear: 'Clear Selection',
  chosen: (span: string, summary: string) => `Chosen: ${span}. ${summary}`,
  nothingChosen: 'No day is chosen.',
  updated: (summary: string) => `Updated: ${summary}`,
  types: 'Invoice types in the bars',
  empty: 'This warehouse is empty: nothing has been loaded into it yet.',
  emptyDetail:
    'A backfill loads the invoices of a range of dates out of Tally; this view then shows which days are there. No Tally at hand? The demo company has invented books.',
  emptyOf: (company: string) => `Nothing of ${company} has been loaded yet.`,
  failed: 'The warehouse cannot be shown.',
};
