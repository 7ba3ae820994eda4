import { countCompany, removeCompany as removeRows } from '../warehouse/records/removeCompany.js';
import { namedCompany, storedCompanies } from './books/storedCompany.js';
import type { JobContext, RemoveCompanyRequest, RemoveCompanyResult } from './job.js';
import { withLoadedWarehouse } from './warehouseSession.js';

/**
 * Deletes all rows of one company, under the company's lock; a dry run only counts them. Does not ask Tally. Throws `usage` if
 * the warehouse does not have the company, `locked` while another run loads it.
 */
export function removeCompany(
  { company: wanted, dryRun = false }: RemoveCompanyRequest,
  context: JobContext,
): Promise<RemoveCompanyResult> {
  const started = performance.now();
  return withLoadedWarehouse(context, async (warehouse) => {
    const company = namedCompany(wanted, await storedCompanies(warehouse));
    if (!dryRun) await warehouse.lockCompany(company.id, 'remove-company'); // until the warehouse is closed
    const tables = dryRun
      ? await warehouse.use((session) => countCompany(session, company.id))
      : await warehouse.useLocked(company.id, (session) => removeRows(session, company.id));
    const durationMs = Math.round(performance.now() - started);
    return { command: 'remove-company', company, dryRun, tables, durationMs };
  });
}
