import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { addDays, financialYearStart, today, type JobResult, type Status } from '../../src/core/core.js';
import { createBook, demoCompanyGuid, demoCompanyName } from '../../src/demo/book/book.js';
import { startDemoServer, type DemoServer } from '../../src/demo/server.js';
import {
  answerOf,
  assertBuilt,
  failureOf,
  startCli,
  untilSays,
  type Ran,
  type Started,
} from '../support/cliProgram.js';
import { closedPort } from '../support/closedPort.js';
import { ask, freshDatabase } from '../support/postgres.js';

// The first day is before the guide's own dates; a voucher or two on each day up to today.
const book = createBook({ invoices: 1_200, from: '2024-03-01', to: today() });
const lastDate = book.range.to;

describe('sync and status on the command line', function () {
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
    tally.behave({ book });
    fs.rmSync(folder, { recursive: true });
  });

  const ready = (): Record<string, string> => ({ TALLY_URL: tally.url, DB_URL: database });
  const start = (words: string, env = ready()): Started => startCli(folder, words.split(' '), env);
  const run = (words: string, env = ready()): Promise<Ran> => start(words, env).done;
  const sync = async (env = ready()): Promise<JobResult> => answerOf(await run('sync --json', env)) as JobResult;
  const nowhere = async (): Promise<Record<string, string>> => ({
    ...ready(),
    TALLY_URL: `http://127.0.0.1:${await closedPort()}`,
  });

  const logs = (): Promise<Record<string, unknown>[]> =>
    ask(
      database,
      `SELECT run_id::text, company_id, stream_name, command, from_date::text, to_date::text, rows, inserted, unchanged,
         status, error_code, error FROM etl_logs ORDER BY id`,
    );

  async function checkpoint(): Promise<unknown> {
    const [row] = await ask(database, 'SELECT last_date::text AS date FROM etl_checkpoints');
    return row?.date;
  }

  async function putCheckpoint(date: string): Promise<void> {
    await run('migrate');
    await ask(database, "INSERT INTO etl_checkpoints VALUES ($1, 'invoices', $2)", [demoCompanyGuid, date]);
  }

  async function count(rows: string): Promise<number> {
    const [row] = await ask(database, `SELECT count(*)::int AS n FROM ${rows}`);
    return row!.n as number;
  }

  describe('sync', () => {
    it('loads from 1 April of the financial year the first time, then only from the checkpoint minus the overlap', async () => {
      const first = await sync();
      assert.equal(first.command, 'sync');
      assert.equal(first.from, financialYearStart(first.to));
      assert.equal(first.checkpoint, lastDate);
      assert.equal(first.inserted, await count('fact_invoice'));

      const second = await sync();
      assert.equal(second.from, addDays(lastDate, -1));
      assert.deepEqual([second.inserted, second.updated, second.checkpoint], [0, 0, lastDate]);
      assert.equal(second.unchanged, await count(`fact_invoice WHERE date >= '${second.from}'`));

      const wider = await sync({ ...ready(), TALLY_OVERLAP_DAYS: '30' });
      assert.equal(wider.from, addDays(lastDate, -30));
      assert.equal(await checkpoint(), lastDate);
    });

    it('says in words where the checkpoint stands', async () => {
      const ran = await run('sync');
      assert.equal(ran.exitCode, 0, ran.stderr);
      assert.match(ran.stdout, /^Sync done: Bharat Traders/);
      assert.match(ran.stdout, new RegExp(`^The checkpoint stands at ${lastDate}`, 'm'));
    });

    it('writes one row to etl_logs', async () => {
      const result = await sync();
      const [log, ...more] = await logs();
      assert.deepEqual(more, []);
      assert.deepEqual(log, {
        run_id: result.runId,
        company_id: demoCompanyGuid,
        stream_name: 'invoices',
        command: 'sync',
        from_date: result.from,
        to_date: result.to,
        rows: result.invoices,
        inserted: result.inserted,
        unchanged: 0,
        status: 'ok',
        error_code: null,
        error: null,
      });
    });

    it('writes its row also when Tally is not there, and status shows why', async () => {
      failureOf(await run('sync --json', await nowhere()), 'tally-unreachable', 3);
      const [log, ...more] = await logs();
      assert.deepEqual(more, []);
      assert.deepEqual([log!.status, log!.error_code, log!.company_id], ['error', 'tally-unreachable', null]);
      assert.equal(await checkpoint(), undefined);
      const { stdout } = await run('status');
      assert.match(stdout, /^✗ .* sync /m);
      assert.match(stdout, /^ {4}tally-unreachable: \S/m);
    });

    it('stopped by a signal leaves its row, no invoice and the checkpoint where it was', async () => {
      const earlier = addDays(lastDate, -10);
      await putCheckpoint(earlier);
      const stalling = await startDemoServer({
        book: createBook({ invoices: 400, from: addDays(earlier, -2), to: lastDate }),
        fault: { kind: 'stall', on: 'report', afterBytes: 15_000_000 },
      });
      try {
        const started = start('sync --json', { ...ready(), TALLY_URL: stalling.url });
        await untilSays(started.child.stderr, '100 invoices read');
        started.child.kill('SIGTERM');
        failureOf(await started.done, 'cancelled', 130);
      } finally {
        await stalling.close();
      }
      const [log, ...more] = await logs();
      assert.deepEqual(more, []);
      assert.deepEqual(
        [log!.status, log!.company_id, log!.from_date],
        ['cancelled', demoCompanyGuid, addDays(earlier, -1)],
      );
      assert.deepEqual([await count('fact_invoice'), await checkpoint()], [0, earlier]);
    });

    it("goes only as far as Tally's answer proves: exit 6, with what came loaded and on record", async () => {
      await putCheckpoint(addDays(lastDate, -60));
      const until = addDays(lastDate, -30);
      tally.behave({ book: createBook({ invoices: 1_200, from: '2024-03-01', to: until }), voucherIndex: 'refused' });
      const ran = await run('sync');
      tally.behave({ voucherIndex: 'offered' });
      assert.equal(ran.exitCode, 6, ran.stderr);
      assert.match(ran.stdout, /^Not proven: /m);
      assert.match(ran.stdout, new RegExp(`^The checkpoint stands at ${until}, the last date proven loaded\\.$`, 'm'));
      assert.equal(await checkpoint(), until);
      const [log] = await logs();
      assert.deepEqual([log!.status, log!.error_code], ['error', 'range-not-covered']);
      assert.ok((await count('fact_invoice')) > 0);
    });

    it('is not disturbed by a backfill or a clear-and-reload, which leave neither checkpoint nor log', async () => {
      await run('backfill 2024-04-01 2024-04-30');
      await run('clear-and-reload 2024-04-01 2024-04-30');
      assert.equal(await count('etl_checkpoints'), 0);
      assert.equal(await count('etl_logs'), 0);
      assert.equal((await sync()).from, financialYearStart(today()));
      await run('backfill 2024-04-01 2024-04-30');
      assert.equal(await checkpoint(), lastDate);
      assert.equal(await count('etl_logs'), 1);
    });
  });

  describe("the original guide's manual way", () => {
    const bySql = async (): Promise<void> => {
      await ask(database, "DELETE FROM fact_invoice WHERE date >= '2024-04-01';");
      await ask(database, "UPDATE etl_checkpoints SET last_date = '2024-03-31' WHERE stream_name = 'invoices';");
    };

    it('shows in status, and the next sync loads everything again', async () => {
      answerOf(await run(`backfill 2024-04-01 ${lastDate} --json`));
      await sync();
      const loaded = await count('fact_invoice');
      await bySql();
      assert.deepEqual([await count('fact_invoice'), await count('fact_invoice_line')], [0, 0]);

      const { checkpoints } = answerOf(await run('status --json')) as Status;
      assert.deepEqual(
        checkpoints.map(({ stream, companyName, lastDate: date }) => [stream, companyName, date]),
        [['invoices', demoCompanyName, '2024-03-31']],
      );
      assert.match((await run('status')).stdout, /^invoices .* 2024-03-31 .* 2024-03-30$/m);

      const again = await sync();
      assert.deepEqual([again.from, again.checkpoint], ['2024-03-30', lastDate]);
      assert.equal(await count(`fact_invoice WHERE date >= '2024-04-01'`), loaded);
    });

    it('and a backfill loads its range again, without moving the checkpoint', async () => {
      const first = answerOf(await run('backfill 2024-04-01 2024-10-13 --json')) as JobResult;
      await sync();
      await bySql();
      const again = answerOf(await run('backfill 2024-04-01 2024-10-13 --json')) as JobResult;
      assert.deepEqual([again.inserted, again.byType], [first.inserted, first.byType]);
      assert.equal(await checkpoint(), '2024-03-31');
    });
  });

  describe('status', () => {
    it('says plainly that an empty database has nothing yet, and makes no table', async () => {
      const ran = await run('status');
      assert.equal(ran.exitCode, 0, ran.stderr);
      assert.match(ran.stdout, /^The warehouse has no checkpoint and no run on record/);
      assert.equal(await count(`pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`), 0);
    });

    it('makes no embedded warehouse, and asks no Tally', async () => {
      const answer = answerOf(await run('status --json', { TALLY_URL: 'http://127.0.0.1:1' }));
      const dataDir = path.join(folder, 'data');
      assert.deepEqual(answer, { command: 'status', dataDir, checkpoints: [], runs: [], rejects: [] });
      assert.deepEqual(fs.readdirSync(folder), []);
    });

    it('shows what a sync into the embedded warehouse did, on lines of 100 columns', async () => {
      const env = { TALLY_URL: tally.url };
      const result = await sync(env);
      const { checkpoints, runs } = answerOf(await run('status --json', env)) as Status;
      assert.deepEqual(
        checkpoints.map(({ companyId, lastDate: date }) => [companyId, date]),
        [[demoCompanyGuid, lastDate]],
      );
      assert.deepEqual(
        runs.map(({ runId, command, from, to, rows, status }) => [runId, command, from, to, rows, status]),
        [[result.runId, 'sync', result.from, result.to, result.invoices, 'ok']],
      );
      const { stdout } = await run('status', env);
      assert.match(
        stdout,
        new RegExp(`^✓ \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d  sync  ${result.from} to ${result.to} `, 'm'),
      );
      for (const line of stdout.split('\n')) assert.ok(line.length <= 100, line);
    });

    it('shows the last 20 runs, newest first', async () => {
      await run('migrate');
      await ask(
        database,
        `INSERT INTO etl_logs (run_id, stream_name, command, rows, status)
         SELECT gen_random_uuid(), 'invoices', 'sync', n, 'ok' FROM generate_series(1, 25) n`,
      );
      const { runs } = answerOf(await run('status --json')) as Status;
      assert.deepEqual(
        runs.map(({ rows }) => rows),
        Array.from({ length: 20 }, (_, index) => 25 - index),
      );
    });

    it('fails in words where the warehouse is out of reach: exit 4', async () => {
      const env = { DB_URL: `postgres://u:p@127.0.0.1:${await closedPort()}/d` };
      failureOf(await run('status --json', env), 'warehouse-unreachable', 4);
    });
  });
});
