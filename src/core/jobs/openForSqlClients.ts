import { t } from '@vscode/l10n';
import { EtlError } from '../base/errors.js';
import {
  closeToBiTools,
  openToBiTools,
  openToReaders,
  type ReaderAccess,
} from '../warehouse/embedded/readers/openToReaders.js';
import type { ReaderRights } from '../warehouse/embedded/readers/readers.js';
import type { JobContext } from './job.js';
import { hasWarehouse } from './warehouseSession.js';

export interface OpenRequest {
  rights: ReaderRights;
  /**
   * Opens the warehouse for BI tools, which may only read (`rights` is ignored): port, user and password are the same
   * each time.
   */
  lasting?: boolean;
}

/**
 * Keeps the embedded warehouse open to SQL clients until the job's signal aborts; loads can run meanwhile. Throws
 * `usage` if the warehouse is a server of the user's own, and `schema-outdated` if the embedded warehouse does not
 * exist yet.
 */
export async function openForSqlClients(
  { rights, lasting = false }: OpenRequest,
  { config, logger, signal }: JobContext,
  opened: (access: ReaderAccess) => void,
): Promise<void> {
  if (config.dbUrl !== undefined)
    throw new EtlError(
      'usage',
      t('The warehouse is a server of your own.'),
      t('Connect to it by its address (DB_URL).'),
    );
  if (!hasWarehouse(config))
    throw new EtlError(
      'schema-outdated',
      t('The built-in warehouse does not exist yet: there is nothing to read.'),
      t('Load something with a backfill or a sync first.'),
    );
  const options = { ...config, logger, signal };
  await (lasting ? openToBiTools(options, opened) : openToReaders({ ...options, rights }, opened));
}

/** Ends the access of BI tools to the embedded warehouse. Does nothing if there is no embedded warehouse. */
export async function endBiToolsAccess({ config, logger, signal }: JobContext): Promise<void> {
  if (config.dbUrl === undefined && hasWarehouse(config)) await closeToBiTools({ ...config, logger, signal });
}
