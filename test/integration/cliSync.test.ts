import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { addDays, type Status } from '../../src/core/core.js';
import { createBook } from '../../src/demo/book/book.js';
import { demoCompanyGuid } from '../../src/demo/demoNames.js';
import { cliSetting } from '../support/cliSetting.js';
import { closedPort } from '../support/closedPort.js';
import { ask, emptyDatabase } from '../support/postgres.js';
import { useToday } from '../support/shiftedClock.js';
import { dateText } from '../../src/core/base/countWords.js';
import { plainSpaces } from '../support/plainSpaces.js';

const lastDate = '2024-06-15';
const book = createBook({ invoices: 100, from: '2024-04-01', to: lastDate });

// jobsSync.test.ts tests what a sync does; this file tests its words and exit codes. Signals: failures/cancelEdges.
describe('sync and status on the command line', function () {
  this.timeout(60_000);
  useToday(lastDate);
  const cli = cliSetting({ book });

  const checkpoint = async (): Promise<unknown> =>
    (await ask(cli.database, 'SELECT last_date::text AS date FROM etl_checkpoints'))[0]?.date;
  async function putCheckpoint(date: string): Promise<void> {
    await ask(cli.database, "INSERT INTO etl_checkpoints VALUES ($1, 'invoices', $2)", [demoCompanyGuid, date]);
  }

  it('a sync says what it did and where the checkpoint stands, which status shows, on lines of 100 columns', async () => {
    const ran = await cli.run('sync');
    assert.equal(ran.exitCode, 0, ran.stderr);
    assert.match(ran.stdout, /^Synced .* of Bharat Traders/);
    assert.match(ran.stdout, new RegExp(`^The checkpoint is ${plainSpaces(dateText(lastDate))}`, 'm'));
    const again = await cli.load('sync');
    assert.deepEqual([again.command, again.from, again.checkpoint], ['sync', addDays(lastDate, -1), lastDate]);
    const wider = await cli.load('sync', { ...cli.env, TALLY_OVERLAP_DAYS: '30' });
    assert.equal(wider.from, addDays(lastDate, -30));

    const { checkpoints, runs } = (await cli.answer('status')) as Status;
    assert.deepEqual(
      checkpoints.map(({ companyId, lastDate: date }) => [companyId, date]),
      [[demoCompanyGuid, lastDate]],
    );
    assert.deepEqual(
      runs.map(({ runId, status }) => [runId, status]).slice(0, 2),
      [wider, again].map(({ runId }) => [runId, 'ok']),
    );
    const { stdout } = await cli.run('status');
    assert.match(stdout, new RegExp(`^invoices .* ${lastDate} .* ${addDays(lastDate, -1)}$`, 'm'));
    assert.match(stdout, new RegExp(`^✓ \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d  sync  ${wider.from} to ${wider.to} `, 'm'));
    for (const line of stdout.split('\n')) assert.ok(line.length <= 100, line);
  });

  it('a sync without a Tally ends with 3, and status shows why', async () => {
    const nowhere = { ...cli.env, TALLY_URL: `http://127.0.0.1:${await closedPort()}` };
    await cli.fails('tally-unreachable', 3, 'sync', nowhere);
    const { stdout } = await cli.run('status');
    assert.match(stdout, /^✗ .* sync /m);
    assert.match(stdout, /^ {4}tally-unreachable: \S/m);
  });

  it("a sync goes only as far as Tally's answer proves: exit 6, with what came loaded", async () => {
    await putCheckpoint(addDays(lastDate, -50));
    const until = addDays(lastDate, -30);
    const ending = createBook({ invoices: 100, from: book.range.from, to: until });
    cli.tally.behave({ book: ending, voucherIndex: 'refused' });
    const ran = await cli.run('sync');
    cli.tally.behave({ book });
    assert.equal(ran.exitCode, 6, ran.stderr);
    assert.match(ran.stdout, /^Not proven: /m);
    assert.match(
      ran.stdout,
      new RegExp(`^The checkpoint is ${plainSpaces(dateText(until))}, the last date proven loaded\\.$`, 'm'),
    );
    assert.equal(await checkpoint(), until);
    assert.ok((await cli.count('fact_invoice')) > 0);
  });

  it('status says plainly that an empty database has nothing yet, and makes no table', async () => {
    const database = await emptyDatabase();
    const ran = await cli.run('status', { ...cli.env, DB_URL: database });
    assert.equal(ran.exitCode, 0, ran.stderr);
    assert.match(ran.stdout, /^Nothing loaded yet\./);
    assert.deepEqual(await ask(database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"), []);
  });

  it('status makes no embedded warehouse, and asks no Tally', async () => {
    const answer = await cli.answer('status', { TALLY_URL: 'http://127.0.0.1:1' });
    const dataDir = path.join(cli.folder, 'data');
    assert.deepEqual(answer, { command: 'status', dataDir, checkpoints: [], runs: [], rejects: [], loaded: [] });
    assert.deepEqual(fs.readdirSync(cli.folder), []);
  });

  it('status fails in words where the warehouse is out of reach: exit 4', async () => {
    await cli.fails('warehouse-unreachable', 4, 'status', {
      DB_URL: `postgres://u:p@127.0.0.1:${await closedPort()}/d`,
    });
  });
});
