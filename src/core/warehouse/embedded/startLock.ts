import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import { cancelled, EtlError } from '../../base/errors.js';
import { isDiskFull } from '../warehouseError.js';

const heartbeatMs = 2_000;
const staleMs = 20_000;
const patienceMs = 120_000;
/** A caller that waits longer is told the reason. */
const tellMs = 500;
/** How long a cancelled run still waits for the lock, which it needs to stop the server. */
const cancelledMs = 500;

/**
 * Runs `work` while no other process of this computer runs work under the same file. The file of a dead process is deleted. A
 * process counts as dead if its id does not exist. It also counts as dead if its file is no longer touched: in a container an
 * id is soon used again. Two waiters that delete the file in the same instant could both continue. That is safe too, because
 * PostgreSQL lets only one server into a data folder. The lock only spares the second one the wait and the error.
 */
export async function withStartLock<T>(
  file: string,
  work: () => Promise<T>,
  { signal, onWait }: { signal?: AbortSignal | undefined; onWait?: () => void } = {},
): Promise<T> {
  const token = `${process.pid} ${randomUUID()}`;
  // A monotonic clock, which cannot be set.
  const begun = performance.now();
  let isTold = false;
  let touched: { mtimeMs: number; seenAt: number } | undefined;
  while (!(await create(file, token))) {
    if (signal?.aborted && performance.now() - begun > cancelledMs) throw cancelled();
    if (!isTold && performance.now() - begun > tellMs) {
      isTold = true;
      onWait?.();
    }
    const found = await look(file);
    if (found && found.mtimeMs !== touched?.mtimeMs) touched = { mtimeMs: found.mtimeMs, seenAt: performance.now() };
    if (found && isStale(found, performance.now() - touched!.seenAt)) await fs.rm(file, { force: true });
    else if (performance.now() - begun > patienceMs)
      throw new EtlError(
        'warehouse-unreachable',
        t('Another program has been starting or stopping the embedded warehouse for two minutes.'),
        t('Look for a Tally Warehouse program that hangs and end it. If there is none, delete {file}.', { file }),
      );
    else await sleep(25 + Math.random() * 50);
  }
  const heartbeat = setInterval(() => {
    // If another process has taken the lock, it cannot be kept; the work still ends normally.
    fs.utimes(file, new Date(), new Date()).catch(() => undefined);
  }, heartbeatMs);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    const now = (await look(file))?.content;
    if (now === token || now === '') await fs.rm(file, { force: true });
  }
}

async function create(file: string, token: string): Promise<boolean> {
  let made: fs.FileHandle;
  try {
    made = await fs.open(file, 'wx');
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
  try {
    await made.writeFile(token);
  } catch (error) {
    // A full disk accepts the file but not its content. The file locks nevertheless: a server must be stoppable on a full disk.
    if (!isDiskFull(error)) throw error;
  } finally {
    await made.close();
  }
  return true;
}

/** Undefined if the lock was released meanwhile. */
async function look(file: string): Promise<{ content: string; mtimeMs: number } | undefined> {
  const [content, stat] = await Promise.all([
    fs.readFile(file, 'utf8').catch(() => undefined),
    fs.stat(file).catch(() => undefined),
  ]);
  return content === undefined || stat === undefined ? undefined : { content, mtimeMs: stat.mtimeMs };
}

/**
 * Whether the holder of the lock is dead. A jump of the computer's clock makes every file look old. So an old file is stale
 * only if it was also not touched while we waited.
 */
function isStale({ content, mtimeMs }: { content: string; mtimeMs: number }, untouchedMs: number): boolean {
  if (Math.abs(Date.now() - mtimeMs) > staleMs && untouchedMs > 2 * heartbeatMs) return true;
  const pid = Number(content.split(' ')[0]);
  return pid > 0 && !isAlive(pid);
}

/** Whether a process with this id runs, including processes of other users. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

/** Whether the error is a failure of the operating system with this code: `ENOENT`. */
export const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
