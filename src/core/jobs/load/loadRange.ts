import { addDays, type CalendarDate, type DateRange } from '../../base/calendar.js';
import { cancelled, EtlError } from '../../base/errors.js';
import { formatCountOf } from '../../base/format.js';
import type { Comparison, DayCounts, Difference } from '../../warehouse/read/comparison.js';
import type { Stage } from '../../warehouse/load/stage.js';
import type { Warehouse } from '../../warehouse/warehouse.js';
import { Absence } from './absence.js';
import { mayHide } from '../books/books.js';
import { daysIn, yearsOf } from './chunks.js';
import { withinBooks } from '../books/companyPart.js';
import { knowFileCompany } from '../books/fileBooks.js';
import { findElsewhere } from './read/findElsewhere.js';
import { firstInvoices } from './firstInvoices.js';
import { guardHidden, guardReplace } from './guard.js';
import type { JobContext } from '../job.js';
import { outcome, type Outcome } from './outcome.js';
import { prepareReading, type PreparedReading } from './read/prepareReading.js';
import { readIndex, type ReadIndex } from './read/readIndex.js';
import type { Portion } from './read/readRange.js';
import type { Run } from './run.js';
import { hasWarehouse, openConfiguredWarehouse } from '../warehouseSession.js';

/**
 * Loads the range part by part, each in one transaction as soon as it is read and with its rows proven: a Tally that fails
 * later leaves them whole, and the next run does not read them again. With `replace` everything is read before the first
 * row is touched.
 */
export async function loadRange(
  asked: Run,
  warehouse: Warehouse,
): Promise<{ outcome: Outcome; run: Run; reading: PreparedReading }> {
  const run = withinBooks(asked, await warehouse.listSources(asked.books.company.id));
  const { books, replace } = run;
  const stage = run.stage ?? (await warehouse.createStage(books.company));
  try {
    if (run.stage) await stage.clear();
    const reading = await prepareReading(run, stage, warehouse);
    let read = 0;
    for await (const portion of reading.reader.portions()) {
      reading.judge(portion);
      const brought = reading.index.read > read;
      read = reading.index.read;
      if (!replace) await commit(run, stage, reading, portion, brought);
    }
    if (replace) await commitReplacement(run, stage, reading);
    const verdict = reading.verdict();
    await reading.remember(warehouse);
    return { outcome: outcome(run, reading, verdict, run.committed, { state: 'compared' }), run, reading };
  } finally {
    if (!run.stage) await stage.close();
  }
}

/** Loads the range, and marks the invoices that the warehouse has of the range and Tally does not list any more. */
export async function backfillRange(asked: Run, warehouse: Warehouse): Promise<Outcome> {
  const { outcome, run, reading } = await loadRange(asked, warehouse);
  const { index, offersIndex, rules, rulesHash } = reading;
  const { range, books, context } = run;
  if (!offersIndex || rulesHash === undefined || (outcome.missing === 0 && !mayHide(books))) return outcome;
  const { id } = books.company;
  const absence = new Absence(() => mayHide(books));
  absence.isIncomplete = index.unlisted > 0;
  // The index has days of the range only, and all of them were loaded now.
  for (const year of yearsOf(range))
    absence.compare(year, index, await warehouse.loadedDays(id, year, rulesHash), isLoaded, (one) => index.lists(one));
  // An invoice that was re-dated to another loaded day is not missing: a sync moves it.
  const around = (await warehouse.loadedSpan(id)) ?? range;
  const readYear = (year: DateRange): Promise<ReadIndex> => readIndex(books, year, rules, context);
  const moved = new Set<string>();
  const isLoadedDay = async (date: CalendarDate): Promise<boolean> =>
    (await warehouse.loadedDays(id, { from: date, to: date }, rulesHash)).length > 0;
  try {
    if (absence.isCertain)
      for await (const found of findElsewhere(absence.gone, range, around, readYear)) {
        if (found === undefined) absence.isIncomplete = true;
        for (const { invoiceId, date } of found ?? []) {
          if (!(await isLoadedDay(date))) continue;
          absence.await(invoiceId);
          moved.add(invoiceId);
        }
      }
  } catch (error) {
    // All of the range is loaded by now. Tally is busy with that list, so nothing more is asked.
    if (!(error instanceof EtlError) || error.code !== 'tally-timeout') throw error;
    context.logger.warn(error.message);
    absence.isIncomplete = true;
  }
  const { remarks, notProven } = await absence.mark(warehouse, id);
  return {
    ...outcome,
    missing: outcome.missing - moved.size,
    missingInvoices: outcome.missingInvoices.filter(({ invoiceId }) => !moved.has(invoiceId)),
    warnings: [...outcome.warnings, ...remarks],
    notProven: outcome.notProven ?? notProven,
  };
}

const isLoaded = (): boolean => true;

async function commit(
  run: Run,
  stage: Stage,
  reading: PreparedReading,
  portion: Portion,
  brought: boolean,
): Promise<void> {
  await stage.addListed(reading.index.unread(portion.range));
  if (run.books.isFile) run.leftOut = await stage.leaveOutWorse();
  // Days of which nothing had to be read are one part.
  const parts = run.dayByDay && brought ? daysIn(portion.range) : [portion.range];
  for (const part of parts) run.committed.push(await merge(run, stage, reading, part, portion));
  if (portion.range.to < run.range.to) await stage.clear();
}

async function commitReplacement(run: Run, stage: Stage, reading: PreparedReading): Promise<void> {
  const { range, replace } = run;
  await stage.addListed(reading.index.unread(range));
  if (replace?.force !== true) await guard(run, stage, reading);
  for (const part of run.dayByDay ? daysIn(range) : [range])
    run.committed.push(await merge(run, stage, reading, part, { range }));
}

async function merge(
  { runId, context, dayByDay, replace, movesCheckpoint, range, books }: Run,
  stage: Stage,
  reading: PreparedReading,
  part: DateRange,
  portion: Portion,
): Promise<Comparison> {
  const { reader, index, rulesHash, checkpointAfter } = reading;
  if (context.signal.aborted) throw cancelled();
  context.onProgress?.({
    phase: 'writing',
    invoices: reader.totals.invoices,
    vouchers: reader.answered.vouchers,
    fraction: index.invoices > 0 ? (index.read + index.unchanged) / Math.max(index.invoices, index.read) : 1,
  });
  const checkpoint = movesCheckpoint === true ? checkpointAfter(portion) : undefined;
  const reached = reading.reached();
  const proves = reader.proof === 'index' && index.unlisted === 0 && rulesHash !== undefined;
  const done = await stage.merge(part, {
    runId,
    removeMissing: replace !== undefined,
    mayBeOld: books.isFile,
    isKnown: ({ invoiceId, date }) => index.lists(invoiceId) || !isReached(date, reached),
    ...(checkpoint !== undefined && { checkpoint: { lastDate: checkpoint, lastAlterId: index.highestAlterId } }),
    ...(proves && { proven: { rulesHash, except: index.holes(part).map(({ date }) => date) } }),
  });
  const isPart = part.from !== range.from || part.to !== range.to;
  if (dayByDay || isPart) logPart(part, done, context);
  return done;
}

/** Where the dates of the answers are all that is known, nothing is known of days beyond them. */
const isReached = (date: CalendarDate, reached: DateRange | undefined): boolean =>
  reached !== undefined && date >= reached.from && date <= reached.to;

/** Reads everything as loadRange does and compares it with the warehouse, writing nothing: not even a migration. */
export async function dryRunRange(asked: Run): Promise<Outcome> {
  const { context, books, replace } = asked;
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
    await warehouse.refuseNewer();
    await knowFileCompany(books, warehouse);
    const run = withinBooks(asked, await warehouse.listSources(books.company.id));
    const { range } = run;
    const stage = await warehouse.createStage(books.company);
    const reading = await prepareReading(run, stage, warehouse);
    for await (const portion of reading.reader.portions()) reading.judge(portion);
    await stage.addListed(reading.index.unread(range));
    if (books.isFile && (await warehouse.schemaState()) !== 'empty') run.leftOut = await stage.leaveOutWorse();
    const verdict = reading.verdict();
    if (replace && !replace.force)
      await guard(run, stage, reading).catch((error: unknown) => {
        if (!(error instanceof EtlError) || error.code !== 'guard') throw error;
        verdict.remarks.push({ code: 'reload-refused', refusal: error.message });
      });
    // What a file does not hold may well be in Tally.
    const goneIn = replace ? range : books.isFile ? undefined : reading.reached();
    const comparison = await stage.compare(range, { removeMissing: replace !== undefined, goneIn });
    const isEmpty = (await warehouse.schemaState()) === 'empty';
    const compared: Outcome['warehouse'] = isEmpty
      ? { state: 'empty', reason: { code: 'no-tables' } }
      : { state: 'compared' };
    return outcome(run, reading, verdict, [comparison], compared);
  } finally {
    await warehouse.close();
  }
}

/** Throws `guard` where replacing the range looks like a mistake. */
async function guard({ range, books }: Run, stage: Stage, { reader, index }: PreparedReading): Promise<void> {
  if (mayHide(books)) guardHidden((await stage.findGone(range)).size);
  const had = await stage.countWarehouse(range);
  const { invoices, rejected } = reader.totals;
  const listed = index.holes().reduce((sum, hole) => sum + hole.invoices, 0);
  // What Tally lists is never taken for gone. Without its list, rows of days that the answer does not reach would be.
  const { from, to } = reader.answered;
  const unreached =
    reader.proof === 'index'
      ? 0
      : from === undefined || to === undefined
        ? had
        : (await stage.countWarehouse({ from: range.from, to: addDays(from, -1) })) +
          (await stage.countWarehouse({ from: addDays(to, 1), to: range.to }));
  guardReplace({ had, has: invoices + rejected + listed, unreached });
}

/** A dry run makes no warehouse, and without one in reach it still tells what Tally has. */
async function withoutWarehouse(asked: Run, warehouse: Outcome['warehouse']): Promise<Outcome> {
  const run = withinBooks(asked);
  const first = firstInvoices();
  const reading = await prepareReading(run, first);
  for await (const portion of reading.reader.portions()) reading.judge(portion);
  const compared = warehouse.state === 'empty' ? [againstNothing(reading, first.listed)] : [];
  return outcome(run, reading, reading.verdict(), compared, warehouse);
}

/** What a load into a warehouse that does not exist yet would do: insert everything. */
function againstNothing({ reader }: PreparedReading, listed: Difference[]): Comparison {
  const days = new Map<CalendarDate, DayCounts>();
  for (const { date, invoices } of reader.totals.byType()) {
    const sum = (days.get(date)?.invoices ?? 0) + invoices;
    days.set(date, { date, invoices: sum, inserted: sum, updated: 0, unchanged: 0, removed: 0 });
  }
  const counts = { missingHere: reader.totals.invoices, different: 0, goneInTally: 0 };
  return {
    ...{ days: [...days.values()], duplicates: 0, missing: 0, missingInvoices: [], unread: [] },
    differences: { counts, listed },
  };
}

function logPart(part: DateRange, { days }: Comparison, { logger }: JobContext): void {
  const one = part.from === part.to;
  for (const day of one ? days : [sumOf(part, days)])
    logger.info(
      `${one ? day.date : `${part.from} to ${part.to}`}: ${formatCountOf(day.invoices, 'invoice')}, ` +
        `${day.inserted} inserted, ${day.updated} updated, ${day.unchanged} unchanged${day.removed > 0 ? `, ${day.removed} removed` : ''}`,
    );
}

function sumOf({ from }: DateRange, days: DayCounts[]): DayCounts {
  const sum = { date: from, invoices: 0, inserted: 0, updated: 0, unchanged: 0, removed: 0 };
  for (const day of days) {
    sum.invoices += day.invoices;
    sum.inserted += day.inserted;
    sum.updated += day.updated;
    sum.unchanged += day.unchanged;
    sum.removed += day.removed;
  }
  return sum;
}
