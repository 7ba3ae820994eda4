import fs from 'node:fs/promises';
import path from 'node:path';
import type { Connection } from '../../postgres/connection.js';
import { isCode } from '../startLock.js';
import { dropReader, endSessions, keeperOf, newPassword } from './readers.js';

/** The user of BI tools. Its password lasts until access is ended: a report that is refreshed each night has it stored. */
export const biUser = 'tally_bi';

/** The port and the password that BI tools have stored, so neither may change. */
export interface BiAccess {
  port: number;
  password: string;
}

/**
 * The file is beside the password file of the owner, and only the owner can read it too. It is a file because the
 * command line and the extension both read it.
 */
const fileOf = (cluster: string): string => path.join(cluster, 'bi-tools.json');

/** Undefined if BI tools have no access, or if the file is broken: keptBiAccess then makes a new one. */
export async function readBiAccess(cluster: string): Promise<BiAccess | undefined> {
  try {
    const { port, password } = JSON.parse(await fs.readFile(fileOf(cluster), 'utf8')) as Partial<BiAccess>;
    return Number.isInteger(port) && typeof password === 'string' ? { port: port!, password } : undefined;
  } catch (error) {
    if (isCode(error, 'ENOENT') || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Returns the stored access. If there is none, makes one with a new password on this port, and stores it. */
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

/** Ends the sessions of BI tools, unless another window or a `serve` still keeps the warehouse open to them. */
export async function leaveBiTools(connection: Connection): Promise<void> {
  const others = await connection.query(
    'SELECT FROM pg_stat_activity WHERE application_name = $1 AND pid <> pg_backend_pid()',
    [keeperOf(biUser)],
  );
  if (others.length === 0) await endSessions(connection, biUser);
}

/** Ends the access of BI tools: the password no longer works, and the next access has another password. */
export async function endBiAccess(connection: Connection, cluster: string): Promise<void> {
  await fs.rm(fileOf(cluster), { force: true });
  const [known] = await connection.query('SELECT FROM pg_roles WHERE rolname = $1', [biUser]);
  if (known) await dropReader(connection, biUser);
}
