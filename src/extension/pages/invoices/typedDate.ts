import type { CalendarDate } from '../../../core/base/calendar.js';

/** `2024-04-01` as `01-04-2024`, as people in India type it. */
export const typedDate = (date: CalendarDate): string => date.split('-').reverse().join('-');
