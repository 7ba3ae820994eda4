import type { CalendarDate } from '../../base/calendar.js';
import { EtlError } from '../../base/errors.js';
import { loadedSpan } from '../../warehouse/records/loadedDays.js';
import type { Warehouse } from '../../warehouse/warehouse.js';
import { mayHide } from '../books/books.js';
import { yearsOf } from './chunks.js';
import { rememberVerdict } from './list/digests.js';
import { findElsewhere } from './list/findElsewhere.js';
import type { ReadList } from './list/readList.js';
import { loadRange, type Loaded } from './loadRange.js';
import { Absence, besideList } from './prove/absence.js';
import type { RangeResult } from './result.js';
import type { Run } from './run.js';
import type { WriteTarget } from './write.js';

/**
 * Loads the range, then marks as missing the warehouse's invoices of the range that Tally no longer lists. Marks none
 * if their absence is not proven.
 */
export async function backfillRange(
  run: Run,
  list: ReadList,
  target: WriteTarget,
  warehouse: Warehouse,
): Promise<RangeResult> {
  const loaded = await loadRange(run, list, target, warehouse);
  const { result } = loaded;
  await rememberVerdict(run, target.stage.list.seen, false);
  const { lists, company } = run.books;
  const { rulesHash } = run.rules;
  if (!list.isWhole || lists === undefined || rulesHash === undefined) return result;
  if (result.missing === 0 && !mayHide(run.books)) return result;
  const absence = await compare(run, loaded, target, rulesHash);
  const moved = await findMoved(run, absence, target, warehouse, rulesHash);
  const { remarks, notProven } = await absence.mark(warehouse, company.id);
  return {
    ...result,
    missing: result.missing - moved.size,
    missingInvoices: result.missingInvoices.filter(({ invoiceId }) => !moved.has(invoiceId)),
    warnings: [...result.warnings, ...remarks],
    notProven: result.notProven ?? notProven,
  };
}

/** Compares the range with Tally's list. The range was just loaded, so each of its days counts as loaded. */
async function compare(
  { range, books }: Run,
  { reading: { list, arrivals } }: Loaded,
  { stage }: WriteTarget,
  rulesHash: string,
): Promise<Absence> {
  const absence = new Absence(() => mayHide(books));
  absence.isIncomplete = arrivals.unlisted > 0;
  if (list.addUnchanged) await stage.list.remove([...arrivals.gone()]);
  else {
    await stage.list.clear();
    await stage.list.add([...arrivals.listed()]);
  }
  for (const year of yearsOf(range)) {
    const days = await stage.list.loadedDays(year, rulesHash);
    absence.compare(
      year,
      await besideList(year, days, stage.list, list.list),
      () => true,
      (invoiceId) => arrivals.has(invoiceId),
    );
  }
  return absence;
}

/** Finds invoices that were re-dated to another loaded day. They are not missing: a sync loads them under the new date. */
async function findMoved(
  { range, books, rules, context }: Run,
  absence: Absence,
  { stage }: WriteTarget,
  warehouse: Warehouse,
  rulesHash: string,
): Promise<Set<string>> {
  const moved = new Set<string>();
  if (!absence.isCertain) return moved;
  const around = (await warehouse.use((session) => loadedSpan(session, books.company.id))) ?? range;
  const isLoaded = async (date: CalendarDate): Promise<boolean> =>
    (await stage.list.loadedDays({ from: date, to: date }, rulesHash)).length > 0;
  try {
    for await (const found of findElsewhere(absence.gone, range, around, books.lists!, rules)) {
      if (found === undefined) absence.isIncomplete = true;
      for (const { invoiceId, date } of found ?? []) {
        if (!(await isLoaded(date))) continue;
        absence.addListed(invoiceId);
        moved.add(invoiceId);
      }
    }
  } catch (error) {
    // The whole range is loaded by now. After the time-out Tally is still busy with the list, so nothing more is requested.
    if (!(error instanceof EtlError) || error.code !== 'tally-timeout') throw error;
    context.logger.warn(error.message);
    absence.isIncomplete = true;
  }
  return moved;
}
