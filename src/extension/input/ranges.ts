import { addDays, type CalendarDate, type DateRange, isCalendarDate } from '../../core/base/calendar.js';
import { messages } from '../messages.js';
import type { Remark } from './quickInput.js';

const { dates, presets } = messages;

/** A range with a name, as the first question of a range command offers it. */
export interface RangePreset {
  label: string;
  range: DateRange;
}

/**
 * The ranges that an Indian book-keeper asks for, seen from `today`: financial years run from 1 April to 31 March and
 * their quarters begin in April, July, October and January. A range that is still running ends today.
 */
export function rangePresets(today: CalendarDate): RangePreset[] {
  const [year, month] = yearAndMonth(today);
  const financialYear = month >= 4 ? year : year - 1;
  const quarterMonth = month - ((month - 1) % 3);
  const until = (to: CalendarDate): CalendarDate => (to > today ? today : to);
  const months = (fromYear: number, fromMonth: number, count: number): DateRange => ({
    from: firstOfMonth(fromYear, fromMonth),
    to: until(addDays(firstOfMonth(fromYear, fromMonth + count), -1)),
  });
  return [
    { label: presets.thisFinancialYear(financialYearName(financialYear)), range: months(financialYear, 4, 12) },
    { label: presets.lastFinancialYear(financialYearName(financialYear - 1)), range: months(financialYear - 1, 4, 12) },
    { label: presets.thisQuarter(), range: months(year, quarterMonth, 3) },
    { label: presets.lastQuarter(), range: months(year, quarterMonth - 3, 3) },
    { label: presets.thisMonth(), range: months(year, month, 1) },
    { label: presets.lastMonth(), range: months(year, month - 1, 1) },
  ];
}

const typing = /^\d{0,4}$|^\d{4}-\d{0,2}$|^\d{4}-\d{2}-\d{0,2}$/;

/** What is wrong with the first day of a range as typed so far; undefined when nothing is. */
export function remarkOnFrom(text: string, today: CalendarDate): Remark | undefined {
  const remark = remarkOnDate(text);
  if (remark) return remark;
  if (text > today) return error(dates.fromInFuture(text, today));
  return undefined;
}

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

function yearAndMonth(date: CalendarDate): [number, number] {
  return [Number(date.slice(0, 4)), Number(date.slice(5, 7))];
}

/** `month` may lie outside 1 … 12: it then counts on into the neighbouring years. */
function firstOfMonth(year: number, month: number): CalendarDate {
  const index = year * 12 + month - 1;
  const pad = (n: number, width: number): string => String(n).padStart(width, '0');
  return `${pad(Math.floor(index / 12), 4)}-${pad((index % 12) + 1, 2)}-01`;
}

/** 2024 is `2024-25`, the year from 1 April 2024 to 31 March 2025. */
function financialYearName(startYear: number): string {
  return `${startYear}-${String((startYear + 1) % 100).padStart(2, '0')}`;
}
