import { countRejects, listCompanies, listRejects } from '../warehouse/records/rejects.js';
import type { JobContext, Rejects } from './job.js';
import { namedCompany } from './books/storedCompany.js';
import { hasWarehouse, withWarehouse } from './warehouseSession.js';

export interface RejectsRequest {
  /** A company's name, in any case, or its GUID. Default: every company. */
  company?: string | undefined;
  /** Only the rejects of this run. Later runs may have deleted some of them, or replaced them with rejects of their own. */
  runId?: string | undefined;
  /** The most rejects to return; default 100. */
  limit?: number | undefined;
}

/**
 * The vouchers that could not be read, those of the latest run first. Writes nothing. Throws `usage` for an unknown
 * company, unless the embedded warehouse does not exist yet.
 */
export function rejects({ company, runId, limit = 100 }: RejectsRequest, context: JobContext): Promise<Rejects> {
  if (!hasWarehouse(context.config)) return Promise.resolve({ rejects: [], companies: [] });
  return withWarehouse(context, async (warehouse) => {
    const isEmpty = (await warehouse.refuseNewer()) === 'empty';
    return warehouse.use(async (session) => {
      const known = isEmpty ? [] : await listCompanies(session);
      const filter = { companyId: company === undefined ? undefined : namedCompany(company, known).id, runId };
      if (isEmpty) return { rejects: [], companies: [] };
      return { rejects: await listRejects(session, filter, limit), companies: await countRejects(session, filter) };
    });
  });
}
