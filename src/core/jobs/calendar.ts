import { readCalendar } from '../warehouse/read/calendar.js';
import { listSources } from '../warehouse/records/sources.js';
import { companyOfPage, type PageCompany } from './books/storedCompany.js';
import type { JobContext, WarehouseCalendar } from './job.js';
import { hasWarehouse, withWarehouse } from './warehouseSession.js';

export type CalendarRequest = PageCompany;

const nothing: WarehouseCalendar = { companies: [], company: null, booksFrom: null, days: [] };

/** The days of a company in the warehouse. Writes nothing. Without tables the result has no company. */
export function calendar(request: CalendarRequest, context: JobContext): Promise<WarehouseCalendar> {
  if (!hasWarehouse(context.config)) return Promise.resolve(nothing);
  return withWarehouse(context, async (warehouse) => {
    if ((await warehouse.refuseNewer()) === 'empty') return nothing;
    return warehouse.use(async (session) => {
      const found = await companyOfPage(session, request, context.config.company);
      if (!found.company) return { ...found, booksFrom: null, days: [] };
      const { id } = found.company;
      const begins = (await listSources(session, id)).flatMap(({ booksFrom }) => booksFrom ?? []);
      return { ...found, booksFrom: begins.sort()[0] ?? null, days: await readCalendar(session, id) };
    });
  });
}
