import { t } from '@vscode/l10n';
import type { Config } from '../base/config.js';
import { embeddedExists } from '../base/dataPlace.js';
import { EtlError } from '../base/errors.js';
import { openEmbedded, type Embedded } from '../warehouse/embedded/embedded.js';
import { openWarehouse } from '../warehouse/postgres/connect.js';
import type { Warehouse } from '../warehouse/warehouse.js';
import type { Books } from './books/books.js';
import { knowFileCompany } from './books/fileBooks.js';
import type { JobContext } from './job.js';

/**
 * Opens the configured warehouse. Creates the embedded one if that is configured and does not exist yet. The caller closes the
 * warehouse.
 */
export async function openConfiguredWarehouse(context: JobContext): Promise<Warehouse> {
  const { config, logger, program, signal, onProgress, leaveLater, embedded } = context;
  const makesWarehouse = !hasWarehouse(config);
  if (makesWarehouse) onProgress?.({ ...preparing, makesWarehouse });
  const warehouse = await openWarehouse({
    ...config,
    ...{ logger, signal, applicationName: `tally-warehouse ${program}` },
    ...(leaveLater && { leaveLater }),
    ...(embedded && { embedded }),
  });
  if (makesWarehouse) onProgress?.(preparing);
  return warehouse;
}

const preparing = { phase: 'preparing', invoices: 0, vouchers: 0 } as const;

/**
 * Opens the embedded warehouse for runs that share it, and releases it after them. If it cannot be opened, each run tries to open
 * it, and fails with the reason.
 */
export async function withSharedEmbedded<T>(
  { config, logger, signal, onProgress }: JobContext,
  work: (embedded: Embedded | undefined) => Promise<T>,
): Promise<T> {
  if (!hasWarehouse(config)) onProgress?.({ ...preparing, makesWarehouse: true });
  const embedded = await openEmbedded({ ...config, logger, signal }).catch((error: unknown) => {
    logger.debug(`The embedded warehouse is not shared: ${String(error)}`);
    return undefined;
  });
  try {
    return await work(embedded);
  } finally {
    await embedded?.release();
  }
}

/** Opens the configured warehouse for `work`, and closes it afterwards. */
export async function withWarehouse<T>(context: JobContext, work: (warehouse: Warehouse) => Promise<T>): Promise<T> {
  const warehouse = await openConfiguredWarehouse(context);
  try {
    return await work(warehouse);
  } finally {
    await warehouse.close();
  }
}

/**
 * As withWarehouse, but brings the tables up to date and locks the company, so that no other run loads it. Also adopts
 * the stored id and name of a file's company (knowFileCompany). Throws `locked`.
 */
export function withLockedWarehouse<T>(
  context: JobContext,
  books: Books,
  command: string,
  work: (warehouse: Warehouse) => Promise<T>,
): Promise<T> {
  return withWarehouse(context, async (warehouse) => {
    await warehouse.migrate();
    await knowFileCompany(books, warehouse);
    await warehouse.lockCompany(books.company.id, command); // until the warehouse is closed
    return work(warehouse);
  });
}

/** False if the embedded warehouse is configured and does not exist yet. */
export const hasWarehouse = (config: Config): boolean => config.dbUrl !== undefined || embeddedExists(config);

/**
 * As withWarehouse, for jobs that need loaded rows. Throws `schema-outdated` if there are no tables, or tables of an earlier
 * version. Does not migrate.
 */
export function withLoadedWarehouse<T>(context: JobContext, work: (warehouse: Warehouse) => Promise<T>): Promise<T> {
  if (!hasWarehouse(context.config))
    return Promise.reject(nothingLoaded(t('The built-in warehouse does not exist yet.')));
  return withWarehouse(context, async (warehouse) => {
    const state = await warehouse.refuseNewer();
    if (state === 'empty') throw nothingLoaded(t('The warehouse has no tables yet.'));
    if (state === 'outdated') throw outdatedTables();
    return work(warehouse);
  });
}

/** The error of a job that needs loaded rows; `message` says what does not exist yet. */
export const nothingLoaded = (message: string): EtlError =>
  new EtlError(
    'schema-outdated',
    message,
    t('Load this range with a backfill first. If there should be data, check which warehouse is set (DB_URL).'),
  );

/** The error of a job that finds tables of an earlier version. */
const outdatedTables = (): EtlError =>
  new EtlError(
    'schema-outdated',
    t('The tables of the warehouse are of an earlier version of this program.'),
    t('Run a sync or a backfill first: it brings them up to date.'),
  );

/** False if there are no tables yet. Throws `schema-outdated` if the tables are of an earlier version. */
export async function hasInvoiceTables(warehouse: Warehouse): Promise<boolean> {
  const state = await warehouse.refuseNewer();
  if (state === 'outdated') throw outdatedTables();
  return state !== 'empty';
}
