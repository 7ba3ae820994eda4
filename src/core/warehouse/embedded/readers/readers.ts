import { randomBytes } from 'node:crypto';
import type { Logger } from '../../../base/logger.js';
import { escapeIdentifier, escapeLiteral, type Connection } from '../../postgres/connection.js';
import { scramVerifier } from './scramVerifier.js';

/** What a SQL client may do: read all tables and views, or also change rows. No client may change the tables themselves. */
export type ReaderRights = 'read' | 'write';

/** The role of each kind of rights. It has the rights and cannot log in; the roles of the clients are its members. */
const groups: Record<ReaderRights, { name: string; rights: string }> = {
  read: { name: 'tally_reader', rights: 'SELECT' },
  write: { name: 'tally_writer', rights: 'SELECT, INSERT, UPDATE, DELETE' },
};

/** The name and the password of the role of a SQL client. */
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

/**
 * The application_name of the session that keeps the access of a reader open. A crashed window leaves a reader without
 * such a session.
 */
export const keeperOf = (user: string): string => `tally-warehouse sql clients ${user}`;

/**
 * Makes the role of a reader. Its password expires unless it is renewed. The session that calls this must be the one
 * that `keeperOf` names.
 */
export function createReader(connection: Connection, reader: Reader, rights: ReaderRights): Promise<void> {
  return connection.transaction(async () => makeRole(connection, reader, rights, await validUntil(connection)));
}

/** Makes the role of a reader whose password does not expire. An existing role gets this password. */
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
  // A client that leaves its transaction open by mistake would block a migration for ever.
  await connection.execute(`ALTER ROLE ${user} SET idle_in_transaction_session_timeout = '5min'`);
  if (rights === 'read') await connection.execute(`ALTER ROLE ${user} SET default_transaction_read_only = on`);
}

/** Removes the readers that crashed windows left behind: readers without the session that keeps them. Never throws. */
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
  await connection.execute(`DROP OWNED BY ${name}`); // every role can make large objects, so a reader may own some
  await connection.execute(`DROP ROLE ${name}`);
}

export async function endSessions(connection: Connection, user: string): Promise<void> {
  await connection.execute('SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE usename = $1', [user]);
}

/**
 * Makes the role of these rights, and grants the rights on all tables, also on tables that were added since. If the
 * role may already read every table, GRANT is not run: it changes the catalogue, which loads may be reading.
 */
async function allowGroup(connection: Connection, to: ReaderRights): Promise<void> {
  const { name, rights } = groups[to];
  // Without this lock, two windows at the same time would change the same rows of the catalogue.
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
