import { randomUUID } from 'node:crypto';
import { t } from '@vscode/l10n';
import { today, type DateRange } from '../base/calendar.js';
import { dateText, rangeText } from '../base/countWords.js';
import { EtlError } from '../base/errors.js';
import { parseRange } from '../base/parseDate.js';
import { loadedSpan } from '../warehouse/records/loadedDays.js';
import type { Warehouse } from '../warehouse/warehouse.js';
import type { BackfillRequest, ClearAndReloadRequest, JobContext, JobResult } from './job.js';
import { openBooks } from './books/books.js';
import { openFileBooks } from './books/fileBooks.js';
import { sourcesOf } from './books/knownBooks.js';
import { backfillRange } from './load/backfillRange.js';
import { dryRunRange } from './load/dryRun.js';
import { beginList, readList } from './load/list/readList.js';
import { loadRange } from './load/loadRange.js';
import { prepareRun, type AskedRun } from './load/prepareRun.js';
import { nothingDone, withDone, type Done, type RangeResult } from './load/result.js';
import { dryRunOf, modes, type Mode } from './load/run.js';
import { analyzeGrown } from './load/write.js';
import type { RangeRemark, Remark } from './remark.js';
import { withLockedWarehouse } from './warehouseSession.js';

/**
 * Loads a range of dates into the warehouse, or with `dryRun` only says what would change. Commits part by part (see
 * loadRange), or day by day, oldest first. Throws EtlError; a result with `notProven` is exit code 6.
 */
export function backfill(request: BackfillRequest, context: JobContext): Promise<JobResult<Remark>> {
  return runRange('backfill', modes.backfill, request, context);
}

/**
 * As backfill, but reads the whole range first and commits it as a whole, or day by day. The rows of the range that
 * Tally no longer has leave the warehouse in the same transaction, so readers never see the range empty. Throws `guard`
 * if the result looks like a mistake, unless `force`.
 */
export function clearAndReload(request: ClearAndReloadRequest, context: JobContext): Promise<JobResult<Remark>> {
  return runRange('clear-and-reload', request.force ? modes.forcedReload : modes.reload, request, context);
}

async function runRange(
  command: 'backfill' | 'clear-and-reload',
  mode: Mode,
  request: BackfillRequest,
  context: JobContext,
): Promise<JobResult<Remark>> {
  const started = performance.now();
  const { range, remarks } = cutAtToday(parseRange(request.from, request.to));
  const { dryRun = false, dayByDay = false } = request;
  const runId = randomUUID();
  context.onProgress?.({ phase: 'preparing', invoices: 0, vouchers: 0 });
  const files = filesOf(request);
  const books = files === undefined ? await openBooks(context) : await openFileBooks(files, context);
  const done = nothingDone();
  try {
    const { company } = books;
    const asked = { runId, mode, range, remarks, dayByDay, books, context };
    const outcome = dryRun
      ? await dryRunRange({ ...asked, mode: dryRunOf(mode) })
      : await withLockedWarehouse(context, books, command, (warehouse) => load(asked, done, warehouse));
    return {
      command,
      company: { name: company.name, id: company.id },
      dryRun,
      dayByDay,
      ...outcome,
      ...(files && { files, notProven: outcome.notProven ?? allRejected(outcome) }),
      durationMs: Math.round(performance.now() - started),
      runId,
    };
  } catch (thrown) {
    throw withDone(thrown, done, runAgain(range));
  } finally {
    await books.close();
  }
}

async function load(asked: AskedRun, done: Done, warehouse: Warehouse): Promise<RangeResult> {
  const { company } = asked.books;
  const run = await prepareRun(asked, await sourcesOf(asked.books, warehouse), warehouse);
  const target = { stage: await warehouse.createStage(company, run.rules.ledgerRules !== undefined), done };
  const { list: staged } = target.stage;
  const loaded = await warehouse.use((session) => loadedSpan(session, company.id));
  const isNew = loaded === undefined || loaded.to < run.range.from || loaded.from > run.range.to;
  const list = (isNew ? await beginList(run, staged.seen) : undefined) ?? (await readList(run, run.range, staged));
  const result = run.mode.removes
    ? (await loadRange(run, list, target, warehouse)).result
    : await backfillRange(run, list, target, warehouse);
  await analyzeGrown(target.stage, asked.context);
  return result;
}

/** Returns the remark for a run that is not proven because no voucher of its files could be loaded. */
const allRejected = ({ invoices, rejected: vouchers }: Pick<JobResult, 'invoices' | 'rejected'>): Remark | null =>
  invoices > 0 || vouchers === 0 ? null : { code: 'all-rejected', vouchers };

/**
 * The paths of the files, each once; undefined if Tally is to be read. Throws `usage` for an empty list, which must not
 * be mistaken for a wish to read Tally.
 */
function filesOf({ file, files }: BackfillRequest): string[] | undefined {
  if (file === undefined && files === undefined) return undefined;
  const all = [...new Set([...(file === undefined ? [] : [file]), ...(files ?? [])])];
  if (all.length === 0) throw new EtlError('usage', t('No file was given.'), t('Name the XML files to load.'));
  return all;
}

const runAgain = (range: DateRange): string =>
  t('Run {range} again to load the rest: what is loaded is not read twice.', { range: rangeText(range) });

/** Cuts a range that ends in the future at today, with a warning. Throws `usage` if the range begins in the future. */
export function cutAtToday(range: DateRange): { range: DateRange; remarks: RangeRemark[] } {
  const last = today();
  if (range.from > last)
    throw new EtlError(
      'usage',
      t('The range begins in the future: {from}.', { from: dateText(range.from) }),
      t('Today is {today}; give dates up to today.', { today: dateText(last) }),
    );
  if (range.to <= last) return { range, remarks: [] };
  return {
    range: { from: range.from, to: last },
    remarks: [{ code: 'cut-at-today', to: range.to, today: last }],
  };
}
