import type { DateRange } from '../../core/base/calendar.js';
import type { Session } from '../session.js';
import type { Books } from './runLoad.js';

/** A range with which a command is called instead of asking for one; without `inDemo`, of the books that are in force. */
export type GivenRange = DateRange & Partial<Books>;

/** What a command was called with, where that is a range: a menu may give it a row of the tree. */
export function givenRange(given: unknown): GivenRange | undefined {
  const { from, to } = (given ?? {}) as { from?: unknown; to?: unknown };
  return typeof from === 'string' && typeof to === 'string' ? (given as GivenRange) : undefined;
}

/** Whose books a range is of. */
export function booksOf(session: Session, given?: Partial<Books>): Books {
  return { inDemo: given?.inDemo ?? session.demo.running !== undefined, company: given?.company };
}
