import { today } from '../../core/base/calendar.js';
import { parseDate } from '../../core/base/parseDate.js';
import { nextSyncRange } from '../../core/base/syncRange.js';
import type { Checkpoint } from '../../core/core.js';
import { messages } from '../messages.js';
import { remarkOnFrom } from '../input/ranges.js';
import type { Books } from '../settings/booksInUse.js';
import type { Command } from './command.js';
import { companyOf } from './companyOf.js';
import { runLoad, sync, type LoadOfBooks } from './runLoad.js';

const words = messages.checkpoint;

export const syncCheckpoint: Command<LoadOfBooks, Checkpoint> = {
  ask: ({ books }, checkpoint) => ({ load: sync, books: books.now({ company: companyOf(checkpoint) }) }),
  run: runLoad,
};

export const backfillFromCheckpoint: Command<LoadOfBooks, Checkpoint> = {
  async ask(parts, checkpoint) {
    const books = parts.books.now({ company: companyOf(checkpoint) });
    const to = today();
    const from = checkpoint.lastDate < to ? checkpoint.lastDate : to;
    const request = await parts.questions.range({
      title: messages.of(messages.backfillInput(), books.inDemo),
      today: to,
      first: [{ label: words.here(), range: { from, to } }],
      withMode: true,
    });
    return request && { load: { job: 'backfill', request }, books };
  },
  run: runLoad,
};

/** Shows what the next sync would load before anything is written. */
export const resetCheckpoint: Command<{ checkpoint: Checkpoint; books: Books }, Checkpoint> = {
  async ask(parts, checkpoint) {
    const { companyName, stream, lastDate: now } = checkpoint;
    const books = parts.books.now();
    const { overlapDays } = await parts.books.configOf(books);
    const typed = await parts.questions.input({
      title: words.resetTitle(stream),
      prompt: words.resetPrompt(now),
      value: '', // a box with a date says that date below, in place of the prompt
      check: (text) => remarkOnFrom(text, today()),
    });
    const lastDate = typed === undefined ? undefined : parseDate(typed);
    if (lastDate === undefined) return undefined;
    const detail = words.resetDetail(now, nextSyncRange(lastDate, overlapDays, today()), overlapDays);
    const question = words.confirmReset(stream, companyName, lastDate);
    const agreed = await parts.questions.confirm(question, detail, words.resetButton());
    return agreed ? { checkpoint: { ...checkpoint, lastDate }, books } : undefined;
  },
  async run(parts, { checkpoint, books }) {
    const { companyId, stream, lastDate } = checkpoint;
    const config = await parts.books.configOf(books);
    await parts.runner.runQuietly('resetCheckpoint', { companyId, stream, lastDate }, config);
    parts.warehouse.forget();
    const next = nextSyncRange(lastDate, config.overlapDays, today());
    parts.notifier.offer('info', words.wasReset(stream, lastDate, next), ['Sync Now'], {
      'Sync Now': () => runLoad(parts, { load: sync, books: { ...books, company: companyOf(checkpoint) } }),
    });
  },
};
