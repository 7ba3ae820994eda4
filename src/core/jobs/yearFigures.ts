import { monthEnd, monthStart, type DateRange } from '../base/calendar.js';
import { parseRange } from '../base/parseDate.js';
import { readYearFigures, type YearFigures } from '../warehouse/read/yearFigures.js';
import type { JobContext } from './job.js';
import { hasInvoiceTables, hasWarehouse, withWarehouse } from './warehouseSession.js';

/** How many parties and items of each side are named. */
const mostRanked = 10;

/** Whole months of a company, by its GUID: the days of the first and the last month all count. */
export interface YearFiguresRequest extends DateRange {
  companyId: string;
}

/** The largest parties and items and the taxes by rate of some months. Writes nothing; null without tables. */
export async function yearFigures(
  { companyId, from, to }: YearFiguresRequest,
  context: JobContext,
): Promise<YearFigures | null> {
  parseRange(from, to);
  if (!hasWarehouse(context.config)) return null;
  return withWarehouse(context, async (warehouse) => {
    if (!(await hasInvoiceTables(warehouse))) return null;
    const months = { from: monthStart(from), to: monthEnd(to) };
    return warehouse.use((session) => readYearFigures(session, companyId, months, mostRanked));
  });
}
