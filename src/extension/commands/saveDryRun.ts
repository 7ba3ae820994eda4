import os from 'node:os';
import * as vscode from 'vscode';
import type { JobResult } from '../../core/core.js';
import { messages } from '../messages.js';
import type { Parts } from './command.js';

const words = messages.dryRun;

/** Writes the report of a dry run into a file of the user's choice. */
export async function saveDryRun(parts: Parts, result: JobResult, report: string): Promise<void> {
  const { log, notifier } = parts;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(os.homedir());
  const file = await vscode.window.showSaveDialog({
    title: words.save(),
    defaultUri: vscode.Uri.joinPath(folder, `${words.file(result.company.name, result)}.txt`),
    filters: { [words.kind()]: ['txt'] },
  });
  if (!file) return;
  const place = file.scheme === 'file' ? file.fsPath : file.toString(true);
  try {
    await vscode.workspace.fs.writeFile(file, Buffer.from(report, 'utf8'));
  } catch (thrown) {
    const text = words.notSaved(place, thrown instanceof Error ? thrown.message : String(thrown));
    log.error(text);
    notifier.offer('error', text, ['Save As…', 'Show Log'], { 'Save As…': () => saveDryRun(parts, result, report) });
    return;
  }
  notifier.offer('info', words.saved(place), []);
}
