import { addDays, daysOf, later, today, type CalendarDate, type DateRange } from '../../../base/calendar.js';
import { formatCountOf, formatSpan } from '../../../base/format.js';
import {
  digestRequestVersion,
  DigestSum,
  isSameDigest,
  type DayDigest,
  type DayDigests,
} from '../../../tally/requests/dayDigests.js';
import type { IndexedVoucher } from '../../../tally/requests/readVoucherIndex.js';
import type { VoucherLists } from '../../../tally/requests/voucherLists.js';
import type { SeenVouchers } from '../../../warehouse/load/seenVouchers.js';
import type { KnownSource } from '../../../warehouse/records/sources.js';
import { sourceOf } from '../../books/knownBooks.js';
import type { Run } from '../run.js';
import { readAltered } from './readAltered.js';
import { tryOnce, type Verdict } from './tryOnce.js';

/**
 * Tally's digests of a year. The digest of a day is the number of its vouchers and the sums of their ids. `listed` has the days
 * whose vouchers this run has staged: listed by Tally, or composed of remembered and altered vouchers. For all other days the
 * remembered vouchers are valid.
 */
export interface Digested {
  digests: DayDigests;
  listed: CalendarDate[];
}

export const right = `right ${digestRequestVersion}`;
export const wrong = `wrong ${digestRequestVersion}`;

/**
 * Whether a run may use digests, Tally's counters and the collection. Not for files, nor if the user has set a report: such a
 * run requests whole lists.
 */
export const asksForLittle = ({ books, context }: Pick<Run, 'books' | 'context'>): boolean =>
  !books.isFile && context.config.report === 'auto';

/**
 * After so many days whole lists are requested once more. They show what digests cannot show (docs/tally.md §4):
 *
 * - digests that have become wrong,
 * - a voucher number that changed while the ALTERID (Tally's counter value of a voucher's last change) stayed the same,
 * - another voucher with the same ids after a restored backup.
 */
const trustedDays = 7;

/** Whether digests may be used: they were found right for this company within `trustedDays`, and the user has set no report. */
export function areRight(run: Run): boolean {
  const known = sourceOf(run.books, run.sources);
  if (!asksForLittle(run)) return false;
  if (known?.digests !== right || known.digestsOn === null) return false;
  return known.digestsOn <= today() && known.digestsOn > addDays(today(), -trustedDays);
}

/**
 * Whether this company's digests were last found right, however long ago, and the user has set no report. If they are right,
 * this Tally honours the dates of a request.
 */
export const followsDates = (run: Run): boolean =>
  asksForLittle(run) && sourceOf(run.books, run.sources)?.digests === right;

/**
 * Days are listed in windows: one request for several days. Two days share a window if at most so many vouchers lie between
 * them.
 */
const bridgedVouchers = 200;
/** The most vouchers for a window of several days (docs/tally.md §2, "Busy, slow, hanging"). */
const windowVouchers = 5_000;
/**
 * Listing a voucher takes Tally seven times as long as scanning it (docs/tally.md §2, "Busy, slow, hanging"). A request for
 * altered vouchers scans the whole range. So that request is cheaper if more than this share of the range would be listed.
 */
const walkedPerListed = 1 / 7;
/** Days of the run's own range that lie at most so many days before its end are always listed, even if their digests match. */
const ownDays = 31;
/** The most windows for a year. With more windows one list of the whole year costs no more. */
const mostWindows = 24;

/**
 * Builds the list of a range within one year without requesting all of it. If Tally's digest of a day equals that of
 * the remembered vouchers, these are the day's list. The other days and the run's own days are listed, into `seen`, and
 * their rows must add up to Tally's digests too. If that fails, or would cost as much as the whole list, the result has
 * no `listed`. The result is undefined if digests may not be used, or if Tally gives none for the range. In all these
 * cases the caller must request the whole list.
 */
export async function listByDigests(
  run: Run,
  range: DateRange,
  seen: SeenVouchers,
): Promise<Digested | Pick<Digested, 'digests'> | undefined> {
  const { lists } = run.books;
  if (lists === undefined || !areRight(run)) return undefined;
  const { logger } = run.context;
  const digests = await lists.digests(range);
  // An answer without a day of the range proves nothing: for a closed company it is empty too (docs/tally.md §2).
  if (digests === undefined || ![...digests.keys()].some((day) => day >= range.from && day <= range.to))
    return undefined;
  // The run's own days are always listed. A new day is not remembered yet, and would look empty if the answer with the digests
  // was cut. These lists also show types and numbers, which digests do not. In a long range this applies only to the last
  // days (`ownDays`), and to days after the last digest.
  const lastDay = [...digests.keys()].reduce(later);
  const since = addDays(run.range.to, -ownDays);
  const own = [...daysOf(run.range)].filter(
    (day) => day >= range.from && day <= range.to && (day > lastDay || day >= since),
  );
  const differ = [...new Set([...(await seen.daysThatDiffer(range, digests)), ...own])].sort();
  await seen.clear();
  const listing = new Listing(run, lists, seen, range, digests);
  const isListed =
    (await listing.addChanged(differ, own)) &&
    (await listing.add(await seen.daysRenumbered(range, listing.days, listing.listedDays)));
  logger.debug(
    `Digests of ${formatSpan(range.from, range.to)}: ` +
      `${formatCountOf(differ.length, 'day')} to list (changed, or among the last of the run), ` +
      (isListed
        ? `${formatCountOf(listing.days.length, 'day')} listed or composed`
        : 'but the whole list is requested instead'),
  );
  return { digests: listing.digests, ...(isListed && { listed: listing.days }) };
}

/** Lists days, in windows of days that are close together, and compares the rows with the digests. */
class Listing {
  readonly days: CalendarDate[] = [];
  /** Days that were composed from remembered and altered vouchers, without requesting their list. */
  readonly #composed = new Set<CalendarDate>();
  #asked = 0;
  #isFresh = false;

  constructor(
    private readonly run: Run,
    private readonly lists: VoucherLists,
    private readonly seen: SeenVouchers,
    private readonly range: DateRange,
    public digests: DayDigests,
  ) {}

  /**
   * As `add`. But if listing the days would cost more than scanning the range, only altered vouchers are requested. The days in
   * `own` are listed in any case.
   */
  async addChanged(days: CalendarDate[], own: CalendarDate[]): Promise<boolean> {
    const others = days.filter((day) => !own.includes(day));
    const windows = [...this.#windowsOf(others)];
    const isCheap =
      windows.length <= mostWindows && this.#countOf(windows) <= this.#vouchersOf(this.range) * walkedPerListed;
    if (isCheap || !(await this.#addAltered(others))) return this.add(days);
    return this.add([...own, ...(await this.#dropWrong(others))].sort());
  }

  /**
   * Composes days from their remembered vouchers and the vouchers altered since. Tally gives each alteration an ALTERID
   * above all earlier ones (docs/tally.md §4). A deletion shows only in the digests. If the altered vouchers are few,
   * they come whole and need not be read later (readAltered). False if no ALTERID is remembered, or if Tally does not
   * answer the request.
   */
  async #addAltered(days: CalendarDate[]): Promise<boolean> {
    const after = await this.seen.highestAlterId(this.range);
    if (after === undefined) return false;
    const { from, to } = this.range;
    const take = async (vouchers: IndexedVoucher[]): Promise<void> => {
      await this.seen.add(
        vouchers.filter(
          ({ date, alterId }) => date >= from && date <= to && (alterId === undefined || alterId > after),
        ),
      );
    };
    const ways = [
      () => readAltered(this.run, this.range, after, this.seen, take),
      () => this.lists.altered(this.range, after, take),
    ];
    for (const ask of ways) {
      if (await ask()) {
        await this.seen.addRemembered(days);
        return true;
      }
      await this.seen.clear();
    }
    return false;
  }

  /** Accepts the composed days that add up to the digests, and returns the other days. */
  async #dropWrong(days: CalendarDate[]): Promise<CalendarDate[]> {
    const wrongDays = await this.seen.addedThatDiffer(days, this.digests);
    for (const day of days) {
      if (wrongDays.includes(day)) continue;
      this.days.push(day);
      this.#composed.add(day);
    }
    return wrongDays;
  }

  get listedDays(): CalendarDate[] {
    return this.days.filter((day) => !this.#composed.has(day));
  }

  /**
   * Lists days. False if a list is not proven whole or does not add up to the digests, or if the whole list would cost no
   * more.
   */
  async add(days: CalendarDate[]): Promise<boolean> {
    if (days.length === 0) return true;
    const windows = [...this.#windowsOf(days)];
    this.#asked += windows.length;
    if (this.#asked > mostWindows || this.#countOf(windows) * 2 > this.#vouchersOf(this.range)) return false;
    const added = windows.flatMap((window) => [...daysOf(window)]);
    await this.seen.drop(added);
    for (const day of added) this.#composed.delete(day);
    const sum = new DigestSum();
    for (const window of windows) {
      const { isWhole } = await this.lists.list(
        window,
        async (vouchers) => {
          const ofWindow = vouchers.filter(({ date }) => date >= window.from && date <= window.to);
          for (const { date, alterId, masterId } of ofWindow) sum.add(date, alterId, masterId);
          await this.seen.add(ofWindow);
        },
        true,
      );
      if (!isWhole) return false;
    }
    this.days.push(...added.filter((day) => !this.days.includes(day)));
    return this.#addsUp(added, sum.days) || (await this.#addsUpNow());
  }

  #addsUp(days: CalendarDate[], listed: DayDigests): boolean {
    return days.every((day) => isSameDigest(this.digests.get(day), listed.get(day)));
  }

  /**
   * Whether all listed days add up to new digests. The digests are requested again because somebody may have worked in
   * Tally between the digests and the list. This happens only once: later calls return false.
   */
  async #addsUpNow(): Promise<boolean> {
    if (this.#isFresh) return false;
    this.#isFresh = true;
    const now = await this.lists.digests(this.range);
    if (now === undefined) return false;
    this.digests = now;
    const differ = await this.seen.daysThatDiffer(this.range, now);
    if (!differ.every((day) => this.days.includes(day))) return false;
    return (await this.seen.addedThatDiffer(this.days, now)).length === 0;
  }

  *#windowsOf(days: CalendarDate[]): Generator<DateRange> {
    let window: DateRange | undefined;
    for (const day of days) {
      const joined = window && { from: window.from, to: day };
      const between =
        joined && this.#vouchersOf(joined) - this.#vouchersOf(window!) - this.#vouchersOf({ from: day, to: day });
      if (joined && between! <= bridgedVouchers && this.#vouchersOf(joined) <= windowVouchers) window = joined;
      else {
        if (window) yield window;
        window = { from: day, to: day };
      }
    }
    if (window) yield window;
  }

  #countOf = (windows: DateRange[]): number => windows.reduce((sum, window) => sum + this.#vouchersOf(window), 0);

  #vouchersOf({ from, to }: DateRange): number {
    let sum = 0;
    for (const [date, { vouchers }] of this.digests) if (date >= from && date <= to) sum += vouchers;
    return sum;
  }
}

/**
 * Compares Tally's digests with a list that looked whole: first for one day, then for all days of the range. `listed` has the
 * digests of the listed rows. At the end of a sync rememberVerdict remembers the result for all years. Returns false if the
 * list lacks vouchers: a long list can stop in the middle and look complete (docs/tally.md §2).
 */
export async function tryDigests(run: Run, range: DateRange, listed: DayDigests, seen: SeenVouchers): Promise<boolean> {
  const { lists, company } = run.books;
  if (lists === undefined || !asksForLittle(run) || isWrong(sourceOf(run.books, run.sources))) return true;
  const [first] = [...listed].sort(([, one], [, other]) => one.vouchers - other.vouchers);
  if (first === undefined) return true;
  const [date] = first;
  const told = await tryOnce(verdictOfDigests(run, seen), async () => {
    const ofDay = await lists.digests({ from: date, to: date });
    if (!isSameDigest(ofDay?.get(date), listed.get(date))) return ofDay && { differs: date };
    const ofAll = await lists.digests(range);
    // The last day that differs, because a list that was cut lacks its end.
    return ofAll && { differs: daysThatDiffer(range, ofAll, listed).at(-1) };
  });
  if (told === undefined) {
    // This Tally does not give digests, or not in time. tryOnce has remembered that; the results of other years must not
    // overwrite it.
    seen.digestsAreRight = undefined;
    return true;
  }
  const { differs } = told;
  if (differs !== undefined && (await lacks(lists, differs, listed.get(differs), company.voucherCounter))) {
    run.context.logger.warn(
      `Tally's list of ${formatSpan(range.from, range.to)} lacks vouchers of ${differs} that its list of that day alone has`,
    );
    seen.digestsAreRight = undefined;
    return false;
  }
  seen.digestsAreRight = differs === undefined && seen.digestsAreRight !== false;
  if (differs !== undefined) run.context.logger.debug(`Tally's digest of ${differs} differs from that of its list`);
  return true;
}

/** The remembered verdict on Tally's digests, for `tryOnce`. */
export function verdictOfDigests({ books, sources }: Run, seen: SeenVouchers): Verdict {
  const known = sourceOf(books, sources);
  const remember: Verdict['remember'] = (verdict, on) => seen.rememberDigests(books.company.name, verdict, on);
  return { known: known?.digests ?? null, on: known?.digestsOn ?? null, wrong, remember };
}

/** The days of a range whose listed rows do not add up to Tally's digests, oldest first. */
export const daysThatDiffer = (range: DateRange, digests: DayDigests, listed: DayDigests): CalendarDate[] =>
  [...daysOf(range)].filter((day) => !isSameDigest(digests.get(day), listed.get(day)));

/**
 * Whether a long list lacks vouchers of a day: Tally's list of that day alone has more of them. Vouchers whose ALTERID is above
 * Tally's counter at the beginning of the run do not count: they were made or altered since, and prove nothing.
 */
export async function lacks(
  lists: VoucherLists,
  day: CalendarDate,
  listed: DayDigest | undefined,
  counter = Infinity,
): Promise<boolean> {
  const older = new Set<string>();
  await lists.list(
    { from: day, to: day },
    (vouchers) => {
      for (const { date, guid, alterId = 0 } of vouchers) if (date === day && alterId <= counter) older.add(guid);
    },
    true,
  );
  return older.size > (listed?.vouchers ?? 0);
}

/**
 * Remembers at the end of a sync whether Tally's digests equalled every list that the sync got. A difference proves nothing,
 * because somebody may have worked in Tally in between: the next sync tries again. A backfill (`isOfAll` false) sees only its
 * own range, so it does not renew the day of an earlier verdict on all years.
 */
export async function rememberVerdict(run: Run, seen: SeenVouchers, isOfAll = true): Promise<void> {
  const { books, context } = run;
  if (seen.digestsAreRight === undefined) return;
  if (seen.digestsAreRight && !isOfAll && followsDates(run)) return;
  if (seen.digestsAreRight)
    context.logger.info("Tally's daily sums match its lists: the next syncs list only changed days");
  await seen.rememberDigests(books.company.name, seen.digestsAreRight ? right : null, today());
}

/** Whether digests were found wrong within the last 30 days. */
export const isWrong = (known: KnownSource | undefined): boolean =>
  known?.digests === wrong && known.digestsOn !== null && known.digestsOn > addDays(today(), -30);
