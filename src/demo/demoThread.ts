// The entry point of the demo Tally's thread. It serves until the thread is ended.
import { parentPort, workerData } from 'node:worker_threads';
import { today } from '../core/base/calendar.js';
import { asEtlError } from '../core/base/errors.js';
import { startDemoServer } from './server.js';
import type { DemoThreadOptions, DemoThreadReport } from './startDemoThread.js';

const report = (message: DemoThreadReport): void => {
  parentPort?.postMessage(message);
};

const options = workerData as DemoThreadOptions;

// By default the books reach to today, so that a daily sync has something to load.
startDemoServer({ ...options, book: { until: today(), ...options.book } }).then(
  ({ url }) => {
    report({ url });
  },
  (error: unknown) => {
    const { code, message, hint } = asEtlError(error);
    report({ error: { code, message, hint } });
  },
);
