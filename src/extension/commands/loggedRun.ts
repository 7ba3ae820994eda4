import * as vscode from 'vscode';
import type { LoggedRun } from '../../core/core.js';
import { asEtlError } from '../../core/base/errors.js';
import { errorText, inEditorWords } from '../notices/errorWords.js';
import { messages } from '../messages.js';
import type { Parts } from './parts.js';
import { runDetails, runTitle } from '../view/warehouseWords.js';
import { companyOf } from './companyOf.js';
import { type Load, runLoad, sync } from './runLoad.js';

export async function showRunDetails(parts: Parts, run: LoggedRun): Promise<void> {
  const rejected = run.rejected > 0 ? await rejectsOf(parts, run) : undefined;
  await parts.documents.show({ title: runTitle(run), key: run.runId, text: runDetails(run, rejected) });
}

/** What a run could not read, as far as it still stands so; that it cannot be had now keeps nobody from the rest. */
async function rejectsOf(parts: Parts, { runId, rejected }: LoggedRun): Promise<string> {
  try {
    const config = await parts.books.configOf(parts.books.now());
    return (await parts.runner.runQuietly('rejects', { runId, limit: shownRejects, ofRun: rejected }, config)).text;
  } catch (thrown) {
    const error = asEtlError(thrown);
    parts.notifier.logError(error);
    return messages.rejects.notAtHand(errorText(error));
  }
}

const shownRejects = 20;

/** A sync syncs from where its checkpoint stands by now; any other run loads its own range again. */
export async function runAgain(parts: Parts, run: LoggedRun): Promise<void> {
  const { command, from, to } = run;
  const load: Load =
    command === 'sync' || from === null || to === null ? sync : { job: 'backfill', request: { from, to } };
  const books = parts.books.now({ company: companyOf(run) });
  await parts.notifier.attempt(() => runLoad(parts, load, books));
}

export async function copyRunError(parts: Parts, run: LoggedRun): Promise<void> {
  if (run.error === null) return;
  await vscode.env.clipboard.writeText(`${run.errorCode ?? 'error'}: ${inEditorWords(run.error)}`);
  parts.notifier.offer('info', messages.tree.errorCopied(), []);
}
