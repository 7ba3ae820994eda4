import { randomBytes } from 'node:crypto';
import { escapeIdentifier, escapeLiteral, type Connection } from '../../postgres/connection.js';
import { scramVerifier } from './scramVerifier.js';

/** May read all tables and views, and cannot log in. Each reader is a member of this role. */
const group = 'tally_reader';

/** A role that may only read. It works as long as its creator renews it. */
export interface Reader {
  user: string;
  password: string;
}

/** A password that is not renewed expires after this time, so that a crashed window leaves no access open. */
const validFor = "to_char(now() + interval '5 minutes', 'YYYY-MM-DD HH24:MI:SS.USOF')";
/** The interval between renewals. */
export const renewMs = 60_000;

/** Creates a reader with a password of its own, and drops readers that were not renewed for an hour. */
export async function createReader(connection: Connection): Promise<Reader> {
  const reader = {
    user: `${group}_${randomBytes(4).toString('hex')}`,
    password: randomBytes(24).toString('base64url'),
  };
  await connection.transaction(async () => {
    // Two windows at once would change the same rows of the catalogue.
    await connection.execute('SELECT pg_advisory_xact_lock(hashtext($1))', [group]);
    await allowGroup(connection);
    const user = escapeIdentifier(reader.user);
    await connection.execute(
      `CREATE ROLE ${user} LOGIN CONNECTION LIMIT 20 IN ROLE ${group}
       PASSWORD ${escapeLiteral(scramVerifier(reader.password))} VALID UNTIL ${escapeLiteral(await validUntil(connection))}`,
    );
    // A reader may leave a transaction open by mistake. Without this limit it would block a migration for ever.
    await connection.execute(`ALTER ROLE ${user} SET idle_in_transaction_session_timeout = '5min'`);
    await connection.execute(`ALTER ROLE ${user} SET default_transaction_read_only = on`);
  });
  const stale = await connection.query<{ user: string }>(
    `SELECT rolname AS user FROM pg_roles
     WHERE starts_with(rolname, $1) AND rolvaliduntil < now() - interval '1 hour'`,
    [`${group}_`],
  );
  for (const { user } of stale) await dropReader(connection, user);
  return reader;
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
  await connection.execute('SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE usename = $1', [user]);
  await connection.execute(`DROP OWNED BY ${name}`); // a reader can create large objects, which PostgreSQL does not forbid
  await connection.execute(`DROP ROLE ${name}`);
}

/**
 * Also allows tables that were created since. Grants nothing if there are no new tables: loads may be reading the catalogue.
 */
async function allowGroup(connection: Connection): Promise<void> {
  const [known] = await connection.query('SELECT FROM pg_roles WHERE rolname = $1', [group]);
  if (!known) await connection.execute(`CREATE ROLE ${group} NOLOGIN`);
  const [closed] = await connection.query(
    `SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
       AND NOT has_table_privilege($1, oid, 'SELECT') LIMIT 1`,
    [group],
  );
  if (closed) await connection.execute(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${group}`);
}

async function validUntil(connection: Connection): Promise<string> {
  const [row] = await connection.query<{ until: string }>(`SELECT ${validFor} AS until`);
  return row!.until;
}
