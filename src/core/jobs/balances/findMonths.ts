import { addDays, type DateRange } from '../../base/calendar.js';
import { mayHide, type Books } from '../books/books.js';
import { findSince, probeDays } from './since.js';

/** How one kind of balance is requested and compared. Tally's answers of this kind do not name the days for which they are. */
export interface BalanceKind<Told> {
  ask: (range: DateRange) => Promise<Told>;
  /** The figures of an answer that change from day to day, as a text. Two answers with the same text count as the same answer. */
  textOf: (told: Told) => string;
  /** Whether nothing moved in a range, according to the warehouse. */
  isQuiet: (range: DateRange) => Promise<boolean>;
  /** The ledgers or items, by name, that differ at the end of a range. */
  differing: (told: Told, range: DateRange) => Promise<string[]>;
}

/**
 * Finds the days on which the difference of each key began: one month, or more days if the permitted requests do not suffice.
 * Undefined if Tally ignored the dates: its answer for other days was the same, although the warehouse has movements on the days that
 * were left out (docs/tally.md §9.1). So one request is sent even without keys. A range that no request can divide is requested one
 * day earlier; the result is then empty.
 */
export async function findMonths<Told>(
  books: Books,
  range: DateRange,
  answer: Told,
  keys: readonly string[],
  { ask, textOf, isQuiet, differing }: BalanceKind<Told>,
): Promise<Map<string, DateRange> | undefined> {
  const { from, to } = range;
  const keepsDates = async (told: Told, others: DateRange): Promise<boolean> =>
    textOf(told) !== textOf(answer) || (await isQuiet(others));
  const days = probeDays(range, mayHide(books));
  if (days.length === 0) {
    const before = await ask({ from: addDays(from, -1), to: addDays(to, -1) });
    return (await keepsDates(before, { from: to, to })) ? new Map() : undefined;
  }
  const probe = async (day: string): Promise<ReadonlySet<string> | undefined> => {
    const told = await ask({ from, to: day });
    if (!(await keepsDates(told, { from: addDays(day, 1), to }))) return undefined;
    return new Set(await differing(told, { from, to: day }));
  };
  return findSince(keys, range, days, probe, { atLeastOnce: true });
}
