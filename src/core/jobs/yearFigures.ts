import { earlier, monthEnd, monthStart, today, type DateRange } from '../base/calendar.js';
import { parseRange } from '../base/parseDate.js';
import { type Balances, readBalances } from '../warehouse/read/balances.js';
import { readCalendar, type WarehouseDay } from '../warehouse/read/calendar.js';
import { readYearFigures, type YearFigures } from '../warehouse/read/yearFigures.js';
import type { JobContext } from './job.js';
import { hasInvoiceTables, hasWarehouse, withWarehouse } from './warehouseSession.js';

/** How many parties and items of each side are named. */
const mostRanked = 10;

/** Whole months of a company, by its GUID: the days of the first and the last month all count. */
export interface YearFiguresRequest extends DateRange {
  companyId: string;
}

/** The figures of some months, and what the warehouse has of each of their days, oldest first. */
export interface YearDetails extends YearFigures {
  days: WarehouseDay[];
  /** At the end of the months, or of the last loaded day before; null where the ledger is not loaded from its first day on. */
  balances: Balances | null;
}

/**
 * The largest parties and items, the taxes by rate, the days of some months, and the balances at their end, all of one moment. Writes nothing; null without
 * tables.
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
