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
import type { CompanySummary } from '../../core/core.js';
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

/** The most years that are offered. Earlier years are reached by *Other dates*. */
const mostYears = 10;

/** The loaded days: from the first loaded month to the last loaded day; and the loaded financial years, newest first. */
export interface LoadedRanges {
  all: DateRange;
  years: DateRange[];
}

/** The source of the usual ranges: all of the books from `booksFrom`, or only the loaded days. */
export interface Offered {
  booksFrom?: CalendarDate | undefined;
  loaded?: LoadedRanges | undefined;
}

/**
 * The ranges that an Indian book-keeper asks for, seen from `today`: all that is loaded, or all of the books if their first
 * day is known; the financial years, newest first; quarters and months. A running period ends today.
 */
export function rangePresets(today: CalendarDate, { booksFrom, loaded }: Offered = {}): RangePreset[] {
  const month = monthStart(today);
  const quarter = addMonths(month, -((Number(today.slice(5, 7)) - 1) % 3));
  const months = (from: CalendarDate, count: number): DateRange => ({
    from,
    to: earlier(addDays(addMonths(from, count), -1), today),
  });
  const isKnown = booksFrom !== undefined && booksFrom <= today;
  const years = loaded?.years ?? yearsSince(today, isKnown ? booksFrom : undefined);
  return [
    ...(loaded
      ? [{ label: presets.allLoaded(), range: loaded.all }]
      : isKnown
        ? [{ label: presets.all(booksFrom), range: { from: booksFrom, to: today } }]
        : []),
    ...years.slice(0, mostYears).map((range) => ({ label: yearLabel(range.from, today), range })),
    { label: presets.thisQuarter(), range: months(quarter, 3) },
    { label: presets.lastQuarter(), range: months(addMonths(quarter, -3), 3) },
    { label: presets.thisMonth(), range: months(month, 1) },
    { label: presets.lastMonth(), range: months(addMonths(month, -1), 1) },
  ];
}

/** The financial years from this one back to the first day of the books; if it is not known, this one and the last one. */
function yearsSince(today: CalendarDate, booksFrom: CalendarDate | undefined): DateRange[] {
  const current = financialYearStart(today);
  const oldest = booksFrom === undefined ? addMonths(current, -12) : financialYearStart(booksFrom);
  const years: DateRange[] = [];
  for (let from = current; from >= oldest && years.length < mostYears; from = addMonths(from, -12))
    years.push({ from: later(from, booksFrom ?? from), to: earlier(financialYearEnd(from), today) });
  return years;
}

/** The label of the financial year that `from` belongs to. */
function yearLabel(from: CalendarDate, today: CalendarDate): string {
  const [year, current] = [financialYearStart(from), financialYearStart(today)];
  const label =
    year === current
      ? presets.thisFinancialYear
      : year === addMonths(current, -12)
        ? presets.lastFinancialYear
        : presets.financialYear;
  return label(financialYearName(year));
}

/** The ranges that are loaded of some companies together; undefined if nothing is. */
export function loadedRanges(companies: readonly CompanySummary[], today: CalendarDate): LoadedRanges | undefined {
  const years = companies.flatMap((company) => company.years.filter(({ daysLoaded }) => daysLoaded > 0));
  const months = years.flatMap((year) => year.months.filter(({ daysLoaded }) => daysLoaded > 0));
  const first = months.map(({ from }) => from).sort()[0];
  const last = companies
    .map(({ upTo }) => upTo)
    .filter((day) => day !== null)
    .sort()
    .at(-1);
  if (first === undefined || last === undefined) return undefined;
  const starts = [...new Set(years.map(({ from }) => from))].sort().reverse();
  return {
    all: { from: first, to: last },
    years: starts.map((from) => ({ from, to: earlier(financialYearEnd(from), later(today, last)) })),
  };
}

/** The remark below the first day of a range, as typed so far: the day in full, or what is wrong with it. */
export function remarkOnFrom(text: string, today: CalendarDate): Remark {
  return remarkOnDate(text, (from) => (from > today ? error(dates.fromInFuture(from, today)) : echo(from)));
}

/** The remark below the last day of a range that begins at `from`. */
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
  // The beginning of a date is not a mistake yet, but the box does not accept it.
  return typed === 'unfinished' ? { severity: 'unfinished', message: dates.write() } : error(dates.notADate(text));
}

const echo = (date: CalendarDate): Remark => ({ severity: 'info', message: `= ${longDate(date)}` });

const error = (message: string): Remark => ({ severity: 'error', message });
