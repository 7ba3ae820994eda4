import {
  addMonths,
  financialYearEnd,
  financialYearStart,
  today,
  type CalendarDate,
  type DateRange,
} from '../base/calendar.js';
import type { Verification } from '../warehouse/records/verified.js';
import type { Stage } from '../warehouse/load/stage.js';
import type { Warehouse } from '../warehouse/warehouse.js';
import { loadedSpan } from '../warehouse/records/loadedDays.js';
import { mayHide } from './books/books.js';
import type { VerifyResult } from './job.js';
import { findElsewhere, type Found as FoundElsewhere } from './load/list/findElsewhere.js';
import { readList } from './load/list/readList.js';
import { openReading, readAll } from './load/reading.js';
import type { Run } from './load/run.js';
import type { Remark } from './remark.js';

/** The part of the result of `verify` that depends on reading and comparing a range. */
export type Found = Omit<VerifyResult<Remark>, 'command' | 'company' | 'from' | 'to' | 'durationMs' | 'runId'>;

/**
 * Reads a range from reports and compares it with the warehouse, invoice by invoice and field by field. `isElsewhere` tells
 * which other days are compared in a range of their own. An invoice that Tally has on such a day counts as a difference of that
 * day only.
 */
export async function compareRange(
  run: Run,
  warehouse: Warehouse,
  limit: number,
  isElsewhere: (date: CalendarDate) => boolean = () => false,
): Promise<Found> {
  const stage = await warehouse.createStage(run.books.company);
  try {
    return await compareStaged(run, stage, warehouse, limit, isElsewhere);
  } finally {
    await stage.close();
  }
}

async function compareStaged(
  run: Run,
  stage: Stage,
  warehouse: Warehouse,
  limit: number,
  isElsewhere: (date: CalendarDate) => boolean,
): Promise<Found> {
  const { range, runId, books } = run;
  const list = await readList(run, range);
  const reading = await openReading(run, list, stage);
  await readAll(reading);
  const { reader, arrivals, proof } = reading;
  // Without the doubts about single vouchers: these concern loads, not this comparison.
  const { notProven, remarks } = proof.verdict([]);
  await stage.addListed(arrivals.unread(range));
  const goneIn = proof.reached;
  const moved = list.isWhole ? await lookElsewhere(run, stage, warehouse) : [];
  const counted = moved.filter(({ date }) => isElsewhere(date));
  const others = new Set(counted.map(({ invoiceId }) => invoiceId));
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
    differences: { ...counts, different: counts.different - counted.length },
    listed: listed.filter(({ invoiceId }) => !others.has(invoiceId)),
    days,
    rejected: totals.rejected,
    warnings: [...remarks, ...gone],
    notProven:
      notProven ??
      (writtenMeanwhile > 0 ? { code: 'loaded-meanwhile', invoices: writtenMeanwhile } : null) ??
      (hidden > 0 ? { code: 'hidden-perhaps', invoices: hidden } : null) ??
      (mayHide(books) ? null : unreached(range, goneIn, days)),
  };
}

/**
 * The remark if the warehouse has invoices on days that the answer does not reach, so that nothing is known about them; null if
 * it has none.
 */
function unreached(range: DateRange, reached: DateRange | undefined, days: Verification['days']): Remark | null {
  const invoices = days
    .filter(({ date }) => reached === undefined || date < reached.from || date > reached.to)
    .reduce((sum, { warehouse }) => sum + warehouse.invoices, 0);
  return invoices === 0 ? null : { code: 'unreached', invoices, range, reached: reached ?? null };
}

/**
 * Looks for invoices that the warehouse has in the range and Tally does not list there: they may have been re-dated.
 * Searches Tally's lists of the days before and after the range, year by year, the nearest first, until all are found.
 * Adds the found invoices to the stage as listed, and returns them. Sends no request if no such invoice exists.
 */
async function lookElsewhere(
  { books, rules, range }: Run,
  stage: Stage,
  warehouse: Warehouse,
): Promise<FoundElsewhere[]> {
  const gone = await stage.findGone(range);
  if (gone.size === 0 || books.lists === undefined) return [];
  const all: FoundElsewhere[] = [];
  const loaded = await warehouse.use((session) => loadedSpan(session, books.company.id));
  const earliest = financialYearStart(books.company.booksFrom ?? loaded?.from ?? range.from);
  const latest = [range.to, today(), loaded?.to ?? range.to].sort().at(-1)!;
  const around = { from: earliest, to: endOfNextYear(latest) };
  for await (const found of findElsewhere(gone.keys(), range, around, books.lists, rules)) {
    all.push(...(found ?? []));
    await stage.addListed((found ?? []).map((invoice) => ({ ...invoice, unchanged: false })));
  }
  return all;
}

/** Invoices may be dated ahead, but not by years. */
const endOfNextYear = (date: string): string => financialYearEnd(addMonths(date, 12));
