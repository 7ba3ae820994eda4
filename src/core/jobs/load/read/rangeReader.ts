import { addDays, type DateRange } from '../../../base/calendar.js';
import { acceptedBounds } from '../../../tally/requests/requests.js';
import type { IndexedVoucher } from '../../../tally/requests/readVoucherIndex.js';
import type { VoucherAnswer } from '../../../tally/requests/readVouchers.js';
import { sourceOf } from '../../books/knownBooks.js';
import { vouchersPerAnswer } from '../chunks.js';
import type { JobResult } from '../../job.js';
import type { ReadList } from '../list/readList.js';
import type { Plan } from '../plan.js';
import { judgeCoverage, type Answered, type Coverage } from '../prove/coverage.js';
import type { Run } from '../run.js';
import type { Arrivals } from './arrivals.js';
import { CollectionReader, type CollectionAccess, type RememberCollection } from './collectionReader.js';
import { readAnswer, type Judge, type OnVoucher, type Sink, type Taking } from './readAnswer.js';
import { TallyTotals } from './tallyTotals.js';

type Report = JobResult['report'];
/** Single vouchers are counted under this name too. */
const collected = 'Voucher Collection';
const noAnswer: VoucherAnswer = {
  vouchers: 0,
  unusual: 0,
  from: undefined,
  to: undefined,
  bytes: 0,
  totalBytes: undefined,
};

export interface RangeReading {
  run: Run;
  list: ReadList;
  arrivals: Arrivals;
  plan: Plan;
  sink: Sink;
  /** Remembers the experience with Tally's collection of vouchers. */
  remember: RememberCollection;
}

/** A part of the range for which every request has been sent, so that it can be merged. */
export interface Portion {
  range: DateRange;
  /** How well the dates of the answers cover the range; set if the list proves nothing. */
  coverage?: Coverage;
  /** The answers of the one report on which `coverage` is based. */
  answered?: Answered;
}

/** A merge costs PostgreSQL about as much as a few hundred of its invoices, so smaller chunks are merged together. */
const mergedInvoices = 500;

/**
 * If holes (listed vouchers that did not come) are on few days and few in number, they may have arisen while the run
 * was reading. So holes up to these limits are checked once more.
 */
const fewDays = 10;
const fewInvoices = 50;

/**
 * Reads the invoices of a range (with the stream `ledger` vouchers of every type) into the sink, with as many requests
 * as necessary. It reads chunk by chunk; if one report leaves invoices out, the next report is requested. A report that
 * answers for a period of its own, usually everything, is not requested again. From its answer the days from the chunk
 * on are taken (docs/contract.md, "Date Filtering"; docs/tally.md §1.4).
 */
export class RangeReader {
  readonly totals = new TallyTotals();
  readonly answered: Answered = { vouchers: 0, from: undefined, to: undefined };
  #reports: Report[];
  /** Reports that answered for a period of their own, so they are not requested again. */
  readonly #ignoresDates = new Set<Report>();
  /** Reports that were seen to keep to the dates of a request. */
  readonly #keepsDates = new Set<Report>();
  readonly #invoicesBy = new Map<Report, number>();
  /** True once the Day Book answered for a single day. False once a request for one day brought none of its invoices. */
  #showsOneDay: boolean | undefined;
  #answers = 0;
  /** The highest fraction that was reported. Progress never goes back. */
  #reached: number | undefined;
  /** The range after the present chunk, and how many of its invoices were awaited before the chunk was requested. */
  #later: DateRange = { from: '', to: '' };
  #awaitedLater = 0;
  /** The totals of all answers of the collection. */
  readonly #collected = { vouchers: 0, bytes: 0 };
  /** The vouchers of the last collection, if they are not listed yet. */
  #unlisted: (IndexedVoucher | undefined)[] = [];

  readonly #collection: CollectionReader | undefined;

  constructor(private readonly reading: RangeReading) {
    this.#reports = [...reading.plan.reports];
    const { collection, books, sources } = reading.run;
    const access: CollectionAccess = {
      reading,
      taking: (chunk) => this.#taking(chunk),
      ask: (chunk, accepts) => this.#askCollection(chunk, accepts),
      isListed: (chunk) => reading.list.parts?.isListed(chunk) ?? true,
      list: (chunk) => this.#listCollected(chunk),
      // If Tally does not accept every day as a bound, smaller windows would bring the same vouchers again.
      mostVouchers: () => (reading.plan.everyDay ? vouchersPerAnswer(this.#collected) : Infinity),
      tell: () => {
        this.#tell(noAnswer, reading.run.range);
      },
    };
    this.#collection =
      collection && new CollectionReader(access, collection, reading.remember, sourceOf(books, sources));
  }

  /** The report that brought the most invoices. */
  get report(): Report {
    const [best] = [...this.#invoicesBy].sort(([, a], [, b]) => b - a);
    return best !== undefined && best[1] > 0 ? best[0] : this.#reports[0]!;
  }

  /** The report to begin with next time, and whether it sends everything whatever the dates; undefined if unknown. */
  get sourceForNextRun(): { report: Report; servesAll: boolean | undefined } {
    const report = this.#reports[0]!;
    const servesAll = this.#ignoresDates.has(report) || (this.#keepsDates.has(report) ? false : undefined);
    return { report, servesAll };
  }

  /** Reads the range, and yields each part when it is read. The parts come in order, and together are the whole range. */
  async *portions(): AsyncGenerator<Portion> {
    const { run, arrivals, plan } = this.reading;
    if (!this.reading.list.isWhole) {
      yield await this.#readUnlisted();
      return;
    }
    let { from } = run.range;
    let read = 0;
    for (const [i, chunk] of plan.chunks.entries()) {
      this.#later = { from: addDays(chunk.to, 1), to: run.range.to };
      this.#awaitedLater = arrivals.awaited(this.#later);
      await this.#readChunk(chunk);
      if (arrivals.awaited(this.#later) !== this.#awaitedLater) {
        // The answer brought later days too, so all later chunks are read and merged together with this one.
        for (const part of plan.chunks.slice(i + 1)) await this.#readChunk(part);
        yield { range: { from, to: run.range.to } };
        return;
      }
      if (chunk.to < run.range.to && this.#isTooLittle(arrivals.read - read)) continue;
      yield { range: { from, to: chunk.to } };
      from = addDays(chunk.to, 1);
      read = arrivals.read;
    }
  }

  /**
   * Whether so few invoices came that the next chunk is merged together with them. Only if most of the range is loaded already: a
   * first load stores each chunk as soon as it is read.
   */
  #isTooLittle(came: number): boolean {
    const { run, list } = this.reading;
    const { unchanged, loaded } = list.list;
    return came < mergedInvoices && unchanged * 2 > loaded && !run.dayByDay;
  }

  /** Requests one report after the other until nothing that Tally lists in the chunk is missing. */
  async #readChunk(chunk: DateRange): Promise<void> {
    const { run, arrivals } = this.reading;
    const before = arrivals.read;
    if (this.#collection?.lists(chunk) !== true) await this.#list(chunk);
    let asked = (await this.#collection?.read(chunk)) ?? false;
    await this.#list(chunk);
    if (asked) this.#invoicesBy.set(collected, (this.#invoicesBy.get(collected) ?? 0) + arrivals.read - before);
    for (const report of [...this.#reports]) {
      const awaited = arrivals.awaited(chunk);
      if (awaited === 0 && (asked || !run.mode.asksEveryPart)) break;
      if (this.#ignoresDates.has(report)) continue;
      await this.#listRest();
      asked = true;
      const answer = await this.#ask(report, chunk, { from: chunk.from, to: run.range.to });
      if (isOfOwnPeriod(answer, this.#bounds(chunk), arrivals.awaited(chunk) < awaited)) this.#ignoresDates.add(report);
      else if (this.#shows(chunk, answer)) this.#keepsDates.add(report);
      if (report === 'Day Book' && answer.vouchers > 0 && answer.from === answer.to) this.#showsOneDay ??= true;
      // The report that brought everything is requested first from now on.
      if (awaited > 0 && arrivals.awaited(chunk) === 0)
        this.#reports = [report, ...this.#reports.filter((other) => other !== report)];
    }
    if (arrivals.awaited(chunk) > 0 && chunk.from < chunk.to) await this.#readDays(chunk);
    await this.#lookAgain(chunk);
  }

  /** Requests ids if a chunk is not listed yet. */
  async #list(chunk: DateRange): Promise<void> {
    const { list, arrivals } = this.reading;
    if (list.parts === undefined || list.parts.isListed(chunk)) return;
    arrivals.beginPart();
    await list.parts.addIds(chunk);
    arrivals.endPart();
  }

  /** A report may answer for more than is requested, so the rest of the range must be listed first. */
  async #listRest(): Promise<void> {
    const { list, arrivals, run } = this.reading;
    if (list.parts?.isListed(run.range) !== false) return;
    arrivals.beginPart();
    await list.parts.addRest();
    arrivals.endPart();
    this.#awaitedLater = arrivals.awaited(this.#later);
  }

  /**
   * Some Day Books ignore the range and show the day of SVCURRENTDATE, Tally's current date (docs/tally.md §1.4). So the days
   * with missing invoices are requested one by one.
   */
  async #readDays(chunk: DateRange): Promise<void> {
    const { run, arrivals } = this.reading;
    for (const { date, invoices } of arrivals.holes(chunk)) {
      if (this.#showsOneDay !== true) return;
      const day = { from: date, to: date };
      await this.#ask('Day Book', day, { from: date, to: run.range.to });
      this.#showsOneDay = arrivals.awaited(day) < invoices;
    }
  }

  /**
   * Whether an answer that stays within its chunk shows that Tally keeps to dates. It does if Tally has vouchers outside the chunk:
   * the list has some, or the books began before the chunk.
   */
  #shows(chunk: DateRange, answer: VoucherAnswer): boolean {
    const { run, list } = this.reading;
    const { booksFrom } = run.books.company;
    const bounds = this.#bounds(chunk);
    if (list.list.countVouchers(run.range) > list.list.countVouchers(bounds)) return true;
    return answer.vouchers > 0 && booksFrom !== undefined && booksFrom < bounds.from;
  }

  /** The bounds of the request that brings a chunk. */
  #bounds(chunk: DateRange): DateRange {
    return this.reading.plan.everyDay ? chunk : acceptedBounds(chunk);
  }

  /** Lists the days of a few holes again. An invoice that was deleted or re-dated after Tally listed it is not a hole. */
  async #lookAgain(chunk: DateRange): Promise<void> {
    const { list, arrivals } = this.reading;
    const holes = arrivals.holes(chunk);
    const invoices = holes.reduce((sum, hole) => sum + hole.invoices, 0);
    if (arrivals.read === 0 || holes.length === 0 || holes.length > fewDays || invoices > fewInvoices) return;
    const listed = await list.listDays(holes.map(({ date }) => date));
    if (listed === undefined) return;
    for (const [date, guids] of listed) arrivals.markGoneExcept(date, guids);
  }

  /** Reads a range without a list: the span of the answers is compared with the requested span. */
  async #readUnlisted(): Promise<Portion> {
    const { run, arrivals, plan } = this.reading;
    const { range } = run;
    let best: { coverage: Coverage; answered: Answered } | undefined;
    for (const report of this.#reports) {
      const answered: Answered = { vouchers: 0, from: undefined, to: undefined };
      for (const chunk of plan.chunks) {
        const before = arrivals.read;
        const answer = await this.#ask(report, chunk, { from: chunk.from, to: range.to });
        extend(answered, answer);
        if (isOfOwnPeriod(answer, this.#bounds(chunk), arrivals.read > before)) break;
      }
      const coverage = judgeCoverage(range, answered, report, run.books.company.booksFrom);
      if (best === undefined || coverageRank[coverage.state] > coverageRank[best.coverage.state])
        best = { coverage, answered };
      if (coverage.state === 'covered' && !this.#leavesOutUnproven(answered) && !run.mode.asksEveryPart) break;
    }
    return { range, ...best };
  }

  /**
   * Whether Tally's list proves nothing, and the answers do not reach over the whole range. Both may then be of the period on
   * Tally's screen, even if the days at the ends are few enough to be holidays, so the next report is requested too.
   */
  #leavesOutUnproven({ from = '', to = '' }: Answered): boolean {
    const { run, list } = this.reading;
    return list.unproven !== undefined && (from > run.range.from || to < run.range.to);
  }

  /**
   * Requests the collection. If Tally answers for a period of its own, it would do so for every chunk. So the collection is not
   * requested again.
   */
  async #askCollection(chunk: DateRange, accepts: Judge): Promise<void> {
    const { list, arrivals } = this.reading;
    const listing = list.parts?.isListed(chunk) === false ? list.parts : undefined;
    this.#unlisted = [];
    if (listing) arrivals.beginPart();
    const onVoucher = listing && ((voucher: IndexedVoucher | undefined) => void this.#unlisted.push(voucher));
    const answer = await this.#ask(collected, chunk, chunk, accepts, onVoucher);
    this.#collected.vouchers += answer.vouchers;
    this.#collected.bytes += answer.bytes;
    if (reachesBeyond(answer, this.#bounds(chunk))) this.reading.run.collection?.turnOff();
  }

  /** Lists a chunk by the vouchers that the collection has just brought, else by ids. */
  async #listCollected(chunk: DateRange): Promise<void> {
    const { list, arrivals } = this.reading;
    if (list.parts?.isListed(chunk) !== false) return;
    if (!(await list.parts.addCollected(chunk, this.#unlisted))) await list.parts.addIds(chunk);
    arrivals.endPart();
  }

  /** How the vouchers of the next answer are handled. */
  #taking(wanted: DateRange): Taking {
    const { run, arrivals, sink } = this.reading;
    return {
      ...{ wanted, arrivals, sink, totals: this.totals },
      source: run.books.source,
      company: run.books.company,
      ...{ rules: run.rules.rules, ledgerRules: run.rules.ledgerRules },
      number: this.#answers++,
    };
  }

  async #ask(
    report: Report,
    chunk: DateRange,
    wanted: DateRange,
    accepts?: Judge,
    onVoucher?: OnVoucher,
  ): Promise<VoucherAnswer> {
    const { run, list, arrivals } = this.reading;
    await list.addUnchanged?.(wanted.to);
    arrivals.addCounted();
    const before = arrivals.read;
    const asked = {
      ...this.#taking(wanted),
      ...{ report, accepts, onVoucher },
      chunk: this.#bounds(chunk),
      day: chunk.from === chunk.to ? chunk.from : undefined,
      onProgress: (answer: VoucherAnswer) => {
        this.#tell(answer, chunk);
      },
    };
    const answer = await readAnswer(asked, run.context);
    if (report !== collected)
      this.#invoicesBy.set(report, (this.#invoicesBy.get(report) ?? 0) + arrivals.read - before);
    extend(this.answered, answer);
    return answer;
  }

  #tell(answer: VoucherAnswer, chunk: DateRange): void {
    const { list, plan } = this.reading;
    const byBytes = answer.totalBytes ? answer.bytes / answer.totalBytes : undefined;
    // While vouchers are listed and read at once, it is not known how many of the rest are invoices, so vouchers are counted.
    const fraction =
      list.parts?.isListed(this.reading.run.range) === false
        ? list.parts.fraction + (list.parts.isListed(chunk) ? 0 : answer.vouchers / list.list.vouchers)
        : byBytes !== undefined && !reachesBeyond(answer, this.#bounds(chunk))
          ? (plan.chunks.indexOf(chunk) + byBytes) / plan.chunks.length
          : byBytes;
    this.tell('reading', answer.vouchers, fraction);
  }

  /** Reports the progress of the range: the share of the listed invoices that were read, or `otherwise` without a list. */
  tell(phase: 'reading' | 'writing', vouchers = 0, otherwise?: number): void {
    const { run, list, arrivals } = this.reading;
    const { loaded, invoices, unchanged, unchangedInvoices } = list.list;
    const isListed = list.isWhole && loaded > 0 && list.parts?.isListed(run.range) !== false;
    const fraction = isListed ? (arrivals.read + unchanged) / loaded : otherwise;
    if (fraction !== undefined) this.#reached = Math.max(this.#reached ?? 0, Math.min(1, fraction));
    const { lastDate } = this.totals;
    run.context.onProgress?.({
      phase,
      invoices: this.totals.invoices,
      vouchers: this.answered.vouchers + vouchers,
      ...(this.#reached !== undefined && { fraction: this.#reached }),
      ...(isListed && { total: invoices - unchangedInvoices }),
      ...(phase === 'reading' && lastDate !== undefined && { date: lastDate }),
    });
  }
}

/**
 * Whether a report answered for a period of its own, so that it need not be requested again. An answer that begins too early, ends
 * with the chunk and brings missing invoices does not count as such. Tally may have dropped only the first bound of the request
 * (docs/tally.md §1.3), and the answer does not contain later chunks.
 */
const isOfOwnPeriod = (answer: VoucherAnswer, chunk: DateRange, hasNew: boolean): boolean =>
  reachesBeyond(answer, chunk) && !(hasNew && answer.to !== undefined && answer.to <= chunk.to);

const coverageRank = { nothing: 0, partly: 1, covered: 2 };

const reachesBeyond = ({ from, to }: VoucherAnswer, chunk: DateRange): boolean =>
  (from !== undefined && from < chunk.from) || (to !== undefined && to > chunk.to);

function extend(answered: Answered, { vouchers, from, to }: VoucherAnswer): void {
  answered.vouchers += vouchers;
  if (from !== undefined && (answered.from === undefined || from < answered.from)) answered.from = from;
  if (to !== undefined && (answered.to === undefined || to > answered.to)) answered.to = to;
}
