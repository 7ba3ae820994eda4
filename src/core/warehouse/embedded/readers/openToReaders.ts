import { setTimeout as sleep } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import { EtlError } from '../../../base/errors.js';
import { Connection } from '../../postgres/connection.js';
import { openEmbedded, type EmbeddedOptions } from '../embedded.js';
import { newerError, schemaState } from '../../postgres/migrate.js';
import { createReader, dropReader, renewMs, renewReader, type Reader } from './readers.js';
import { embeddedTarget, unreachable } from '../../warehouseError.js';

/** How a SQL client on this computer connects to the embedded warehouse. Holds the password: never log it. */
export interface ReaderAccess extends Reader {
  host: string;
  port: number;
  database: string;
}

/**
 * Keeps the embedded warehouse running for SQL clients, which may only read, until the signal comes. Then their sessions are
 * ended and the password no longer works. `opened` is called with the access data. Throws `warehouse-unreachable` if the server
 * ends earlier, `schema-outdated` if there are no tables yet.
 */
export async function openToReaders(
  options: EmbeddedOptions & { signal: AbortSignal },
  opened: (access: ReaderAccess) => void,
): Promise<void> {
  const { logger, signal } = options;
  const embedded = await openEmbedded(options);
  try {
    const config = await embedded.connection();
    // Without the signal: it ends only the waiting; closing the access still needs the server.
    const address = { config, tls: [false as const] };
    const connection = await Connection.open(address, embeddedTarget, 'tally-warehouse sql clients', logger);
    try {
      await refuseUnreadable(connection);
      const reader = await createReader(connection);
      try {
        const [host, port, database] = [config.host!, config.port!, config.database!];
        if (!signal.aborted) opened({ host, port, database, ...reader });
        logger.info(`The embedded warehouse is open to SQL clients on ${host}:${port} as ${reader.user}, read-only.`);
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
    // By elapsed time, so that a computer that slept renews at once.
    if (performance.now() - renewed < renewMs) continue;
    await renewReader(connection, user);
    renewed = performance.now();
  }
}
