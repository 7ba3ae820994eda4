import * as vscode from 'vscode';
import { today } from '../../core/calendar.js';
import type { ClearAndReloadRequest } from '../../core/core.js';
import { EtlError } from '../../core/errors.js';
import { messages } from '../messages.js';
import { askRange } from '../rangeInput.js';
import type { Session } from '../session.js';
import { warehousePlace } from '../warehouseUrl.js';
import { runLoad } from './runLoad.js';

export async function clearAndReloadRange(session: Session): Promise<void> {
  const inDemo = session.demo.running !== undefined;
  const request = await askRange({
    title: messages.of(messages.reloadInput, inDemo),
    today: today(),
    first: session.demo.presets(),
    withMode: true,
  });
  if (!request) return;
  const config = await session.configFor(inDemo);
  const company = config.company === undefined ? messages.reload.theOpenCompany : `“${config.company}”`;
  const detail = messages.reload.detail(warehousePlace(config.dbUrl), request.dayByDay);
  const agreed = await confirm(messages.reload.confirm(request, company), detail, messages.reload.button);
  // Retry must ask for nothing again, so the run is an attempt of its own.
  if (agreed) await session.attempt(() => reload(session, request, inDemo));
}

/** A result that looks like a mistake is shown with its counts, and loaded only when the user says so. */
async function reload(session: Session, request: ClearAndReloadRequest, inDemo: boolean): Promise<void> {
  try {
    await runLoad(session, { job: 'clearAndReload', request }, { inDemo });
  } catch (error) {
    if (!(error instanceof EtlError) || error.code !== 'guard') throw error;
    session.log.warn(`${error.code}: ${error.message}`);
    if (await confirm(error.message, messages.reload.guardDetail, messages.reload.anyway))
      await session.attempt(() =>
        runLoad(session, { job: 'clearAndReload', request: { ...request, force: true } }, { inDemo }),
      );
  }
}

async function confirm(question: string, detail: string, button: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, button)) === button;
}
