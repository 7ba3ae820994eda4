import {
  backfill,
  describeConcerns,
  demoPlace,
  describeTotals,
  formatCount,
  formatCountOf,
  formatSpan,
  readConfig,
  type JobResult,
} from '../../core/core.js';
import { demoCompanyName, demoRange } from '../../demo/demoNames.js';
import { startDemoThread } from '../../demo/startDemoThread.js';
import type { Command } from '../commandContext.js';
import { jobExitCode } from '../jobExitCode.js';

export const demoCommand: Command = async ({ line, env, program, print, runJob }) => {
  const demo = await startDemoThread(line.invoices === undefined ? {} : { book: { invoices: line.invoices } });
  try {
    // The demo takes one setting of the user, the data folder, in which the demo's own folder lies. So it reaches neither the
    // user's Tally nor their warehouse.
    const own = readConfig({ TALLY_URL: demo.url, TALLY_COMPANY: demoCompanyName, TALLY_DATA_DIR: env.TALLY_DATA_DIR });
    const config = { ...own, ...demoPlace(own) };
    const result = await runJob(config, (context) => backfill(demoRange, context));
    await print({ ...result, dataDir: config.dataDir }, describeDemo(result, config.dataDir, program));
    return jobExitCode(result);
  } finally {
    await demo.close();
  }
};

/** Says what the demo did, where the rows are and what to try next. */
export function describeDemo(result: JobResult, dataDir: string, program: string): string {
  const { inserted, updated, unchanged } = result;
  const concerns = describeConcerns(result);
  const outcome =
    inserted + updated === 0
      ? `Nothing had changed since the last run: ${formatCountOf(unchanged, 'invoice')} unchanged.`
      : `${formatCount(inserted)} inserted, ${formatCount(updated)} updated, ${formatCount(unchanged)} unchanged.`;
  return `${result.company.name}, ${formatSpan(result.from, result.to)}

${describeTotals(result.byType)}

${[outcome, ...concerns].join('\n')}
The rows are in the demo's own warehouse (a PostgreSQL of its own) in ${dataDir}
Your own warehouse has none of them. Delete that folder to remove the demo.

Next
  Run it again: everything is unchanged.
    ${program} demo
  Load from your own Tally. In Tally: F1 > Settings > Connectivity, let it act as Both (or Server), port 9000. Then:
    ${program} check
    ${program} backfill 2024-04-01 2024-04-05 --dry-run
    ${program} backfill 2024-04-01 2025-03-31
  Then every day, by cron or another scheduler:
    ${program} sync
  Your own PostgreSQL: set DB_URL=postgres://user:password@host:5432/database, in the environment or in a file .env`;
}
