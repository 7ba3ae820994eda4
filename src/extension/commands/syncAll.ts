import { companiesSynced } from '../../core/base/companiesSynced.js';
import { endOf } from '../../core/base/companyEnd.js';
import type { EtlError } from '../../core/base/errors.js';
import type { LoadAnswer } from '../jobs/jobMessages.js';
import { sync } from '../jobs/load.js';
import { messages } from '../messages.js';
import type { Button } from '../notices/buttons.js';
import { errorText } from '../notices/errorWords.js';
import { progressText, resultText } from '../view/runWords.js';
import { type LastSync, worstOf } from '../view/statusBarWords.js';
import type { Command, Parts } from './command.js';
import type { RecordedRun } from './recordedRun.js';
import { recordedLoad, showLastSync } from './runLoad.js';
import { chooseCompanies, openCompanies } from './selectCompany.js';
import { settlePlaces } from './settlePlaces.js';

/** How the syncs of several companies ended. */
export interface SyncedAll {
  synced: { company: string; answer: LoadAnswer }[];
  failed: { company: string; error: EtlError }[];
  /** The companies that were cancelled or not begun. */
  cancelled: string[];
  /** The synced and cancelled companies whose run has warnings. */
  worrying: string[];
}

type Report = (progress: { message: string }) => void;

const words = messages.syncAll;

/** Syncs the chosen companies of the user's own Tally. If none are chosen, asks which, and saves the answer. */
export const syncAll: Command<readonly string[]> = {
  async ask(parts) {
    const chosen = await parts.configuration.companies();
    if (chosen.length > 0) return chosen;
    const open = await openCompanies(parts, syncAll);
    return open && chooseCompanies(parts, open);
  },
  run: runSyncAll,
};

/** Syncs these companies under one notification, and shows how the syncs ended. */
export async function runSyncAll(parts: Parts, companies: readonly string[]): Promise<void> {
  if (!(await settlePlaces(parts))) return;
  const ended = await parts.notifier.underNotification(words.title(), (report, signal) =>
    syncEach(parts, companies, { report, signal }),
  );
  const failed = ended.failed.map(({ company }) => company);
  const { worrying } = ended;
  const text = [
    ...(ended.synced.length + failed.length > 0 ? [closingOfAll(ended)] : []),
    ...(worrying.length > 0 ? [words.worrying(worrying)] : []),
    ...(ended.cancelled.length > 0 ? [words.cancelled(ended.cancelled)] : []),
  ].join(' ');
  const buttons: Button[] = ['Show Runs', ...(failed.length > 0 ? (['Retry'] as const) : []), 'Show Log'];
  parts.notifier.offer(failed.length + worrying.length > 0 ? 'warning' : 'info', text, buttons, {
    'Show Runs': () => parts.tree.focus(),
    Retry: () => runSyncAll(parts, failed),
  });
}

/** The closing sentence, and the reason if all that failed did so for the same one. */
export function closingOfAll({ synced, failed }: SyncedAll): string {
  const closing = companiesSynced(
    synced.map(({ answer }) => answer.result.company.name),
    failed.map(({ company }) => company),
  );
  const [reason, ...others] = new Set(
    failed.map(({ error: { message, setting } }) => errorText({ message, setting, hint: '' })),
  );
  return reason === undefined || others.length > 0 ? closing : `${closing} ${reason}`;
}

/**
 * Syncs one company after the other, because Tally serves one request at a time. Each sync is a run with a row in the view.
 * If a sync fails, or is cancelled on its row, the others go on; `signal` cancels all. At the end the status bar shows one
 * of them: the first that failed or is not proven, else the first that was cancelled, else the last. It leaves out
 * companies that another run has locked. Throws `config` before the first company if the configuration cannot be read.
 */
export async function syncEach(
  parts: Parts,
  companies: readonly string[],
  { report, signal }: { report?: Report; signal?: AbortSignal } = {},
): Promise<SyncedAll> {
  const ended: SyncedAll = { synced: [], failed: [], cancelled: [], worrying: [] };
  await parts.books.configOf({ inDemo: false });
  const ends: LastSync[] = [];
  for (const [n, company] of companies.entries()) {
    const at = new Date().toISOString();
    const { result: answer, error } = await endOf(signal, async () => {
      const books = { inDemo: false, company };
      // Read for each company: the settings or the .env may have changed since the first one.
      const config = await parts.books.configOf(books);
      const work = ({ onPercent, signal: ofRow }: RecordedRun): Promise<LoadAnswer> =>
        parts.runner.runQuietly('sync', undefined, config, {
          signal: signal ? AbortSignal.any([signal, ofRow]) : ofRow,
          onProgress: (progress, percent) => {
            onPercent(percent);
            report?.({ message: words.now(company, n + 1, companies.length, progressText(progress, percent)) });
          },
        });
      return recordedLoad(parts, { load: sync, books }, config, work, () => undefined);
    });
    if (answer) {
      const { worrying } = resultText(answer);
      parts.log[worrying ? 'warn' : 'info'](answer.text);
      if (worrying) ended.worrying.push(company);
      ended.synced.push({ company, answer });
      const { notProven } = answer.result;
      ends.push({ state: notProven === null ? 'ok' : 'error', at, company, error: notProven });
    } else if (error.code === 'cancelled') {
      ended.cancelled.push(company);
      if (error.warnings.length > 0) {
        parts.notifier.logError(error);
        ended.worrying.push(company);
      }
      ends.push({ state: 'cancelled', at, company, error: null });
    } else {
      ended.failed.push({ company, error });
      if (error.code === 'locked') continue; // another run is loading this company, so the status bar does not show it
      ends.push({ state: 'error', at, company, error: errorText(parts.notifier.logError(error)) });
    }
  }
  const worst = worstOf(ends);
  if (worst) showLastSync(parts, { inDemo: false }, { ...worst, endOfAll: new Date().toISOString() });
  return ended;
}
