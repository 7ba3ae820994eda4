import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { check } from '../../src/core/jobs/check/check.js';
import type { CheckItem } from '../../src/core/jobs/job.js';
import { backfill } from '../../src/core/core.js';
import { neededRights } from '../../src/core/warehouse/tryWrites.js';
import { contextOf } from '../support/context.js';
import { ask, emptyDatabase, freshDatabase, withoutLastMigration } from '../support/postgres.js';
import { writtenState } from '../support/warehouseContents.js';
import { useTally } from '../support/useTally.js';

const range = { from: '2024-04-01', to: '2024-04-30' };
const allRights = 'SELECT, INSERT, UPDATE, DELETE';

describe('a check of the rights in the warehouse', function () {
  this.timeout(60_000);
  const tally = useTally({ book: { invoices: 60, ...range } });
  let database: string;
  const roles: string[] = [];

  before(async () => {
    database = await freshDatabase();
    await load(database);
  });
  after(async () => {
    for (const role of roles) await ask(database, `DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });

  const load = (url: string) => backfill(range, contextOf({ TALLY_URL: tally.url, DB_URL: url }));

  /** The item of a check that is about rights. */
  async function rightsOf(url: string): Promise<CheckItem> {
    const items = await check(contextOf({ TALLY_URL: tally.url, DB_URL: url }));
    const found = items.find(({ part }) => part === 'rights');
    assert.ok(found, JSON.stringify(items));
    return found;
  }

  /** The address of a new user with these rights on the tables. `more` replaces the right to use the sequences. */
  async function userWith(grants: { tables?: string; more?: (role: string, name: string) => string }): Promise<string> {
    const role = `loader_${randomBytes(4).toString('hex')}`;
    roles.push(role);
    const url = Object.assign(new URL(database), { username: role, password: 'of-a-test' });
    await ask(database, `CREATE ROLE ${role} LOGIN PASSWORD 'of-a-test'`);
    await ask(database, `GRANT ${grants.tables ?? allRights} ON ALL TABLES IN SCHEMA public TO ${role}`);
    await ask(
      database,
      grants.more?.(role, url.pathname.slice(1)) ?? `GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${role}`,
    );
    return url.href;
  }

  /** Every row with its transaction, every sequence, every table. */
  const everything = async (url: string): Promise<string> =>
    (await writtenState(url, [...Object.keys(neededRights), 'etl_migrations'])) +
    JSON.stringify([
      await ask(url, "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1"),
      await ask(url, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1"),
    ]);

  it('is content where a load works, and changes nothing', async () => {
    const before = await everything(database);
    const rights = await rightsOf(database);
    assert.deepEqual(rights, {
      part: 'rights',
      ok: true,
      message: 'A load may write: it was tried and rolled back, and nothing was changed.',
    });
    assert.equal(await everything(database), before);
    assert.deepEqual(await ask(database, 'SELECT FROM etl_logs'), []);
  });

  it('is content with a user who has exactly the rights that are named, and so is a load', async () => {
    const url = await userWith({});
    assert.equal((await rightsOf(url)).ok, true);
    assert.equal((await load(url)).unchanged > 0, true);
  });

  it('knows every table of the warehouse', async () => {
    const tables = await ask(
      database,
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
         AND NOT relispartition AND relname <> 'etl_migrations' ORDER BY 1`,
    );
    assert.deepEqual(
      tables.map(({ name }) => name),
      Object.keys(neededRights).sort(),
    );
  });

  it('makes the tables of an empty database and takes them back', async () => {
    const empty = await emptyDatabase();
    assert.equal((await rightsOf(empty)).ok, true);
    assert.deepEqual(await ask(empty, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"), []);
    assert.equal((await load(empty)).inserted > 0, true);
  });

  it('names a table of another program that is in the way of the first load', async () => {
    const other = await emptyDatabase();
    await ask(other, 'CREATE TABLE dim_company (id int)');
    const { ok, message, remedy } = await rightsOf(other);
    assert.equal(ok, false);
    assert.match(message, /"dim_company" already exists/);
    assert.match(remedy!, /another program.*empty database/);
    await assert.rejects(load(other), { code: 'warehouse-refused' });
  });

  for (const [missing, left] of [
    ['INSERT', 'SELECT, UPDATE, DELETE'],
    ['UPDATE', 'SELECT, INSERT, DELETE'],
    ['DELETE', 'SELECT, INSERT, UPDATE'],
  ] as const)
    it(`names the missing right ${missing}, and the statement that grants it`, async () => {
      const url = await userWith({ tables: left });
      const role = new URL(url).username;
      const { ok, message, remedy } = await rightsOf(url);
      assert.equal(ok, false);
      assert.match(
        message,
        new RegExp(`^The user ${role} lacks rights that a load needs: .*${missing} on \\d+ tables`),
      );
      assert.match(remedy!, new RegExp(`GRANT ${missing} ON ALL TABLES IN SCHEMA public TO ${role};`));
      const [statements] = /GRANT.*;/.exec(remedy!)!;
      await ask(database, statements);
      assert.equal((await rightsOf(url)).ok, true, 'what it says to run helps');
    });

  it('names the right to reach the schema, ready to be run for a user whose name is a word of SQL', async () => {
    const url = Object.assign(new URL(database), { username: 'user', password: 'of-a-test' }).href;
    await ask(database, `CREATE ROLE "user" LOGIN PASSWORD 'of-a-test'`);
    roles.push('"user"');
    await ask(database, 'REVOKE ALL ON SCHEMA public FROM PUBLIC');
    try {
      const { message, remedy } = await rightsOf(url);
      assert.match(message, /needs: USAGE on SCHEMA public\.$/);
      await ask(database, /GRANT.*;/.exec(remedy!)![0]);
      assert.match((await rightsOf(url)).remedy!, /ON ALL TABLES IN SCHEMA public TO "user";/);
    } finally {
      await ask(database, 'REVOKE ALL ON SCHEMA public FROM "user"; GRANT USAGE ON SCHEMA public TO PUBLIC');
    }
  });

  it('names the one table on which a right is missing', async () => {
    const url = await userWith({
      more: (role) =>
        `GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${role}; REVOKE INSERT ON etl_days FROM ${role}`,
    });
    assert.match((await rightsOf(url)).message, /needs: INSERT on etl_days\.$/);
    await assert.rejects(load(url));
  });

  it('names the sequence that numbers the runs', async () => {
    const url = await userWith({ more: () => 'SELECT 1' });
    const { message, remedy } = await rightsOf(url);
    assert.match(message, /USAGE on etl_logs_id_seq\.$/);
    assert.match(remedy!, /GRANT USAGE ON ALL SEQUENCES IN SCHEMA public/);
  });

  it('names temporary tables that the user may not make', async () => {
    const url = await userWith({
      more: (role, name) =>
        `GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${role}; REVOKE TEMPORARY ON DATABASE ${name} FROM PUBLIC`,
    });
    const { message, remedy } = await rightsOf(url);
    await assert.rejects(load(url), { code: 'warehouse-refused' });
    assert.match(message, /needs: temporary tables\.$/);
    await ask(database, /GRANT.*;/.exec(remedy!)![0]);
    assert.equal((await rightsOf(url)).ok, true, 'what it says to run helps');
    await ask(database, `GRANT TEMPORARY ON DATABASE ${new URL(url).pathname.slice(1)} TO PUBLIC`);
  });

  it('finds a load possible where only the default of a user is to read', async () => {
    const url = await userWith({
      more: (role) =>
        `GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${role}; ALTER ROLE ${role} SET default_transaction_read_only = on`,
    });
    assert.equal((await rightsOf(url)).ok, true);
    assert.ok((await load(url)).unchanged > 0);
  });

  it('says whose tables of an older version are, where the user may not bring them up to date', async () => {
    const url = await userWith({});
    const owner = new URL(database).username;
    await withoutLastMigration(database, async () => {
      const { ok, message, remedy } = await rightsOf(url);
      assert.equal(ok, false);
      assert.match(
        message,
        new RegExp(`older version and belong to ${owner}: the user ${new URL(url).username} may not`),
      );
      assert.match(remedy!, new RegExp(`migrate once with a DB_URL of the user ${owner}`));
      assert.equal((await rightsOf(database)).ok, true, 'their owner may');
    });
  });

  it('gives the statements to a user who may not even read how far the tables are migrated', async () => {
    const url = await userWith({ more: (role) => `REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${role}` });
    const { ok, message, remedy } = await rightsOf(url);
    assert.equal(ok, false);
    assert.match(message, /needs: SELECT on \d+ tables.*USAGE on etl_logs_id_seq/);
    await ask(database, /GRANT.*;/.exec(remedy!)![0]);
    assert.equal((await rightsOf(url)).ok, true, 'what it says to run helps');
  });

  for (const limit of [1, 2])
    it(`names a user who may have ${limit} of the three connections of a load`, async () => {
      const url = await userWith({
        more: (role) =>
          `GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${role}; ALTER ROLE ${role} CONNECTION LIMIT ${limit}`,
      });
      const { message, remedy } = await rightsOf(url);
      assert.match(message, /too many connections for role/);
      assert.match(remedy!, /three at once.*CONNECTION LIMIT/);
    });

  it('gives the advice for a full lock table where the server says that', async () => {
    const full = await freshDatabase();
    await load(full);
    await ask(
      full,
      `CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'out of shared memory' USING ERRCODE = '53200'; END $$;
       CREATE TRIGGER fill BEFORE INSERT ON fact_invoice EXECUTE FUNCTION fill()`,
    );
    assert.match((await rightsOf(full)).remedy!, /lock table.*max_locks_per_transaction/);
  });

  it('does not wait for ever where another session holds a table: a caution, because a load would wait', async () => {
    const holder = new Client(database);
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE fact_invoice IN ACCESS EXCLUSIVE MODE');
    const since = performance.now();
    const { ok, caution, message } = await rightsOf(database);
    await holder.query('ROLLBACK');
    await holder.end();
    assert.ok(performance.now() - since < 15_000);
    assert.deepEqual([ok, caution], [true, true]);
    assert.match(message, /another session holds a lock on the tables/);
  });

  it('is no hindrance to a first load that makes the tables at the same time, nor is that one to it', async () => {
    const empty = await emptyDatabase();
    const [loaded, ...rights] = await Promise.all([load(empty), ...Array.from({ length: 4 }, () => rightsOf(empty))]);
    assert.ok(loaded.inserted > 0);
    assert.deepEqual(
      rights.map(({ ok, message }) => ok || message),
      [true, true, true, true],
    );
  });

  it('is no hindrance to a load that runs at the same time', async () => {
    const [loaded, ...rights] = await Promise.all([
      load(database),
      ...Array.from({ length: 4 }, () => rightsOf(database)),
    ]);
    assert.equal(loaded.unchanged, loaded.invoices);
    assert.deepEqual(
      rights.map(({ ok }) => ok),
      [true, true, true, true],
    );
  });
});
