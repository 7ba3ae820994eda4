import * as vscode from 'vscode';
import { runLoad, runQuietSync } from '../commands/runLoad.js';
import { closingOfAll, runSyncAll, syncEach } from '../commands/syncAll.js';
import { sync } from '../jobs/load.js';
import { asEtlError, type EtlError } from '../../core/base/errors.js';
import { type Button, buttonsFor } from '../notices/buttons.js';
import { errorText } from '../notices/errorWords.js';
import { messages } from '../messages.js';
import { onDidChangeSettings, syncEveryMinutes } from '../settings/settings.js';
import { Schedule } from './schedule.js';
import type { Parts } from '../commands/command.js';

/** A failure in a scheduled sync. `company` is absent if only one company is synced. */
interface Failure {
  company?: string;
  error: EtlError;
}

/** Syncs every `tally.syncEveryMinutes`. If several windows sync at once, the company's lock admits only one of them. */
export function scheduleSync(parts: Parts): Schedule {
  let lastFailure = '';
  const schedule = new Schedule(async () => {
    const { failures, text } = await syncChosen(parts);
    // `locked`: another run, perhaps of another window, does the work. `cancelled`: this window is closing.
    const real = failures.filter(({ error }) => error.code !== 'locked' && error.code !== 'cancelled');
    for (const { error } of failures)
      if (error.code === 'locked' || error.code === 'cancelled') parts.log.debug(error.message);
    if (real.length === 0) {
      if (failures.length === 0) lastFailure = '';
      return;
    }
    // The same failure is notified once, not every few minutes. It is also in the view, the status bar and the log.
    const failure = JSON.stringify(real.map(({ company, error }) => [company, error.code]));
    if (failure === lastFailure) return;
    lastFailure = failure;
    const [{ company, error }] = real as [Failure];
    const buttons: Button[] = company === undefined ? buttonsFor(error) : ['Show Runs', 'Retry', 'Show Log'];
    parts.notifier.offer('warning', messages.scheduled.failed(text ?? errorText(error)), buttons, {
      'Show Runs': () => parts.tree.focus(),
      Retry: () =>
        company === undefined
          ? runLoad(parts, { load: sync, books: { inDemo: false } })
          : runSyncAll(
              parts,
              real.flatMap((one) => one.company ?? []),
            ),
    });
  });
  const apply = (): void => {
    schedule.every(syncEveryMinutes());
  };
  apply();
  parts.context.subscriptions.push(
    onDidChangeSettings(apply, 'syncEveryMinutes'),
    new vscode.Disposable(() => {
      schedule.every(0);
    }),
  );
  return schedule;
}

/** Syncs the chosen companies; if none are chosen, the configured or open one. Never throws. */
async function syncChosen(parts: Parts): Promise<{ failures: Failure[]; text?: string }> {
  try {
    const companies = await parts.configuration.companies();
    if (companies.length > 0) {
      const ended = await syncEach(parts, companies);
      // A company that another run has locked did not fail: that run syncs it.
      const text = closingOfAll({ ...ended, failed: ended.failed.filter(({ error }) => error.code !== 'locked') });
      return { failures: ended.failed, text };
    }
    await runQuietSync(parts);
    return { failures: [] };
  } catch (thrown) {
    const error = asEtlError(thrown);
    if (error.code !== 'locked' && error.code !== 'cancelled') parts.notifier.logError(error);
    return { failures: [{ error }] };
  }
}
