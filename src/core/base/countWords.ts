// Counts, dates and ranges as text in the reader's language. Singular and plural are separate messages, because
// languages form plurals differently. The log stays English; it uses `formatCountOf` and `formatSpan` of format.ts.
import { t } from '@vscode/l10n';
import type { CalendarDate, DateRange } from './calendar.js';
import { formatCount, formatTime } from './format.js';

export const invoiceCount = (n: number): string =>
  n === 1 ? t('1 invoice') : t('{count} invoices', { count: formatCount(n) });

export const voucherCount = (n: number): string =>
  n === 1 ? t('1 voucher') : t('{count} vouchers', { count: formatCount(n) });

export const dayCount = (n: number): string => (n === 1 ? t('1 day') : t('{count} days', { count: formatCount(n) }));

export const lineCount = (n: number): string => (n === 1 ? t('1 line') : t('{count} lines', { count: formatCount(n) }));

export const rowCount = (n: number): string => (n === 1 ? t('1 row') : t('{count} rows', { count: formatCount(n) }));

/** The short names of the months, in the reader's language. */
export const monthNames = (): string[] => [
  ...[t('Jan'), t('Feb'), t('Mar'), t('Apr'), t('May'), t('Jun')],
  ...[t('Jul'), t('Aug'), t('Sep'), t('Oct'), t('Nov'), t('Dec')],
];

/** Blanks within a date are no-break spaces. */
const noBreak = '\u00a0';

export const dayAndMonth = (date: CalendarDate): string =>
  [String(Number(date.slice(8))), monthNames()[Number(date.slice(5, 7)) - 1]].join(noBreak);

/** A date for people: `1 Apr 2024`. */
export const dateText = (date: CalendarDate): string => dayAndMonth(date) + noBreak + date.slice(0, 4);

/** A moment by this computer's clock: `1 Apr 2024, 2:04 pm`. */
export function timeText(at: Date): string {
  const [date = '', clock = ''] = formatTime(at).split(' ');
  const hour = Number(clock.slice(0, 2));
  const args = { date: dateText(date), time: `${hour % 12 || 12}${clock.slice(2)}` };
  return hour < 12 ? t('{date}, {time}\u00a0am', args) : t('{date}, {time}\u00a0pm', args);
}

/** `1–31 Aug 2024`, `1 Apr – 13 Oct 2024`, `1 Apr 2023 – 31 Mar 2024`; for a single day `1 Apr 2024`. */
export function rangeText({ from, to }: DateRange): string {
  if (from === to) return dateText(from);
  if (from.slice(0, 7) === to.slice(0, 7)) return `${Number(from.slice(8))}–${dateText(to)}`;
  const first = from.slice(0, 4) === to.slice(0, 4) ? dayAndMonth(from) : dateText(from);
  return `${first}${noBreak}– ${dateText(to)}`;
}
