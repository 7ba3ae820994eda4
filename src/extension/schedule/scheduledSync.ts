import * as vscode from 'vscode';
import { runLoad, runScheduledSync } from '../commands/runLoad.js';
import { sync } from '../jobs/load.js';
import { asEtlError } from '../../core/base/errors.js';
import { buttonsFor } from '../notices/buttons.js';
import { errorText } from '../notices/errorWords.js';
import { messages } from '../messages.js';
import { onDidChangeSettings, syncEveryMinutes } from '../settings/settings.js';
import { Schedule } from './schedule.js';
import type { Parts } from '../commands/command.js';

/** Syncs every `tally.syncEveryMinutes`. With several windows the company's lock lets one through. */
export function scheduleSync(parts: Parts): Schedule {
  let lastFailure = '';
  const schedule = new Schedule(async () => {
    try {
      await runScheduledSync(parts);
      lastFailure = '';
    } catch (thrown) {
      const error = asEtlError(thrown);
      // Another run, perhaps of another window, is doing the work; or this window is closing.
      if (error.code === 'locked' || error.code === 'cancelled') {
        parts.log.debug(error.message);
        return;
      }
      parts.notifier.logError(error);
      // Once, not every few minutes: it is in the tree, the status bar and the log as well.
      if (error.code === lastFailure) return;
      lastFailure = error.code;
      parts.notifier.offer('warning', messages.scheduled.failed(errorText(error)), buttonsFor(error), {
        Retry: () => runLoad(parts, { load: sync, books: { inDemo: false } }),
      });
    }
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
