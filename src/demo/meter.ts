import type { Answer } from './answers/answer.js';
import type { Cost, TallyRequest } from './answers/request.js';
import { countVouchers } from './answers/xml/reportXml.js';

/**
 * Seconds for one of each by measurements of real Tallys (docs/tally.md §2, "Busy, slow, hanging"): the middle of what was seen in
 * reports, the slower of two books in lists, `$AlterID > n` for vouchers that are walked. Masters and digests were not measured:
 * a master counts as a row of a list, a digest as such a row for each day and a walk over its vouchers.
 */
const secondsPer = { voucherOfReport: 1 / 42, row: 1 / 940, walked: 0.00015 };

/** What the answer to a request costs; `bytes` is its length as it was sent. */
export function costOf(request: TallyRequest, answer: Answer, bytes: number): Cost {
  if ('xml' in answer) {
    const { walked = 0, rows = 0 } = answer;
    return { walked, rows, bytes, seconds: walked * secondsPer.walked + rows * secondsPer.row };
  }
  const rows = countVouchers(answer);
  // A filter by literal dates looks at every voucher of the books.
  const walked = request.literal === undefined ? 0 : answer.book.size - rows;
  const each = request.kind === 'report' ? secondsPer.voucherOfReport : secondsPer.row;
  return { walked, rows, bytes, seconds: rows * each + walked * secondsPer.walked };
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
