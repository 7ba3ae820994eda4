import { randomUUID } from 'node:crypto';
import { t } from '@vscode/l10n';
import { today, type DateRange } from '../base/calendar.js';
import type { Config } from '../base/config.js';
import { asEtlError, type EtlError } from '../base/errors.js';
import { sharedTallyAddress } from '../base/tallyAddress.js';
import type { Comparison, LedgerCounts } from '../warehouse/read/comparison.js';
import { ledgerStream, readCheckpoint } from '../warehouse/records/checkpoints.js';
import { loadedSpan } from '../warehouse/records/loadedDays.js';
import type { KnownSource } from '../warehouse/records/sources.js';
import { countRejectsOf } from '../warehouse/records/rejects.js';
import { writeLog, type RunLog } from '../warehouse/records/runLogs.js';
import type { Warehouse } from '../warehouse/warehouse.js';
import { openBooks, type Books } from './books/books.js';
import type { Company, Counts, JobContext, JobResult } from './job.js';
import { sourcesOf } from './books/knownBooks.js';
import { heldBy } from './books/companyPart.js';
import { loadWithHistory } from './load/history.js';
import { prepareRun } from './load/prepareRun.js';
import { ledgerOf, nothingDone, withDone, type Done } from './load/result.js';
import { resultIfSettled, settle } from './load/settled.js';
import { modes } from './load/run.js';
import { analyzeGrown } from './load/write.js';
import type { Remark } from './remark.js';
import { nextSyncRange } from '../base/syncRange.js';
import { withWarehouse } from './warehouseSession.js';

/** The facts of a run so far, for its row in etl_logs. */
interface Attempt {
  runId: string;
  runAt: string;
  started: number;
  /** Names the Tally and the company in etl_logs, even if the company was not found. */
  config: Config;
  company?: Company;
  range?: DateRange;
  done: Done;
}

/**
 * Loads the days from the checkpoint (minus the overlap) up to today, and reads again older days that changed. Moves
 * the checkpoint in the transaction that writes the rows. Each run leaves a row in etl_logs, even if it fails or is
 * cancelled. With the stream `ledger` it leaves a second row; after a failure only if a part was committed. A run leaves
 * none if another run is loading (`locked`), or if it fails before the tables are up to date. `describe` puts into words
 * why a run is not proven.
 */
export async function sync(context: JobContext, describe: (remark: Remark) => string): Promise<JobResult<Remark>> {
  const attempt: Attempt = {
    runId: randomUUID(),
    runAt: new Date().toISOString(),
    started: performance.now(),
    config: context.config,
    done: nothingDone(),
  };
  context.onProgress?.({ phase: 'preparing', invoices: 0, vouchers: 0 });
  return withWarehouse(context, async (warehouse) => {
    await warehouse.migrate();
    let books: Books | undefined;
    try {
      books = await openBooks(context);
      const result = await run(attempt, warehouse, books, context);
      const notProven = result.notProven && describe(result.notProven);
      const log = logOf(attempt, { ...result, notProven });
      await putOnRecord(log, warehouse);
      const { ledger } = result;
      if (ledger) await putOnRecord({ ...log, ...ledgerCountsOf(ledger) }, warehouse, ledgerStream);
      return result;
    } catch (thrown) {
      const error = asEtlError(attempt.range ? withDone(thrown, attempt.done, syncAgain()) : thrown);
      if (error.code !== 'locked') await logFailure(attempt, error, warehouse, context);
      throw error;
    } finally {
      await books?.close();
    }
  });
}

async function run(
  attempt: Attempt,
  warehouse: Warehouse,
  books: Books,
  context: JobContext,
): Promise<JobResult<Remark>> {
  const { company } = books;
  attempt.company = company;
  await warehouse.lockCompany(company.id, 'sync');
  const sources = await sourcesOf(books, warehouse);
  const checkpoint = await warehouse.use((session) => readCheckpoint(session, company.id));
  const next = nextSyncRange(checkpoint, context.config.overlapDays, today());
  const closed = await closedPart(next, warehouse, books, sources);
  const range = closed ?? next;
  attempt.range = range;
  context.logger.info(`Sync of ${range.from} to ${range.to}`);
  const { runId, done } = attempt;
  const remarks: Remark[] = closed
    ? [{ code: 'books-ended', company: company.name, to: closed.to }]
    : checkpoint !== undefined && checkpoint > range.to
      ? [{ code: 'checkpoint-ahead', checkpoint, today: range.to, from: range.from }]
      : [];
  const asked = { runId, mode: modes.sync, range, remarks, dayByDay: false, books, context };
  let outcome = closed ? undefined : await resultIfSettled(asked, sources, checkpoint, warehouse);
  if (outcome === undefined) {
    const load = await prepareRun(asked, sources, warehouse);
    const stage = await warehouse.createStage(company, load.rules.ledgerRules !== undefined);
    outcome = await loadWithHistory(load, { stage, done }, warehouse);
    await settle(asked, outcome, stage.list.seen, warehouse);
    await analyzeGrown(stage, context);
  }
  return {
    command: 'sync',
    company: { name: company.name, id: company.id },
    dryRun: false,
    dayByDay: false,
    ...outcome,
    checkpoint: (await warehouse.use((session) => readCheckpoint(session, company.id))) ?? null,
    durationMs: Math.round(performance.now() - attempt.started),
    runId,
  };
}

const syncAgain = (): string => t('Sync again to load the rest: what is loaded is not read twice.');

/**
 * Tally may have an earlier part of a split company open, although the sync's own days are in a later part. If days of
 * the earlier part were loaded, returns the last day of that part: a sync of this day also compares the part's loaded
 * days. Otherwise undefined.
 */
async function closedPart(
  range: DateRange,
  warehouse: Warehouse,
  books: Books,
  sources: readonly KnownSource[],
): Promise<DateRange | undefined> {
  const held = heldBy(books, sources);
  if (range.from <= held.to) return undefined;
  const loaded = await warehouse.use((session) => loadedSpan(session, books.company.id));
  return loaded && loaded.from <= held.to ? { from: held.to, to: held.to } : undefined;
}

const putOnRecord = (log: RunLog, warehouse: Warehouse, stream?: string): Promise<void> =>
  warehouse.use((session) => writeLog(session, log, stream));

const ledgerCountsOf = ({ vouchers: rows, inserted, updated, unchanged, missing }: LedgerCounts): Partial<RunLog> => ({
  ...{ rows, inserted, updated, unchanged, missing },
});

/** Writes a failure to etl_logs. Only warns if that fails: the run must report its own failure. */
async function logFailure(
  attempt: Attempt,
  error: EtlError,
  warehouse: Warehouse,
  { logger }: JobContext,
): Promise<void> {
  const { company, runId } = attempt;
  try {
    // The parts that are committed have their rejects too.
    const rejected = company ? await warehouse.use((session) => countRejectsOf(session, company.id, runId)) : 0;
    const log = { ...logOf(attempt, error), rejected };
    await putOnRecord(log, warehouse);
    const { ledger } = ledgerOf(attempt.done.committed.flatMap((part) => (part.ledger ? [part.ledger] : [])));
    if (ledger) await putOnRecord({ ...log, ...ledgerCountsOf(ledger) }, warehouse, ledgerStream);
  } catch (thrown) {
    logger.warn(`The run could not be written to etl_logs: ${asEtlError(thrown).message}`);
  }
}

type Ended = Pick<JobResult, keyof Counts | 'missing' | 'rejected' | 'notProven'>;

function logOf({ runId, runAt, started, config, company, range, done }: Attempt, ended: Ended | EtlError): RunLog {
  const about = {
    runId,
    runAt,
    companyId: company?.id ?? null,
    tallyAddress: sharedTallyAddress(config),
    askedCompany: config.company ?? null,
    command: 'sync',
    from: range?.from ?? null,
    to: range?.to ?? null,
    durationMs: Math.round(performance.now() - started),
  };
  if (ended instanceof Error) {
    const status = ended.code === 'cancelled' ? ('cancelled' as const) : ('error' as const);
    return {
      ...about,
      ...countsOf(done.committed),
      status,
      errorCode: ended.code,
      error: `${ended.message} ${ended.hint}`,
    };
  }
  const { invoices, inserted, updated, unchanged, missing, rejected, notProven } = ended;
  return {
    ...about,
    ...{ rows: invoices, inserted, updated, unchanged, missing, rejected },
    // The loaded rows stay, but the row in etl_logs must say that the range is not proven.
    ...(notProven === null
      ? { status: 'ok', errorCode: null, error: null }
      : { status: 'error', errorCode: 'range-not-covered', error: notProven }),
  };
}

/** The counts of what a run had committed before it failed. logFailure counts the rejects. */
function countsOf(
  committed: Comparison[],
): Pick<RunLog, 'rows' | 'inserted' | 'updated' | 'unchanged' | 'missing' | 'rejected'> {
  const counts = { rows: 0, inserted: 0, updated: 0, unchanged: 0, missing: 0, rejected: 0 };
  for (const { days, missing } of committed) {
    counts.missing += missing;
    for (const { invoices, inserted, updated, unchanged } of days) {
      counts.rows += invoices;
      counts.inserted += inserted;
      counts.updated += updated;
      counts.unchanged += unchanged;
    }
  }
  return counts;
}
