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
 * Loads Day Books and masters that were exported from Tally's screen: files selected in the Explorer, or asked for.
 * The files are the user's own, so they go into the user's own warehouse, also while the demo company runs.
 */
export const backfillFromFile: Command<string[]> = {
  async ask({ notifier }, clicked, selected) {
    const uris = clicked instanceof vscode.Uri ? selectedWith(clicked, selected) : await askFiles();
    if (uris.length === 0) return undefined;
    // The scheme `file` means the machine of the extension host, in a remote window too. Only its files can be read.
    const elsewhere = uris.find(({ scheme }) => scheme !== 'file');
    if (!elsewhere) return uris.map(({ fsPath }) => fsPath);
    notifier.offer('warning', words.notLocal(path.posix.basename(elsewhere.path)), []);
    return undefined;
  },
  run: (parts, files) => perform(parts, { ask: () => askRangeOfFiles(parts, files), run: runLoad }, undefined),
};

/** The Explorer passes the clicked row. If that row is selected, `selected` has all selected rows. */
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

/** Reads which days the files have, then asks for the range. Undefined: the user left. */
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
