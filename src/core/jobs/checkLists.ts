import { isCalendarDate, type CalendarDate, type DateRange } from '../calendar.js';
import type { AnswerSource } from '../tally/answerSource.js';
import { confirmOpen, type Company } from '../tally/companies.js';
import { readVoucherIndex, type IndexedVoucher } from '../tally/readVoucherIndex.js';
import type { JobContext } from './job.js';

/** Tally's list of vouchers, judged by the dates of its rows: an answer that did not keep its bounds proves nothing. */
export class VoucherLists {
  constructor(
    private readonly source: AnswerSource,
    private readonly company: Company,
    private readonly context: Pick<JobContext, 'logger' | 'signal'>,
  ) {}

  /**
   * Takes each voucher that Tally lists when it is asked for a range, and some that lie beside it. True: those of the range
   * are all there. Throws `company-not-open` where the company has been closed.
   */
  async list(range: DateRange, take: (voucher: IndexedVoucher) => void): Promise<boolean> {
    const asked = acceptedBounds(range);
    let kept = await this.#ask(asked, take);
    if (kept === undefined) {
      const { lastVoucherDate, voucherCounter } = await confirmOpen(this.source, this.company, this.context.signal);
      // Tally sends an empty list now and then where there is something.
      kept = await this.#ask(asked, take);
      if (kept === undefined)
        return lastVoucherDate === undefined ? (voucherCounter ?? 0) === 0 : lastVoucherDate < range.from;
    }
    return kept;
  }

  /** Whether the answer kept to its bounds; undefined where it has no row. */
  async #ask(asked: DateRange, take: (voucher: IndexedVoucher) => void): Promise<boolean | undefined> {
    let kept: boolean | undefined;
    for await (const vouchers of readVoucherIndex(this.source, this.company, asked, this.context.signal))
      for (const voucher of vouchers) {
        kept = (kept ?? true) && voucher.date >= asked.from && voucher.date <= asked.to;
        take(voucher);
      }
    return kept;
  }
}

/**
 * The narrowest bounds around a range that Tally keeps to in every edition: without a licence it refuses in silence a bound
 * whose day is not the 1st, 2nd or 31st, and then serves another period (docs/tally.md §1.3).
 */
export const acceptedBounds = ({ from, to }: DateRange): DateRange => ({
  from: isAccepted(from) ? from : `${from.slice(0, 8)}01`,
  to: isAccepted(to) ? to : lastAccepted(to),
});

const isAccepted = (date: CalendarDate): boolean => ['01', '02', '31'].includes(date.slice(8));

/** The 31st of the month; in a month that has none the 1st of the next one. */
function lastAccepted(date: CalendarDate): CalendarDate {
  const last = `${date.slice(0, 8)}31`;
  if (isCalendarDate(last)) return last;
  // No month without a 31st is the last of its year.
  return `${date.slice(0, 5)}${String(Number(date.slice(5, 7)) + 1).padStart(2, '0')}-01`;
}
