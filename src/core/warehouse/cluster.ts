import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import { existsSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import { cancelled, EtlError } from '../errors.js';
import type { Account } from './account.js';
import { stopAfter } from './afterCancel.js';
import { executable } from './binaries.js';
import { isAlive, isCode } from './startLock.js';
import { diskFull, saysDiskFull } from './warehouseError.js';

/** The superuser and owner of the embedded warehouse. */
export const clusterUser = 'tally';

/** The files of one embedded warehouse, and the programs and the account that run it. */
export interface Cluster {
  /** Holds everything below; it appears complete or not at all. */
  folder: string;
  binaries: string;
  account: Account | undefined;
}

export const dataOf = ({ folder }: Cluster): string => path.join(folder, 'data');
export const passwordFileOf = ({ folder }: Cluster): string => path.join(folder, 'password');
export const logFileOf = ({ folder }: Cluster): string => path.join(folder, 'postgres.log');

/** Makes the cluster where there is none: under another name first, so that an interruption leaves no half of one. */
export async function createCluster(cluster: Cluster, signal?: AbortSignal): Promise<void> {
  const unfinished: Cluster = { ...cluster, folder: `${cluster.folder}.new` };
  await fs.rm(unfinished.folder, { recursive: true, force: true });
  await fs.mkdir(unfinished.folder);
  // Whatever the umask: nobody looks around here, and where the server has an account of its own it passes.
  await fs.chmod(unfinished.folder, cluster.account ? 0o711 : 0o700);
  const password = randomBytes(24).toString('base64url');
  await fs.writeFile(passwordFileOf(unfinished), password, { mode: 0o600 });
  const handedOver = path.join(unfinished.folder, 'password.initdb');
  await fs.writeFile(handedOver, password, { mode: 0o600 });
  await fs.mkdir(dataOf(unfinished), { mode: 0o700 });
  await fs.writeFile(logFileOf(unfinished), '', { mode: 0o600 });
  const { account } = cluster;
  if (account)
    for (const file of [handedOver, dataOf(unfinished), logFileOf(unfinished)])
      await fs.chown(file, account.uid, account.gid);
  const options = [
    ...['-D', dataOf(unfinished), '-U', clusterUser, '-E', 'UTF8', '--locale=C', '-A', 'scram-sha-256'],
    ...[`--pwfile=${handedOver}`, '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
  ];
  const { code, output } = await run(cluster, 'initdb', options, signal);
  if (signal?.aborted) throw cancelled();
  if (code !== 0)
    throw await startError(output, unfinished, (lines) =>
      t('The embedded warehouse could not be set up. PostgreSQL says:\n{lines}', { lines }),
    );
  await fs.rm(handedOver);
  await fs.rename(unfinished.folder, cluster.folder);
}

/** What postmaster.pid says of a server: its process, its port, and whether it takes connections. */
export interface Postmaster {
  pid: number;
  port: number;
}

/** The server that runs on the cluster, or undefined. One that is starting, stopping or recovering counts as running. */
export async function findPostmaster(cluster: Cluster): Promise<Postmaster | undefined> {
  const file = path.join(dataOf(cluster), 'postmaster.pid');
  let lines: string[];
  try {
    lines = (await fs.readFile(file, 'utf8')).split('\n');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  const pid = Number(lines[0]);
  if (!(pid > 0) || !isAlive(pid)) return undefined;
  if (!(await isPostgres(pid))) {
    // After a crash in a container the same number is soon another process, and PostgreSQL would not start.
    await fs.rm(file, { force: true });
    return undefined;
  }
  return { pid, port: Number(lines[3]) };
}

/** Whether the process is a living PostgreSQL, as far as this system lets one see. */
async function isPostgres(pid: number): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const stat = await fs.readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // `123 (postgres) S …`; Z is a dead one that nobody has waited for, which in a bare container nobody ever does.
  return stat === '' || /^\d+ \(postgres.*\) [^ZX]/.test(stat);
}

/** How long after a cancel a server that is starting may go on: longer it takes after a crash only. */
const startGraceMs = 700;

/** Starts a server that outlives this process, on a free port of 127.0.0.1; resolves when it takes connections. */
export async function startServer(cluster: Cluster, signal?: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const logged = await sizeOf(logFileOf(cluster));
    const options = ['-w', '-t', '60', '-D', dataOf(cluster), '-l', logFileOf(cluster), '-o', `-p ${await freePort()}`];
    // Broken off at once pg_ctl would leave a server behind that nobody could find yet.
    const { code, output } = await run(cluster, 'pg_ctl', ['start', ...options], signal, startGraceMs);
    if (signal?.aborted) {
      await stopServer(cluster, 'immediate');
      throw cancelled();
    }
    if (code === 0) return;
    const log = (await fs.readFile(logFileOf(cluster), 'utf8')).slice(logged);
    // Another program took the port, or the processes of a killed server are not all gone yet.
    const passing = /could not bind|Address already in use|pre-existing shared memory block/.test(log);
    if (!passing || attempt === 50)
      throw await startError(log || output, cluster, (lines) =>
        t('The embedded warehouse did not start. PostgreSQL says:\n{lines}', { lines }),
      );
    await sleep(200);
  }
}

/** Stops the server: its clients are cut off, its files left complete. */
export async function stopServer(cluster: Cluster, mode: 'fast' | 'immediate' = 'fast'): Promise<void> {
  const { code, output } = await run(cluster, 'pg_ctl', ['stop', '-w', '-t', '60', '-m', mode, '-D', dataOf(cluster)]);
  if (code !== 0 && (await findPostmaster(cluster)) !== undefined)
    throw await startError(output, cluster, (lines) =>
      t('The embedded warehouse did not stop. PostgreSQL says:\n{lines}', { lines }),
    );
}

/** No server runs in so little: bytes. */
const leastSpace = 16 * 1024 * 1024;

/** The error `warehouse-refused` with the last lines of what PostgreSQL said. */
async function startError(log: string, cluster: Cluster, say: (lines: string) => string): Promise<EtlError> {
  const lines = log.trim().split('\n').slice(-8).join('\n');
  const message = say(lines);
  const dataDir = path.dirname(cluster.folder);
  const { bavail, bsize } = await fs.statfs(dataDir);
  // On a full disk PostgreSQL's log is empty too.
  if (saysDiskFull(lines) || bavail * bsize < leastSpace) return diskFull(dataDir, message);
  return new EtlError(
    'warehouse-refused',
    message,
    t('Look at {file}, check the free space of the disk, or set DB_URL to another PostgreSQL server.', {
      file: logFileOf(cluster),
    }),
  );
}

async function sizeOf(file: string): Promise<number> {
  return existsSync(file) ? (await fs.stat(file)).size : 0;
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

/** Only these reach the server: its account may read its surroundings, and ours hold DB_URL. */
const passedOn = ['PATH', 'TZ', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'SystemDrive', 'ComSpec', 'LD_LIBRARY_PATH'];

function run(
  cluster: Cluster,
  program: string,
  args: string[],
  signal?: AbortSignal,
  graceMs = 0,
): Promise<{ code: number | null; output: string }> {
  const { binaries, account } = cluster;
  const surroundings = passedOn.map((name) => [name, process.env[name]]).filter(([, value]) => value !== undefined);
  const child = spawn(path.join(binaries, 'bin', executable(program)), args, {
    ...(account && { uid: account.uid, gid: account.gid }),
    env: { ...(Object.fromEntries(surroundings) as Record<string, string>), LC_ALL: 'C' },
    cwd: path.parse(binaries).root, // ours may be closed to the account
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const ended = new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      const done = (): void => {
        for (const stream of [child.stdout, child.stderr]) stream.destroy();
        resolve({ code, output });
      };
      // On Windows the server holds the pipes of the program that started it: they do not close.
      const timer = setTimeout(done, 1_000);
      child.once('close', () => {
        clearTimeout(timer);
        done();
      });
    });
  });
  return stopAfter(ended, signal, graceMs, () => child.kill());
}
