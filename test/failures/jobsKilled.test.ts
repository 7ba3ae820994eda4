import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import { addDays, today } from '../../src/core/calendar.js';
import { EtlError } from '../../src/core/errors.js';
import type { JobContext, JobResult } from '../../src/core/jobs/job.js';
import { backfill, clearAndReload } from '../../src/core/jobs/rangeJob.js';
import { sync } from '../../src/core/jobs/sync.js';
import { bookOf, type Book } from '../../src/demo/book.js';
import { Random } from '../../src/demo/random.js';
import { startDemoServer, type DemoServer } from '../../src/demo/server.js';
import { contextOf } from '../support/context.js';
import type { Order, Told } from '../support/jobChild.js';
import { leanSale } from '../support/leanBook.js';
import { ask, servers } from '../support/postgres.js';
import { contentsOf, countIn } from '../support/warehouseContents.js';

/** KILLS tries more of them. */
const kills = Number(process.env.KILLS ?? 12);
const size = 600;
const days = 15;
const range = { from: addDays(today(), 1 - days), to: today() };
const lastLoaded = addDays(range.from, 2);

/** Sales `first` … `first + size - 1`, the same number on each day. */
const bookFrom = (first: number, rupees: number, narration = ''): Book =>
  bookOf(
    Array.from({ length: size }, (_, i) => {
      const n = first + i;
      return leanSale(n, addDays(range.from, n % days), rupees, narration);
    }),
  );
/** So long an answer that no buffer on the way holds the rest of it. */
const wordy = 'as agreed on the telephone '.repeat(1000);

/** In one file it comes up five times as fast as when tsx reads it. */
const program = 'test-results/jobChild.cjs';

/** A process that does one job when it is told to. */
class Worker {
  static readonly all = new Set<Worker>();
  private readonly child: ChildProcess = fork(program, { execArgv: [], stdio: 'ignore' });
  private readonly heard = new Map<string, number>();
  readonly ended: Promise<unknown> = once(this.child, 'close');
  private awaken = (): void => undefined;

  constructor() {
    Worker.all.add(this);
    this.child.on('message', (told: Told) => {
      this.heard.set(typeof told === 'string' ? told : told.failed, performance.now());
      this.awaken();
    });
  }

  start(order: Order): void {
    this.child.send(order);
  }

  /** The time at which the worker told `phase`; undefined where it ended without. */
  async told(phase: Told & string): Promise<number | undefined> {
    while (!this.heard.has(phase) && this.child.exitCode === null && this.child.signalCode === null)
      await Promise.race([new Promise<void>((resolve) => (this.awaken = resolve)), this.ended]);
    return this.heard.get(phase);
  }

  async end(): Promise<void> {
    Worker.all.delete(this);
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Kills it the hard way; false where it had finished before. */
  async kill(): Promise<boolean> {
    await this.end();
    const failed = [...this.heard.keys()].find((told) => told.includes(':'));
    assert.equal(failed, undefined);
    return !this.heard.has('done');
  }
}

before('bundle the process to be killed', () =>
  build({
    ...{ entryPoints: ['test/support/jobChild.ts'], outfile: program, logLevel: 'warning' },
    ...{ bundle: true, platform: 'node', format: 'cjs', external: ['pg-native'] },
  }),
);

for (const server of servers())
  describe(`killed, on ${server.name},`, function () {
    this.timeout(300_000);
    let tally: DemoServer;
    let database: string;

    before(async () => {
      tally = await startDemoServer();
    });
    beforeEach(async () => {
      database = await server.freshDatabase();
    });
    afterEach(() => Promise.all([...Worker.all].map((worker) => worker.end())));
    after(() => tally.close());

    const env = (): Record<string, string> => ({
      ...{ TALLY_URL: tally.url, DB_URL: database },
      TALLY_TIMEOUT_SECONDS: '20', // where a killed run would leave Tally stuck, the next one says so
    });
    const context = (more: Partial<JobContext> = {}) => contextOf(env(), more);
    const checkpoint = async (): Promise<unknown> =>
      (await ask(database, 'SELECT last_date::text FROM etl_checkpoints'))[0]?.last_date;

    /** The server notices a dead client when it next speaks to it; nothing else of it may stay. */
    async function assertNobodyLeft(): Promise<void> {
      const holders = () =>
        ask(
          database,
          `SELECT a.application_name FROM pg_stat_activity a WHERE datname = current_database() AND pid <> pg_backend_pid()`,
        );
      for (let i = 0; i < 200 && (await holders()).length > 0; i++) await sleep(50);
      assert.deepEqual(await holders(), []);
    }

    /** A clear-and-reload of one book over the other: `before` and `complete` are what there may be afterwards. */
    const replace = {
      job: 'clear-and-reload' as const,
      prepare: async () => {
        const turn = (await countIn(database, 'fact_invoice WHERE total_amount = 1000')) === 0;
        // What the last run brought is what the next one replaces.
        tally.behave({ book: turn ? bookFrom(1, 1000) : bookFrom(121, 1001) });
      },
      finish: (): Promise<JobResult> => clearAndReload(range, context()),
    };
    /** A sync after the guide's two statements: everything after `lastLoaded` is to be loaded again. */
    const incremental = {
      job: 'sync' as const,
      prepare: async () => {
        await ask(database, `DELETE FROM fact_invoice WHERE date > '${lastLoaded}'`);
        await ask(database, `UPDATE etl_checkpoints SET last_date = '${lastLoaded}' WHERE stream_name = 'invoices'`);
      },
      finish: (): Promise<JobResult> => sync(context()),
    };

    /** What a job makes of the warehouse, checkpoint and all. */
    const state = async (): Promise<string> => `${await contentsOf(database)} ${String(await checkpoint())}`;

    for (const { job, prepare, finish } of [replace, incremental])
      it(`a ${job} at ${kills} random moments leaves all as before or complete, and the next run completes it`, async () => {
        const random = new Random(3, job.length);
        tally.behave({ book: bookFrom(1, 1000) });
        await backfill(range, context());
        await sync(context());
        const order = (): Order => ({ job, ...range, env: env() });

        let next = new Worker();
        const startNext = async (): Promise<Worker> => {
          const worker = next;
          await worker.told('ready');
          worker.start(order());
          next = new Worker(); // comes up while this one works
          return worker;
        };

        // How long the phases take, to spread the blows over them: half over the whole run, half over the writing.
        await prepare();
        const reference = await startNext();
        const begun = (await reference.told('preparing'))!;
        const writing = (await reference.told('writing'))!;
        const done = (await reference.told('done'))!;
        await reference.ended;
        const outcomes = { before: 0, complete: 0 };
        let struck = 0;
        for (let i = 0; i < kills; i++) {
          await prepare();
          const before = await state();
          const worker = await startNext();
          // A little beyond the end: another run may take longer than the one that was measured.
          const share = (1.2 * (Math.floor(i / 2) + random.between(0, 999) / 1000)) / (kills / 2);
          await worker.told(i % 2 === 0 ? 'preparing' : 'writing');
          await sleep(share * (i % 2 === 0 ? done - begun : done - writing));
          if (await worker.kill()) struck++;
          await assertNobodyLeft();
          const left = await state();
          const result = await finish();
          const complete = await state();
          assert.notEqual(complete, before);
          assert.ok(left === before || left === complete, `blow ${i} left neither the old nor the new`);
          outcomes[left === before ? 'before' : 'complete']++;
          const changed = result.inserted + result.updated + result.removed;
          assert.equal(changed > 0, left === before, 'the next run does what was not done, and only that');
          assert.equal(await countIn(database, 'fact_invoice'), size);
          assert.equal(await countIn(database, 'fact_invoice_line'), 2 * size);
        }
        assert.ok(struck > 0 && outcomes.before > 0, JSON.stringify({ struck, ...outcomes }));
      });

    describe('Tally in mid-answer', () => {
      for (const { job, prepare, finish } of [replace, incremental])
        for (const invoices of [100, 200, 300])
          it(`when it has sent ${invoices} invoices of a ${job} changes nothing, and the next run completes it`, async () => {
            tally.behave({ book: bookFrom(1, 1000) });
            await backfill(range, context());
            await sync(context());
            await prepare();
            tally.behave({ book: bookFrom(job === 'sync' ? 1 : 121, 1001, wordy) });
            const before = await state();
            let closing: Promise<void> | undefined;
            const onProgress: JobContext['onProgress'] = (progress) => {
              if (progress.invoices >= invoices) closing ??= tally.close();
            };
            const run = job === 'sync' ? sync(context({ onProgress })) : clearAndReload(range, context({ onProgress }));
            try {
              await assert.rejects(
                run,
                (error) => error instanceof EtlError && ['answer-cut', 'tally-unreachable'].includes(error.code),
              );
            } finally {
              await closing;
              tally = await startDemoServer({ book: tally.book });
            }
            assert.equal(await state(), before);
            const result = await finish();
            assert.ok(result.inserted + result.updated > 0);
            assert.equal(await countIn(database, 'fact_invoice'), size);
          });
    });
  });
