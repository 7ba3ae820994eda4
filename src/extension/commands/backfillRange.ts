import { today } from '../../core/base/calendar.js';
import { messages } from '../messages.js';
import { askRange } from '../input/rangeInput.js';
import type { Session } from '../session.js';
import { booksOf, givenRange } from './givenRange.js';
import { runLoad } from './runLoad.js';

/** Asks for a range unless it is called with one. */
export async function backfillRange(session: Session, argument?: unknown): Promise<void> {
  const given = givenRange(argument);
  const books = booksOf(session, given);
  const request = given
    ? { from: given.from, to: given.to }
    : await askRange({
        title: messages.of(messages.backfillInput(), books.inDemo),
        today: today(),
        first: session.demo.presets(),
        withMode: true,
      });
  // Retry must not ask again, so the run is an attempt of its own.
  if (request) await session.attempt(() => runLoad(session, { job: 'backfill', request }, books));
}
