// A VS Code window as a job sees it: runs a sync in the extension's own worker thread and reports how it ended.
import path from 'node:path';
import { readConfig } from '../../src/core/base/config.js';
import { asEtlError } from '../../src/core/base/errors.js';
import { runJob } from '../../src/extension/jobs/jobThread.js';

const ignore = (): void => undefined;

runJob('sync', undefined, {
  workerFile: path.resolve('dist/jobWorker.js'),
  config: readConfig(process.env),
  logger: { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore },
  logLevels: [],
  signal: new AbortController().signal,
}).then(
  () => {
    console.log('{"ended":"ok","message":""}');
  },
  (error: unknown) => {
    const { code, message } = asEtlError(error);
    console.log(JSON.stringify({ ended: code, message }));
  },
);
