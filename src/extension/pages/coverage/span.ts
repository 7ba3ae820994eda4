import {
  addDays,
  addMonths,
  type CalendarDate,
  type DateRange,
  dayNumber,
  financialYearEnd,
  financialYearStart,
  monthEnd,
  monthStart,
} from '../../../core/base/calendar.js';

/** The range between the two ends of a selection, in either order. */
export const spanOf = (anchor: CalendarDate, active: CalendarDate): DateRange =>
  anchor < active ? { from: anchor, to: active } : { from: active, to: anchor };

export const lengthOf = ({ from, to }: DateRange): number => dayNumber(to) - dayNumber(from) + 1;

export const within = (date: CalendarDate, { from, to }: DateRange): CalendarDate =>
  date < from ? from : date > to ? to : date;

/** The day to which a key moves: by day, week, month or financial year. Undefined for other keys. */
export function dayAfterKey(key: string, control: boolean, date: CalendarDate): CalendarDate | undefined {
  switch (key) {
    case 'ArrowUp':
      return addDays(date, -1);
    case 'ArrowDown':
      return addDays(date, 1);
    case 'ArrowLeft':
      return addDays(date, -7);
    case 'ArrowRight':
      return addDays(date, 7);
    case 'PageUp':
      return addMonths(date, control ? -12 : -1);
    case 'PageDown':
      return addMonths(date, control ? 12 : 1);
    case 'Home':
      return control ? financialYearStart(date) : monthStart(date);
    case 'End':
      return control ? financialYearEnd(date) : monthEnd(date);
    default:
      return undefined;
  }
}
