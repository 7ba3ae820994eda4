import {
  addDays,
  type CalendarDate,
  type DateRange,
  dayNumber,
  financialYearStart,
} from '../../../core/base/calendar.js';

/** From the day where a selection began to the one where it has got to, whichever is earlier. */
export const spanOf = (anchor: CalendarDate, active: CalendarDate): DateRange =>
  anchor < active ? { from: anchor, to: active } : { from: active, to: anchor };

export const lengthOf = ({ from, to }: DateRange): number => dayNumber(to) - dayNumber(from) + 1;

export const within = (date: CalendarDate, { from, to }: DateRange): CalendarDate =>
  date < from ? from : date > to ? to : date;

/** A month on or back, at the same day, or at the last one where the month is shorter. */
function addMonths(date: CalendarDate, months: number): CalendarDate {
  const index = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 + months;
  const first = (i: number): CalendarDate =>
    `${String(Math.floor(i / 12)).padStart(4, '0')}-${String((i % 12) + 1).padStart(2, '0')}-01`;
  const day = addDays(first(index), Number(date.slice(8)) - 1);
  const last = addDays(first(index + 1), -1);
  return day < last ? day : last;
}

const firstOfMonth = (date: CalendarDate): CalendarDate => `${date.slice(0, 8)}01`;
const lastOfMonth = (date: CalendarDate): CalendarDate => addDays(addMonths(firstOfMonth(date), 1), -1);
const lastOfYear = (date: CalendarDate): CalendarDate =>
  addDays(financialYearStart(addDays(financialYearStart(date), 366)), -1);

/** Where a key leads from a day: by day, week, month or financial year; undefined for a key that means nothing here. */
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
      return control ? financialYearStart(date) : firstOfMonth(date);
    case 'End':
      return control ? lastOfYear(date) : lastOfMonth(date);
    default:
      return undefined;
  }
}
