import { addDays, type CalendarDate, type DateRange } from '../../../base/calendar.js';
import type { MissingInvoice } from '../../../warehouse/read/comparison.js';
import type { ProvenDays } from '../../../warehouse/records/loadedDays.js';
import { mayHide } from '../../books/books.js';
import type { Hole, Remark } from '../../remark.js';
import type { ReadList } from '../list/readList.js';
import type { Arrivals } from '../read/arrivals.js';
import type { Portion, RangeReader } from '../read/rangeReader.js';
import type { Run } from '../run.js';
import { coverageOfFiles, provenUntil, type Coverage } from './coverage.js';
import { listUnproven, nothingCame, nothingCovered } from './notCovered.js';

/** The final judgement of a run's completeness. */
export interface Verdict {
  notProven: Remark | null;
  holes: Hole[];
  remarks: Remark[];
}

/**
 * Throws `range-not-covered`, before any report is requested, if the run would remove rows because of an unproven list. A
 * forced run does not throw.
 */
export function assertListProven({ mode, books }: Run, { unproven }: ReadList): void {
  if (mode.removes && !mode.force && unproven !== undefined) throw listUnproven(unproven, books.reports);
}

/**
 * Decides what the list and the answers of one range prove: which days are complete, which invoices are not in Tally, how far a
 * checkpoint may move. The evidence is Tally's list if it proves itself, else the dates of the answers. absence.ts judges
 * invoices that are missing across all lists of a sync or backfill.
 */
export class Proof {
  #coverage: Coverage | undefined;

  constructor(
    private readonly run: Run,
    private readonly list: ReadList,
    private readonly arrivals: Arrivals,
    private readonly reader: RangeReader,
  ) {}

  /**
   * Adds a portion as evidence. Throws `range-not-covered` if an answer has no voucher of the range, and nothing shows that the
   * range is empty. A run that removes rows throws instead if Tally lists vouchers and none of them came.
   */
  judge({ range, coverage }: Portion): void {
    const { run, reader } = this;
    const { books, mode } = run;
    this.#coverage =
      coverage && books.isFile ? coverageOfFiles(coverage, run.range, reader.answered, books.spans) : coverage;
    // This must throw before rows are removed, because its message says that nothing was changed.
    if (mode.removes && this.list.isWhole && range.to === run.range.to)
      this.#assertSomethingCame(this.arrivals.holes());
    // A run that removes rows is refused by guardRange instead, which knows how many rows would be lost.
    if (this.#coverage?.state === 'nothing' && !mode.removes) throw nothingCovered(this.#coverage.remark);
  }

  /** The list proves itself, and no report contradicted it. A voucher that is not in the list is then not in Tally. */
  get provesAbsence(): boolean {
    return this.list.isWhole && this.arrivals.unlisted === 0;
  }

  /**
   * The days of a part that are proven to be complete, to be recorded: all days except those with holes. Undefined if nothing
   * is proven.
   */
  provenDays(part: DateRange): ProvenDays | undefined {
    const { rulesHash } = this.run.rules;
    // Rows that count as unchanged may come from a collection that was contradicted.
    if (!this.provesAbsence || rulesHash === undefined || this.run.collection?.hasContradicted) return undefined;
    return { rulesHash, except: this.arrivals.holes(part).map(({ date }) => date) };
  }

  /** The days for which an invoice that did not come can be considered absent from Tally; undefined if there are none. */
  get reached(): DateRange | undefined {
    const { range, books } = this.run;
    if (mayHide(books)) return undefined;
    if (this.list.isWhole) return range;
    if (this.list.unproven !== undefined) return undefined;
    // If only the dates of the answers are known, nothing is known of days outside them.
    const { from, to } = this.reader.answered;
    if (from === undefined || to === undefined || from > range.to || to < range.from) return undefined;
    return { from: from > range.from ? from : range.from, to: to < range.to ? to : range.to };
  }

  /** Whether an invoice that did not come may still be in Tally. */
  mayExist({ invoiceId, date }: Pick<MissingInvoice, 'invoiceId' | 'date'>): boolean {
    const { reached } = this;
    return this.arrivals.has(invoiceId) || reached === undefined || date < reached.from || date > reached.to;
  }

  /**
   * The date that a checkpoint may move to with a portion; undefined if the checkpoint must stay, because the start of the
   * range is not proven.
   */
  checkpointAfter(portion: Portion): CalendarDate | undefined {
    const { run, list, arrivals, reader } = this;
    const { range } = run;
    if (list.unproven !== undefined) return undefined;
    if (!list.isWhole) return provenUntil(range, portion.answered ?? reader.answered, run.books.company.booksFrom);
    const [hole] = arrivals.holes({ from: range.from, to: portion.range.to });
    if (hole === undefined) return portion.range.to;
    return hole.date > range.from && this.#hasAny ? addDays(hole.date, -1) : undefined;
  }

  /**
   * The verdict after everything was read. `doubts` are the remarks about single vouchers. Throws `range-not-covered` if Tally
   * lists vouchers to load and none of them came, unless the mode allows that (`mayBringNothing`).
   */
  verdict(doubts: readonly Remark[]): Verdict {
    const { list, arrivals } = this;
    const { mode } = this.run;
    const holes = list.isWhole ? arrivals.holes() : [];
    this.#assertSomethingCame(holes);
    const reason = this.#reason(holes);
    const accepted = mode.removes && mode.force && !list.isWhole ? reason : null;
    const remarks = [
      ...this.remarks(doubts),
      ...(accepted === null ? [] : [{ code: 'accepted-by-force', reason: accepted } as const]),
    ];
    return { notProven: accepted === null ? reason : null, holes, remarks };
  }

  /** The remarks of the run so far, whether or not everything was read. */
  remarks(doubts: readonly Remark[]): Remark[] {
    const { list, arrivals } = this;
    const { books, rules } = this.run;
    return [
      ...(books.company.edition === 'education' ? [{ code: 'education' } as const] : []),
      ...rules.remarks,
      ...list.remarks,
      ...(list.parts?.hasChanged ? [{ code: 'changed-while-read' } as const] : []),
      ...(arrivals.unlisted > 0 ? [{ code: 'unlisted', invoices: arrivals.unlisted } as const] : []),
      ...doubts,
    ];
  }

  /** Why the range is not proven complete; null if nothing speaks against it. */
  #reason(holes: Hole[]): Remark | null {
    const isCompared = !this.run.mode.writes;
    // If a part of a list is not proven, the other parts are not used either, so nothing proves any day of the range.
    if (this.list.unproven !== undefined) return { code: 'list-unproven', range: this.run.range, isCompared };
    if (holes.length > 0) return { code: 'left-out', holes, isCompared };
    return this.#coverage === undefined || this.#coverage.state === 'covered' ? null : this.#coverage.remark;
  }

  /** Whether a voucher of the range came, or is unchanged since it was loaded. */
  get #hasAny(): boolean {
    return this.arrivals.read + this.list.list.unchanged > 0;
  }

  #assertSomethingCame(holes: Hole[]): void {
    const { run, reader } = this;
    if (holes.length > 0 && !this.#hasAny && !run.mode.mayBringNothing)
      throw nothingCame(run.range, reader.answered, reader.report, run.books.reports);
  }
}
