import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { Client } from 'pg';
import { EtlError } from '../../src/core/base/errors.js';
import { endBiToolsAccess, openForSqlClients, type OpenRequest } from '../../src/core/jobs/openForSqlClients.js';
import { backfill } from '../../src/core/core.js';
import { openEmbedded } from '../../src/core/warehouse/embedded/embedded.js';
import type { ReaderAccess } from '../../src/core/warehouse/embedded/readers/openToReaders.js';
import { bookOf } from '../support/demo/bookOf.js';
import { assertBuilt, startCli } from '../support/cliProgram.js';
import { contextOf } from '../support/context.js';
import { leanSale } from '../support/leanBook.js';
import { openFolder } from '../support/ownServer.js';
import { ask, silent } from '../support/postgres.js';
import { useTally } from '../support/useTally.js';

const april = { from: '2024-04-01', to: '2024-04-30' };

describe('the embedded warehouse, open to SQL clients,', function () {
  this.timeout(60_000);
  const tally = useTally({ book: bookOf([leanSale(1, '2024-04-05')]), dayBook: 'honours-dates' });
  let dataDir: string;
  const open = new Set<Opened>();

  before(() => {
    dataDir = openFolder();
  });
  afterEach(async () => {
    for (const one of open) await one.close();
  });
  after(() => {
    fs.rmSync(dataDir, { recursive: true });
  });

  const env = () => ({ TALLY_URL: tally.url, TALLY_DATA_DIR: dataDir });
  const load = (): Promise<unknown> => backfill(april, contextOf(env()));

  interface Opened {
    access: ReaderAccess;
    url: string;
    said: string[];
    done: Promise<void>;
    close(): Promise<void>;
  }
  async function openIt(request: OpenRequest = { rights: 'read' }): Promise<Opened> {
    const stop = new AbortController();
    const said: string[] = [];
    const log = (message: string): void => void said.push(message);
    const logger = { trace: log, debug: log, info: log, warn: log, error: log };
    let done = Promise.resolve();
    const access = await new Promise<ReaderAccess>((resolve, reject) => {
      done = openForSqlClients(request, contextOf(env(), { signal: stop.signal, logger }), resolve);
      done.catch(reject);
    });
    const { user, password, host, port, database } = access;
    const opened: Opened = {
      ...{ access, said, done },
      url: `postgres://${user}:${password}@${host}:${port}/${database}?sslmode=disable`,
      close: async () => {
        open.delete(opened);
        stop.abort();
        await done;
      },
    };
    open.add(opened);
    return opened;
  }
  const count = async (url: string, from: string): Promise<unknown> =>
    (await ask(url, `SELECT count(*)::int AS n FROM ${from}`))[0]!.n;
  const codeOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => 'done',
      (error: unknown) => (error as { code?: string }).code,
    );

  it('is not created for them: an error says that nothing was loaded', async () => {
    const nobody = (): void => assert.fail('it was opened');
    assert.equal(await codeOf(openForSqlClients({ rights: 'read' }, contextOf(env()), nobody)), 'schema-outdated');
    assert.deepEqual(fs.readdirSync(dataDir), []);
  });

  it('is read through a port of this computer, by a password of its own: all tables and views, and nothing else', async () => {
    await load();
    const { url, access } = await openIt();
    assert.equal(access.host, '127.0.0.1');
    const tables = await ask(
      url,
      "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')",
    );
    assert.ok(tables.length > 10);
    for (const { name } of tables) await count(url, String(name));
    assert.equal(await count(url, 'sales_register'), 1);
    const denied = ['42501', '25006'];
    for (const sql of [
      'DELETE FROM fact_invoice',
      'UPDATE fact_invoice SET total_amount = 0',
      "INSERT INTO dim_company VALUES ('x', 'x')",
      'TRUNCATE fact_invoice CASCADE',
      'DROP VIEW sales_register',
      'CREATE TABLE mine (a int)',
      'CREATE TABLE public.mine (a int)',
      'CREATE SCHEMA mine',
      'CREATE ROLE mine',
      'CREATE DATABASE mine',
      'ALTER ROLE tally PASSWORD NULL',
      'SET ROLE tally',
      'SELECT rolpassword FROM pg_authid',
      "SELECT pg_read_file('postgresql.conf')",
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'tally'",
      "COPY fact_invoice TO PROGRAM 'cat'",
      "COPY fact_invoice TO '/tmp/x'",
      'ALTER SYSTEM SET fsync = off',
      "SELECT nextval('etl_logs_id_seq')",
    ]) {
      const code = await codeOf(ask(`${url}&options=-c%20default_transaction_read_only%3Doff`, sql));
      assert.ok(denied.includes(String(code)), `${sql}: ${String(code)}`);
    }
    assert.equal(await codeOf(ask(url.replace(access.password, 'wrong'), 'SELECT 1')), '28P01');
  });

  it('is loaded beside that, by this window and by others, and shows at once what has come', async () => {
    const { url } = await openIt();
    tally.behave({ book: bookOf([leanSale(1, '2024-04-05'), leanSale(2, '2024-04-06')]) });
    const reader = new Client(url);
    await reader.connect();
    await reader.query('BEGIN; SELECT count(*) FROM fact_invoice');
    await load();
    assert.equal(await count(url, 'fact_invoice'), 2);
    await reader.end();
  });

  it('ends its clients and their password when it is closed, and stops when nobody else uses it', async () => {
    const [one, other] = [await openIt(), await openIt()];
    assert.notEqual(one.access.user, other.access.user);
    assert.notEqual(one.access.password, other.access.password);
    const reader = new Client(one.url);
    reader.on('error', () => undefined);
    await reader.connect();
    await one.close();
    await assert.rejects(reader.query('SELECT 1'));
    assert.match(String(await codeOf(ask(one.url, 'SELECT 1'))), /28P01|28000/);
    assert.equal(await count(other.url, 'fact_invoice'), 2, 'another window keeps its own');
    const held = new Client(other.url);
    held.on('error', () => undefined);
    await held.connect();
    await other.close();
    assert.equal(await codeOf(ask(other.url, 'SELECT 1')), 'ECONNREFUSED', 'a client that stays does not keep it up');
    const embedded = await openEmbedded({ dataDir, logger: silent });
    const own = new Client(await embedded.connection());
    await own.connect();
    const roles = await own.query("SELECT rolname FROM pg_roles WHERE rolname LIKE 'tally%'");
    assert.deepEqual(roles.rows.map(({ rolname }: { rolname: string }) => rolname).sort(), ['tally', 'tally_reader']);
    await own.end();
    await embedded.release();
  });

  it('leaves a password that nobody renews worth nothing, and clears it away at the next start', async () => {
    const [left, other] = [await openIt(), await openIt()];
    const embedded = await openEmbedded({ dataDir, logger: silent });
    const own = new Client(await embedded.connection());
    await own.connect();
    const rolesOf = async ({ access }: Opened): Promise<unknown[]> => {
      const sql =
        "SELECT rolvaliduntil BETWEEN now() AND now() + interval '6 minutes' AS ends FROM pg_roles WHERE rolname = $1";
      return (await own.query<{ ends: boolean }>(sql, [access.user])).rows;
    };
    assert.deepEqual(await rolesOf(left), [{ ends: true }]);
    // As if its window had died.
    open.delete(left);
    const ended = assert.rejects(left.done, EtlError);
    await own.query(
      "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'tally-warehouse sql clients ' || $1",
      [left.access.user],
    );
    await ended;
    await load();
    assert.deepEqual(await rolesOf(left), []);
    assert.match(String(await codeOf(ask(left.url, 'SELECT 1'))), /28P01|28000/);
    assert.deepEqual(await rolesOf(other), [{ ends: true }], 'another window keeps its own');
    await own.end();
    await embedded.release();
  });

  it("is written by a client that may: rows, as by the guide's own statements, and never the tables", async () => {
    await load();
    const { url } = await openIt({ rights: 'write' });
    await ask(url, "DELETE FROM fact_invoice WHERE date >= '2024-04-06'");
    await ask(url, "UPDATE etl_checkpoints SET last_date = '2024-03-31' WHERE stream_name = 'invoices'");
    assert.equal(await count(url, 'fact_invoice'), 1);
    for (const sql of [
      'DROP TABLE etl_logs',
      'CREATE TABLE public.mine (a int)',
      'SET ROLE tally',
      'TRUNCATE etl_logs',
    ])
      assert.equal(await codeOf(ask(url, sql)), '42501', sql);
    await load();
    assert.equal(await count(url, 'fact_invoice'), 2, 'the next load brings it back');
  });

  it('has its password in no log, neither ours nor the one of PostgreSQL', async () => {
    const opened = await openIt();
    const { access, said, url } = opened;
    await codeOf(ask(url, 'SELECT nonsense'));
    await opened.close();
    const log = fs.readFileSync(path.join(dataDir, 'embedded', 'postgres.log'), 'utf8');
    assert.match(log, /nonsense/);
    assert.ok(said.some((line) => line.includes(access.user)));
    assert.ok(!`${log}${said.join('\n')}`.includes(access.password));
  });

  describe('for BI tools', () => {
    const forBiTools: OpenRequest = { rights: 'read', lasting: true };
    const running = (): boolean => fs.existsSync(path.join(dataDir, 'embedded', 'data', 'postmaster.pid'));

    it('has the same port, user and password each time, and a password that does not end', async () => {
      await load();
      const first = await openIt(forBiTools);
      await assert.rejects(ask(first.url, 'DELETE FROM fact_invoice'), { code: '25006' });
      const [{ until } = {}] = await ask(
        first.url,
        'SELECT rolvaliduntil::text AS until FROM pg_roles WHERE rolname = $1',
        [first.access.user],
      );
      assert.equal(until, 'infinity');
      const report = new Client(first.url);
      report.on('error', () => undefined);
      await report.connect();
      const beside = await openIt(forBiTools);
      await first.close();
      assert.equal((await report.query('SELECT FROM sales_register')).rowCount, 2, 'another window keeps it open');
      await beside.close();
      assert.equal(running(), false, 'a report that stays connected does not keep it up');
      await load();
      const again = await openIt(forBiTools);
      assert.deepEqual(again.access, first.access);
      assert.equal(await count(again.url, 'fact_invoice'), 2);
      const { mode } = fs.statSync(path.join(dataDir, 'embedded', 'bi-tools.json'));
      if (process.platform !== 'win32') assert.equal(mode & 0o077, 0, 'for the owner alone');
    });

    it('says so where another program has taken its port, and loads go on', async () => {
      const opened = await openIt(forBiTools);
      await opened.close();
      const other = net.createServer().listen(opened.access.port, '127.0.0.1');
      await once(other, 'listening');
      await load();
      const refused = openForSqlClients(forBiTools, contextOf(env()), () => assert.fail('it was opened'));
      await assert.rejects(refused, {
        code: 'warehouse-unreachable',
        message: new RegExp(`port ${opened.access.port},`),
      });
      await once(other.close(), 'close');
      assert.deepEqual((await openIt(forBiTools)).access, opened.access);
    });

    it('has another password once access was ended, and the old one opens nothing', async () => {
      const opened = await openIt(forBiTools);
      await endBiToolsAccess(contextOf(env()));
      assert.match(String(await codeOf(ask(opened.url, 'SELECT 1'))), /28P01|28000/);
      await opened.close();
      assert.notEqual((await openIt(forBiTools)).access.password, opened.access.password);
    });

    it('is kept open by the command line until it is stopped, which shows the password only when asked', async () => {
      assertBuilt();
      const { access } = await openIt(forBiTools);
      for (const words of [
        ['serve', '--json'],
        ['serve', '--json', '--show-password'],
      ]) {
        const { child, done } = startCli(dataDir, words, { TALLY_DATA_DIR: dataDir });
        const [line] = (await once(child.stdout, 'data')) as [Buffer];
        const { connectionString } = JSON.parse(line.toString()) as { connectionString: string };
        const { port, user, password } = access;
        const shown = words.includes('--show-password');
        assert.equal(
          connectionString,
          `postgresql://${user}${shown ? `:${password}` : ''}@127.0.0.1:${port}/postgres?sslmode=disable`,
        );
        assert.equal(line.includes(password), shown);
        child.kill('SIGTERM');
        assert.equal((await done).exitCode, 0);
      }
    });
  });

  it('says so when its server ends', async () => {
    const opened = await openIt();
    const pid = Number(
      fs.readFileSync(path.join(dataDir, 'embedded', 'data', 'postmaster.pid'), 'utf8').split('\n')[0],
    );
    process.kill(pid, 'SIGQUIT');
    open.delete(opened);
    assert.equal(await codeOf(opened.done), 'warehouse-unreachable');
  });
});
