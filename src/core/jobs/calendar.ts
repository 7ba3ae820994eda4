import { sameCompanyName } from '../tally/requests/companies.js';
import type { JobContext, WarehouseCalendar } from './job.js';
import { hasWarehouse, withWarehouse } from './warehouseSession.js';

export interface CalendarRequest {
  /** A company's GUID; one that is absent or unknown: the configured company, else the first that has a day. */
  companyId?: string | undefined;
}

/** What the warehouse has of a company, day by day. Writes nothing; without tables there is no company. */
export function calendar({ companyId }: CalendarRequest, context: JobContext): Promise<WarehouseCalendar> {
  if (!hasWarehouse(context.config)) return Promise.resolve({ companies: [], company: null, days: [] });
  return withWarehouse(context, async (warehouse) => {
    await warehouse.refuseNewer();
    const companies = await warehouse.companies();
    const { company: wanted } = context.config;
    const chosen =
      companies.find(({ id }) => id === companyId) ??
      companies.find(({ name }) => wanted !== undefined && sameCompanyName(name, wanted));
    for (const company of chosen ? [chosen] : companies) {
      const days = await warehouse.calendar(company.id);
      if (days.length > 0 || chosen) return { companies, company, days };
    }
    return { companies, company: companies[0] ?? null, days: [] };
  });
}
