import * as vscode from 'vscode';
import { today } from '../../core/base/calendar.js';
import type { ClearAndReloadRequest } from '../../core/core.js';
import { EtlError } from '../../core/base/errors.js';
import { messages } from '../messages.js';
import { askRange } from '../input/rangeInput.js';
import type { Books } from '../settings/booksInUse.js';
import type { Parts } from './parts.js';
import { warehousePlace } from '../settings/warehouseUrl.js';
import { givenRange } from './givenRange.js';
import { runLoad } from './runLoad.js';

/** Asks for a range unless it is called with one; for a confirmation always. */
export async function clearAndReloadRange(parts: Parts, argument?: unknown): Promise<void> {
  const given = givenRange(argument);
  const books = parts.books.now(given);
  const request: ClearAndReloadRequest | undefined = given
    ? { from: given.from, to: given.to }
    : await askRange({
        title: messages.of(messages.reloadInput(), books.inDemo),
        today: today(),
        first: parts.demo.presets(),
        withMode: true,
      });
  if (!request) return;
  const config = await parts.books.configOf(books);
  const company = config.company === undefined ? messages.reload.theOpenCompany() : `“${config.company}”`;
  const detail = messages.reload.detail(warehousePlace(config.dbUrl), request.dayByDay ?? false);
  const agreed = await confirm(messages.reload.confirm(request, company), detail, messages.reload.button());
  // Retry must ask for nothing again, so the run is an attempt of its own.
  if (agreed) await parts.notifier.attempt(() => reload(parts, request, books));
}

/** A result that looks like a mistake is shown with its counts, and loaded only when the user says so. */
async function reload(parts: Parts, request: ClearAndReloadRequest, books: Books): Promise<void> {
  try {
    await runLoad(parts, { job: 'clearAndReload', request }, books);
  } catch (error) {
    if (!(error instanceof EtlError) || error.code !== 'guard') throw error;
    parts.log.warn(`${error.code}: ${error.message}`);
    if (await confirm(error.message, messages.reload.guardDetail(), messages.reload.anyway()))
      await parts.notifier.attempt(() =>
        runLoad(parts, { job: 'clearAndReload', request: { ...request, force: true } }, books),
      );
  }
}

async function confirm(question: string, detail: string, button: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, button)) === button;
}
