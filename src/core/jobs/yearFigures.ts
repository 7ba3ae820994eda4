import { monthEnd, monthStart, type DateRange } from '../base/calendar.js';
import { parseRange } from '../base/parseDate.js';
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
}

/**
 * The largest parties and items, the taxes by rate, and the days of some months, all of one moment. Writes nothing; null without
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
      })),
    );
  });
}
