import { type CalendarDate, today } from '../../../base/calendar.js';
import { asEtlError } from '../../../base/errors.js';

/** What is remembered of a request that a Tally may not know: a verdict, and the day of it. */
export interface Verdict {
  known: string | null;
  on: CalendarDate | null;
  /** Remembered while the request is under way, and afterwards where Tally did not answer it. */
  wrong: string;
  remember: (verdict: string | null, on: CalendarDate) => Promise<void>;
}

/**
 * Sends a request in a form that has stopped Tallys (docs/tally.md §2). It counts as wrong while it is under way, so that a Tally
 * that it stops is not asked again. An answer brings the earlier verdict back, and so does an error that says nothing of the
 * request. Undefined: this Tally does not answer it, so it stays wrong.
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
