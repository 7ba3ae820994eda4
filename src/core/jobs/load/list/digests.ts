import { addDays, daysOf, later, today, type CalendarDate, type DateRange } from '../../../base/calendar.js';
import { formatCountOf, formatSpan } from '../../../base/format.js';
import {
  digestRequestVersion,
  DigestSum,
  isSameDigest,
  type DayDigest,
  type DayDigests,
} from '../../../tally/requests/dayDigests.js';
import type { VoucherLists } from '../../../tally/requests/voucherLists.js';
import type { SeenVouchers } from '../../../warehouse/load/seenVouchers.js';
import type { KnownSource } from '../../../warehouse/records/sources.js';
import { sourceOf } from '../../books/knownBooks.js';
import type { Run } from '../run.js';
import { tryOnce, type Verdict } from './tryOnce.js';

/** Tally's digests of a year, and the days of which the list was asked for: all others have what is remembered. */
export interface Digested {
  digests: DayDigests;
  listed: CalendarDate[];
}

export const right = `right ${digestRequestVersion}`;
export const wrong = `wrong ${digestRequestVersion}`;

/** Whether a sync may ask by digests and counters. A report that is set makes it ask for whole lists. */
export const asksForLittle = ({ books, context }: Pick<Run, 'books' | 'context'>): boolean =>
  !books.isFile && context.config.report === 'auto';

/**
 * After so many days whole lists are asked for once more. They show what digests cannot: digests that have become wrong, a number
 * that changed under the same ALTERID, another voucher under the same ids after a restored backup (docs/tally.md §4).
 */
const trustedDays = 7;

/** Whether digests were found right for this company within the last days, and may be asked for. */
export function areRight(run: Run): boolean {
  const known = sourceOf(run.books, run.sources);
  if (!asksForLittle(run)) return false;
  if (known?.digests !== right || known.digestsOn === null) return false;
  return known.digestsOn <= today() && known.digestsOn > addDays(today(), -trustedDays);
}

/** Digests of this company were right at some time, and may be asked for: Tally looks at the dates that it is given. */
export const followsDates = (run: Run): boolean =>
  asksForLittle(run) && sourceOf(run.books, run.sources)?.digests === right;

/** So many vouchers are listed along with changed days, rather than by another request. */
const bridgedVouchers = 200;
/** As many as one request may ask for (docs/tally.md §2, "Busy, slow, hanging"). */
const windowVouchers = 5_000;
/** Listing one voucher takes Tally as long as walking over seven (docs/tally.md §2, "Busy, slow, hanging"). */
const walkedPerListed = 1 / 7;
/** So many of the days that a sync loads are listed, whatever their digests say. */
const ownDays = 31;
/** Where more has to be listed, one list of the whole year costs no more. */
const mostWindows = 24;

/**
 * The list of a range within one year, without asking for it: where Tally's digest of a day equals that of the vouchers that are
 * remembered, these are its list. Only the other days are listed, into `seen`, and these rows must add up to Tally's digests too.
 * Without `listed` where that does not succeed, and undefined where digests were not found right for this company: the whole list
 * has to be asked for.
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
  // An answer without a day of the range proves nothing: that of a company that has been closed is empty too (docs/tally.md §2).
  if (digests === undefined || ![...digests.keys()].some((day) => day >= range.from && day <= range.to))
    return undefined;
  // The days that the run itself loads are listed in any case: a new one is not remembered, and would count as empty where an answer
  // was cut. Their list also shows types and numbers. Of a long range that is its last days alone.
  const lastDay = [...digests.keys()].reduce(later);
  const since = addDays(run.range.to, -ownDays);
  const own = [...daysOf(run.range)].filter(
    (day) => day >= range.from && day <= range.to && (day > lastDay || day >= since),
  );
  const differ = [...new Set([...(await seen.daysThatDiffer(range, digests)), ...own])].sort();
  await seen.clear();
  const listing = new Listing(lists, seen, range, digests);
  const isListed =
    (await listing.addChanged(differ, own)) &&
    (await listing.add(await seen.daysRenumbered(range, listing.days, listing.listedDays)));
  logger.debug(
    `Digests of ${formatSpan(range.from, range.to)}: ${formatCountOf(differ.length, 'day')} differ, ` +
      (isListed ? `${listing.days.length} listed` : 'so the whole list is asked for'),
  );
  return { digests: listing.digests, ...(isListed && { listed: listing.days }) };
}

/** Lists days, in windows of days that lie close together, and compares what comes with the digests. */
class Listing {
  readonly days: CalendarDate[] = [];
  /** Days that were put together from what was altered: their list was not asked for. */
  readonly #composed = new Set<CalendarDate>();
  #asked = 0;
  #isFresh = false;

  constructor(
    private readonly lists: VoucherLists,
    private readonly seen: SeenVouchers,
    private readonly range: DateRange,
    public digests: DayDigests,
  ) {}

  /** As `add`. Where days all over the range differ, Tally is asked for what was altered; `own` are listed in any case. */
  async addChanged(days: CalendarDate[], own: CalendarDate[]): Promise<boolean> {
    const others = days.filter((day) => !own.includes(day));
    const windows = [...this.#windowsOf(others)];
    const isCheap =
      windows.length <= mostWindows && this.#countOf(windows) <= this.#vouchersOf(this.range) * walkedPerListed;
    if (isCheap || !(await this.#addAltered(others))) return this.add(days);
    return this.add([...own, ...(await this.#dropWrong(others))].sort());
  }

  /**
   * What is remembered of some days, with what was altered since: each alteration has an ALTERID above all that were given before
   * (docs/tally.md §4). A deletion shows in the digests alone.
   */
  async #addAltered(days: CalendarDate[]): Promise<boolean> {
    const after = await this.seen.highestAlterId(this.range);
    if (after === undefined) return false;
    const { from, to } = this.range;
    const isAsked = await this.lists.altered(this.range, after, async (vouchers) => {
      await this.seen.add(
        vouchers.filter(
          ({ date, alterId }) => date >= from && date <= to && (alterId === undefined || alterId > after),
        ),
      );
    });
    if (!isAsked) {
      await this.seen.clear();
      return false;
    }
    await this.seen.addRemembered(days);
    return true;
  }

  /** Takes the days that do not add up out of what was put together, and returns them. */
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

  /** False where the list does not prove itself, does not add up to the digests, or the whole list would cost no more. */
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

  /** Somebody may have worked in Tally between the digests and the list: they are asked for once more. */
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
 * Compares Tally's digests with a list of a range that proved itself, as `listed` adds it up: of one day first, then of all days.
 * What a sync has seen so of all its years is remembered at its end, by rememberVerdict. Returns false where the list is not whole:
 * a long list can end in the middle as if that were its end (docs/tally.md §2).
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
    // The last one: what is missing of a list that was cut is missing at its end.
    return ofAll && { differs: daysThatDiffer(range, ofAll, listed).at(-1) };
  });
  if (told === undefined) {
    // This Tally does not do it, or not in time: it stays wrong, whatever other years have shown.
    seen.digestsAreRight = undefined;
    return true;
  }
  const { differs } = told;
  if (differs !== undefined && (await lacks(lists, differs, listed.get(differs), company.voucherCounter))) {
    run.context.logger.warn(
      `Tally's list of ${formatSpan(range.from, range.to)} has other vouchers of ${differs} than its list of that day`,
    );
    seen.digestsAreRight = undefined;
    return false;
  }
  seen.digestsAreRight = differs === undefined && seen.digestsAreRight !== false;
  if (differs !== undefined) run.context.logger.debug(`Tally's digest of ${differs} is another than that of its list`);
  return true;
}

/** The verdict on Tally's digests, for `tryOnce`. */
export function verdictOfDigests({ books, sources }: Run, seen: SeenVouchers): Verdict {
  const known = sourceOf(books, sources);
  const remember: Verdict['remember'] = (verdict, on) => seen.rememberDigests(books.company.name, verdict, on);
  return { known: known?.digests ?? null, on: known?.digestsOn ?? null, wrong, remember };
}

/** The days of a range that do not add up to Tally's digests, oldest first. */
export const daysThatDiffer = (range: DateRange, digests: DayDigests, listed: DayDigests): CalendarDate[] =>
  [...daysOf(range)].filter((day) => !isSameDigest(digests.get(day), listed.get(day)));

/**
 * Whether a long list lacks vouchers of a day: Tally's list of that day alone has more of those that had been made when the run
 * began, whose ALTERIDs are not above the counter of that time. What was altered or made since proves nothing.
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
 * Remembers at the end of a sync whether the digests were those of every list that it got. Somebody may have worked in Tally between
 * the two, so that different ones prove nothing: the next sync tries again. A load of a range alone says nothing of the other years:
 * what was seen of all of them keeps its day.
 */
export async function rememberVerdict(run: Run, seen: SeenVouchers, isOfAll = true): Promise<void> {
  const { books, context } = run;
  if (seen.digestsAreRight === undefined) return;
  if (seen.digestsAreRight && !isOfAll && followsDates(run)) return;
  if (seen.digestsAreRight)
    context.logger.info('What Tally adds up of its days is right: the next syncs list changed days only');
  await seen.rememberDigests(books.company.name, seen.digestsAreRight ? right : null, today());
}

/** Found wrong within this month. */
export const isWrong = (known: KnownSource | undefined): boolean =>
  known?.digests === wrong && known.digestsOn !== null && known.digestsOn > addDays(today(), -30);
