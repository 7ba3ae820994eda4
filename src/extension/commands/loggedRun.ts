import * as vscode from 'vscode';
import type { LoggedRun } from '../../core/core.js';
import { asEtlError } from '../../core/base/errors.js';
import { errorText, inEditorWords } from '../notices/errorWords.js';
import { messages } from '../messages.js';
import type { Session } from '../session.js';
import { runDetails, runTitle } from '../view/warehouseWords.js';
import { companyOf } from './companyOf.js';
import { type Load, runLoad, sync } from './runLoad.js';

export async function showRunDetails(session: Session, run: LoggedRun): Promise<void> {
  const rejected = run.rejected > 0 ? await rejectsOf(session, run) : undefined;
  await session.documents.show({ title: runTitle(run), key: run.runId, text: runDetails(run, rejected) });
}

/** What a run could not read, as far as it still stands so; that it cannot be had now keeps nobody from the rest. */
async function rejectsOf(session: Session, { runId, rejected }: LoggedRun): Promise<string> {
  try {
    const config = await session.configFor(session.demo.running !== undefined);
    return (await session.runQuietly('rejects', { runId, limit: shownRejects, ofRun: rejected }, config)).text;
  } catch (thrown) {
    const error = asEtlError(thrown);
    session.logError(error);
    return messages.rejects.notAtHand(errorText(error));
  }
}

const shownRejects = 20;

/** A sync syncs from where its checkpoint stands by now; any other run loads its own range again. */
export async function runAgain(session: Session, run: LoggedRun): Promise<void> {
  const inDemo = session.demo.running !== undefined;
  const { command, from, to } = run;
  const load: Load =
    command === 'sync' || from === null || to === null ? sync : { job: 'backfill', request: { from, to } };
  await session.attempt(() => runLoad(session, load, { inDemo, company: companyOf(run) }));
}

export async function copyRunError(session: Session, run: LoggedRun): Promise<void> {
  if (run.error === null) return;
  await vscode.env.clipboard.writeText(`${run.errorCode ?? 'error'}: ${inEditorWords(run.error)}`);
  session.offer('info', messages.tree.errorCopied(), []);
}
