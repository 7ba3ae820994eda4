import { readCalendar } from '../warehouse/read/calendar.js';
import { listCompanies } from '../warehouse/records/rejects.js';
import { wantedCompany } from './books/storedCompany.js';
import type { JobContext, WarehouseCalendar } from './job.js';
import { hasWarehouse, withWarehouse } from './warehouseSession.js';

export interface CalendarRequest {
  /** A company's GUID; one that is absent or unknown: the configured company, else the first that has a day. */
  companyId?: string | undefined;
}

const nothing: WarehouseCalendar = { companies: [], company: null, days: [] };

/** What the warehouse has of a company, day by day. Writes nothing; without tables there is no company. */
export function calendar({ companyId }: CalendarRequest, context: JobContext): Promise<WarehouseCalendar> {
  if (!hasWarehouse(context.config)) return Promise.resolve(nothing);
  return withWarehouse(context, async (warehouse) => {
    if ((await warehouse.refuseNewer()) === 'empty') return nothing;
    const companies = await warehouse.use(listCompanies);
    const chosen = wantedCompany(companies, companyId, context.config.company);
    for (const company of chosen ? [chosen] : companies) {
      const days = await warehouse.use((session) => readCalendar(session, company.id));
      if (days.length > 0 || chosen) return { companies, company, days };
    }
    return { companies, company: companies[0] ?? null, days: [] };
  });
}
