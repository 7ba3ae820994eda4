import {
  addDays,
  addMonths,
  type CalendarDate,
  type DateRange,
  earlier,
  financialYearEnd,
  financialYearName,
  financialYearStart,
  later,
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

/** More years than this are reached by other dates. */
const mostYears = 10;

/**
 * The ranges that an Indian book-keeper asks for, seen from `today`: with the first day of the books all of them and each of
 * their financial years, the newest first. A range that is still running ends today.
 */
export function rangePresets(today: CalendarDate, booksFrom?: CalendarDate): RangePreset[] {
  const month = monthStart(today);
  const quarter = addMonths(month, -((Number(today.slice(5, 7)) - 1) % 3));
  const months = (from: CalendarDate, count: number): DateRange => ({
    from,
    to: earlier(addDays(addMonths(from, count), -1), today),
  });
  const isKnown = booksFrom !== undefined && booksFrom <= today;
  return [
    ...(isKnown ? [{ label: presets.all(booksFrom), range: { from: booksFrom, to: today } }] : []),
    ...yearPresets(today, isKnown ? booksFrom : undefined),
    { label: presets.thisQuarter(), range: months(quarter, 3) },
    { label: presets.lastQuarter(), range: months(addMonths(quarter, -3), 3) },
    { label: presets.thisMonth(), range: months(month, 1) },
    { label: presets.lastMonth(), range: months(addMonths(month, -1), 1) },
  ];
}

/** This financial year, the last one, and those before it since the books began; of unknown books the first two. */
function yearPresets(today: CalendarDate, booksFrom: CalendarDate | undefined): RangePreset[] {
  const current = financialYearStart(today);
  const oldest = booksFrom === undefined ? addMonths(current, -12) : financialYearStart(booksFrom);
  const years: RangePreset[] = [];
  for (let from = current; from >= oldest && years.length < mostYears; from = addMonths(from, -12)) {
    const label = [presets.thisFinancialYear, presets.lastFinancialYear][years.length] ?? presets.financialYear;
    years.push({
      label: label(financialYearName(from)),
      range: { from: later(from, booksFrom ?? from), to: earlier(financialYearEnd(from), today) },
    });
  }
  return years;
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
