import * as vscode from 'vscode';
import { today } from '../../core/base/calendar.js';
import { nextSyncRange } from '../../core/base/syncRange.js';
import type { Checkpoint } from '../../core/core.js';
import { messages } from '../messages.js';
import { askRange } from '../input/rangeInput.js';
import { remarkOnFrom } from '../input/ranges.js';
import { back, input } from '../input/quickInput.js';
import type { Session } from '../session.js';
import { companyOf } from './companyOf.js';
import { runLoad, sync } from './runLoad.js';

export async function syncCheckpoint(session: Session, checkpoint: Checkpoint): Promise<void> {
  const inDemo = session.demo.running !== undefined;
  await session.attempt(() => runLoad(session, sync, { inDemo, company: companyOf(checkpoint) }));
}

export async function backfillFromCheckpoint(session: Session, checkpoint: Checkpoint): Promise<void> {
  const inDemo = session.demo.running !== undefined;
  const to = today();
  const from = checkpoint.lastDate < to ? checkpoint.lastDate : to;
  const request = await askRange({
    title: messages.of(messages.backfillInput(), inDemo),
    today: to,
    first: [{ label: messages.checkpoint.here(), range: { from, to } }],
    withMode: true,
  });
  const books = { inDemo, company: companyOf(checkpoint) };
  if (request) await session.attempt(() => runLoad(session, { job: 'backfill', request }, books));
}

/** Shows what the next sync would load before anything is written. */
export async function resetCheckpoint(session: Session, checkpoint: Checkpoint): Promise<void> {
  const words = messages.checkpoint;
  const { companyId, companyName, stream, lastDate: now } = checkpoint;
  const config = await session.configFor(session.demo.running !== undefined);
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
  await session.runQuietly('resetCheckpoint', { companyId, stream, lastDate }, config);
  session.warehouse.forget();
  session.offer('info', words.wasReset(stream, lastDate, next), ['Sync Now'], {
    'Sync Now': () => syncCheckpoint(session, checkpoint),
  });
}
