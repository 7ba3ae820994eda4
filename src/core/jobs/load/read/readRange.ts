import type { CalendarDate, DateRange } from '../../../base/calendar.js';
import type { MappingRules } from '../../../invoice/mapInvoice.js';
import type { AnswerSource } from '../../../tally/answerSource.js';
import type { VoucherAnswer } from '../../../tally/requests/readVouchers.js';
import { judgeCoverage, type Answered, type Coverage } from '../coverage.js';
import type { Company, JobContext, JobResult } from '../../job.js';
import { acceptedBounds } from '../../../tally/requests/requests.js';
import { readAnswer, type Sink } from './readAnswer.js';
import { TallyTotals } from '../tallyTotals.js';
import type { VoucherIndex } from './voucherIndex.js';

type Report = JobResult['report'];

export interface RangeReading {
  source: AnswerSource;
  company: Company;
  /** Tally takes every day for a bound of a request (docs/tally.md §1.3). */
  everyDay: boolean;
  /** The reports that may be asked, the one that is likelier to serve first. */
  reports: readonly Report[];
  rules: MappingRules;
  /** What is to be loaded. */
  range: DateRange;
  /** What Tally is asked for, one request each: parts of the range, in order and without gaps. */
  chunks: DateRange[];
  index: VoucherIndex;
  /** Tally gave its index: what it lists is what has to come. */
  offersIndex: boolean;
  /** Every part is asked for, and without an index of every report: rows are to be removed for not having come. */
  thorough: boolean;
  /** Asks Tally once more what it lists of these days now: GUIDs; undefined where that proves nothing. */
  listDays: (dates: CalendarDate[]) => Promise<ReadonlyMap<CalendarDate, ReadonlySet<string>> | undefined>;
  sink: Sink;
}

/** A part of the range that has been read as far as Tally gives it: it can be merged. */
export interface Portion {
  range: DateRange;
  /** How the dates of the answers stand to the range, where the index proves nothing. */
  coverage?: Coverage;
  /** The answers that this was judged by: those of one report. */
  answered?: Answered;
}

/** Holes of a few days and invoices may have come about while the run was reading: they are looked at once more. */
const fewDays = 10;
const fewInvoices = 50;

/**
 * Reads the invoices of a range into the sink, asking as often as it must: chunk by chunk; of what one report leaves out,
 * the next one. A report whose first answer reaches beyond its chunk serves a period of its own, mostly everything
 * (docs/contract.md, "Date Filtering"; docs/tally.md §1.4): all of that answer is taken, and it is not asked again.
 */
export class RangeReader {
  readonly totals = new TallyTotals();
  readonly answered: Answered = { vouchers: 0, from: undefined, to: undefined };
  /** The index proves what was read; else only the dates of the answers speak for it. */
  readonly proof: 'index' | 'dates';
  #reports: Report[];
  /** Reports that have sent all they have, whatever is asked. */
  readonly #exhausted = new Set<Report>();
  readonly #honoursDates = new Set<Report>();
  readonly #brought = new Map<Report, number>();
  /** The Day Book's answers are one day long; false once asking day by day has brought nothing. */
  #showsOneDay: boolean | undefined;
  #answers = 0;

  constructor(
    private readonly reading: RangeReading,
    private readonly context: JobContext,
  ) {
    this.proof = reading.offersIndex ? 'index' : 'dates';
    this.#reports = [...reading.reports];
  }

  /** The report that brought most. */
  get report(): Report {
    const [best] = [...this.#brought].sort(([, a], [, b]) => b - a);
    return best !== undefined && best[1] > 0 ? best[0] : this.#reports[0]!;
  }

  /** The report to begin with next time, and whether it sends everything whatever the dates: undefined if not seen. */
  get habit(): { report: Report; servesAll: boolean | undefined } {
    const report = this.#reports[0]!;
    const servesAll = this.#exhausted.has(report) || (this.#honoursDates.has(report) ? false : undefined);
    return { report, servesAll };
  }

  /** Reads, and hands out each part when it is done: in order, together all of the range. */
  async *portions(): AsyncGenerator<Portion> {
    const { chunks, index, range } = this.reading;
    if (this.proof === 'dates') {
      yield await this.#readUnlisted();
      return;
    }
    for (const [i, chunk] of chunks.entries()) {
      const later = chunks.slice(i + 1);
      const awaitedLater = (): number => later.reduce((sum, part) => sum + index.awaited(part), 0);
      const before = awaitedLater();
      await this.#readChunk(chunk);
      if (awaitedLater() === before) {
        yield { range: chunk };
        continue;
      }
      // The answer brought later days too: they are read to their end and merged with it.
      for (const part of later) await this.#readChunk(part);
      yield { range: { from: chunk.from, to: range.to } };
      return;
    }
  }

  /** Asks one report after the other until nothing that the index lists in the chunk is missing. */
  async #readChunk(chunk: DateRange): Promise<void> {
    const { index, range, thorough } = this.reading;
    let asked = false;
    for (const report of [...this.#reports]) {
      const awaited = index.awaited(chunk);
      if (awaited === 0 && (asked || !thorough)) break;
      if (this.#exhausted.has(report)) continue;
      asked = true;
      const answer = await this.#ask(report, chunk, { from: chunk.from, to: range.to });
      if (isOfOwnPeriod(answer, this.#bounds(chunk), index.awaited(chunk) < awaited)) this.#exhausted.add(report);
      else if (this.#shows(chunk, answer)) this.#honoursDates.add(report);
      if (report === 'Day Book' && answer.vouchers > 0 && answer.from === answer.to) this.#showsOneDay ??= true;
      // The one that brought all is asked first from now on.
      if (awaited > 0 && index.awaited(chunk) === 0)
        this.#reports = [report, ...this.#reports.filter((other) => other !== report)];
    }
    if (index.awaited(chunk) > 0 && chunk.from < chunk.to) await this.#readDays(chunk);
    await this.#lookAgain(chunk);
  }

  /** Some Day Books look at SVCURRENTDATE alone and show its day (docs/tally.md §1.4): the days that are missing, one by one. */
  async #readDays(chunk: DateRange): Promise<void> {
    const { index, range } = this.reading;
    for (const { date, invoices } of index.holes(chunk)) {
      if (this.#showsOneDay !== true) return;
      const day = { from: date, to: date };
      await this.#ask('Day Book', day, { from: date, to: range.to });
      this.#showsOneDay = index.awaited(day) < invoices;
    }
  }

  /** Whether an answer for a chunk shows that dates are kept to: there are vouchers beside the chunk, and none came. */
  #shows(chunk: DateRange, answer: VoucherAnswer): boolean {
    const { index, range, company } = this.reading;
    const bounds = this.#bounds(chunk);
    if (index.countVouchers(range) > index.countVouchers(bounds)) return true;
    return answer.vouchers > 0 && company.booksFrom !== undefined && company.booksFrom < bounds.from;
  }

  /** What Tally is asked for so that a chunk comes. */
  #bounds(chunk: DateRange): DateRange {
    return this.reading.everyDay ? chunk : acceptedBounds(chunk);
  }

  /** A voucher that was deleted or re-dated after the index was read is no hole. */
  async #lookAgain(chunk: DateRange): Promise<void> {
    const { index, listDays } = this.reading;
    const holes = index.holes(chunk);
    const invoices = holes.reduce((sum, hole) => sum + hole.invoices, 0);
    if (index.read === 0 || holes.length === 0 || holes.length > fewDays || invoices > fewInvoices) return;
    const listed = await listDays(holes.map(({ date }) => date));
    if (listed === undefined) return;
    for (const [date, guids] of listed) index.forgetUnless(date, guids);
  }

  /** Without an index the span of the answers is compared with the span asked for. */
  async #readUnlisted(): Promise<Portion> {
    const { chunks, company, index, range, thorough } = this.reading;
    let best: { coverage: Coverage; answered: Answered } | undefined;
    for (const report of this.#reports) {
      const answered: Answered = { vouchers: 0, from: undefined, to: undefined };
      for (const chunk of chunks) {
        const before = index.read;
        const answer = await this.#ask(report, chunk, { from: chunk.from, to: range.to });
        extend(answered, answer);
        if (isOfOwnPeriod(answer, this.#bounds(chunk), index.read > before)) break;
      }
      const coverage = judgeCoverage(range, answered, report, company.booksFrom);
      if (best === undefined || worth[coverage.state] > worth[best.coverage.state]) best = { coverage, answered };
      if (coverage.state === 'covered' && !thorough) break;
    }
    return { range, ...best };
  }

  async #ask(report: Report, chunk: DateRange, wanted: DateRange): Promise<VoucherAnswer> {
    const { source, company, rules, index, sink } = this.reading;
    const before = index.read;
    const onProgress = (answer: VoucherAnswer): void => {
      this.#tell(answer, chunk);
    };
    const number = this.#answers++;
    const { totals, context } = this;
    const bounds = this.#bounds(chunk);
    const day = chunk.from === chunk.to ? chunk.from : undefined;
    const answer = await readAnswer(
      { source, company, report, rules, chunk: bounds, day, wanted, index, number, totals, sink, onProgress },
      context,
    );
    this.#brought.set(report, (this.#brought.get(report) ?? 0) + index.read - before);
    extend(this.answered, answer);
    return answer;
  }

  #tell(answer: VoucherAnswer, chunk: DateRange): void {
    const { index, offersIndex, chunks } = this.reading;
    const isLong = reachesBeyond(answer, this.#bounds(chunk));
    const byBytes = answer.totalBytes ? answer.bytes / answer.totalBytes : undefined;
    const listed = offersIndex && index.invoices > 0;
    // An answer that reaches beyond what was asked ends long after the last invoice of the range: its bytes say when.
    const long = (isLong || !listed) && byBytes !== undefined && byBytes < 1;
    const fraction = long
      ? isLong
        ? byBytes
        : (chunks.indexOf(chunk) + byBytes) / chunks.length
      : listed
        ? Math.min(1, (index.read + index.unchanged) / index.invoices)
        : byBytes;
    const { lastDate } = this.totals;
    this.context.onProgress?.({
      phase: 'reading',
      invoices: this.totals.invoices,
      vouchers: this.answered.vouchers + answer.vouchers,
      ...(fraction !== undefined && { fraction }),
      ...(listed && !long && { total: index.invoices - index.unchanged }),
      ...(lastDate !== undefined && { date: lastDate }),
    });
  }
}

/**
 * Whether a report sends a period of its own, so that it need not be asked again. One that begins too early, ends with
 * the chunk and brings something may have lost one bound of the period only (docs/tally.md §1.3): later chunks are not in it.
 */
const isOfOwnPeriod = (answer: VoucherAnswer, chunk: DateRange, brought: boolean): boolean =>
  reachesBeyond(answer, chunk) && !(brought && answer.to !== undefined && answer.to <= chunk.to);

const worth = { nothing: 0, partly: 1, covered: 2 };

const reachesBeyond = ({ from, to }: VoucherAnswer, chunk: DateRange): boolean =>
  (from !== undefined && from < chunk.from) || (to !== undefined && to > chunk.to);

function extend(answered: Answered, { vouchers, from, to }: VoucherAnswer): void {
  answered.vouchers += vouchers;
  if (from !== undefined && (answered.from === undefined || from < answered.from)) answered.from = from;
  if (to !== undefined && (answered.to === undefined || to > answered.to)) answered.to = to;
}
