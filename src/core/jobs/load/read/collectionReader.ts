import { t } from '@vscode/l10n';
import { addDays, today, type CalendarDate, type DateRange } from '../../../base/calendar.js';
import { dateText } from '../../../base/countWords.js';
import { asEtlError, cancelled, EtlError } from '../../../base/errors.js';
import { isNotOffered } from '../../../tally/answerErrors.js';
import { confirmOpen } from '../../../tally/requests/companies.js';
import type { KnownSource } from '../../../warehouse/records/sources.js';
import { differingField, type CollectionProof, type VoucherReading } from './collectionProof.js';
import { chunksOfDays, partsOf } from '../chunks.js';
import type { ReadList } from '../list/readList.js';
import { tryOnce } from '../list/tryOnce.js';
import type { Run } from '../run.js';
import type { Arrivals } from './arrivals.js';
import { takeVouchers, type Judge, type MappedVoucher, type Taking } from './readAnswer.js';
import { soundReading, WholeVouchers } from './wholeVouchers.js';

/** The seconds that real Tallys took for one voucher (docs/tally.md §2, "Busy, slow, hanging"). */
const secondsPer = { collected: 1 / 700, single: 0.016 };

/** With fewer invoices the reports take only some seconds, so that proving the collection is not worthwhile. */
const worthProving = 800;
/** The first request of a company is for one day, with no more invoices than this if there is such a day. */
const mostOfFirstDay = 300;
/** How many invoices of each answer are chosen at random to be read whole too. */
const checks = 5;
/**
 * If the collection is proven, up to this many invoices of a chunk are read one by one, whatever that costs. Some of
 * them would be read whole anyway, to be compared.
 */
const fewSingles = 40;
/**
 * How often a window (the days of one request) is requested at most. A repeat takes the invoices that the comparisons
 * of the pass before have confirmed.
 */
const passes = 3;
/**
 * The most remaining invoices of a window that are read one by one. An answer that differs more from its list is left to the
 * reports.
 */
const mostSingles = 500;
/** After so many incomplete chunks the collection is not requested again in this run. */
const failuresAllowed = 3;

/** An invoice that came in the collection but was not taken from it. */
interface Aside {
  guid: string;
  /** The invoice from the collection, to be compared with the whole voucher. */
  sample?: VoucherReading;
}

/** Whether an invoice from the collection is taken. `seen` is undefined for a damaged voucher. */
type Choose = (guid: string, seen: VoucherReading | undefined, aside: Aside[]) => boolean;

/**
 * Remembers the verdict on the collection for the next run: `right N`, `wrong N`, `dropped N`, `differs N`, `contradicted N`.
 */
export type RememberCollection = (verdict: string | null, on: CalendarDate) => Promise<void>;

/** The functions of RangeReader that CollectionReader uses: for requests, for lists, and for taking vouchers. */
export interface CollectionAccess {
  reading: { run: Run; list: ReadList; arrivals: Arrivals };
  taking: (chunk: DateRange) => Taking;
  ask: (chunk: DateRange, accepts: Judge) => Promise<void>;
  isListed: (chunk: DateRange) => boolean;
  /** Lists the invoices of a chunk that has just been requested, if they are not listed yet. */
  list: (chunk: DateRange) => Promise<void>;
  /** How many vouchers one answer may have. */
  mostVouchers: () => number;
  /** Reports progress. */
  tell: () => void;
}

/**
 * Reads invoices (with the stream `ledger` vouchers of every type) in ways that cost Tally a tenth of a report or less.
 * One is a collection of the fields that invoices are made of, the other is voucher by voucher. The collection is
 * believed as far as whole vouchers agree with it (CollectionProof). Invoices that do not come in these ways stay
 * awaited, and the reports bring them.
 */
export class CollectionReader {
  #failures = 0;
  /** Tally's counter of changes of masters, when it was last requested. */
  #masterCounter: number | undefined;
  /** How many invoices had come before the last answer began. */
  #readBefore = 0;
  /** Ids are being requested: an error then says nothing about the collection. */
  #isListing = false;
  readonly #deleted = new Set<string>();
  #choosesAltered: Choose | undefined;
  readonly #wholes: WholeVouchers;

  constructor(
    private readonly access: CollectionAccess,
    private readonly proof: CollectionProof,
    /** Remembers a verdict for the next run. */
    private readonly remember: RememberCollection,
    /** The verdict that earlier runs remembered, and its day. */
    private readonly before: Pick<KnownSource, 'collection' | 'collectionOn'> | undefined,
  ) {
    this.#wholes = new WholeVouchers(access.reading.run);
    this.#masterCounter = access.reading.run.books.company.masterCounter;
  }

  /** Whether reading a chunk also lists it: the chunk is not listed yet, and the collection is believed. */
  lists(chunk: DateRange): boolean {
    const { proof, access } = this;
    return (
      proof.isRight && !proof.isOff && !access.isListed(chunk) && access.reading.list.list.countVouchers(chunk) > 0
    );
  }

  /**
   * Reads as many awaited invoices of a chunk as it can. Returns whether it sent a request, or took vouchers that came
   * with a list. Throws `answer-unreadable` for a contradiction.
   */
  async read(chunk: DateRange): Promise<boolean> {
    const { arrivals, list, run } = this.access.reading;
    const { proof } = this;
    let isRead = false;
    if (proof.isUsed) {
      await this.#readMoved(chunk);
      isRead = await this.#takeAltered(chunk);
    }
    const invoices = arrivals.awaited(chunk);
    if (!this.lists(chunk)) {
      if (proof.isOff || invoices === 0) return isRead;
      // A list that is built while it is read (`list.parts`) is always long enough to be worth the proof.
      if (!proof.isRight && !list.parts && arrivals.awaited(run.range) < worthProving) return isRead;
      const seconds = this.#awaitedParts(chunk).reduce((sum, part) => sum + this.#secondsOf(part), 0);
      if (proof.isRight && (invoices <= fewSingles || invoices * secondsPer.single < seconds)) {
        await this.#readSingly([...arrivals.awaitedIn(chunk)], chunk);
        return true;
      }
      if (!proof.isRight && !(await this.#tryDay(chunk))) return true;
    }
    if (!(await this.#readOrDrop(chunk))) return true;
    if (arrivals.awaited(chunk) > 0 && ++this.#failures >= failuresAllowed) {
      this.#drop('Tally does not give all invoices in its collection of vouchers');
      await this.remember(this.proof.notGiven, today());
    }
    return true;
  }

  /**
   * Reads invoices that were re-dated while earlier chunks were read. The lists do not have them on their new day, so only a
   * report would bring them.
   */
  async #readMoved(chunk: DateRange): Promise<void> {
    for (const guid of [...this.access.reading.arrivals.gone()]) {
      if (this.#deleted.has(guid)) continue;
      const whole = await this.#wholes.read(guid);
      if (whole === undefined) this.#deleted.add(guid);
      else await this.#take(whole.taken, chunk);
    }
    this.#wholes.forgive();
  }

  /**
   * Takes the awaited invoices of a chunk that came with the list of altered vouchers, and reads those whole that are
   * compared. Returns whether one came. The others stay awaited.
   */
  async #takeAltered(chunk: DateRange): Promise<boolean> {
    const { reading, taking, tell } = this.access;
    const { arrivals, run } = reading;
    const { altered } = run;
    const { list } = arrivals;
    if (altered === undefined || altered.size === 0) return false;
    const before = arrivals.read;
    this.#choosesAltered ??= this.#chooser(altered.size);
    for (let agreed = 1; agreed > 0 && !this.proof.isOff;) {
      const aside: Aside[] = [];
      const accepted: MappedVoucher[] = [];
      for (const guid of arrivals.awaitedIn(chunk)) {
        const collected = altered.find(guid, list.alterIdAt(list.positionOf(guid)!));
        if (collected === undefined) continue;
        if (!this.#choosesAltered(guid, collected.seen, aside)) continue;
        accepted.push(collected.taken);
        altered.forget(guid);
      }
      await takeVouchers(accepted, taking(chunk), run.context.logger, tell);
      agreed = await this.#compare(aside, chunk);
    }
    return arrivals.read > before;
  }

  /**
   * Reads a range from the collection. Returns false if Tally does not give the collection, or not in time. Nothing of
   * that answer was then taken, and the reports are read.
   */
  async #readOrDrop(range: DateRange): Promise<boolean> {
    const { arrivals, run } = this.access.reading;
    try {
      await this.#readCollected(range);
      return true;
    } catch (error) {
      const { code, message } = asEtlError(error);
      const isLate = code === 'tally-timeout' || code === 'answer-cut';
      // Invoices that were taken from an answer that did not end cannot be trusted, so the run must fail.
      const isOfOther = this.proof.hasContradicted || this.#isListing || arrivals.read > this.#readBefore;
      if (isOfOther || !(isLate || isNotOffered(error))) throw error;
      if (isLate && !(await run.books.source.isFree?.(run.context.signal)))
        throw run.context.signal.aborted ? cancelled() : error;
      this.#drop(`Tally does not give a collection of vouchers: ${message}`);
      await this.remember(this.proof.notGiven, today());
      return false;
    }
  }

  /**
   * Proves the collection by requesting one day. False if that fails: the reports are then read. The failure is remembered for
   * the next runs (tryOnce).
   */
  async #tryDay(chunk: DateRange): Promise<boolean> {
    const { arrivals, run } = this.access.reading;
    const { proof, before, remember } = this;
    const days = arrivals.holes(chunk).sort((a, b) => b.invoices - a.invoices);
    const { date } = days.find(({ invoices }) => invoices <= mostOfFirstDay) ?? days.at(-1)!;
    const known = { known: before?.collection ?? null, on: before?.collectionOn ?? null };
    const seen = await tryOnce(
      { ...known, wrong: proof.notGiven, remember },
      async () => {
        if (!(await this.#readOrDrop({ from: date, to: date })) || proof.isOff) return undefined;
        if (proof.hasAgreed) return true;
        this.#drop(`Nothing shows that Tally's collection of vouchers of ${date} has what whole vouchers have`);
        return undefined;
      },
      // An error here ends the run. It says nothing about the request, unless Tally contradicted itself.
      () => !proof.hasContradicted,
    );
    if (seen === undefined) return false;
    proof.isRight = true;
    run.context.logger.info("Tally's collection of vouchers has what whole vouchers have: invoices are read from it");
    await remember(proof.right, today());
    return true;
  }

  /** Requests a chunk by windows whose answers do not stop Tally's screen for long. */
  async #readCollected(chunk: DateRange): Promise<void> {
    const { arrivals, list } = this.access.reading;
    for (const part of this.#awaitedParts(chunk))
      for (let { from } = part; from <= part.to && !this.proof.isOff;) {
        const [window = part] = partsOf({ from, to: part.to }, list.list, this.access.mostVouchers());
        if (arrivals.awaited(window) > 0 || !this.access.isListed(window)) await this.#readWindow(window);
        from = addDays(window.to, 1);
      }
  }

  /** The parts of a chunk on whose days something is awaited; the chunk itself if the days are not known, or are no bounds. */
  #awaitedParts(chunk: DateRange): DateRange[] {
    const { arrivals, list } = this.access.reading;
    if (!this.access.isListed(chunk) || this.access.mostVouchers() === Infinity) return [chunk];
    const days = new Map(arrivals.holes(chunk).map(({ date, invoices }) => [date, invoices]));
    return [...chunksOfDays(days, () => true, list.list, false)];
  }

  async #readWindow(chunk: DateRange): Promise<void> {
    const { arrivals } = this.access.reading;
    for (let pass = 0; pass < passes; pass++) {
      const aside: Aside[] = [];
      this.#readBefore = arrivals.read;
      await this.access.ask(chunk, this.#judge(chunk, aside));
      this.#isListing = true;
      await this.access.list(chunk);
      this.#isListing = false;
      if (aside.length === 0) return;
      const agreed = await this.#compare(aside, chunk);
      if (this.proof.isOff) return;
      const rest = aside.map(({ guid }) => guid).filter((guid) => arrivals.isUnread(guid));
      // If nothing new was the same, another request would give the same result.
      const isLast = agreed === 0 || pass === passes - 1;
      const isCheap = isLast || rest.length * secondsPer.single <= this.#secondsOf(chunk);
      if (isCheap && rest.length <= mostSingles && (this.proof.isRight || this.proof.hasAgreed)) {
        await this.#readSingly(rest, chunk);
        return;
      }
      if (!isLast) continue;
      // Invoices that are not in the list are read here, because reports are requested only for listed ones.
      if (this.proof.isRight)
        await this.#readSingly(
          rest.filter((guid) => arrivals.list.positionOf(guid) === undefined),
          chunk,
        );
      return;
    }
  }

  #judge(chunk: DateRange, aside: Aside[]): Judge {
    const { arrivals, list } = this.access.reading;
    const expected = this.access.isListed(chunk) ? arrivals.awaited(chunk) : (list.parts?.expectedInvoices(chunk) ?? 0);
    const chooses = this.#chooser(expected);
    return (voucher, taken) => chooses(voucher.guid, soundReading(voucher, taken), aside);
  }

  /**
   * Chooses the invoices that are taken from an answer of about `expected` invoices. Puts the others into `aside`, with
   * a sample if they are to be compared.
   */
  #chooser(expected: number): Choose {
    const step = Math.max(1, Math.floor(expected / checks));
    const offset = Math.floor(Math.random() * step);
    let confirmed = 0;
    return (guid, seen, aside) => {
      if (seen === undefined || this.proof.isDiffering(seen)) {
        aside.push({ guid });
        return false;
      }
      const isConfirmed = this.proof.hasConfirmed(seen);
      if (isConfirmed && confirmed++ % step !== offset) {
        this.proof.take(seen);
        return true;
      }
      aside.push({ guid, ...((isConfirmed || this.proof.wants(seen)) && { sample: seen }) });
      return false;
    };
  }

  /** Reads the samples whole, takes these readings, and compares. Returns how many were the same. */
  async #compare(aside: readonly Aside[], chunk: DateRange): Promise<number> {
    let agreed = 0;
    const { logger } = this.access.reading.run.context;
    for (const { guid, sample } of aside) {
      if (sample === undefined) continue;
      const whole = await this.#wholes.read(guid);
      if (whole?.seen === undefined) continue;
      const { taken, seen } = whole;
      // The voucher was altered between the two readings.
      if (seen.alterId !== sample.alterId) continue;
      const field = differingField(sample, seen);
      if (field === undefined) {
        this.proof.agree(sample);
        agreed++;
        await this.#take(taken, chunk);
        continue;
      }
      // A ledger that was renamed between the two readings shows its new name in only one of them.
      if (await this.#hasNewMasters()) continue;
      if (this.proof.addDiffering(sample)) {
        logger.debug(
          `Tally's collection has another ${field} than the voucher ${sample.number ?? guid} itself: its kind is read whole`,
        );
        if (this.proof.isRight) await this.remember(this.proof.right, today());
        await this.#take(taken, chunk);
        continue;
      }
      await this.remember(this.proof.contradict(), today());
      const { number, date } = sample;
      logger.warn(
        `Tally's collection of vouchers has another ${field} than the voucher ${number ?? guid} of ${date} itself: ` +
          'invoices are read from reports',
      );
      if (this.proof.taken > 0) throw contradiction(field, number ?? guid, date);
      return agreed;
    }
    this.proof.forgetChosen();
    return agreed;
  }

  async #readSingly(guids: readonly string[], chunk: DateRange): Promise<void> {
    for await (const { taken } of this.#wholes.readEach(guids)) await this.#take(taken, chunk);
  }

  /**
   * Takes a voucher if it lies in the chunk. If it was re-dated to another chunk since it was listed, it stays awaited, and
   * that chunk brings it.
   */
  async #take(taken: MappedVoucher, chunk: DateRange): Promise<void> {
    await takeVouchers([taken], this.access.taking(chunk), this.access.reading.run.context.logger, this.access.tell);
  }

  /** Whether masters were changed since the last call, or since the run began. */
  async #hasNewMasters(): Promise<boolean> {
    const { books, context } = this.access.reading.run;
    const { masterCounter } = await confirmOpen(books.source, books.company, context.signal);
    const isNew = masterCounter !== this.#masterCounter;
    this.#masterCounter = masterCounter;
    return isNew;
  }

  #drop(reason: string): void {
    this.proof.turnOff();
    this.access.reading.run.context.logger.debug(reason);
  }

  #secondsOf(chunk: DateRange): number {
    return this.access.reading.list.list.countVouchers(chunk) * secondsPer.collected;
  }
}

const contradiction = (field: string, invoice: string, date: CalendarDate): EtlError =>
  new EtlError(
    'answer-unreadable',
    t(
      'Tally sent voucher {invoice} of {date} twice, with different values of {field}: once in its collection of vouchers, once by itself.',
      {
        ...{ invoice, date: dateText(date), field },
      },
    ),
    t('Run the command again: it reads whole reports of Tally, and a sync reads all loaded days again in this way.'),
  );
