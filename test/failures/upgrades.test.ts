import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { backfill, clearAndReload } from '../../src/core/core.js';
import { check } from '../../src/core/jobs/check/check.js';
import { resetCheckpoint, status } from '../../src/core/jobs/status.js';
import {
  answerOf,
  assertBuilt,
  failureOf,
  parseJson,
  runCli,
  startCli,
  type Ran,
  type Started,
} from '../support/cliProgram.js';
import { contextOf } from '../support/context.js';
import { fullTable } from '../support/fullTable.js';
import { ask, partitions, servers } from '../support/postgres.js';
import { fillReleased, migrationNames, rowsOfTables, schemaOf, wholeDump } from '../support/releasedSchemas.js';
import { useTally } from '../support/useTally.js';
import { useFolder } from '../support/useFolder.js';

const range = { from: '2024-04-01', to: '2024-04-30' };
const latest = migrationNames.length;
const all = migrationNames.map((_, n) => n + 1);
/** The first release runs every later migration. FULL_TABLE=1 begins at each release. */
const versions = fullTable ? all : [...new Set([1, latest - 1, latest])];

for (const server of servers())
  describe(`a warehouse of an earlier release, on ${server.name}`, function () {
    this.timeout(120_000);
    let url: string;
    const tally = useTally({ book: { invoices: 60, ...range } });
    const folder = useFolder();

    before(() => {
      assertBuilt();
    });
    beforeEach(async () => {
      url = await server.emptyDatabase();
    });

    const env = (): Record<string, string> => ({ TALLY_URL: tally.url, DB_URL: url });
    const start = (words: string): Started => startCli(folder, `${words} --json`.split(' '), env());
    const run = (words: string): Promise<Ran> => runCli(folder, `${words} --json`.split(' '), env());
    let freshSchema: Promise<string> | undefined;
    async function schemaOfFresh(): Promise<string> {
      return schemaOf(await server.freshDatabase());
    }
    /** Waits until so many sessions of this database wait for a lock of this kind. */
    async function untilWaiting(lock: 'relation' | 'advisory', sessions = 1): Promise<void> {
      const waiting = `SELECT count(*)::int AS n FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = '${lock}'`;
      while (((await ask(url, waiting))[0]!.n as number) < sessions) await sleep(20);
    }
    /** Stops the migration that makes the views in its middle. The returned function lets it go on. */
    async function holdUpViews(): Promise<() => Promise<void>> {
      const holder = new Client(url);
      await holder.connect();
      await holder.query('BEGIN; LOCK TABLE fact_invoice IN ACCESS EXCLUSIVE MODE');
      return () => holder.end();
    }

    for (const version of versions)
      describe(`as ${migrationNames[version - 1]!} left it`, () => {
        beforeEach(() => fillReleased(url, version));

        it('is brought up to date by the next load, with every row of every table', async () => {
          const before = await rowsOfTables(url);
          assert.deepEqual(
            before.filter(({ rows }) => rows.length === 0).map(({ name }) => name),
            [],
            'tables without a row prove nothing',
          );
          const { inserted } = await backfill(range, contextOf(env()));
          assert.ok(inserted > 0);
          const after = await rowsOfTables(url, before);
          for (const [i, { name, rows }] of before.entries())
            assert.deepEqual(
              rows.filter((row) => !after[i]!.rows.includes(row)),
              [],
              name,
            );
          const unlike = `SELECT FROM fact_invoice_line l JOIN fact_invoice i USING (company_id, invoice_id)
            WHERE (l.date, l.invoice_type) IS DISTINCT FROM (i.date, i.invoice_type)`;
          assert.deepEqual(await ask(url, unlike), [], 'lines repeat date and type of their invoice');
          const { checkpoints, runs } = await status({}, contextOf(env()));
          assert.deepEqual(
            [checkpoints.map(({ lastDate }) => lastDate), runs.map(({ status: how }) => how)],
            [['2024-04-30'], ['error', 'ok']],
          );
          const [register] = await ask(url, "SELECT total_amount FROM sales_register WHERE company_id = 'old'");
          assert.deepEqual(register, { total_amount: '1180.00' });
          freshSchema ??= schemaOfFresh();
          assert.equal(await schemaOf(url), await freshSchema, 'the schema is that of a new one');
        });

        it('is read as it is by check, status and a dry run, which change nothing', async () => {
          const before = await wholeDump(url);
          const items = await check(contextOf(env()));
          const schema = items.find(({ part }) => part === 'schema');
          assert.match(schema!.message, version < latest ? /older version/ : /up to date/);
          assert.equal((await status({}, contextOf(env()))).runs.length, 2);
          const { inserted, warehouse } = await backfill({ ...range, dryRun: true }, contextOf(env()));
          assert.deepEqual([inserted > 0, warehouse.state], [true, 'compared']);
          // A clear-and-reload compares lines too, which have the columns for that since 0005.
          if (version >= 5)
            assert.ok((await clearAndReload({ ...range, dryRun: true }, contextOf(env()))).inserted > 0);
          assert.ok((await wholeDump(url)) === before, 'something was changed');
        });
      });

    it('is migrated once by programs that start at the same time, its rows kept', async () => {
      await fillReleased(url, 1);
      const before = await rowsOfTables(url);
      const release = await holdUpViews();
      const programs = [start('migrate'), start('migrate'), start(`backfill ${range.from} ${range.to}`)];
      await untilWaiting('relation');
      await untilWaiting('advisory', 2);
      await release();
      const answers = (await Promise.all(programs.map(({ done }) => done))).map(answerOf) as {
        applied?: string[];
        inserted?: number;
      }[];
      const applied = answers.flatMap((answer) => answer.applied ?? []);
      assert.ok(applied.length === 0 || applied.length === latest - 1, applied.join());
      assert.ok(answers[2]!.inserted! > 0);
      const [{ n }] = (await ask(url, 'SELECT count(*)::int AS n FROM etl_migrations')) as [{ n: number }];
      assert.equal(n, latest);
      const after = await rowsOfTables(url, before);
      assert.deepEqual(
        after.find(({ name }) => name === 'etl_logs'),
        before.find(({ name }) => name === 'etl_logs'),
      );
    });

    const migrated = {
      ...{ command: 'migrate', applied: migrationNames.slice(1) },
      shape: { kind: partitions === undefined ? 'plain' : 'partitioned', partitions: partitions ?? null },
    };
    it('is as before where the migrating program was killed, and is migrated by the one that waited', async () => {
      await fillReleased(url, 1);
      const before = await rowsOfTables(url);
      const release = await holdUpViews();
      const killed = start('migrate');
      await untilWaiting('relation');
      const waits = run('migrate');
      await untilWaiting('advisory');
      killed.child.kill('SIGKILL');
      await killed.done;
      await release();
      assert.deepEqual(answerOf(await waits), migrated);
      assert.deepEqual(await rowsOfTables(url, before), before);
    });

    it('is as before where the server cut the migration off, and migrates the next time', async () => {
      await fillReleased(url, 1);
      const before = [await rowsOfTables(url), await schemaOf(url)];
      const release = await holdUpViews();
      const cut = run('migrate');
      await untilWaiting('relation');
      await ask(
        url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'relation'",
      );
      failureOf(await cut, 'warehouse-unreachable', 4);
      await release();
      assert.deepEqual([await rowsOfTables(url), await schemaOf(url)], before);
      assert.deepEqual(answerOf(await run('migrate')), migrated);
    });

    describe('that a newer release has migrated', () => {
      let before: string;
      beforeEach(async () => {
        await fillReleased(url, latest);
        await ask(
          url,
          `ALTER TABLE fact_invoice ADD COLUMN ledger_group text;
           CREATE TABLE fact_payment (company_id text, payment_id text, PRIMARY KEY (company_id, payment_id));
           INSERT INTO fact_payment VALUES ('old', 'p-1');
           INSERT INTO etl_migrations (name, run_on) VALUES ('9001_payments', now())`,
        );
        before = await wholeDump(url);
      });
      afterEach(async () => {
        assert.ok((await wholeDump(url)) === before, 'something was changed');
      });

      const dates = `${range.from} ${range.to}`;
      for (const words of [
        'migrate',
        'status',
        'rejects',
        'sync',
        ...['backfill', 'clear-and-reload'].flatMap((job) =>
          ['', ' --day-by-day', ' --dry-run'].map((how) => `${job} ${dates}${how}`),
        ),
        `clear-and-reload ${dates} --force`,
      ])
        it(`is refused by ${words.replaceAll(/ \d{4}-\d\d-\d\d/g, '')}, untouched`, async () => {
          assert.match(failureOf(await run(words), 'schema-newer', 4), /newer version.*Update this program/);
        });

      it('is refused by a reset of its checkpoint, untouched', async () => {
        const request = { companyId: 'old', stream: 'invoices', lastDate: '2024-04-01' };
        await assert.rejects(resetCheckpoint(request, contextOf(env())), { code: 'schema-newer' });
      });

      it('is named by check, untouched', async () => {
        const ran = await run('check');
        const { items } = parseJson(ran) as { items: { part: string; ok: boolean; message: string }[] };
        assert.equal(ran.exitCode, 4);
        assert.deepEqual(items.at(-1)!.ok, false);
        assert.match(items.at(-1)!.message, /newer version/);
      });
    });
  });
