import { t } from '@vscode/l10n';
import { addDays, dayNumber, financialYearStart, type CalendarDate, type DateRange } from '../calendar.js';
import { invoiceCount, rangeText, voucherCount } from '../countWords.js';
import { formatCount, formatCountOf, formatSpan } from '../format.js';
import type { Comparison } from '../warehouse/comparison.js';
import type { LoadedDay } from '../warehouse/loadedDays.js';
import type { Warehouse } from '../warehouse/warehouse.js';
import type { ReadRules } from './books.js';
import { chunksOfDays, yearsOf } from './chunks.js';
import { withinBooks } from './companyPart.js';
import { loadRange } from './loadRange.js';
import type { Outcome } from './outcome.js';
import { readIndex, type ReadIndex } from './readIndex.js';
import { isPlausible } from './guard.js';
import type { Run } from './run.js';
import type { VoucherIndex } from './voucherIndex.js';

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
  const outcome = await loadRange({ ...run, indexed }, warehouse);
  if (!index.offered || rules.rulesHash === undefined) return outcome;
  if (!rules.isWhole) return { ...outcome, warnings: [...outcome.warnings, notCompared] };
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

const notCompared = t(
  'What was loaded before was not compared: Tally did not give its lists of ledgers and groups. The next sync does it.',
);

function notComparedOf(range: DateRange, { refusal = '' }: ReadIndex): string {
  const sentence = t(
    'Tally did not give its list of vouchers of {range}: what was loaded of that time was not compared. The next sync does it.',
    { range: rangeText(range) },
  );
  return `${sentence} ${refusal}`.trim();
}

const partOf = (read: ReadIndex, range: DateRange): ReadIndex => ({ ...read, index: read.index.part(range) });

class History {
  /** Invoices of the warehouse that the list of their year does not have, and their date. */
  readonly #gone = new Map<string, CalendarDate>();
  /** What a year lists and the warehouse has not, or not so: it may be what another year has lost. */
  readonly #awaited = new Set<string>();
  readonly #implausible: string[] = [];
  /** Days that lost their proof and have nothing to be read. */
  readonly #empty: CalendarDate[] = [];
  /** Reports brought what the list leaves out, or a year has none: what is not listed need not be gone. */
  #isIncomplete: boolean;
  #invoices = 0;
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
    this.#isIncomplete = recentIndex.unlisted > 0;
  }

  /** What the warehouse has of a range. */
  loadedDays(range: DateRange): Promise<LoadedDay[]> {
    return this.warehouse.loadedDays(this.run.books.company.id, range, this.rulesHash);
  }

  /** Compares the loaded days of a range with its list, and reads again those before the sync's own range that changed. */
  async compare(range: DateRange, read: ReadIndex, days: LoadedDay[]): Promise<void> {
    const { index, offered } = read;
    if (!offered) {
      this.#isIncomplete = true;
      const { warnings } = this.outcome;
      this.outcome = { ...this.outcome, warnings: [...warnings, notComparedOf(range, read)] };
      return;
    }
    const loaded = new Set(days.filter(({ date }) => date < this.recent.from).map(({ date }) => date));
    const isLoaded = (date: CalendarDate): boolean => date >= this.recent.from || loaded.has(date);
    const changed = new Set<CalendarDate>();
    let had = 0;
    let lost = 0;
    for (const { date, invoices, rejects } of days) {
      had += invoices.length;
      for (const { invoiceId, alterId } of invoices) {
        const listedOn = index.dateOf(invoiceId);
        if (listedOn === undefined) {
          if (this.recentIndex.lists(invoiceId)) continue; // not listed, and read in this run all the same
          lost++;
        }
        // Re-dated to a day that was never loaded it is none of the days that were.
        if (listedOn === undefined || !isLoaded(listedOn)) this.#gone.set(invoiceId, date);
        else if (alterId !== null) index.markLoaded(invoiceId, alterId);
      }
      for (const { invoiceId, alterId } of rejects)
        if (!index.lists(invoiceId)) changed.add(date);
        else if (alterId !== null) index.markLoaded(invoiceId, alterId);
    }
    this.#invoices += had;
    for (const { invoiceId, date } of index.unread(range, { changedOnly: true }))
      if (isLoaded(date)) this.#awaited.add(invoiceId);
    if (!isPlausible({ had, lost, listed: index.vouchers }))
      this.#implausible.push(
        t("of {range} Tally lists {vouchers}, and of the warehouse's {invoices} it does not list {count}", {
          range: rangeText(range),
          vouchers: voucherCount(index.vouchers),
          invoices: invoiceCount(had),
          count: formatCount(lost),
        }),
      );
    for (const { date } of index.holes(range)) if (loaded.has(date)) changed.add(date);
    for (const { date, lostProof } of days)
      if (lostProof && loaded.has(date) && !changed.has(date)) this.#empty.push(date);
    const due = [...changed].filter((date) => loaded.has(date)).sort();
    this.#daysReadAgain += due.length;
    for (const chunk of chunksOfDays(due, loaded, index, this.servesAll)) await this.#readAgain(chunk, read);
  }

  /** Marks what is gone, unless that looks like another company or a list that is not whole. */
  async finish(): Promise<Outcome> {
    const gone = [...this.#gone.keys()].filter((invoiceId) => !this.#awaited.has(invoiceId));
    this.run.context.logger.info(
      `Compared with Tally's list: ${formatCountOf(this.#invoices, 'loaded invoice')}, ${formatCount(gone.length)} no longer there`,
    );
    const older = { invoices: this.#invoices, daysReadAgain: this.#daysReadAgain };
    const { notProven, warnings, missing, missingInvoices } = this.outcome;
    const doubt = gone.length > 0 ? this.#doubt(gone.length) : undefined;
    if (doubt?.isMistake)
      return { ...this.outcome, older, warnings: [...warnings, doubt.reason], notProven: notProven ?? doubt.reason };
    if (doubt) return { ...this.outcome, older, warnings: [...warnings, doubt.reason] };
    const marked = gone.length > 0 ? await this.warehouse.markMissing(this.run.books.company.id, gone) : [];
    // Not before: what comes back to such a day is read for its mark, whatever its ALTERID.
    if (this.#empty.length > 0 && !this.#isIncomplete && this.#implausible.length === 0)
      await this.warehouse.proveEmptyDays(this.run.books.company.id, this.#empty, this.rulesHash, this.run.runId);
    const ofOlder = marked.filter(({ date }) => date < this.recent.from);
    return {
      ...this.outcome,
      older,
      missing: missing + ofOlder.length,
      missingInvoices: [...missingInvoices, ...ofOlder].slice(0, 100),
    };
  }

  /** Why so many that are not listed are not taken for gone. */
  #doubt(gone: number): { isMistake: boolean; reason: string } | undefined {
    if (this.#implausible.length > 0)
      return {
        isMistake: true,
        reason: t(
          '{invoices} would count as no longer in Tally, which looks like a mistake: {reasons}. None was marked. Check that the right company is open in Tally, and whole; if these invoices are gone indeed, run clear-and-reload over their dates and accept its result (--force, or the button Reload Anyway).',
          { invoices: invoiceCount(gone), reasons: this.#implausible.join('; ') },
        ),
      };
    if (this.#isIncomplete)
      return {
        isMistake: false,
        reason:
          gone === 1
            ? t(
                "1 invoice of the warehouse is not in Tally's list of vouchers; because that list is not whole, none was marked as gone.",
              )
            : t(
                "{count} invoices of the warehouse are not in Tally's list of vouchers; because that list is not whole, none was marked as gone.",
                { count: formatCount(gone) },
              ),
      };
    return undefined;
  }

  async #readAgain(range: DateRange, read: ReadIndex): Promise<void> {
    this.run.context.logger.info(
      `${formatSpan(range.from, range.to)} changed in Tally since it was loaded: it is read again`,
    );
    const committed: Comparison[] = [];
    const indexed = partOf(read, range);
    try {
      const part = { ...this.run, range, warnings: [], movesCheckpoint: false, indexed, committed };
      this.outcome = added(this.outcome, await loadRange(part, this.warehouse));
    } finally {
      // A failure is told with what the sync had committed in all.
      this.run.committed.push(...committed);
      this.#isIncomplete ||= indexed.index.unlisted > 0;
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
    warnings: [...new Set([...outcome.warnings, ...more.warnings])],
    notProven: outcome.notProven ?? more.notProven,
  };
}
