import {
  addDays,
  daysOf,
  financialYearStart,
  today,
  type CalendarDate,
  type DateRange,
} from '../../../base/calendar.js';
import { asEtlError } from '../../../base/errors.js';
import { formatCountOf, formatSpan } from '../../../base/format.js';
import { digestRequestVersion, DigestSum, isSameDigest, type DayDigests } from '../../../tally/requests/dayDigests.js';
import type { VoucherLists } from '../../../tally/requests/voucherLists.js';
import type { SeenVouchers } from '../../../warehouse/load/seenVouchers.js';
import { sourceOf } from '../../books/knownBooks.js';
import { trustsLoaded, type Run } from '../run.js';

/** Tally's digests of a year, and the days of which the list was asked for: all others have what is remembered. */
export interface Digested {
  /** The days that were compared: the range, and those before it in its financial year. */
  compared: DateRange;
  digests: DayDigests;
  listed: CalendarDate[];
}

const right = `right ${digestRequestVersion}`;
const wrong = `wrong ${digestRequestVersion}`;

/** Whether a run may ask in the new ways; a report that is set forces the old ones. */
export const asksForLittle = ({ books, context }: Pick<Run, 'books' | 'context'>): boolean =>
  !books.isFile && context.config.report === 'auto';

/**
 * After so many days the whole list is asked for once more: a number that changed without an ALTERID for no reason that shows in the
 * digests (docs/tally.md §4) is seen then, and so are digests that have become wrong.
 */
const trustedDays = 7;

function areRight({ books, sources }: Run): boolean {
  const known = sourceOf(books, sources);
  if (known?.digests !== right || known.digestsOn === null) return false;
  return known.digestsOn <= today() && known.digestsOn > addDays(today(), -trustedDays);
}

/**
 * The day from which on digests that are found right now are trusted. A run that lists a part only, while they are trusted or by
 * itself, does not put off the day on which a sync lists everything.
 */
function trustedSince(run: Run): CalendarDate {
  const known = sourceOf(run.books, run.sources);
  const isPart = areRight(run) || !run.mode.movesCheckpoint;
  return (known?.digests === right && isPart && known.digestsOn) || today();
}

/** So many vouchers are listed along with changed days, rather than by another request. */
const bridgedVouchers = 200;
/** As many as one request may ask for (docs/tally.md §2, "Busy, slow, hanging"). */
const windowVouchers = 5_000;
/** Where more has to be listed, one list of the whole year costs no more. */
const mostWindows = 24;

/**
 * The list of a range within one year, without asking for it: where Tally's digest of a day equals that of the vouchers that are
 * remembered, these are its list. Only the other days are listed, into `seen`, and these rows must add up to Tally's digests too.
 * The days before it in its financial year are compared with it: a voucher that was put in there moves numbers of the range.
 * Undefined where that does not succeed, or where digests were not found right for this company: the whole list has to be asked for.
 */
export async function listByDigests(run: Run, range: DateRange, seen: SeenVouchers): Promise<Digested | undefined> {
  const { lists } = run.books;
  if (lists === undefined || !trustsLoaded(run.mode) || !asksForLittle(run) || !areRight(run)) return undefined;
  const { logger } = run.context;
  const compared = { from: financialYearStart(range.from), to: range.to };
  const digests = await lists.digests(compared);
  // No digests at all prove nothing, as an empty list does not (docs/tally.md §7): they would equal what is remembered of a year that was never listed.
  if (digests === undefined || digests.size === 0) return undefined;
  const differ = await seen.daysThatDiffer(compared, digests);
  const listing = new Listing(lists, seen, compared, digests);
  const isListed =
    (await listing.add(differ)) && (await listing.add(await seen.daysRenumbered(compared, listing.days)));
  logger.debug(
    `Digests of ${formatSpan(compared.from, compared.to)}: ${formatCountOf(differ.length, 'day')} differ, ` +
      (isListed ? `${listing.days.length} listed` : 'so the whole list is asked for'),
  );
  return isListed ? { compared, digests: listing.digests, listed: listing.days } : undefined;
}

/** Lists days, in windows of days that lie close together, and holds what comes against the digests. */
class Listing {
  readonly days: CalendarDate[] = [];
  #asked = 0;
  #isFresh = false;

  constructor(
    private readonly lists: VoucherLists,
    private readonly seen: SeenVouchers,
    private readonly range: DateRange,
    public digests: DayDigests,
  ) {}

  /** False where the list does not prove itself, does not add up to the digests, or the whole list would cost no more. */
  async add(days: CalendarDate[]): Promise<boolean> {
    if (days.length === 0) return true;
    const windows = [...this.#windowsOf(days)];
    const vouchers = windows.reduce((sum, window) => sum + this.#vouchersOf(window), 0);
    this.#asked += windows.length;
    if (this.#asked > mostWindows || vouchers * 2 > this.#vouchersOf(this.range)) return false;
    if (this.days.length === 0) await this.seen.clear();
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
    const added = windows.flatMap((window) => [...daysOf(window)]);
    this.days.push(...added);
    return this.#addsUp(added, sum.days) || (await this.#addsUpNow(added, sum.days));
  }

  #addsUp(days: CalendarDate[], listed: DayDigests): boolean {
    return days.every((day) => isSameDigest(this.digests.get(day), listed.get(day)));
  }

  /** Somebody may have worked in Tally between the digests and the list: they are asked for once more. */
  async #addsUpNow(days: CalendarDate[], listed: DayDigests): Promise<boolean> {
    if (this.#isFresh) return false;
    this.#isFresh = true;
    const now = await this.lists.digests(this.range);
    if (now === undefined) return false;
    this.digests = now;
    const differ = await this.seen.daysThatDiffer(this.range, now);
    return differ.every((day) => this.days.includes(day)) && this.#addsUp(days, listed);
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

  #vouchersOf({ from, to }: DateRange): number {
    let sum = 0;
    for (const [date, { vouchers }] of this.digests) if (date >= from && date <= to) sum += vouchers;
    return sum;
  }
}

/**
 * Holds Tally's digests against a list of a range that proved itself, as `listed` adds it up: of one day first, then of all days.
 * Equal on all of them, they are right for this company. The request counts as wrong while it is under way, so that a Tally that it
 * stops is not asked again.
 */
export async function tryDigests(run: Run, range: DateRange, listed: DayDigests, seen: SeenVouchers): Promise<void> {
  const { lists, company } = run.books;
  if (lists === undefined || !asksForLittle(run) || sourceOf(run.books, run.sources)?.digests === wrong) return;
  const since = trustedSince(run);
  const remember = (digests: string | null): Promise<void> => seen.rememberDigests(company.name, digests, since);
  const [first] = [...listed].sort(([, one], [, other]) => one.vouchers - other.vouchers);
  if (first === undefined) return;
  await remember(wrong);
  try {
    const [date] = first;
    const ofDay = await lists.digests({ from: date, to: date });
    if (ofDay === undefined) return;
    const ofAll = isSameDigest(ofDay.get(date), listed.get(date)) ? await lists.digests(range) : undefined;
    const differs = [...daysOf(range)].find((day) => !isSameDigest(ofAll?.get(day), listed.get(day)));
    if (differs === undefined)
      run.context.logger.info("Tally's digests of days are right: lists will be asked for changed days only");
    else
      run.context.logger.debug(
        `Tally's digest of ${ofAll === undefined ? date : differs} is another than that of its list`,
      );
    // Somebody may have worked in Tally meanwhile: the next run tries again.
    await remember(differs === undefined ? right : null);
  } catch (error) {
    if (asEtlError(error).code === 'cancelled') await remember(null);
    throw error;
  }
}
