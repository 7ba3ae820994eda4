import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientConfig } from 'pg';
import { cancelled, EtlError } from '../errors.js';
import type { Logger } from '../logger.js';
import type { Account } from './account.js';
import { postgresFolder, usableBinaries } from './binaries.js';
import {
  clusterUser,
  createCluster,
  findPostmaster,
  passwordFileOf,
  startServer,
  stopServer,
  type Cluster,
} from './cluster.js';
import { Connection } from './connection.js';
import { checkFolder, prepareFolder } from './dataFolder.js';
import { withStartLock } from './startLock.js';
import { diskFull, embeddedTarget, isDiskFull } from './warehouseError.js';

const answerMs = 60_000;

/** The embedded warehouse in use. Several processes share one server; the last one to release it stops it. */
export interface Embedded {
  /** How to connect now; starts the server again where it has died. Holds the password: never log it. */
  connection(): Promise<ClientConfig>;
  release(): Promise<void>;
}

export interface EmbeddedOptions {
  dataDir: string;
  logger: Logger;
  /** Breaks off the set-up and the start; what was begun of them is taken back. */
  signal?: AbortSignal;
}

const clusterFolder = (dataDir: string): string => path.join(dataDir, 'embedded');

/** Whether an embedded warehouse was ever made here; makes none. */
export const embeddedExists = (dataDir: string): boolean => existsSync(clusterFolder(dataDir));

/** Throws `config` where there is no PostgreSQL for this computer, or it could not live in dataDir; makes nothing. */
export const checkEmbedded = (dataDir: string): void => {
  postgresFolder();
  checkFolder(dataDir, clusterFolder(dataDir));
};

/**
 * Makes the embedded warehouse where there is none, starts it where it does not run, and joins it where it does.
 * Throws `config` where there is no PostgreSQL for this computer or dataDir cannot be used (it names TALLY_DATA_DIR),
 * `warehouse-refused` with PostgreSQL's last words where it does not start.
 */
export async function openEmbedded({ dataDir, logger, signal }: EmbeddedOptions): Promise<Embedded> {
  const account = await prepareFolder(dataDir, clusterFolder(dataDir));
  const lockFile = path.join(dataDir, 'embedded.lock');
  const enter = (): Promise<User> =>
    withStartLock(lockFile, () => join(dataDir, account, logger, signal), signal).catch((error: unknown) => {
      throw isDiskFull(error) && !(error instanceof EtlError) ? diskFull(dataDir, String(error), error) : error;
    });
  let user = await enter();
  return {
    connection: async () => {
      if (user.presence.lost) user = await enter();
      return configOf(user);
    },
    release: () =>
      withStartLock(lockFile, () => leave(user, logger), signal).catch((error: unknown) => {
        // The work is done by now: a server that stays on harms nobody, and the next user finds it.
        logger.warn(`The embedded warehouse was not stopped: ${String(error)}`);
      }),
  };
}

/** A user of the server. Its open connection is what others see of it, and goes when its process dies. */
interface User {
  cluster: Cluster;
  presence: Connection;
  port: number;
  password: string;
}

const configOf = ({ port, password }: Pick<User, 'port' | 'password'>): ClientConfig => ({
  host: '127.0.0.1',
  port,
  user: clusterUser,
  password,
  database: 'postgres',
});

async function join(
  dataDir: string,
  account: Account | undefined,
  logger: Logger,
  signal?: AbortSignal,
): Promise<User> {
  const cluster: Cluster = {
    folder: clusterFolder(dataDir),
    binaries: await usableBinaries(dataDir, account, logger),
    account,
  };
  if (!existsSync(cluster.folder)) {
    logger.info(`Setting up the embedded warehouse in ${dataDir}.`);
    if (signal?.aborted) throw cancelled();
    await timed(logger, 'initdb', () => createCluster(cluster, signal));
  }
  const password = await fs.readFile(passwordFileOf(cluster), 'utf8');
  const begun = performance.now();
  for (;;) {
    const running = await findPostmaster(cluster);
    if (signal?.aborted) throw cancelled();
    if (running === undefined) {
      await timed(logger, 'Starting PostgreSQL', () => startServer(cluster, signal));
      continue;
    }
    try {
      return await connectTo({ cluster, port: running.port, password }, logger);
    } catch (error) {
      // It recovers after a crash, or it is about to end: then it is started again.
      const passing = error instanceof EtlError && error.code === 'warehouse-unreachable';
      if (!passing || performance.now() - begun > answerMs) throw error;
      await sleep(50);
    }
  }
}

/** Goes, and stops the server where nobody else is connected: no program of ours, and no psql either. */
async function leave(user: User, logger: Logger): Promise<void> {
  const { cluster } = user;
  let { presence } = user;
  if (presence.lost) {
    // PostgreSQL may have restarted itself after a crash.
    const running = await findPostmaster(cluster);
    if (running === undefined) return;
    ({ presence } = await connectTo({ ...user, port: running.port }, logger));
  }
  const alone = await isAlone(presence);
  await presence.close();
  if (alone) await timed(logger, 'Stopping PostgreSQL', () => stopServer(cluster));
}

async function connectTo(
  { cluster, port, password }: Pick<User, 'cluster' | 'port' | 'password'>,
  logger: Logger,
): Promise<User> {
  const config = configOf({ port, password });
  const presence = await Connection.open({ config, tls: [false] }, embeddedTarget, 'tally-warehouse', logger);
  return { cluster, presence, port, password };
}

async function isAlone(presence: Connection): Promise<boolean> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const [row] = await presence.query<{ others: number }>(
      `SELECT count(*)::int AS others FROM pg_stat_activity
       WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    );
    if (row?.others === 0) return true;
    await sleep(50); // sessions that were closed just now take a moment to go
  }
  return false;
}

async function timed(logger: Logger, what: string, work: () => Promise<void>): Promise<void> {
  const start = performance.now();
  await work();
  logger.debug(`${what}: ${Math.round(performance.now() - start)} ms`);
}
