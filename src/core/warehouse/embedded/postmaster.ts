import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dataOf, type Cluster } from './cluster.js';
import { bootedAt, processFacts, type ProcessFacts } from './processFacts.js';
import { isAlive, isCode } from './startLock.js';

/** The contents of postmaster.pid. Times are in seconds since 1970. */
export interface Postmaster {
  pid: number;
  port: number;
  startedAt: number;
  writtenAt: number;
}

/** A server writes its pid into the file at once. A file that stays empty was left by a crash or a full disk. */
const emptyMs = 2_000;

export const pidFileOf = (cluster: Cluster): string => path.join(dataOf(cluster), 'postmaster.pid');

/**
 * The server that runs on the cluster, or undefined. A server that is starting, stopping or recovering counts as
 * running. The file is removed if its text makes no sense, or if it names a living process that is proven not to be
 * this cluster's server: PostgreSQL would not start with it. A file of a dead process stays, because PostgreSQL
 * replaces it.
 */
export async function findPostmaster(cluster: Cluster): Promise<Postmaster | undefined> {
  const begun = performance.now();
  let found = await read(cluster);
  while (found?.lines[0] === '' && performance.now() - begun < emptyMs) {
    await sleep(100);
    found = await read(cluster);
  }
  if (found === undefined) return undefined;
  const { lines, writtenAt } = found;
  const pid = Number(lines[0]);
  if (pid > 0 && !isAlive(pid)) return undefined; // PostgreSQL replaces such a file
  if (pid < 0) return undefined; // single-user mode writes a negative pid; PostgreSQL decides about such a file
  const port = Number(lines[3]);
  const isOurs =
    pid > 0 && port > 0 && !(await isNamedElsewhere(cluster, lines)) && (await isServer(cluster, pid)) !== false;
  if (!isOurs) {
    await forgetPostmaster(cluster);
    return undefined;
  }
  return { pid, port, startedAt: Number(lines[2]), writtenAt };
}

/**
 * Removes the file that names the server. Even without the file, PostgreSQL's shared memory prevents a second server on the
 * same data.
 */
export const forgetPostmaster = (cluster: Cluster): Promise<void> => fs.rm(pidFileOf(cluster), { force: true });

/** Whether the process is not the server that the file names. Slow on Windows, so it is called only if the server is silent. */
export async function isStranger(cluster: Cluster, postmaster: Postmaster): Promise<boolean> {
  if ((await isServer(cluster, postmaster.pid)) === true) return false;
  return isOtherProcess(postmaster, await processFacts(postmaster.pid), bootedAt());
}

/** In seconds: one for the rounding of each clock, and more for a server that writes its file late. */
const startTolerance = 120;

/**
 * Whether the living process `facts` cannot be the server that wrote the file. The start time of the process decides. If it is
 * unknown, a file older than the start of the computer (`bootedAt`, seconds) cannot belong to the process.
 */
export function isOtherProcess(
  { startedAt, writtenAt }: Pick<Postmaster, 'startedAt' | 'writtenAt'>,
  facts: ProcessFacts | undefined,
  bootedAt: number,
): boolean {
  if (facts !== undefined) {
    if (facts.isDead || !/^postgres\b/i.test(facts.name)) return true;
    if (facts.startedAt !== undefined) return Math.abs(facts.startedAt - startedAt) > startTolerance;
  }
  return writtenAt < bootedAt - startTolerance;
}

/**
 * Proves by the process's working folder that it is the server (true) or is not (false). Undefined if this system does not show
 * the folder.
 */
async function isServer(cluster: Cluster, pid: number): Promise<boolean | undefined> {
  if (process.platform !== 'linux') return undefined;
  const facts = await processFacts(pid);
  // In a bare container a dead process may stay listed, because nobody waits for it.
  if (facts && (facts.isDead || !facts.name.startsWith('postgres'))) return false;
  try {
    const [folder, data] = [await fs.stat(`/proc/${pid}/cwd`), await fs.stat(dataOf(cluster))];
    return folder.ino === data.ino && folder.dev === data.dev;
  } catch {
    return undefined;
  }
}

/**
 * Whether the data were copied while a server ran on the original: both folders then hold a file that names the same process.
 */
async function isNamedElsewhere(cluster: Cluster, [pid, folder = '']: string[]): Promise<boolean> {
  const original = await fs.realpath(folder).catch(() => undefined);
  if (original === undefined || original === (await fs.realpath(dataOf(cluster)))) return false;
  const text = await fs.readFile(path.join(original, 'postmaster.pid'), 'utf8').catch(() => '');
  return text.split('\n')[0] === pid;
}

async function read(cluster: Cluster): Promise<{ lines: string[]; writtenAt: number } | undefined> {
  const file = pidFileOf(cluster);
  try {
    const [text, stat] = [await fs.readFile(file, 'utf8'), await fs.stat(file)];
    const lines = text.split(/\r?\n/).map((line) => line.trim());
    return { lines, writtenAt: stat.mtimeMs / 1000 };
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
