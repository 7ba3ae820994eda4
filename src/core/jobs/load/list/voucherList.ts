import { dateOfDay, dayNumber, type CalendarDate, type DateRange } from '../../../base/calendar.js';
import { repeated } from '../../../tally/xml/repeated.js';

/** An invoice that Tally lists. */
export interface ListedVoucher {
  guid: string;
  date: CalendarDate;
  /** Grows with each alteration; undefined where Tally does not say it. */
  alterId: number | undefined;
}

/** Vouchers of days, by day number. */
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

  /** The days of a range that have any, oldest first. */
  *days(range: DateRange): Generator<{ date: CalendarDate; count: number }> {
    const [from, to] = [dayNumber(range.from), dayNumber(range.to)];
    for (const [day, count] of [...this.#ofDay].sort(([a], [b]) => a - b))
      if (count > 0 && day >= from && day <= to) yield { date: dateOfDay(day), count };
  }
}

/**
 * What Tally lists of a range, and which of it the warehouse has as it is. `readList` makes it, and nobody changes it
 * afterwards, but for the list of a first load, which grows part by part (ListByParts). A GUID is its company's and eight hex digits (docs/tally.md §4), which are kept as a number: a year of them
 * is small.
 */
export class VoucherList {
  /** Vouchers of any kind. */
  vouchers = 0;
  /** Invoices that the warehouse has as they are. */
  unchanged = 0;
  /** The highest ALTERID of the vouchers of any kind; 0: none was told. */
  highestAlterId = 0;
  readonly #vouchersOfDay = new VouchersOfDays();
  /** GUIDs of vouchers of any kind that are not the company's GUID and eight hex digits. */
  readonly #foreign = new Set<string>();
  // The rows of a day stand together.
  readonly #dayOf = repeated(dayNumber);
  readonly #dateOfDay = repeated(dateOfDay);
  readonly #positions = new Map<number | string, number>();
  readonly #keys: (number | string)[] = [];
  readonly #days: number[] = [];
  readonly #alterIds: number[] = [];
  readonly #isUnchanged: boolean[] = [];

  constructor(
    readonly companyId: string,
    readonly range: DateRange,
    /** Tally's high-water mark of ALTERIDs when it was asked: an empty list has none of its own. */
    readonly counter = 0,
  ) {}

  /** Invoices of the range. */
  get invoices(): number {
    return this.#keys.length;
  }

  /** Lists a voucher; once, however often Tally names it. */
  put(voucher: ListedVoucher, isInvoice: boolean): void {
    if (this.positionOf(voucher.guid) !== undefined) return;
    this.count(voucher);
    if (isInvoice) this.add(voucher);
  }

  /** Counts a voucher of any kind. */
  count({ guid, date, alterId }: ListedVoucher): void {
    if (typeof this.keyOf(guid) === 'string') this.#foreign.add(guid);
    this.#countDay(this.#dayOf(date), 1);
    if (alterId !== undefined && alterId > this.highestAlterId) this.highestAlterId = alterId;
  }

  /** Counts the vouchers of a day at once. */
  countDay(date: CalendarDate, vouchers: number, highestAlterId: number): void {
    this.#countDay(dayNumber(date), vouchers);
    this.highestAlterId = Math.max(this.highestAlterId, highestAlterId);
  }

  /** Counts what another list of the company has counted. */
  addCounts(other: VoucherList): void {
    for (const { date, count } of other.#vouchersOfDay.days(other.range)) this.#countDay(dayNumber(date), count);
    this.highestAlterId = Math.max(this.highestAlterId, other.highestAlterId);
    for (const guid of other.#foreign) this.#foreign.add(guid);
  }

  /** Lists a voucher whose day has been counted; once, however often Tally names it. */
  putCounted(voucher: ListedVoucher, isInvoice: boolean): void {
    if (this.positionOf(voucher.guid) !== undefined) return;
    if (typeof this.keyOf(voucher.guid) === 'string') this.#foreign.add(voucher.guid);
    if (isInvoice) this.add(voucher);
  }

  /** Notes a GUID that is not the company's. */
  addForeign(guid: string): void {
    this.#foreign.add(guid);
  }

  /** Adds an invoice that has been counted. */
  add({ guid, date, alterId }: ListedVoucher, isUnchanged = false): void {
    this.#append(this.keyOf(guid), this.#dayOf(date), alterId ?? NaN, isUnchanged);
  }

  /** The warehouse has all invoices as they are but these. */
  markUnchangedExcept(changed: ReadonlySet<string>): void {
    for (let at = 0; at < this.#keys.length; at++) {
      if (this.#isUnchanged[at] || changed.has(this.guidAt(at))) continue;
      this.#isUnchanged[at] = true;
      this.unchanged++;
    }
  }

  /** A list of a part of the range, with the vouchers that are counted here and no invoice yet. */
  emptyPart(range: DateRange): VoucherList {
    const part = new VoucherList(this.companyId, range, this.counter);
    for (const { date, count } of this.#vouchersOfDay.days(range)) part.#countDay(dayNumber(date), count);
    part.inheritFrom(this);
    return part;
  }

  /** Takes from the whole list what holds for each part of it: the highest ALTERID, and the GUIDs that are not the company's. */
  inheritFrom(whole: VoucherList): void {
    this.highestAlterId = whole.highestAlterId;
    for (const guid of whole.#foreign) this.#foreign.add(guid);
  }

  /** Vouchers of any kind that Tally lists in a range. */
  countVouchers(range: DateRange): number {
    return this.#vouchersOfDay.of(range);
  }

  /** Whether Tally lists this voucher, of whatever kind, as one of the company though its GUID is another's. */
  listsForeign(guid: string): boolean {
    return this.#foreign.has(guid);
  }

  /** The place of an invoice in the list, from 0; undefined: it is not listed. */
  positionOf(guid: string): number | undefined {
    return this.positionAt(this.keyOf(guid));
  }

  /** The same by keyOf. */
  positionAt(key: number | string): number | undefined {
    return this.#positions.get(key);
  }

  dayAt = (at: number): number => this.#days[at]!;
  dateAt = (at: number): CalendarDate => this.#dateOfDay(this.#days[at]!);
  /** NaN: none was told. */
  alterIdAt = (at: number): number => this.#alterIds[at]!;
  isUnchangedAt = (at: number): boolean => this.#isUnchanged[at]!;
  guidAt(at: number): string {
    const key = this.#keys[at]!;
    return typeof key === 'string' ? key : `${this.companyId}-${key.toString(16).padStart(8, '0')}`;
  }

  #append(key: number | string, day: number, alterId: number, isUnchanged: boolean): void {
    this.#positions.set(key, this.#keys.length);
    this.#keys.push(key);
    this.#days.push(day);
    this.#alterIds.push(alterId);
    this.#isUnchanged.push(isUnchanged);
    if (isUnchanged) this.unchanged++;
  }

  #countDay(day: number, vouchers: number): void {
    this.vouchers += vouchers;
    this.#vouchersOfDay.add(day, vouchers);
  }

  /** A GUID as it is kept: of the company's own the number alone. */
  keyOf(guid: string): number | string {
    const prefix = this.companyId.length;
    const hex = guid.slice(prefix + 1);
    return guid.startsWith(this.companyId) && guid[prefix] === '-' && /^[0-9a-f]{8}$/.test(hex)
      ? Number.parseInt(hex, 16)
      : guid;
  }
}
