import type { GivenRange } from '../settings/booksInUse.js';

/** What a command was called with, where that is a range: a menu may give it a row of the tree. */
export function givenRange(given: unknown): GivenRange | undefined {
  const { from, to } = (given ?? {}) as { from?: unknown; to?: unknown };
  return typeof from === 'string' && typeof to === 'string' ? (given as GivenRange) : undefined;
}
