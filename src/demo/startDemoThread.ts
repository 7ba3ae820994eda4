import { Worker } from 'node:worker_threads';
import { EtlError, type ErrorCode } from '../core/base/errors.js';
import { shippedPath } from '../core/base/resources.js';
import type { Behaviour } from './behaviours/behaviour.js';
import type { BookOptions } from './book/book.js';
import type { Switches } from './behaviours/switches.js';

/** The options of a demo Tally in another thread: only plain data, because a thread cannot receive functions. */
export interface DemoThreadOptions extends Partial<Switches & Pick<Behaviour, 'fault' | 'screenPeriod'>> {
  port?: number;
  book?: BookOptions;
}

/** The report of the thread after its start, or after a failed start. */
export type DemoThreadReport = { url: string } | { error: { code: ErrorCode; message: string; hint: string } };

export interface DemoThread {
  url: string;
  close(): Promise<void>;
}

/**
 * Starts the demo Tally in a thread, so that the caller's event loop stays free. Throws `config` if it cannot use the
 * port.
 */
export async function startDemoThread(options: DemoThreadOptions = {}): Promise<DemoThread> {
  const worker = new Worker(shippedPath('dist', 'demoThread.js'), { workerData: options });
  try {
    const report = await new Promise<DemoThreadReport>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => {
        reject(new Error('The demo Tally ended before it was ready.'));
      });
    });
    if ('error' in report) throw new EtlError(report.error.code, report.error.message, report.error.hint);
    return {
      url: report.url,
      close: async () => {
        await worker.terminate();
      },
    };
  } catch (error) {
    await worker.terminate();
    throw error;
  }
}
