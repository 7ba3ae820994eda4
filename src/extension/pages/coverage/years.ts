import {
  addMonths,
  type CalendarDate,
  type DateRange,
  dayNumber,
  daysOf,
  financialYearEnd,
  financialYearName,
  financialYearStart,
  monthEnd,
} from '../../../core/base/calendar.js';
import type { WarehouseDay } from '../../../core/core.js';

export type DaysByDate = ReadonlyMap<CalendarDate, WarehouseDay>;

/** A financial year, April to March, by its name: `2024-25`. */
export interface Year extends DateRange {
  name: string;
}

/** If there are more years than this, years without data are left out: a mistyped date must not draw a century. */
const mostYears = 30;

/**
 * The financial years, newest first: from the first day of the books or the first loaded day, whichever is earlier, to
 * today or the last loaded day. None if no day is loaded.
 */
export function yearsOf(days: DaysByDate, today: CalendarDate, booksFrom: CalendarDate | null): Year[] {
  if (days.size === 0) return [];
  const begin = booksFrom !== null && booksFrom <= today ? [booksFrom] : [];
  const starts = new Set([today, ...begin, ...days.keys()].map(financialYearStart).sort());
  const years: Year[] = [];
  const first = [...starts][0]!;
  const last = [...starts].at(-1)!;
  const span = Number(last.slice(0, 4)) - Number(first.slice(0, 4)) + 1;
  if (span <= mostYears) for (let from = first; from <= last; from = addMonths(from, 12)) years.push(yearFrom(from));
  else years.push(...[...starts].map(yearFrom));
  return years.reverse();
}

const yearFrom = (from: CalendarDate): Year => ({ name: financialYearName(from), from, to: financialYearEnd(from) });

/** The twelve months of a financial year, April first. */
export const monthsOf = ({ from }: DateRange): DateRange[] =>
  Array.from({ length: 12 }, (_, index) => addMonths(from, index)).map((start) => ({
    from: start,
    to: monthEnd(start),
  }));

/** The days of a range for which the warehouse has an entry, oldest first. */
export function* daysIn(range: DateRange, days: DaysByDate): Generator<WarehouseDay> {
  for (const date of daysOf(range)) {
    const day = days.get(date);
    if (day) yield day;
  }
}

/** The place of a day in the grid of its year: a column for each week (from Monday), a row for each weekday. */
export function placeOf(date: CalendarDate, { from }: Year): { column: number; row: number } {
  const weekday = (day: CalendarDate): number => (dayNumber(day) + 3) % 7; // 1970-01-01 was a Thursday
  return { column: Math.floor((dayNumber(date) - dayNumber(from) + weekday(from)) / 7), row: weekday(date) };
}

/** Whether a day was loaded, and whether that is proven. */
export type DayState = 'future' | 'never' | 'unproven' | 'proven';

export function stateOf(date: CalendarDate, day: WarehouseDay | undefined, today: CalendarDate): DayState {
  if (day?.loaded) return day.proven ? 'proven' : 'unproven';
  return date > today ? 'future' : 'never';
}

export const differs = (day: WarehouseDay | undefined): boolean => (day?.differences ?? 0) > 0;
