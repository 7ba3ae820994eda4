import { addDays, type DateRange } from '../../base/calendar.js';
import { mayHide, type Books } from '../books/books.js';
import { findSince, probeDays } from './since.js';

/** How one kind of balances is asked for and compared. Its answers do not name the days that they are of. */
export interface Balances<Told> {
  ask: (range: DateRange) => Promise<Told>;
  /** The figures of an answer that change from day to day, as a text. Answers with equal texts are equal. */
  textOf: (told: Told) => string;
  /** Whether nothing moved in a range, according to the warehouse. */
  isQuiet: (range: DateRange) => Promise<boolean>;
  /** The keys that differ at the end of a range. */
  differing: (told: Told, range: DateRange) => Promise<string[]>;
}

/**
 * Finds the month in which the difference of each key began. Undefined if Tally ignored the dates: it gave the same answer for
 * fewer days, although the warehouse has movements on the days that were left out (docs/tally.md §9.1). To find that out, one day
 * is asked for even without keys.
 */
export async function findMonths<Told>(
  books: Books,
  range: DateRange,
  whole: Told,
  keys: readonly string[],
  { ask, textOf, isQuiet, differing }: Balances<Told>,
): Promise<Map<string, DateRange> | undefined> {
  const { from, to } = range;
  const keepsDates = async (told: Told, others: DateRange): Promise<boolean> =>
    textOf(told) !== textOf(whole) || (await isQuiet(others));
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
