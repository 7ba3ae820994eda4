import type { Checkpoint, LoggedRun } from '../../src/core/jobs/job.js';

/** A sync as `etl_logs` has it; each test gives the fields that it is about. */
export const loggedRun = (given: Partial<LoggedRun> = {}): LoggedRun => ({
  ...{ id: 7, runId: 'c0ffee00-0000-4000-8000-000000000000', stream: 'invoices', command: 'sync' },
  ...{ companyId: 'g', companyName: 'Asha Traders', runAt: '2026-04-10T11:55:00Z' },
  ...{ from: '2026-04-08', to: '2026-04-10', rows: 1200, inserted: 1000, updated: 50, unchanged: 150 },
  ...{ missing: 0, rejected: 0, status: 'ok', errorCode: null, error: null, durationMs: 12_345 },
  ...{ tallyAddress: 'http://asha-pc:9000', askedCompany: null },
  ...given,
});

/** A run that ended before it knew its company. */
export const failedRun = (error: string): LoggedRun =>
  loggedRun({
    ...{ companyId: null, companyName: null, from: null, to: null, rows: 0, inserted: 0, updated: 0, unchanged: 0 },
    ...{ status: 'error', errorCode: 'tally-unreachable', error, durationMs: 30 },
  });

export const checkpointOf = (companyName: string, lastDate: string): Checkpoint => ({
  ...{ companyId: 'g', companyName, stream: 'invoices', lastDate, updatedAt: '2026-04-10T09:00:00Z' },
});
