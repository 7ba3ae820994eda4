import { randomUUID } from 'node:crypto';
import { t } from '@vscode/l10n';
import {
  addMonths,
  financialYearEnd,
  financialYearStart,
  parseRange,
  today,
  type DateRange,
} from '../base/calendar.js';
import type { Verification } from '../warehouse/records/verified.js';
import type { Stage } from '../warehouse/load/stage.js';
import type { Warehouse } from '../warehouse/warehouse.js';
import { schemaState } from '../warehouse/postgres/migrate.js';
import { loadedSpan } from '../warehouse/records/loadedDays.js';
import { mayHide, openBooks } from './books/books.js';
import { sourcesOf } from './books/knownBooks.js';
import type { JobContext, VerifyRequest, VerifyResult } from './job.js';
import { findElsewhere } from './load/list/findElsewhere.js';
import { readList } from './load/list/readList.js';
import { prepareRun } from './load/prepareRun.js';
import { openReading, readAll } from './load/reading.js';
import { modes, type Run } from './load/run.js';
import { cutAtToday } from './rangeJob.js';
import type { Remark } from './remark.js';
import { hasWarehouse, nothingLoaded, withWarehouse } from './warehouseSession.js';

/**
 * Compares a range of Tally, all of it read anew, with the warehouse: per day and type, and by invoice. Changes no fact;
 * a proven comparison is put on record in etl_verified. Throws EtlError; differences and `notProven` are exit code 6.
 */
export async function verify(request: VerifyRequest, context: JobContext): Promise<VerifyResult<Remark>> {
  const started = performance.now();
  const { range, remarks } = cutAtToday(parseRange(request.from, request.to));
  const runId = randomUUID();
  if (!hasWarehouse(context.config))
    throw nothingLoaded(t('The embedded warehouse does not exist yet: there is nothing to compare with Tally.'));
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
      const found = await compareRange(run, warehouse, request.limit ?? listedByDefault);
      return {
        command: 'verify',
        company: { name: company.name, id: company.id },
        ...run.range,
        ...found,
        durationMs: Math.round(performance.now() - started),
        runId,
      };
    } finally {
      await books.close();
    }
  });
}

const listedByDefault = 100;

type Found = Omit<VerifyResult<Remark>, 'command' | 'company' | 'from' | 'to' | 'durationMs' | 'runId'>;

async function compareRange(run: Run, warehouse: Warehouse, limit: number): Promise<Found> {
  const { range, runId, books } = run;
  const stage = await warehouse.createStage(books.company);
  const list = await readList(run, range);
  const reading = await openReading(run, list, stage);
  await readAll(reading);
  const { reader, arrivals, proof } = reading;
  // How a doubtful voucher is loaded is the business of the loads.
  const { notProven, remarks } = proof.verdict([]);
  await stage.addListed(arrivals.unread(range));
  const goneIn = proof.reached;
  if (list.isWhole) await lookElsewhere(run, stage, warehouse);
  const hidden = mayHide(books) ? (await stage.findGone(range)).size : 0;
  const isProven = notProven === null && hidden === 0 && proof.provesAbsence;
  const options = { by: 'content', goneIn, withMarked: false, limit, runId, isProven } as const;
  const { counts, listed, days, writtenMeanwhile } = await stage.verify(range, options);
  const { totals, answered, report } = reader;
  const { vouchers, invoices, unchanged } = list.list;
  const sumOf = (side: 'tally' | 'warehouse'): number => days.reduce((sum, day) => sum + day[side].invoices, 0);
  const gone: Remark[] = counts.goneInTally > 0 && !list.isWhole ? [{ code: 'maybe-redated' }] : [];
  return {
    report,
    answered: { vouchers: answered.vouchers, from: answered.from ?? null, to: answered.to ?? null },
    index: list.isWhole ? { vouchers, invoices, unchanged } : null,
    invoices: { tally: sumOf('tally'), warehouse: sumOf('warehouse') },
    differences: counts,
    listed,
    days,
    rejected: totals.rejected,
    warnings: [...run.remarks, ...remarks, ...gone],
    notProven:
      notProven ??
      (writtenMeanwhile > 0 ? { code: 'loaded-meanwhile', invoices: writtenMeanwhile } : null) ??
      (hidden > 0 ? { code: 'hidden-perhaps', invoices: hidden } : null) ??
      (mayHide(books) ? null : unreached(range, goneIn, days)),
  };
}

/** The warehouse has invoices on days that the answer does not reach, of which nothing is known therefore. */
function unreached(range: DateRange, reached: DateRange | undefined, days: Verification['days']): Remark | null {
  const invoices = days
    .filter(({ date }) => reached === undefined || date < reached.from || date > reached.to)
    .reduce((sum, { warehouse }) => sum + warehouse.invoices, 0);
  return invoices === 0 ? null : { code: 'unreached', invoices, range, reached: reached ?? null };
}

/**
 * What the warehouse has in the range and Tally does not list there may have been re-dated: it is looked for in Tally's
 * list of the other years, the nearest first, until all of it is found. Where nothing is gone nothing is asked.
 */
async function lookElsewhere({ books, rules, range }: Run, stage: Stage, warehouse: Warehouse): Promise<void> {
  const gone = await stage.findGone(range);
  if (gone.size === 0 || books.lists === undefined) return;
  const loaded = await warehouse.use((session) => loadedSpan(session, books.company.id));
  const earliest = financialYearStart(books.company.booksFrom ?? loaded?.from ?? range.from);
  const latest = [range.to, today(), loaded?.to ?? range.to].sort().at(-1)!;
  const around = { from: earliest, to: endOfNextYear(latest) };
  for await (const found of findElsewhere(gone.keys(), range, around, books.lists, rules.rules))
    await stage.addListed((found ?? []).map((invoice) => ({ ...invoice, unchanged: false })));
}

/** Bills are dated ahead too, if not by years. */
const endOfNextYear = (date: string): string => financialYearEnd(addMonths(date, 12));
