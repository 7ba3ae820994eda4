import path from 'node:path';
import * as vscode from 'vscode';
import { today } from '../../core/calendar.js';
import { messages } from '../messages.js';
import { askRange } from '../rangeInput.js';
import type { RangePreset } from '../ranges.js';
import type { Session } from '../session.js';
import { runLoad } from './runLoad.js';

const words = messages.file;

/**
 * Loads a Day Book that was exported on Tally's screen: the file clicked in the Explorer, or one that is asked for. A file
 * is the user's own, so it goes into their own warehouse, also while the demo company runs.
 */
export async function backfillFromFile(session: Session, resource?: unknown): Promise<void> {
  const uri = resource instanceof vscode.Uri ? resource : await askFile();
  if (!uri) return;
  // What the extension host calls `file` is on the host's own machine, in a remote window too.
  if (uri.scheme !== 'file') {
    session.offer('warning', words.notLocal(path.posix.basename(uri.path)), []);
    return;
  }
  await session.attempt(() => load(session, uri.fsPath));
}

async function askFile(): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: words.choose,
    openLabel: words.open,
    filters: { [words.kind]: ['xml', 'XML'] },
  });
  return chosen?.[0];
}

async function load(session: Session, file: string): Promise<void> {
  const name = path.basename(file);
  const config = await session.configFor(false);
  let shown = 0;
  const { company, vouchers, from, to } = await session.run(
    'describeFile',
    { file },
    config,
    words.reading(name),
    (progress, notification) => {
      const percent = Math.floor((progress.fraction ?? 0) * 100);
      notification.report({ message: words.counted(progress.vouchers, percent), increment: percent - shown });
      shown = percent;
    },
  );
  const everything: RangePreset[] =
    from === undefined || to === undefined ? [] : [{ label: words.everything(vouchers), range: { from, to } }];
  const range = await askRange({
    title: words.input(name, company.name),
    today: today(),
    first: everything,
    onlyFirst: true,
    withMode: true,
  });
  // Retry must not ask again, so the run is an attempt of its own.
  if (range)
    await session.attempt(() => runLoad(session, { job: 'backfill', request: { ...range, file } }, { inDemo: false }));
}
