import * as vscode from 'vscode';
import { today } from '../../core/base/calendar.js';
import { nextSyncRange } from '../../core/base/syncRange.js';
import type { Checkpoint } from '../../core/core.js';
import { messages } from '../messages.js';
import { askRange } from '../input/rangeInput.js';
import { remarkOnFrom } from '../input/ranges.js';
import { back, input } from '../input/quickInput.js';
import type { Parts } from './parts.js';
import { companyOf } from './companyOf.js';
import { runLoad, sync } from './runLoad.js';

export async function syncCheckpoint(parts: Parts, checkpoint: Checkpoint): Promise<void> {
  const books = parts.books.now({ company: companyOf(checkpoint) });
  await parts.notifier.attempt(() => runLoad(parts, sync, books));
}

export async function backfillFromCheckpoint(parts: Parts, checkpoint: Checkpoint): Promise<void> {
  const books = parts.books.now({ company: companyOf(checkpoint) });
  const to = today();
  const from = checkpoint.lastDate < to ? checkpoint.lastDate : to;
  const request = await askRange({
    title: messages.of(messages.backfillInput(), books.inDemo),
    today: to,
    first: [{ label: messages.checkpoint.here(), range: { from, to } }],
    withMode: true,
  });
  if (request) await parts.notifier.attempt(() => runLoad(parts, { job: 'backfill', request }, books));
}

/** Shows what the next sync would load before anything is written. */
export async function resetCheckpoint(parts: Parts, checkpoint: Checkpoint): Promise<void> {
  const words = messages.checkpoint;
  const { companyId, companyName, stream, lastDate: now } = checkpoint;
  const config = await parts.books.configOf(parts.books.now());
  const lastDate = await input({
    title: words.resetTitle(stream),
    prompt: words.resetPrompt(now),
    value: now,
    check: (text) => remarkOnFrom(text, today()),
  });
  if (lastDate === undefined || lastDate === back) return;
  const next = nextSyncRange(lastDate, config.overlapDays, today());
  const question = words.confirmReset(stream, companyName, lastDate);
  const detail = words.resetDetail(now, next, config.overlapDays);
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, words.resetButton());
  if (answer !== words.resetButton()) return;
  await parts.runner.runQuietly('resetCheckpoint', { companyId, stream, lastDate }, config);
  parts.warehouse.forget();
  parts.notifier.offer('info', words.wasReset(stream, lastDate, next), ['Sync Now'], {
    'Sync Now': () => syncCheckpoint(parts, checkpoint),
  });
}
