import type { JobResult } from '../../src/core/jobs/job.js';

/** The result of a backfill of some sales, for tests of the sentences about it. */
export const jobResult = (given: Partial<JobResult> = {}): JobResult => ({
  ...{ command: 'backfill', company: { name: 'Asha Traders', id: 'g' }, from: '2024-04-01', to: '2024-10-13' },
  ...{ dryRun: false, dayByDay: false, report: 'Day Book', runId: 'r', durationMs: 1, warnings: [], notProven: null },
  answered: { vouchers: 9000, from: '2024-04-01', to: '2024-10-13' },
  ...{ invoices: 4301, inserted: 4301, updated: 0, unchanged: 0, removed: 0, missing: 0, rejected: 0 },
  ...{ days: [], byType: [], missingInvoices: [], holes: [], index: null, warehouse: { state: 'compared' } },
  ...given,
});
