import { readConfig, type Environment } from '../../src/core/base/config.js';
import type { JobContext, Progress } from '../../src/core/jobs/job.js';
import { silent } from './postgres.js';

/**
 * The context of a job, as a face would make it from these variables; collects the progress. Most tests of jobs are about
 * invoices; those about the ledger set TALLY_STREAMS.
 */
export function contextOf(env: Environment, more: Partial<JobContext> = {}): JobContext & { progress: Progress[] } {
  const progress: Progress[] = [];
  return {
    config: readConfig({ TALLY_STREAMS: 'invoices', ...env }),
    logger: silent,
    signal: new AbortController().signal,
    onProgress: (step) => progress.push(step),
    program: 'test',
    ...more,
    progress,
  };
}
