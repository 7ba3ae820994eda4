import { today } from '../../core/base/calendar.js';
import { messages } from '../messages.js';
import { askRange } from '../input/rangeInput.js';
import type { Parts } from './parts.js';
import { givenRange } from './givenRange.js';
import { runLoad } from './runLoad.js';

/** Asks for a range unless it is called with one. */
export async function backfillRange(parts: Parts, argument?: unknown): Promise<void> {
  const given = givenRange(argument);
  const books = parts.books.now(given);
  const request = given
    ? { from: given.from, to: given.to }
    : await askRange({
        title: messages.of(messages.backfillInput(), books.inDemo),
        today: today(),
        first: parts.demo.presets(),
        withMode: true,
      });
  // Retry must not ask again, so the run is an attempt of its own.
  if (request) await parts.notifier.attempt(() => runLoad(parts, { job: 'backfill', request }, books));
}
