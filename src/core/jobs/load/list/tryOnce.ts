import { type CalendarDate, today } from '../../../base/calendar.js';
import { asEtlError } from '../../../base/errors.js';

/** The remembered verdict on a request that a Tally may not know, and the day of the verdict. */
export interface Verdict {
  known: string | null;
  on: CalendarDate | null;
  /** The verdict that is remembered while the request is under way. It stays if Tally did not answer the request. */
  wrong: string;
  remember: (verdict: string | null, on: CalendarDate) => Promise<void>;
}

/**
 * Sends a request in a form that has stopped Tallys (docs/tally.md §2). The request counts as wrong while it is under way, so
 * that a Tally that it stops does not get it again. An answer restores the earlier verdict, and so does an error that says
 * nothing about the request. Undefined: this Tally does not answer the request, so it stays wrong.
 */
export async function tryOnce<T>(
  { known, on, wrong, remember }: Verdict,
  ask: () => Promise<T | undefined>,
  saysNothing = endedEarly,
): Promise<T | undefined> {
  const asBefore = (): Promise<void> => remember(known, on ?? today());
  await remember(wrong, today());
  try {
    const answer = await ask();
    if (answer !== undefined) await asBefore();
    return answer;
  } catch (error) {
    if (saysNothing(error)) await asBefore();
    throw error;
  }
}

const endedEarly = (error: unknown): boolean => ['cancelled', 'tally-unreachable'].includes(asEtlError(error).code);
