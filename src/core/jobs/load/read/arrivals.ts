import { dayNumber, type CalendarDate, type DateRange } from '../../../base/calendar.js';
import type { ListedInvoice } from '../../../warehouse/load/stage.js';
import type { ListRow } from '../../../warehouse/load/stagedList.js';
import type { Hole } from '../../remark.js';
import { VouchersOfDays, type VoucherList } from '../list/voucherList.js';

const AWAITED = 0;
const UNCHANGED = 1;
const GONE = 2;
/** Plus the number of the answer that brought it. */
const READ = 3;

/** An invoice that came before its part was listed. */
interface Early {
  date: CalendarDate | undefined;
  alterId: number | undefined;
  answer: number;
}

/**
 * What has become of each listed invoice while its range is read; the reader alone changes it. Where Tally offers no list it
 * only remembers what was read, so that a second report brings nothing twice.
 */
export class Arrivals {
  /** Invoices that a report brought, listed or not. */
  read = 0;
  /** Invoices that a report brought and the list lacks, though they existed when it was made: it is not complete. */
  unlisted = 0;
  /** The highest ALTERID of what was read: it may have been altered after it was listed, or is in no list. */
  #lastRead = 0;
  /** By place in the list. */
  readonly #states: number[] = [];
  /** Invoices that came and are in no list, with their state. */
  readonly #beside = new Map<number | string, number>();
  readonly #awaited = new VouchersOfDays();
  readonly #early = new Map<number | string, Early>();
  #isListing = false;

  constructor(readonly list: VoucherList) {
    this.#addListed();
  }

  /** What comes until endPart is of a part that is not listed yet. */
  beginPart(): void {
    this.#isListing = true;
  }

  /** A part has been listed: what came of it is read, and the rest of it is awaited. */
  endPart(): void {
    this.#isListing = false;
    this.#addListed();
    const early = [...this.#early.values()];
    const keys = [...this.#early.keys()];
    this.#early.clear();
    this.read -= early.length;
    for (const [i, { date, alterId, answer }] of early.entries()) this.#markRead(keys[i]!, date, alterId, answer);
  }

  #addListed(): void {
    const { list } = this;
    for (let at = this.#states.length; at < list.invoices; at++) {
      this.#states.push(list.isUnchangedAt(at) ? UNCHANGED : AWAITED);
      if (!list.isUnchangedAt(at)) this.#awaited.add(list.dayAt(at), 1);
    }
  }

  /** Whether the n-th answer should bring this invoice: not when it is unchanged, or an earlier answer brought it. */
  wants(guid: string, answer: number): boolean {
    const state = this.#stateOf(guid);
    return state === AWAITED || state === GONE || state === READ + answer;
  }

  /**
   * The n-th answer brought this invoice. If its date or ALTERID is not the listed one, and it was not altered since, its
   * listed day stays a hole. `date` is undefined for one that could not be read.
   */
  markRead(guid: string, date: CalendarDate | undefined, alterId: number | undefined, answer: number): void {
    if (alterId !== undefined && alterId > this.#lastRead) this.#lastRead = alterId;
    const key = this.list.keyOf(guid);
    if (!this.#isListing || this.list.positionAt(key) !== undefined) this.#markRead(key, date, alterId, answer);
    else if (!this.#early.has(key)) {
      this.#early.set(key, { date, alterId, answer });
      this.read++;
    }
  }

  #markRead(key: number | string, date: CalendarDate | undefined, alterId: number | undefined, answer: number): void {
    const { list } = this;
    const at = list.positionAt(key);
    if (at === undefined) {
      if (this.#beside.has(key)) return;
      this.#beside.set(key, READ + answer);
      this.read++;
      const existed = list.vouchers > 0 ? list.highestAlterId : list.counter;
      if (alterId !== undefined && alterId <= existed) this.unlisted++;
      return;
    }
    if (this.#states[at]! >= READ) return;
    const listed = list.alterIdAt(at);
    // Tally counts alterations company-wide (docs/tally.md §4): one made after it listed is above all that it listed.
    const altered = alterId !== undefined && !Number.isNaN(listed) && alterId > list.highestAlterId;
    const another = alterId !== undefined && !Number.isNaN(listed) && alterId !== listed && !altered;
    if (another || (date !== undefined && !altered && dayNumber(date) !== list.dayAt(at))) return;
    if (this.#states[at] === AWAITED) this.#awaited.add(list.dayAt(at), -1);
    this.#states[at] = READ + answer;
    this.read++;
  }

  /** Awaited invoices of a day that Tally does not list any more were deleted or re-dated while the run was reading. */
  markGoneExcept(date: CalendarDate, listed: ReadonlySet<string>): void {
    const { list } = this;
    const day = dayNumber(date);
    for (let at = 0; at < list.invoices; at++) {
      if (this.#states[at] !== AWAITED || list.dayAt(at) !== day || listed.has(list.guidAt(at))) continue;
      this.#states[at] = GONE;
      this.#awaited.add(day, -1);
    }
  }

  /** The highest ALTERID of the vouchers, of any kind, that Tally listed or a report brought; undefined: none was told. */
  get highestAlterId(): number | undefined {
    return Math.max(this.list.highestAlterId, this.#lastRead) || undefined;
  }

  /** Invoices of a range that are still to be read. */
  awaited(range: DateRange): number {
    return this.#awaited.of(range);
  }

  /** The GUIDs of these. */
  *awaitedIn(range: DateRange): Generator<string> {
    const { list } = this;
    const [from, to] = [dayNumber(range.from), dayNumber(range.to)];
    for (let at = 0; at < list.invoices; at++)
      if (this.#states[at] === AWAITED && list.dayAt(at) >= from && list.dayAt(at) <= to) yield list.guidAt(at);
  }

  /** The GUIDs of those that have left their day. */
  *gone(): Generator<string> {
    for (let at = 0; at < this.list.invoices; at++) if (this.#states[at] === GONE) yield this.list.guidAt(at);
  }

  /** Whether an invoice has not come: it is awaited, gone from its day, or in no list. */
  isUnread(guid: string): boolean {
    const state = this.#stateOf(guid);
    return state === AWAITED || state === GONE;
  }

  /** Whether Tally lists an invoice, under whatever date, or a report has brought it. */
  has(guid: string): boolean {
    const state = this.#stateOf(guid);
    return state !== GONE && (state !== AWAITED || this.list.positionOf(guid) !== undefined);
  }

  /** The date that Tally lists an invoice under. */
  dateOf(guid: string): CalendarDate | undefined {
    const at = this.list.positionOf(guid);
    return at === undefined || this.#states[at] === GONE ? undefined : this.list.dateAt(at);
  }

  /** The days of a range on which invoices are still awaited, oldest first. */
  holes(range: DateRange = this.list.range): Hole[] {
    return [...this.#awaited.days(range)].map(({ date, count }) => ({ date, invoices: count }));
  }

  /** What Tally lists, but for what has gone meanwhile; types and numbers are not kept. */
  *listed(): Generator<ListRow> {
    const { list } = this;
    for (let at = 0; at < list.invoices; at++) {
      if (this.#states[at] === GONE) continue;
      const alterId = list.alterIdAt(at);
      yield {
        guid: list.guidAt(at),
        date: list.dateAt(at),
        alterId: Number.isNaN(alterId) ? undefined : alterId,
        ...{ voucherType: '', voucherNumber: '' },
      };
    }
  }

  /** What Tally lists in a range and was not read in this run: unchanged, or a hole. */
  *unread(range: DateRange): Generator<ListedInvoice> {
    const { list } = this;
    const [from, to] = [dayNumber(range.from), dayNumber(range.to)];
    for (let at = 0; at < list.invoices; at++) {
      const state = this.#states[at]!;
      if (state > UNCHANGED || list.dayAt(at) < from || list.dayAt(at) > to) continue;
      yield { invoiceId: list.guidAt(at), date: list.dateAt(at), unchanged: state === UNCHANGED };
    }
  }

  #stateOf(guid: string): number {
    const key = this.list.keyOf(guid);
    const at = this.list.positionAt(key);
    const early = this.#early.get(key);
    if (early !== undefined) return READ + early.answer;
    return (at === undefined ? this.#beside.get(key) : this.#states[at]) ?? AWAITED;
  }
}
