import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import { cancelled, EtlError } from '../../base/errors.js';
import { dataOf, logFileOf, startError, type Cluster } from './cluster.js';
import { findPostmaster } from './postmaster.js';
import { runProgram } from './programs.js';
import { readBiAccess } from './readers/biTools.js';
import { isCode } from './startLock.js';

/** How long a server may take to start or to stop. A start takes longest after a crash. */
const patienceMs = 60_000;
/**
 * How long pg_ctl may continue after a cancel. If it is killed at once, its server may not have written postmaster.pid
 * yet, and could not be stopped. A start takes longer than this only after a crash.
 */
const startGraceMs = 700;

/**
 * Starts a server that outlives this process, on a port of 127.0.0.1; resolves when the server accepts connections.
 * `pg_ctl` makes a command line for the shell from its arguments, and the shell would run `$(…)` in a path. So the data folder
 * is passed in the environment, and the log by its name only. The path of the programs was checked by `usableBinaries`.
 */
export async function startServer(cluster: Cluster, signal?: AbortSignal): Promise<void> {
  await keepLog(cluster);
  for (let attempt = 1; ; attempt++) {
    const { size: logged } = await fs.stat(logFileOf(cluster));
    const log = ['-l', path.basename(logFileOf(cluster))];
    const args = ['start', '-w', '-t', String(patienceMs / 1000), ...log, '-o', `-p ${await choosePort(cluster)}`];
    const surroundings = { graceMs: startGraceMs, cwd: cluster.folder, env: { PGDATA: dataOf(cluster) } };
    const { code, output } = await runProgram(cluster, 'pg_ctl', args, { signal, ...surroundings });
    if (signal?.aborted) {
      await stopServer(cluster, 'immediate');
      throw cancelled();
    }
    if (code === 0) return;
    if ((await findPostmaster(cluster)) !== undefined) throw stillStarting();
    const said = await readLog(cluster, logged);
    // Another program took the port, or some processes of a killed server still exist.
    const passing = /could not bind|Address already in use|pre-existing shared memory block/.test(said);
    if (!passing || attempt === 50)
      throw await startError(said || output, cluster, (lines) =>
        t('The built-in warehouse did not start. PostgreSQL says:\n{lines}', { lines }),
      );
    await sleep(200);
  }
}

const stillStarting = (): EtlError =>
  new EtlError(
    'warehouse-unreachable',
    t('The built-in warehouse has been starting for a minute: after a crash PostgreSQL first repairs its files.'),
    t('PostgreSQL is still repairing its files. Run the command again in a few minutes.'),
  );

/**
 * `smart` waits until the last client has left, `fast` disconnects clients, `immediate` ends like a crash. All keep the files
 * complete.
 */
export type StopMode = 'smart' | 'fast' | 'immediate';
const stopSignals = { smart: 'SIGTERM', fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

/**
 * Stops the server. If it still runs after `waitMs`, returns false for a smart stop, and throws for the other modes.
 */
export async function stopServer(cluster: Cluster, mode: StopMode = 'fast', waitMs = patienceMs): Promise<boolean> {
  const output =
    process.platform === 'win32' ? await stopByPgCtl(cluster, mode, waitMs) : await stopBySignal(cluster, mode, waitMs);
  if (output === undefined || (await findPostmaster(cluster)) === undefined) return true;
  if (mode === 'smart') return false;
  throw await startError(output, cluster, (lines) =>
    t('The built-in warehouse did not stop. PostgreSQL says:\n{lines}', { lines }),
  );
}

/** Undefined if the server has stopped, else the output of pg_ctl. */
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

/** Creates the log file and gives it to the server's account, which can neither create files there nor write root's files. */
async function keepLog(cluster: Cluster): Promise<void> {
  const file = logFileOf(cluster);
  if (!existsSync(file)) await fs.writeFile(file, '', { mode: 0o600, flag: 'wx' });
  // `lchown` does not follow a link: this program is root here.
  if (cluster.account) await fs.lchown(file, cluster.account.uid, cluster.account.gid);
}

/** The most bytes of the log that are read: the log is never shortened, and its last lines explain a failed start. */
const lastBytes = 65_536;

/** The part of the log that was written after its first `from` bytes, or the end of that part. */
async function readLog(cluster: Cluster, from = 0): Promise<string> {
  const log = await fs.open(logFileOf(cluster));
  try {
    const { size } = await log.stat();
    const begin = Math.max(from, size - lastBytes);
    const { bytesRead, buffer } = await log.read(Buffer.alloc(Math.max(size - begin, 0)), { position: begin });
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await log.close();
  }
}

/**
 * Returns the port that BI tools have stored, if it is free. Otherwise returns another port, because a load must not
 * fail for this.
 */
async function choosePort(cluster: Cluster): Promise<number> {
  const kept = await readBiAccess(cluster.folder);
  if (kept && (await isFree(kept.port))) return kept.port;
  // These ports are below those that systems give to outgoing connections, so the port is likely to be free at the next
  // start too.
  for (let tries = 0; tries < 20; tries++) {
    const port = randomInt(20_000, 32_768);
    if (await isFree(port)) return port;
  }
  return listenOn(0);
}

const isFree = (port: number): Promise<boolean> =>
  listenOn(port).then(
    () => true,
    () => false,
  );

/**
 * Listens on a port of 127.0.0.1 for a moment, and returns the port; `wanted` 0 means any. Rejects if the port is
 * taken.
 */
async function listenOn(wanted: number): Promise<number> {
  const server = net.createServer().listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  await once(server.close(), 'close');
  return port;
}
