import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Config, Progress, ReaderAccess } from '../core/core.js';
import { asEtlError, EtlError } from '../core/base/errors.js';
import { type Button, buttonsFor, buttonTitles } from './notices/buttons.js';
import { dotEnvFile, readConfiguration } from './settings/configuration.js';
import { CoveragePanel } from './pages/coveragePanel.js';
import { DemoCompany } from './demoCompany.js';
import type { JobName, Jobs, LogLevel } from './jobs/jobMessages.js';
import { errorText } from './notices/errorWords.js';
import { messages, unlinked } from './messages.js';
import { type Milestone, Milestones, reachedBy } from './view/milestones.js';
import { runJob } from './jobs/runJob.js';
import { SqlClients } from './sql/sqlClients.js';
import { StatusBar } from './view/statusBar.js';
import { TextDocuments } from './pages/textDocuments.js';
import { WarehouseState } from './view/warehouseState.js';
import { WarehouseTree } from './view/warehouseTree.js';

type Severity = 'info' | 'warning' | 'error';

/** What the commands share from activation to deactivation: what they show things in, and the way to run a job. */
export class Session {
  readonly log = vscode.window.createOutputChannel('Tally', { log: true });
  readonly dryRunChannel = vscode.window.createOutputChannel('Tally Dry Run');
  readonly demo = new DemoCompany();
  readonly statusBar = new StatusBar();
  readonly warehouse = new WarehouseState(this);
  readonly tree = new WarehouseTree(this.warehouse);
  readonly documents = new TextDocuments();
  readonly sqlClients = new SqlClients(
    (config, signal, opened) =>
      this.runQuietly('openForSqlClients', undefined, config, () => undefined, signal, opened),
    (thrown) => {
      const error = asEtlError(thrown);
      this.logError(error);
      this.offer('error', errorText(error), buttonsFor(error), {
        Retry: async () => {
          await vscode.commands.executeCommand('tally.openInSqlClient');
        },
      });
    },
  );
  readonly coverage: CoveragePanel;
  /** A run has committed a part of its range and goes on. */
  readonly onDidCommit: vscode.Event<void>;
  private readonly milestones: Milestones;
  private readonly committed = new vscode.EventEmitter<void>();
  private readonly shutdown = new AbortController();
  private readonly running = new Set<Promise<unknown>>();

  constructor(readonly context: vscode.ExtensionContext) {
    context.subscriptions.push(this.log, this.dryRunChannel, this.demo.statusBarItem, this.statusBar);
    context.subscriptions.push(this.warehouse, this.tree, this.documents, this.committed);
    context.subscriptions.push(this.sqlClients.statusBarItem);
    this.onDidCommit = this.committed.event;
    this.milestones = new Milestones(context.globalState, (one) => {
      void vscode.commands.executeCommand('setContext', `tally.reached.${one}`, true);
    });
    this.coverage = new CoveragePanel(this);
    context.subscriptions.push(this.coverage);
  }

  /**
   * What a job runs with. Whether it is the demo's is settled when the user is asked, not when the job starts: work
   * meant for the demo never reaches the user's warehouse because the demo has stopped meanwhile. Throws `config`.
   */
  async configFor(inDemo: boolean): Promise<Config> {
    if (!inDemo) return readConfiguration(this.context.secrets);
    if (!this.demo.running)
      throw new EtlError('tally-unreachable', messages.demo.notRunning(), messages.demo.startAgain());
    return this.demo.running.config;
  }

  /** A step towards the first loaded year is done. */
  reach(milestone: Milestone): void {
    this.milestones.reach([milestone]);
  }

  /** Another warehouse is in force: nothing is known of it yet. */
  warehouseSwitched(): void {
    this.statusBar.showLast(undefined);
    this.warehouse.forget();
  }

  /** Runs a core job in a worker under a progress notification that can be cancelled. Throws EtlError. */
  async run<N extends JobName>(
    job: N,
    request: Jobs[N]['request'],
    config: Config,
    title: string,
    onProgress?: (progress: Progress, notification: vscode.Progress<{ message?: string; increment?: number }>) => void,
  ): Promise<Jobs[N]['answer']> {
    const options = { location: vscode.ProgressLocation.Notification, title: unlinked(title), cancellable: true };
    return vscode.window.withProgress(options, (notification, token) => {
      const cancel = new AbortController();
      token.onCancellationRequested(() => {
        cancel.abort();
      });
      const report = (progress: Progress): void => {
        onProgress?.(progress, notification);
      };
      return this.runQuietly(job, request, config, report, cancel.signal);
    });
  }

  /** As run, without a word on the screen. */
  async runQuietly<N extends JobName>(
    job: N,
    request: Jobs[N]['request'],
    config: Config,
    onProgress: (progress: Progress) => void = () => undefined,
    cancel?: AbortSignal,
    onOpened?: (access: ReaderAccess) => void,
  ): Promise<Jobs[N]['answer']> {
    let writing = false;
    const report = (progress: Progress): void => {
      if (writing) this.committed.fire(); // whatever comes after the writing of a part: that part is there
      writing = progress.phase === 'writing';
      onProgress(progress);
    };
    const answer = runJob(job, request, {
      workerFile: this.context.asAbsolutePath('dist/jobWorker.js'),
      config,
      logger: this.log,
      logLevels: shownLevels(this.log.logLevel),
      signal: AbortSignal.any([...(cancel ? [cancel] : []), this.shutdown.signal]),
      onProgress: report,
      onOpened,
    });
    this.running.add(answer);
    // The demo's books say nothing about the user's own.
    const own = config.tallyUrl !== this.demo.running?.config.tallyUrl;
    return answer
      .then((done) => {
        if (own) this.milestones.reach(reachedBy(job, request, done));
        return done;
      })
      .finally(() => this.running.delete(answer));
  }

  /**
   * Does `work` to its end and turns a failure into a log line and a message with the buttons that help; Retry does
   * the same work again. Never throws.
   */
  async attempt(work: () => Promise<void> | void): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      const error = asEtlError(thrown);
      this.logError(error);
      const severity = error.code === 'cancelled' ? 'info' : 'error';
      this.offer(severity, errorText(error), buttonsFor(error), { Retry: () => this.attempt(work) });
    }
  }

  /** Shows a message and goes on at once; a button pressed later is a fresh attempt. */
  offer(
    severity: Severity,
    text: string,
    buttons: Button[],
    actions: Partial<Record<Button, () => Promise<void> | void>> = {},
  ): void {
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
        await delay(Math.max(0, shown + fewToastsMs - performance.now()));
      const action = actions[button] ?? (() => this.press(button));
      return this.attempt(action);
    });
  }

  /** Cancels what runs and waits for it, so that no job is cut off in the middle of a transaction. */
  async end(): Promise<void> {
    this.shutdown.abort();
    await Promise.allSettled([...this.running]);
    await this.demo.stop();
  }

  private async press(button: Button): Promise<void> {
    const dotEnv = button === 'Open Env File' ? dotEnvFile() : undefined;
    if (dotEnv !== undefined) await vscode.window.showTextDocument(dotEnv);
    else if (button === 'Open Settings')
      await vscode.commands.executeCommand('workbench.action.openSettings', `@ext:${this.context.extension.id}`);
    else {
      const command = commandOfButton[button];
      if (command !== undefined) await vscode.commands.executeCommand(command);
    }
  }

  logError(error: EtlError): void {
    this.log.error(`${error.code}: ${error.message} ${error.hint}`);
    if (error.code === 'unexpected' && error.cause instanceof Error) this.log.error(error.cause);
  }
}

const commandOfButton: Partial<Record<Button, string>> = {
  'Set Warehouse URL': 'tally.setWarehouseUrl',
  'Select Company': 'tally.selectCompany',
  'Start Demo Company': 'tally.startDemoCompany',
  'Stop Demo': 'tally.stopDemoCompany',
  'Check Set-up': 'tally.checkSetup',
  'Check Again': 'tally.checkSetup',
  'Sync Now': 'tally.syncNow',
  'Show Log': 'tally.showLog',
  'Show Rejects': 'tally.showRejects',
  'Show Dry Run': 'tally.showDryRun',
  'Show Coverage': 'tally.showCoverage',
  'Get Started': 'tally.getStarted',
};

/**
 * VS Code shows three new notifications within 800 ms and keeps further ones to its bell: the progress and the failure
 * of a run, and the progress of the next, would leave no room for what that one ends with.
 */
const fewToastsMs = 900;

/** The channel would drop the others, but only after they have crossed from the worker. */
function shownLevels(level: vscode.LogLevel): LogLevel[] {
  const { Trace, Debug, Info, Warning, Error } = vscode.LogLevel;
  const ranks: [LogLevel, vscode.LogLevel][] = [
    ['trace', Trace],
    ['debug', Debug],
    ['info', Info],
    ['warn', Warning],
    ['error', Error],
  ];
  return level === vscode.LogLevel.Off ? [] : ranks.filter(([, rank]) => rank >= level).map(([name]) => name);
}
