import { dateOfDay, dayNumber, type CalendarDate, type DateRange } from '../../../base/calendar.js';
import { repeated } from '../../../tally/xml/repeated.js';
import { KeyIndex, Numbers } from './numbers.js';

/** A voucher that Tally lists. */
export interface ListedVoucher {
  guid: string;
  date: CalendarDate;
  /** Tally's counter value of the last change, which grows with each change; undefined if Tally does not give it. */
  alterId: number | undefined;
}

/** Whether a voucher of Tally's list is loaded, and whether it is an invoice. */
export interface VoucherKind {
  isLoaded: boolean;
  isInvoice: boolean;
}

const INVOICE = 1;
const UNCHANGED = 2;

/** The number of vouchers of each day, by day number. */
export class VouchersOfDays {
  readonly #ofDay = new Map<number, number>();

  add(day: number, count: number): void {
    this.#ofDay.set(day, (this.#ofDay.get(day) ?? 0) + count);
  }

  of(range: DateRange): number {
    const [from, to] = [dayNumber(range.from), dayNumber(range.to)];
    let sum = 0;
    if (to - from < this.#ofDay.size) for (let day = from; day <= to; day++) sum += this.#ofDay.get(day) ?? 0;
    else for (const [day, count] of this.#ofDay) if (day >= from && day <= to) sum += count;
    return sum;
  }

  /** The days of a range that have vouchers, oldest first. */
  *days(range: DateRange): Generator<{ date: CalendarDate; count: number }> {
    const [from, to] = [dayNumber(range.from), dayNumber(range.to)];
    for (const [day, count] of [...this.#ofDay].sort(([a], [b]) => a - b))
      if (count > 0 && day >= from && day <= to) yield { date: dateOfDay(day), count };
  }
}

/**
 * Tally's list of a range, and which of its vouchers the warehouse has unchanged. All vouchers are counted, but only
 * vouchers that the run loads have a row: invoices, or with the stream `ledger` all. `readList` makes the list. Later
 * it changes in two cases: in a first load it grows part by part (ListByParts), and rows that were only counted may be
 * added (`addUnchanged`). A GUID is its company's GUID and eight hex digits (docs/tally.md §4). Only the digits are
 * kept, as a number, so that the list of a year is small.
 */
export class VoucherList {
  /** The number of vouchers of any kind. */
  vouchers = 0;
  /** The number of listed invoices, with or without a row here. */
  invoices = 0;
  /** The number of listed vouchers that the warehouse has unchanged, with or without a row here. */
  unchanged = 0;
  unchangedInvoices = 0;
  /** How many unchanged vouchers are only counted: the list does not have their rows. */
  #onlyCounted = 0;
  /** The highest ALTERID of the vouchers of any kind; 0 if Tally gave none. */
  highestAlterId = 0;
  readonly #vouchersOfDay = new VouchersOfDays();
  /** GUIDs of vouchers of any kind that are not the company's GUID and eight hex digits. */
  readonly #foreign = new Set<string>();
  // Rows of one day follow each other, so the last result is used again.
  readonly #dayOf = repeated(dayNumber);
  readonly #dateOfDay = repeated(dateOfDay);
  readonly #keys = new Numbers(Uint32Array);
  readonly #positions = new KeyIndex(this.#keys);
  readonly #days = new Numbers(Int32Array);
  readonly #alterIds = new Numbers(Float64Array);
  /** INVOICE and UNCHANGED, added up. */
  readonly #marks = new Numbers(Uint8Array);
  /** The positions of vouchers whose keys are texts, not numbers. */
  readonly #foreignPositions = new Map<string, number>();
  readonly #foreignGuids = new Map<number, string>();

  constructor(
    readonly companyId: string,
    readonly range: DateRange,
    /** The highest ALTERID that Tally had assigned before the list was requested, because an empty list shows none. */
    readonly counter = 0,
  ) {}

  /** The number of vouchers that are loaded: the invoices, or with the stream `ledger` all. */
  get loaded(): number {
    return this.#keys.length + this.#onlyCounted;
  }

  /** The number of vouchers whose rows the list has: positions are below it. */
  get length(): number {
    return this.#keys.length;
  }

  /** Counts a voucher, and lists it if it is loaded; once, even if Tally names it repeatedly. */
  put(voucher: ListedVoucher, { isLoaded, isInvoice }: VoucherKind): void {
    if (this.positionOf(voucher.guid) !== undefined) return;
    this.count(voucher);
    if (isLoaded) this.add(voucher, { isInvoice });
  }

  /** Counts a voucher of any kind. */
  count({ guid, date, alterId }: ListedVoucher): void {
    if (typeof this.keyOf(guid) === 'string') this.#foreign.add(guid);
    this.#countDay(this.#dayOf(date), 1);
    if (alterId !== undefined && alterId > this.highestAlterId) this.highestAlterId = alterId;
  }

  /** Counts all vouchers of a day at once. */
  countDay(date: CalendarDate, vouchers: number, highestAlterId: number): void {
    this.#countDay(dayNumber(date), vouchers);
    this.highestAlterId = Math.max(this.highestAlterId, highestAlterId);
  }

  /** Adds the counts of another list of the company. */
  addCounts(other: VoucherList): void {
    for (const { date, count } of other.#vouchersOfDay.days(other.range)) this.#countDay(dayNumber(date), count);
    this.highestAlterId = Math.max(this.highestAlterId, other.highestAlterId);
    for (const guid of other.#foreign) this.#foreign.add(guid);
  }

  /** Lists a voucher that is loaded and whose day has been counted; once, even if Tally names it repeatedly. */
  putCounted(voucher: ListedVoucher, { isLoaded, isInvoice }: VoucherKind): void {
    if (this.positionOf(voucher.guid) !== undefined) return;
    if (typeof this.keyOf(voucher.guid) === 'string') this.#foreign.add(voucher.guid);
    if (isLoaded) this.add(voucher, { isInvoice });
  }

  /** Notes a voucher's GUID that does not begin with the company's. */
  addForeign(guid: string): void {
    this.#foreign.add(guid);
  }

  /** Adds a row for a voucher that has already been counted. */
  add({ guid, date, alterId }: ListedVoucher, { isInvoice }: Pick<VoucherKind, 'isInvoice'>): void {
    if (isInvoice) this.invoices++;
    this.#append(this.keyOf(guid), this.#dayOf(date), alterId ?? NaN, isInvoice ? INVOICE : 0);
  }

  /** Counts unchanged vouchers of one kind without their rows. */
  countUnchanged(vouchers: number, { isInvoice }: Pick<VoucherKind, 'isInvoice'>): void {
    this.#onlyCounted += vouchers;
    this.unchanged += vouchers;
    if (!isInvoice) return;
    this.invoices += vouchers;
    this.unchangedInvoices += vouchers;
  }

  /** Adds rows of unchanged vouchers that were only counted. */
  addUnchanged(rows: (ListedVoucher & Pick<VoucherKind, 'isInvoice'>)[]): void {
    this.#onlyCounted -= rows.length;
    for (const { guid, date, alterId, isInvoice } of rows)
      this.#append(this.keyOf(guid), this.#dayOf(date), alterId ?? NaN, UNCHANGED | (isInvoice ? INVOICE : 0));
  }

  /** A list of a part of the range, with the counts of this list, but without rows. */
  emptyPart(range: DateRange): VoucherList {
    const part = new VoucherList(this.companyId, range, this.counter);
    for (const { date, count } of this.#vouchersOfDay.days(range)) part.#countDay(dayNumber(date), count);
    part.inheritFrom(this);
    return part;
  }

  /** Copies the values of the whole list that are valid for each part: the highest ALTERID, and the foreign GUIDs. */
  inheritFrom(whole: VoucherList): void {
    this.highestAlterId = whole.highestAlterId;
    for (const guid of whole.#foreign) this.#foreign.add(guid);
  }

  /** The number of vouchers of any kind that Tally lists in a range. */
  countVouchers(range: DateRange): number {
    return this.#vouchersOfDay.of(range);
  }

  /** Whether Tally lists this voucher, of any kind, in this company although its GUID begins with another company's. */
  listsForeign(guid: string): boolean {
    return this.#foreign.has(guid);
  }

  /** The position of a voucher's row in the list, from 0; undefined if it has none. */
  positionOf(guid: string): number | undefined {
    return this.positionAt(this.keyOf(guid));
  }

  /** As positionOf, by the result of keyOf. */
  positionAt(key: number | string): number | undefined {
    return typeof key === 'number' ? this.#positions.find(key) : this.#foreignPositions.get(key);
  }

  dayAt = (at: number): number => this.#days.at(at)!;
  dateAt = (at: number): CalendarDate => this.#dateOfDay(this.#days.at(at)!);
  /** NaN if Tally gave none. */
  alterIdAt = (at: number): number => this.#alterIds.at(at)!;
  isInvoiceAt = (at: number): boolean => (this.#marks.at(at)! & INVOICE) !== 0;
  isUnchangedAt = (at: number): boolean => (this.#marks.at(at)! & UNCHANGED) !== 0;
  guidAt = (at: number): string =>
    this.#foreignGuids.get(at) ?? `${this.companyId}-${this.#keys.at(at)!.toString(16).padStart(8, '0')}`;

  #append(key: number | string, day: number, alterId: number, mark: number): void {
    const at = this.#keys.length;
    if (typeof key === 'number') {
      this.#keys.push(key);
      this.#positions.add(at);
    } else {
      this.#keys.push(0); // it is not in #positions
      this.#foreignPositions.set(key, at);
      this.#foreignGuids.set(at, key);
    }
    this.#days.push(day);
    this.#alterIds.push(alterId);
    this.#marks.push(mark);
  }

  #countDay(day: number, vouchers: number): void {
    this.vouchers += vouchers;
    this.#vouchersOfDay.add(day, vouchers);
  }

  /** The stored form of a GUID: only the number if the GUID begins with the company's. */
  keyOf(guid: string): number | string {
    const prefix = this.companyId.length;
    const hex = guid.slice(prefix + 1);
    return guid.startsWith(this.companyId) && guid[prefix] === '-' && /^[0-9a-f]{8}$/.test(hex)
      ? Number.parseInt(hex, 16)
      : guid;
  }
}
