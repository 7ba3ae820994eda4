import fs from 'node:fs/promises';
import path from 'node:path';
import { t } from '@vscode/l10n';
import type { runner as Runner } from 'node-pg-migrate';
import type { Client } from 'pg';
import { EtlError } from '../../base/errors.js';
import type { Logger } from '../../base/logger.js';
import { shippedPath } from '../../base/resources.js';
import type { Connection } from './connection.js';
import { assertCoordinator, distribute, undistributedTables } from './distribute.js';
import { asPartitioned, makePartitions, notEmpty } from './partitions.js';
import { readShape } from './shape.js';
import { splitStatements } from './splitStatements.js';
import { type Target, warehouseError } from '../warehouseError.js';

export const migrationsTable = 'etl_migrations';

/** `newer`: a later version of this program has migrated the database. */
export type SchemaState = 'empty' | 'outdated' | 'current' | 'newer';

/** Compares the database's schema with the shipped migrations. Only reads. */
export async function schemaState(connection: Connection, folder = shippedPath('migrations')): Promise<SchemaState> {
  if (!(await hasTable(connection, migrationsTable))) return 'empty';
  const rows = await connection.query<{ name: string }>(`SELECT name FROM public.${migrationsTable}`);
  if (rows.length === 0) return 'empty';
  const known = new Set(await migrationNames(folder));
  if (rows.some(({ name }) => !known.has(name))) return 'newer';
  return rows.length < known.size ? 'outdated' : 'current';
}

/** Whether the warehouse has this table of ours; an older version may not have created it. */
export async function hasTable(connection: Connection, name: string): Promise<boolean> {
  const [row] = await connection.query<{ found: boolean }>("SELECT to_regclass('public.' || $1) IS NOT NULL AS found", [
    name,
  ]);
  return row!.found;
}

/** How the tables are to be stored. If neither is set, existing tables stay as they are and new ones are plain. */
export interface WantedShape {
  /** Distribute by company, on the coordinator of a cluster. */
  distributed?: boolean;
  /** Divide the tables into this number of partitions, by company. Needs an empty database. */
  partitions?: number;
}

/**
 * Migrates the schema to the present version, and returns the migrations that it ran: all in one transaction, or none.
 * In a partitioned warehouse, new tables get their partitions in this transaction. In a distributed warehouse, new
 * tables are distributed in a second transaction, the form that was tested on a cluster. If that fails, the next call
 * does it. If two programs migrate at the same time, one waits. Throws without changes: `schema-newer` if a newer
 * version has migrated the database, `warehouse-refused` if the tables cannot be stored as wanted.
 */
export async function migrate(
  connection: Connection,
  target: Target,
  logger: Logger,
  folder = shippedPath('migrations'),
  wanted: WantedShape = {},
): Promise<string[]> {
  if (wanted.distributed) await assertCoordinator(connection, target);
  // Nearly every run has nothing to migrate: a few short queries then replace the lock, and the library is not loaded.
  const asks = wanted.distributed === true || wanted.partitions !== undefined;
  const isCurrent = !asks && (await schemaState(connection, folder)) === 'current';
  if (isCurrent && (await undistributedTables(connection)).length === 0) return [];
  const { PG_MIGRATE_LOCK_ID, runner } = await import('node-pg-migrate');
  // The lock and the table are made here, because the library turns the server's error about its table into mere text.
  await connection.execute('SELECT pg_advisory_lock($1)', [PG_MIGRATE_LOCK_ID]);
  try {
    const state = await schemaState(connection, folder);
    if (state === 'newer') throw newerError();
    const shape = await readShape(connection);
    if (wanted.partitions !== undefined && state !== 'empty' && shape.partitions !== wanted.partitions)
      throw notEmpty();
    const partitions = wanted.partitions ?? shape.partitions;
    await makeMigrationsTable(connection);
    const applied = await runMigrations(runner, connection, logger, folder, partitions);
    if (wanted.distributed === true || shape.kind === 'distributed') await distribute(connection);
    return applied;
  } catch (error) {
    throw warehouseError(connection.causeOf(error), target);
  } finally {
    await connection.query('SELECT pg_advisory_unlock($1)', [PG_MIGRATE_LOCK_ID]).catch((e: unknown) => {
      logger.debug(`The lock went with the connection: ${String(e)}`);
    });
  }
}

async function makeMigrationsTable(connection: Connection): Promise<void> {
  await connection.execute(
    `CREATE TABLE IF NOT EXISTS public.${migrationsTable}
     (id serial PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL)`,
  );
}

/**
 * Tests whether a first load could create the tables: creates all tables within the caller's transaction, which the caller
 * rolls back. A first load at the same time waits for the same lock, or this waits for it. Tables that such a load has created
 * stay unchanged.
 */
export async function tryMigrations(connection: Connection, folder = shippedPath('migrations')): Promise<void> {
  const { PG_MIGRATE_LOCK_ID } = await import('node-pg-migrate');
  await connection.execute('SELECT pg_advisory_xact_lock($1)', [PG_MIGRATE_LOCK_ID]);
  if ((await schemaState(connection, folder)) !== 'empty') return;
  await makeMigrationsTable(connection);
  for (const name of (await migrationNames(folder)).sort())
    for (const statement of splitStatements(await fs.readFile(path.join(folder, `${name}.sql`), 'utf8')))
      await connection.query(statement);
}

async function runMigrations(
  runner: typeof Runner,
  connection: Connection,
  logger: Logger,
  folder: string,
  partitions: number | null,
): Promise<string[]> {
  const log = (message: string): void => {
    logger.debug(message);
  };
  const run = await connection.breakable(() =>
    runner({
      dbClient: oneByOne(connection, partitions),
      dir: folder,
      ignorePattern: '(?!.*\\.sql$).*',
      direction: 'up',
      schema: 'public',
      migrationsSchema: 'public',
      migrationsTable,
      singleTransaction: true,
      noLock: true,
      logger: { debug: log, info: log, warn: log, error: log },
    }),
  );
  return run.map(({ name }) => name);
}

/**
 * The client for the migration library. The library sends a file as one text, but a cluster refuses a text of several statements
 * that changes a distributed table. So this client sends each statement by itself, within the library's one transaction.
 */
function oneByOne(connection: Connection, partitions: number | null): Client {
  const { client } = connection;
  const query = async (text: string, values?: unknown[]): Promise<unknown> => {
    if (partitions !== null && text === 'COMMIT') await makePartitions(connection, partitions);
    if (values !== undefined) return client.query(text, values);
    let result: unknown;
    for (const statement of splitStatements(text))
      result = await client.query(partitions === null ? statement : asPartitioned(statement)).catch(withoutPosition);
    return result;
  };
  return Object.assign(Object.create(client) as Client, { query });
}

/**
 * Removes the position from the server's error. It counts within the statement, but the library would read it as a
 * position in the file.
 */
function withoutPosition(error: unknown): never {
  if (error instanceof Error) Object.assign(error, { position: undefined });
  throw error;
}

export const newerError = (): EtlError =>
  new EtlError(
    'schema-newer',
    t('The warehouse was set up by a newer version of this program.'),
    t('Update this program, or set DB_URL to another database. Nothing was changed.'),
  );

async function migrationNames(folder: string): Promise<string[]> {
  return (await fs.readdir(folder)).filter((f) => f.endsWith('.sql')).map((f) => path.basename(f, '.sql'));
}
