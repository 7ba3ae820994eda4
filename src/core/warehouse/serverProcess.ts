import { constants, existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import { cancelled, EtlError } from '../errors.js';
import { dataOf, logFileOf, startError, type Cluster } from './cluster.js';
import { findPostmaster, isReady } from './postmaster.js';
import { cannotStart, programFile, refuseBroken, runProgram, spawnProgram, type Ended } from './programs.js';
import { isCode } from './startLock.js';

/** How long a server may take to start or to stop; after a crash a start takes longest. */
const patienceMs = 60_000;
/** How long after a cancel a start by pg_ctl goes on: the server would be left where nobody finds it. */
const startGraceMs = 700;

/** Starts a server that outlives this process, on a free port of 127.0.0.1; resolves when it takes connections. */
export async function startServer(cluster: Cluster, signal?: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const logged = (await readLog(cluster)).length;
    const start = process.platform === 'win32' ? startByPgCtl : startDirectly;
    const { code, output } = await start(cluster, await freePort(), signal, logged);
    if (code === 0) return;
    const log = (await readLog(cluster)).slice(logged);
    // Another program took the port, or the processes of a killed server are not all gone yet.
    const passing = /could not bind|Address already in use|pre-existing shared memory block/.test(log);
    if (!passing || attempt === 50)
      throw await startError(log || output, cluster, (lines) =>
        t('The embedded warehouse did not start. PostgreSQL says:\n{lines}', { lines }),
      );
    await sleep(200);
  }
}

/**
 * Starts `postgres` itself. `pg_ctl start` would put the paths into a command line for the shell, and the shell would run
 * what stands in them as `$(…)`.
 */
async function startDirectly(
  cluster: Cluster,
  port: number,
  signal: AbortSignal | undefined,
  logged: number,
): Promise<Ended> {
  // In the folder of an ordinary user a link could lead this program, where it runs as root, to any file.
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
  const log = await fs.open(logFileOf(cluster), flags, 0o600);
  const child = spawnProgram(cluster, 'postgres', ['-D', dataOf(cluster), '-p', String(port)], {
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  const state: { failed?: Error; ended?: { code: number | null; killed: NodeJS.Signals | null } } = {};
  const done = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      state.failed = error;
      resolve();
    });
    child.once('exit', (code, killed) => {
      state.ended = { code, killed };
      resolve();
    });
  });
  await log.close(); // the server has its own
  const begun = performance.now();
  while (state.failed === undefined && state.ended === undefined) {
    if (signal?.aborted) {
      child.kill('SIGQUIT'); // at once; what it was at is made good by the next start
      await done;
      throw cancelled();
    }
    if (child.pid !== undefined && (await isReady(cluster, child.pid))) {
      child.unref();
      return { code: 0, output: '' };
    }
    if (performance.now() - begun > patienceMs) {
      child.unref();
      throw stillStarting();
    }
    await Promise.race([done, sleep(10)]);
  }
  if (state.failed) throw cannotStart(programFile(cluster, 'postgres'), state.failed);
  const { code, killed } = state.ended!;
  refuseBroken('postgres', code, killed, (await readLog(cluster)).slice(logged));
  return { code: code === 0 ? 1 : code, output: '' }; // a server that ends has not started
}

/**
 * On Windows PostgreSQL refuses an administrator, and `pg_ctl` gives up those rights. Its command line holds no path but that of the
 * programs, which `usableBinaries` has looked at: the data folder comes in the environment, the log by its name.
 */
export async function startByPgCtl(cluster: Cluster, port: number, signal: AbortSignal | undefined): Promise<Ended> {
  const log = path.basename(logFileOf(cluster));
  const ended = await runProgram(cluster, 'pg_ctl', ['start', '-w', '-t', '60', '-l', log, '-o', `-p ${port}`], {
    signal,
    graceMs: startGraceMs,
    cwd: cluster.folder,
    env: { PGDATA: dataOf(cluster) },
  });
  if (!signal?.aborted) return ended;
  await stopServer(cluster, 'immediate');
  throw cancelled();
}

const stillStarting = (): EtlError =>
  new EtlError(
    'warehouse-unreachable',
    t('The embedded warehouse has been starting for a minute: after a crash PostgreSQL first repairs its files.'),
    t('PostgreSQL goes on with that. Run the command again in a few minutes.'),
  );

/** `smart` waits until the last client has gone; `fast` cuts clients off; `immediate` is a crash. The files stay complete. */
export type StopMode = 'smart' | 'fast' | 'immediate';
const stopSignals = { smart: 'SIGTERM', fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

/** Stops the server. False where a smart stop still waits for a client after `waitMs`. */
export async function stopServer(cluster: Cluster, mode: StopMode = 'fast', waitMs = patienceMs): Promise<boolean> {
  const output =
    process.platform === 'win32' ? await stopByPgCtl(cluster, mode, waitMs) : await stopBySignal(cluster, mode, waitMs);
  if (output === undefined || (await findPostmaster(cluster)) === undefined) return true;
  if (mode === 'smart') return false;
  throw await startError(output, cluster, (lines) =>
    t('The embedded warehouse did not stop. PostgreSQL says:\n{lines}', { lines }),
  );
}

/** Undefined when it has stopped, else what was said. */
async function stopByPgCtl(cluster: Cluster, mode: StopMode, waitMs: number): Promise<string | undefined> {
  const args = ['stop', '-w', '-t', String(Math.ceil(waitMs / 1000)), '-m', mode];
  const { code, output } = await runProgram(cluster, 'pg_ctl', args, { env: { PGDATA: dataOf(cluster) } });
  return code === 0 ? undefined : output;
}

async function stopBySignal(cluster: Cluster, mode: StopMode, waitMs: number): Promise<string | undefined> {
  const running = await findPostmaster(cluster);
  if (running === undefined) return undefined;
  try {
    process.kill(running.pid, stopSignals[mode]);
  } catch (error) {
    return isCode(error, 'ESRCH') ? undefined : String(error);
  }
  const begun = performance.now();
  while ((await findPostmaster(cluster))?.pid === running.pid) {
    if (performance.now() - begun > waitMs) return await readLog(cluster);
    await sleep(10);
  }
  return undefined;
}

async function readLog(cluster: Cluster): Promise<string> {
  const file = logFileOf(cluster);
  return existsSync(file) ? await fs.readFile(file, 'utf8') : '';
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}
