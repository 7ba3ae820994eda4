import path from 'node:path';
import * as vscode from 'vscode';
import { today } from '../../core/base/calendar.js';
import { messages } from '../messages.js';
import { askRange } from '../input/rangeInput.js';
import type { RangePreset } from '../input/ranges.js';
import type { Parts } from './parts.js';
import { runLoad } from './runLoad.js';

const words = messages.file;

/**
 * Loads Day Books that were exported on Tally's screen, with the masters that explain them: the files selected in the
 * Explorer, or those that are asked for. Files are the user's own, so they go into their own warehouse, also while the demo
 * company runs.
 */
export async function backfillFromFile(parts: Parts, clicked?: unknown, selected?: unknown): Promise<void> {
  const uris = clicked instanceof vscode.Uri ? selectedWith(clicked, selected) : await askFiles();
  if (uris.length === 0) return;
  // What the extension host calls `file` is on the host's own machine, in a remote window too.
  const elsewhere = uris.find(({ scheme }) => scheme !== 'file');
  if (elsewhere) {
    parts.notifier.offer('warning', words.notLocal(path.posix.basename(elsewhere.path)), []);
    return;
  }
  await parts.notifier.attempt(() =>
    load(
      parts,
      uris.map(({ fsPath }) => fsPath),
    ),
  );
}

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

async function load(parts: Parts, files: string[]): Promise<void> {
  const name = words.names(files.map((file) => path.basename(file)));
  const config = await parts.books.configOf({ inDemo: false });
  const { company, vouchers, from, to } = await parts.runner.run('describeFiles', { files }, config, {
    title: words.reading(name),
    text: (progress, percent = 0) => words.counted(progress.vouchers, percent),
  });
  const everything: RangePreset[] =
    from === undefined || to === undefined
      ? []
      : [{ label: words.everything(vouchers, files.length), range: { from, to } }];
  const range = await askRange({
    title: words.input(name, company.name),
    today: today(),
    first: everything,
    onlyFirst: true,
    withMode: true,
  });
  // Retry must not ask again, so the run is an attempt of its own.
  if (range)
    await parts.notifier.attempt(() =>
      runLoad(parts, { job: 'backfill', request: { ...range, files } }, { inDemo: false }),
    );
}
