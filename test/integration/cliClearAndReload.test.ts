import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { today, type JobResult } from '../../src/core/core.js';
import { createBook, type Book } from '../../src/demo/book/book.js';
import { bookOf } from '../support/demo/bookOf.js';
import { startDemoServer, type DemoServer } from '../../src/demo/server.js';
import type { DemoVoucher } from '../../src/demo/book/voucher.js';
import {
  answerOf,
  assertBuilt,
  failureOf,
  parseJson,
  startCli,
  type Ran,
  type Started,
} from '../support/cliProgram.js';
import { ask, freshDatabase } from '../support/postgres.js';

const [from, to] = ['2024-05-01', '2024-05-31'];
const book = createBook({ invoices: 400, from: '2024-04-01', to: '2024-07-31' });
const inMay = ({ date }: { date: string }): boolean => date >= from && date <= to;

describe('clear-and-reload on the command line', function () {
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
    database = await freshDatabase();
  });

  afterEach(() => {
    tally.behave({ book });
    fs.rmSync(folder, { recursive: true });
  });

  const start = (words: string, url = tally.url): Started =>
    startCli(folder, words.split(' '), { TALLY_URL: url, DB_URL: database });
  const run = (words: string): Promise<Ran> => start(words).done;
  const answer = async (words: string): Promise<JobResult> => answerOf(await run(`${words} --json`)) as JobResult;
  const reload = (options = ''): Promise<JobResult> => answer(`clear-and-reload ${from} ${to}${options}`);
  const loadAll = (): Promise<JobResult> => answer('backfill 2024-04-01 2024-07-31');

  /** The invoices of the warehouse as `date id`, of May and of the other months. */
  async function invoices(): Promise<{ may: string[]; others: string[] }> {
    const rows = await ask(database, 'SELECT date::text, invoice_id FROM fact_invoice ORDER BY 1, 2');
    const texts = (of: (row: { date: string }) => boolean): string[] =>
      rows.filter((row) => of(row as { date: string })).map((row) => Object.values(row).join(' '));
    return { may: texts(inMay), others: texts((row) => !inMay(row)) };
  }

  /** Everything that the warehouse holds, down to when it was written. */
  async function everything(): Promise<unknown> {
    const tables = ['dim_company', 'fact_invoice', 'fact_invoice_line', 'etl_checkpoints', 'etl_logs', 'etl_rejects'];
    const sums = tables.map(
      (table) => `(SELECT count(*) || md5(coalesce(string_agg(t::text, ' ' ORDER BY t::text), '')) FROM ${table} t)`,
    );
    return ask(database, `SELECT ${sums.map((sum, index) => `${sum} AS t${index}`).join(', ')}`);
  }

  /** Serves the books without these vouchers of May, and says which invoices of the warehouse Tally has no more. */
  async function dropFromTally(drop: (v: DemoVoucher, index: number) => boolean): Promise<string[]> {
    const mays = [...book.vouchers()].filter(inMay);
    const dropped = new Set(mays.filter(drop).map(({ guid }) => guid));
    tally.behave({ book: without(dropped) });
    return (await invoices()).may.filter((row) => dropped.has(row.split(' ')[1]!));
  }

  const without = (dropped: Set<string>): Book =>
    bookOf(
      [...book.vouchers()].filter(({ guid }) => !dropped.has(guid)),
      { range: book.range },
    );

  it('takes out what Tally no longer has, and only in its range', async () => {
    await loadAll();
    const before = await invoices();
    const gone = await dropFromTally((_, index) => index % 10 === 0);
    assert.ok(gone.length > 3);
    const result = await reload();
    assert.equal(result.command, 'clear-and-reload');
    assert.deepEqual([result.inserted, result.updated, result.removed, result.missing], [0, 0, gone.length, 0]);
    assert.equal(
      result.days.reduce((sum, day) => sum + day.removed, 0),
      gone.length,
    );
    const after = await invoices();
    assert.deepEqual(
      after.may,
      before.may.filter((row) => !gone.includes(row)),
    );
    assert.deepEqual(after.others, before.others);
  });

  it('day by day comes to the same, and says in words what was removed', async () => {
    await loadAll();
    const before = await invoices();
    const gone = await dropFromTally(({ date }) => date === '2024-05-10');
    assert.ok(gone.length > 0);
    const ran = await run(`clear-and-reload ${from} ${to} --day-by-day`);
    assert.equal(ran.exitCode, 0, ran.stderr);
    assert.match(ran.stdout, /^Clear and reload done: .*, day by day, in/);
    assert.match(ran.stdout, new RegExp(`^  Removed +${gone.length}  no longer in this range in Tally`, 'm'));
    assert.match(ran.stderr, new RegExp(`^2024-05-10: 0 invoices, .*, ${gone.length} removed$`, 'm'));
    assert.deepEqual(
      (await invoices()).may,
      before.may.filter((row) => !gone.includes(row)),
    );
  });

  it('loads a range afresh where the warehouse has nothing of it', async () => {
    const result = await reload();
    assert.equal(result.inserted, result.invoices);
    assert.equal((await invoices()).may.length, result.invoices);
  });

  describe('--dry-run', () => {
    it('says what would be removed and writes nothing', async () => {
      await loadAll();
      const gone = await dropFromTally((_, index) => index % 10 === 0);
      const before = await everything();
      const result = await reload(' --dry-run');
      assert.deepEqual([result.dryRun, result.removed, result.inserted], [true, gone.length, 0]);
      const { stdout } = await run(`clear-and-reload ${from} ${to} --dry-run`);
      assert.match(stdout, new RegExp(`^Warehouse .* ${gone.length} to remove$`, 'm'));
      assert.match(stdout, new RegExp(`^All days .* ${gone.length}$`, 'm'));
      assert.deepEqual(await everything(), before);
    });

    it('makes no table in an empty database', async () => {
      await reload(' --dry-run');
      const [row] = await ask(database, "SELECT count(*)::int AS n FROM pg_tables WHERE schemaname = 'public'");
      assert.equal(row!.n, 0);
    });
  });

  describe('the guard', () => {
    const refused = async (): Promise<string> =>
      failureOf(await run(`clear-and-reload ${from} ${to} --json`), 'guard', 6);

    it('refuses an empty answer: exit 6, the counts, nothing changed; --force accepts it', async () => {
      await loadAll();
      const { may, others } = await invoices();
      const before = await everything();
      tally.behave({ book: bookOf([]) });
      const text = await refused();
      assert.match(text, new RegExp(`no invoice .* warehouse ${may.length}\\. .*--force`));
      assert.deepEqual(await everything(), before);

      const ran = await run(`clear-and-reload ${from} ${to} --force --json`);
      assert.equal(ran.exitCode, 0, ran.stderr);
      assert.equal((parseJson(ran) as JobResult).removed, may.length);
      assert.deepEqual(await invoices(), { may: [], others });
    });

    it('is named by a dry run, before anything is tried', async () => {
      await loadAll();
      await dropFromTally((_, index) => index % 3 > 0);
      const ran = await run(`clear-and-reload ${from} ${to} --dry-run`);
      assert.equal(ran.exitCode, 0, ran.stderr);
      assert.match(
        ran.stdout,
        /The reload itself would be refused: Tally has \d+ invoices in this range, the warehouse \d+/,
      );
    });

    it('refuses less than half of what the warehouse has; --force accepts it', async () => {
      await loadAll();
      const before = await everything();
      const gone = await dropFromTally((_, index) => index % 3 > 0);
      const text = await refused();
      assert.match(text, /^Tally has \d+ invoices in this range, the warehouse \d+\. Nothing was changed\./);
      assert.deepEqual(await everything(), before);

      assert.equal((await reload(' --force')).removed, gone.length);
      const ran = await run(`clear-and-reload ${from} ${to}`);
      assert.equal(ran.exitCode, 0, ran.stderr);
    });

    it('says it on stderr for people too', async () => {
      await loadAll();
      tally.behave({ book: bookOf([]) });
      const ran = await run(`clear-and-reload ${from} ${to}`);
      assert.deepEqual([ran.exitCode, ran.stdout], [6, '']);
      assert.match(ran.stderr, /^Error: Tally has no invoice .* \[guard\]\n.*--force/m);
    });
  });

  describe('two at the same moment', () => {
    let other: DemoServer; // a second Tally with the same company: one Tally answers one request at a time
    let blocker: Client;

    beforeEach(async () => {
      other = await startDemoServer({ book });
      await run('migrate');
      blocker = new Client(database);
      await blocker.connect();
    });

    afterEach(async () => {
      await blocker.end();
      await other.close();
    });

    /** Starts two runs while nobody can write invoices; the one that has the lock goes on when the other has ended. */
    async function race(one: string, two: string): Promise<{ ended: Ran; finished: Ran }> {
      await blocker.query('BEGIN; LOCK TABLE fact_invoice IN SHARE MODE');
      const runs = [start(`${one} --json`), start(`${two} --json`, other.url)].map(({ done }) => done);
      const ended = await Promise.race(runs);
      await blocker.query('COMMIT');
      const [first, second] = await Promise.all(runs);
      return { ended, finished: ended === first ? second! : first! };
    }

    for (const [one, two] of [
      [`clear-and-reload ${from} ${to}`, `clear-and-reload ${from} ${to}`],
      ['sync', `backfill ${from} ${to}`],
    ] as const)
      it(`of ${one.split(' ')[0]} and ${two.split(' ')[0]} one runs, the other ends with 5 and names the first`, async () => {
        // For the sync there is something to load up to today.
        const books = one === 'sync' ? createBook({ invoices: 800, from: '2024-04-01', to: today() }) : book;
        tally.behave({ book: books });
        other.behave({ book: books });
        const { ended, finished } = await race(one, two);
        const text = failureOf(ended, 'locked', 5);
        assert.equal(finished.exitCode, 0, finished.stderr);
        const result = parseJson(finished) as JobResult;
        assert.ok(text.includes(result.command) && text.includes(os.hostname()), text);
        assert.match(text, /since \d{4}-\d\d-\d\d \d\d:\d\d/);
        const [row] = await ask(database, 'SELECT count(*)::int AS n FROM fact_invoice');
        assert.equal(row!.n, result.invoices);
      });
  });
});
