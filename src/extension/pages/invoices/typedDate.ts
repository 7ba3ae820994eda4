import { type CalendarDate, isCalendarDate } from '../../../core/base/calendar.js';

/** `01-04-2024` as people in India write it, or `2024-04-01`; undefined for anything else. */
export function readDate(text: string): CalendarDate | undefined {
  const [, day = '', month = '', year = ''] = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d\d)$/.exec(text.trim()) ?? [];
  const date =
    day === '' ? text.trim() : [year.padStart(4, '20'), month.padStart(2, '0'), day.padStart(2, '0')].join('-');
  return isCalendarDate(date) ? date : undefined;
}

/** `2024-04-01` as `01-04-2024`. */
export const typedDate = (date: CalendarDate): string => date.split('-').reverse().join('-');
