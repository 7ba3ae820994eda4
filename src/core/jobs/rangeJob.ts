import { randomUUID } from 'node:crypto';
import { t } from '@vscode/l10n';
import { parseRange, today, type DateRange } from '../base/calendar.js';
import { rangeText } from '../base/countWords.js';
import { EtlError } from '../base/errors.js';
import { formatCount } from '../base/format.js';
import type { Comparison } from '../warehouse/read/comparison.js';
import type { BackfillRequest, ClearAndReloadRequest, JobContext, JobResult } from './job.js';
import { openBooks } from './books/books.js';
import { loadWithMasters, openFileBooks } from './books/fileBooks.js';
import { backfillRange, dryRunRange, loadRange } from './load/loadRange.js';
import type { Replace, Run } from './load/run.js';
import { withCommitted } from './load/outcome.js';
import { withLockedWarehouse } from './warehouseSession.js';

/**
 * Loads the invoices of a range of dates into the warehouse, or with `dryRun` only says what would change. The range
 * commits as a whole, or day by day, oldest first. Throws EtlError; a result with `notProven` is exit code 6.
 */
export function backfill(request: BackfillRequest, context: JobContext): Promise<JobResult> {
  return runRange('backfill', request, context);
}

/**
 * As backfill, and the range's rows that Tally no longer has leave the warehouse in the same transaction: readers never
 * see the range empty. Throws `guard` where the result looks like a mistake, unless `force`.
 */
export function clearAndReload(request: ClearAndReloadRequest, context: JobContext): Promise<JobResult> {
  return runRange('clear-and-reload', request, context, { force: request.force ?? false });
}

async function runRange(
  command: 'backfill' | 'clear-and-reload',
  request: BackfillRequest,
  context: JobContext,
  replace?: Replace,
): Promise<JobResult> {
  const started = performance.now();
  const { range, warnings } = cutAtToday(parseRange(request.from, request.to));
  const { dryRun = false, dayByDay = false } = request;
  const runId = randomUUID();
  context.onProgress?.({ phase: 'preparing', invoices: 0, vouchers: 0 });
  const files = filesOf(request);
  const books = files === undefined ? await openBooks(context) : await openFileBooks(files, context);
  const committed: Comparison[] = [];
  try {
    const { company } = books;
    const run: Run = { runId, range, warnings, dayByDay, books, context, committed, ...(replace && { replace }) };
    const outcome = dryRun
      ? await dryRunRange({ ...run, readsAll: true })
      : await withLockedWarehouse(context, books, command, async (warehouse) =>
          replace ? (await loadRange(run, warehouse)).outcome : backfillRange(run, warehouse),
        );
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
    throw withCommitted(thrown, committed, runAgain(range));
  } finally {
    await books.close();
  }
}

/** Why a load of files is not proven that brought vouchers and could read none of them. */
function allRejected({ invoices, rejected }: Pick<JobResult, 'invoices' | 'rejected'>): string | null {
  if (invoices > 0 || rejected === 0) return null;
  const what =
    rejected === 1
      ? t('The only voucher of the file in this range that may be an invoice could not be loaded.')
      : t('None of the {count} vouchers of the file in this range that may be invoices could be loaded.', {
          count: formatCount(rejected),
        });
  return `${what} ${loadWithMasters()}`;
}

/** Each once; undefined: Tally is to be read. Throws `usage` for an empty list, which is no wish to read Tally. */
function filesOf({ file, files }: BackfillRequest): string[] | undefined {
  if (file === undefined && files === undefined) return undefined;
  const all = [...new Set([...(file === undefined ? [] : [file]), ...(files ?? [])])];
  if (all.length === 0) throw new EtlError('usage', t('No file was given.'), t('Name the XML files to load.'));
  return all;
}

const runAgain = (range: DateRange): string =>
  t('Then run {range} again: what is loaded is not read twice.', { range: rangeText(range) });

/** A range that ends in the future ends today, with a warning; throws `usage` for one that begins there. */
export function cutAtToday(range: DateRange): { range: DateRange; warnings: string[] } {
  const last = today();
  if (range.from > last)
    throw new EtlError(
      'usage',
      t('The range begins in the future: {from}.', { from: range.from }),
      t('Today is {today}; give dates up to today.', { today: last }),
    );
  if (range.to <= last) return { range, warnings: [] };
  return {
    range: { from: range.from, to: last },
    warnings: [t('The range ends in the future ({to}); it was cut at today, {today}.', { to: range.to, today: last })],
  };
}
