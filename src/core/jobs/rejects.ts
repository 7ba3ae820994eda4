import { EtlError } from '../errors.js';
import type { JobContext, Rejects } from './job.js';
import { hasWarehouse, withWarehouse } from './warehouseSession.js';

export interface RejectsRequest {
  /** A company's name, in any case, or its GUID; absent: of every company. */
  company?: string | undefined;
  /** Those that this run could not read, of which later runs may have read some by now. */
  runId?: string | undefined;
  /** The most to give out; default 100. */
  limit?: number | undefined;
}

/** The vouchers that could not be read, those of the latest run first. Writes nothing. Throws `usage` for an unknown company. */
export function rejects({ company, runId, limit = 100 }: RejectsRequest, context: JobContext): Promise<Rejects> {
  if (!hasWarehouse(context.config)) return Promise.resolve({ rejects: [], companies: [] });
  return withWarehouse(context, async (warehouse) => {
    await warehouse.refuseNewer();
    const companyId = company === undefined ? undefined : idOf(company, await warehouse.companies());
    return warehouse.rejects({ companyId, runId }, limit);
  });
}

function idOf(wanted: string, companies: { id: string; name: string }[]): string {
  const same = (text: string): boolean => text.trim().toLowerCase() === wanted.trim().toLowerCase();
  const found = companies.find(({ id, name }) => same(id) || same(name));
  if (found) return found.id;
  throw new EtlError(
    'usage',
    `The warehouse has no company ${wanted}.`,
    companies.length === 0
      ? 'Nothing has been loaded into it yet.'
      : `It has ${companies.map(({ name }) => name).join(', ')}.`,
  );
}
