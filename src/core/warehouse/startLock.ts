import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { EtlError } from '../errors.js';

const heartbeatMs = 2_000;
const staleMs = 20_000;
const patienceMs = 120_000;

/**
 * Runs `work` while no other process of this computer does so under the same file. The file of a process that died is
 * put aside: its process is gone, or (a process id is soon used again in a container) it was not touched any more.
 * Two waiters that put it aside in the same instant could both go on; what they do is safe then too, because
 * PostgreSQL itself lets one server only into a data folder. The lock spares them the wait and the error.
 */
export async function withStartLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const token = `${process.pid} ${randomUUID()}`;
  const deadline = Date.now() + patienceMs;
  while (!(await create(file, token))) {
    if (await isStale(file)) await fs.rm(file, { force: true });
    else if (Date.now() > deadline)
      throw new EtlError(
        'warehouse-unreachable',
        'Another program has been starting or stopping the embedded warehouse for two minutes.',
        `Look for a Tally Warehouse program that hangs and end it. If there is none, delete ${file}.`,
      );
    else await sleep(25 + Math.random() * 50);
  }
  const heartbeat = setInterval(() => {
    // A lock that was taken from us cannot be kept alive: the work ends as it would have.
    fs.utimes(file, new Date(), new Date()).catch(() => undefined);
  }, heartbeatMs);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    if ((await read(file)) === token) await fs.rm(file, { force: true });
  }
}

async function create(file: string, token: string): Promise<boolean> {
  try {
    await fs.writeFile(file, token, { flag: 'wx' });
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function isStale(file: string): Promise<boolean> {
  const [content, stat] = await Promise.all([read(file), fs.stat(file).catch(() => undefined)]);
  if (content === undefined || stat === undefined) return false; // released meanwhile
  if (Date.now() - stat.mtimeMs > staleMs) return true;
  const pid = Number(content.split(' ')[0]);
  return pid > 0 && !isAlive(pid);
}

const read = (file: string): Promise<string | undefined> => fs.readFile(file, 'utf8').catch(() => undefined);

/** True when a process with this id runs, also one of another user. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

/** True for a failure of the operating system with this code: `ENOENT`. */
export const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
