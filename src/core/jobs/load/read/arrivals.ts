import { dayNumber, type CalendarDate, type DateRange } from '../../../base/calendar.js';
import type { ListedInvoice } from '../../../warehouse/load/stage.js';
import type { ListRow } from '../../../warehouse/load/stagedList.js';
import type { Hole } from '../../remark.js';
import { Numbers } from '../list/numbers.js';
import { VouchersOfDays, type VoucherList } from '../list/voucherList.js';

const AWAITED = 0;
const UNCHANGED = 1;
/** Tally no longer lists the voucher on its listed day: it was deleted or re-dated meanwhile. */
const GONE = 2;
/** The state of a voucher that came: this plus the number of the answer that brought it. */
const READ = 3;

/** A voucher that came before its part was listed. */
interface Early {
  date: CalendarDate | undefined;
  alterId: number | undefined;
  answer: number;
}

/**
 * The state of each listed voucher that the run loads (an invoice, or with the stream `ledger` any voucher) while its
 * range is read. Only the reader changes it. Without a list from Tally it only remembers which vouchers were read, so
 * that a second report does not bring them again.
 */
export class Arrivals {
  /** The number of vouchers that count as read, listed or not. */
  read = 0;
  /** Vouchers that came and are not in the list, though they existed when the list was made: the list is incomplete. */
  unlisted = 0;
  /**
   * The highest ALTERID (Tally's counter value of the last change) of the vouchers that came. It may be above all
   * listed ones: a voucher may be unlisted, or altered after it was listed.
   */
  #lastRead = 0;
  /** The states by position in the list. */
  readonly #states = new Numbers(Int32Array);
  /** Vouchers that came and are not in the list, with their state. */
  readonly #beside = new Map<number | string, number>();
  readonly #awaited = new VouchersOfDays();
  readonly #early = new Map<number | string, Early>();
  #isListing = false;

  constructor(readonly list: VoucherList) {
    this.#addListed();
  }

  /** Until endPart, the vouchers that come are of a part that is not listed yet. */
  beginPart(): void {
    this.#isListing = true;
  }

  /** The part is now listed: its vouchers that came count as read, the others are awaited. */
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
    for (let at = this.#states.length; at < list.length; at++) {
      this.#states.push(list.isUnchangedAt(at) ? UNCHANGED : AWAITED);
      if (!list.isUnchangedAt(at)) this.#awaited.add(list.dayAt(at), 1);
    }
  }

  /**
   * Whether to take this voucher from the n-th answer: not if it is unchanged, or if another answer brought it.
   */
  wants(guid: string, answer: number): boolean {
    const state = this.#stateOf(guid);
    return state === AWAITED || state === GONE || state === READ + answer;
  }

  /**
   * Notes that the n-th answer brought this voucher. If its date or ALTERID is not the listed one, and it was not
   * altered after the listing, its listed day stays a hole. `date` is undefined for an unreadable voucher.
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
    if (this.#states.at(at)! >= READ) return;
    const listed = list.alterIdAt(at);
    // Tally counts alterations company-wide (docs/tally.md §4). So an alteration after the list has an ALTERID above all listed
    // ones.
    const altered = alterId !== undefined && !Number.isNaN(listed) && alterId > list.highestAlterId;
    const another = alterId !== undefined && !Number.isNaN(listed) && alterId !== listed && !altered;
    if (another || (date !== undefined && !altered && dayNumber(date) !== list.dayAt(at))) return;
    if (this.#states.at(at) === AWAITED) this.#awaited.add(list.dayAt(at), -1);
    this.#states.set(at, READ + answer);
    this.read++;
  }

  /**
   * Marks awaited vouchers that Tally no longer lists on their day: they were deleted or re-dated while the run was
   * reading.
   */
  markGoneExcept(date: CalendarDate, listed: ReadonlySet<string>): void {
    const { list } = this;
    const day = dayNumber(date);
    for (let at = 0; at < list.length; at++) {
      if (this.#states.at(at) !== AWAITED || list.dayAt(at) !== day || listed.has(list.guidAt(at))) continue;
      this.#states.set(at, GONE);
      this.#awaited.add(day, -1);
    }
  }

  /** The highest ALTERID of the vouchers of any kind that Tally listed or a report brought; undefined if Tally gave none. */
  get highestAlterId(): number | undefined {
    return Math.max(this.list.highestAlterId, this.#lastRead) || undefined;
  }

  /** The number of vouchers of a range that are still to be read. */
  awaited(range: DateRange): number {
    return this.#awaited.of(range);
  }

  /** The number of invoices that are still to be read, without vouchers of other types. */
  get awaitedInvoices(): number {
    let invoices = 0;
    for (let at = 0; at < this.list.length; at++)
      if (this.#states.at(at) === AWAITED && this.list.isInvoiceAt(at)) invoices++;
    return invoices;
  }

  /** The GUIDs of the vouchers of a range that are still to be read. */
  *awaitedIn(range: DateRange): Generator<string> {
    const { list } = this;
    const [from, to] = [dayNumber(range.from), dayNumber(range.to)];
    for (let at = 0; at < list.length; at++)
      if (this.#states.at(at) === AWAITED && list.dayAt(at) >= from && list.dayAt(at) <= to) yield list.guidAt(at);
  }

  /** The GUIDs of the vouchers that have left their listed day. */
  *gone(): Generator<string> {
    for (let at = 0; at < this.list.length; at++) if (this.#states.at(at) === GONE) yield this.list.guidAt(at);
  }

  /**
   * Whether a voucher has not come and is not known to be unchanged: it is awaited, has left its listed day, or is not
   * in the list.
   */
  isUnread(guid: string): boolean {
    const state = this.#stateOf(guid);
    return state === AWAITED || state === GONE;
  }

  /** Whether Tally lists a voucher under any date of the range, or an answer has brought it. */
  has(guid: string): boolean {
    const state = this.#stateOf(guid);
    return state !== GONE && (state !== AWAITED || this.list.positionOf(guid) !== undefined);
  }

  /** The voucher's date in Tally's list; undefined if it is not listed, or has left its listed day. */
  dateOf(guid: string): CalendarDate | undefined {
    const at = this.list.positionOf(guid);
    return at === undefined || this.#states.at(at) === GONE ? undefined : this.list.dateAt(at);
  }

  /** The days of a range on which vouchers are still awaited, oldest first. */
  holes(range: DateRange = this.list.range): Hole[] {
    return [...this.#awaited.days(range)].map(({ date, count }) => ({ date, invoices: count }));
  }

  /** The listed vouchers, except those that have left their listed day. Types and numbers are empty. */
  *listed(): Generator<ListRow> {
    const { list } = this;
    for (let at = 0; at < list.length; at++) {
      if (this.#states.at(at) === GONE) continue;
      const alterId = list.alterIdAt(at);
      yield {
        guid: list.guidAt(at),
        date: list.dateAt(at),
        alterId: Number.isNaN(alterId) ? undefined : alterId,
        ...{ voucherType: '', voucherNumber: '' },
      };
    }
  }

  /** Call this after `addUnchanged`, which adds rows to the list. */
  addCounted(): void {
    this.#addListed();
  }

  /** The listed vouchers of a range that were not read in this run: unchanged ones and holes. */
  *unread(range: DateRange): Generator<ListedInvoice> {
    yield* this.#inState(range, (state) => state <= UNCHANGED);
  }

  /** The listed vouchers of a range that are still awaited. */
  *notCome(range: DateRange): Generator<ListedInvoice> {
    yield* this.#inState(range, (state) => state === AWAITED);
  }

  *#inState(range: DateRange, isIn: (state: number) => boolean): Generator<ListedInvoice> {
    const { list } = this;
    const [from, to] = [dayNumber(range.from), dayNumber(range.to)];
    for (let at = 0; at < list.length; at++) {
      const state = this.#states.at(at)!;
      if (!isIn(state) || list.dayAt(at) < from || list.dayAt(at) > to) continue;
      yield { invoiceId: list.guidAt(at), date: list.dateAt(at), unchanged: state === UNCHANGED };
    }
  }

  #stateOf(guid: string): number {
    const key = this.list.keyOf(guid);
    const at = this.list.positionAt(key);
    const early = this.#early.get(key);
    if (early !== undefined) return READ + early.answer;
    return (at === undefined ? this.#beside.get(key) : this.#states.at(at)) ?? AWAITED;
  }
}
