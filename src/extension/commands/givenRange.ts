import { today, type DateRange } from '../../core/base/calendar.js';
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

/** The range that a command was called with, else one that it asks for; undefined when the user left. */
export async function askRangeOfBooks(
  { books, questions, demo }: Parts,
  argument: unknown,
  { title, withMode }: { title: string; withMode: boolean },
  chosen = books.now(givenBooks(argument)),
): Promise<RangeOfBooks | undefined> {
  const given = givenRange(argument);
  if (given) return { range: { from: given.from, to: given.to }, books: chosen };
  const inWords = messages.of(title, chosen.inDemo);
  const range = await questions.range({ title: inWords, today: today(), first: demo.presets(), withMode });
  return range && { range, books: chosen };
}
