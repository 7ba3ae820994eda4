import type { Config, Logger, Progress, ReaderAccess } from '../../core/core.js';
import { asEtlError, cancelled, type EtlError } from '../../core/base/errors.js';
import type { UnderNotification } from '../notices/notifier.js';
import type { JobName, Jobs, LogLevel } from './jobMessages.js';
import { JobThread, type JobOptions, runJob } from './jobThread.js';

/** Called with progress. `percent` (0 to 100) is undefined if it is not known how much there is to do. */
type OnProgress = (progress: Progress, percent: number | undefined) => void;

/** The notification of a job while it runs. */
export interface ShownJob {
  title: string;
  text?: (...now: Parameters<OnProgress>) => string;
  /** Whether the bar fills up; false for a job that never knows how much there is to do. */
  bar?: boolean;
  onPercent?: (percent: number | undefined) => void;
  /** Another Cancel beside the notification's. */
  signal?: AbortSignal;
}

export interface QuietJob {
  onProgress?: OnProgress;
  signal?: AbortSignal;
  onOpened?: (access: ReaderAccess) => void;
}

export interface RunnerOptions {
  /** Path of dist/jobWorker.js. */
  workerFile: string;
  log: Logger;
  logLevels: () => LogLevel[];
  underNotification: UnderNotification;
  /** Puts a failure into the editor's words: names of settings, and the next step. */
  explain: (error: EtlError, config: Config) => EtlError;
  /** Called when a job begins. The function that it returns is called with the answer. */
  onBegin: <N extends JobName>(
    job: N,
    request: Jobs[N]['request'],
    config: Config,
  ) => (answer: Jobs[N]['answer']) => void;
  /** Called when a run has committed a part of its range and goes on. */
  onCommit: () => void;
}

/**
 * Jobs that the views repeat. They share one thread, which also keeps the embedded server running: starting a thread and the
 * server took most of the time of such a job.
 */
const viewJobs: JobName[] = ['status', 'summary', 'yearFigures', 'calendar', 'invoices', 'invoice'];

/** Runs core jobs in threads, and ends them when the window closes. */
export class Runner {
  /** How long the thread of the views lasts after its latest answer. Tests use a shorter time. */
  stayMs = 60_000;
  private readonly shutdown = new AbortController();
  private readonly running = new Set<Promise<unknown>>();
  private viewThread: JobThread | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: RunnerOptions) {}

  /** Runs a job under a notification that can cancel it. Throws EtlError. */
  async run<N extends JobName>(
    job: N,
    request: Jobs[N]['request'],
    config: Config,
    { title, text, bar = true, onPercent, signal: other }: ShownJob,
  ): Promise<Jobs[N]['answer']> {
    return this.options.underNotification(title, (report, signal) => {
      let reached = 0;
      const onProgress: OnProgress = (progress, percent) => {
        onPercent?.(percent);
        if (!text) return;
        const increment = Math.max(0, (percent ?? 0) - reached); // the bar never moves back
        reached += increment;
        report({ message: text(progress, percent), ...(bar && { increment }) });
      };
      return this.runQuietly(job, request, config, {
        onProgress,
        signal: other ? AbortSignal.any([signal, other]) : signal,
      });
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
      if (writing) this.options.onCommit(); // any progress after `writing` shows that the part was committed
      writing = progress.phase === 'writing';
      const { fraction } = progress;
      onProgress?.(progress, fraction === undefined ? undefined : Math.min(100, Math.floor(fraction * 100)));
    };
    const answered = this.options.onBegin(job, request, config);
    const options = {
      ...{ config, onProgress: report, onOpened },
      logLevels: this.options.logLevels(),
      signal: AbortSignal.any([...(signal ? [signal] : []), this.shutdown.signal]),
    };
    try {
      const done = await this.watch(
        viewJobs.includes(job)
          ? this.runOfView(job, request, options)
          : runJob(job, request, { ...options, workerFile: this.options.workerFile, logger: this.options.log }),
      );
      answered(done);
      return done;
    } catch (error) {
      const failure = asEtlError(error);
      // The embedded server itself may be broken. It is repaired only while nobody uses it, so the view's thread leaves it.
      if (failure.code.startsWith('warehouse-') || failure.code === 'unexpected') await this.leaveView();
      throw this.options.explain(failure, config);
    }
  }

  private async watch<T>(work: Promise<T>): Promise<T> {
    this.running.add(work);
    return work.finally(() => this.running.delete(work));
  }

  private async runOfView<N extends JobName>(
    job: N,
    request: Jobs[N]['request'],
    options: JobOptions,
  ): Promise<Jobs[N]['answer']> {
    if (options.signal.aborted) throw cancelled();
    const before = this.viewThread;
    const { workerFile, log } = this.options;
    const thread = before && !before.hasEnded ? before : new JobThread(workerFile, 'tally view', log);
    this.viewThread = thread;
    try {
      return await thread.run(job, request, { ...options, stays: true });
    } finally {
      if (thread === this.viewThread) {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => void this.leaveView(), this.stayMs).unref();
      }
    }
  }

  /**
   * Ends the thread of the views after its last job. Returns when its ended jobs no longer keep the embedded server
   * running. A job that still runs keeps it until its end.
   */
  private async leaveView(): Promise<void> {
    const thread = this.viewThread;
    this.viewThread = undefined;
    clearTimeout(this.timer);
    if (!thread) return;
    await this.watch(thread.leave());
  }

  /** Cancels the running jobs and waits for them, so that none is cut off in the middle of a transaction. */
  async end(): Promise<void> {
    this.shutdown.abort();
    await Promise.allSettled([...this.running]);
    await this.leaveView();
    await Promise.allSettled([...this.running]);
  }
}
