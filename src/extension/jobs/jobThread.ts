import { Worker } from 'node:worker_threads';
import type { Config, Logger, Progress, ReaderAccess } from '../../core/core.js';
import { asEtlError, cancelled, EtlError } from '../../core/base/errors.js';
import { spoken } from '../language/language.js';
import type { FromWorker, JobName, Jobs, LogLevel, OfJob, ToWorker } from './jobMessages.js';

export interface JobOptions {
  config: Config;
  /** The levels that the log shows now; the worker sends no others. */
  logLevels: LogLevel[];
  signal: AbortSignal;
  onProgress?: (progress: Progress) => void;
  onOpened?: ((access: ReaderAccess) => void) | undefined;
  /** The thread keeps the embedded server running after the answer, until `leave`. */
  stays?: boolean;
}

interface RunningJob {
  options: JobOptions;
  resolve: (answer: Jobs[JobName]['answer']) => void;
  reject: (error: EtlError) => void;
}

/** A thread that runs jobs, also several at once. */
export class JobThread {
  readonly #worker: Worker;
  readonly #running = new Map<number, RunningJob>();
  #jobs = 0;
  readonly #exited: Promise<void>;
  #hasEnded = false;
  #onLeft: () => void = () => undefined;
  #isLeaving = false;

  /** `workerFile`: the path of dist/jobWorker.js. */
  constructor(
    workerFile: string,
    name: string,
    private readonly logger: Logger,
  ) {
    // We put no secret into argv, env or workerData: the config, with the warehouse URL, goes by message alone.
    this.#worker = new Worker(workerFile, {
      ...{ name, execArgv: [], workerData: { language: spoken() } },
      // A load makes short-lived objects all the time. V8's default leaves 48 MB for them. Measured with Node's option for a
      // whole process, a first load of 100,000 invoices then took some 30 MB more memory, and no less time.
      resourceLimits: { maxYoungGenerationSizeMb: 12 },
    });
    this.#worker.on('message', (message: FromWorker) => {
      if (message.type === 'log') logger[message.level](message.message);
      else if (message.type === 'left') this.#onLeft();
      else this.#hear(message);
    });
    this.#worker.on('error', (error) => {
      if (this.#running.size === 0)
        logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      this.#fail(error);
    });
    this.#exited = new Promise((resolve) =>
      this.#worker.on('exit', (code) => {
        this.#fail(new Error(`The job's thread ended early (exit code ${code}).`));
        resolve();
      }),
    );
  }

  /** True after the thread has ended or broken: it cannot run jobs. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Runs a job. Throws the job's own error, or `unexpected` if the thread itself broke. */
  async run<N extends JobName>(job: N, request: Jobs[N]['request'], options: JobOptions): Promise<Jobs[N]['answer']> {
    const { config, logLevels, signal, stays = false } = options;
    if (signal.aborted) throw cancelled();
    if (this.#hasEnded) throw asEtlError(new Error('The thread has ended.'));
    const id = ++this.#jobs;
    const cancel = (): void => {
      this.#send({ type: 'cancel', id });
    };
    signal.addEventListener('abort', cancel);
    try {
      return await new Promise<Jobs[JobName]['answer']>((resolve, reject) => {
        this.#running.set(id, { options, resolve, reject });
        this.#send({ type: 'run', id, job, request, config, logLevels, stays } as ToWorker);
      });
    } finally {
      signal.removeEventListener('abort', cancel);
      this.#running.delete(id);
      if (this.#isLeaving) await this.#endIfIdle();
    }
  }

  /** Makes the thread stop using the embedded server, and ends the thread when its last job has ended. */
  async leave(): Promise<void> {
    const left = new Promise<void>((resolve) => (this.#onLeft = resolve));
    this.#send({ type: 'leave' });
    await Promise.race([left, this.#exited]);
    this.#isLeaving = true;
    await this.#endIfIdle();
  }

  /** Ends the thread at once. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  async #endIfIdle(): Promise<void> {
    if (this.#running.size === 0) await this.end();
  }

  #send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #hear(message: OfJob): void {
    const running = this.#running.get(message.id);
    if (!running) return;
    const { options, resolve, reject } = running;
    switch (message.type) {
      case 'progress':
        options.onProgress?.(message.progress);
        break;
      case 'opened':
        options.onOpened?.(message.access);
        break;
      case 'answer':
        resolve(message.answer);
        break;
      case 'failure':
        this.logger[message.code === 'unexpected' ? 'error' : 'debug'](message.trace);
        reject(failureOf(message));
    }
  }

  #fail(error: unknown): void {
    this.#hasEnded = true;
    for (const { reject } of this.#running.values()) reject(asEtlError(error));
  }
}

const failureOf = ({ code, message, hint, setting, warnings }: Extract<OfJob, { type: 'failure' }>): EtlError =>
  new EtlError(code, message, hint, { setting, warnings });

/** Runs one job in a thread of its own. Throws the job's own error, or `unexpected` if the thread itself broke. */
export async function runJob<N extends JobName>(
  job: N,
  request: Jobs[N]['request'],
  { workerFile, logger, ...options }: JobOptions & { workerFile: string; logger: Logger },
): Promise<Jobs[N]['answer']> {
  if (options.signal.aborted) throw cancelled();
  const thread = new JobThread(workerFile, `tally ${job}`, logger);
  try {
    return await thread.run(job, request, options);
  } finally {
    await thread.end();
  }
}
