import fs from 'node:fs';
import os from 'node:os';
import * as vscode from 'vscode';
import type { DateRange } from '../../core/base/calendar.js';
import type { ExportableCompanies, ExportContent, ExportFormat, ExportRequest, ExportResult } from '../../core/core.js';
import { EtlError } from '../../core/base/errors.js';
import { exportPaths } from '../../core/exportPaths.js';
import { exportButtons, exportProgressText, exportText, exportWords as words, type Place } from './exportWords.js';
import { errorText } from '../notices/errorWords.js';
import { messages } from '../messages.js';
import { computerWithFiles } from '../notices/computerWithFiles.js';
import type { Books, GivenInvoices } from '../settings/booksInUse.js';
import { type Command, type Parts, perform } from './command.js';
import { askRangeOfBooks, givenBooks, givenRange } from './givenRange.js';

/** The answers of the user, except for the place of the file. */
interface Wanted {
  range: DateRange;
  content: ExportContent;
  format: ExportFormat;
  company: { id: string; name: string };
  books: Books;
  /** Only for the register of all invoices: which invoices, and in which order. */
  listed: Pick<ExportRequest, 'filter' | 'order'>;
}

/**
 * Writes a range of the warehouse into files of the user's choice. Asks for the range unless called with one, and for the content
 * unless called with a list of invoices.
 */
export const exportRange: Command<{ wanted: Wanted; file: vscode.Uri }> = {
  async ask(parts, argument) {
    const books = parts.books.now(givenBooks(argument));
    const config = await parts.books.configOf(books);
    // Begun now, because it takes as long as the user's first answer, and is needed only after that.
    const found = parts.runner.runQuietly('exportableCompanies', undefined, config);
    found.catch(() => undefined);
    const asked = await askRangeOfBooks(
      parts,
      argument,
      { title: words.input(), withMode: false, ofWarehouse: true },
      books,
    );
    const title = messages.of(words.input(), books.inDemo);
    const { companyId, filter, order }: Partial<GivenInvoices> = givenRange(argument) ?? {};
    const listed = { ...(filter && { filter }), ...(order && { order }) };
    const content = asked && (filter ? 'invoice_register' : await askContent(parts, title, found));
    const format = content && (await askFormat(parts, title));
    if (!asked || !content || !format) return undefined;
    const { companies, company: implied } = await found;
    const items = companies.map((company) => ({ label: company.name, company }));
    const question = { title, placeholder: words.companyQuestion(), items };
    const given = companies.find(({ id }) => id === companyId);
    const company = given ?? implied ?? (await parts.questions.pick(question))?.company;
    const { from, to } = asked.range;
    return company && askPlace(parts, { range: { from, to }, content, format, company, books, listed });
  },
  run: save,
};

async function askContent(
  { questions }: Parts,
  title: string,
  found: Promise<ExportableCompanies>,
): Promise<ExportContent | undefined> {
  const { hasLedger } = await found;
  const offered = { ...words.contents(), ...(hasLedger && words.ledgerContents()) };
  const items = Object.entries(offered).map(([content, item]) => ({
    ...item,
    content: content as ExportContent,
  }));
  return (await questions.pick({ title, placeholder: words.contentQuestion(), items }))?.content;
}

async function askFormat({ questions }: Parts, title: string): Promise<ExportFormat | undefined> {
  const items = Object.entries(words.kinds).map(([format, label]) => ({
    label: label(),
    format: format as ExportFormat,
  }));
  return (await questions.pick({ title, placeholder: words.kindQuestion(), items }))?.format;
}

async function askPlace(parts: Parts, wanted: Wanted): Promise<{ wanted: Wanted; file: vscode.Uri } | undefined> {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri;
  const file = await vscode.window.showSaveDialog({
    title: words.saveTitle(),
    saveLabel: words.save(),
    defaultUri: vscode.Uri.joinPath(
      folder ?? vscode.Uri.file(os.homedir()),
      `${words.file(wanted.content, wanted.company.name, wanted.range)}.${wanted.format}`,
    ),
    filters: { [words.kinds[wanted.format]()]: [wanted.format] },
  });
  return file && (await mayReplace(parts, file, wanted.content)) ? { wanted, file } : undefined;
}

/** Exports to a file. If the file cannot be written, the message offers Save As. */
async function save(parts: Parts, { wanted, file }: { wanted: Wanted; file: vscode.Uri }): Promise<void> {
  const { range, content, company, books, listed } = wanted;
  try {
    if (file.scheme !== 'file')
      throw new EtlError('file-not-written', words.notLocal(file.toString(true)), words.notLocalHint());
    await write(parts, { ...range, content, ...listed, company: company.id, path: file.fsPath }, books);
  } catch (thrown) {
    if (!(thrown instanceof EtlError) || thrown.code !== 'file-not-written') throw thrown;
    parts.notifier.offer('error', errorText(parts.notifier.logError(thrown)), ['Save As', 'Show Log'], {
      'Save As': () => perform(parts, { ask: () => askPlace(parts, wanted), run: save }, undefined),
    });
  }
}

/** Asks whether the file of lines beside the export may be replaced. The save dialog has asked only about its own file. */
async function mayReplace({ questions }: Parts, file: vscode.Uri, content: ExportContent): Promise<boolean> {
  const [, beside] = exportPaths(file.fsPath, content);
  if (beside === undefined || !fs.existsSync(beside)) return true;
  return questions.confirm(words.replace(beside), words.replaceDetail(file.fsPath), words.replaceButton());
}

async function write(parts: Parts, request: ExportRequest, books: Books): Promise<void> {
  const config = await parts.books.configOf(books);
  const shown = parts.statusBar.begin(words.running());
  try {
    const {
      result,
      place: from,
      text,
    } = await parts.runner.run('exportRange', request, config, {
      title: messages.of(words.title(request), books.inDemo),
      text: exportProgressText,
      onPercent: (percent = 0) => {
        shown.progress(percent);
      },
    });
    parts.log.info(text);
    conclude(parts, result, from);
  } finally {
    shown.end();
  }
}

function conclude(parts: Parts, result: ExportResult, from: string): void {
  const file = vscode.Uri.file(result.files[0]!.path);
  const place = placeOf(file);
  parts.notifier.offer(
    result.warnings.length > 0 ? 'warning' : 'info',
    exportText(result, from, place),
    exportButtons(result, place),
    {
      // The editor shows CSV. The system opens an Excel or Parquet file in the program that it has for it.
      Open: async () => {
        if (result.format === 'csv') await vscode.window.showTextDocument(file);
        else if (!(await vscode.env.openExternal(file))) await reveal(file);
      },
      'Show in Explorer': async () => {
        await vscode.commands.executeCommand('revealInExplorer', file);
      },
      'Reveal in Folder': () => reveal(file),
    },
  );
}

async function reveal(file: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('revealFileInOS', file);
}

/** The extension runs where the workspace is. In a remote or browser window that is not the user's own computer. */
function placeOf(file: vscode.Uri): Place {
  const name = computerWithFiles();
  if (name === undefined) return { state: 'here', platform: process.platform };
  return { state: 'remote', name, inExplorer: vscode.workspace.getWorkspaceFolder(file) !== undefined };
}
