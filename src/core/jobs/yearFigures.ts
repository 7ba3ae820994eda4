import { earlier, monthEnd, monthStart, today, type DateRange } from '../base/calendar.js';
import { parseRange } from '../base/parseDate.js';
import { type Balances, readBalances } from '../warehouse/read/balances.js';
import { readCalendar, type WarehouseDay } from '../warehouse/read/calendar.js';
import { readYearFigures, type YearFigures } from '../warehouse/read/yearFigures.js';
import type { JobContext } from './job.js';
import { hasInvoiceTables, hasWarehouse, withWarehouse } from './warehouseSession.js';

/** How many parties and items of each side are named. */
const mostRanked = 10;

/** The months of a company (by its GUID) that contain `from`, `to` and all days between. */
export interface YearFiguresRequest extends DateRange {
  companyId: string;
}

/** The figures of some months, and the warehouse's rows for each of their days, oldest first. */
export interface YearDetails extends YearFigures {
  days: WarehouseDay[];
  /**
   * The balances at the end of the last loaded day of the months, or before them. Null unless every day since the books began
   * is loaded with the stream `ledger`.
   */
  balances: Balances | null;
}

/**
 * The largest parties and items, the taxes by rate, the days of some months, and the balances at their end, all in one
 * snapshot. Writes nothing. Null if there is no warehouse or it has no tables.
 */
export async function yearFigures(
  { companyId, from, to }: YearFiguresRequest,
  context: JobContext,
): Promise<YearDetails | null> {
  parseRange(from, to);
  if (!hasWarehouse(context.config)) return null;
  return withWarehouse(context, async (warehouse) => {
    if (!(await hasInvoiceTables(warehouse))) return null;
    const months = { from: monthStart(from), to: monthEnd(to) };
    return warehouse.use((session) =>
      session.snapshot(async () => ({
        ...(await readYearFigures(session, companyId, months, mostRanked)),
        days: await readCalendar(session, companyId, months),
        balances: await readBalances(session, companyId, earlier(months.to, today())),
      })),
    );
  });
}
