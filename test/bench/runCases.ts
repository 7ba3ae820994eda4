import { monitorEventLoopDelay } from 'node:perf_hooks';
import { backfill, sync, type JobContext, type JobResult } from '../../src/core/core.js';
import { runJob } from '../../src/extension/jobs/jobThread.js';
import { contextOf, silent } from './context.js';
import { measure, type Facts, type Measured } from './measured.js';
import type { Order } from './order.js';

/** A backfill as the command line runs it, from the first request to the last commit. */
export const runBackfill = (order: Order): Promise<Measured> =>
  measure(async () => factsOf(await backfill({ ...order.range }, contextOf(order))));

/** A sync as the command line runs it. */
export const runSync = (order: Order): Promise<Measured> => measure(async () => factsOf(await sync(contextOf(order))));

/** The first load of each company, all at once in one process. */
export const loadCompanies = (order: Order): Promise<Measured> =>
  ofEach(order, (context) => backfill({ ...order.range }, context));

/** A sync of each company, all at once in one process. */
export const syncCompanies = (order: Order): Promise<Measured> => ofEach(order, sync);

const ofEach = (order: Order, run: (context: JobContext) => Promise<JobResult>): Promise<Measured> =>
  measure(async () => {
    const results = await Promise.all(
      order.tallyUrls!.map(async (tallyUrl) => factsOf(await run(contextOf({ ...order, tallyUrl })))),
    );
    return { invoices: results.reduce((sum, { invoices }) => sum + Number(invoices), 0) };
  });

/** A backfill as the extension runs it: in a worker. The delays are those of this thread, the extension host's. */
export const host = (order: Order): Promise<Measured> =>
  measure(async () => {
    const { config, signal } = contextOf(order);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    let reports = 0;
    delay.enable();
    const { result } = await runJob(
      'backfill',
      { ...order.range },
      {
        ...{ workerFile: order.workerFile, config, logger: silent, signal },
        logLevels: ['info', 'warn', 'error'],
        onProgress: () => reports++,
      },
    );
    delay.disable();
    return { ...factsOf(result), p99Ms: delay.percentile(99) / 1e6, maxMs: delay.max / 1e6, reports };
  });

function factsOf(result: JobResult): Facts {
  if (result.notProven !== null) throw new Error(result.notProven);
  const { invoices, inserted, updated, unchanged, rejected, report, answered, ledger } = result;
  return {
    ...{ invoices, inserted, updated, unchanged, rejected, report, vouchers: answered.vouchers },
    ...(ledger && { ledgerInserted: ledger.inserted }),
  };
}
