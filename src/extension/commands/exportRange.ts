import fs from 'node:fs';
import os from 'node:os';
import * as vscode from 'vscode';
import { today, type DateRange } from '../../core/base/calendar.js';
import type { ExportContent, ExportRequest, ExportResult } from '../../core/core.js';
import { asEtlError, EtlError } from '../../core/base/errors.js';
import { exportPaths } from '../../core/exportPaths.js';
import { exportButtons, exportProgressText, exportText, exportWords as words, type Place } from './exportWords.js';
import { errorText } from '../notices/errorWords.js';
import { messages } from '../messages.js';
import { back, pick } from '../input/quickInput.js';
import { askRange } from '../input/rangeInput.js';
import type { Books } from '../settings/booksInUse.js';
import type { Parts } from './parts.js';
import { givenRange } from './givenRange.js';

/** What is exported, as it was asked for; only the place is missing. */
interface Wanted extends DateRange {
  content: ExportContent;
  company: { id: string; name: string };
}

/** Writes a range of the warehouse into files of the user's choice; asks for the range unless it is called with one. */
export async function exportRange(parts: Parts, argument?: unknown): Promise<void> {
  const given = givenRange(argument);
  const books = parts.books.now(given);
  const config = await parts.books.configOf(books);
  // It takes as long as a first answer of the user, and is not needed before.
  const asked = parts.runner.runQuietly('exportableCompanies', undefined, config);
  asked.catch(() => undefined);
  const title = messages.of(words.input(), books.inDemo);
  const range = given ?? (await askRange({ title, today: today(), first: parts.demo.presets(), withMode: false }));
  const content = range && (await askContent(title));
  if (!range || !content) return;
  const { companies, company: implied } = await asked;
  const company = implied ?? (await askCompany(title, companies));
  if (company) await saveTo(parts, { from: range.from, to: range.to, content, company }, books);
}

async function askContent(title: string): Promise<ExportContent | undefined> {
  const items = Object.entries(words.contents()).map(([content, item]) => ({
    ...item,
    content: content as ExportContent,
  }));
  const answer = await pick({ title, placeholder: words.contentQuestion(), items });
  return answer === back ? undefined : answer?.content;
}

async function askCompany(title: string, companies: Wanted['company'][]): Promise<Wanted['company'] | undefined> {
  const items = companies.map((company) => ({ label: company.name, company }));
  const answer = await pick({ title, placeholder: words.companyQuestion(), items });
  return answer === back ? undefined : answer?.company;
}

/** Asks where to, and exports there; a place that cannot be written is asked for anew. */
async function saveTo(parts: Parts, wanted: Wanted, books: Books): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri;
  const file = await vscode.window.showSaveDialog({
    title: words.saveTitle(),
    saveLabel: words.save(),
    defaultUri: vscode.Uri.joinPath(
      folder ?? vscode.Uri.file(os.homedir()),
      `${words.file(wanted.content, wanted.company.name, wanted)}.csv`,
    ),
    filters: { [words.kinds.csv()]: ['csv'], [words.kinds.parquet()]: ['parquet'] },
  });
  if (!file || !(await mayReplace(file, wanted.content))) return;
  const { company, ...range } = wanted;
  // Retry must not ask again, so the export is an attempt of its own.
  await parts.notifier.attempt(async () => {
    try {
      if (file.scheme !== 'file')
        throw new EtlError('file-not-written', words.notLocal(file.toString(true)), words.notLocalHint());
      await write(parts, { ...range, company: company.id, path: file.fsPath }, books);
    } catch (thrown) {
      const error = asEtlError(thrown);
      if (error.code !== 'file-not-written') throw thrown;
      parts.notifier.logError(error);
      parts.notifier.offer('error', errorText(error), ['Save As…', 'Show Log'], {
        'Save As…': () => saveTo(parts, wanted, books),
      });
    }
  });
}

/** The dialog has asked for the file that it names, not for the one beside it. */
async function mayReplace(file: vscode.Uri, content: ExportContent): Promise<boolean> {
  const [, beside] = exportPaths(file.fsPath, content);
  if (beside === undefined || !fs.existsSync(beside)) return true;
  const detail = words.replaceDetail(file.fsPath);
  const answer = await vscode.window.showWarningMessage(
    words.replace(beside),
    { modal: true, detail },
    words.replaceButton(),
  );
  return answer === words.replaceButton();
}

async function write(parts: Parts, request: ExportRequest, books: Books): Promise<void> {
  const config = await parts.books.configOf(books);
  const shown = parts.statusBar.begin(words.running());
  try {
    const { result, text } = await parts.runner.run('exportRange', request, config, {
      title: messages.of(words.title(request), books.inDemo),
      text: exportProgressText,
      onPercent: (percent = 0) => {
        shown.progress(percent);
      },
    });
    parts.log.info(text);
    conclude(parts, result);
  } finally {
    shown.end();
  }
}

function conclude(parts: Parts, result: ExportResult): void {
  const place = placeOfFiles();
  const file = vscode.Uri.file(result.files[0]!.path);
  parts.notifier.offer(
    result.warnings.length > 0 ? 'warning' : 'info',
    exportText(result, place),
    exportButtons(result, place),
    {
      // In the editor: what the system opens a file with may be anything, and its name is the user's.
      Open: async () => {
        await vscode.window.showTextDocument(file);
      },
      'Reveal in Folder': async () => {
        await vscode.commands.executeCommand('revealFileInOS', file);
      },
    },
  );
}

/** The extension runs where the workspace is; its files are this computer's only in a window that is connected to no other. */
function placeOfFiles(): Place {
  const { remoteName, uiKind } = vscode.env;
  if (remoteName === undefined && uiKind === vscode.UIKind.Desktop) return { state: 'here' };
  return { state: 'remote', name: remoteName ?? os.hostname() };
}
