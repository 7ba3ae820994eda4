import {
  addDays,
  addMonths,
  type CalendarDate,
  type DateRange,
  earlier,
  financialYearName,
  financialYearStart,
  monthStart,
} from '../../core/base/calendar.js';
import { readTypedDate } from '../../core/base/parseDate.js';
import { longDate } from '../language/language.js';
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

/** What is said below the first day of a range as typed so far: the day in full, or what is wrong with it. */
export function remarkOnFrom(text: string, today: CalendarDate): Remark {
  return remarkOnDate(text, (from) => (from > today ? error(dates.fromInFuture(from, today)) : echo(from)));
}

/** What is said below the last day of a range that begins at `from`. */
export function remarkOnTo(text: string, from: CalendarDate, today: CalendarDate): Remark {
  return remarkOnDate(text, (to) => {
    if (to < from) return error(dates.toBeforeFrom(to, from));
    return to > today ? { severity: 'warning', message: dates.toInFuture(to, today) } : echo(to);
  });
}

function remarkOnDate(text: string, remarkOn: (date: CalendarDate) => Remark): Remark {
  const typed = readTypedDate(text);
  if (typeof typed === 'object') return remarkOn(typed.date);
  if (typed === 'impossible') return error(dates.notInCalendar(text));
  // Half a date is not a mistake yet; the box still refuses to close on it.
  return typed === 'unfinished' ? { severity: 'unfinished', message: dates.write() } : error(dates.notADate(text));
}

const echo = (date: CalendarDate): Remark => ({ severity: 'info', message: `= ${longDate(date)}` });

const error = (message: string): Remark => ({ severity: 'error', message });
