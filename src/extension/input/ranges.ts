import {
  addDays,
  addMonths,
  type CalendarDate,
  type DateRange,
  earlier,
  financialYearName,
  financialYearStart,
  isCalendarDate,
  monthStart,
} from '../../core/base/calendar.js';
import { messages } from '../messages.js';
import type { Remark } from './quickInput.js';

const { dates, presets } = messages;

/** A range with a name, as the first question of a range command offers it. */
export interface RangePreset {
  label: string;
  range: DateRange;
}

/** The ranges that an Indian book-keeper asks for, seen from `today`. A range that is still running ends today. */
export function rangePresets(today: CalendarDate): RangePreset[] {
  const year = financialYearStart(today);
  const lastYear = addMonths(year, -12);
  const month = monthStart(today);
  const quarter = addMonths(month, -((Number(today.slice(5, 7)) - 1) % 3));
  const months = (from: CalendarDate, count: number): DateRange => ({
    from,
    to: earlier(addDays(addMonths(from, count), -1), today),
  });
  return [
    { label: presets.thisFinancialYear(financialYearName(year)), range: months(year, 12) },
    { label: presets.lastFinancialYear(financialYearName(lastYear)), range: months(lastYear, 12) },
    { label: presets.thisQuarter(), range: months(quarter, 3) },
    { label: presets.lastQuarter(), range: months(addMonths(quarter, -3), 3) },
    { label: presets.thisMonth(), range: months(month, 1) },
    { label: presets.lastMonth(), range: months(addMonths(month, -1), 1) },
  ];
}

const typing = /^\d{0,4}$|^\d{4}-\d{0,2}$|^\d{4}-\d{2}-\d{0,2}$/;

/** What is wrong with the first day of a range as typed so far; undefined when nothing is. */
export const remarkOnFrom = (text: string, today: CalendarDate): Remark | undefined =>
  remarkOnDate(text) ?? (text > today ? error(dates.fromInFuture(text, today)) : undefined);

/** What is wrong with, or worth knowing about, the last day of a range that begins at `from`. */
export function remarkOnTo(text: string, from: CalendarDate, today: CalendarDate): Remark | undefined {
  const remark = remarkOnDate(text);
  if (remark) return remark;
  if (text < from) return error(dates.toBeforeFrom(text, from));
  if (text > today) return { severity: 'warning', message: dates.toInFuture(text, today) };
  return undefined;
}

function remarkOnDate(text: string): Remark | undefined {
  if (isCalendarDate(text)) return undefined;
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return error(dates.notInCalendar(text));
  // Half a date is not a mistake yet; the box still refuses to close on it.
  if (typing.test(text)) return { severity: 'info', message: dates.write() };
  return error(dates.notADate(text));
}

const error = (message: string): Remark => ({ severity: 'error', message });
