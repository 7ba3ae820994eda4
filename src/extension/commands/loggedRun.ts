import * as vscode from 'vscode';
import type { LoggedRun } from '../../core/core.js';
import { type Load, type LoadOfBooks, sync } from '../jobs/load.js';
import { errorText, inEditorWords } from '../notices/errorWords.js';
import { messages } from '../messages.js';
import type { OwnRun } from '../view/runHistory.js';
import type { RunNode } from '../view/treeNodes.js';
import { runDetails, runTitle } from '../view/warehouseWords.js';
import type { Command, Parts } from './command.js';
import { companyOf } from './companyOf.js';
import { runCommand } from './runCommand.js';
import { runLoad } from './runLoad.js';

/** A run in the view: a row of the warehouse's log, or a run of this window. */
type ShownRun = RunNode | OwnRun;

export const openReport: Command<OwnRun, OwnRun> = {
  ask: (_, run) => run,
  async run({ documents }, { outcome }) {
    if (outcome) await documents.show(outcome.document);
  },
};

export const showRunDetails: Command<RunNode, RunNode> = {
  ask: (_, node) => node,
  async run(parts, { run }) {
    const rejected = run.rejected > 0 ? await rejectsOf(parts, run) : undefined;
    await parts.documents.show({ title: runTitle(run), key: run.runId, text: runDetails(run, rejected) });
  },
};

/** Lists the vouchers that a run rejected and that are still rejected. If the warehouse cannot be read, says so. */
async function rejectsOf({ books, runner, notifier }: Parts, { runId, rejected }: LoggedRun): Promise<string> {
  try {
    const config = await books.configOf(books.now());
    return await runner.runQuietly('rejects', { runId, limit: shownRejects, ofRun: rejected }, config);
  } catch (thrown) {
    return messages.rejects.notAtHand(errorText(notifier.logError(thrown)));
  }
}

const shownRejects = 20;

/**
 * Runs a row of the view again. For a row of the log its range is backfilled, so the checkpoint stays; a row without a
 * range becomes a sync. A run of this window is repeated with the same request.
 */
export const runAgain: Command<LoadOfBooks | { command: OwnRun['again'] }, ShownRun> = {
  ask({ books }, shown) {
    if (shown.kind === 'ownRun') return { command: shown.again };
    const { from, to } = shown.run;
    const load: Load = from !== null && to !== null ? { job: 'backfill', request: { from, to } } : sync;
    return { load, books: books.now({ company: companyOf(shown.run) }) };
  },
  async run(parts, asked) {
    if ('load' in asked) return runLoad(parts, asked);
    const { command: again } = asked;
    if ('verify' in again) return runCommand('tally.verifyRange', again.verify);
    const { load, books } = again.load;
    // The command asks for a confirmation each time.
    if (load.job === 'clearAndReload') return runCommand('tally.clearAndReloadRange', { ...load.request, ...books });
    return runLoad(parts, again.load);
  },
};

export const copyRunError: Command<ShownRun, ShownRun> = {
  ask: (_, run) => run,
  async run({ notifier }, shown) {
    const text = shown.kind === 'ownRun' ? ownError(shown) : loggedError(shown.run);
    if (text === undefined) return;
    await vscode.env.clipboard.writeText(text);
    notifier.offer('info', messages.tree.errorCopied(), []);
  },
};

const loggedError = ({ error, errorCode }: LoggedRun): string | undefined =>
  error === null ? undefined : `${errorCode ?? 'error'}: ${inEditorWords(error)}`;

const ownError = ({ status, outcome }: OwnRun): string | undefined =>
  status === 'error' ? `${outcome!.errorCode ?? 'error'}: ${outcome!.concerns.join(' ')}` : undefined;

export const cancelRun: Command<OwnRun, OwnRun> = {
  ask: (_, run) => run,
  run({ history }, run) {
    history.cancel(run);
  },
};

export const dismissRun: Command<OwnRun, OwnRun> = {
  ask: (_, run) => run,
  run({ history }, run) {
    history.dismiss(run);
  },
};
