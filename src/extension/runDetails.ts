import * as vscode from 'vscode';
import type { LoggedRun } from '../core/core.js';
import { messages } from './messages.js';
import { runDetails, runLabel } from './warehouseWords.js';

const scheme = 'tally-run';

/** Read-only documents with what is on record of a run. A row of etl_logs never changes, so neither does its document. */
export class RunDetails implements vscode.TextDocumentContentProvider {
  private readonly texts = new Map<string, string>();

  register(): vscode.Disposable {
    return vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  }

  provideTextDocumentContent({ query }: vscode.Uri): string {
    return this.texts.get(query) ?? messages.tree.runGone; // an editor of an earlier window
  }

  async show(run: LoggedRun): Promise<void> {
    this.texts.set(run.runId, runDetails(run));
    const uri = vscode.Uri.from({ scheme, path: `/${runLabel(run)}.txt`, query: run.runId });
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }
}
