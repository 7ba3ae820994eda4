import { dateOfDay, dayNumber, type CalendarDate, type DateRange } from '../../../base/calendar.js';
import type { IndexedVoucher } from '../../../tally/requests/readVoucherIndex.js';
import { repeated } from '../../../tally/xml/repeated.js';
import type { LoadedInvoice } from '../../../warehouse/records/loadedDays.js';

/** Invoices of a day that Tally lists and no report brought. */
export interface Hole {
  date: CalendarDate;
  invoices: number;
}

/** An invoice that Tally lists and that was not read in this run: loaded before and unchanged since, or a hole. */
export interface UnreadInvoice {
  invoiceId: string;
  date: CalendarDate;
  unchanged: boolean;
}

/** What the index keeps of a row of Tally's list. */
export type ListedVoucher = Omit<IndexedVoucher, 'isDeleted'>;

/** What the warehouse has of an invoice; of one that could not be read it knows neither type nor number for certain. */
export type KnownInvoice = Pick<LoadedInvoice, 'invoiceId' | 'alterId' | 'date'> & Partial<LoadedInvoice>;

const AWAITED = 0;
const UNCHANGED = 1;
const GONE = 2;
/** Plus the number of the answer that brought it. */
const READ = 3;

/**
 * What Tally lists of a range (the voucher index) and what has become of each invoice in this run. Where Tally offers no
 * index it only remembers what was read, so that a second report brings nothing twice. Some 80 bytes an
 * invoice: a GUID is its company's and eight hex digits (docs/tally.md §4), which are kept as a number.
 */
export class VoucherIndex {
  /** Vouchers of the range, of any kind. */
  vouchers = 0;
  /** Invoices of the range. */
  invoices = 0;
  unchanged = 0;
  /** Invoices that a report brought, listed or not. */
  read = 0;
  /** Invoices that a report brought and the index, though older, does not list: it is not complete itself. */
  unlisted = 0;
  #lastAlterId = 0;
  /** Of what was read: it may have been altered after it was listed, or is in no list. */
  #lastRead = 0;
  /** Tally lists numbers: a voucher listed without one has none. */
  #tellsNumbers = false;
  // The rows of a day stand together.
  readonly #dayOf = repeated(dayNumber);
  readonly #dateOfDay = repeated(dateOfDay);
  readonly #positions = new Map<number | string, number>();
  readonly #days: number[] = [];
  readonly #alterIds: number[] = [];
  readonly #types: string[] = [];
  readonly #numbers: string[] = [];
  readonly #states: number[] = [];
  /** Of any kind: those whose GUID is not the company's and a number. */
  readonly #foreign = new Set<string>();
  readonly #awaitedOfDay = new Map<number, number>();
  readonly #vouchersOfDay = new Map<number, number>();

  constructor(
    private readonly companyId: string,
    private readonly range: DateRange,
    /** Tally's high-water mark of ALTERIDs when it was asked: an empty list has none of its own. */
    private readonly counter = 0,
  ) {}

  /** Lists a voucher; once, however often Tally names it, and only of the range. */
  list({ guid, date, alterId, voucherType, voucherNumber }: ListedVoucher, isInvoice: boolean): void {
    if (date < this.range.from || date > this.range.to) return;
    const key = this.#keyOf(guid);
    if (typeof key === 'string') this.#foreign.add(guid);
    if (this.#positions.has(key)) return;
    const day = this.#dayOf(date);
    this.vouchers++;
    this.#vouchersOfDay.set(day, (this.#vouchersOfDay.get(day) ?? 0) + 1);
    if (alterId !== undefined && alterId > this.#lastAlterId) this.#lastAlterId = alterId;
    if (!isInvoice) return;
    this.invoices++;
    if (voucherNumber !== '') this.#tellsNumbers = true;
    this.#append(key, day, alterId, AWAITED, voucherType, voucherNumber);
    this.#await(day, 1);
  }

  /** The list of a part of its range, of which nothing has been read yet. */
  part(range: DateRange): VoucherIndex {
    const part = new VoucherIndex(this.companyId, range, this.counter);
    const [from, to] = [dayNumber(range.from), dayNumber(range.to)];
    for (const [day, vouchers] of this.#vouchersOfDay) {
      if (day < from || day > to) continue;
      part.#vouchersOfDay.set(day, vouchers);
      part.vouchers += vouchers;
    }
    for (const [key, at] of this.#positions) {
      const day = this.#days[at]!;
      if (!(day >= from && day <= to)) continue;
      part.#append(key, day, this.#alterIds[at], AWAITED, this.#types[at], this.#numbers[at]);
      part.#await(day, 1);
      part.invoices++;
    }
    for (const guid of this.#foreign) part.#foreign.add(guid);
    part.#lastAlterId = this.#lastAlterId;
    part.#tellsNumbers = this.#tellsNumbers;
    return part;
  }

  /**
   * The warehouse has this invoice so: if Tally lists it so too, it need not be read. An equal ALTERID alone shows nothing:
   * Auto Renumber changes numbers without it, and after a restored backup it may be another voucher's (docs/tally.md §4).
   */
  markLoaded({ invoiceId, alterId, date, voucherType, invoiceNumber }: KnownInvoice): void {
    const at = this.#positions.get(this.#keyOf(invoiceId));
    if (at === undefined || this.#states[at] !== AWAITED || this.#alterIds[at] !== alterId) return;
    if (this.#days[at] !== this.#dayOf(date)) return;
    if (voucherType !== undefined && this.#types[at] !== voucherType) return;
    if (invoiceNumber !== undefined && this.#tellsNumbers && this.#numbers[at] !== (invoiceNumber ?? '')) return;
    this.#states[at] = UNCHANGED;
    this.#await(this.#days[at], -1);
    this.unchanged++;
  }

  /** Whether the n-th answer should bring this invoice: not when it is unchanged, or an earlier answer brought it. */
  wants(guid: string, answer: number): boolean {
    const at = this.#positions.get(this.#keyOf(guid));
    const state = at === undefined ? AWAITED : this.#states[at]!;
    return state === AWAITED || state === GONE || state === READ + answer;
  }

  /**
   * The n-th answer brought this invoice. One under another date or ALTERID than listed, though not altered since, is
   * none that was awaited: its listed date stays a hole. `date` is undefined for one that could not be read.
   */
  markRead(guid: string, date: CalendarDate | undefined, alterId: number | undefined, answer: number): void {
    if (alterId !== undefined && alterId > this.#lastRead) this.#lastRead = alterId;
    const key = this.#keyOf(guid);
    const at = this.#positions.get(key);
    if (at === undefined) {
      this.read++;
      const existed = this.vouchers > 0 ? this.#lastAlterId : this.counter;
      if (alterId !== undefined && alterId <= existed) this.unlisted++;
      this.#append(key, NaN, alterId, READ + answer);
      return;
    }
    if (this.#states[at]! >= READ) return;
    const listed = this.#alterIds[at]!;
    // Tally counts alterations company-wide (docs/tally.md §4): one made after it listed is above all that it listed.
    const altered = alterId !== undefined && !Number.isNaN(listed) && alterId > this.#lastAlterId;
    const another = alterId !== undefined && !Number.isNaN(listed) && alterId !== listed && !altered;
    if (another || (date !== undefined && !altered && dayNumber(date) !== this.#days[at])) return;
    if (this.#states[at] === AWAITED) this.#await(this.#days[at]!, -1);
    this.#states[at] = READ + answer;
    this.read++;
  }

  /** Awaited invoices of a day that Tally does not list any more were deleted or re-dated while the run was reading. */
  forgetUnless(date: CalendarDate, listed: ReadonlySet<string>): void {
    const day = dayNumber(date);
    for (const [key, at] of this.#positions) {
      if (this.#days[at] !== day || this.#states[at] !== AWAITED || listed.has(this.#guidOf(key))) continue;
      this.#states[at] = GONE;
      this.#await(day, -1);
    }
  }

  /** The highest ALTERID of the vouchers, of any kind, that Tally listed or a report brought; undefined: none was told. */
  get highestAlterId(): number | undefined {
    return Math.max(this.#lastAlterId, this.#lastRead) || undefined;
  }

  /** Invoices of a range that are still to be read. */
  awaited(range: DateRange): number {
    return this.#sum(this.#awaitedOfDay, range);
  }

  /** Vouchers of any kind that Tally lists in a range. */
  countVouchers(range: DateRange): number {
    return this.#sum(this.#vouchersOfDay, range);
  }

  /** Whether Tally lists an invoice, under whatever date. */
  lists(guid: string): boolean {
    const at = this.#positions.get(this.#keyOf(guid));
    return at !== undefined && this.#states[at] !== GONE;
  }

  /** Whether Tally lists this voucher, of whatever kind, as one of the company though its GUID is another's. */
  listsForeign(guid: string): boolean {
    return this.#foreign.has(guid);
  }

  /** The date that Tally lists an invoice under. */
  dateOf(guid: string): CalendarDate | undefined {
    const at = this.#positions.get(this.#keyOf(guid)) ?? -1;
    const day = this.#days[at] ?? NaN;
    return Number.isNaN(day) || this.#states[at] === GONE ? undefined : this.#dateOfDay(day);
  }

  /** The days of a range on which invoices are still awaited, oldest first. */
  holes(range: DateRange = this.range): Hole[] {
    const [from, to] = [dayNumber(range.from), dayNumber(range.to)];
    return [...this.#awaitedOfDay]
      .filter(([day, invoices]) => invoices > 0 && day >= from && day <= to)
      .sort(([a], [b]) => a - b)
      .map(([day, invoices]) => ({ date: dateOfDay(day), invoices }));
  }

  /** What Tally lists in a range and was not read in this run; on request without what is known to be unchanged. */
  *unread(range: DateRange, { changedOnly = false } = {}): Generator<UnreadInvoice> {
    const [from, to] = [dayNumber(range.from), dayNumber(range.to)];
    for (const [key, at] of this.#positions) {
      const day = this.#days[at]!;
      const state = this.#states[at]!;
      if (state > (changedOnly ? AWAITED : UNCHANGED) || !(day >= from && day <= to)) continue;
      yield { invoiceId: this.#guidOf(key), date: this.#dateOfDay(day), unchanged: state === UNCHANGED };
    }
  }

  #append(
    key: number | string,
    day: number,
    alterId: number | undefined,
    state: number,
    voucherType = '',
    voucherNumber = '',
  ): void {
    this.#positions.set(key, this.#states.length);
    this.#days.push(day);
    this.#alterIds.push(alterId ?? NaN);
    this.#states.push(state);
    this.#types.push(voucherType);
    this.#numbers.push(voucherNumber);
  }

  #await(day: number, count: number): void {
    this.#awaitedOfDay.set(day, (this.#awaitedOfDay.get(day) ?? 0) + count);
  }

  #sum(ofDays: Map<number, number>, range: DateRange): number {
    const [from, to] = [dayNumber(range.from), dayNumber(range.to)];
    let sum = 0;
    if (to - from < ofDays.size) for (let day = from; day <= to; day++) sum += ofDays.get(day) ?? 0;
    else for (const [day, count] of ofDays) if (day >= from && day <= to) sum += count;
    return sum;
  }

  #keyOf(guid: string): number | string {
    const prefix = this.companyId.length;
    const hex = guid.slice(prefix + 1);
    return guid.startsWith(this.companyId) && guid[prefix] === '-' && /^[0-9a-f]{8}$/.test(hex)
      ? Number.parseInt(hex, 16)
      : guid;
  }

  #guidOf = (key: number | string): string =>
    typeof key === 'string' ? key : `${this.companyId}-${key.toString(16).padStart(8, '0')}`;
}
