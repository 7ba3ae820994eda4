import type { QueryResultRow } from 'pg';

/**
 * The settings that our SQL relies on. A server, a database, a role and PGOPTIONS may each have other values. Example: dates
 * are compared as text, so with DateStyle `SQL, DMY` a sync treated nearly every invoice as missing. A setting that the server
 * does not know yet is left out (idle_session_timeout came with 14, transaction_timeout with 17).
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
  // After waiting for a lock a merge reads the changed rows again. A snapshot from its beginning would not show them.
  default_transaction_isolation: 'read committed',
  default_transaction_read_only: 'off',
  // A foreign key deletes lines together with their invoice; `replica` would switch it off.
  session_replication_role: 'origin',
};

/** No time limits: sessions are idle while Tally works, and a merge may take long. */
const limits: Readonly<Record<string, string>> = {
  statement_timeout: '0',
  lock_timeout: '0',
  idle_session_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  transaction_timeout: '0',
};

/** The settings, in lower case, that `options` in DB_URL may not set: they affect the results of a load. */
export const fixedSettings: ReadonlySet<string> = new Set(Object.keys(results).map((name) => name.toLowerCase()));

export interface Queries {
  query: <Row extends QueryResultRow>(sql: string, values?: unknown[]) => Promise<Row[]>;
}

/** Facts about the server and the session. */
export interface ServerSession {
  /** The id of the process that serves the session. */
  pid: number;
  /** As the server gives it: `18.4`. */
  version: string;
  /** For example 180004. */
  versionNumber: number;
  /** When the server was started, in seconds since 1970, as text. It distinguishes this server from another one. */
  startedAt: string;
  /** The encoding of the database: `UTF8`. */
  encoding: string;
}

/**
 * Applies our settings to a session, in one round trip. If the process that serves it is not `expectedPid`, the session may be
 * shared, and nothing is set. `keep` names settings, in lower case, that `options` in DB_URL sets; they stay.
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
