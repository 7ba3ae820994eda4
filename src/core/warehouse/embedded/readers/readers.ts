import { randomBytes } from 'node:crypto';
import type { Logger } from '../../../base/logger.js';
import { escapeIdentifier, escapeLiteral, type Connection } from '../../postgres/connection.js';
import { scramVerifier } from './scramVerifier.js';

/** What a SQL client may do: read all tables and views, or also change rows. No client may change the tables themselves. */
export type ReaderRights = 'read' | 'write';

/** A role of each has the rights and cannot log in; the clients' roles are members of it. */
const groups: Record<ReaderRights, { name: string; rights: string }> = {
  read: { name: 'tally_reader', rights: 'SELECT' },
  write: { name: 'tally_writer', rights: 'SELECT, INSERT, UPDATE, DELETE' },
};

/** A role of a SQL client, as long as whoever made it goes on renewing it. */
export interface Reader {
  user: string;
  password: string;
}

/** A password that is not renewed expires after this time, so that a crashed window leaves no access open. */
const validFor = "to_char(now() + interval '5 minutes', 'YYYY-MM-DD HH24:MI:SS.USOF')";
/** The interval between renewals. */
export const renewMs = 60_000;

/** A new name and password. */
export const newReader = (rights: ReaderRights): Reader => ({
  user: `${groups[rights].name}_${randomBytes(4).toString('hex')}`,
  password: newPassword(),
});

export const newPassword = (): string => randomBytes(24).toString('base64url');

/** What the session calls itself that keeps a reader: without such a session the reader is a dead window's. */
export const keeperOf = (user: string): string => `tally-warehouse sql clients ${user}`;

/** Makes the role of a reader, whose password is void unless it is renewed. The session is its keeper (`keeperOf`). */
export function createReader(connection: Connection, reader: Reader, rights: ReaderRights): Promise<void> {
  return connection.transaction(async () => makeRole(connection, reader, rights, await validUntil(connection)));
}

/** Makes the role of a reader whose password lasts, or gives it this password. */
export function createLastingReader(connection: Connection, reader: Reader): Promise<void> {
  return connection.transaction(() => makeRole(connection, reader, 'read', 'infinity'));
}

async function makeRole(connection: Connection, reader: Reader, rights: ReaderRights, until: string): Promise<void> {
  await allowGroup(connection, rights);
  const user = escapeIdentifier(reader.user);
  const [known] = await connection.query('SELECT FROM pg_roles WHERE rolname = $1', [reader.user]);
  if (!known) await connection.execute(`CREATE ROLE ${user} IN ROLE ${groups[rights].name}`);
  await connection.execute(
    `ALTER ROLE ${user} LOGIN CONNECTION LIMIT 20 PASSWORD ${escapeLiteral(scramVerifier(reader.password))}
     VALID UNTIL ${escapeLiteral(until)}`,
  );
  // Whoever reads by mistake within a transaction that stays open would hold a migration up for ever.
  await connection.execute(`ALTER ROLE ${user} SET idle_in_transaction_session_timeout = '5min'`);
  if (rights === 'read') await connection.execute(`ALTER ROLE ${user} SET default_transaction_read_only = on`);
}

/** Removes the readers that crashed windows left behind: those without the session that keeps them. Never throws. */
export async function dropStaleReaders(connection: Connection, logger: Pick<Logger, 'debug' | 'warn'>): Promise<void> {
  try {
    const stale = await connection.query<{ user: string }>(
      `SELECT rolname AS user FROM pg_roles WHERE rolname ~ $1
         AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = $2 || rolname)`,
      ['^tally_(reader|writer)_', keeperOf('')],
    );
    for (const { user } of stale) {
      await dropReader(connection, user);
      logger.warn(`${user}, a SQL client's user that a window had left behind, was removed.`);
    }
  } catch (error) {
    logger.debug(`The users of SQL clients were not looked through: ${String(error)}`); // another program is doing the same
  }
}

/** Extends the validity of the password. */
export async function renewReader(connection: Connection, user: string): Promise<void> {
  const until = escapeLiteral(await validUntil(connection));
  await connection.execute(`ALTER ROLE ${escapeIdentifier(user)} VALID UNTIL ${until}`);
}

/** Ends the reader's access: the password no longer works, the sessions are ended, the role is dropped. */
export async function dropReader(connection: Connection, user: string): Promise<void> {
  const name = escapeIdentifier(user);
  await connection.execute(`ALTER ROLE ${name} NOLOGIN`);
  await endSessions(connection, user);
  await connection.execute(`DROP OWNED BY ${name}`); // a reader can make large objects, which PostgreSQL forbids nobody
  await connection.execute(`DROP ROLE ${name}`);
}

export async function endSessions(connection: Connection, user: string): Promise<void> {
  await connection.execute('SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE usename = $1', [user]);
}

/** Tables that came since are allowed too. Says nothing where nothing is new: loads may be reading the catalogue. */
async function allowGroup(connection: Connection, to: ReaderRights): Promise<void> {
  const { name, rights } = groups[to];
  // Two windows at once would change the same rows of the catalogue.
  await connection.execute('SELECT pg_advisory_xact_lock(hashtext($1))', [name]);
  const [known] = await connection.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
  if (!known) await connection.execute(`CREATE ROLE ${name} NOLOGIN`);
  const [closed] = await connection.query(
    `SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
       AND NOT has_table_privilege($1, oid, 'SELECT') LIMIT 1`,
    [name],
  );
  if (!closed) return;
  await connection.execute(`GRANT ${rights} ON ALL TABLES IN SCHEMA public TO ${name}`);
  if (to === 'write') await connection.execute(`GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${name}`);
}

async function validUntil(connection: Connection): Promise<string> {
  const [row] = await connection.query<{ until: string }>(`SELECT ${validFor} AS until`);
  return row!.until;
}
