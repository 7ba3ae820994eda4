import { addDays, fromTallyDate, isCalendarDate, type CalendarDate } from '../../core/base/calendar.js';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Reads 20220401, 01-04-2022, 1-Apr-2022 or 01-Apr-2022; undefined for another form or a day that does not exist. */
export function typedDate(value: string): CalendarDate | undefined {
  const parts = /^(\d{1,2})-(\d{1,2}|[a-z]{3})-(\d{4})$/i.exec(value);
  if (!parts) return fromTallyDate(value);
  const [, day = '', month = '', year = ''] = parts;
  const number = /\d/.test(month) ? month : String(months.indexOf(month.toLowerCase()) + 1);
  const date = `${year}-${number.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isCalendarDate(date) ? date : undefined;
}

/** The bounds that conditions set for the dates of a collection; a side without a bound is absent. */
export interface LiteralBounds {
  from?: CalendarDate;
  to?: CalendarDate;
}

const comparison = /^\(?\s*\$Date\s*(>=|<=|>|<|=)\s*\$\$Date:"([^"]*)"\s*\)?$/i;

/** Reads `$Date >= $$Date:"20250401"` and `$Date <= $$Date:"20260331"` as bounds; null if a condition has any other form. */
export function literalBounds(conditions: readonly string[]): LiteralBounds | null {
  const bounds: LiteralBounds = {};
  for (const condition of conditions) {
    const [, sign, literal] = comparison.exec(condition) ?? [];
    const date = literal === undefined ? undefined : typedDate(literal);
    if (sign === undefined || date === undefined) return null;
    const from = sign === '>' ? addDays(date, 1) : date;
    const to = sign === '<' ? addDays(date, -1) : date;
    if (!sign.startsWith('<') && (bounds.from === undefined || from > bounds.from)) bounds.from = from;
    if (!sign.startsWith('>') && (bounds.to === undefined || to < bounds.to)) bounds.to = to;
  }
  return bounds;
}
