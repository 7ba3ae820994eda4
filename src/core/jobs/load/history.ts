import {
  addDays,
  dayNumber,
  financialYearStart,
  later,
  type CalendarDate,
  type DateRange,
} from '../../base/calendar.js';
import { formatCount, formatCountOf, formatSpan } from '../../base/format.js';
import { loadedSpan, proveEmptyDays } from '../../warehouse/records/loadedDays.js';
import type { StagedList } from '../../warehouse/load/stagedList.js';
import type { Warehouse } from '../../warehouse/warehouse.js';
import { mayHide } from '../books/books.js';
import { withinBooks } from '../books/companyPart.js';
import { sourceOf } from '../books/knownBooks.js';
import { distinct } from '../remark.js';
import { chunksOfDays, yearsOf } from './chunks.js';
import { countingOn } from './countingOn.js';
import { rememberVerdict } from './list/digests.js';
import { beginList, readStaged, stageList, type ReadList } from './list/readList.js';
import { loadRange, type Loaded } from './loadRange.js';
import { Absence, besideList } from './prove/absence.js';
import { ledgerOf, type RangeResult } from './result.js';
import { modes, type Run } from './run.js';
import type { WriteTarget } from './write.js';

/**
 * A sync: loads its range, then compares all earlier days that were ever loaded with Tally's list of vouchers. It does
 * so by financial years, newest first, and reads changed days again. At the end it marks the invoices that no list has,
 * if the lists are certain. If Tally gives no list, or no ledgers or groups, only the range is loaded.
 */
export async function loadWithHistory(run: Run, target: WriteTarget, warehouse: Warehouse): Promise<RangeResult> {
  const { books, rules, range: recent } = run;
  const staged = target.stage.list;
  const loaded = await warehouse.use((session) => loadedSpan(session, books.company.id));
  const partly = loaded === undefined ? await beginList(run, staged.seen) : undefined;
  if (partly) return loadFirst(run, partly, target, warehouse);
  const first =
    loaded && loaded.from < recent.from
      ? withinBooks({ from: loaded.from, to: recent.to }, books, run.sources).range.from
      : recent.from;
  const newest = { from: later(first, financialYearStart(recent.from)), to: recent.to };
  const listed = await stageList(run, newest, staged, recent);
  const ofRecent = await loadRange(run, listed.recent, target, warehouse);
  const { result } = ofRecent;
  if (!listed.year.isWhole || rules.rulesHash === undefined) return result;
  if (!rules.isComplete) return { ...result, warnings: [...result.warnings, { code: 'history-not-compared' }] };
  const history = new History(run, ofRecent, target, warehouse, rules.rulesHash);
  await history.compare(newest, listed.year);
  if (first < newest.from)
    for (const year of [...yearsOf({ from: first, to: addDays(newest.from, -1) })].reverse())
      await history.compare(year, (await stageList(run, year, staged)).year);
  await rememberVerdict(run, staged.seen);
  return history.finish();
}

/** A first sync, which builds the list while it reads. There are no earlier days to compare. */
async function loadFirst(run: Run, list: ReadList, target: WriteTarget, warehouse: Warehouse): Promise<RangeResult> {
  const { result } = await loadRange(run, list, target, warehouse);
  await rememberVerdict(run, target.stage.list.seen);
  const isCompared = run.rules.isComplete && run.rules.rulesHash !== undefined;
  return isCompared ? { ...result, older: { invoices: result.invoices, daysReadAgain: 0 } } : result;
}

class History {
  readonly #absence: Absence;
  /** Days that lost their proof and on which Tally lists nothing to be read. */
  readonly #empty: CalendarDate[] = [];
  /** Invoices that the warehouse has on the sync's own days, and that Tally lists on an older day. */
  readonly #moved = new Set<string>();
  readonly #staged: StagedList;
  #result: RangeResult;
  #sources: Loaded['sources'];
  #daysReadAgain = 0;
  /** The invoices that this run has read in all, for its progress. */
  #read: number;

  constructor(
    private readonly run: Run,
    /** The result of loading the sync's own range. */
    private readonly recent: Loaded,
    private readonly target: WriteTarget,
    private readonly warehouse: Warehouse,
    private readonly rulesHash: string,
  ) {
    this.#staged = target.stage.list;
    this.#result = recent.result;
    this.#read = recent.reading.reader.totals.invoices;
    this.#sources = recent.sources;
    this.#absence = new Absence(() => mayHide(run.books));
    this.#absence.isIncomplete = recent.reading.arrivals.unlisted > 0;
  }

  /**
   * Compares the loaded days of a range with its staged list. Reads again the changed days before the sync's own range. If the
   * list proves nothing, only adds a warning or the reason why the run is not proven.
   */
  async compare(range: DateRange, year: ReadList): Promise<void> {
    if (!year.isWhole) {
      this.#absence.isIncomplete = true;
      const { warnings, notProven } = this.#result;
      const { unproven, refusal = null } = year;
      if (unproven === undefined) {
        const remark = { code: 'year-not-listed', range, refusal } as const;
        this.target.done.remarks.push(remark);
        this.#result = { ...this.#result, warnings: [...warnings, remark] };
      } else this.#result = { ...this.#result, notProven: notProven ?? { code: 'year-unproven', range: unproven } };
      return;
    }
    const recent = this.run.range;
    const { arrivals } = this.recent.reading;
    const days = await this.#staged.loadedDays(range, this.rulesHash);
    const older = days.filter(({ date }) => date < recent.from);
    const loaded = new Set(older.map(({ date }) => date));
    this.#absence.compare(
      range,
      await besideList(range, days, this.#staged, year.list),
      (date) => date >= recent.from || loaded.has(date),
      (invoiceId) => arrivals.has(invoiceId),
    );
    const changed = new Map((await this.#staged.unlistedRejects(range)).map((date) => [date, 0]));
    for (const { invoiceId, date, wasRecent } of await this.#staged.due(range, this.rulesHash, { recent, loaded })) {
      this.#absence.addListed(invoiceId);
      if (wasRecent && !arrivals.has(invoiceId)) this.#moved.add(invoiceId);
      changed.set(date, (changed.get(date) ?? 0) + 1);
    }
    for (const { date, lostProof } of older) if (lostProof && !changed.has(date)) this.#empty.push(date);
    const due = new Map(
      [...changed].filter(([date]) => loaded.has(date)).sort(([a], [b]) => dayNumber(a) - dayNumber(b)),
    );
    this.#daysReadAgain += due.size;
    const sendsAll =
      sourceOf(this.run.books, this.#sources)?.servesAll === true && this.run.collection?.isUsed !== true;
    for (const chunk of chunksOfDays(due, (date) => loaded.has(date), year.list, sendsAll))
      await this.#readAgain(chunk, year);
  }

  /** Marks missing invoices, and restores the proof of days that have nothing to be read. */
  async finish(): Promise<RangeResult> {
    const { id } = this.run.books.company;
    const { marked, remarks, notProven } = await this.#absence.mark(this.warehouse, id);
    this.run.context.logger.info(
      `Compared with Tally's list: ${formatCountOf(this.#absence.invoices, 'loaded invoice')}, ${formatCount(marked.length)} newly marked as missing`,
    );
    // This follows the marking: if an invoice returns to such a day, its mark shows that it must be read again. Its ALTERID
    // (Tally's counter of changes) may be the same.
    if (this.#empty.length > 0 && this.#absence.isCertain)
      await this.warehouse.useLocked(id, (session) =>
        proveEmptyDays(session, id, this.#empty, this.rulesHash, this.run.runId),
      );
    const ofOlder = marked.filter(({ date }) => date < this.run.range.from);
    const { warnings, missing, missingInvoices } = this.#result;
    return {
      ...this.#result,
      older: { invoices: this.#absence.invoices, daysReadAgain: this.#daysReadAgain },
      warnings: [...warnings, ...remarks],
      notProven: this.#result.notProven ?? notProven,
      // An invoice that moved to an older loaded day was read again there, and is not missing.
      missing: missing - this.#moved.size + ofOlder.length,
      missingInvoices: [...missingInvoices.filter(({ invoiceId }) => !this.#moved.has(invoiceId)), ...ofOlder].slice(
        0,
        100,
      ),
    };
  }

  async #readAgain(range: DateRange, year: ReadList): Promise<void> {
    this.run.context.logger.info(
      `${formatSpan(range.from, range.to)} changed in Tally since it was loaded: it is read again`,
    );
    await this.target.stage.clear();
    const list = await readStaged(this.run, year, range, this.#staged, this.rulesHash);
    const context = countingOn(this.run.context, this.#read);
    const part = { ...this.run, range, remarks: [], mode: modes.readAgain, sources: this.#sources, context };
    const { result, reading, sources } = await loadRange(part, list, this.target, this.warehouse);
    this.#read += reading.reader.totals.invoices;
    this.#result = added(this.#result, result);
    this.#sources = sources;
    this.#absence.isIncomplete ||= reading.arrivals.unlisted > 0;
  }
}

/**
 * Adds the days that were read again to the result of the sync, except the missing invoices, which are known only at the end.
 */
function added(result: RangeResult, more: RangeResult): RangeResult {
  const byDate = <T extends { date: CalendarDate }>(rows: T[]): T[] =>
    rows.sort((a, b) => dayNumber(a.date) - dayNumber(b.date));
  return {
    ...result,
    invoices: result.invoices + more.invoices,
    ...(result.optional !== undefined && more.optional !== undefined && { optional: result.optional + more.optional }),
    inserted: result.inserted + more.inserted,
    updated: result.updated + more.updated,
    unchanged: result.unchanged + more.unchanged,
    rejected: result.rejected + more.rejected,
    days: byDate([...more.days, ...result.days]),
    byType: byDate([...more.byType, ...result.byType]),
    holes: byDate([...more.holes, ...result.holes]),
    warnings: distinct([...result.warnings, ...more.warnings]),
    notProven: result.notProven ?? more.notProven,
    ...ledgerOf([result, more].flatMap(({ ledger }) => (ledger ? [ledger] : []))),
  };
}
