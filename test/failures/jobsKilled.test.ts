import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { addDays, daysOf, type CalendarDate } from '../../src/core/base/calendar.js';
import { EtlError } from '../../src/core/base/errors.js';
import type { JobContext, JobResult } from '../../src/core/jobs/job.js';
import { backfill, clearAndReload, sync } from '../../src/core/core.js';
import { type Book } from '../../src/demo/book/book.js';
import { bookOf } from '../support/demo/bookOf.js';
import { Random } from '../../src/demo/book/random.js';
import { startDemoServer, type DemoServer } from '../../src/demo/server.js';
import { contextOf } from '../support/context.js';
import { exportBytes, freshFolder } from '../support/exportFiles.js';
import type { Order } from '../support/jobChild.js';
import { bundleJobProgram, JobProcess } from '../support/jobProcess.js';
import { leanSale } from '../support/leanBook.js';
import { ask, servers } from '../support/postgres.js';
import { useToday } from '../support/shiftedClock.js';
import { contentsOf, countIn } from '../support/warehouseContents.js';

/** KILLS=200 kills each job 200 times. FUZZ_SEED chooses other moments. */
const kills = Number(process.env.KILLS ?? 2);
const seed = Number(process.env.FUZZ_SEED ?? 3);
const size = 600;
const days = 15;
/** In the first week of a month, so that a load of the range commits the month before by itself. */
const today = '2024-06-07';
const range = { from: addDays(today, 1 - days), to: today };
const monthEnd = '2024-05-31';
const lastLoaded = addDays(range.from, 2);

/** Sales `first` … `first + size - 1`, the same number on each day. Amounts other than 1180 count as altered. */
const bookFrom = (first: number, rupees: number, narration = ''): Book =>
  bookOf(
    Array.from({ length: size }, (_, i) => {
      const n = first + i;
      return leanSale(n, addDays(range.from, n % days), rupees, narration);
    }),
  );
/** A narration that makes the answer so long that no buffer on the way holds the rest of it. */
const wordy = 'as agreed on the telephone '.repeat(1000);

interface Killed {
  name: string;
  order: Partial<Order> & Pick<Order, 'job'>;
  /** Changes Tally or the warehouse, so that the job has something to do. */
  prepare: () => Promise<void>;
  finish: () => Promise<JobResult>;
  /** The days up to which a killed job may have committed, if it has committed anything. */
  stops: CalendarDate[];
}

before('bundle the process to be killed', bundleJobProgram);

for (const server of servers())
  describe(`killed, on ${server.name},`, function () {
    this.timeout(300_000 + kills * 20_000);
    const folder = freshFolder();
    let tally: DemoServer;
    let database: string;
    useToday(today);

    before(async () => {
      tally = await startDemoServer();
    });
    beforeEach(async () => {
      database = await server.freshDatabase();
    });
    afterEach(() => Promise.all([...JobProcess.all].map((child) => child.end())));
    after(async () => {
      folder.remove();
      await tally.close();
    });

    const env = (): Record<string, string> => ({
      ...{ TALLY_URL: tally.url, DB_URL: database },
      TALLY_TIMEOUT_SECONDS: '20', // if a killed run left Tally stuck, the next run would time out
    });
    const context = (more: Partial<JobContext> = {}) => contextOf(env(), more);
    const checkpoint = async (): Promise<unknown> =>
      (await ask(database, 'SELECT last_date::text FROM etl_checkpoints'))[0]?.last_date;

    /** Asserts that no session of a killed process stays. The server notices a dead client when it speaks to it. */
    async function assertNobodyLeft(): Promise<void> {
      const holders = () =>
        ask(
          database,
          `SELECT a.application_name FROM pg_stat_activity a WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
        );
      for (let i = 0; i < 200 && (await holders()).length > 0; i++) await sleep(50);
      assert.deepEqual(await holders(), []);
    }

    /**
     * Serves the book that the warehouse does not have: its amounts are 1180 and 1000 in turn. `shift` exchanges some
     * invoices too.
     */
    const takeTurns = async (shift = 0): Promise<Book> => {
      const turn = (await countIn(database, 'fact_invoice WHERE total_amount = 1180')) === 0;
      const book = turn ? bookFrom(1, 1180) : bookFrom(1 + shift, 1000);
      tally.behave({ book, dayBook: 'honours-dates' });
      return book;
    };
    const load = (
      name: string,
      order: Killed['order'],
      finish: (ordered: Order) => Promise<JobResult>,
      stops: CalendarDate[],
    ): Killed => ({
      ...{ name, order, stops },
      prepare: async () => {
        await takeTurns(order.job === 'clear-and-reload' ? 120 : 0);
      },
      finish: () => finish({ ...range, env: env(), ...order }),
    });
    const all = [...daysOf(range)];
    const reload = (order: Order): Promise<JobResult> => clearAndReload(order, context());
    const fill = (order: Order): Promise<JobResult> => backfill(order, context());

    const replace = load('clear-and-reload', { job: 'clear-and-reload' }, reload, [today]);
    /**
     * A sync after two statements of the guide: they delete and set back all after `lastLoaded`, which is then loaded
     * again.
     */
    const incremental: Killed = {
      name: 'sync',
      order: { job: 'sync' },
      prepare: async () => {
        tally.behave({ dayBook: 'honours-dates' });
        await ask(database, `DELETE FROM fact_invoice WHERE date > '${lastLoaded}'`);
        await ask(database, `UPDATE etl_checkpoints SET last_date = '${lastLoaded}' WHERE stream_name = 'invoices'`);
      },
      finish: () => sync(context()),
      stops: [monthEnd, today],
    };
    const fromFile: Killed = {
      name: 'backfill from a file',
      order: { job: 'backfill', file: `${folder.path}/export.xml` },
      prepare: async () => {
        folder.write('export.xml', exportBytes(await newerBook(), { withMasters: true }));
      },
      finish: () => backfill({ ...range, file: `${folder.path}/export.xml` }, context()),
      stops: [today],
    };
    /**
     * A file that is older than the warehouse changes nothing, so each file has higher ALTERIDs (Tally's counter) than
     * the last.
     */
    let alterations = 0;
    const newerBook = async (): Promise<Book> => {
      const book = await takeTurns();
      const more = 1_000_000 * ++alterations;
      const raw = (text: string): string =>
        text.replace(/<ALTERID> (\d+)/, (_, id) => `<ALTERID> ${Number(id) + more}`);
      return bookOf([...book.vouchers()].map((v) => ({ ...v, alterId: v.alterId + more, raw: raw(v.raw!) })));
    };
    const jobs: Killed[] = [
      replace,
      load('clear-and-reload day by day', { job: 'clear-and-reload', dayByDay: true }, reload, all),
      incremental,
      fromFile,
      // Only with KILLS: the sync above commits like the first of these, and the clear-and-reload day by day like the
      // second.
      ...(process.env.KILLS
        ? [
            load('backfill', { job: 'backfill' }, fill, [monthEnd, today]),
            load('backfill day by day', { job: 'backfill', dayByDay: true }, fill, all),
          ]
        : []),
    ];

    /** The contents of the warehouse by day. */
    const state = async (): Promise<Map<CalendarDate, string>> => {
      const rows = JSON.parse(await contentsOf(database)) as { date: CalendarDate }[];
      return new Map(rows.map((row) => [row.date, JSON.stringify(row)]));
    };
    /** Whether the days up to `stop` are as after the job, and the others as before. */
    const isCut = (
      left: typeof before,
      before: Map<CalendarDate, string>,
      complete: typeof before,
      stop = '',
    ): boolean => all.every((day) => left.get(day) === (day <= stop ? complete : before).get(day));

    for (const [number, { name, order, prepare, finish, stops }] of jobs.entries())
      it(`a ${name} at ${kills} random moments leaves all as before or whole parts, and the next run completes it`, async () => {
        const random = new Random(seed, number);
        tally.behave({ book: bookFrom(1, 1180), dayBook: 'honours-dates' });
        await backfill(range, context());
        await sync(context());

        let next = new JobProcess();
        const startNext = async (): Promise<JobProcess> => {
          const child = next;
          await child.told('ready');
          child.start({ ...range, today, env: env(), ...order });
          next = new JobProcess(); // starts up while this one works
          return child;
        };

        // Measures the phases, to spread the kills over them: half over the whole run, half over the writing.
        await prepare();
        const reference = await startNext();
        const begun = (await reference.told('preparing'))!;
        const writing = (await reference.told('writing'))!;
        const done = (await reference.told('done'))!;
        await reference.ended;
        const outcomes = { before: 0, part: 0, complete: 0 };
        let struck = 0;
        for (let i = 0; i < kills; i++) {
          await prepare();
          const [before, checkpointBefore] = [await state(), await checkpoint()];
          const child = await startNext();
          // Up to a little beyond the end, as another run may take longer than the measured one. The first two kills
          // come early, so that some hit the run even if the measured run was much slower than the others.
          const part = random.between(0, 999) / 1000 / (i < 2 ? 4 : 1);
          const share = (1.2 * (Math.floor(i / 2) + part)) / (kills / 2);
          await child.told(i % 2 === 0 ? 'preparing' : 'writing');
          await sleep(share * (i % 2 === 0 ? done - begun : done - writing));
          if (await child.kill()) struck++;
          await assertNobodyLeft();
          const [left, checkpointLeft] = [await state(), await checkpoint()];
          const result = await finish();
          const complete = await state();
          assert.notDeepEqual(complete, before);
          const cuts = [undefined, ...stops].filter((stop) => isCut(left, before, complete, stop));
          assert.equal(cuts.length, 1, `blow ${i} of seed ${seed} left neither the old nor the new nor whole parts`);
          outcomes[cuts[0] === undefined ? 'before' : cuts[0] === today ? 'complete' : 'part']++;
          const due = order.job === 'sync' ? (cuts[0] ?? checkpointBefore) : checkpointBefore;
          assert.equal(checkpointLeft, due, `blow ${i} of seed ${seed}: the checkpoint moves with the rows`);
          const changed = result.inserted + result.updated + result.removed;
          assert.equal(changed > 0, cuts[0] !== today, 'the next run does what was not done, and only that');
          assert.equal(await countIn(database, 'fact_invoice'), size);
          assert.equal(await countIn(database, 'fact_invoice_line'), 2 * size);
        }
        assert.ok(struck > 0 && outcomes.before + outcomes.part > 0, JSON.stringify({ struck, ...outcomes }));
      });

    describe('Tally in mid-answer', () => {
      for (const { name, order, prepare, finish } of [replace, incremental])
        for (const invoices of process.env.KILLS ? [100, 200, 300] : [200])
          it(`when it has sent ${invoices} invoices of a ${name} changes nothing, and the next run completes it`, async () => {
            const isSync = order.job === 'sync';
            const both = async () => [await state(), await checkpoint()];
            tally.behave({ book: bookFrom(1, 1180) });
            await backfill(range, context());
            await sync(context());
            await prepare();
            tally.behave({ book: bookFrom(isSync ? 1 : 121, 1001, wordy), dayBook: 'everything' });
            const before = await both();
            let closing: Promise<void> | undefined;
            const onProgress: JobContext['onProgress'] = (progress) => {
              if (progress.invoices >= invoices) closing ??= tally.close();
            };
            const run = isSync ? sync(context({ onProgress })) : clearAndReload(range, context({ onProgress }));
            try {
              await assert.rejects(
                run,
                (error) => error instanceof EtlError && ['answer-cut', 'tally-unreachable'].includes(error.code),
              );
            } finally {
              await closing;
              tally = await startDemoServer({ book: tally.book });
            }
            assert.deepEqual(await both(), before);
            const result = await finish();
            assert.ok(result.inserted + result.updated > 0);
            assert.equal(await countIn(database, 'fact_invoice'), size);
          });
    });
  });
