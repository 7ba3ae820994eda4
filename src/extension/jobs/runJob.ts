import { Worker } from 'node:worker_threads';
import type { Config, Logger, Progress, ReaderAccess } from '../../core/core.js';
import { asEtlError, cancelled, EtlError } from '../../core/base/errors.js';
import { spoken } from '../language/language.js';
import type { FromWorker, JobName, Jobs, LogLevel, ToWorker } from './jobMessages.js';

export interface JobOptions {
  /** Path of dist/jobWorker.js. */
  workerFile: string;
  config: Config;
  logger: Logger;
  /** The levels that the log shows now; the worker sends no others. */
  logLevels: LogLevel[];
  signal: AbortSignal;
  onProgress?: (progress: Progress) => void;
  onOpened?: ((access: ReaderAccess) => void) | undefined;
}

/**
 * Runs one job in a thread of its own, which has ended when this settles. Fails with the job's own error code, or
 * `unexpected` when the thread itself broke; its stack goes to the log.
 */
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
  try {
    return await new Promise<Jobs[N]['answer']>((resolve, reject) => {
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
            resolve(message.answer);
            break;
          case 'failure':
            options.logger[message.code === 'unexpected' ? 'error' : 'debug'](message.trace);
            reject(new EtlError(message.code, message.message, message.hint, { setting: message.setting }));
        }
      });
      worker.on('error', (error) => {
        reject(asEtlError(error));
      });
      worker.on('exit', (code) => {
        reject(asEtlError(new Error(`The job's thread ended early (exit code ${code}).`)));
      });
      send({ type: 'run', job, request, config: options.config, logLevels: options.logLevels } as ToWorker);
    });
  } finally {
    options.signal.removeEventListener('abort', cancel);
    await worker.terminate();
  }
}
