// A process that runs one job, so that a test can kill it. It waits for its order, and reports progress and its end.
import { readConfig } from '../../src/core/base/config.js';
import { asEtlError } from '../../src/core/base/errors.js';
import type { JobContext, JobResult, Progress } from '../../src/core/jobs/job.js';
import { backfill, clearAndReload, sync } from '../../src/core/core.js';
import { setToday } from './shiftedClock.js';

export interface Order {
  job: 'sync' | 'backfill' | 'clear-and-reload';
  from: string;
  to: string;
  dayByDay?: boolean;
  dryRun?: boolean;
  force?: boolean;
  file?: string;
  /** The day that the process considers today. */
  today?: string;
  env: Record<string, string>;
}

/** Each phase is reported once, when it begins. */
export type Told = 'ready' | Progress['phase'] | 'done' | { failed: string };

const ignore = (): void => undefined;
const tell = (what: Told): void => void process.send!(what);

function run(order: Order, context: JobContext): Promise<JobResult> {
  if (order.job === 'sync') return sync(context);
  return order.job === 'backfill' ? backfill(order, context) : clearAndReload(order, context);
}

process.once('message', (order: Order) => {
  if (order.today !== undefined) setToday(order.today);
  const told = new Set<Told>();
  const context: JobContext = {
    config: readConfig({ TALLY_STREAMS: 'invoices', ...order.env }),
    logger: { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore },
    signal: new AbortController().signal,
    onProgress: ({ phase }) => {
      if (!told.has(phase)) tell(phase);
      told.add(phase);
    },
    program: 'child',
  };
  run(order, context)
    .then(
      () => {
        tell('done');
      },
      (error: unknown) => {
        const { code, message } = asEtlError(error);
        tell({ failed: `${code}: ${message}` });
      },
    )
    .finally(() => {
      process.disconnect();
    });
});
tell('ready');
