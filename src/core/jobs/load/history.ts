import { addDays, dayNumber, financialYearStart, type CalendarDate, type DateRange } from '../../base/calendar.js';
import { formatCount, formatCountOf, formatSpan } from '../../base/format.js';
import type { Comparison } from '../../warehouse/read/comparison.js';
import type { LoadedDay } from '../../warehouse/records/loadedDays.js';
import type { Warehouse } from '../../warehouse/warehouse.js';
import { Absence } from './absence.js';
import { mayHide, type ReadRules } from '../books/books.js';
import { chunksOfDays, yearsOf } from './chunks.js';
import { withinBooks } from '../books/companyPart.js';
import { loadRange } from './loadRange.js';
import type { Outcome } from './outcome.js';
import type { Remark } from '../remark.js';
import { readIndex, type ReadIndex } from './read/readIndex.js';
import type { Run } from './run.js';
import type { VoucherIndex } from './read/voucherIndex.js';

/**
 * A sync: loads its range, then holds everything that was ever loaded before it against Tally's list of vouchers, a
 * financial year at a time, newest first, and reads again the days that changed. What no year lists any more is marked
 * at the end, when nothing speaks against it. Where Tally gives no list, the range with its overlap is all.
 */
export async function loadWithHistory(run: Run & { rules: ReadRules }, warehouse: Warehouse): Promise<Outcome> {
  const { books, context, rules } = run;
  const { company } = books;
  const sources = await warehouse.listSources(company.id);
  const recent = withinBooks(run, sources).range;
  const loaded = await warehouse.loadedSpan(company.id);
  const first =
    loaded && loaded.from < recent.from
      ? withinBooks({ ...run, range: { from: loaded.from, to: recent.to } }, sources).range.from
      : recent.from;
  const yearStart = financialYearStart(recent.from);
  const newest = { from: first > yearStart ? first : yearStart, to: recent.to };
  const index = await readIndex(books, newest, rules.rules, context);
  const indexed = partOf(index, recent);
  const { outcome } = await loadRange({ ...run, indexed }, warehouse);
  if (!index.offered || rules.rulesHash === undefined) return outcome;
  if (!rules.isWhole) return { ...outcome, warnings: [...outcome.warnings, { code: 'history-not-compared' }] };
  const servesAll = sources.some(({ companyName, servesAll }) => companyName === company.name && servesAll === true);
  const stage = await warehouse.createStage(company);
  const history = new History({ ...run, stage }, warehouse, rules.rulesHash, indexed.index, recent, servesAll, outcome);
  try {
    await history.compare(newest, index, await history.loadedDays(newest));
    if (first < newest.from)
      for (const year of [...yearsOf({ from: first, to: addDays(newest.from, -1) })].reverse()) {
        // PostgreSQL looks while Tally does.
        const both = [readIndex(books, year, rules.rules, context), history.loadedDays(year)] as const;
        await Promise.allSettled(both); // whichever fails, the other one is done with its connection
        await history.compare(year, ...(await Promise.all(both)));
      }
    return await history.finish();
  } finally {
    await stage.close();
  }
}

const partOf = (read: ReadIndex, range: DateRange): ReadIndex => ({ ...read, index: read.index.part(range) });

class History {
  readonly #absence: Absence;
  /** Days that lost their proof and have nothing to be read. */
  readonly #empty: CalendarDate[] = [];
  /** Invoices that the warehouse has on the sync's own days. */
  readonly #recentInvoices = new Set<string>();
  #daysReadAgain = 0;

  constructor(
    private readonly run: Run,
    private readonly warehouse: Warehouse,
    private readonly rulesHash: string,
    /** What was listed and read of the sync's own range. */
    private readonly recentIndex: VoucherIndex,
    private readonly recent: DateRange,
    private readonly servesAll: boolean,
    private outcome: Outcome,
  ) {
    this.#absence = new Absence(() => mayHide(run.books));
    this.#absence.isIncomplete = recentIndex.unlisted > 0;
  }

  /** What the warehouse has of a range. */
  loadedDays(range: DateRange): Promise<LoadedDay[]> {
    return this.warehouse.loadedDays(this.run.books.company.id, range, this.rulesHash);
  }

  /** Compares the loaded days of a range with its list, and reads again those before the sync's own range that changed. */
  async compare(range: DateRange, read: ReadIndex, days: LoadedDay[]): Promise<void> {
    const { index, offered } = read;
    if (!offered) {
      this.#absence.isIncomplete = true;
      const { warnings, notProven } = this.outcome;
      const { unproven, refusal = null } = read;
      this.outcome =
        unproven === undefined
          ? { ...this.outcome, warnings: [...warnings, { code: 'year-not-listed', range, refusal }] }
          : { ...this.outcome, notProven: notProven ?? { code: 'year-unproven', range: unproven } };
      return;
    }
    const loaded = new Set(days.filter(({ date }) => date < this.recent.from).map(({ date }) => date));
    const isLoaded = (date: CalendarDate): boolean => date >= this.recent.from || loaded.has(date);
    for (const { date, invoices } of days)
      if (date >= this.recent.from) for (const { invoiceId } of invoices) this.#recentInvoices.add(invoiceId);
    this.#absence.compare(range, index, days, isLoaded, (invoiceId) => this.recentIndex.lists(invoiceId));
    const changed = new Set<CalendarDate>();
    for (const { date, invoices, rejects } of days) {
      for (const { alterId, ...invoice } of invoices)
        if (alterId !== null) index.markLoaded({ ...invoice, alterId, date });
      for (const { invoiceId, alterId } of rejects)
        if (!index.lists(invoiceId)) changed.add(date);
        else if (alterId !== null) index.markLoaded({ invoiceId, alterId, date });
    }
    for (const { invoiceId, date } of index.unread(range, { changedOnly: true }))
      if (isLoaded(date)) this.#absence.await(invoiceId);
    for (const { date } of index.holes(range)) if (loaded.has(date)) changed.add(date);
    for (const { date, lostProof } of days)
      if (lostProof && loaded.has(date) && !changed.has(date)) this.#empty.push(date);
    const due = [...changed].filter((date) => loaded.has(date)).sort();
    this.#daysReadAgain += due.length;
    for (const chunk of chunksOfDays(due, loaded, index, this.servesAll)) await this.#readAgain(chunk, read);
  }

  /** Marks what is gone, and gives days that have nothing to be read their proof back. */
  async finish(): Promise<Outcome> {
    const { id } = this.run.books.company;
    const { marked, remarks, notProven } = await this.#absence.mark(this.warehouse, id);
    this.run.context.logger.info(
      `Compared with Tally's list: ${formatCountOf(this.#absence.invoices, 'loaded invoice')}, ${formatCount(marked.length)} newly marked as missing`,
    );
    // Not before: what comes back to such a day is read for its mark, whatever its ALTERID.
    if (this.#empty.length > 0 && this.#absence.isCertain)
      await this.warehouse.proveEmptyDays(id, this.#empty, this.rulesHash, this.run.runId);
    // Tally lists them on an older loaded day, where they were read again: they have moved, and are not missing.
    const moved = new Set(
      [...this.#recentInvoices].filter((id) => this.#absence.isAwaited(id) && !this.recentIndex.lists(id)),
    );
    const ofOlder = marked.filter(({ date }) => date < this.recent.from);
    return {
      ...this.outcome,
      older: { invoices: this.#absence.invoices, daysReadAgain: this.#daysReadAgain },
      warnings: [...this.outcome.warnings, ...remarks],
      notProven: this.outcome.notProven ?? notProven,
      missing: this.outcome.missing - moved.size + ofOlder.length,
      missingInvoices: [
        ...this.outcome.missingInvoices.filter(({ invoiceId }) => !moved.has(invoiceId)),
        ...ofOlder,
      ].slice(0, 100),
    };
  }

  async #readAgain(range: DateRange, read: ReadIndex): Promise<void> {
    this.run.context.logger.info(
      `${formatSpan(range.from, range.to)} changed in Tally since it was loaded: it is read again`,
    );
    const committed: Comparison[] = [];
    const indexed = partOf(read, range);
    try {
      const part = { ...this.run, range, remarks: [], movesCheckpoint: false, indexed, committed };
      const { outcome } = await loadRange(part, this.warehouse);
      this.outcome = added(this.outcome, outcome);
    } finally {
      // A failure is told with what the sync had committed in all.
      this.run.committed.push(...committed);
      this.#absence.isIncomplete ||= indexed.index.unlisted > 0;
    }
  }
}

/** What was read again counts with the sync; what of it is missing in Tally is known at the end. */
function added(outcome: Outcome, more: Outcome): Outcome {
  const byDate = <T extends { date: CalendarDate }>(rows: T[]): T[] =>
    rows.sort((a, b) => dayNumber(a.date) - dayNumber(b.date));
  return {
    ...outcome,
    invoices: outcome.invoices + more.invoices,
    inserted: outcome.inserted + more.inserted,
    updated: outcome.updated + more.updated,
    unchanged: outcome.unchanged + more.unchanged,
    rejected: outcome.rejected + more.rejected,
    days: byDate([...more.days, ...outcome.days]),
    byType: byDate([...more.byType, ...outcome.byType]),
    holes: byDate([...more.holes, ...outcome.holes]),
    warnings: distinct([...outcome.warnings, ...more.warnings]),
    notProven: outcome.notProven ?? more.notProven,
  };
}

/** Each remark once. */
const distinct = (remarks: Remark[]): Remark[] => [
  ...new Map(remarks.map((remark) => [JSON.stringify(remark), remark])).values(),
];
