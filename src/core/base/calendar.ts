/** A calendar date as `YYYY-MM-DD`. Text, never a `Date`: no time zone can shift an invoice. Compares with `<`. */
export type CalendarDate = string;

/** Two calendar dates, both inclusive. */
export interface DateRange {
  from: CalendarDate;
  to: CalendarDate;
}

const MS_PER_DAY = 86_400_000;

/** Days since 1970-01-01. */
export const dayNumber = (date: CalendarDate): number => Date.parse(`${date}T00:00:00Z`) / MS_PER_DAY;

/** The calendar date of a number of days since 1970-01-01. */
export const dateOfDay = (day: number): CalendarDate => new Date(day * MS_PER_DAY).toISOString().slice(0, 10);

export const addDays = (date: CalendarDate, days: number): CalendarDate => dateOfDay(dayNumber(date) + days);

/** True for `YYYY-MM-DD` that names a day of the calendar; false for 2024-02-30. */
export function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8))];
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Tally's `YYYYMMDD`, with or without spaces around it, as a calendar date; undefined for any other text. */
export function fromTallyDate(text: string): CalendarDate | undefined {
  const t = text.trim();
  if (!/^\d{8}$/.test(t)) return undefined;
  const date = `${t.slice(0, 4)}-${t.slice(4, 6)}-${t.slice(6)}`;
  return isCalendarDate(date) ? date : undefined;
}

/** Whether a text begins with a date as other programs and Tally's own screen write it: `1-4-2024`, `2024-04-01`, `1-Apr-24`. */
export const isOtherDateForm = (text: string): boolean =>
  /^\d{1,4}[-/. ]{1,2}(\d{1,2}|[a-z]{3,9})[-/., ]{1,2}\d{1,4}(?!\d)/i.test(text);

/** Today by the clock and time zone of this computer. Only this function takes a calendar date from the clock. */
export function today(): CalendarDate {
  const now = new Date();
  const pad = (n: number): string => String(n).padStart(2, '0');
  return `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
}

/** Adds months, or subtracts them if negative. Keeps the day of the month; in a shorter month, takes its last day. */
export function addMonths(date: CalendarDate, months: number): CalendarDate {
  const index = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 + months;
  const [year, month] = [Math.floor(index / 12), (index % 12) + 1];
  const day = Math.min(Number(date.slice(8)), daysInMonth(year, month));
  const pad = (n: number, width: number): string => String(n).padStart(width, '0');
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

export const monthStart = (date: CalendarDate): CalendarDate => `${date.slice(0, 8)}01`;
export const monthEnd = (date: CalendarDate): CalendarDate => addDays(addMonths(monthStart(date), 1), -1);

/** 1 April of the Indian financial year that a date lies in. */
export function financialYearStart(date: CalendarDate): CalendarDate {
  const year = Number(date.slice(0, 4));
  return `${date.slice(5) >= '04-01' ? year : year - 1}-04-01`;
}

/** 31 March of the Indian financial year that a date lies in. */
export const financialYearEnd = (date: CalendarDate): CalendarDate =>
  addDays(addMonths(financialYearStart(date), 12), -1);

/** `2024-25` is the financial year from 1 April 2024 to 31 March 2025. */
export const financialYearName = (date: CalendarDate): string =>
  `${financialYearStart(date).slice(0, 4)}-${financialYearEnd(date).slice(2, 4)}`;

/** Each day of a range, oldest first. */
export function* daysOf(range: DateRange): Generator<CalendarDate> {
  const last = dayNumber(range.to);
  for (let day = dayNumber(range.from); day <= last; day++) yield dateOfDay(day);
}

export const earlier = (a: CalendarDate, b: CalendarDate): CalendarDate => (a < b ? a : b);
export const later = (a: CalendarDate, b: CalendarDate): CalendarDate => (a > b ? a : b);
