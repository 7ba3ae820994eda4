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
  /** Creates a database with the empty tables of a warehouse, and returns its URL. It exists until the file's tests end. */
  freshDatabase(): Promise<string>;
  /** The same without tables, for tests of a job that makes them. */
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
  return [bundled, { name: 'the server of TEST_DB_URL', freshDatabase: migratedOnce(another), emptyDatabase: another }];
}

/** TEST_PARTITIONS: into how many parts the tables of each fresh database are divided. Absent: they are not divided. */
export const partitions = Number(process.env.TEST_PARTITIONS) || undefined;

/**
 * As loadedOnce, with empty tables: a copy takes a tenth of the time of a migration. The test files of a process all
 * copy the same database.
 */
const migratedOnce = (make: () => Promise<string>): (() => Promise<string>) =>
  loadedOnce(make, async (url) => {
    const warehouse = await openWarehouse({ dbUrl: url, dataDir: '', logger: silent, applicationName: 'test' });
    await warehouse.migrate(partitions === undefined ? {} : { partitions });
    await warehouse.close();
    databaseAt(url).outlivesFile = true;
  });

/** A database without tables, on a throw-away server, which the first call starts. */
export const emptyDatabase = async (): Promise<string> => createDatabase(await bundledServer(), false);

/** A database with the empty tables of a warehouse. */
export const freshDatabase = migratedOnce(emptyDatabase);

/**
 * A new database with the content of the database at `url`, on the same server: much faster than loading again. That database
 * must not have open connections; jobs close theirs when they end.
 */
export async function copyOf(url: string): Promise<string> {
  const { server, isDropped, name } = databaseAt(url);
  return createDatabase(server, isDropped, name);
}

function databaseAt(url: string): CreatedDatabase {
  const name = new URL(url).pathname.slice(1);
  const found = created.find((database) => database.name === name);
  if (!found) throw new Error(`${name} is not a database of these tests.`);
  return found;
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

interface CreatedDatabase {
  server: string;
  name: string;
  /** Whether it must be dropped when the tests end: the throw-away server is deleted as a whole. */
  isDropped: boolean;
  /** Whether the tests of later files still need it. */
  outlivesFile: boolean;
}

/**
 * The state of this process. It is on globalThis, because in VS Code each test file is a bundle with its own copy of
 * this module.
 */
interface OfProcess {
  started?: Promise<{ dataDir: string; embedded: Embedded }> | undefined;
  created: CreatedDatabase[];
  /** The file of the last test, and how many of the databases had been created when that test ended. */
  ended: { file: string | undefined; databases: number };
}
const key = Symbol.for('tally-warehouse test servers');
const ofProcess = ((globalThis as { [key]?: OfProcess | undefined })[key] ??= {
  created: [],
  ended: { file: undefined, databases: 0 },
});
const { created } = ofProcess;

async function bundledServer(): Promise<string> {
  ofProcess.started ??= (async () => {
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
  return urlOf((await ofProcess.started).embedded);
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
  created.push({ server, name, isDropped, outlivesFile: false });
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

afterEach('note whose databases these are', function () {
  ofProcess.ended = { file: this.currentTest?.file, databases: created.length };
});
beforeEach('drop the databases of the file before', async function () {
  const { ended } = ofProcess;
  if (ended.databases === 0 || this.currentTest?.file === ended.file) return;
  // A database takes 8 MB, and the server may be on a disk in memory.
  const older = created.splice(0, ended.databases);
  created.unshift(...older.filter(({ outlivesFile }) => outlivesFile));
  for (const { server, name } of older.filter(({ outlivesFile }) => !outlivesFile))
    await ask(server, `DROP DATABASE IF EXISTS ${name}`).catch((error: unknown) => {
      // A test left a session open, which ends with this process.
      if (!(error instanceof DatabaseError && error.code === objectInUse)) throw error;
    });
  ended.databases = 0;
});

after('stop the test servers', async function () {
  this.timeout(60_000);
  for (const { server, name, isDropped } of created.splice(0))
    if (isDropped) await ask(server, `DROP DATABASE IF EXISTS ${name}`);
  const { started } = ofProcess;
  if (started === undefined) return;
  ofProcess.started = undefined;
  const { dataDir, embedded } = await started;
  end(dataDir); // stopped at once: what a normal stop writes to the disk would be removed a moment later
  await embedded.release();
  await fs.rm(dataDir, { recursive: true, force: true });
});
