import { addDays, daysOf, type DateRange } from '../calendar.js';
import { EtlError, cancelled } from '../errors.js';
import type { TallyClient } from '../tally/client.js';
import type { Comparison, DayCounts } from '../warehouse/comparison.js';
import type { Stage } from '../warehouse/stage.js';
import type { Warehouse } from '../warehouse/warehouse.js';
import { judgeCoverage, provenUntil } from './coverage.js';
import { formatCountOf } from '../format.js';
import { guardReplace } from './guard.js';
import type { Company, JobContext, JobResult } from './job.js';
import { readRange, type Answered, type Sink } from './readRange.js';
import { readRules } from './tallySession.js';
import { hasWarehouse, openConfiguredWarehouse } from './warehouseSession.js';

/** Rows of the range that Tally no longer has are removed; `force` accepts a result that looks like a mistake. */
export interface Replace {
  force: boolean;
}

/** Everything one run works with; all jobs that load a range share it. */
export interface Run {
  runId: string;
  range: DateRange;
  dayByDay: boolean;
  client: TallyClient;
  company: Company;
  context: JobContext;
  replace?: Replace;
  /** The company's checkpoint moves with the rows. */
  movesCheckpoint?: boolean;
}

type Read = Pick<JobResult, 'report' | 'answered' | 'invoices' | 'rejected' | 'warnings' | 'byType' | 'notProven'>;
type Change = Pick<
  JobResult,
  'inserted' | 'updated' | 'unchanged' | 'removed' | 'missing' | 'days' | 'missingInvoices'
>;
export type Outcome = Read & Change & Pick<JobResult, 'warehouse'>;

/**
 * Reads the range from Tally into the stage, then merges it into the warehouse: in one transaction, or in one per day.
 * Until the merge nothing of the warehouse is touched, so a Tally that fails in mid-answer leaves it as it was.
 */
export async function loadRange(run: Run, warehouse: Warehouse): Promise<Outcome> {
  const { company, context, range, replace, runId } = run;
  const stage = await warehouse.createStage(company);
  const { read, answered } = await readInto(run, stage);
  if (replace && !replace.force) await guard(run, stage, read, answered);
  const checkpoint = run.movesCheckpoint === true ? provenUntil(range, answered, company.booksFrom) : undefined;
  context.onProgress?.({ phase: 'writing', invoices: read.invoices, vouchers: answered.vouchers, fraction: 1 });
  const merged: Comparison[] = [];
  for (const part of run.dayByDay ? eachDay(range) : [range]) {
    if (context.signal.aborted) throw cancelled();
    const done = await stage.merge(part, {
      runId,
      removeMissing: replace !== undefined,
      ...(checkpoint !== undefined && { checkpoint }),
    });
    if (run.dayByDay) logDays(done, context);
    merged.push(done);
  }
  return outcome(read, merged, { state: 'compared' });
}

/** Reads everything as loadRange does and compares it with the warehouse, writing nothing: not even a migration. */
export async function dryRunRange(run: Run): Promise<Outcome> {
  const { context, range, replace } = run;
  if (!hasWarehouse(context.config)) return withoutWarehouse(run, 'empty', noWarehouse);
  let warehouse: Warehouse;
  try {
    warehouse = await openConfiguredWarehouse(context);
  } catch (error) {
    if (!(error instanceof EtlError)) throw error;
    context.logger.warn(`${error.message} ${error.hint}`);
    return withoutWarehouse(run, 'unreachable', `${error.message} ${error.hint}`);
  }
  try {
    const stage = await warehouse.createStage(run.company);
    const { read, answered } = await readInto(run, stage);
    if (replace && !replace.force)
      await guard(run, stage, read, answered).catch((error: unknown) => {
        if (!(error instanceof EtlError) || error.code !== 'guard') throw error;
        read.warnings.push(`The reload itself would be refused: ${error.message}`);
      });
    const comparison = await stage.compare(range, replace !== undefined);
    const isEmpty = (await warehouse.schemaState()) === 'empty';
    return outcome(read, [comparison], isEmpty ? { state: 'empty', reason: noTables } : { state: 'compared' });
  } finally {
    await warehouse.close();
  }
}

const noWarehouse = 'The embedded warehouse does not exist yet; the first load makes it.';
const noTables = 'The warehouse has no tables yet; the first load makes them.';

/** Throws `guard` where replacing the range looks like a mistake. */
async function guard({ range }: Run, stage: Stage, read: Read, { from, to }: Answered): Promise<void> {
  const had = await stage.countWarehouse(range);
  // Rows of days that the answer does not reach would be removed for no other reason.
  const unreached =
    from === undefined || to === undefined
      ? had
      : (await stage.countWarehouse({ from: range.from, to: addDays(from, -1) })) +
        (await stage.countWarehouse({ from: addDays(to, 1), to: range.to }));
  guardReplace({ had, has: read.invoices + read.rejected, unreached });
}

/** A dry run makes no warehouse, and without one in reach it still tells what Tally has. */
async function withoutWarehouse(run: Run, state: 'empty' | 'unreachable', reason: string): Promise<Outcome> {
  const nowhere: Sink = { add: () => Promise.resolve() };
  const { read } = await readInto(run, nowhere);
  return outcome(read, state === 'empty' ? [againstNothing(read)] : [], { state, reason });
}

/** What a load into a warehouse that does not exist yet would do: insert everything. */
function againstNothing({ byType }: Read): Comparison {
  const days = new Map<string, DayCounts>();
  for (const { date, invoices } of byType) {
    const sum = (days.get(date)?.invoices ?? 0) + invoices;
    days.set(date, { date, invoices: sum, inserted: sum, updated: 0, unchanged: 0, removed: 0 });
  }
  return { days: [...days.values()], duplicates: 0, missing: 0, missingInvoices: [] };
}

/** Reads the range into the sink and judges whether Tally's answer covers it. Throws `range-not-covered`. */
async function readInto(run: Run, sink: Sink): Promise<{ read: Read; answered: Answered }> {
  const { client, company, context, range, dayByDay, replace } = run;
  const report = context.config.report === 'voucher-register' ? 'Voucher Register' : 'Day Book';
  const { rules, warnings } = await readRules(client, company, context);
  const chunks = dayByDay ? [...eachDay(range)] : [range];
  const { totals, answered } = await readRange({ client, company, report, rules, range, chunks, sink }, context);
  const coverage = judgeCoverage(range, answered, report, company.booksFrom);
  // Replacing has a guard of its own, which knows what there is to lose.
  if (coverage.state === 'nothing' && !replace)
    throw new EtlError('range-not-covered', `${coverage.reason} Nothing was changed.`, coverage.hint);
  const reason = coverage.state === 'covered' ? null : coverage.reason;
  const accepted = replace?.force === true && reason !== null;
  const read: Read = {
    report,
    answered: { vouchers: answered.vouchers, from: answered.from ?? null, to: answered.to ?? null },
    invoices: totals.invoices,
    rejected: totals.rejected,
    warnings: [...warnings, ...totals.warnings(), ...(accepted ? [`Accepted by force: ${reason}`] : [])],
    byType: totals.byType(),
    notProven: accepted ? null : reason,
  };
  return { read, answered };
}

function outcome(read: Read, comparisons: Comparison[], warehouse: JobResult['warehouse']): Outcome {
  const days = comparisons.flatMap((comparison) => comparison.days);
  const sum = (of: 'invoices' | 'inserted' | 'updated' | 'unchanged' | 'removed'): number =>
    days.reduce((total, day) => total + day[of], 0);
  const duplicates = comparisons.reduce((total, comparison) => total + comparison.duplicates, 0);
  return {
    ...read,
    // The stage holds each voucher once, also where Tally sent it twice.
    invoices: comparisons.length > 0 ? sum('invoices') : read.invoices,
    inserted: sum('inserted'),
    updated: sum('updated'),
    unchanged: sum('unchanged'),
    removed: sum('removed'),
    missing: comparisons.reduce((total, comparison) => total + comparison.missing, 0),
    days,
    missingInvoices: comparisons.flatMap((comparison) => comparison.missingInvoices).slice(0, 100),
    warnings:
      duplicates > 0
        ? [
            ...read.warnings,
            `${formatCountOf(duplicates, 'voucher')} came twice in Tally's answer; the last one counts.`,
          ]
        : read.warnings,
    warehouse,
  };
}

function logDays({ days }: Comparison, { logger }: JobContext): void {
  for (const day of days)
    logger.info(
      `${day.date}: ${formatCountOf(day.invoices, 'invoice')}, ${day.inserted} inserted, ${day.updated} updated, ` +
        `${day.unchanged} unchanged${day.removed > 0 ? `, ${day.removed} removed` : ''}`,
    );
}

function* eachDay(range: DateRange): Generator<DateRange> {
  for (const day of daysOf(range)) yield { from: day, to: day };
}
