// Figures as a person reads them: messages, tables, reports, progress, the log. JSON and files of data stay plain.
import { t } from '@vscode/l10n';
import type { CalendarDate } from './calendar.js';
import { formatDecimal, parseDecimal, type Paise } from './decimal.js';

/** Whole digits in Indian groups: the last three, then pairs (lakh, crore). */
const group = (digits: string): string => digits.replace(/\d(?=(\d\d)+\d$)/g, '$&,');

/** A count as people in India write it: 1234567 is `12,34,567`. */
export const formatCount = (count: number): string => (count < 0 ? '-' : '') + group(Math.abs(count).toString());

/** A quantity or a rate, `1234567.5`, with its whole digits in groups: `12,34,567.5`. */
export const formatNumber = (decimal: string): string => decimal.replace(/\d+/, group);

/** Rupees of a result (`-1180.00`) as exact paise. Throws a plain Error for any other text. */
export function paiseOf(rupees: string): Paise {
  const paise = parseDecimal(rupees, 2);
  if (paise === undefined) throw new Error(`Not an amount in rupees: ${rupees}`);
  return paise;
}

/** Paise as people in India write rupees, to the paisa: -123456789n is `-₹12,34,567.89`. */
export function formatRupees(paise: Paise): string {
  const [rupees = '', fraction = ''] = formatDecimal(paise < 0n ? -paise : paise, 2).split('.');
  return `${paise < 0n ? '-' : ''}₹${group(rupees)}.${fraction}`;
}

/** Rupees where there is little room: `₹39.33 crore`, `₹4.50 lakh`, `₹12,345`. Digits are cut off, so that no figure looks larger than it is. */
export function formatRupeesShort(paise: Paise): string {
  const size = paise < 0n ? -paise : paise;
  const unit = [
    { name: t('crore'), paise: 100_00_00_000n },
    { name: t('lakh'), paise: 100_00_000n },
  ].find((one) => size >= one.paise);
  const sign = paise < 0n ? '-' : '';
  if (!unit) return `${sign}₹${group((size / 100n).toString())}`;
  const [whole = '', fraction = ''] = formatDecimal((size * 100n) / unit.paise, 2).split('.');
  return `${sign}₹${group(whole)}.${fraction}\u00a0${unit.name}`;
}

/** `0.4 s`, `12.3 s`, `3 min 05 s`, `2 h 07 min`. */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${(ms / 1000).toFixed(1)} s`;
  const pad = (n: number): string => String(n).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${pad(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${pad(Math.floor((seconds % 3600) / 60))} min`;
}

/** `2026-04-01 14:04` by this computer's clock, for tables. Swedish is the locale with this form. Sentences use `timeText`. */
export const formatTime = (at: Date): string => at.toLocaleString('sv-SE', { dateStyle: 'short', timeStyle: 'short' });

/** `1 invoice`, `1,200 invoices`: in English, for the log and the command line. */
export const formatCountOf = (count: number, noun: string): string =>
  `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;

/** `2024-04-01 to 2024-10-13`, or one date for a single day: for the log, tables and file names. Sentences use `rangeText`. */
export const formatSpan = (from: CalendarDate, to: CalendarDate): string => (from === to ? from : `${from} to ${to}`);
