import { addDays, type DateRange } from '../../base/calendar.js';
import { mayHide, type Books } from '../books/books.js';
import { findSince, probeDays } from './since.js';

/** How a kind of balances is asked for and compared, whose answers do not name their days. */
export interface Balances<Told> {
  ask: (range: DateRange) => Promise<Told>;
  /** All that moves, as a text: equal texts are equal answers. */
  textOf: (told: Told) => string;
  /** Whether the warehouse has nothing that moved in a range. */
  isQuiet: (range: DateRange) => Promise<boolean>;
  /** What differs at the end of a range. */
  differing: (told: Told, range: DateRange) => Promise<string[]>;
}

/**
 * Since when each key differs. Undefined where Tally did not keep to the dates: it says the same of fewer days, although the
 * warehouse has movements on the others (docs/tally.md §9.1). So one day at least is asked for, also if there is no key.
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
