import * as vscode from 'vscode';
import type { LoggedRun } from '../../core/core.js';
import { inEditorWords, messages } from '../messages.js';
import type { Session } from '../session.js';
import { companyOf } from './companyOf.js';
import { type Load, runLoad, sync } from './runLoad.js';

export async function showRunDetails(session: Session, run: LoggedRun): Promise<void> {
  await session.runDetails.show(run);
}

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
  session.offer('info', messages.tree.errorCopied, []);
}
