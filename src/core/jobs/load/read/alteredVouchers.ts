import type { CalendarDate, DateRange } from '../../../base/calendar.js';
import { isYes } from '../../../invoice/values/values.js';
import { bookedSum } from '../../../invoice/mapLines.js';
import type { Voucher } from '../../../invoice/voucher.js';
import type { IndexedVoucher } from '../../../tally/requests/readVoucherIndex.js';
import { readVouchers } from '../../../tally/requests/readVouchers.js';
import { isLoaded } from '../../books/books.js';
import type { SeenVouchers } from '../../../warehouse/load/seenVouchers.js';
import type { Run } from '../run.js';
import type { VoucherReading } from './collectionProof.js';
import { mapVoucher, type MappedVoucher } from './readAnswer.js';
import { readingOf } from './wholeVouchers.js';

/** A voucher of Tally's collection, mapped. `seen` is what is compared with the whole voucher; see readingOf. */
export interface CollectedVoucher {
  taken: MappedVoucher;
  seen: VoucherReading;
}

/** The most vouchers for one answer: as many as in a window of the collection. */
const mostAltered = 5_000;
/** The most vouchers that are kept at a time: some 10 MB. Others of the answer are read as if they had only been listed. */
const mostKept = 2_000;

/**
 * Vouchers that came from Tally's collection together with the list of altered vouchers. Tally goes through all
 * vouchers of the range for that list anyway, so the vouchers themselves cost it little more, and no further request.
 */
export class AlteredVouchers {
  readonly #kept = new Map<string, CollectedVoucher>();
  /** The highest ALTERID that earlier runs remember of the whole company. */
  #remembered: number | undefined;

  get size(): number {
    return this.#kept.size;
  }

  /** The voucher in the version that Tally's list shows; undefined if none of this version was kept. */
  find(guid: string, alterId: number): CollectedVoucher | undefined {
    const kept = this.#kept.get(guid);
    return kept !== undefined && Number(kept.seen.alterId) === alterId ? kept : undefined;
  }

  /** Forgets a voucher that was taken. */
  forget(guid: string): void {
    this.#kept.delete(guid);
  }

  /**
   * As VoucherLists.altered, and keeps the vouchers that the run loads. Returns false if too many may have been altered
   * since earlier runs, if the run does not use the collection, or if Tally does not answer the request; `take` may then
   * have got some of the vouchers.
   */
  async read(
    run: Run,
    range: DateRange,
    alteredAfter: number,
    seen: SeenVouchers,
    take: (vouchers: IndexedVoucher[]) => Promise<void>,
  ): Promise<boolean> {
    const { books, rules, context, collection } = run;
    const { company, source, lists } = books;
    if (collection?.isUsed !== true || lists === undefined) return false;
    // Asked for once: this run remembers what it lists.
    this.#remembered ??= await seen.highestAlterId();
    const altered = (company.voucherCounter ?? NaN) - (this.#remembered ?? NaN);
    if (!(altered <= mostAltered)) return false;
    const answer = await lists.optional('altered whole', range, async (asked) => {
      let listed: IndexedVoucher[] = [];
      let withoutId = 0;
      const isWanted = (date: CalendarDate): boolean => date >= range.from && date <= range.to;
      const read = readVouchers(
        source,
        {
          ...{ report: 'Voucher Collection', company, range: asked, alteredAfter },
          withLedger: rules.ledgerRules !== undefined,
          // A few altered vouchers may all be imported ones. The digests show whether the list is this company's.
          listsForeign: () => true,
          keep: ({ indexed, voucherType }) => {
            if (indexed === undefined) withoutId++;
            else listed.push(indexed);
            const { date = '', alterId = 0 } = indexed ?? {};
            const isAltered = alterId > alteredAfter && isWanted(date);
            return isAltered && this.size < mostKept && isLoaded(rules, voucherType);
          },
          take: (voucher) => {
            const taken = mapVoucher(voucher, company, rules.rules, rules.ledgerRules);
            this.#keep(voucher.voucher, taken);
          },
        },
        context.signal,
      );
      for await (const _ of read.batches) {
        await take(listed);
        listed = [];
      }
      return withoutId === 0 ? read.answer : undefined;
    });
    if (answer === undefined) return false;
    const { vouchers, bytes } = answer;
    context.logger.debug(
      `Voucher Collection ${range.from} to ${range.to}, altered after ${alteredAfter}: ${vouchers} vouchers, ${bytes} bytes`,
    );
    return true;
  }

  #keep(voucher: Voucher, taken: MappedVoucher): void {
    const seen = soundReading(voucher, taken);
    if (seen !== undefined && seen.alterId !== null) this.#kept.set(voucher.guid, { taken, seen });
  }
}

/** The reading of a voucher of the collection; undefined for a voucher that is damaged or not loaded. */
export const soundReading = (voucher: Voucher, taken: MappedVoucher): VoucherReading | undefined =>
  isSound(voucher, 'invoice' in taken) ? readingOf(voucher, taken) : undefined;

/**
 * Whether a voucher has what every undamaged voucher has (docs/tally.md §1.6): it says whether it is cancelled, it has lines,
 * and they balance.
 */
function isSound({ isCancelled, lines, stockIn, stockOut }: Voucher, isInvoice: boolean): boolean {
  if (isCancelled === '') return false;
  if (isYes(isCancelled)) return true;
  // A stock journal books nothing, and so has no balance to show that lines are lost.
  if (!isInvoice && lines.every(({ kind }) => kind === 'item'))
    return lines.length + stockIn.length + stockOut.length > 0;
  const ledgers = lines.filter((line) => line.kind === 'ledger');
  const stored = ledgers.some(({ view }) => view === 'invoice')
    ? lines.filter((line) => line.kind === 'item' || line.view === 'invoice')
    : lines;
  return ledgers.length > 0 && bookedSum(stored) === 0n;
}
