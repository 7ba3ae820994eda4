// Reads dates that a person types: the day first, as in India and in Tally, or the year first. Dates in Tally's data are
// read by `fromTallyDate` in calendar.ts and by invoice/values/readDate.ts.
import { t } from '@vscode/l10n';
import { isCalendarDate, type CalendarDate, type DateRange } from './calendar.js';
import { dateText, monthNames } from './countWords.js';
import { EtlError } from './errors.js';

/** `impossible`: not in the calendar (2024-02-30). `unfinished`: the beginning of a date. `none`: not a date. */
export type TypedDate = { date: CalendarDate } | 'impossible' | 'unfinished' | 'none';

const englishMonths = [
  ...['january', 'february', 'march', 'april', 'may', 'june'],
  ...['july', 'august', 'september', 'october', 'november', 'december'],
];

/** 1 to 12 for `Apr`, `april`, `Sept`, or a month's short name in the reader's language; 0 for any other text. */
function monthOf(name: string): number {
  const wanted = name.toLowerCase();
  const english = englishMonths.findIndex(
    (month) => wanted === month || wanted === month.slice(0, 3) || (wanted === 'sept' && month === 'september'),
  );
  return 1 + (english >= 0 ? english : monthNames().findIndex((month) => month.toLowerCase() === wanted));
}

const yearFirst = /^(\d{4})([-/.])(\d{1,2})\2(\d\d|[1-9])$/;
const withoutSeparators = /^((?:19|20|21)\d\d)(\d\d)(\d\d)$/;
const dayFirst = /^(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})$/;
const withName = /^(\d{1,2})([-/. ])([\p{L}\p{M}]+)\2(\d{4}|\d{2})$/u;
const beginnings =
  /^(?:\d{0,7}|\d{4}([-/.])(?:\d{0,2}|\d{1,2}\1\d?)|\d{1,2}([-/. ])(?:[\p{L}\p{M}]*|\d{1,2}|(?:\d{1,2}|[\p{L}\p{M}]+)\2\d{0,3}))$/u;

/** Reads 2024-04-01, 01-04-2024, 1/4/24, 1.4.2024, 1-Apr-24, 1 April 2024, 20240401. A two-digit year is 2000 to 2099. */
export function readTypedDate(typed: string): TypedDate {
  const text = typed.trim().replace(/\s+/g, ' ');
  const date = (year: string, month: string | number, day: string): TypedDate => {
    const found = [year.padStart(4, '20'), String(month).padStart(2, '0'), day.padStart(2, '0')].join('-');
    return isCalendarDate(found) ? { date: found } : 'impossible';
  };
  const [, year = '', , month = '', day = ''] = yearFirst.exec(text) ?? [];
  if (year !== '') return date(year, month, day);
  const digits = withoutSeparators.exec(text);
  if (digits) return date(digits[1]!, digits[2]!, digits[3]!);
  const numbers = dayFirst.exec(text);
  if (numbers) return date(numbers[4]!, numbers[3]!, numbers[1]!);
  const named = withName.exec(text);
  if (named && monthOf(named[3]!) > 0) return date(named[4]!, monthOf(named[3]!), named[1]!);
  return !named && beginnings.test(text) ? 'unfinished' : 'none';
}

/** The day that a person typed; undefined for anything else. */
export function parseDate(text: string): CalendarDate | undefined {
  const read = readTypedDate(text);
  return typeof read === 'object' ? read.date : undefined;
}

/** The range that a user gave. Throws `usage` if a date cannot be read, or if FROM is after TO. */
export function parseRange(fromText: string, toText: string): DateRange {
  const [from, to] = [dateNamed('FROM', fromText), dateNamed('TO', toText)];
  if (from > to)
    throw new EtlError(
      'usage',
      t('FROM ({from}) is after TO ({to}).', { from: dateText(from), to: dateText(to) }),
      t('Did you mean {to} to {from}? Give the earlier date first.', { from: dateText(from), to: dateText(to) }),
    );
  return { from, to };
}

function dateNamed(name: string, text: string): CalendarDate {
  const date = parseDate(text);
  if (date !== undefined) return date;
  throw new EtlError(
    'usage',
    t('{name} is not a calendar date: {text}.', { name, text: JSON.stringify(text) }),
    t('Write the day first, for example 01-04-2024 or 1-Apr-24, or write 2024-04-01.'),
  );
}
