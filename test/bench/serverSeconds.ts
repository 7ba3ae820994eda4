import fs from 'node:fs';
import { ask } from './database.js';

/** The process id of the server at this address. */
export async function postmasterOf(server: string): Promise<number> {
  const [row] = await ask<{ pid: string }>(
    server,
    `SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1) AS pid`,
  );
  return Number(row!.pid);
}

/** The processor time of a server so far, with all its sessions, also those that have ended. Linux only. */
export function serverSeconds(postmaster: number): number | null {
  if (process.platform !== 'linux') return null;
  const ticksPerSecond = 100;
  let ticks = 0;
  for (const pid of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const stat = statOf(pid);
    if (stat === undefined) continue;
    const [parent, user, system, endedUser, endedSystem] = [stat[1]!, stat[11]!, stat[12]!, stat[13]!, stat[14]!];
    if (Number(pid) === postmaster) ticks += user + system + endedUser + endedSystem;
    else if (parent === postmaster) ticks += user + system;
  }
  return ticks / ticksPerSecond;
}

/** The fields of /proc/PID/stat behind the name; undefined if the process has ended. */
function statOf(pid: string): number[] | undefined {
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
