import type { Answer } from './answers/answer.js';
import type { Cost, TallyRequest } from './answers/request.js';
import { countVouchers, countWalked, type VoucherAnswer } from './answers/xml/reportXml.js';

/**
 * Seconds for one of each by measurements of real Tallys (docs/tally.md §2, "Busy, slow, hanging"): the middle of what was seen in
 * reports (28–56 a second), of one voucher by TYPE Object (9–23 ms) and of a lean collection (670–750 a second on 7.0 and 7.1);
 * whole lists in a collection (`fat`); the slower of two books in lists of ids; `$AlterID > n` for vouchers that are walked.
 * Masters and digests were not measured: a master counts as a row of a list, a digest as such a row for each day and a walk over
 * its vouchers.
 */
export const secondsPer = { report: 1 / 42, object: 0.016, lean: 1 / 710, fat: 1 / 71, row: 1 / 940, walked: 0.00015 };

/** What the answer to a request costs; `bytes` is its length as it was sent. */
export function costOf(request: TallyRequest, answer: Exclude<Answer, 'freeze'>, bytes: number): Cost {
  if ('xml' in answer) {
    const { walked = 0, rows = 0 } = answer;
    return { walked, rows, bytes, seconds: walked * secondsPer.walked + rows * secondsPer.row };
  }
  const rows = countVouchers(answer);
  const walked = filteredOut(request, answer, rows);
  return { walked, rows, bytes, seconds: rows * secondsPer[answer.told] + walked * secondsPer.walked };
}

/** A filter by literal dates looks at every voucher of the books, one by ALTERID at those of the period. */
function filteredOut({ literal, alteredAfter }: TallyRequest, answer: VoucherAnswer, rows: number): number {
  if (literal !== undefined) return answer.book.size - rows;
  return alteredAfter === undefined ? 0 : countWalked(answer) - rows;
}

/** The costs of several answers, and the seconds of the longest. */
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
