import type { CalendarDate } from '../../base/calendar.js';
import { EtlError } from '../../base/errors.js';
import type { Comparison, DayCounts, Difference, LedgerCounts } from '../../warehouse/read/comparison.js';
import type { Warehouse } from '../../warehouse/warehouse.js';
import { knowFileCompany } from '../books/fileBooks.js';
import { sourcesOf } from '../books/knownBooks.js';
import { hasWarehouse, openConfiguredWarehouse } from '../warehouseSession.js';
import { readList } from './list/readList.js';
import { prepareRun, type AskedRun } from './prepareRun.js';
import { guardRange } from './prove/guard.js';
import { firstInvoices } from './read/firstInvoices.js';
import { openReading, readAll, type Reading } from './reading.js';
import { resultOf, type RangeResult } from './result.js';
import type { Run } from './run.js';

/** Reads everything as a load does and compares it with the warehouse. Writes nothing, not even a migration. */
export async function dryRunRange(asked: AskedRun): Promise<RangeResult> {
  const { context } = asked;
  if (!hasWarehouse(context.config))
    return withoutWarehouse(asked, { state: 'empty', reason: { code: 'no-warehouse' } });
  let warehouse: Warehouse;
  try {
    warehouse = await openConfiguredWarehouse(context);
  } catch (error) {
    if (!(error instanceof EtlError) || error.code === 'cancelled') throw error;
    const failure = `${error.message} ${error.hint}`;
    context.logger.warn(failure);
    return withoutWarehouse(asked, { state: 'unreachable', reason: { code: 'warehouse-unreachable', failure } });
  }
  try {
    return await withWarehouse(asked, warehouse);
  } finally {
    await warehouse.close();
  }
}

async function withWarehouse(asked: AskedRun, warehouse: Warehouse): Promise<RangeResult> {
  const { books, mode } = asked;
  const isEmpty = (await warehouse.refuseNewer()) === 'empty';
  await knowFileCompany(books, warehouse);
  const run = await prepareRun(asked, await sourcesOf(books, warehouse), warehouse);
  const stage = await warehouse.createStage(books.company, run.rules.ledgerRules !== undefined);
  const { range } = run;
  const reading = await openReading(run, await readList(run, range), stage);
  await readAll(reading);
  await stage.addListed(reading.arrivals.unread(range));
  const leftOut = books.isFile && !isEmpty ? await stage.leaveOutWorse() : undefined;
  const verdict = reading.proof.verdict(reading.reader.totals.remarks(books.isFile));
  if (mode.removes && !mode.force)
    await guardRange(run, stage, reading).catch((error: unknown) => {
      if (!(error instanceof EtlError) || error.code !== 'guard') throw error;
      verdict.remarks.push({ code: 'reload-refused', refusal: error.message });
    });
  // A file proves nothing about invoices that it does not hold: they may still be in Tally.
  const goneIn = mode.removes ? range : books.isFile ? undefined : reading.proof.reached;
  const comparison = await stage.compare(range, { removeMissing: mode.removes, goneIn });
  const state: RangeResult['warehouse'] = isEmpty
    ? { state: 'empty', reason: { code: 'no-tables' } }
    : { state: 'compared' };
  return resultOf(run, reading, verdict, [comparison], state, leftOut);
}

/** A dry run does not create a warehouse. Without a reachable one it still reports what Tally has. */
async function withoutWarehouse(asked: AskedRun, warehouse: RangeResult['warehouse']): Promise<RangeResult> {
  const run = await prepareRun(asked, []);
  const first = firstInvoices();
  const reading = await openReading(run, await readList(run, run.range), first);
  await readAll(reading);
  const { reader, proof } = reading;
  const compared = warehouse.state === 'empty' ? [againstNothing(run, reading, first.listed)] : [];
  return resultOf(run, reading, proof.verdict(reader.totals.remarks(run.books.isFile)), compared, warehouse);
}

/** The result of a load into a warehouse that does not exist yet: everything is inserted. */
function againstNothing({ rules }: Run, { reader }: Reading, listed: Difference[]): Comparison {
  const days = new Map<CalendarDate, DayCounts>();
  for (const { date, invoices } of reader.totals.byType()) {
    const sum = (days.get(date)?.invoices ?? 0) + invoices;
    days.set(date, { date, invoices: sum, inserted: sum, updated: 0, unchanged: 0, removed: 0 });
  }
  const counts = { missingHere: reader.totals.invoices, different: 0, goneInTally: 0 };
  return {
    ...{ days: [...days.values()], duplicates: 0, missing: 0, missingInvoices: [], unread: [] },
    differences: { counts, listed },
    ...(rules.ledgerRules && { ledger: allInserted(reader.totals.vouchers) }),
  };
}

const allInserted = (vouchers: number): LedgerCounts => ({
  ...{ vouchers, inserted: vouchers, updated: 0, unchanged: 0, removed: 0, missing: 0 },
});
