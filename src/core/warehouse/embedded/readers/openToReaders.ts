import { setTimeout as sleep } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import { EtlError } from '../../../base/errors.js';
import { Connection } from '../../postgres/connection.js';
import { clusterFolder } from '../../../base/dataPlace.js';
import { openEmbedded, type EmbeddedOptions } from '../embedded.js';
import { newerError, schemaState } from '../../postgres/migrate.js';
import { biUser, endBiAccess, keptBiAccess, leaveBiTools } from './biTools.js';
import {
  createLastingReader,
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

/** How a SQL client on this computer connects to the embedded warehouse. Holds the password: never log it. */
export interface ReaderAccess extends Reader {
  rights: ReaderRights;
  host: string;
  port: number;
  database: string;
}

/**
 * Keeps the embedded warehouse running for SQL clients, which may read or also change rows, until the signal comes.
 * Then their sessions are ended and the password no longer works. `opened` is called with the access data. Throws
 * `warehouse-unreachable` if the server ends earlier, `schema-outdated` if there are no tables yet, `schema-newer` if a
 * newer version has made them.
 */
export function openToReaders(
  { rights, ...options }: Options & { rights: ReaderRights },
  opened: (access: ReaderAccess) => void,
): Promise<void> {
  const reader = newReader(rights);
  return keepOpen(options, reader.user, opened, {
    make: async (connection) => {
      await createReader(connection, reader, rights);
      return { ...reader, rights };
    },
    renew: (connection) => renewReader(connection, reader.user),
    leave: (connection) => dropReader(connection, reader.user),
  });
}

/**
 * As openToReaders, for BI tools, which may only read. Port, user and password are the same each time, and the password
 * still works after the signal. Also throws `warehouse-unreachable` if the server runs on another port, because the
 * stored port was taken when it started.
 */
export function openToBiTools(options: Options, opened: (access: ReaderAccess) => void): Promise<void> {
  return keepOpen(options, biUser, opened, {
    make: async (connection, running) => {
      const { port, password } = await keptBiAccess(clusterFolder(options.dataDir), running);
      if (port !== running) throw portTaken(port, running);
      const reader = { user: biUser, password };
      await createLastingReader(connection, reader);
      return { ...reader, rights: 'read' };
    },
    renew: () => Promise.resolve(),
    leave: leaveBiTools,
  });
}

/** Ends the access of BI tools. The next access has another password. */
export async function closeToBiTools(options: EmbeddedOptions): Promise<void> {
  const embedded = await openEmbedded(options);
  try {
    const address = { config: await embedded.connection(), tls: [false as const] };
    const connection = await Connection.open(address, embeddedTarget, 'tally-warehouse', options.logger);
    try {
      await endBiAccess(connection, clusterFolder(options.dataDir));
    } finally {
      await connection.close();
    }
  } finally {
    await embedded.release();
  }
}

type Options = EmbeddedOptions & { signal: AbortSignal };

/** How the role of a SQL client is made, renewed, and ended. */
interface Stay {
  make: (connection: Connection, port: number) => Promise<Reader & { rights: ReaderRights }>;
  renew: (connection: Connection) => Promise<void>;
  leave: (connection: Connection) => Promise<void>;
}

async function keepOpen(
  options: Options,
  user: string,
  opened: (access: ReaderAccess) => void,
  { make, renew, leave }: Stay,
): Promise<void> {
  const { logger, signal } = options;
  const embedded = await openEmbedded(options);
  try {
    const config = await embedded.connection();
    // The connection is opened without the signal, because closing the access still needs the server.
    const address = { config, tls: [false as const] };
    const connection = await Connection.open(address, embeddedTarget, keeperOf(user), logger);
    try {
      await refuseUnreadable(connection);
      const [host, port, database] = [config.host!, config.port!, config.database!];
      const reader = await make(connection, port);
      try {
        if (!signal.aborted) opened({ host, port, database, ...reader });
        logger.info(
          `The embedded warehouse is open to SQL clients on ${host}:${port} as ${user}, to ${reader.rights}.`,
        );
        await renewUntil(signal, connection, renew);
      } finally {
        if (!connection.lost) await leave(connection);
        logger.info('The embedded warehouse is closed to SQL clients.');
      }
    } finally {
      await connection.close();
    }
  } finally {
    await embedded.release();
  }
}

const portTaken = (port: number, running: number): EtlError =>
  new EtlError(
    'warehouse-unreachable',
    t('The port {port}, which BI tools know, was taken when the built-in warehouse started; it runs on {running}.', {
      port: String(port),
      running: String(running),
    }),
    t('Close the program that uses port {port}, then every program that uses the warehouse, and try again.', {
      port: String(port),
    }),
  );

async function refuseUnreadable(connection: Connection): Promise<void> {
  const state = await schemaState(connection);
  if (state === 'newer') throw newerError();
  if (state === 'empty')
    throw new EtlError(
      'schema-outdated',
      t('The built-in warehouse has no tables yet: there is nothing to read.'),
      t('Load something with a backfill or a sync first.'),
    );
}

async function renewUntil(signal: AbortSignal, connection: Connection, renew: Stay['renew']): Promise<void> {
  let renewed = performance.now();
  for (;;) {
    await sleep(1000, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    if (connection.lost) throw unreachable(embeddedTarget, t('its server has ended while it was open to SQL clients.'));
    // By elapsed time, so that a computer that slept renews at once.
    if (performance.now() - renewed < renewMs) continue;
    await renew(connection);
    renewed = performance.now();
  }
}
