import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Client, DatabaseError } from 'pg';
import { openEmbedded, type Embedded } from '../../src/core/warehouse/embedded/embedded.js';
import type { Logger } from '../../src/core/base/logger.js';
import { openWarehouse } from '../../src/core/warehouse/postgres/connect.js';

export interface TestServer {
  name: string;
  /** Creates a database and returns its URL. The database exists until the tests end. It is empty without TEST_PARTITIONS. */
  freshDatabase(): Promise<string>;
  /** The same without tables, whatever TEST_PARTITIONS says. */
  emptyDatabase(): Promise<string>;
}

export const silent: Logger = {
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** The servers to run a suite with: the one that the product ships, and the one of TEST_DB_URL. */
export function servers(): TestServer[] {
  const url = process.env.TEST_DB_URL;
  const bundled: TestServer = { name: 'the embedded PostgreSQL', freshDatabase, emptyDatabase };
  if (url === undefined || url === '') return [bundled];
  const another = (): Promise<string> => createDatabase(url, true);
  return [bundled, { name: 'the server of TEST_DB_URL', freshDatabase: another, emptyDatabase: another }];
}

/** Into how many partitions the tables of each fresh database are divided: TEST_PARTITIONS. Absent: it is empty. */
export const partitions = Number(process.env.TEST_PARTITIONS) || undefined;
let divided: Promise<string> | undefined;

/** An empty database on a throw-away server, which the first call starts. With TEST_PARTITIONS it has its empty tables. */
export async function freshDatabase(): Promise<string> {
  if (partitions === undefined) return emptyDatabase();
  divided ??= emptyDatabase().then(async (url) => {
    const warehouse = await openWarehouse({ dbUrl: url, dataDir: '', logger: silent, applicationName: 'test' });
    await warehouse.migrate({ partitions });
    await warehouse.close();
    return url;
  });
  return copyOf(await divided);
}

/** A database without tables, also with TEST_PARTITIONS. */
export const emptyDatabase = async (): Promise<string> => createDatabase(await bundledServer(), false);

/**
 * A new database with the content of the database at `url`, on the same server: much faster than loading again. That database
 * must not have open connections; jobs close theirs when they end.
 */
export async function copyOf(url: string): Promise<string> {
  const original = new URL(url).pathname.slice(1);
  const made = created.find(({ name }) => name === original);
  if (!made) throw new Error(`${original} is not a database of these tests.`);
  return createDatabase(made.server, made.isDropped, original);
}

/**
 * Returns a function that makes equal databases. The first call loads a database from `make`; each call returns a copy of it.
 * If `load` changes something that the tests change too, such as the clock, a test must set it after the call.
 */
export function loadedOnce(
  make: () => Promise<string>,
  load: (url: string) => Promise<unknown>,
): () => Promise<string> {
  let loaded: Promise<string> | undefined;
  return async () => {
    loaded ??= make().then(async (url) => {
      await load(url);
      return url;
    });
    return copyOf(await loaded);
  };
}

/** Runs `work` while the warehouse looks one migration older than it is, so that a run migrates it. */
export async function withoutLastMigration<T>(url: string, work: () => Promise<T>): Promise<T> {
  const [last] = await ask(
    url,
    'DELETE FROM etl_migrations WHERE id = (SELECT max(id) FROM etl_migrations) RETURNING id, name, run_on',
  );
  try {
    return await work();
  } finally {
    await ask(url, 'INSERT INTO etl_migrations (id, name, run_on) VALUES ($1, $2, $3)', Object.values(last!));
  }
}

/** Runs a statement in its own session; `date` and other types are returned as pg converts them. */
export async function ask(url: string, sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

/** PostgreSQL's code for a database that has sessions. */
const objectInUse = '55006';

let started: Promise<{ dataDir: string; embedded: Embedded }> | undefined;
const created: { server: string; name: string; isDropped: boolean }[] = [];

async function bundledServer(): Promise<string> {
  started ??= (async () => {
    const dataDir = await fs.mkdtemp(path.join(os.tmpdir(), 'tally-test-postgres-'));
    const embedded = await openEmbedded({ dataDir, logger: silent });
    process.once('exit', () => {
      end(dataDir); // if the tests end without their hooks
    });
    // The server need not survive a crash of the machine. It need not clean up either: with hundreds of databases it would
    // always have a process running for one of them.
    for (const setting of ['fsync = off', 'full_page_writes = off', 'autovacuum = off', "max_wal_size = '256MB'"])
      await ask(await urlOf(embedded), `ALTER SYSTEM SET ${setting}`);
    await ask(await urlOf(embedded), 'SELECT pg_reload_conf()');
    return { dataDir, embedded };
  })();
  return urlOf((await started).embedded);
}

function end(dataDir: string): void {
  const pidFile = path.join(dataDir, 'embedded', 'data', 'postmaster.pid');
  if (existsSync(pidFile)) process.kill(parseInt(readFileSync(pidFile, 'utf8'), 10), 'SIGQUIT');
}

async function urlOf(embedded: Embedded): Promise<string> {
  const { user, password, host, port, database } = await embedded.connection();
  return `postgres://${user ?? ''}:${String(password)}@${host ?? ''}:${String(port)}/${database ?? ''}?sslmode=disable`;
}

async function createDatabase(server: string, isDropped: boolean, original?: string): Promise<string> {
  const name = `tally_test_${randomBytes(6).toString('hex')}`;
  const template = original === undefined ? '' : ` TEMPLATE ${original}`;
  // Without this option each page of the new database is written to the log of transactions too.
  const strategy = isDropped ? '' : ' STRATEGY file_copy';
  await ask(server, `CREATE DATABASE ${name}${template}${strategy}`);
  created.push({ server, name, isDropped });
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** The file of the last test, and how many of the databases had been created when that test ended. */
let ended: { file: string | undefined; databases: number } = { file: undefined, databases: 0 };
afterEach('note whose databases these are', function () {
  ended = { file: this.currentTest?.file, databases: created.length };
});
beforeEach('drop the databases of the file before', async function () {
  if (ended.databases === 0 || this.currentTest?.file === ended.file) return;
  // A database takes 8 MB, and the server may be on a disk in memory.
  for (const { server, name } of created.splice(0, ended.databases))
    await ask(server, `DROP DATABASE IF EXISTS ${name}`).catch((error: unknown) => {
      // A test left a session open, which ends with this process.
      if (!(error instanceof DatabaseError && error.code === objectInUse)) throw error;
    });
  ended.databases = 0;
});

after('stop the test servers', async function () {
  this.timeout(60_000);
  for (const { server, name, isDropped } of created)
    if (isDropped) await ask(server, `DROP DATABASE IF EXISTS ${name}`);
  if (started === undefined) return;
  const { dataDir, embedded } = await started;
  end(dataDir); // stopped at once: what a normal stop writes to the disk would be removed a moment later
  await embedded.release();
  await fs.rm(dataDir, { recursive: true, force: true });
});
