import { t } from '@vscode/l10n';
import { addDays, today, type CalendarDate, type DateRange } from '../../../base/calendar.js';
import { dateText } from '../../../base/countWords.js';
import { asEtlError, cancelled, EtlError } from '../../../base/errors.js';
import { bookedSum } from '../../../invoice/mapLines.js';
import { isYes } from '../../../invoice/values/values.js';
import type { Voucher } from '../../../invoice/voucher.js';
import { isNotOffered } from '../../../tally/answerErrors.js';
import { confirmOpen } from '../../../tally/requests/companies.js';
import { readVoucher } from '../../../tally/requests/readVoucher.js';
import type { KnownSource } from '../../../warehouse/records/sources.js';
import { differingField, right, type CollectionProof, type Seen } from './collectionProof.js';
import { partsOf } from '../chunks.js';
import type { ReadList } from '../list/readList.js';
import { tryOnce } from '../list/tryOnce.js';
import type { Run } from '../run.js';
import type { Arrivals } from './arrivals.js';
import { mapVoucher, takeVouchers, type Judge, type Taken, type Taking } from './readAnswer.js';

/** Seconds that real Tallys took for a voucher (docs/tally.md §2, "Busy, slow, hanging"). */
const secondsPer = { collected: 1 / 700, single: 0.016 };

/** A load of fewer invoices takes the reports some seconds: a proof would not pay. */
const worthProving = 800;
/** The first request of a company is for one day, of not more invoices than this where there is such a day. */
const mostOfFirstDay = 300;
/** Chosen at random in each answer, to be read whole as well. */
const checks = 5;
/** So few are read one by one in any case: some are read so anyway, to compare. */
const fewSingles = 40;
/** A chunk is asked for again, once kinds of invoices that were new in it have been compared. */
const passes = 3;
/** Of the rest of a chunk not more are read one by one: what differs from its list is the business of the reports. */
const mostSingles = 500;
/** After so many in a row no more vouchers are asked for one by one. */
const notGivenAllowed = 5;
/** After so many chunks of which it did not bring all, the collection is not asked again in this run. */
const failuresAllowed = 3;

/** An invoice of an answer that is not taken from it. */
interface Aside {
  guid: string;
  /** To be compared with the whole voucher. */
  sample?: Seen;
}

/** Keeps for the next run what was seen of the collection: `right N`, `wrong N`, `dropped N`, `differs N`, `contradicted N`. */
export type RememberCollection = (verdict: string | null, on: CalendarDate) => Promise<void>;

/** What the reader of a range lends: its way of asking, and where vouchers go. */
export interface CollectionAccess {
  reading: { run: Run; list: ReadList; arrivals: Arrivals };
  taking: (chunk: DateRange) => Taking;
  ask: (chunk: DateRange, believes: Judge) => Promise<void>;
  isListed: (chunk: DateRange) => boolean;
  /** Lists the invoices of a chunk that has just been asked for, if they are not listed. */
  list: (chunk: DateRange) => Promise<void>;
  /** How many vouchers one answer may have. */
  mostVouchers: () => number;
  tell: () => void;
}

/**
 * Reads invoices in ways that cost Tally a tenth of a report and less: from a collection of the fields that they are made of, and
 * voucher by voucher. The collection is believed as far as whole vouchers say the same (CollectionProof). What does not come so,
 * stays awaited, and the reports bring it.
 */
export class CollectionReader {
  #failures = 0;
  /** Tally gave none of so many vouchers that were asked for one by one. */
  #notGiven = 0;
  #masterCounter: number | undefined;
  /** What had come before the last answer began. */
  #readBefore = 0;
  /** Ids are asked for: what Tally makes of them says nothing of the collection. */
  #isListing = false;
  readonly #deleted = new Set<string>();

  constructor(
    private readonly access: CollectionAccess,
    private readonly proof: CollectionProof,
    /** Keeps a verdict for the next run. */
    private readonly remember: RememberCollection,
    private readonly before: Pick<KnownSource, 'collection' | 'collectionOn'> | undefined,
  ) {
    this.#masterCounter = access.reading.run.books.company.masterCounter;
  }

  /** Whether reading a chunk also lists it: it is not listed yet, and the collection is believed. */
  lists(chunk: DateRange): boolean {
    const { proof, access } = this;
    return (
      proof.isRight && !proof.isOff && !access.isListed(chunk) && access.reading.list.list.countVouchers(chunk) > 0
    );
  }

  /** Reads what it can of the awaited invoices of a chunk. Says whether it asked. Throws `answer-unreadable` for a contradiction. */
  async read(chunk: DateRange): Promise<boolean> {
    const { arrivals, list, run } = this.access.reading;
    const { proof } = this;
    if (proof.isUsed) await this.#readMoved(chunk);
    const invoices = arrivals.awaited(chunk);
    if (!this.lists(chunk)) {
      if (proof.isOff || invoices === 0) return false;
      // A list that is put together while it is read is a long one.
      if (!proof.isRight && !list.parts && arrivals.awaited(run.range) < worthProving) return false;
      if (proof.isRight && (invoices <= fewSingles || invoices * secondsPer.single < this.#secondsOf(chunk))) {
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

  /** Invoices that were re-dated while earlier chunks were read: no list has them on their new day, and a report would bring them. */
  async #readMoved(chunk: DateRange): Promise<void> {
    for (const guid of [...this.access.reading.arrivals.gone()]) {
      if (this.#deleted.has(guid)) continue;
      const whole = await this.#readWhole(guid);
      if (whole === undefined) this.#deleted.add(guid);
      else await this.#take(whole.taken, chunk);
    }
    this.#notGiven = 0;
  }

  /** False where Tally does not give the collection, or not in time: then the reports are read. Nothing of that answer was taken. */
  async #readOrDrop(range: DateRange): Promise<boolean> {
    const { arrivals, run } = this.access.reading;
    try {
      await this.#readCollected(range);
      return true;
    } catch (error) {
      const { code, message } = asEtlError(error);
      const isLate = code === 'tally-timeout' || code === 'answer-cut';
      // What came of an answer that did not end must not be believed.
      const isOfOther = this.proof.hasContradicted || this.#isListing || arrivals.read > this.#readBefore;
      if (isOfOther || !(isLate || isNotOffered(error))) throw error;
      if (isLate && !(await run.books.source.isFree?.(run.context.signal)))
        throw run.context.signal.aborted ? cancelled() : error;
      this.#drop(`Tally does not give a collection of vouchers: ${message}`);
      await this.remember(this.proof.notGiven, today());
      return false;
    }
  }

  /** Asks for one day first, and only once. */
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
      // The run ends. Unless Tally contradicted itself, nothing was seen that counts for the next run.
      () => !proof.hasContradicted,
    );
    if (seen === undefined) return false;
    proof.isRight = true;
    run.context.logger.info("Tally's collection of vouchers has what whole vouchers have: invoices are read from it");
    await remember(right, today());
    return true;
  }

  /** Asks for a chunk by windows whose answers do not stop Tally's screen for long. */
  async #readCollected(chunk: DateRange): Promise<void> {
    const { arrivals, list } = this.access.reading;
    for (let { from } = chunk; from <= chunk.to && !this.proof.isOff;) {
      const [window = chunk] = partsOf({ from, to: chunk.to }, list.list, this.access.mostVouchers());
      if (arrivals.awaited(window) > 0 || !this.access.isListed(window)) await this.#readWindow(window);
      from = addDays(window.to, 1);
    }
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
      // Asked again after nothing new was compared, it would say the same.
      const isLast = agreed === 0 || pass === passes - 1;
      const isCheap = isLast || rest.length * secondsPer.single <= this.#secondsOf(chunk);
      if (isCheap && rest.length <= mostSingles && (this.proof.isRight || this.proof.hasAgreed)) {
        await this.#readSingly(rest, chunk);
        return;
      }
      if (!isLast) continue;
      // No report is asked for one that is in no list.
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
    const step = Math.max(1, Math.floor(expected / checks));
    const offset = Math.floor(Math.random() * step);
    let believed = 0;
    return (voucher, taken) => {
      if (!('invoice' in taken) || !isSound(voucher)) {
        aside.push({ guid: voucher.guid });
        return false;
      }
      const seen = seenOf(voucher, taken);
      const isBelieved = this.proof.believes(seen);
      if (isBelieved && believed++ % step !== offset) {
        this.proof.taken++;
        return true;
      }
      aside.push({ guid: voucher.guid, ...((isBelieved || this.proof.wants(seen)) && { sample: seen }) });
      return false;
    };
  }

  /** Reads samples whole, which takes them too, and compares. Returns how many were the same. */
  async #compare(aside: readonly Aside[], chunk: DateRange): Promise<number> {
    let agreed = 0;
    const { logger } = this.access.reading.run.context;
    for (const { guid, sample } of aside) {
      if (sample === undefined) continue;
      const whole = await this.#readWhole(guid);
      if (whole?.seen === undefined) continue;
      const { taken, seen } = whole;
      // It was altered between the two.
      if (seen.invoice.alterId !== sample.invoice.alterId) continue;
      const field = differingField(sample, seen);
      if (field === undefined) {
        this.proof.agree(sample);
        agreed++;
        await this.#take(taken, chunk);
        continue;
      }
      // A ledger that was renamed between the two shows its new name in one of them.
      if (await this.#hasNewMasters()) continue;
      await this.remember(this.proof.contradict(), today());
      const { invoiceNumber, date } = sample.invoice;
      logger.warn(
        `Tally's collection of vouchers has another ${field} than the voucher ${invoiceNumber ?? guid} of ${date} itself: ` +
          'invoices are read from reports',
      );
      if (this.proof.taken > 0) throw contradiction(field, invoiceNumber ?? guid, date);
      return agreed;
    }
    this.proof.forgetChosen();
    return agreed;
  }

  async #readSingly(guids: readonly string[], chunk: DateRange): Promise<void> {
    for (const guid of guids) {
      if (this.#notGiven >= notGivenAllowed) return;
      const whole = await this.#readWhole(guid);
      if (whole !== undefined) await this.#take(whole.taken, chunk);
    }
  }

  /** One voucher, whole; undefined where Tally does not give this one. */
  async #readWhole(guid: string): Promise<{ taken: Taken; seen: Seen | undefined } | undefined> {
    const { books, rules, context } = this.access.reading.run;
    const { source, company } = books;
    const masterId = masterIdOf(guid, company.id);
    if (masterId === undefined) return undefined;
    const read = await readVoucher(source, company, masterId, context.signal);
    if (read?.voucher.guid !== guid) {
      this.#notGiven++;
      return undefined;
    }
    this.#notGiven = 0;
    const taken = mapVoucher(read, rules.rules, company);
    return { taken, seen: 'invoice' in taken ? seenOf(read.voucher, taken) : undefined };
  }

  /** One that has left the chunk since it was listed stays awaited: where it went, another chunk brings it. */
  async #take(taken: Taken, chunk: DateRange): Promise<void> {
    await takeVouchers([taken], this.access.taking(chunk), this.access.reading.run.context.logger, this.access.tell);
  }

  /** Whether masters were changed since this was asked last, or since the run began. */
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

/** What must be there in any voucher that has come as it is (docs/tally.md §1.6): its marks, its lines, and their balance. */
function isSound({ isCancelled, lines }: Voucher): boolean {
  if (isCancelled === '') return false;
  if (isYes(isCancelled)) return true;
  const ledgers = lines.filter((line) => line.kind === 'ledger');
  const stored = ledgers.some(({ view }) => view === 'invoice')
    ? lines.filter((line) => line.kind === 'item' || line.view === 'invoice')
    : lines;
  return ledgers.length > 0 && bookedSum(stored) === 0n;
}

const seenOf = ({ lines }: Voucher, { invoice, doubts }: Extract<Taken, { invoice: unknown }>): Seen => ({
  ...{ invoice, doubts },
  view: lines.some((line) => line.kind === 'ledger' && line.view === 'invoice') ? 'invoice' : 'accounting',
});

/** The MASTERID that a GUID of the company ends with (30,086 of 30,086, docs/tally.md §4). */
function masterIdOf(guid: string, companyId: string): number | undefined {
  const hex = guid.slice(companyId.length + 1);
  return guid.startsWith(`${companyId}-`) && /^[0-9a-f]{8}$/i.test(hex) ? Number.parseInt(hex, 16) : undefined;
}

const contradiction = (field: string, invoice: string, date: CalendarDate): EtlError =>
  new EtlError(
    'answer-unreadable',
    t(
      'Tally says two things of invoice {invoice} of {date}: its collection of vouchers and the voucher itself differ in {field}.',
      {
        ...{ invoice, date: dateText(date), field },
      },
    ),
    t('Run the command again: it reads whole reports of Tally, and a sync reads all loaded days again in this way.'),
  );
