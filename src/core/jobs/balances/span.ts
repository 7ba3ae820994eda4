import type { DateRange } from '../../base/calendar.js';
import { daysNotLoaded } from '../../warehouse/read/ledgerTotals.js';
import { readOpenings, type Openings } from '../../warehouse/read/openings.js';
import type { Warehouse } from '../../warehouse/warehouse.js';
import type { Run } from '../load/run.js';
import type { BalanceRemark } from '../remark.js';

/** The days whose entries are compared. */
export interface Span {
  range: DateRange;
  /**
   * The warehouse's openings. Only set if `range` begins on the first day of the books. Undefined: Tally's openings count on both
   * sides.
   */
  openings?: Openings;
}

/**
 * The days to compare: from the first day of the books to the end of the range, if the warehouse has all these days and
 * the openings. Otherwise the range alone, with a remark. The remark's `days` is the number of days before the range that
 * were not loaded; 0: the warehouse has no openings; null: Tally does not give the first day of the books. If a day of
 * the range itself was not loaded, there is only a remark.
 */
export async function spanOf(
  { range, books: { company }, rules }: Run,
  warehouse: Warehouse,
): Promise<{ span?: Span; remark?: BalanceRemark }> {
  const lacking = (days: DateRange): Promise<number> =>
    warehouse.use((session) => daysNotLoaded(session, company.id, days, rules.rulesHash ?? ''));
  const days = await lacking(range);
  if (days > 0) return { remark: { code: 'ledger-not-loaded', days } };
  const { booksFrom } = company;
  if (booksFrom === undefined || booksFrom > range.from)
    return {
      span: { range },
      remark: { code: 'openings-not-compared', range, days: booksFrom === undefined ? null : 0 },
    };
  const whole = { from: booksFrom, to: range.to };
  const earlierDays = await lacking(whole);
  const openings =
    earlierDays > 0 ? undefined : await warehouse.use((session) => readOpenings(session, company.id, booksFrom));
  return openings === undefined
    ? { span: { range }, remark: { code: 'openings-not-compared', range, days: earlierDays } }
    : { span: { range: whole, openings } };
}
