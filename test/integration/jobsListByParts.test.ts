import assert from 'node:assert/strict';
import type { EtlError } from '../../src/core/base/errors.js';
import { backfill, sync } from '../../src/core/core.js';
import type { Progress } from '../../src/core/jobs/job.js';
import type { Logger } from '../../src/core/base/logger.js';
import { createBook, type Book } from '../../src/demo/book/book.js';
import type { LoggedRequest } from '../../src/demo/answers/request.js';
import { startDemoServer, type DemoServer } from '../../src/demo/server.js';
import { bookOf } from '../support/demo/bookOf.js';
import { withChanges, type Change } from '../support/demo/changedBook.js';
import { contextOf } from '../support/context.js';
import { fullTable, nightly } from '../support/fullTable.js';
import { ask, servers, silent } from '../support/postgres.js';
import { useDays } from '../support/shiftedClock.js';

const range = { from: '2024-04-01', to: '2025-06-09' };
const whole = { range };
/**
 * Many vouchers in the first month, so that a large book is expected; few in the others; none in August, February and
 * March.
 */
const book = bookOf(
  [...createBook({ invoices: 5_000, ...range }).vouchers()].filter(
    ({ date }, n) => date < '2024-05-01' || (n % 12 === 0 && !/^2024-08|^2025-0[23]/.test(date)),
  ),
  whole,
);
const invoices = [...book.vouchers()].filter(({ base }) => base !== 'none');
const [inMay, inOctober, inJanuary] = ['2024-05-10', '2024-10-10', '2025-01-10'].map((date) =>
  invoices.find((voucher) => voucher.date > date)!,
);

for (const server of servers().slice(0, 1))
  describe(`a first load that lists vouchers while it reads them, on ${server.name},`, function () {
    this.timeout(120_000);
    let tally: DemoServer;
    let database: string;
    const at = useDays();
    const log: string[] = [];
    const note = (line: string): void => void log.push(line);
    const logger: Logger = { ...silent, info: note, warn: note, debug: note };
    const context = (env: Record<string, string> = {}) =>
      contextOf({ TALLY_URL: tally.url, DB_URL: database, ...env }, { logger });
    const load = () => {
      tally.requests.length = 0;
      log.length = 0;
      return backfill(range, context());
    };
    const isCollected = ({ kind, fields }: LoggedRequest): boolean =>
      kind === 'collection' && fields.includes('LEDGERENTRIES.AMOUNT');
    const isList = (request: LoggedRequest): boolean =>
      request.kind === 'collection' && request.name === 'Voucher' && !request.sums && !isCollected(request);
    /** The lists of ids that were asked for, except those of single days. */
    const lists = (): string[] =>
      tally.requests
        .filter((request) => isList(request) && request.from !== request.to)
        .map(({ from, to }) => `${from} to ${to}`);
    const reports = (): number => tally.requests.filter(({ kind }) => kind === 'report').length;
    /** Asserts that the warehouse has the invoices of a book, and remembers all of its vouchers. */
    const assertHas = async (of: Book): Promise<void> => {
      const rows = async (sql: string): Promise<unknown[]> => (await ask(database, sql)).map(({ row }) => row);
      const vouchers = [...of.vouchers()];
      const rowOf = ({ guid, alterId, date }: (typeof vouchers)[number]): string => `${guid} ${alterId} ${date}`;
      assert.deepEqual(
        await rows("SELECT invoice_id || ' ' || alter_id || ' ' || date AS row FROM fact_invoice ORDER BY 1"),
        vouchers
          .filter(({ base }) => base !== 'none')
          .map(rowOf)
          .sort(),
      );
      assert.deepEqual(
        await rows("SELECT voucher_id || ' ' || alter_id || ' ' || date AS row FROM etl_vouchers ORDER BY 1"),
        vouchers.map(rowOf).sort(),
      );
    };
    /** Changes Tally's book when the voucher collection of a range with this day is asked for. */
    const changeAt = (day: string, ...changes: Change[]): void => {
      tally.behave({
        onRequest: (request) => {
          if (!isCollected(request) || request.from! > day || request.to! < day) return;
          tally.behave({ book: withChanges(tally.book, changes), onRequest: undefined });
        },
      });
    };

    before(async () => {
      tally = await startDemoServer({ book, keepsWorking: false, dayBook: 'honours-dates' });
    });
    after(() => tally.close());
    beforeEach(async () => {
      at('2025-06-09');
      database = await server.freshDatabase();
      tally.behave({
        book,
        dayDigests: 'offered',
        voucherIndex: 'offered',
        voucherCollection: 'offered',
        voucherObject: 'offered',
        fault: { kind: 'none' },
        onRequest: undefined,
      });
    });

    it('asks for ids of the first month and of empty months alone, and the next sync for no older day', async () => {
      const { notProven, report, index } = await load();
      assert.deepEqual([notProven, report, reports()], [null, 'Voucher Collection', 0]);
      // An empty list is asked for twice.
      assert.deepEqual(
        [...new Set(lists())],
        ['2024-04-01 to 2024-05-01', '2024-08-01 to 2024-08-31', '2025-02-01 to 2025-03-31'],
      );
      assert.deepEqual(index?.vouchers, book.size);
      await assertHas(book);
      at('2025-06-10');
      tally.requests.length = 0;
      const synced = await sync(context());
      assert.deepEqual([synced.notProven, synced.inserted, synced.updated], [null, 0, 0]);
      assert.deepEqual(
        lists().filter((list) => list < '2025-05'),
        [],
      );
    });

    nightly('shows how far it is though nobody knows yet how many invoices there are', async () => {
      const seen: { fraction?: number; total?: number }[] = [];
      const onProgress = ({ phase, ...progress }: Progress): void => {
        if (phase === 'reading') seen.push(progress);
      };
      await backfill(range, { ...context(), onProgress });
      const fractions = seen.map(({ fraction }) => fraction ?? -1);
      assert.deepEqual(
        fractions,
        fractions.toSorted((a, b) => a - b),
      );
      assert.ok(fractions.length > 10 && fractions[5]! < 0.95 && fractions.at(-1)! > 0.95, fractions.join(' '));
      assert.ok(seen.slice(0, 10).every(({ total }) => total === undefined));
    });

    it('asks for ids of a part where its collection is cut although it looks whole', async () => {
      tally.behave({
        onRequest: (request) => {
          if (isCollected(request) && request.from! <= inOctober!.date && request.to! >= inOctober!.date)
            tally.behave({ voucherCollection: 'cut', onRequest: undefined });
        },
      });
      const { notProven } = await load();
      assert.equal(notProven, null);
      assert.ok(lists().some((list) => list.startsWith('2024-10-01')));
      await assertHas(book);
    });

    const ofDigests = ['refused', 'empty', 'rows', 'counts-only', 'other-sums', 'cut', 'last-cut'] as const;
    for (const dayDigests of ofDigests.filter((one) => fullTable || one === 'cut'))
      it(`asks for the whole list, or parts of it by ids, where the digests are ${dayDigests}`, async () => {
        tally.behave({ dayDigests });
        const { notProven, inserted } = await load();
        assert.deepEqual([notProven, inserted], [null, invoices.length]);
      });

    it('takes what the collection brings where somebody works in Tally meanwhile', async () => {
      changeAt(
        inMay!.date,
        { create: { ...inMay!, date: '2024-10-20' } },
        { delete: inJanuary! },
        { edit: inOctober!, fields: { narration: 'new' } },
      );
      const { notProven } = await load();
      assert.equal(notProven, null);
      await assertHas(tally.book);
    });

    it('leaves to the next sync what was dated back to a part that it has read', async () => {
      changeAt(inOctober!.date, { redate: inJanuary!, to: inMay!.date });
      const { warnings } = await load();
      assert.match(warnings.join('\n'), /Vouchers were changed in Tally during this run/);
      at('2025-06-10');
      const { notProven } = await sync(context());
      assert.equal(notProven, null);
      await assertHas(tally.book);
    });

    nightly(
      'ends with what it has, each part whole, where a part is not listed any more; the next run completes it',
      async () => {
        tally.behave({
          onRequest: (request) => {
            if (!isCollected(request) || request.from! < '2024-10-01') return;
            tally.behave({ voucherCollection: 'cut', voucherIndex: 'cut', onRequest: undefined });
          },
        });
        await assert.rejects(load(), (error: EtlError) => {
          assert.equal(error.code, 'range-not-covered');
          assert.match(error.message, /all of 1\u00a0(?:Oct|Nov)\u00a02024/);
          assert.match(error.message, /Kept: /);
          return true;
        });
        tally.behave({ voucherCollection: 'offered', voucherIndex: 'offered' });
        const { notProven } = await load();
        assert.equal(notProven, null);
      },
    );

    it('fails where the company is closed in Tally meanwhile, though its digests are empty then as its collection is', async () => {
      tally.behave({
        onRequest: (request) => {
          if (isCollected(request) && request.from! >= '2024-10-01') tally.behave({ companyOpen: false });
        },
      });
      await assert.rejects(load(), (error: EtlError) => error.code === 'company-not-open');
      tally.behave({ companyOpen: true, onRequest: undefined });
      const [last] = await ask(database, "SELECT to_char(max(date), 'YYYY-MM-DD') AS date FROM etl_days");
      assert.deepEqual(last, { date: '2024-09-30' });
    });

    nightly('loads a book whose first month has imported vouchers alone, and one whose later month has', async () => {
      const [first, later] = [/^2024-0(4|5-01)/, /^2024-10/]; // the list of April reaches to the 1st of May
      for (const days of [first, later]) {
        database = await server.freshDatabase();
        const imported = [...book.vouchers()].map((voucher) =>
          days.test(voucher.date) ? { ...voucher, guid: `5d3f0000-0000${voucher.guid.slice(13)}` } : voucher,
        );
        tally.behave({ book: bookOf(imported, whole) });
        const { notProven, inserted } = await load();
        assert.deepEqual([notProven, inserted], [null, invoices.length], String(days));
      }
    });

    nightly('keeps what it has loaded where an answer breaks off, and the next run completes it', async () => {
      tally.behave({
        onRequest: (request) => {
          if (isCollected(request) && request.from! >= '2024-10-01')
            tally.behave({ fault: { kind: 'cut', afterBytes: 20_000 }, onRequest: undefined });
        },
      });
      await assert.rejects(load(), /Kept: /);
      tally.behave({ fault: { kind: 'none' } });
      const { notProven } = await load();
      assert.ok(
        tally.requests.some(({ sums }) => sums),
        'it goes on by digests',
      );
      assert.equal(notProven, null);
      at('2025-06-10');
      await sync(context());
      await assertHas(book);
    });

    it('lists what is left by ids before it asks for a report, which may answer for more', async () => {
      tally.behave({
        onRequest: (request) => {
          if (isCollected(request) && request.from! >= '2024-10-01')
            tally.behave({ voucherCollection: 'refused', onRequest: undefined });
        },
        dayBook: 'everything',
      });
      const { notProven, inserted } = await load();
      assert.deepEqual([notProven, inserted], [null, invoices.length]);
      await assertHas(book);
    });

    nightly('does so in a first sync too, which the next one finds settled', async () => {
      at('2025-03-30');
      const { notProven, older, checkpoint } = await sync(context());
      assert.deepEqual([notProven, older?.daysReadAgain, checkpoint], [null, 0, '2025-03-30']);
      assert.deepEqual(lists()[0], '2024-04-01 to 2024-05-01');
      tally.requests.length = 0;
      await sync(context());
      assert.deepEqual(
        tally.requests.map(({ kind, name }) => `${kind} ${name}`),
        ['collection Company'],
      );
    });

    it('asks for the whole list where the first month says that the book is small', async () => {
      const small = bookOf(
        [...book.vouchers()].filter((_, n) => n % 4 === 0),
        whole,
      );
      tally.behave({ book: small });
      const { notProven } = await load();
      assert.equal(notProven, null);
      assert.ok(lists()[0]!.startsWith('2024-04-01 to 2025-03'));
    });
  });
