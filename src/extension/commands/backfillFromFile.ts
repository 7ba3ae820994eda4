import path from 'node:path';
import * as vscode from 'vscode';
import { today } from '../../core/base/calendar.js';
import { messages } from '../messages.js';
import type { RangePreset } from '../input/ranges.js';
import { type Command, type Parts, perform } from './command.js';
import { type LoadOfBooks } from '../jobs/load.js';
import { runLoad } from './runLoad.js';

const words = messages.file;

/**
 * Loads Day Books exported from Tally's screen, with their masters: files selected in the Explorer, or asked for.
 * They are the user's own, so they go into the user's own warehouse, also while the demo company runs.
 */
export const backfillFromFile: Command<string[]> = {
  async ask({ notifier }, clicked, selected) {
    const uris = clicked instanceof vscode.Uri ? selectedWith(clicked, selected) : await askFiles();
    if (uris.length === 0) return undefined;
    // What the extension host calls `file` is on the host's own machine, in a remote window too.
    const elsewhere = uris.find(({ scheme }) => scheme !== 'file');
    if (!elsewhere) return uris.map(({ fsPath }) => fsPath);
    notifier.offer('warning', words.notLocal(path.posix.basename(elsewhere.path)), []);
    return undefined;
  },
  run: (parts, files) => perform(parts, { ask: () => askRangeOfFiles(parts, files), run: runLoad }, undefined),
};

/** The Explorer hands over the row that was clicked, and all that are selected where it is one of them. */
function selectedWith(clicked: vscode.Uri, selected: unknown): vscode.Uri[] {
  const all = Array.isArray(selected) ? selected.filter((one) => one instanceof vscode.Uri) : [];
  return all.length > 0 ? all : [clicked];
}

async function askFiles(): Promise<vscode.Uri[]> {
  const chosen = await vscode.window.showOpenDialog({
    title: words.choose(),
    openLabel: words.open(),
    canSelectMany: true,
    filters: { [words.kind()]: ['xml', 'XML'] },
  });
  return chosen ?? [];
}

/** The range is asked for when it is known which days the files have. */
async function askRangeOfFiles(parts: Parts, files: string[]): Promise<LoadOfBooks | undefined> {
  const name = words.names(files.map((file) => path.basename(file)));
  const books = { inDemo: false };
  const config = await parts.books.configOf(books);
  const { company, vouchers, from, to } = await parts.runner.run('describeFiles', { files }, config, {
    title: words.reading(name),
    text: (progress, percent = 0) => words.counted(progress.vouchers, percent),
  });
  const everything: RangePreset[] =
    from === undefined || to === undefined
      ? []
      : [{ label: words.everything(vouchers, files.length), range: { from, to } }];
  const range = await parts.questions.range({
    title: words.input(name, company.name),
    today: today(),
    first: everything,
    onlyFirst: true,
    withMode: true,
  });
  return range && { load: { job: 'backfill', request: { ...range, files } }, books };
}
