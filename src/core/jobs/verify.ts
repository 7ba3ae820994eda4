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
import { mayHide, openBooks, readRules } from './books/books.js';
import { withinBooks } from './books/companyPart.js';
import type { JobContext, VerifyRequest, VerifyResult } from './job.js';
import type { Run } from './load/run.js';
import type { Remark } from './remark.js';
import { prepareReading } from './load/read/prepareReading.js';
import { cutAtToday } from './rangeJob.js';
import { findElsewhere } from './load/read/findElsewhere.js';
import { readIndex, type ReadIndex } from './load/read/readIndex.js';
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
    if ((await warehouse.schemaState()) === 'empty')
      throw nothingLoaded(t('The warehouse has no tables yet: there is nothing to compare with Tally.'));
    await warehouse.migrate();
    const books = await openBooks(context);
    try {
      const { company } = books;
      const asked: Run = { runId, range, remarks, dayByDay: false, books, context, committed: [] };
      const run = withinBooks({ ...asked, readsAll: true, verifies: true }, await warehouse.listSources(company.id));
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

async function compareRange(asked: Run, warehouse: Warehouse, limit: number): Promise<Found> {
  const run = { ...asked, rules: await readRules(asked.books, asked.context) };
  const { range, runId } = run;
  const stage = await warehouse.createStage(run.books.company);
  const reading = await prepareReading(run, stage, warehouse);
  for await (const portion of reading.reader.portions()) reading.judge(portion);
  const { reader, index } = reading;
  const { notProven, remarks } = reading.verdict();
  await stage.addListed(index.unread(range));
  const goneIn = reading.reached();
  if (reading.offersIndex) await lookElsewhere(run, stage, warehouse);
  const hidden = mayHide(run.books) ? (await stage.findGone(range)).size : 0;
  const isProven = notProven === null && hidden === 0 && reader.proof === 'index' && index.unlisted === 0;
  const options = { by: 'content', goneIn, withMarked: false, limit, runId, isProven } as const;
  const { counts, listed, days, writtenMeanwhile } = await stage.verify(range, options);
  const { totals, answered, report } = reader;
  const { vouchers, invoices, unchanged } = index;
  const sumOf = (side: 'tally' | 'warehouse'): number => days.reduce((sum, day) => sum + day[side].invoices, 0);
  const gone: Remark[] = counts.goneInTally > 0 && !reading.offersIndex ? [{ code: 'maybe-redated' }] : [];
  return {
    report,
    answered: { vouchers: answered.vouchers, from: answered.from ?? null, to: answered.to ?? null },
    index: reading.offersIndex ? { vouchers, invoices, unchanged } : null,
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
      (mayHide(run.books) ? null : unreached(range, goneIn, days)),
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
async function lookElsewhere(
  run: Run & Required<Pick<Run, 'rules'>>,
  stage: Stage,
  warehouse: Warehouse,
): Promise<void> {
  const { books, context, range } = run;
  const gone = await stage.findGone(range);
  if (gone.size === 0) return;
  const loaded = await warehouse.loadedSpan(books.company.id);
  const earliest = financialYearStart(books.company.booksFrom ?? loaded?.from ?? range.from);
  const latest = [range.to, today(), loaded?.to ?? range.to].sort().at(-1)!;
  const readYear = (year: DateRange): Promise<ReadIndex> => readIndex(books, year, run.rules.rules, context);
  const around = { from: earliest, to: endOfNextYear(latest) };
  for await (const found of findElsewhere(gone.keys(), range, around, readYear))
    await stage.addListed((found ?? []).map((invoice) => ({ ...invoice, unchanged: false })));
}

/** Bills are dated ahead too, if not by years. */
const endOfNextYear = (date: string): string => financialYearEnd(addMonths(date, 12));
