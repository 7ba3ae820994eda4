import { messages } from '../messages.js';
import type { Command } from './command.js';
import { askRangeOfBooks } from './givenRange.js';
import { type LoadOfBooks } from '../jobs/load.js';
import { runLoad } from './runLoad.js';

/** Asks for a range unless it is called with one. */
export const backfillRange: Command<LoadOfBooks> = {
  async ask(parts, argument) {
    const asked = await askRangeOfBooks(parts, argument, { title: messages.backfillInput(), withMode: true });
    return asked && { load: { job: 'backfill', request: asked.range }, books: asked.books };
  },
  run: runLoad,
};

export const dryRunRange: Command<LoadOfBooks> = {
  async ask(parts) {
    const asked = await askRangeOfBooks(parts, undefined, { title: messages.dryRunInput(), withMode: false });
    return asked && { load: { job: 'backfill', request: { ...asked.range, dryRun: true } }, books: asked.books };
  },
  run: runLoad,
};
