import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { asEtlError, type EtlError } from '../../core/base/errors.js';
import type { CommandId } from '../commands/commandIds.js';
import { runCommand } from '../commands/runCommand.js';
import { unlinked, worriesShown } from '../messages.js';
import type { Configuration } from '../settings/configuration.js';
import { type Button, buttonsFor, buttonTitles } from './buttons.js';
import { asSentence, errorText } from './errorWords.js';

type Severity = 'info' | 'warning' | 'error';
type Actions = Partial<Record<Button, () => Promise<void> | void>>;

/** Runs `work` under a notification. `work` passes its progress to `report`; Cancel aborts `signal`. */
export type UnderNotification = <T>(
  title: string,
  work: (report: (progress: { message?: string; increment?: number }) => void, signal: AbortSignal) => Promise<T>,
) => Promise<T>;

/** Shows messages and runs the actions of their buttons. */
export class Notifier {
  constructor(
    private readonly log: vscode.LogOutputChannel,
    private readonly extensionId: string,
    private readonly configuration: Configuration,
  ) {}

  /** Does `work`. A failure is logged and shown; Retry, if the message has it, does `work` again. Never throws. */
  async attempt(work: () => Promise<void> | void): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.fail(thrown, () => this.attempt(work));
    }
  }

  /** Logs a failure and shows it, with the buttons that help. */
  fail(thrown: unknown, retry: () => Promise<void>): void {
    const error = this.logError(thrown);
    const severity = error.code !== 'cancelled' ? 'error' : error.warnings.length > 0 ? 'warning' : 'info';
    const text = [errorText(error), ...worriesShown(error.warnings.map(asSentence))].join(' ');
    this.offer(severity, text, buttonsFor(error), { Retry: retry });
  }

  /** Shows a message without waiting for an answer. The action of a button pressed later is an `attempt` of its own. */
  offer(severity: Severity, text: string, buttons: Button[], actions: Actions = {}): void {
    const show = {
      info: vscode.window.showInformationMessage,
      warning: vscode.window.showWarningMessage,
      error: vscode.window.showErrorMessage,
    }[severity];
    const titles = buttons.map((button) => buttonTitles[button]());
    const shown = performance.now();
    void Promise.resolve(show(unlinked(text), ...titles)).then(async (title) => {
      const button = title === undefined ? undefined : buttons[titles.indexOf(title)];
      if (button === undefined) return;
      if (button === 'Retry' || button === 'Check Again')
        await delay(Math.max(0, shown + toastSpacingMs - performance.now()));
      const action = actions[button] ?? (() => this.press(button));
      return this.attempt(action);
    });
  }

  readonly underNotification: UnderNotification = async (title, work) => {
    const options = { location: vscode.ProgressLocation.Notification, title: unlinked(title), cancellable: true };
    return vscode.window.withProgress(options, (notification, token) => {
      const cancel = new AbortController();
      token.onCancellationRequested(() => {
        cancel.abort();
      });
      return work((progress) => {
        notification.report(progress);
      }, cancel.signal);
    });
  };

  logError(thrown: unknown): EtlError {
    const error = asEtlError(thrown);
    this.log.error(`${error.code}: ${error.message} ${error.hint}`);
    for (const warning of error.warnings) this.log.warn(warning);
    if (error.code === 'unexpected' && error.cause instanceof Error) this.log.error(error.cause);
    return error;
  }

  private async press(button: Button): Promise<void> {
    const dotEnv = button === 'Open .env' ? await this.configuration.dotEnvFile() : undefined;
    if (dotEnv !== undefined) await vscode.window.showTextDocument(dotEnv);
    else if (button === 'Manage Trust') await vscode.commands.executeCommand('workbench.trust.manage');
    else if (button === 'Open Settings') await openSettings(`@ext:${this.extensionId}`);
    else {
      const command = commandOfButton[button];
      if (command !== undefined) await runCommand(command);
    }
  }
}

/** In a remote window only the tab Remote shows the settings of the machine, so this opens that tab. */
const openSettings = (query: string): Thenable<unknown> =>
  vscode.env.remoteName === undefined
    ? vscode.commands.executeCommand('workbench.action.openSettings', query)
    : vscode.commands.executeCommand('workbench.action.openRemoteSettings', { query });

const commandOfButton: Partial<Record<Button, CommandId>> = {
  'Set Tally Address': 'tally.setTallyAddress',
  'Set Warehouse URL': 'tally.setWarehouseUrl',
  'Select Company': 'tally.selectCompany',
  'Start Demo Company': 'tally.startDemoCompany',
  'Stop Demo': 'tally.stopDemoCompany',
  'Backfill Range': 'tally.backfillRange',
  'Check Setup': 'tally.checkSetup',
  'Check Again': 'tally.checkSetup',
  'Sync Now': 'tally.syncNow',
  'Sync All': 'tally.syncAll',
  'Show Log': 'tally.showLog',
  'Show Rejected Vouchers': 'tally.showRejects',
  'Show Dry Run': 'tally.showDryRun',
  'Show Summary': 'tally.showSummary',
  'Get Started': 'tally.getStarted',
};

/**
 * VS Code shows at most three new notifications in 800 ms, and puts further ones behind its bell. A quick Retry adds three: the progress
 * and the failure of the first run, and the progress of the second. Without this delay the second run's closing message would stay
 * behind the bell.
 */
const toastSpacingMs = 900;
