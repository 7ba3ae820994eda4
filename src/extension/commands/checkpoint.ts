import { today } from '../../core/base/calendar.js';
import { parseDate } from '../../core/base/parseDate.js';
import { nextSyncRange } from '../../core/base/syncRange.js';
import type { Checkpoint } from '../../core/core.js';
import { messages } from '../messages.js';
import { remarkOnFrom } from '../input/ranges.js';
import type { Books } from '../settings/booksInUse.js';
import type { Command } from './command.js';
import { companyOf } from './companyOf.js';
import { sync, type LoadOfBooks } from '../jobs/load.js';
import { runLoad, runLoadOfRow } from './runLoad.js';

const words = messages.checkpoint;

interface OnCheckpoint {
  checkpoint: Checkpoint;
  asked: LoadOfBooks;
}

export const syncCheckpoint: Command<OnCheckpoint, Checkpoint> = {
  ask: ({ books }, checkpoint) => ({
    checkpoint,
    asked: { load: sync, books: books.now({ company: companyOf(checkpoint) }) },
  }),
  run: (parts, { checkpoint, asked }) => runLoadOfRow(parts, checkpoint, asked),
};

export const backfillFromCheckpoint: Command<OnCheckpoint, Checkpoint> = {
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
    return request && { checkpoint, asked: { load: { job: 'backfill', request }, books } };
  },
  run: (parts, { checkpoint, asked }) => runLoadOfRow(parts, checkpoint, asked),
};

/** Asks for a date. Before it is written, shows what the next sync would load, and asks for a confirmation. */
export const resetCheckpoint: Command<{ checkpoint: Checkpoint; books: Books }, Checkpoint> = {
  async ask(parts, checkpoint) {
    const { companyName, lastDate: now } = checkpoint;
    const books = parts.books.now();
    const { overlapDays } = await parts.books.configOf(books);
    const typed = await parts.questions.input({
      title: words.resetTitle(companyName),
      prompt: words.resetPrompt(now),
      value: '', // with a date in it, the box would show a remark on that date in place of the prompt
      check: (text) => remarkOnFrom(text, today()),
    });
    const lastDate = typed === undefined ? undefined : parseDate(typed);
    if (lastDate === undefined) return undefined;
    const detail = words.resetDetail(now, nextSyncRange(lastDate, overlapDays, today()), overlapDays);
    const question = words.confirmReset(companyName, lastDate);
    const agreed = await parts.questions.confirm(question, detail, words.resetButton());
    return agreed ? { checkpoint: { ...checkpoint, lastDate }, books } : undefined;
  },
  async run(parts, { checkpoint, books }) {
    const { companyId, companyName, stream, lastDate } = checkpoint;
    const config = await parts.books.configOf(books);
    await parts.runner.runQuietly('resetCheckpoint', { companyId, stream, lastDate }, config);
    parts.warehouse.forget();
    const next = nextSyncRange(lastDate, config.overlapDays, today());
    parts.notifier.offer('info', words.wasReset(companyName, lastDate, next), ['Sync Now'], {
      'Sync Now': () => runLoad(parts, { load: sync, books: { ...books, company: companyOf(checkpoint) } }),
    });
  },
};
