import { t } from '@vscode/l10n';
import { EtlError } from '../base/errors.js';
import { openToReaders, type ReaderAccess } from '../warehouse/embedded/readers/openToReaders.js';
import type { ReaderRights } from '../warehouse/embedded/readers/readers.js';
import type { JobContext } from './job.js';
import { hasWarehouse } from './warehouseSession.js';

/**
 * Keeps the embedded warehouse open to SQL clients until the job's signal; loads go on beside it. Throws `usage` for
 * a server of the user's own, which is open already.
 */
export async function openForSqlClients(
  { rights }: { rights: ReaderRights },
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
      t('The embedded warehouse does not exist yet: there is nothing to read.'),
      t('Load something with a backfill or a sync first.'),
    );
  await openToReaders({ ...config, logger, signal, rights }, opened);
}
