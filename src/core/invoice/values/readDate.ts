import { fromTallyDate, isCalendarDate, type CalendarDate } from '../../base/calendar.js';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * `31-May-24`, `31-May-2024` or `20240531`. A year of two digits from 88 on means 19xx: the product named Tally dates from
 * 1988 (docs/tally.md §9.3).
 */
export function readDate(text: string): CalendarDate | undefined {
  const [, day = '', name = '', year = ''] = /^(\d{1,2})-([a-z]{3})-(\d{2}|\d{4})$/i.exec(text) ?? [];
  const month = months.indexOf(name.toLowerCase()) + 1;
  if (month === 0) return fromTallyDate(text);
  const century = year.length === 4 ? '' : Number(year) >= 88 ? '19' : '20';
  const date = `${century}${year}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isCalendarDate(date) ? date : undefined;
}
