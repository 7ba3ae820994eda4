import { setTimeout as sleep } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import { EtlError } from '../../../base/errors.js';
import { Connection } from '../../postgres/connection.js';
import { openEmbedded, type EmbeddedOptions } from '../embedded.js';
import { newerError, schemaState } from '../../postgres/migrate.js';
import {
  createReader,
  dropReader,
  keeperOf,
  newReader,
  renewMs,
  renewReader,
  type Reader,
  type ReaderRights,
} from './readers.js';
import { embeddedTarget, unreachable } from '../../warehouseError.js';

/** How a SQL client of this computer reaches the embedded warehouse. Holds the password: never log it. */
export interface ReaderAccess extends Reader {
  rights: ReaderRights;
  host: string;
  port: number;
  database: string;
}

/**
 * Keeps the embedded warehouse up for SQL clients, which may read or also change rows, until the signal comes; then the
 * password is void and their sessions are ended. `opened` is told the way in. Throws `warehouse-unreachable` where the
 * server ends before, `schema-outdated` where there is nothing to read yet.
 */
export async function openToReaders(
  options: EmbeddedOptions & { signal: AbortSignal; rights: ReaderRights },
  opened: (access: ReaderAccess) => void,
): Promise<void> {
  const { logger, signal, rights } = options;
  const reader = newReader(rights);
  const embedded = await openEmbedded(options);
  try {
    const config = await embedded.connection();
    // Without the signal: what it ends is the waiting, and the closing needs the server.
    const address = { config, tls: [false as const] };
    const connection = await Connection.open(address, embeddedTarget, keeperOf(reader.user), logger);
    try {
      await refuseUnreadable(connection);
      await createReader(connection, reader, rights);
      try {
        const [host, port, database] = [config.host!, config.port!, config.database!];
        if (!signal.aborted) opened({ host, port, database, rights, ...reader });
        logger.info(
          `The embedded warehouse is open to SQL clients on ${host}:${port} as ${reader.user}, to ${rights}.`,
        );
        await renewUntil(signal, connection, reader.user);
      } finally {
        if (!connection.lost) await dropReader(connection, reader.user);
        logger.info('The embedded warehouse is closed to SQL clients.');
      }
    } finally {
      await connection.close();
    }
  } finally {
    await embedded.release();
  }
}

async function refuseUnreadable(connection: Connection): Promise<void> {
  const state = await schemaState(connection);
  if (state === 'newer') throw newerError();
  if (state === 'empty')
    throw new EtlError(
      'schema-outdated',
      t('The embedded warehouse has no tables yet: there is nothing to read.'),
      t('Load something with a backfill or a sync first.'),
    );
}

async function renewUntil(signal: AbortSignal, connection: Connection, user: string): Promise<void> {
  let renewed = performance.now();
  for (;;) {
    await sleep(1000, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    if (connection.lost) throw unreachable(embeddedTarget, t('its server has ended while it was open to SQL clients.'));
    // A computer that slept makes up for it at once.
    if (performance.now() - renewed < renewMs) continue;
    await renewReader(connection, user);
    renewed = performance.now();
  }
}
