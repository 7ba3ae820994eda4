import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import type { JobResult } from '../../src/core/core.js';
import { demoCompanyGuid, demoCompanyName } from '../../src/demo/demoNames.js';
import { answerOf, assertBuilt } from '../support/cliProgram.js';
import { cliSetting } from '../support/cliSetting.js';
import { closedPort } from '../support/closedPort.js';
import { ask, emptyDatabase } from '../support/postgres.js';

const [from, to] = ['2024-04-01', '2024-05-31'];
const book = { invoices: 250, from, to };

describe('the command line', function () {
  this.timeout(60_000);
  const cli = cliSetting({ book });
  const { run, count } = cli;

  describe('as a program', () => {
    before(assertBuilt);

    it('loads a range, reports every 100 invoices and closes with the counts', async () => {
      const ran = await cli.start(`backfill ${from} ${to}`).done;
      assert.equal(ran.exitCode, 0, ran.stderr);
      const loaded = await count('fact_invoice');
      assert.ok(loaded > 100);
      assert.match(ran.stdout, new RegExp(`^  Inserted +${loaded}$`, 'm'));
      assert.match(ran.stderr, /^200 of \d+ invoices read, up to 2024-05-\d\d \(\d+ %\)$/m);
      assert.doesNotMatch(ran.stdout, /invoices read, up to/);
    });

    it("demo fills a warehouse of its own, never the user's, and changes nothing when run again", async () => {
      const env = { DB_URL: 'postgres://u:p@127.0.0.1:1/d', TALLY_URL: 'http://127.0.0.1:1' };
      const first = await cli.start('demo --invoices 300', env).done;
      assert.equal(first.exitCode, 0, first.stderr);
      assert.match(first.stdout, /^Net sales .* ₹[\d,]+\.\d\d$/m);
      assert.ok(first.stdout.includes(path.join(cli.folder, 'data', 'demo')));
      const data = path.join(cli.folder, 'data');
      assert.deepEqual(fs.readdirSync(data), ['demo']);
      if (process.platform !== 'win32') assert.equal(fs.statSync(data).mode & 0o066, 0, 'closed to other accounts');
      const second = answerOf(await cli.start('demo --invoices 300 --json', env).done) as JobResult;
      assert.deepEqual([second.inserted, second.updated], [0, 0]);
      assert.ok(second.unchanged > 50);
    });

    it('demo-server serves until it is stopped', async () => {
      const { child, done } = cli.start('demo-server --invoices 100 --json');
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      const { url, company } = JSON.parse(line.toString()) as { url: string; company: string };
      assert.equal(company, demoCompanyName);
      assert.equal((await run('companies', { TALLY_URL: url })).exitCode, 0);
      child.kill('SIGTERM');
      assert.equal((await done).exitCode, 0);
    });
  });

  it('takes its settings from the .env file, the environment first', async () => {
    fs.writeFileSync(path.join(cli.folder, '.env'), `TALLY_URL=${cli.tally.url}\nDB_URL=${cli.database}\n`);
    assert.equal((await run(`backfill ${from} ${from}`, {})).exitCode, 0);
    assert.equal((await run(`backfill ${from} ${from}`, { TALLY_COMPANY: 'Another Company' })).exitCode, 3);
  });

  it('a dry run reports per day and type what Tally has, and leaves an empty database empty', async () => {
    const database = await emptyDatabase();
    const ran = await run(`backfill ${from} ${to} --dry-run`, { ...cli.env, DB_URL: database });
    assert.equal(ran.exitCode, 0, ran.stderr);
    assert.match(ran.stdout, /^Dry run of Bharat Traders/m);
    assert.match(ran.stdout, /^2024-04-01 {2}Sales +\d+ +₹[\d,]+\.\d\d$/m);
    assert.match(ran.stdout, /^Net sales .* ₹[\d,]+\.\d\d$/m);
    assert.deepEqual(await ask(database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"), []);
  });

  it('a dry run still says what Tally has when the warehouse is out of reach', async () => {
    const ran = await run(`backfill ${from} ${to} --dry-run`, {
      TALLY_URL: cli.tally.url,
      DB_URL: `postgres://u:p@127.0.0.1:${await closedPort()}/d`,
    });
    assert.equal(ran.exitCode, 0, ran.stderr);
    assert.match(ran.stdout, /^Warehouse +not compared: /m);
    assert.match(ran.stdout, /^All types +[\d,]+$/m);
  });

  it('migrate makes the tables, and says so when there is nothing to do', async () => {
    const env = { ...cli.env, DB_URL: await emptyDatabase() };
    const { applied } = (await cli.answer('migrate', env)) as { applied: string[] };
    assert.ok(applied.length > 0);
    assert.deepEqual(await ask(env.DB_URL, 'SELECT FROM fact_invoice'), []);
    assert.match((await run('migrate', env)).stdout, /already current/);
  });

  it('companies lists name and GUID', async () => {
    assert.match((await run('companies')).stdout, /^Name +GUID\n/);
    assert.deepEqual(await cli.answer('companies'), {
      command: 'companies',
      companies: [{ name: demoCompanyName, id: demoCompanyGuid, booksFrom: from }],
    });
  });

  it('check is content with a good setup and ends with 0', async () => {
    const ran = await run('check');
    assert.equal(ran.exitCode, 0, ran.stdout);
    assert.doesNotMatch(ran.stdout, /✗/);
    assert.ok(ran.stdout.includes(demoCompanyName));
  });

  it('check names each part that is wrong with its remedy and ends with the code of the first', async () => {
    const nowhere = `127.0.0.1:${await closedPort()}`;
    const noTally = await run('check', { ...cli.env, TALLY_URL: `http://${nowhere}` });
    assert.equal(noTally.exitCode, 3);
    assert.match(noTally.stdout, /^✗ Tally .*\n {13}\S/m);
    const noWarehouse = await run('check', { ...cli.env, DB_URL: `postgres://u:p@${nowhere}/d` });
    assert.equal(noWarehouse.exitCode, 4);
    assert.match(noWarehouse.stdout, /^✓ Tally /m);
    assert.match(noWarehouse.stdout, /^✗ Warehouse .*\n {13}\S/m);
  });
});
