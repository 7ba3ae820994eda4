import type { Answer } from './answers/answer.js';
import type { Cost, TallyRequest } from './answers/request.js';
import { countVouchers, countWalked, type VoucherAnswer } from './answers/xml/reportXml.js';

/**
 * The seconds for one voucher, by measurements of real Tallys (docs/tally.md §2, "Busy, slow, hanging").
 *
 * - `report`: the middle of the measured reports (28–56 a second).
 * - `object`: one voucher by TYPE Object, the middle of 9–23 ms.
 * - `lean`: the middle of collections of chosen fields (670–750 a second).
 * - `fat`: whole lists in a collection.
 * - `row`: lists of ids, by the slower of two books.
 * - `walked`: `$AlterID > n`, for vouchers that Tally goes through.
 *
 * Masters and digests were not measured. A master counts as a row of a list. A digest counts as one such row for each
 * day, plus the walk over its vouchers.
 */
export const secondsPer = { report: 1 / 42, object: 0.016, lean: 1 / 710, fat: 1 / 71, row: 1 / 940, walked: 0.00015 };

/** The cost of the answer to a request. `bytes` is its length as sent. */
export function costOf(request: TallyRequest, answer: Exclude<Answer, 'freeze'>, bytes: number): Cost {
  if ('xml' in answer) {
    const { walked = 0, rows = 0 } = answer;
    return { walked, rows, bytes, seconds: walked * secondsPer.walked + rows * secondsPer.row };
  }
  const rows = countVouchers(answer);
  const walked = filteredOut(request, answer, rows);
  return { walked, rows, bytes, seconds: rows * secondsPer[answer.told] + walked * secondsPer.walked };
}

/**
 * The number of vouchers that Tally reads and a filter removes. A filter by literal dates reads every voucher of the
 * books, a filter by ALTERID the vouchers of the period.
 */
function filteredOut({ literal, alteredAfter }: TallyRequest, answer: VoucherAnswer, rows: number): number {
  if (literal !== undefined) return answer.book.size - rows;
  return alteredAfter === undefined ? 0 : countWalked(answer) - rows;
}

/** The sum of several costs, and the seconds of the longest. */
export function sumOf(costs: readonly Cost[]): Cost & { longest: number } {
  const sum = { walked: 0, rows: 0, bytes: 0, seconds: 0, longest: 0 };
  for (const { walked, rows, bytes, seconds } of costs) {
    sum.walked += walked;
    sum.rows += rows;
    sum.bytes += bytes;
    sum.seconds += seconds;
    sum.longest = Math.max(sum.longest, seconds);
  }
  return sum;
}
