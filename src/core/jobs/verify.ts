import { randomUUID } from 'node:crypto';
import { t } from '@vscode/l10n';
import { parseRange } from '../base/parseDate.js';
import { schemaState } from '../warehouse/postgres/migrate.js';
import { compareBalances } from './balances/compareBalances.js';
import { openBooks } from './books/books.js';
import { sourcesOf } from './books/knownBooks.js';
import { compareRange } from './compareRange.js';
import type { JobContext, VerifyRequest, VerifyResult } from './job.js';
import { prepareRun } from './load/prepareRun.js';
import { modes } from './load/run.js';
import { cutAtToday } from './rangeJob.js';
import type { Remark } from './remark.js';
import { compareByTotals } from './verifyTotals.js';
import { hasWarehouse, nothingLoaded, withWarehouse } from './warehouseSession.js';

/**
 * Compares a range in Tally with the warehouse. Reads the whole range anew, and compares it by day and type and by invoice.
 * With `totals`, compares ids and totals, and field by field only the days that differ in them. Brings the tables up to date
 * and records proven comparisons of fields in etl_verified, but changes no invoice. Throws EtlError; differences and
 * `notProven` are exit code 6.
 */
export async function verify(request: VerifyRequest, context: JobContext): Promise<VerifyResult<Remark>> {
  const started = performance.now();
  const { range, remarks } = cutAtToday(parseRange(request.from, request.to));
  const runId = randomUUID();
  if (!hasWarehouse(context.config))
    throw nothingLoaded(t('The built-in warehouse does not exist yet: there is nothing to compare with Tally.'));
  context.onProgress?.({ phase: 'preparing', invoices: 0, vouchers: 0 });
  return withWarehouse(context, async (warehouse) => {
    if ((await warehouse.use(schemaState)) === 'empty')
      throw nothingLoaded(t('The warehouse has no tables yet: there is nothing to compare with Tally.'));
    await warehouse.migrate();
    const books = await openBooks(context);
    try {
      const { company } = books;
      const asked = { runId, mode: modes.verify, range, remarks, dayByDay: false, books, context };
      const run = await prepareRun(asked, await sourcesOf(books, warehouse));
      const limit = request.limit ?? listedByDefault;
      const found = await (request.totals
        ? compareByTotals(run, warehouse, limit)
        : compareRange(run, warehouse, limit));
      const balances = context.config.ledger ? await compareBalances(run, warehouse, limit) : undefined;
      return {
        command: 'verify',
        company: { name: company.name, id: company.id },
        ...run.range,
        ...found,
        ...balances?.found,
        ...(balances?.openingsNotCompared && { openingsNotCompared: balances.openingsNotCompared }),
        warnings: [...run.remarks, ...found.warnings, ...(balances?.remarks ?? [])],
        durationMs: Math.round(performance.now() - started),
        runId,
      };
    } finally {
      await books.close();
    }
  });
}

const listedByDefault = 100;
