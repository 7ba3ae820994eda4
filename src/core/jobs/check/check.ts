import { cancelled } from '../../base/errors.js';
import { listCompanies } from '../../tally/requests/companies.js';
import type { CheckItem, Company, JobContext } from '../job.js';
import { openTally } from '../books/books.js';
import { checkTally } from './checkTally.js';
import { checkWarehouse } from './checkWarehouse.js';
import type { WantedShape } from '../../warehouse/postgres/migrate.js';
import { readShape, type WarehouseShape } from '../../warehouse/postgres/shape.js';
import { withWarehouse } from '../warehouseSession.js';

/** How long Tally may be silent before a check says so. */
const patience = 5_000;

/**
 * Tries a load on a small scale: asks Tally for the masters, a list of a few days and the vouchers of one day. Writes
 * into the warehouse, and rolls that back. Changes nothing. Throws only `cancelled`, and `config` for an invalid
 * address of Tally.
 */
export async function check(context: JobContext, patienceMs = patience): Promise<CheckItem[]> {
  const tally = await checkTally(context, patienceMs);
  context.onProgress?.({ phase: 'preparing', checks: 'warehouse', invoices: 0, vouchers: 0 });
  const warehouse = await checkWarehouse(context);
  if (context.signal.aborted) throw cancelled();
  return [...tally, ...warehouse];
}

type OpenCompany = Pick<Company, 'name' | 'exactName' | 'id' | 'booksFrom'>;

/** The companies open in Tally, in Tally's order, without Tally's counters, which no user needs. */
export async function listOpenCompanies(context: JobContext): Promise<OpenCompany[]> {
  const client = openTally(context);
  try {
    const companies = await listCompanies(client, context.signal);
    return companies.map(({ name, exactName, id, booksFrom }) => ({
      ...{ name, id },
      ...(exactName !== undefined && { exactName }),
      ...(booksFrom !== undefined && { booksFrom }),
    }));
  } finally {
    await client.close();
  }
}

/**
 * Brings the warehouse's tables up to date. Creates the tables, and the embedded warehouse, if they do not exist yet.
 */
export async function migrate(
  context: JobContext,
  wanted?: WantedShape,
): Promise<{ applied: string[]; shape: WarehouseShape }> {
  return withWarehouse(context, async (warehouse) => ({
    applied: await warehouse.migrate(wanted),
    shape: await warehouse.use(readShape),
  }));
}
