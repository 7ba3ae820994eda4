import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { openEmbedded, type Embedded } from '../../src/core/warehouse/embedded/embedded.js';
import type { Logger } from '../../src/core/base/logger.js';

export interface TestServer {
  name: string;
  /** Makes an empty database and gives its address; it is gone when the tests are over. */
  freshDatabase(): Promise<string>;
}

export const silent: Logger = {
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** The servers to run a suite against: the one that the product brings along, and the one TEST_DB_URL names. */
export function servers(): TestServer[] {
  const url = process.env.TEST_DB_URL;
  const bundled: TestServer = { name: 'the embedded PostgreSQL', freshDatabase };
  if (url === undefined || url === '') return [bundled];
  return [bundled, { name: 'the server of TEST_DB_URL', freshDatabase: () => createDatabase(url, true) }];
}

/** An empty database on a throw-away server, which is started at the first call. */
export async function freshDatabase(): Promise<string> {
  return createDatabase(await bundledServer(), false);
}

/**
 * A new database with all that the one of an address has, on the same server: much quicker than to load the same again.
 * Nobody may be connected to that one; jobs close their connections when they end.
 */
export async function copyOf(url: string): Promise<string> {
  const original = new URL(url).pathname.slice(1);
  const made = created.find(({ name }) => name === original);
  if (!made) throw new Error(`${original} is not a database of these tests.`);
  return createDatabase(made.server, made.isDropped, original);
}

/**
 * Makes databases that are alike: one that `make` gives is loaded at the first call, and each call returns a copy of that.
 * Where `load` changes what the tests change too, as the clock, a test sets it after the call.
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

/** Does `work` while a warehouse looks one migration older than it is: a run then finds something to do, and migrates. */
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

/** Asks a database with a session of its own; `date` and the like as pg gives them. */
export async function ask(url: string, sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

let started: Promise<{ dataDir: string; embedded: Embedded }> | undefined;
const created: { server: string; name: string; isDropped: boolean }[] = [];

async function bundledServer(): Promise<string> {
  started ??= (async () => {
    const dataDir = await fs.mkdtemp(path.join(os.tmpdir(), 'tally-test-postgres-'));
    const embedded = await openEmbedded({ dataDir, logger: silent });
    process.once('exit', () => {
      end(dataDir); // where the tests end without their hooks
    });
    // Nothing of it is to survive a crash of the machine.
    // And nothing is to be tidied: with hundreds of databases the server would start a process for one of them all the time.
    for (const setting of ['fsync', 'full_page_writes', 'autovacuum'])
      await ask(await urlOf(embedded), `ALTER SYSTEM SET ${setting} = off`);
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
  await ask(server, `CREATE DATABASE ${name}${original === undefined ? '' : ` TEMPLATE ${original}`}`);
  created.push({ server, name, isDropped });
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

after('stop the test servers', async function () {
  this.timeout(60_000);
  for (const { server, name, isDropped } of created)
    if (isDropped) await ask(server, `DROP DATABASE IF EXISTS ${name}`);
  if (started === undefined) return;
  const { dataDir, embedded } = await started;
  end(dataDir); // at once: what a usual stop writes to the disk is removed a moment later
  await embedded.release();
  await fs.rm(dataDir, { recursive: true, force: true });
});
