import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import type { ClientConfig } from 'pg';
import { adoptEarlier, clusterFolder, embeddedPlace, refuseLost, type DataPlace } from '../../base/dataPlace.js';
import { cancelled, EtlError } from '../../base/errors.js';
import type { Logger } from '../../base/logger.js';
import type { Account } from './account.js';
import { checkBinaries, postgresFolder, usableBinaries } from './binaries.js';
import { clusterUser, createCluster, type Cluster } from './cluster.js';
import { Connection } from '../postgres/connection.js';
import { checkFolder, prepareFolder } from './dataFolder.js';
import { readPassword, renewPassword, stopUnused } from './ownerPassword.js';
import { findPostmaster, forgetPostmaster, isStranger, pidFileOf, type Postmaster } from './postmaster.js';
import { startServer, stopServer } from './serverProcess.js';
import { withStartLock } from './startLock.js';
import { dropStaleReaders } from './readers/readers.js';
import { diskFull, embeddedTarget, errorCode, isDiskFull } from '../warehouseError.js';

const answerMs = 60_000;

/** The embedded warehouse in use. Several processes share one server; the last to release it stops the server. */
export interface Embedded {
  /** How to connect now. Restarts the server if it has died. Holds the password: never log it. */
  connection(): Promise<ClientConfig>;
  release(): Promise<void>;
}

export interface EmbeddedOptions extends DataPlace {
  logger: Logger;
  /** Aborts the setup and the start, and undoes what they have begun. */
  signal?: AbortSignal;
}

/**
 * Throws `config` if the embedded PostgreSQL cannot run on this computer or cannot use dataDir. Does not create a warehouse.
 */
export async function checkEmbedded(dataDir: string): Promise<void> {
  refuseLost(dataDir);
  const programs = postgresFolder();
  const account = checkFolder(dataDir, clusterFolder(dataDir));
  await checkBinaries(dataDir, account, programs);
}

/**
 * Creates the embedded warehouse if there is none, starts it if it is not running, else joins it. Throws `config` if there is
 * no PostgreSQL for this computer, or if dataDir cannot be used (the error names TALLY_DATA_DIR). Throws `warehouse-refused`
 * with PostgreSQL's last lines if the server does not start.
 */
export async function openEmbedded({ logger, signal, ...place }: EmbeddedOptions): Promise<Embedded> {
  const { dataDir } = place;
  adoptEarlier(place, logger);
  refuseLost(dataDir);
  if (place.within !== undefined) await prepareFolder(place.within, clusterFolder(place.within));
  const account = await prepareFolder(dataDir, clusterFolder(dataDir));
  // The warehouse may be a link into the folder of an earlier version. A program that is given that folder locks there, so this
  // program locks there too.
  const lockFile = path.join(embeddedPlace(place), 'embedded.lock');
  const onWait = (): void => {
    logger.info('Waiting for another program that is starting or stopping the embedded warehouse.');
  };
  const enter = (): Promise<User> =>
    withStartLock(lockFile, () => join(dataDir, account, logger, signal), { signal, onWait }).catch(
      (error: unknown) => {
        throw isDiskFull(error) && !(error instanceof EtlError) ? diskFull(dataDir, String(error), error) : error;
      },
    );
  let user = await enter();
  let entering: Promise<User> | undefined;
  await dropStaleReaders(user.presence, logger);
  return {
    connection: async () => {
      // Several runs may share this user. If the server was lost, only one of them starts it again.
      if (user.presence.lost) user = await (entering ??= enter().finally(() => (entering = undefined)));
      return configOf(user);
    },
    release: () =>
      withStartLock(lockFile, () => leave(user, logger), { signal }).catch((error: unknown) => {
        // The work is finished: a server that goes on running does no harm, and the next user finds it.
        logger.warn(`The embedded warehouse was not stopped: ${String(error)}`);
      }),
  };
}

/** A user of the server. Other users see it by its open connection, which ends when its process dies. */
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
  let password = await readPassword(cluster);
  const begun = performance.now();
  let judged: number | undefined;
  for (;;) {
    const running = await findPostmaster(cluster);
    if (signal?.aborted) throw cancelled();
    if (running === undefined) {
      if (password === undefined) {
        logger.warn('The password of the embedded warehouse is lost: it gets a new one.');
        password = await renewPassword(cluster, signal);
      }
      await timed(logger, 'Starting PostgreSQL', () => startServer(cluster, signal));
    } else if (password === undefined) await stopUnused(cluster);
    else
      try {
        return await connectTo({ cluster, port: running.port, password }, logger);
      } catch (error) {
        const isNew = running.pid !== judged;
        judged = running.pid;
        if (isNew && (await isStranger(cluster, running))) {
          logger.warn(`Process ${running.pid} is not the server of the embedded warehouse: it is started.`);
          await forgetPostmaster(cluster);
        } else if (error instanceof EtlError && errorCode(error.cause) === '28P01') password = undefined; // the password was wrong
        // The server recovers after a crash, or is about to end; in the second case it is started again.
        else if (!(error instanceof EtlError) || error.code !== 'warehouse-unreachable') throw error;
        else if (performance.now() - begun > answerMs) throw silentServer(running, cluster, error);
        else await sleep(50);
      }
  }
}

/** The error for a server that postmaster.pid names and whose process lives, but that does not accept connections. */
const silentServer = ({ pid }: Postmaster, cluster: Cluster, cause: EtlError): EtlError =>
  new EtlError(
    'warehouse-unreachable',
    t('{error} According to {file}, the server is process {pid}.', {
      error: cause.message,
      pid,
      file: pidFileOf(cluster),
    }),
    t(
      'After a crash PostgreSQL can be busy for minutes: wait, then run the command again. If process {pid} is another program, delete that file. If it is PostgreSQL and hangs, end it.',
      { pid },
    ),
    { cause },
  );

/** Leaves the server, and stops it if it has no other client, such as a program of ours or psql. */
async function leave(user: User, logger: Logger): Promise<void> {
  const { cluster } = user;
  let { presence } = user;
  if (presence.lost) {
    // PostgreSQL may have restarted after a crash.
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
    await sleep(50); // sessions that were closed a moment ago may still be listed
  }
  return false;
}

async function timed(logger: Logger, what: string, work: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  await work();
  logger.debug(`${what}: ${Math.round(performance.now() - start)} ms`);
}
