import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { JobResult } from '../../src/core/core.js';
import { demoCompanyGuid, demoCompanyName } from '../../src/demo/book/book.js';
import { startDemoServer, type DemoServer } from '../../src/demo/server.js';
import { assertBuilt, parseJson, startCli, type Ran, type Started } from '../support/cliProgram.js';
import { ask, freshDatabase } from '../support/postgres.js';
import { closedPort } from '../support/closedPort.js';

const [from, to] = ['2024-04-01', '2024-06-30'];
const book = { invoices: 400, from: '2024-04-01', to: '2024-07-31' };

describe('the command line as a program', function () {
  this.timeout(120_000);

  let tally: DemoServer;
  let database: string;
  let folder: string;

  before(async () => {
    assertBuilt();
    tally = await startDemoServer({ book });
  });

  after(async () => {
    await tally.close();
  });

  beforeEach(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tally-cli-'));
    fs.chmodSync(folder, 0o755); // as root the embedded PostgreSQL runs under another account
    database = await freshDatabase();
  });

  afterEach(() => {
    fs.rmSync(folder, { recursive: true });
  });

  const ready = (): Record<string, string> => ({ TALLY_URL: tally.url, DB_URL: database });
  const start = (words: string, env = ready()): Started => startCli(folder, words.split(' '), env);
  const run = (words: string, env = ready()): Promise<Ran> => start(words, env).done;

  async function count(rows: string): Promise<number> {
    const [row] = await ask(database, `SELECT count(*)::int AS n FROM ${rows}`);
    return row!.n as number;
  }

  async function load(words: string, env = ready()): Promise<JobResult> {
    const ran = await run(`${words} --json`, env);
    assert.equal(ran.exitCode, 0, ran.stderr);
    return parseJson(ran) as JobResult;
  }

  describe('backfill', () => {
    it('loads a range, reports every 100 invoices and closes with the counts', async () => {
      const ran = await run(`backfill ${from} ${to}`);
      assert.equal(ran.exitCode, 0, ran.stderr);
      const loaded = await count(`fact_invoice WHERE date BETWEEN '${from}' AND '${to}'`);
      assert.ok(loaded > 100);
      assert.equal(await count('fact_invoice'), loaded);
      assert.match(ran.stdout, new RegExp(`^  Inserted +${loaded}$`, 'm'));
      assert.match(ran.stderr, /^100 invoices read, up to 2024-0\d-\d\d \(\d+ %\)$/m);
      assert.doesNotMatch(ran.stdout, /invoices read, up to/);
    });

    it('run again leaves everything unchanged', async () => {
      const first = await load(`backfill ${from} ${to}`);
      const second = await load(`backfill ${from} ${to} --day-by-day`);
      assert.deepEqual(first.company, { name: demoCompanyName, id: demoCompanyGuid });
      assert.equal(first.inserted, first.invoices);
      const { invoices, inserted, updated, unchanged } = second;
      assert.deepEqual(
        { invoices, inserted, updated, unchanged },
        { invoices, inserted: 0, updated: 0, unchanged: invoices },
      );
      assert.equal(invoices, first.invoices);
    });

    it('takes its settings from the .env file, the environment first', async () => {
      fs.writeFileSync(path.join(folder, '.env'), `TALLY_URL=${tally.url}\nDB_URL=${database}\n`);
      assert.equal((await run(`backfill ${from} ${from}`, {})).exitCode, 0);
      assert.equal((await run(`backfill ${from} ${from}`, { TALLY_COMPANY: 'Another Company' })).exitCode, 3);
    });
  });

  describe('dry run', () => {
    it('reports per day and type what Tally has, and leaves an empty database empty', async () => {
      const ran = await run(`backfill ${from} ${to} --dry-run`);
      assert.equal(ran.exitCode, 0, ran.stderr);
      assert.match(ran.stdout, /^Dry run of Bharat Traders/m);
      assert.match(ran.stdout, /^2024-04-01 {2}Sales +\d+ +₹[\d,]+\.\d\d$/m);
      assert.match(ran.stdout, /^Net sales .* ₹[\d,]+\.\d\d$/m);
      assert.equal(await count(`pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`), 0);
    });

    it('compares with what the warehouse has', async () => {
      await run('backfill 2024-04-01 2024-04-30');
      const json = await load(`backfill ${from} ${to} --dry-run`);
      assert.deepEqual(json.warehouse, { state: 'compared' });
      assert.equal(json.unchanged, await count('fact_invoice'));
      assert.equal(json.inserted, json.invoices - json.unchanged);
      assert.ok(json.inserted > 0);
    });

    it('still says what Tally has when the warehouse is out of reach', async () => {
      const ran = await run(`backfill ${from} ${to} --dry-run`, {
        TALLY_URL: tally.url,
        DB_URL: `postgres://u:p@127.0.0.1:${await closedPort()}/d`,
      });
      assert.equal(ran.exitCode, 0, ran.stderr);
      assert.match(ran.stdout, /^Warehouse +not compared: /m);
      assert.match(ran.stdout, /^All types +[\d,]+$/m);
    });
  });

  describe('the other commands', () => {
    it('migrate makes the tables, and says so when there is nothing to do', async () => {
      const { applied } = parseJson(await run('migrate --json')) as { applied: string[] };
      assert.ok(applied.length > 0);
      assert.equal(await count('fact_invoice'), 0);
      assert.match((await run('migrate')).stdout, /already current/);
    });

    it('companies lists name and GUID', async () => {
      assert.match((await run('companies')).stdout, /^Name +GUID\n/);
      const json = parseJson(await run('companies --json'));
      assert.deepEqual(json, {
        command: 'companies',
        companies: [{ name: demoCompanyName, id: demoCompanyGuid, booksFrom: from }],
      });
    });

    it('check is content with a good set-up and ends with 0', async () => {
      const ran = await run('check');
      assert.equal(ran.exitCode, 0, ran.stdout);
      assert.doesNotMatch(ran.stdout, /✗/);
      assert.ok(ran.stdout.includes(demoCompanyName));
    });

    it('check names each part that is wrong with its remedy and ends with the code of the first', async () => {
      const nowhere = `127.0.0.1:${await closedPort()}`;
      const noTally = await run('check', { ...ready(), TALLY_URL: `http://${nowhere}` });
      assert.equal(noTally.exitCode, 3);
      assert.match(noTally.stdout, /^✗ Tally .*\n {13}\S/m);
      const noWarehouse = await run('check', { ...ready(), DB_URL: `postgres://u:p@${nowhere}/d` });
      assert.equal(noWarehouse.exitCode, 4);
      assert.match(noWarehouse.stdout, /^✓ Tally /m);
      assert.match(noWarehouse.stdout, /^✗ Warehouse .*\n {13}\S/m);
    });

    it('demo fills the embedded warehouse whatever DB_URL says, and changes nothing when run again', async () => {
      const env = { DB_URL: 'postgres://u:p@127.0.0.1:1/d', TALLY_URL: 'http://127.0.0.1:1' };
      const first = await run('demo --invoices 600', env);
      assert.equal(first.exitCode, 0, first.stderr);
      assert.match(first.stdout, /^Net sales .* ₹[\d,]+\.\d\d$/m);
      assert.ok(first.stdout.includes(path.join(folder, 'data')));
      const second = await load('demo --invoices 600', env);
      assert.deepEqual([second.inserted, second.updated], [0, 0]);
      assert.ok(second.unchanged > 50);
    });

    it('demo-server serves until it is stopped', async () => {
      const { child, done } = start('demo-server --invoices 100 --json');
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      const { url, company } = JSON.parse(line.toString()) as { url: string; company: string };
      assert.equal(company, demoCompanyName);
      assert.equal((await run('companies', { TALLY_URL: url })).exitCode, 0);
      child.kill('SIGTERM');
      assert.equal((await done).exitCode, 0);
    });
  });
});
