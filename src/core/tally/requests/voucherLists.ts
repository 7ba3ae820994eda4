import { addDays, addMonths, financialYearStart, type CalendarDate, type DateRange } from '../../base/calendar.js';
import { t } from '@vscode/l10n';
import { formatCountOf } from '../../base/format.js';
import { companyNotOpen, isNotOffered } from '../answerErrors.js';
import type { AnswerSource } from '../answerSource.js';
import { confirmOpen, type Company } from './companies.js';
import { readDayDigests, type DayDigests } from './dayDigests.js';
import { readDayTotals, type DayTotal } from './dayTotals.js';
import { ownGuidTest, readVoucherIndex, type IndexedVoucher } from './readVoucherIndex.js';
import { acceptedBounds, isAcceptedDay, type ListBounds } from './requests.js';
import { cancelled, EtlError } from '../../base/errors.js';
import type { Logger } from '../../base/logger.js';

/**
 * The ways to request a list. Most Tallys keep to typed dates. One was seen to keep to SVCURRENTDATE alone. A literal date in a
 * filter limits the rows if the static variables do not (docs/tally.md §1.3, §1.4).
 */
const ways = ['dates', 'current-date', 'filter'] as const;
type Way = (typeof ways)[number];

/** Requests on whose answers nothing depends. `altered whole` brings altered vouchers whole, `altered` only their ids. */
type Optional = 'digests' | 'altered' | 'altered whole' | 'totals';

/** A summary of the rows of one answer: how many, the first and last date, and whose they are. */
interface Span extends DateRange {
  rows: number;
  /** At least one row has a GUID of the company. */
  hasOwn: boolean;
  /** The first GUID of another company, among the rows before the first own one. */
  foreign: string | undefined;
  /** The number of rows of each day. */
  ofDays: Map<CalendarDate, number>;
}

/** An answer that has rows, and the dates that were requested. */
interface Answer {
  asked: DateRange;
  span: Span;
}

/** The result of a list. */
export interface Listed {
  /** The rows prove that the range is complete: a voucher that is not among them is not in the books. */
  isWhole: boolean;
  /** The dates of the rows that typed dates brought; undefined if they brought none. */
  served: DateRange | undefined;
}

/** Receives the rows of a list as they arrive, many at a time. */
type Take = (vouchers: IndexedVoucher[]) => void | Promise<void>;

/**
 * Tally's lists of vouchers in one run. Tally may answer for the period on its screen, whatever dates the request gives. The
 * list of a closed company looks like that of an empty one. So each answer is judged by the dates of its rows, and by how this
 * Tally behaved in earlier lists of the run.
 */
export class VoucherLists {
  #company: Company;
  /** The way that last gave a whole list; it is tried first. */
  #way: Way = 'dates';
  /** Ways that this Tally does not know, or does not answer in time. They are not tried again in this run. */
  readonly #dropped = new Set<Way | Optional>();
  /** Ways in which this Tally was seen to give other rows for other dates. */
  readonly #following = new Set<Way>();
  /** For each way, the last answer that lay within the requested dates. */
  readonly #kept = new Map<Way, Answer>();
  /** The last answer by typed dates that did not prove its range complete; `nothing` if it had no rows. */
  #stuck: Span | 'nothing' | undefined;
  /** At least one list had a voucher with the company's own GUID. */
  #isAnswering = false;
  #showsOtherDays = false;
  #keepsEveryDay: boolean | undefined;

  constructor(
    private readonly source: AnswerSource,
    company: Company,
    private readonly context: { logger: Logger; signal: AbortSignal },
  ) {
    this.#company = company;
  }

  /** Whether lists had vouchers of days that a Tally without a licence does not accept as bounds (docs/tally.md §1.3). */
  get showsOtherDays(): boolean {
    return this.#showsOtherDays;
  }

  /**
   * Passes to `take` each voucher that Tally lists for a range within one financial year. May also pass vouchers outside the
   * range, and a voucher more than once. `isNarrow` is for a few days: the request is then widened only if Tally may not accept
   * every day, and rows of another company's GUID alone are no error. Throws as readVoucherIndex does. Throws
   * `company-not-open` if the company has been closed, or another company answers.
   */
  async list(range: DateRange, take: Take, isNarrow = false): Promise<Listed> {
    const asked = isNarrow ? this.#boundsOf(range) : acceptedBounds(range);
    let served: DateRange | undefined;
    for (const way of [this.#way, ...ways.filter((other) => other !== this.#way)]) {
      if (this.#dropped.has(way)) continue;
      const span = await this.#askAgain(way, asked, take).catch((error: unknown) => this.#drop(way, error));
      if (span === 'not offered') continue;
      if (span !== undefined && !this.#isOfCompany(span, isNarrow)) continue;
      if (way === 'dates') served = span && { from: span.from, to: span.to };
      if (span === undefined ? await this.#isEmpty(way, asked) : await this.#isWhole(way, range, { asked, span })) {
        this.#way = way;
        return { isWhole: true, served };
      }
      if (way === 'dates') this.#stuck = span ?? 'nothing';
    }
    return { isWhole: false, served };
  }

  /**
   * Passes to `take` the vouchers of a range that were made or altered after Tally assigned this ALTERID, and perhaps others.
   * ALTERID is the counter value that a voucher gets with each change.
   * Returns false if Tally does not answer such a request. The caller must prove by digests that nothing is missing.
   */
  async altered(range: DateRange, alteredAfter: number, take: Take): Promise<boolean> {
    const { logger, signal } = this.context;
    const rows = await this.optional('altered', range, async (asked) => {
      let vouchers = 0;
      for await (const some of readVoucherIndex(this.source, this.#company, asked, { alteredAfter, signal })) {
        vouchers += some.length;
        await take(some);
      }
      return vouchers;
    });
    if (rows === undefined) return false;
    logger.debug(`Vouchers of ${formatDates(range)} altered after ${alteredAfter}: ${formatCountOf(rows, 'voucher')}`);
    return true;
  }

  /**
   * The digests of a range's days, for a caller that compares them with a list. Undefined if Tally does not answer the request,
   * or answers for other days than requested. A day without a digest may have vouchers nevertheless.
   */
  async digests(range: DateRange): Promise<DayDigests | undefined> {
    const { logger, signal } = this.context;
    return this.optional('digests', range, async (asked) => {
      const digests = await readDayDigests(this.source, this.#company, asked, signal);
      const days = [...digests.keys()];
      logger.debug(`Digests of ${formatDates(asked)}: ${formatCountOf(days.length, 'day')}`);
      this.#showsOtherDays ||= days.some((date) => !isAcceptedDay(date));
      return days.every((date) => date >= asked.from && date <= asked.to) ? digests : undefined;
    });
  }

  /**
   * The totals of a range's days and voucher types, for a caller that compares them with the sums of vouchers. Undefined if
   * Tally does not answer the request, gives no amounts, or answers for other days than requested. A day without a row may have
   * vouchers nevertheless.
   */
  async totals(range: DateRange): Promise<DayTotal[] | undefined> {
    const { logger, signal } = this.context;
    return this.optional('totals', range, async (asked) => {
      const totals = await readDayTotals(this.source, this.#company, asked, signal);
      logger.debug(`Totals of ${formatDates(asked)}: ${formatCountOf(totals.length, 'row')}`);
      return totals.every(({ date }) => date >= asked.from && date <= asked.to) ? totals : undefined;
    });
  }

  /**
   * Sends a request on whose answer nothing depends. `ask` gets the bounds that every edition accepts for the range. If
   * Tally does not answer, or with an error, the result is undefined, and this request is not sent again in this run.
   * Throws `cancelled`, `tally-unreachable` and `unexpected`, and an error after which Tally does not answer `/status`.
   */
  async optional<T>(
    request: Optional,
    range: DateRange,
    ask: (asked: DateRange) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    if (this.#dropped.has(request)) return undefined;
    try {
      return await ask(acceptedBounds(range));
    } catch (error) {
      this.#dropped.add(request);
      await this.#refuseHarmful(error);
      return undefined;
    }
  }

  /**
   * Whether this Tally accepts every day as a bound: with a licence it does (docs/tally.md §1.3). If Tally does not say whether
   * it has a licence, one day of an earlier list is requested to find out. False if no earlier list has a suitable day.
   */
  async keepsEveryDay(): Promise<boolean> {
    const { edition } = this.#company;
    if (edition !== undefined) return edition === 'licensed';
    if (this.#keepsEveryDay !== undefined) return this.#keepsEveryDay;
    const kept = this.#kept.get('dates')?.span;
    const day = kept && quietestDay(kept, (date) => !isAcceptedDay(date));
    if (day === undefined) return false;
    const only = { from: day, to: day };
    const span = await this.#ask('dates', only);
    return (this.#keepsEveryDay = span !== undefined && isWithin(span, only));
  }

  /**
   * Stops using a way that Tally does not know, or does not answer in time: a filter scans all vouchers, which can take long.
   * After a time-out Tally is still busy with the request, so nothing is requested until Tally answers `/status` (docs/tally.md
   * §2). Throws all other errors, and every error of typed dates.
   */
  async #drop(way: Way, error: unknown): Promise<'not offered'> {
    const isLate = error instanceof EtlError && error.code === 'tally-timeout';
    if (way === 'dates' || (!isLate && !isNotOffered(error))) throw error;
    await this.#assertFree(error);
    this.#dropped.add(way);
    return 'not offered';
  }

  /** Tolerates most errors of an optional request, as `optional` says. The next list shows whether Tally still works. */
  async #refuseHarmful(error: unknown): Promise<void> {
    if (!(error instanceof EtlError) || ['cancelled', 'tally-unreachable', 'unexpected'].includes(error.code))
      throw error;
    await this.#assertFree(error);
    this.context.logger.debug(`Tally does not answer: ${error.message}`);
  }

  /** After a time-out or a cut answer: throws that error, or `cancelled`, if Tally does not answer `/status` either. */
  async #assertFree(error: EtlError): Promise<void> {
    if (error.code !== 'tally-timeout' && error.code !== 'answer-cut') return;
    if (!(await this.source.isFree?.(this.context.signal))) throw this.context.signal.aborted ? cancelled() : error;
  }

  /**
   * False if the rows do not show whose list it is, so that the list proves nothing. Real books have single vouchers with
   * another company's GUID (docs/tally.md §4). If all rows have one, either another company answers, or the list holds only
   * imported vouchers. Throws if no list of this run had the company's own GUID, unless `isNarrow`.
   */
  #isOfCompany({ hasOwn, foreign }: Span, isNarrow: boolean): boolean {
    if (hasOwn) return true;
    if (this.#isAnswering || isNarrow) return false;
    throw companyNotOpen(
      t('All vouchers that Tally lists are of another company than {company} ({id}); one of them is {guid}.', {
        guid: foreign ?? '',
        company: this.#company.name,
        id: this.#company.id,
      }),
    );
  }

  async #isWhole(way: Way, range: DateRange, answer: Answer): Promise<boolean> {
    const isKept = isWithin(answer.span, answer.asked) && (await this.#follows(way, answer));
    return isKept || this.#reachesOver(answer.span, range);
  }

  /** Whether an answer without rows is credible. */
  async #isEmpty(way: Way, asked: DateRange): Promise<boolean> {
    const { lastVoucherDate: last, voucherCounter, masterCounter } = this.#company;
    // Tally's own last voucher date lies in this range, so the range is not empty.
    if (last !== undefined && last >= asked.from && last <= asked.to) return false;
    if (this.#following.has(way)) return true;
    // With a filter an empty answer proves nothing: the filter may have dropped all rows of a period that Tally chose.
    if (way === 'filter') return false;
    if (last !== undefined)
      return last < asked.from || (await this.#showsOnly(way, acceptedBounds({ from: last, to: last })));
    // A company that was never used has only a counter of masters (docs/tally.md §2).
    if (voucherCounter === undefined && masterCounter !== undefined) return true;
    const before = addDays(asked.from, -1);
    const month = acceptedBounds({ from: `${before.slice(0, 8)}01`, to: before });
    const year = { from: financialYearStart(before), to: before };
    return (await this.#showsOnly(way, month)) || (await this.#showsOnly(way, acceptedBounds(year)));
  }

  /** Whether Tally, asked for these dates, returns rows, and only rows of these dates. Tally then keeps to dates. */
  async #showsOnly(way: Way, window: DateRange): Promise<boolean> {
    const span = await this.#ask(way, window);
    const shows = span !== undefined && isWithin(span, window);
    if (shows) this.#following.add(way);
    return shows;
  }

  /** Whether Tally chose these rows by the requested dates: it was seen to give other rows for other dates. */
  async #follows(way: Way, answer: Answer): Promise<boolean> {
    if (way === 'current-date' && isPartOfCurrentDate(answer)) return false;
    const before = this.#kept.get(way);
    this.#kept.set(way, answer);
    if (this.#following.has(way)) return true;
    const isSeen =
      way === 'filter'
        ? this.#goesBeyond(answer.span)
        : (before !== undefined && areApart(before.span, answer.asked) && areApart(answer.span, before.asked)) ||
          (await this.#differsElsewhere(way, answer));
    if (isSeen) this.#following.add(way);
    return isSeen;
  }

  /** Whether the filter brought rows that typed dates did not bring, and so looked beyond the period that Tally is set to. */
  #goesBeyond({ from, to }: Span): boolean {
    if (this.#stuck === undefined) return false;
    return this.#stuck === 'nothing' || from < this.#stuck.from || to > this.#stuck.to;
  }

  /** Requests one other day, which costs few rows. A Tally that shows a fixed period would show that period again. */
  async #differsElsewhere(way: Way, { asked, span }: Answer): Promise<boolean> {
    const yearBefore = addMonths(financialYearStart(asked.from), -12);
    const day = (way === 'dates' && quietestDay(span, (date) => date.endsWith('-01'))) || yearBefore;
    const only = { from: day, to: day };
    const other = await this.#askAgain(way, only);
    if (other === undefined) return day === yearBefore;
    // By the current date alone Tally shows the financial year of that date.
    return way === 'current-date' ? areApart(other, asked) : isWithin(other, only);
  }

  /**
   * Whether a period that Tally chose itself contains the range. Such a period has no gaps. So its first row must not be after
   * the first day of the range. Its last row must not be before the last day of the range, or before the company's last
   * voucher.
   */
  #reachesOver({ from, to }: Span, range: DateRange): boolean {
    const { lastVoucherDate } = this.#company;
    return from <= range.from && (to >= range.to || (lastVoucherDate !== undefined && to >= lastVoucherDate));
  }

  /**
   * The rows of one answer; undefined if Tally says twice that it has none. Tally now and then sends an empty list although
   * there are rows. It also sends one for a company that has been closed meanwhile.
   */
  async #askAgain(way: Way, asked: DateRange, take?: Take): Promise<Span | undefined> {
    const span = await this.#ask(way, asked, take);
    if (span !== undefined) return span;
    this.#company = await confirmOpen(this.source, this.#company, this.context.signal);
    return this.#ask(way, asked, take);
  }

  /** The rows of one answer; undefined if the answer has none. */
  async #ask(way: Way, asked: DateRange, take?: Take): Promise<Span | undefined> {
    const { logger, signal } = this.context;
    let span: Span | undefined;
    const { range, ...bounds } = this.#requestFor(way, asked);
    const isOwn = ownGuidTest(this.#company);
    for await (const vouchers of readVoucherIndex(this.source, this.#company, range, { ...bounds, signal })) {
      for (const { date, guid } of vouchers) {
        span ??= { rows: 0, from: date, to: date, hasOwn: false, foreign: undefined, ofDays: new Map() };
        span.rows++;
        if (date < span.from) span.from = date;
        if (date > span.to) span.to = date;
        span.ofDays.set(date, (span.ofDays.get(date) ?? 0) + 1);
        if (!span.hasOwn) {
          span.hasOwn = isOwn(guid);
          if (!span.hasOwn) span.foreign ??= guid;
        }
      }
      await take?.(vouchers);
    }
    if (span !== undefined) {
      this.#isAnswering ||= span.hasOwn;
      this.#showsOtherDays ||= [...span.ofDays.keys()].some((date) => !isAcceptedDay(date));
    }
    const served = span === undefined ? 'none' : `${formatCountOf(span.rows, 'voucher')} of ${span.from} to ${span.to}`;
    logger.debug(`Voucher list of ${asked.from} to ${asked.to}, by ${way}: ${served}`);
    return span;
  }

  /** With a licence Tally accepts every day as a bound (docs/tally.md §1.3), and rows outside the range would only cost time. */
  #boundsOf = (range: DateRange): DateRange => (this.#company.edition === 'licensed' ? range : acceptedBounds(range));

  #requestFor(way: Way, asked: DateRange): ListBounds & { range: DateRange } {
    switch (way) {
      case 'dates':
        return { range: asked };
      case 'current-date':
        return { range: asked, currentDate: asked.from };
      case 'filter': {
        const { booksFrom = asked.from, lastVoucherDate = asked.to } = this.#company;
        const from = booksFrom < asked.from ? booksFrom : asked.from;
        const to = lastVoucherDate > asked.to ? lastVoucherDate : asked.to;
        return { range: acceptedBounds({ from, to }), filter: asked };
      }
    }
  }
}

/**
 * Whether all rows are of one month, or of the first day, although more was requested. Such a Tally may never show more than the
 * month or the day of SVCURRENTDATE.
 */
const isPartOfCurrentDate = ({ asked, span }: Answer): boolean =>
  (monthOf(span.from) === monthOf(span.to) && monthOf(asked.from) !== monthOf(asked.to)) ||
  (span.from === span.to && span.from === asked.from && asked.from !== asked.to);

const formatDates = ({ from, to }: DateRange): string => `${from} to ${to}`;

const monthOf = (date: CalendarDate): string => date.slice(0, 7);

const isWithin = (span: DateRange, range: DateRange): boolean => span.from >= range.from && span.to <= range.to;

const areApart = (a: DateRange, b: DateRange): boolean => a.to < b.from || a.from > b.to;

/** The day with the fewest rows among those that pass. Undefined if no such day has rows, or if one day has all rows. */
function quietestDay({ rows, ofDays }: Span, passes: (date: CalendarDate) => boolean): CalendarDate | undefined {
  let quietest: [CalendarDate, number] | undefined;
  for (const [day, count] of ofDays)
    if (count < rows && passes(day) && (quietest === undefined || count < quietest[1])) quietest = [day, count];
  return quietest?.[0];
}
