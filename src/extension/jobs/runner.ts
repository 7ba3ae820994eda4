import * as vscode from 'vscode';
import type { Config, Progress, ReaderAccess } from '../../core/core.js';
import { unlinked } from '../messages.js';
import type { JobName, Jobs, LogLevel } from './jobMessages.js';
import { runJob } from './runJob.js';

/** Hears of progress; the percentage is undefined where Tally does not say how long its answer is. */
type OnProgress = (progress: Progress, percent: number | undefined) => void;

/** What a job shows in its notification while it runs. */
export interface ShownJob {
  title: string;
  text?: (...now: Parameters<OnProgress>) => string;
  /** Whether the bar fills up; false for a job that does not know how much there is to do. */
  bar?: boolean;
  onPercent?: (percent: number | undefined) => void;
}

export interface QuietJob {
  onProgress?: OnProgress;
  signal?: AbortSignal;
  onOpened?: (access: ReaderAccess) => void;
}

/** Is told of each job when it begins; what it gives back hears the answer. */
export type OnBegin = <N extends JobName>(
  job: N,
  request: Jobs[N]['request'],
  config: Config,
) => (answer: Jobs[N]['answer']) => void;

/** Runs core jobs in threads of their own, and ends them when the window closes. */
export class Runner implements vscode.Disposable {
  /** A run has committed a part of its range and goes on. */
  readonly onDidCommit: vscode.Event<void>;
  private readonly committed = new vscode.EventEmitter<void>();
  private readonly shutdown = new AbortController();
  private readonly running = new Set<Promise<unknown>>();

  constructor(
    private readonly workerFile: string,
    private readonly log: vscode.LogOutputChannel,
    private readonly onBegin: OnBegin,
  ) {
    this.onDidCommit = this.committed.event;
  }

  /** Runs a job under a notification that can cancel it. Throws EtlError. */
  async run<N extends JobName>(
    job: N,
    request: Jobs[N]['request'],
    config: Config,
    { title, text, bar = true, onPercent }: ShownJob,
  ): Promise<Jobs[N]['answer']> {
    const options = { location: vscode.ProgressLocation.Notification, title: unlinked(title), cancellable: true };
    return vscode.window.withProgress<Jobs[N]['answer']>(options, (notification, token) => {
      const cancel = new AbortController();
      token.onCancellationRequested(() => {
        cancel.abort();
      });
      let reached = 0;
      const onProgress: OnProgress = (progress, percent) => {
        onPercent?.(percent);
        if (!text) return;
        const increment = Math.max(0, (percent ?? 0) - reached); // a bar only moves on
        reached += increment;
        notification.report({ message: text(progress, percent), ...(bar && { increment }) });
      };
      return this.runQuietly(job, request, config, { onProgress, signal: cancel.signal });
    });
  }

  /** As run, without a notification. */
  async runQuietly<N extends JobName>(
    job: N,
    request: Jobs[N]['request'],
    config: Config,
    { onProgress, signal, onOpened }: QuietJob = {},
  ): Promise<Jobs[N]['answer']> {
    let writing = false;
    const report = (progress: Progress): void => {
      if (writing) this.committed.fire(); // whatever comes after the writing of a part: that part is there
      writing = progress.phase === 'writing';
      onProgress?.(progress, percentOf(progress));
    };
    const answered = this.onBegin(job, request, config);
    const answer = runJob(job, request, {
      workerFile: this.workerFile,
      config,
      logger: this.log,
      logLevels: shownLevels(this.log.logLevel),
      signal: AbortSignal.any([...(signal ? [signal] : []), this.shutdown.signal]),
      onProgress: report,
      onOpened,
    });
    this.running.add(answer);
    return answer
      .then((done) => {
        answered(done);
        return done;
      })
      .finally(() => this.running.delete(answer));
  }

  /** Cancels the running jobs and waits for them, so that none is cut off in the middle of a transaction. */
  async end(): Promise<void> {
    this.shutdown.abort();
    await Promise.allSettled([...this.running]);
  }

  dispose(): void {
    this.committed.dispose();
  }
}

/** 0 … 100. */
const percentOf = ({ fraction }: Progress): number | undefined =>
  fraction === undefined ? undefined : Math.min(100, Math.floor(fraction * 100));

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
