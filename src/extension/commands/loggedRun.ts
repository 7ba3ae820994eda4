import * as vscode from 'vscode';
import type { LoggedRun } from '../../core/core.js';
import { errorText, inEditorWords } from '../notices/errorWords.js';
import { messages } from '../messages.js';
import { runDetails, runTitle } from '../view/warehouseWords.js';
import type { Command, Parts } from './command.js';
import { companyOf } from './companyOf.js';
import { type Load, runLoad, sync, type LoadOfBooks } from './runLoad.js';

export const showRunDetails: Command<LoggedRun, LoggedRun> = {
  ask: (_, run) => run,
  async run(parts, run) {
    const rejected = run.rejected > 0 ? await rejectsOf(parts, run) : undefined;
    await parts.documents.show({ title: runTitle(run), key: run.runId, text: runDetails(run, rejected) });
  },
};

/** The vouchers that a run rejected and that are still rejected. If they cannot be read now, a text that says so. */
async function rejectsOf({ books, runner, notifier }: Parts, { runId, rejected }: LoggedRun): Promise<string> {
  try {
    const config = await books.configOf(books.now());
    return await runner.runQuietly('rejects', { runId, limit: shownRejects, ofRun: rejected }, config);
  } catch (thrown) {
    return messages.rejects.notAtHand(errorText(notifier.logError(thrown)));
  }
}

const shownRejects = 20;

/** A sync, or a run without a range, runs again as a sync from the present checkpoint; any other as a backfill. */
export const runAgain: Command<LoadOfBooks, LoggedRun> = {
  ask({ books }, run) {
    const { command, from, to } = run;
    const again = command !== 'sync' && from !== null && to !== null;
    const load: Load = again ? { job: 'backfill', request: { from, to } } : sync;
    return { load, books: books.now({ company: companyOf(run) }) };
  },
  run: runLoad,
};

export const copyRunError: Command<LoggedRun, LoggedRun> = {
  ask: (_, run) => run,
  async run({ notifier }, { error, errorCode }) {
    if (error === null) return;
    await vscode.env.clipboard.writeText(`${errorCode ?? 'error'}: ${inEditorWords(error)}`);
    notifier.offer('info', messages.tree.errorCopied(), []);
  },
};
