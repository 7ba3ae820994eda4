import {
  addDays,
  dayNumber,
  earlier,
  monthEnd,
  today,
  type CalendarDate,
  type DateRange,
} from '../../../base/calendar.js';
import { asEtlError } from '../../../base/errors.js';
import { formatCountOf, formatSpan } from '../../../base/format.js';
import { DigestSum, type DayDigests } from '../../../tally/requests/dayDigests.js';
import type { IndexedVoucher } from '../../../tally/requests/readVoucherIndex.js';
import type { VoucherLists } from '../../../tally/requests/voucherLists.js';
import type { SeenVouchers } from '../../../warehouse/load/seenVouchers.js';
import { sourceOf } from '../../books/knownBooks.js';
import { partUnproven } from '../prove/notCovered.js';
import { partsOf, yearsOf } from '../chunks.js';
import type { Run } from '../run.js';
import { daysThatDiffer, followsDates, isWrong, lacks, right, verdictOfDigests } from './digests.js';
import { tryOnce } from './tryOnce.js';
import { kindsOf } from './kindsOf.js';
import { VoucherList } from './voucherList.js';

/** The most vouchers for one request (docs/tally.md §2, "Busy, slow, hanging"). A range with fewer is listed by one request. */
const worthParts = 5_000;

/**
 * Tally's list of a range that was never loaded, built while the run reads. Reason: a separate list of ids takes Tally
 * nearly as long as sending all fields of the invoices. Tally's digests (the number of vouchers and the sums of ids of
 * each day) are requested first. The vouchers that Tally's collection (chosen fields of all vouchers) sends for a part
 * are the part's list, if they add up to these digests. Otherwise ids are requested.
 */
export class ListByParts {
  /**
   * The digests of some days have changed since the list was begun. If a voucher was re-dated into a part that had been read,
   * it was not read.
   */
  hasChanged = false;
  #listedTo: CalendarDate;

  private constructor(
    private readonly run: Run,
    private readonly lists: VoucherLists,
    private readonly seen: SeenVouchers,
    readonly list: VoucherList,
    private readonly digests: DayDigests,
    listed: DateRange,
  ) {
    this.#listedTo = listed.to;
  }

  /**
   * Lists the first month by ids, and continues if these rows add up to Tally's digests. Undefined if they do not, if
   * the range is short or has few vouchers, or if the run must read reports, writes nothing or goes day by day. The
   * whole list is then requested.
   */
  static async begin(run: Run, seen: SeenVouchers): Promise<ListByParts | undefined> {
    const { books, mode, range, dayByDay, collection, context } = run;
    const { lists, company } = books;
    const first = { from: range.from, to: earlier(monthEnd(range.from), range.to) };
    const isLong = first.to < range.to;
    // `collection` is absent if the user chose the report, or if the run removes rows. A run that writes nothing may lack it
    // too.
    if (lists === undefined || collection === undefined || collection.isOff) return undefined;
    if (!mode.writes || dayByDay || !isLong) return undefined;
    const ofFirst = await digestsOfFirst(run, first, lists, seen);
    if (ofFirst === undefined || vouchersIn(ofFirst) * (lengthOf(range) / lengthOf(first)) < worthParts)
      return undefined;
    const digests: DayDigests = new Map();
    const list = new VoucherList(company.id, range, company.voucherCounter);
    const parts = new ListByParts(run, lists, seen, list, digests, first);
    for (const year of yearsOf(range)) {
      const ofYear = await lists.digests(year);
      if (ofYear === undefined) return undefined;
      for (const [date, digest] of ofYear) if (date >= year.from && date <= year.to) digests.set(date, digest);
    }
    for (const [date, { vouchers, highestAlterId }] of digests) list.countDay(date, vouchers, highestAlterId);
    const sum = await parts.#listIds(first).catch(ignoreNotOpen);
    if (sum === undefined || (await parts.#differing(first, sum, true)).length > 0) {
      context.logger.debug(
        `Tally's digests of ${first.from} to ${first.to} are other than its list: it is asked for whole`,
      );
      await seen.clear();
      return undefined;
    }
    await parts.#remember(first);
    seen.digestsAreRight = true;
    // Remembered at once, so that the next run can use digests if this load breaks off.
    if (!followsDates(run)) await seen.rememberDigests(company.name, right, today());
    context.logger.info(
      `Tally has ${formatCountOf(list.vouchers, 'voucher')} of ${formatSpan(range.from, range.to)}: they are listed while they are read`,
    );
    return parts;
  }

  /** Whether a part is completely in the list. Parts are listed in order. */
  isListed(part: DateRange): boolean {
    return part.to <= this.#listedTo;
  }

  /** The fraction of the range's vouchers that is listed, from 0 to 1. */
  get fraction(): number {
    const { range, vouchers } = this.list;
    return vouchers === 0 ? 1 : this.list.countVouchers({ from: range.from, to: this.#listedTo }) / vouchers;
  }

  /**
   * The expected number of vouchers of a part that the run loads, by their share in the days that are already listed.
   */
  expectedInvoices(part: DateRange): number {
    const { range, length } = this.list;
    const listed = this.list.countVouchers({ from: range.from, to: this.#listedTo });
    return listed === 0 ? 0 : this.list.countVouchers(part) * (length / listed);
  }

  /**
   * Lists a part by the vouchers that the collection sent for it. Returns false, without listing, if they do not add up to
   * Tally's digests.
   */
  async addCollected(part: DateRange, vouchers: readonly (IndexedVoucher | undefined)[]): Promise<boolean> {
    const sum = new DigestSum();
    const ofPart: IndexedVoucher[] = [];
    for (const voucher of vouchers) {
      if (voucher === undefined) return false;
      if (voucher.date < part.from || voucher.date > part.to) continue;
      sum.add(voucher.date, voucher.alterId, voucher.masterId);
      ofPart.push(voucher);
    }
    if ((await this.#differing(part, sum.days, false)).length > 0) {
      this.run.context.logger.debug(`The collection of ${part.from} to ${part.to} does not add up to Tally's digests`);
      return false;
    }
    await this.#take(ofPart);
    await this.#remember(part);
    return true;
  }

  /** Lists a part by ids. Throws `range-not-covered` if nothing proves that this list is whole. */
  async addIds(part: DateRange): Promise<void> {
    const { books, context } = this.run;
    for (const year of yearsOf(part)) {
      const sum = await this.#listIds(year);
      if (sum === undefined) throw partUnproven(year, books.reports);
      const differ = await this.#differing(year, sum, true);
      const last = differ.at(-1); // a list that was cut lacks its end
      if (last !== undefined && (await lacks(this.lists, last, sum.get(last), books.company.voucherCounter))) {
        context.logger.warn(
          `Tally's list of ${formatSpan(year.from, year.to)} has other vouchers of ${last} than its list of that day`,
        );
        throw partUnproven(year, books.reports);
      }
      // Rows that do not add up to Tally's digests are not remembered, so that the next sync lists these days.
      if (last === undefined) await this.#remember(year);
      else {
        this.hasChanged = true;
        this.seen.digestsAreRight = false;
        await this.seen.clear();
      }
    }
    this.#listedTo = part.to;
  }

  /** Lists by ids all parts that are not listed yet. */
  async addRest(): Promise<void> {
    const { to } = this.list.range;
    const from = addDays(this.#listedTo, 1);
    for (const part of partsOf({ from, to }, this.list)) await this.addIds(part);
  }

  /** Lists a part by ids. Returns the digests of its rows; undefined if the rows prove nothing. */
  async #listIds(part: DateRange): Promise<DayDigests | undefined> {
    const sum = new DigestSum();
    const { isWhole } = await this.lists.list(part, async (vouchers) => {
      const ofPart = vouchers.filter(({ date }) => date >= part.from && date <= part.to);
      for (const { date, alterId, masterId } of ofPart) sum.add(date, alterId, masterId);
      await this.#take(ofPart);
    });
    return isWhole ? sum.days : undefined;
  }

  /**
   * The days of a part that do not add up to Tally's digests. If there are any, the digests are requested again, because
   * somebody may have worked in Tally since the run began. Fewer vouchers than before are accepted only for a list of ids.
   * Reason: a closed company has neither vouchers nor digests (docs/tally.md §2), and only the request for ids detects that.
   */
  async #differing(part: DateRange, listed: DayDigests, isOfIds: boolean): Promise<CalendarDate[]> {
    const differ = daysThatDiffer(part, this.digests, listed);
    if (differ.length === 0) return [];
    const now = await this.lists.digests(part);
    const isLess = differ.some((day) => vouchersOf(now, day) < vouchersOf(this.digests, day));
    if (now === undefined || (isLess && !isOfIds)) return differ;
    const differNow = daysThatDiffer(part, now, listed);
    this.hasChanged ||= differNow.length < differ.length;
    return differNow;
  }

  async #take(vouchers: IndexedVoucher[]): Promise<void> {
    const kindOf = kindsOf(this.run);
    await this.seen.add(vouchers);
    for (const voucher of vouchers) if (!voucher.isDeleted) this.list.putCounted(voucher, kindOf(voucher));
  }

  async #remember(part: DateRange): Promise<void> {
    await this.seen.rememberNew(part);
    await this.seen.clear();
    if (part.to > this.#listedTo) this.#listedTo = part.to;
  }
}

/**
 * Ignores `company-not-open` for a list of some months: its vouchers may all have been imported, and then look like another
 * company's (docs/tally.md §4). The longer list that is requested next shows whether the company is open.
 */
export function ignoreNotOpen(error: unknown): undefined {
  if (asEtlError(error).code !== 'company-not-open') throw error;
}

const lengthOf = ({ from, to }: DateRange): number => dayNumber(to) - dayNumber(from) + 1;
const vouchersOf = (digests: DayDigests | undefined, day: CalendarDate): number => digests?.get(day)?.vouchers ?? 0;
const vouchersIn = (digests: DayDigests): number =>
  [...digests.values()].reduce((sum, { vouchers }) => sum + vouchers, 0);

/** Tally's digests of the first month; undefined if this Tally does not give digests. */
async function digestsOfFirst(
  run: Run,
  first: DateRange,
  lists: VoucherLists,
  seen: SeenVouchers,
): Promise<DayDigests | undefined> {
  if (isWrong(sourceOf(run.books, run.sources))) return undefined;
  return tryOnce(verdictOfDigests(run, seen), () => lists.digests(first));
}
