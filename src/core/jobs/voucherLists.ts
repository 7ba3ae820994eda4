import { financialYearStart, type CalendarDate, type DateRange } from '../calendar.js';
import { EtlError } from '../errors.js';
import { formatCountOf } from '../format.js';
import type { AnswerSource } from '../tally/answerSource.js';
import { confirmOpen, type Company } from '../tally/companies.js';
import { ownGuidTest, readVoucherIndex, type IndexedVoucher } from '../tally/readVoucherIndex.js';
import { acceptedBounds, type ListBounds } from '../tally/requests.js';
import type { JobContext } from './job.js';

/**
 * The ways in which a list is asked for. Most Tallys keep to typed dates; one was seen to look at SVCURRENTDATE alone, and a
 * literal date in a filter bounds the rows where the static variables do not (docs/tally.md §1.3, §1.4).
 */
const ways = ['dates', 'current-date', 'filter'] as const;
type Way = (typeof ways)[number];

/** The rows of one answer, and the first and last of their dates. */
interface Span {
  rows: number;
  from: CalendarDate;
  to: CalendarDate;
  /** Rows of each first day of a month: days that every edition of Tally can be asked for. */
  ofFirstDays: Map<CalendarDate, number>;
}

interface Answer {
  asked: DateRange;
  span: Span;
}

type Take = (voucher: IndexedVoucher) => void;

/**
 * Tally's lists of vouchers in one run. A Tally may answer for the period on its screen, whatever dates it is given, and
 * the list of a closed company looks like that of an empty one. So each answer is judged by the dates of its rows, and what
 * has been seen of this Tally counts for the lists that follow.
 */
export class VoucherLists {
  #company: Company;
  /** The way that served last is tried first. */
  #way: Way = 'dates';
  /** Ways in which this Tally has been seen to give other rows for other dates. */
  readonly #following = new Set<Way>();
  /** Some list had a voucher with the company's own GUID. */
  #isAnswering = false;
  /** The last answer in each way that had rows. */
  readonly #answers = new Map<Way, Answer>();

  constructor(
    private readonly source: AnswerSource,
    company: Company,
    private readonly context: Pick<JobContext, 'logger' | 'signal'>,
  ) {
    this.#company = company;
  }

  /**
   * Takes each voucher that Tally lists when it is asked for a range within one financial year, and some that lie beside
   * it. True: those of the range are all there, so that what is not among them is not in the books. False: nothing shows
   * that. Throws as readVoucherIndex, and `company-not-open` where the company has been closed.
   */
  async list(range: DateRange, take: Take): Promise<boolean> {
    const asked = acceptedBounds(range);
    for (const way of [this.#way, ...ways.filter((other) => other !== this.#way)]) {
      if (!(await this.#isWhole(way, range, asked, take).catch(withoutThisWay(way)))) continue;
      this.#way = way;
      return true;
    }
    return false;
  }

  async #isWhole(way: Way, range: DateRange, asked: DateRange, take: Take): Promise<boolean> {
    const span = await this.#askAgain(way, asked, take);
    if (span === undefined) return this.#isEmpty(way, range, asked);
    const follows = isWithin(span, asked) && (await this.#follows(way, { asked, span }));
    return follows || this.#reachesOver(span, range);
  }

  /** Whether an answer without rows is right: this Tally looks at dates, or it says itself that there is nothing. */
  async #isEmpty(way: Way, range: DateRange, asked: DateRange): Promise<boolean> {
    if (this.#following.has(way)) return true;
    // An empty answer shows no period of Tally's own only where a filter has not emptied it.
    if (way === 'filter') return false;
    const { lastVoucherDate: last, voucherCounter } = this.#company;
    // A company that was never used has no ALTVCHID (docs/tally.md §2).
    if (last === undefined) return (voucherCounter ?? 0) === 0;
    if (last < range.from) return true;
    if (last <= asked.to) return false;
    const window = acceptedBounds({ from: last, to: last });
    const span = await this.#ask(way, window);
    if (span === undefined || !isWithin(span, window)) return false;
    this.#following.add(way);
    return true;
  }

  /** Whether Tally chose these rows by the dates that it was given: for other dates it has been seen to give others. */
  async #follows(way: Way, answer: Answer): Promise<boolean> {
    if (this.#following.has(way)) return true;
    const before = this.#answers.get(way);
    this.#answers.set(way, answer);
    const isSeen =
      way === 'filter'
        ? this.#goesBeyond(answer.span)
        : (before !== undefined && areApart(before.span, answer.asked) && areApart(answer.span, before.asked)) ||
          (await this.#differsElsewhere(way, answer));
    if (isSeen) this.#following.add(way);
    return isSeen;
  }

  /** Rows that typed dates did not bring: the filter looked beyond the period that Tally is set to. */
  #goesBeyond({ from, to }: Span): boolean {
    const stuck = this.#answers.get('dates')?.span;
    return stuck !== undefined && (from < stuck.from || to > stuck.to);
  }

  /** Asks for one day, which costs few rows: a Tally that shows a period of its own shows it again. */
  async #differsElsewhere(way: Way, { asked, span }: Answer): Promise<boolean> {
    const yearBefore = `${Number(financialYearStart(asked.from).slice(0, 4)) - 1}-04-01`;
    if (way === 'current-date') {
      // The month of the current date alone may be all that such a Tally shows.
      const isOneMonth =
        span.from.slice(0, 7) === span.to.slice(0, 7) && asked.from.slice(0, 7) !== asked.to.slice(0, 7);
      const other = isOneMonth ? span : await this.#askAgain(way, { from: yearBefore, to: yearBefore });
      return other === undefined || areApart(other, asked);
    }
    const day = quietestDay(span) ?? yearBefore;
    const other = await this.#askAgain(way, { from: day, to: day });
    return other === undefined ? day === yearBefore : isWithin(other, { from: day, to: day });
  }

  /** The rows of a period that is Tally's own, and without a gap: one that reaches beyond both ends holds the range. */
  #reachesOver({ from, to }: Span, range: DateRange): boolean {
    const { lastVoucherDate } = this.#company;
    return from <= range.from && (to >= range.to || (lastVoucherDate !== undefined && to >= lastVoucherDate));
  }

  /**
   * The rows of one answer; undefined where Tally says twice that it has none. It sends an empty list now and then where
   * there is something, and for a company that has been closed meanwhile.
   */
  async #askAgain(way: Way, asked: DateRange, take?: Take): Promise<Span | undefined> {
    const span = await this.#ask(way, asked, take);
    if (span !== undefined) return span;
    this.#company = await confirmOpen(this.source, this.#company, this.context.signal);
    return this.#ask(way, asked, take);
  }

  /** The rows of one answer; undefined where it has none. */
  async #ask(way: Way, asked: DateRange, take?: Take): Promise<Span | undefined> {
    const { logger, signal } = this.context;
    let span: Span | undefined;
    const { range, ...bounds } = this.#requestFor(way, asked);
    const isOwn = ownGuidTest(this.#company);
    const about = { ...bounds, signal, isAnswering: this.#isAnswering };
    for await (const vouchers of readVoucherIndex(this.source, this.#company, range, about))
      for (const voucher of vouchers) {
        const { date } = voucher;
        this.#isAnswering ||= isOwn(voucher.guid);
        span ??= { rows: 0, from: date, to: date, ofFirstDays: new Map() };
        span.rows++;
        if (date < span.from) span.from = date;
        if (date > span.to) span.to = date;
        if (date.endsWith('-01')) span.ofFirstDays.set(date, (span.ofFirstDays.get(date) ?? 0) + 1);
        take?.(voucher);
      }
    const served = span === undefined ? 'none' : `${formatCountOf(span.rows, 'voucher')} of ${span.from} to ${span.to}`;
    logger.debug(`Voucher list of ${asked.from} to ${asked.to}, by ${way}: ${served}`);
    if (span !== undefined && way === 'dates' && !isWithin(span, asked)) this.#answers.set(way, { asked, span });
    return span;
  }

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

/** A Tally that gives a list by typed dates need not know the other ways. */
const withoutThisWay =
  (way: Way) =>
  (error: unknown): boolean => {
    if (way !== 'dates' && error instanceof EtlError && ['tally-refused', 'answer-unreadable'].includes(error.code))
      return false;
    throw error;
  };

const isWithin = (span: DateRange, range: DateRange): boolean => span.from >= range.from && span.to <= range.to;

const areApart = (a: DateRange, b: DateRange): boolean => a.to < b.from || a.from > b.to;

/** The first day of a month with the fewest rows. Undefined if no such day has rows, or if one day has all rows. */
function quietestDay({ rows, ofFirstDays }: Span): CalendarDate | undefined {
  let quietest: [CalendarDate, number] | undefined;
  for (const [day, count] of ofFirstDays)
    if (count < rows && (quietest === undefined || count < quietest[1])) quietest = [day, count];
  return quietest?.[0];
}
