import fs from 'node:fs/promises';
import path from 'node:path';
import type { Connection } from '../../postgres/connection.js';
import { isCode } from '../startLock.js';
import { dropReader, endSessions, keeperOf, newPassword } from './readers.js';

/** The user of BI tools. Its password lasts until access is ended: a report that is refreshed each night has it stored. */
export const biUser = 'tally_bi';

/** What BI tools have stored, so that it has to stay as it is. */
export interface BiAccess {
  port: number;
  password: string;
}

/** Beside the owner's password, which opens more, and as it for the owner's eyes alone: the command line reads it too. */
const fileOf = (cluster: string): string => path.join(cluster, 'bi-tools.json');

/** Undefined where BI tools have no access, or the file is broken: they then get a new one. */
export async function readBiAccess(cluster: string): Promise<BiAccess | undefined> {
  try {
    const { port, password } = JSON.parse(await fs.readFile(fileOf(cluster), 'utf8')) as Partial<BiAccess>;
    return Number.isInteger(port) && typeof password === 'string' ? { port: port!, password } : undefined;
  } catch (error) {
    if (isCode(error, 'ENOENT') || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The access that is kept, else a new one on this port, which is kept from now on. */
export async function keptBiAccess(cluster: string, port: number): Promise<BiAccess> {
  const kept = await readBiAccess(cluster);
  if (kept) return kept;
  const made = { port, password: newPassword() };
  const unfinished = `${fileOf(cluster)}.new`;
  await fs.rm(unfinished, { force: true });
  await fs.writeFile(unfinished, JSON.stringify(made), { mode: 0o600 });
  await fs.rename(unfinished, fileOf(cluster));
  return made;
}

/** Ends the clients of BI tools, unless another window or a `serve` goes on keeping the warehouse open to them. */
export async function leaveBiTools(connection: Connection): Promise<void> {
  const others = await connection.query(
    'SELECT FROM pg_stat_activity WHERE application_name = $1 AND pid <> pg_backend_pid()',
    [keeperOf(biUser)],
  );
  if (others.length === 0) await endSessions(connection, biUser);
}

/** The password opens nothing any more; the next access has another one. */
export async function endBiAccess(connection: Connection, cluster: string): Promise<void> {
  await fs.rm(fileOf(cluster), { force: true });
  const [known] = await connection.query('SELECT FROM pg_roles WHERE rolname = $1', [biUser]);
  if (known) await dropReader(connection, biUser);
}
