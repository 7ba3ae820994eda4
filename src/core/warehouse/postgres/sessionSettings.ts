import type { QueryResultRow } from 'pg';

/**
 * The settings that our SQL relies on. A server, a database, a role and PGOPTIONS may each have others: with DateStyle
 * `SQL, DMY` a sync took nearly every invoice for missing, because dates are compared as text. A setting that the server
 * does not know yet (idle_session_timeout came with 14, transaction_timeout with 17) is left out.
 */
const results: Readonly<Record<string, string>> = {
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  extra_float_digits: '1',
  bytea_output: 'hex',
  standard_conforming_strings: 'on',
  array_nulls: 'on',
  transform_null_equals: 'off',
  search_path: 'public',
  client_encoding: 'UTF8',
  // A merge reads again what it has waited for: in a snapshot of its beginning it would not see it.
  default_transaction_isolation: 'read committed',
  default_transaction_read_only: 'off',
  // Lines go with their invoice by a foreign key, which `replica` switches off.
  session_replication_role: 'origin',
};

/** Sessions are idle while Tally works, and a merge takes as long as it takes. */
const limits: Readonly<Record<string, string>> = {
  statement_timeout: '0',
  lock_timeout: '0',
  idle_session_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  transaction_timeout: '0',
};

/** What DB_URL's `options` may not set, in lower case: the results of a load depend on it. */
export const fixedSettings: ReadonlySet<string> = new Set(Object.keys(results).map((name) => name.toLowerCase()));

export interface Queries {
  query: <Row extends QueryResultRow>(sql: string, values?: unknown[]) => Promise<Row[]>;
}

/** What a server says of itself and of the session. */
export interface ServerSession {
  /** Of the process that serves the session. */
  pid: number;
  /** As the server says it: `18.4`. */
  version: string;
  /** 180004 */
  versionNumber: number;
  /** When the server was started, in seconds since 1970, as text: tells it from another server. */
  startedAt: string;
  /** Of the database: `UTF8`. */
  encoding: string;
}

/**
 * Gives a session our settings, in one round trip, unless another process serves it than `expectedPid`: then nothing is
 * set, because the session may be shared. `keep` names settings of DB_URL's own `options` that stay, in lower case.
 */
export async function takeSession(
  connection: Queries,
  expectedPid: number,
  keep: readonly string[],
): Promise<ServerSession> {
  const settings = Object.entries({ ...results, ...limits }).filter(([name]) => !keep.includes(name.toLowerCase()));
  const [row] = await connection.query<ServerSession>(
    `SELECT pg_catalog.pg_backend_pid() AS pid, pg_catalog.current_setting('server_version') AS version,
       pg_catalog.current_setting('server_version_num')::int AS "versionNumber",
       pg_catalog.current_setting('server_encoding') AS encoding,
       extract(epoch FROM pg_catalog.pg_postmaster_start_time())::text AS "startedAt",
       (SELECT count(pg_catalog.set_config(ours.name, ours.value, false))
        FROM unnest($1::text[], $2::text[]) AS ours (name, value)
        WHERE pg_catalog.pg_backend_pid() = $3 AND pg_catalog.current_setting(ours.name, true) <> ours.value) AS set`,
    [settings.map(([name]) => name), settings.map(([, value]) => value), expectedPid],
  );
  const { pid, version, versionNumber, encoding, startedAt } = row!;
  return { pid, version, versionNumber, encoding, startedAt };
}
