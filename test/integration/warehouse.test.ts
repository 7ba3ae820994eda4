import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { EtlError } from '../../src/core/base/errors.js';
import { openWarehouse } from '../../src/core/warehouse/postgres/connect.js';
import { Connection } from '../../src/core/warehouse/postgres/connection.js';
import { migrate, schemaState } from '../../src/core/warehouse/postgres/migrate.js';
import { assertVersion, type Warehouse } from '../../src/core/warehouse/warehouse.js';
import { randomUUID } from 'node:crypto';
import { sale } from '../support/invoices.js';
import { ask, freshDatabase, servers, silent } from '../support/postgres.js';
import { fillReleased, migrationNames } from '../support/releasedSchemas.js';

const shipped = [
  '0001_tables',
  '0002_proof',
  '0003_views',
  '0004_late_edits',
  '0005_details',
  '0006_remembered_masters',
  '0007_replicas',
  '0008_register',
  '0009_seen_vouchers',
  '0010_collection',
  '0011_totals',
  '0012_asked_of',
  '0013_ledger',
  '0014_ledger_masters',
  '0015_ledger_views',
];
const company = { id: 'company-guid', name: 'Demo Traders' };

const open = (dbUrl: string, applicationName = 'tally-warehouse test'): Promise<Warehouse> =>
  openWarehouse({ dbUrl, dataDir: '', logger: silent, applicationName });

/** The error with which the warehouse refuses to open. Asserts that it does not show the password. */
async function refusal(dbUrl: string): Promise<EtlError> {
  const error = await open(dbUrl).then(
    () => assert.fail('it opened'),
    (e: unknown) => e as EtlError,
  );
  const password = new URL(dbUrl).password;
  assert.ok(!`${error.message} ${error.hint}`.includes(password || 'no password'));
  return error;
}

for (const server of servers())
  describe(`the warehouse on ${server.name}`, function () {
    this.timeout(60_000);
    let url: string;
    let warehouse: Warehouse;
    beforeEach(async () => {
      url = await server.emptyDatabase();
      warehouse = await open(url);
    });
    afterEach(() => warehouse.close());

    const tables = async () =>
      (await ask(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")).map(
        (r) => r.tablename,
      );

    it('makes the tables once', async () => {
      assert.equal(await warehouse.use(schemaState), 'empty');
      assert.deepEqual(await warehouse.migrate(), shipped);
      assert.equal(await warehouse.use(schemaState), 'current');
      assert.deepEqual(await tables(), [
        ...[
          'dim_company',
          'dim_cost_centre',
          'dim_group',
          'dim_ledger',
          'dim_stock_item',
          'dim_unit',
          'dim_voucher_type',
        ],
        ...['etl_checkpoints', 'etl_days', 'etl_file_masters', 'etl_logs', 'etl_masters'],
        ...[
          'etl_migrations',
          'etl_rejects',
          'etl_sources',
          'etl_verified',
          'etl_vouchers',
          'fact_bank_allocation',
          'fact_bill',
          'fact_cost_allocation',
          'fact_invoice',
          'fact_invoice_line',
          'fact_ledger_entry',
          'fact_opening_bill',
          'fact_stock_entry',
          'fact_voucher',
        ],
      ]);
      assert.deepEqual(await warehouse.migrate(), []);
    });

    it('begins every unique and foreign key with company_id, but the number of a log row', async () => {
      await warehouse.migrate();
      const keys = await ask(
        url,
        `SELECT c.conrelid::regclass::text AS table, a.attname AS first FROM pg_constraint c
         JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
         WHERE c.contype IN ('p', 'u', 'f') AND c.conrelid::regclass::text ~ '^(dim|fact|etl)_'
           AND c.conrelid::regclass::text <> 'etl_migrations' AND a.attname <> 'company_id'`,
      );
      assert.deepEqual(keys, [{ table: 'etl_logs', first: 'id' }]);
    });

    it('explains itself: each table and view and each of their columns has a comment', async () => {
      await warehouse.migrate();
      const described = await ask(
        url,
        `SELECT c.relname AS table, a.attname AS column, col_description(c.oid, a.attnum) AS text, obj_description(c.oid, 'pg_class') AS whole
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
         WHERE c.relkind IN ('r', 'v') AND c.relnamespace = 'public'::regnamespace`,
      );
      assert.ok(described.length > 280);
      const functions = await ask(
        url,
        `SELECT proname AS name, obj_description(oid, 'pg_proc') AS text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
           AND prolang = (SELECT oid FROM pg_language WHERE lanname = 'sql')`,
      );
      assert.ok(functions.length >= 8);
      for (const { name, text } of functions) assert.match(String(text), /^[A-Z][^.]*\.$/, String(name));
      for (const { table, column, text, whole } of described) {
        assert.match(String(text), /^[A-Za-z][^.]*\.$/, `${String(table)}.${String(column)}`);
        assert.match(String(whole), /^[A-Z][^.]*\.$/, String(table));
      }
    });

    it('takes no other words than those that the contract names', async () => {
      await fillReleased(url, migrationNames.length);
      for (const change of [
        "fact_invoice SET invoice_type = 'Sales'",
        "fact_invoice SET classed_by = 'somebody'",
        "fact_invoice_line SET line_type = 'stock'",
        "fact_invoice_line SET ledger_class = 'gst'",
        "etl_masters SET kind = 'ledgers'",
        "etl_file_masters SET kind = 'unit'",
        "etl_rejects SET source = 'tally'",
      ])
        await assert.rejects(ask(url, `UPDATE ${change}`), { code: '23514' }, change);
    });

    it('lets two programs migrate at once: one waits', async () => {
      const other = await open(url);
      try {
        const done = await Promise.all([warehouse.migrate(), other.migrate()]);
        assert.deepEqual(done.map((names) => names.length).sort(), [0, shipped.length]);
      } finally {
        await other.close();
      }
    });

    it('leaves a schema of a newer program alone', async () => {
      await warehouse.migrate();
      await ask(url, "INSERT INTO etl_migrations (name, run_on) VALUES ('0999_future', now())");
      assert.equal(await warehouse.use(schemaState), 'newer');
      await assert.rejects(warehouse.migrate(), { code: 'schema-newer' });
      assert.equal((await ask(url, 'SELECT * FROM etl_migrations')).length, shipped.length + 1);
    });

    it('runs all new migrations or none, and says when some are due', async () => {
      const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'tally-test-migrations-'));
      const connection = await Connection.open(
        { config: { connectionString: url }, tls: [false] },
        'test',
        'test',
        silent,
      );
      try {
        await fs.writeFile(path.join(folder, '0001_a.sql'), 'CREATE TABLE a (id int);');
        assert.deepEqual(await migrate(connection, 'test', silent, folder), ['0001_a']);
        await fs.writeFile(path.join(folder, '0002_b.sql'), 'CREATE TABLE b (id int);');
        await fs.writeFile(path.join(folder, '0003_c.sql'), 'CREATE TABLE a (id int);');
        await fs.writeFile(path.join(folder, 'README.md'), 'no migration');
        assert.equal(await schemaState(connection, folder), 'outdated');
        await assert.rejects(migrate(connection, 'test', silent, folder), {
          code: 'warehouse-refused',
          message: /already exists/,
        });
        assert.deepEqual(await tables(), ['a', 'etl_migrations']);
      } finally {
        await connection.close();
        await fs.rm(folder, { recursive: true });
      }
    });

    it('lets one run at a time load a company, and says who does', async () => {
      const other = await open(url, 'tally-warehouse vscode');
      try {
        const lock = await other.lockCompany(company.id, 'backfill');
        await assert.rejects(warehouse.lockCompany(company.id, 'sync'), (error: EtlError) => {
          assert.equal(error.code, 'locked');
          assert.ok(
            error.message.includes(`tally-warehouse vscode backfill on ${os.hostname()}`.slice(0, 63)),
            error.message,
          );
          assert.match(error.message, /, since \d{1,2}\u00a0\w{3}\u00a0\d{4}, \d{1,2}:\d\d\u00a0[ap]m\.$/);
          return true;
        });
        await (await warehouse.lockCompany('another company', 'sync')).release();
        await lock.release();
        await (await warehouse.lockCompany(company.id, 'sync')).release();
        await other.lockCompany(company.id, 'backfill');
      } finally {
        await other.close();
      }
      await warehouse.lockCompany(company.id, 'sync');
    });

    it('writes nothing once it has lost the lock', async () => {
      await warehouse.migrate();
      const lock = await warehouse.lockCompany(company.id, 'backfill');
      const stage = await warehouse.createStage(company);
      await stage.add([sale(1)], []);
      await ask(url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE '%backfill%'");
      while (lock.held) await new Promise(setImmediate);
      const range = { from: '2024-04-01', to: '2024-04-01' };
      await assert.rejects(stage.merge(range, { runId: randomUUID() }), {
        code: 'warehouse-unreachable',
        message: /lock/,
      });
      assert.deepEqual(await ask(url, 'SELECT * FROM fact_invoice'), []);
    });

    it('says what to do about a wrong password, user and database', async () => {
      const wrong = (change: (url: URL) => void): string => {
        const changed = new URL(url);
        change(changed);
        return changed.href;
      };
      const password = await refusal(wrong((u) => (u.password = 'Wr0ng-secret')));
      assert.equal(password.code, 'warehouse-refused');
      assert.match(password.message, /password authentication failed/);
      assert.match(password.hint, /password is wrong/);
      const database = await refusal(wrong((u) => (u.pathname = '/no_such_books')));
      assert.equal(database.code, 'warehouse-refused');
      assert.match(database.message, /"no_such_books" does not exist/);
      assert.match(database.hint, /Create that database/);
    });

    it('says which right is lacking', async () => {
      await ask(url, 'DROP ROLE IF EXISTS tally_reader');
      await ask(url, "CREATE ROLE tally_reader LOGIN PASSWORD 'reader'");
      await ask(url, 'REVOKE CREATE ON SCHEMA public FROM PUBLIC');
      const as = new URL(url);
      as.username = 'tally_reader';
      as.password = 'reader';
      const reader = await open(as.href);
      try {
        await assert.rejects(reader.migrate(), {
          code: 'warehouse-refused',
          message: /permission denied/,
          hint: /right to create/,
        });
      } finally {
        await reader.close();
        await ask(url, 'DROP ROLE tally_reader');
      }
    });
  });

describe('a warehouse out of reach', () => {
  it('is unreachable where nobody listens', async () => {
    const listener = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => listener.once('listening', resolve));
    const { port } = listener.address() as net.AddressInfo;
    await new Promise((resolve) => listener.close(resolve));
    for (const host of ['127.0.0.1', 'localhost']) {
      const error = await refusal(`postgres://tally:s3cret-word@${host}:${port}/books`);
      assert.equal(error.code, 'warehouse-unreachable');
      assert.ok(error.message.includes(`${host}:${port}, database books`), error.message);
      assert.match(error.message, /cannot be reached: nothing listens there/);
    }
  });

  it('is unreachable where another program answers by hanging up', async () => {
    const listener = net.createServer((socket) => socket.end()).listen(0, '127.0.0.1');
    await new Promise((resolve) => listener.once('listening', resolve));
    const { port } = listener.address() as net.AddressInfo;
    try {
      const error = await refusal(`postgres://tally:s3cret-word@127.0.0.1:${port}/books?sslmode=disable`);
      assert.equal(error.code, 'warehouse-unreachable');
    } finally {
      listener.close();
    }
  });

  it('is a matter of configuration where the address makes no sense, which is not shown', async () => {
    for (const url of [
      'postgres://tally:s3cret@ho st:port/x',
      'postgres://tally:s3cret@h/x?sslmode=maybe',
      'postgres://tally:s3cret@h/x?sslmode=verify-full&sslrootcert=/no/such.crt',
    ]) {
      const error = await open(url).then(
        () => assert.fail('it opened'),
        (e: unknown) => e as EtlError,
      );
      assert.equal(error.code, 'config');
      assert.ok(!`${error.message} ${error.hint} ${error.stack ?? ''}`.includes('s3cret'));
    }
  });

  it('is refused where the server is too old', () => {
    const old = { pid: 1, versionNumber: 120022, version: '12.22', startedAt: '0', encoding: 'UTF8' };
    assert.throws(
      () => {
        assertVersion(old, 'old');
      },
      { code: 'warehouse-refused', message: /PostgreSQL 12\.22/ },
    );
  });

  it('does not shift a date by a time zone, nor round a number', async () => {
    const connection = await Connection.open(
      { config: { connectionString: await freshDatabase() }, tls: [false] },
      't',
      't',
      silent,
    );
    const rows = await connection.query(
      "SELECT date '2024-04-01' AS d, 12345678901234567890.10 AS n, 9007199254740993 AS i",
    );
    assert.deepEqual(rows, [{ d: '2024-04-01', n: '12345678901234567890.10', i: '9007199254740993' }]);
    await connection.close();
  });
});
