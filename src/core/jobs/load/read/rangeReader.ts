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
/** Single vouchers count with it. */
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
  /** Keeps what is seen of Tally's collection of vouchers. */
  remember: RememberCollection;
}

/** A part of the range that has been read as far as Tally gives it: it can be merged. */
export interface Portion {
  range: DateRange;
  /** How the dates of the answers stand to the range, where the list proves nothing. */
  coverage?: Coverage;
  /** The answers that this was judged by: those of one report. */
  answered?: Answered;
}

/** Holes of a few days and invoices may have come about while the run was reading: they are looked at once more. */
const fewDays = 10;
const fewInvoices = 50;

/**
 * Reads the invoices of a range into the sink, asking as often as it must: chunk by chunk; of what one report leaves out,
 * the next one. A report that answers for a period of its own, mostly everything, is not asked again: the days of its answer
 * from the chunk on are taken (docs/contract.md, "Date Filtering"; docs/tally.md §1.4).
 */
export class RangeReader {
  readonly totals = new TallyTotals();
  readonly answered: Answered = { vouchers: 0, from: undefined, to: undefined };
  #reports: Report[];
  /** Reports that have sent all they have, whatever is asked. */
  readonly #exhausted = new Set<Report>();
  readonly #honoursDates = new Set<Report>();
  readonly #brought = new Map<Report, number>();
  /** The Day Book's answers are one day long; false once asking day by day has brought nothing. */
  #showsOneDay: boolean | undefined;
  #answers = 0;
  /** The furthest that was told: progress goes on, never back. */
  #reached: number | undefined;
  /** The range behind the chunk that is being read, and how many invoices of it were awaited when that began. */
  #later: DateRange = { from: '', to: '' };
  #awaitedLater = 0;
  /** What came of collections. */
  readonly #collected = { vouchers: 0, bytes: 0 };
  /** The vouchers of the last collection, where they are not listed yet. */
  #unlisted: (IndexedVoucher | undefined)[] = [];

  readonly #collection: CollectionReader | undefined;

  constructor(private readonly reading: RangeReading) {
    this.#reports = [...reading.plan.reports];
    const { collection, books, sources } = reading.run;
    const access: CollectionAccess = {
      reading,
      taking: (chunk) => this.#taking(chunk),
      ask: (chunk, believes) => this.#askCollection(chunk, believes),
      isListed: (chunk) => reading.list.parts?.isListed(chunk) ?? true,
      // Where Tally does not keep to every day, windows of days would bring the same again.
      list: (chunk) => this.#listCollected(chunk),
      mostVouchers: () => (reading.plan.everyDay ? vouchersPerAnswer(this.#collected) : Infinity),
      tell: () => {
        this.#tell(noAnswer, reading.run.range);
      },
    };
    this.#collection =
      collection && new CollectionReader(access, collection, reading.remember, sourceOf(books, sources));
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
    const { run, arrivals, plan } = this.reading;
    if (!this.reading.list.isWhole) {
      yield await this.#readUnlisted();
      return;
    }
    for (const [i, chunk] of plan.chunks.entries()) {
      this.#later = { from: addDays(chunk.to, 1), to: run.range.to };
      this.#awaitedLater = arrivals.awaited(this.#later);
      await this.#readChunk(chunk);
      if (arrivals.awaited(this.#later) === this.#awaitedLater) {
        yield { range: chunk };
        continue;
      }
      // The answer brought later days too: they are read to their end and merged with it.
      for (const part of plan.chunks.slice(i + 1)) await this.#readChunk(part);
      yield { range: { from: chunk.from, to: run.range.to } };
      return;
    }
  }

  /** Asks one report after the other until nothing that Tally lists in the chunk is missing. */
  async #readChunk(chunk: DateRange): Promise<void> {
    const { run, arrivals } = this.reading;
    const before = arrivals.read;
    if (this.#collection?.lists(chunk) !== true) await this.#list(chunk);
    let asked = (await this.#collection?.read(chunk)) ?? false;
    await this.#list(chunk);
    if (asked) this.#brought.set(collected, (this.#brought.get(collected) ?? 0) + arrivals.read - before);
    for (const report of [...this.#reports]) {
      const awaited = arrivals.awaited(chunk);
      if (awaited === 0 && (asked || !run.mode.asksEveryPart)) break;
      if (this.#exhausted.has(report)) continue;
      await this.#listRest();
      asked = true;
      const answer = await this.#ask(report, chunk, { from: chunk.from, to: run.range.to });
      if (isOfOwnPeriod(answer, this.#bounds(chunk), arrivals.awaited(chunk) < awaited)) this.#exhausted.add(report);
      else if (this.#shows(chunk, answer)) this.#honoursDates.add(report);
      if (report === 'Day Book' && answer.vouchers > 0 && answer.from === answer.to) this.#showsOneDay ??= true;
      // The one that brought all is asked first from now on.
      if (awaited > 0 && arrivals.awaited(chunk) === 0)
        this.#reports = [report, ...this.#reports.filter((other) => other !== report)];
    }
    if (arrivals.awaited(chunk) > 0 && chunk.from < chunk.to) await this.#readDays(chunk);
    await this.#lookAgain(chunk);
  }

  /** Asks for ids, where a part is not listed yet. */
  async #list(chunk: DateRange): Promise<void> {
    const { list, arrivals } = this.reading;
    if (list.parts === undefined || list.parts.isListed(chunk)) return;
    arrivals.beginPart();
    await list.parts.addIds(chunk);
    arrivals.endPart();
  }

  /** A report may answer for more than it is asked: what there is beside the chunk has to be known then. */
  async #listRest(): Promise<void> {
    const { list, arrivals, run } = this.reading;
    if (list.parts?.isListed(run.range) !== false) return;
    arrivals.beginPart();
    await list.parts.addRest();
    arrivals.endPart();
    this.#awaitedLater = arrivals.awaited(this.#later);
  }

  /** Some Day Books look at SVCURRENTDATE alone and show its day (docs/tally.md §1.4): the days that are missing, one by one. */
  async #readDays(chunk: DateRange): Promise<void> {
    const { run, arrivals } = this.reading;
    for (const { date, invoices } of arrivals.holes(chunk)) {
      if (this.#showsOneDay !== true) return;
      const day = { from: date, to: date };
      await this.#ask('Day Book', day, { from: date, to: run.range.to });
      this.#showsOneDay = arrivals.awaited(day) < invoices;
    }
  }

  /** Whether an answer for a chunk shows that dates are kept to: there are vouchers beside the chunk, and none came. */
  #shows(chunk: DateRange, answer: VoucherAnswer): boolean {
    const { run, list } = this.reading;
    const { booksFrom } = run.books.company;
    const bounds = this.#bounds(chunk);
    if (list.list.countVouchers(run.range) > list.list.countVouchers(bounds)) return true;
    return answer.vouchers > 0 && booksFrom !== undefined && booksFrom < bounds.from;
  }

  /** What Tally is asked for so that a chunk comes. */
  #bounds(chunk: DateRange): DateRange {
    return this.reading.plan.everyDay ? chunk : acceptedBounds(chunk);
  }

  /** A voucher that was deleted or re-dated after Tally listed it is no hole. */
  async #lookAgain(chunk: DateRange): Promise<void> {
    const { list, arrivals } = this.reading;
    const holes = arrivals.holes(chunk);
    const invoices = holes.reduce((sum, hole) => sum + hole.invoices, 0);
    if (arrivals.read === 0 || holes.length === 0 || holes.length > fewDays || invoices > fewInvoices) return;
    const listed = await list.listDays(holes.map(({ date }) => date));
    if (listed === undefined) return;
    for (const [date, guids] of listed) arrivals.markGoneExcept(date, guids);
  }

  /** Without a list the span of the answers is compared with the span asked for. */
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
      if (best === undefined || worth[coverage.state] > worth[best.coverage.state]) best = { coverage, answered };
      if (coverage.state === 'covered' && !run.mode.asksEveryPart) break;
    }
    return { range, ...best };
  }

  /** A collection that answers for a period of its own would be made anew for each chunk: it is not asked again. */
  async #askCollection(chunk: DateRange, believes: Judge): Promise<void> {
    const { list, arrivals } = this.reading;
    const listing = list.parts?.isListed(chunk) === false ? list.parts : undefined;
    this.#unlisted = [];
    if (listing) arrivals.beginPart();
    const onVoucher = listing && ((voucher: IndexedVoucher | undefined) => void this.#unlisted.push(voucher));
    const answer = await this.#ask(collected, chunk, chunk, believes, onVoucher);
    this.#collected.vouchers += answer.vouchers;
    this.#collected.bytes += answer.bytes;
    if (reachesBeyond(answer, this.#bounds(chunk))) this.reading.run.collection?.turnOff();
  }

  /** Lists a chunk by what the collection has just brought of it, else by ids. */
  async #listCollected(chunk: DateRange): Promise<void> {
    const { list, arrivals } = this.reading;
    if (list.parts?.isListed(chunk) !== false) return;
    if (!(await list.parts.addCollected(chunk, this.#unlisted))) await list.parts.addIds(chunk);
    arrivals.endPart();
  }

  /** What is done with the vouchers of the next answer. */
  #taking(wanted: DateRange): Taking {
    const { run, arrivals, sink } = this.reading;
    return {
      ...{ wanted, arrivals, sink, totals: this.totals },
      source: run.books.source,
      company: run.books.company,
      rules: run.rules.rules,
      number: this.#answers++,
    };
  }

  async #ask(
    report: Report,
    chunk: DateRange,
    wanted: DateRange,
    believes?: Judge,
    onVoucher?: OnVoucher,
  ): Promise<VoucherAnswer> {
    const { run, arrivals } = this.reading;
    const before = arrivals.read;
    const asked = {
      ...this.#taking(wanted),
      ...{ report, believes, onVoucher },
      chunk: this.#bounds(chunk),
      day: chunk.from === chunk.to ? chunk.from : undefined,
      onProgress: (answer: VoucherAnswer) => {
        this.#tell(answer, chunk);
      },
    };
    const answer = await readAnswer(asked, run.context);
    if (report !== collected) this.#brought.set(report, (this.#brought.get(report) ?? 0) + arrivals.read - before);
    extend(this.answered, answer);
    return answer;
  }

  #tell(answer: VoucherAnswer, chunk: DateRange): void {
    const { list, plan } = this.reading;
    const byBytes = answer.totalBytes ? answer.bytes / answer.totalBytes : undefined;
    // Of vouchers that are listed while they are read nobody knows yet how many are invoices.
    const fraction =
      list.parts?.isListed(this.reading.run.range) === false
        ? list.parts.fraction + (list.parts.isListed(chunk) ? 0 : answer.vouchers / list.list.vouchers)
        : byBytes !== undefined && !reachesBeyond(answer, this.#bounds(chunk))
          ? (plan.chunks.indexOf(chunk) + byBytes) / plan.chunks.length
          : byBytes;
    this.tell('reading', answer.vouchers, fraction);
  }

  /** Says how far the range is: by the list's invoices where there is a list, else by `otherwise`; never less than before. */
  tell(phase: 'reading' | 'writing', vouchers = 0, otherwise?: number): void {
    const { run, list, arrivals } = this.reading;
    const { invoices, unchanged } = list.list;
    const isListed = list.isWhole && invoices > 0 && list.parts?.isListed(run.range) !== false;
    const fraction = isListed ? (arrivals.read + unchanged) / invoices : otherwise;
    if (fraction !== undefined) this.#reached = Math.max(this.#reached ?? 0, Math.min(1, fraction));
    const { lastDate } = this.totals;
    run.context.onProgress?.({
      phase,
      invoices: this.totals.invoices,
      vouchers: this.answered.vouchers + vouchers,
      ...(this.#reached !== undefined && { fraction: this.#reached }),
      ...(isListed && { total: invoices - unchanged }),
      ...(phase === 'reading' && lastDate !== undefined && { date: lastDate }),
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
