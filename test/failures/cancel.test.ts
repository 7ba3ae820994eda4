import assert from 'node:assert/strict';
import net, { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { PG_MIGRATE_LOCK_ID } from 'node-pg-migrate';
import { EtlError } from '../../src/core/base/errors.js';
import type { JobContext, JobResult } from '../../src/core/jobs/job.js';
import { backfill, clearAndReload } from '../../src/core/core.js';
import { classOf } from '../../src/demo/answers/answer.js';
import type { Behaviour, RequestClass } from '../../src/demo/behaviours/behaviour.js';
import type { LoggedRequest } from '../../src/demo/answers/request.js';
import { blackHole } from '../support/blackHole.js';
import { closedPort } from '../support/closedPort.js';
import { contextOf } from '../support/context.js';
import { fullTable } from '../support/fullTable.js';
import { ask, servers, silent, withoutLastMigration } from '../support/postgres.js';
import { useToday } from '../support/shiftedClock.js';
import {
  afterwards,
  complete,
  jobs as tableJobs,
  runCell,
  tableRange,
  tableToday,
  TableWarehouse,
  usual,
  type Job,
} from '../support/tallyTable.js';
import { writtenState } from '../support/warehouseContents.js';
import { useTally } from '../support/useTally.js';
import { keptIn } from '../support/kept.js';

const limitMs = 2000;

const jobs = { backfill: tableJobs.backfill, sync: tableJobs.secondSync, 'clear-and-reload': tableJobs.reload };
type JobName = keyof typeof jobs;
const jobNames = Object.keys(jobs) as JobName[];
const dryRun = (env: Record<string, string>, more?: Partial<JobContext>): Promise<JobResult> =>
  backfill({ ...tableRange, dryRun: true }, contextOf(env, more));
const dryReload = (env: Record<string, string>, more?: Partial<JobContext>): Promise<JobResult> =>
  clearAndReload({ ...tableRange, dryRun: true }, contextOf(env, more));

type Env = Record<string, string>;

/** Cancels a run when `reached` has resolved, and returns the run's error. Fails if the run takes too long to end. */
async function cancel(
  run: Job['run'],
  env: Env,
  reached: Promise<unknown>,
  more?: Partial<JobContext>,
): Promise<EtlError> {
  const stop = new AbortController();
  const ended = run({ TALLY_TIMEOUT_SECONDS: '60', ...env }, { ...more, signal: stop.signal }).then(
    () => assert.fail('It was not cancelled.'),
    (error: unknown) => error,
  );
  const first = await Promise.race([reached, ended]);
  assert.ok(!(first instanceof Error), `It ended before it was cancelled: ${String(first)}`);
  const cancelledAt = performance.now();
  stop.abort();
  const error = await Promise.race([
    ended,
    sleep(10_000).then(() => assert.fail('Ten seconds later it still goes on.')),
  ]);
  const took = performance.now() - cancelledAt;
  assert.ok(error instanceof EtlError, String(error));
  assert.equal(error.code, 'cancelled', error.message);
  assert.ok(took < limitMs, `It took ${Math.round(took)} ms to end.`);
  return error;
}

/** A connection to PostgreSQL that carries nothing any more once it is frozen. */
async function freezableWay(database: string): Promise<{ url: string; freeze: () => void; close: () => void }> {
  const { hostname, port } = new URL(database);
  const sockets = new Set<net.Socket>();
  let frozen = false;
  const server = net.createServer((program) => {
    const way = net.connect(Number(port), hostname);
    for (const [one, other] of [
      [program, way],
      [way, program],
    ] as const) {
      sockets.add(one.on('error', () => undefined));
      one.on('data', (bytes: Buffer) => {
        if (!frozen) other.write(bytes);
      });
      one.on('end', () => {
        if (!frozen) other.end();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(database);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    freeze: () => {
      frozen = true;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

for (const server of servers().slice(0, 1))
  describe(`cancelled, on ${server.name},`, function () {
    this.timeout(60_000);
    const tally = useTally({ keepsWorking: false });
    let warehouse: TableWarehouse;
    useToday(tableToday);
    let hole: Awaited<ReturnType<typeof blackHole>>;

    before(async () => {
      warehouse = await TableWarehouse.fill(await server.freshDatabase(), tally);
      hole = await blackHole();
    });
    after(async () => {
      await warehouse.close();
      await hole.close();
    });

    const well: Partial<Behaviour> = { ...usual, dayBook: 'honours-dates', keepsWorking: false };
    const env = (): Env => ({ TALLY_URL: tally.url, DB_URL: warehouse.url });
    const rows = (): Promise<string> =>
      writtenState(warehouse.url, ['fact_invoice', 'fact_invoice_line', 'etl_checkpoints', 'etl_rejects']);

    beforeEach(() => {
      tally.behave(well);
    });

    /** Resolves 50 ms after Tally was sent a request of this class. */
    function askedFor(wanted: RequestClass, then?: () => void): Promise<void> {
      return new Promise((resolve) => {
        tally.behave({
          onRequest: (request: LoggedRequest) => {
            const { kind } = request;
            if ((kind === 'status' ? kind : classOf({ ...request, kind })) !== wanted) return;
            then?.();
            setTimeout(resolve, 50);
          },
        });
      });
    }

    /** Resolves when a session waits for a lock that another one has. */
    async function waitsForLock(): Promise<void> {
      const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      while ((await ask(warehouse.url, waiting)).length === 0) await sleep(20);
    }

    /** Does `work` while another session holds the locks that `statements` take. */
    async function whileHeld(statements: string, work: () => Promise<void>): Promise<void> {
      const other = new Client(warehouse.url);
      await other.connect();
      try {
        await other.query(`BEGIN; ${statements}`);
        await work();
      } finally {
        await other.end();
      }
    }

    /** Asserts that a cancelled job changes no row, leaves a log row if it is a sync, and is completed next time. */
    async function leavesAll(job: Job, act: () => Promise<EtlError>, logged = job.isSync): Promise<void> {
      await warehouse.putBack(job);
      const before = await rows();
      const error = await act();
      assert.equal(await rows(), before);
      assert.match(error.message, /^Cancelled\.( Nothing was written\.)?$/);
      assert.ok(error.hint.length > 10);
      assert.deepEqual(
        await warehouse.lastLog(),
        logged ? { status: 'cancelled', error_code: 'cancelled' } : undefined,
      );
      tally.behave(well);
      await runCell({ job: afterwards(job, await warehouse.checkpoint()), says: complete }, warehouse, tally);
    }

    describe('while Tally', () => {
      for (const [n, on] of (['companies', 'voucher-types', 'vouchers', 'report'] as const).entries())
        for (const kind of ['silent', 'stall'] as const)
          for (const name of on === 'report' ? jobNames : [jobNames[n % 3]!])
            it(`${kind === 'silent' ? 'says nothing' : 'has stopped in the middle of its answer'} (${on}), a ${name} ends within two seconds`, () =>
              leavesAll(jobs[name], () => {
                tally.behave({ fault: { kind, on, afterBytes: 1500 } });
                return cancel(jobs[name].run, env(), askedFor(on));
              }));

      // All jobs ask Tally by the same code, so one job is tried. FULL_TABLE=1 tries each.
      for (const name of jobNames.filter((_, j) => fullTable || j === 1))
        it(`takes no connection, behind a firewall, a ${name} ends within two seconds`, () =>
          leavesAll(jobs[name], () =>
            cancel(jobs[name].run, { ...env(), TALLY_URL: `http://127.0.0.1:${hole.port}` }, sleep(300)),
          ));

      for (const name of jobNames.filter((_, j) => fullTable || j === 2))
        it(`is not there and is tried again, a ${name} ends within two seconds`, () =>
          leavesAll(jobs[name], async () => {
            const url = `http://127.0.0.1:${await closedPort()}`;
            let tell!: (line: string) => void;
            const told = new Promise<string>((resolve) => (tell = resolve));
            const logger = { ...silent, info: tell };
            const ended = cancel(jobs[name].run, { ...env(), TALLY_URL: url }, told, { logger });
            assert.match(await told, /trying again/);
            return ended;
          }));

      it('hung up and may still be busy with the report, a backfill ends within two seconds', () =>
        leavesAll(jobs.backfill, () => {
          tally.behave({ fault: { kind: 'cut', on: 'report', afterBytes: 0 } });
          const probed = askedFor('status', () => {
            tally.behave({ fault: { kind: 'silent' } });
          });
          return cancel(jobs.backfill.run, env(), probed);
        }));

      it('is silent, a dry run ends within two seconds and has written nothing', async () => {
        for (const run of [dryRun, dryReload]) {
          await warehouse.putBack(jobs['clear-and-reload']);
          const before = await rows();
          tally.behave({ ...well, fault: { kind: 'silent', on: 'report' } });
          await cancel(run, env(), askedFor('report'));
          assert.equal(await rows(), before);
        }
      });
    });

    describe('while the warehouse', () => {
      const lockedTables: Record<JobName, string> = {
        backfill: 'fact_invoice IN SHARE MODE',
        sync: 'dim_company IN SHARE MODE',
        'clear-and-reload': 'fact_invoice_line IN SHARE MODE',
      };
      for (const name of jobNames)
        it(`waits in its transaction for a lock of another program, a ${name} ends within two seconds, on the server too`, () =>
          leavesAll(jobs[name], async () => {
            let error!: EtlError;
            await whileHeld(`LOCK TABLE ${lockedTables[name]}`, async () => {
              error = await cancel(jobs[name].run, env(), waitsForLock());
              const ours = `SELECT state FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'tally-warehouse%'`;
              for (let i = 0; i < 20 && (await ask(warehouse.url, ours)).length > 0; i++) await sleep(20);
              assert.deepEqual(await ask(warehouse.url, ours), []);
            });
            return error;
          }));

      it('waits for another program that migrates, a sync ends within two seconds', () =>
        leavesAll(
          jobs.sync,
          async () => {
            let error!: EtlError;
            await withoutLastMigration(warehouse.url, () =>
              whileHeld(`SELECT pg_advisory_lock(${PG_MIGRATE_LOCK_ID})`, async () => {
                error = await cancel(jobs.sync.run, env(), waitsForLock());
              }),
            );
            return error;
          },
          false, // not logged: the sync had not begun
        ));

      it('waits for a lock to compare for a dry run, that ends within two seconds', async () => {
        await warehouse.putBack(jobs['clear-and-reload']);
        const before = await rows();
        for (const run of [dryRun, dryReload])
          await whileHeld('LOCK TABLE fact_invoice', async () => {
            await cancel(run, env(), waitsForLock());
          });
        assert.equal(await rows(), before);
      });

      it('cannot take the record of the run either, a sync ends within two seconds and says so', async () => {
        await warehouse.putBack(jobs.sync);
        const before = await rows();
        const warned: string[] = [];
        const logger = { ...silent, warn: (line: string) => void warned.push(line) };
        await whileHeld('LOCK TABLE dim_company IN SHARE MODE; LOCK TABLE etl_logs', async () => {
          await cancel(jobs.sync.run, env(), waitsForLock(), { logger });
        });
        assert.equal(await rows(), before);
        assert.match(warned.join(), /could not be written to etl_logs/);
      });

      for (const name of jobNames)
        it(`has fallen silent altogether, a ${name} ends within two seconds, and nothing of it comes later`, () =>
          leavesAll(
            jobs[name],
            async () => {
              const way = await freezableWay(warehouse.url);
              try {
                let reached!: () => void;
                const writing = new Promise<void>((resolve) => (reached = resolve));
                const onProgress: JobContext['onProgress'] = ({ phase }) => {
                  if (phase !== 'writing') return;
                  way.freeze();
                  setTimeout(reached, 50);
                };
                return await cancel(jobs[name].run, { ...env(), DB_URL: way.url }, writing, { onProgress });
              } finally {
                way.close();
              }
            },
            false, // not logged: nothing could be written
          ));

      it('takes no connection, behind a firewall, a backfill ends within two seconds', async () => {
        const url = new URL(warehouse.url);
        url.port = String(hole.port);
        await cancel(jobs.backfill.run, { ...env(), DB_URL: url.href }, sleep(300));
      });
    });

    describe('after some months were committed', () => {
      /** What was kept, as the message says: invoices, first day, last day. */
      const kept = (error: EtlError): [string, string, string] => {
        const { invoices, from, to } = keptIn(error.message)!;
        return [String(invoices), from, to];
      };
      const count = async (from: string, to: string): Promise<string> => {
        const sql = 'SELECT count(*) AS n FROM fact_invoice WHERE date BETWEEN $1 AND $2';
        return String((await ask(warehouse.url, sql, [from, to]))[0]!.n);
      };
      const thirdMonth = (job: Job): Promise<EtlError> => {
        const n = job.isSync ? 1 : 2;
        tally.behave({ fault: { kind: 'silent', on: 'report', after: n } });
        let asked = 0;
        const reached = new Promise<void>((resolve) => {
          tally.behave({
            onRequest: (request) => {
              if (request.kind === 'report' && ++asked > n) setTimeout(resolve, 50);
            },
          });
        });
        return cancel(job.run, env(), reached);
      };

      it('a backfill keeps them and says which; the next one reads the rest only', async () => {
        const job = jobs.backfill;
        await warehouse.putBack(job);
        const [invoices, from, to] = kept(await thirdMonth(job));
        assert.ok(Number(invoices) > 0 && from >= tableRange.from && to < '2024-05-01');
        assert.equal(await count('2024-01-01', tableToday), invoices);
        assert.equal(await count(from, to), invoices);
        tally.behave(well);
        tally.requests.length = 0;
        await runCell({ job, says: complete }, warehouse, tally);
        const asked = tally.requests.filter(({ kind }) => kind === 'report').map((request) => request.from!);
        assert.ok(asked.length > 0 && asked.every((date) => date > to), asked.join());
      });

      it('a sync keeps them with its checkpoint, and etl_logs says cancelled with what it did', async () => {
        const job = jobs.sync;
        await warehouse.putBack(job);
        const [invoices, , to] = kept(await thirdMonth(job));
        const checkpoint = await warehouse.checkpoint();
        assert.ok(checkpoint! >= to && checkpoint! < '2024-05-01', checkpoint);
        const logs = await ask(warehouse.url, 'SELECT status, error_code, rows::text, error FROM etl_logs');
        assert.equal(logs.length, 1);
        assert.deepEqual([logs[0]!.status, logs[0]!.error_code, logs[0]!.rows], ['cancelled', 'cancelled', invoices]);
        tally.behave(well);
        await runCell({ job: afterwards(job, checkpoint), says: complete }, warehouse, tally);
      });

      it('a clear-and-reload has changed nothing, whatever it had read', () =>
        leavesAll(jobs['clear-and-reload'], () => thirdMonth(jobs['clear-and-reload'])));
    });
  });
