import type { CalendarDate, DateRange } from '../../../base/calendar.js';
import type { IndexedVoucher } from '../../../tally/requests/readVoucherIndex.js';
import { readVouchers } from '../../../tally/requests/readVouchers.js';
import type { SeenVouchers } from '../../../warehouse/load/seenVouchers.js';
import { isLoaded } from '../../books/books.js';
import { mapVoucher } from '../read/readAnswer.js';
import { soundReading } from '../read/wholeVouchers.js';
import type { Run } from '../run.js';

/** The most vouchers for one answer: as many as in a window of the collection. */
const mostAltered = 5_000;

/**
 * As VoucherLists.altered, but the vouchers come with the fields of the collection, and the run keeps those that it loads
 * (`run.altered`). Tally goes through all vouchers of the range for that list anyway. So the vouchers themselves cost it
 * little more, and no further request. Returns false if too many may have been altered since earlier runs, if the run does
 * not use the collection, or if Tally does not answer the request; `take` may then have got some of the vouchers.
 */
export async function readAltered(
  { books, rules, context, collection, altered }: Run,
  range: DateRange,
  alteredAfter: number,
  seen: SeenVouchers,
  take: (vouchers: IndexedVoucher[]) => Promise<void>,
): Promise<boolean> {
  const { company, source, lists } = books;
  if (collection?.isUsed !== true || altered === undefined || lists === undefined) return false;
  // Asked for once: this run remembers what it lists.
  altered.remembered ??= await seen.highestAlterId();
  const alterations = (company.voucherCounter ?? NaN) - (altered.remembered ?? NaN);
  if (!(alterations <= mostAltered)) return false;
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
          return alterId > alteredAfter && isWanted(date) && !altered.isFull && isLoaded(rules, voucherType);
        },
        take: (whole) => {
          const taken = mapVoucher(whole, company, rules.rules, rules.ledgerRules);
          const reading = soundReading(whole.voucher, taken);
          if (reading !== undefined && reading.alterId !== null)
            altered.keep(whole.voucher.guid, { taken, seen: reading });
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
