import { Worker } from 'node:worker_threads';
import type { Config, Logger, Progress, ReaderAccess } from '../../core/core.js';
import { asEtlError, cancelled, EtlError } from '../../core/base/errors.js';
import { spoken } from '../language/language.js';
import type { UnderNotification } from '../notices/notifier.js';
import type { FromWorker, JobName, Jobs, LogLevel, ToWorker } from './jobMessages.js';

/** Hears of progress; the percentage (0 … 100) is undefined where Tally does not say how long its answer is. */
type OnProgress = (progress: Progress, percent: number | undefined) => void;

/** What a job shows in its notification while it runs. */
export interface ShownJob {
  title: string;
  text?: (...now: Parameters<OnProgress>) => string;
  /** Whether the bar fills up; false for a job that does not know how much there is to do. */
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
  /** A failure in the words of the editor. */
  explain: (error: EtlError, config: Config) => EtlError;
  /** Is told of each job when it begins; what it gives back hears the answer. */
  onBegin: <N extends JobName>(
    job: N,
    request: Jobs[N]['request'],
    config: Config,
  ) => (answer: Jobs[N]['answer']) => void;
  /** A run has committed a part of its range and goes on. */
  onCommit: () => void;
}

/** Jobs that the views repeat. Starting and stopping the embedded server took half of each refresh. */
const viewJobs: JobName[] = ['status', 'summary', 'yearFigures', 'calendar', 'invoices', 'invoice'];

/** Runs core jobs in threads of their own, and ends them when the window closes. */
export class Runner {
  /** How long the embedded warehouse's server goes on for a view that asks again. Tests have shorter times. */
  stayMs = 60_000;
  private readonly shutdown = new AbortController();
  private readonly running = new Set<Promise<unknown>>();
  /** Lets the one thread go that stays in the embedded warehouse. */
  private leave: (() => Promise<void>) | undefined;
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
        const increment = Math.max(0, (percent ?? 0) - reached); // a bar only moves on
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
      if (writing) this.options.onCommit(); // whatever comes after the writing of a part: that part is there
      writing = progress.phase === 'writing';
      const { fraction } = progress;
      onProgress?.(progress, fraction === undefined ? undefined : Math.min(100, Math.floor(fraction * 100)));
    };
    const answered = this.options.onBegin(job, request, config);
    const answer = runJob(job, request, {
      workerFile: this.options.workerFile,
      config,
      logger: this.options.log,
      logLevels: this.options.logLevels(),
      signal: AbortSignal.any([...(signal ? [signal] : []), this.shutdown.signal]),
      onProgress: report,
      onOpened,
      onStay: viewJobs.includes(job) ? (leave) => void this.stay(leave) : undefined,
    });
    try {
      const done = await this.watch(answer);
      answered(done);
      return done;
    } catch (error) {
      const failure = asEtlError(error);
      // What is wrong may be the server itself, which is not repaired while it is in use.
      if (failure.code !== 'cancelled') await this.stay(undefined);
      throw this.options.explain(failure, config);
    }
  }

  private async watch<T>(work: Promise<T>): Promise<T> {
    this.running.add(work);
    return work.finally(() => this.running.delete(work));
  }

  /** Keeps this thread as the server's user and lets the one before it go; undefined: only lets it go. */
  private async stay(leave: (() => Promise<void>) | undefined): Promise<void> {
    const before = this.leave;
    this.leave = leave;
    clearTimeout(this.timer);
    if (leave) this.timer = setTimeout(() => void this.stay(undefined), this.stayMs).unref();
    if (before) await this.watch(before());
  }

  /** Cancels the running jobs and waits for them, so that none is cut off in the middle of a transaction. */
  async end(): Promise<void> {
    this.shutdown.abort();
    await Promise.allSettled([...this.running]);
    await this.stay(undefined);
    await Promise.allSettled([...this.running]);
  }
}

export interface JobOptions {
  workerFile: string;
  config: Config;
  logger: Logger;
  /** The levels that the log shows now; the worker sends no others. */
  logLevels: LogLevel[];
  signal: AbortSignal;
  onProgress?: (progress: Progress) => void;
  onOpened?: ((access: ReaderAccess) => void) | undefined;
  /** If given, the thread may keep the embedded server running; it then receives the function that ends this. */
  onStay?: ((leave: () => Promise<void>) => void) | undefined;
}

const failureOf = ({ code, message, hint, setting, warnings }: Extract<FromWorker, { type: 'failure' }>): EtlError =>
  new EtlError(code, message, hint, { setting, warnings });

/** Runs one job in its own thread. Throws the job's own error, or `unexpected` where the thread itself broke. */
export async function runJob<N extends JobName>(
  job: N,
  request: Jobs[N]['request'],
  options: JobOptions,
): Promise<Jobs[N]['answer']> {
  if (options.signal.aborted) throw cancelled();
  // argv and env stay empty of secrets: the config, with the warehouse URL, goes by message alone.
  const worker = new Worker(options.workerFile, {
    name: `tally ${job}`,
    execArgv: [],
    workerData: { language: spoken() },
  });
  const send = (message: ToWorker): void => {
    worker.postMessage(message);
  };
  const cancel = (): void => {
    send({ type: 'cancel' });
  };
  options.signal.addEventListener('abort', cancel);
  const exited = new Promise<void>((resolve) =>
    worker.once('exit', () => {
      resolve();
    }),
  );
  let mayEnd = true;
  try {
    const { answer, stays } = await new Promise<Extract<FromWorker, { type: 'answer' }>>((resolve, reject) => {
      worker.on('message', (message: FromWorker) => {
        switch (message.type) {
          case 'log':
            options.logger[message.level](message.message);
            break;
          case 'progress':
            options.onProgress?.(message.progress);
            break;
          case 'opened':
            options.onOpened?.(message.access);
            break;
          case 'answer':
            resolve(message);
            break;
          case 'left':
            void worker.terminate();
            break;
          case 'failure':
            options.logger[message.code === 'unexpected' ? 'error' : 'debug'](message.trace);
            reject(failureOf(message));
        }
      });
      worker.on('error', (error) => {
        reject(asEtlError(error));
      });
      worker.on('exit', (code) => {
        reject(asEtlError(new Error(`The job's thread ended early (exit code ${code}).`)));
      });
      const { config, logLevels, onStay } = options;
      send({ type: 'run', job, request, config, logLevels, mayStay: onStay !== undefined } as ToWorker);
    });
    if (stays) {
      mayEnd = false;
      options.onStay?.(() => {
        send({ type: 'leave' });
        return exited;
      });
    }
    return answer;
  } finally {
    options.signal.removeEventListener('abort', cancel);
    if (mayEnd) await worker.terminate();
  }
}
