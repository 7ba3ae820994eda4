import { today, type CalendarDate, type DateRange } from '../../core/base/calendar.js';
import { nameKey } from '../../core/base/names.js';
import type { RangeInput } from '../input/rangeInput.js';
import { messages } from '../messages.js';
import type { Books, GivenRange } from '../settings/booksInUse.js';
import type { Parts } from './command.js';

/** What a command was called with, where that is a range: a menu may give it a row of the tree. */
export function givenRange(given: unknown): GivenRange | undefined {
  const { from, to } = (given ?? {}) as { from?: unknown; to?: unknown };
  return typeof from === 'string' && typeof to === 'string' ? (given as GivenRange) : undefined;
}

/** Whose books a command was called for: a row of the tree and a given range both say. */
export function givenBooks(given: unknown): Partial<Books> {
  const { inDemo, company } = (given ?? {}) as { inDemo?: unknown; company?: unknown };
  return {
    ...(typeof inDemo === 'boolean' && { inDemo }),
    ...(typeof company === 'string' && { company }),
  };
}

/** A range, and whose books it is of. */
export interface RangeOfBooks {
  range: DateRange & { dayByDay?: boolean };
  books: Books;
}

/** Tally says at once when the books begin, or the question is asked without it. */
const patienceMs = 1500;

/**
 * The range that a command was called with, else one that it asks for; undefined when the user left. `asksTally`: for the first day
 * of the books.
 */
export async function askRangeOfBooks(
  parts: Parts,
  argument: unknown,
  {
    title,
    asksTally = true,
    ...question
  }: Pick<RangeInput, 'title' | 'withMode' | 'replaces'> & { asksTally?: boolean },
  chosen = parts.books.now(givenBooks(argument)),
): Promise<RangeOfBooks | undefined> {
  const given = givenRange(argument);
  if (given) return { range: { from: given.from, to: given.to }, books: chosen };
  const range = await parts.questions.range({
    ...question,
    title: messages.of(title, chosen.inDemo),
    today: today(),
    first: parts.demo.presets(),
    booksFrom: asksTally ? await booksFromOf(parts, chosen) : undefined,
  });
  return range && { range, books: chosen };
}

/** The first day of the company's books; undefined where Tally does not say it. What is wrong with Tally is said by the run. */
async function booksFromOf({ books, runner }: Parts, chosen: Books): Promise<CalendarDate | undefined> {
  try {
    const config = await books.configOf(chosen);
    const { company } = config;
    const open = await runner.runQuietly('companies', undefined, config, { signal: AbortSignal.timeout(patienceMs) });
    const meant = open.filter(({ name }) => company === undefined || nameKey(name) === nameKey(company));
    return meant.length === 1 ? meant[0]!.booksFrom : undefined;
  } catch {
    return undefined;
  }
}
