import assert from 'node:assert/strict';
import { backfill, clearAndReload, sync, verify } from '../../src/core/core.js';
import { EtlError } from '../../src/core/base/errors.js';
import type { Logger } from '../../src/core/base/logger.js';
import { createBook, type Book } from '../../src/demo/book/book.js';
import type { LoggedRequest } from '../../src/demo/answers/request.js';
import type { Switches } from '../../src/demo/behaviours/switches.js';
import { startDemoServer, type DemoServer } from '../../src/demo/server.js';
import { contextOf } from '../support/context.js';
import { withChanges } from '../support/demo/changedBook.js';
import { fullTable, nightly } from '../support/fullTable.js';
import { ask, loadedOnce, servers, silent } from '../support/postgres.js';
import { useDays } from '../support/shiftedClock.js';

const range = { from: '2025-04-01', to: '2025-06-09' };
/** A few more invoices than a load needs before it tries the voucher collection. */
const book = createBook({ invoices: 820, ...range });
const invoicesOf = (of: Book) => [...of.vouchers()].filter(({ base, cancelled }) => base !== 'none' && !cancelled);
const invoices = invoicesOf(book);
/** Enough invoices for a load to ask for the collection if it has been right before. */
const fewer = createBook({ invoices: 240, ...range });

for (const server of servers().slice(0, 1))
  describe(`a load that asks Tally for the fields of invoices, on ${server.name},`, function () {
    this.timeout(120_000);
    let tally: DemoServer;
    let database: string;
    /** The id and content hash of each invoice, loaded from whole reports. */
    let whole: string[];
    let wholeOfFewer: string[];
    const at = useDays();
    const log: string[] = [];
    const note = (line: string): void => void log.push(line);
    const logger: Logger = { ...silent, info: note, warn: note, debug: note };
    const context = (env: Record<string, string> = {}) =>
      contextOf({ TALLY_URL: tally.url, DB_URL: database, ...env }, { logger });
    const stored = async (): Promise<string[]> =>
      (await ask(database, "SELECT invoice_id || ' ' || content_hash AS row FROM fact_invoice ORDER BY 1")).map(
        ({ row }) => row as string,
      );
    /** How many reports, collections with lines, and single vouchers Tally was asked for. */
    const asked = () => {
      const count = (isOne: (request: LoggedRequest) => boolean): number => tally.requests.filter(isOne).length;
      return {
        reports: count(({ kind }) => kind === 'report'),
        collections: count(({ kind, fields }) => kind === 'collection' && fields.includes('LEDGERENTRIES.AMOUNT')),
        vouchers: count(({ kind }) => kind === 'voucher'),
      };
    };
    const load = (env?: Record<string, string>) => {
      tally.requests.length = 0;
      log.length = 0;
      return backfill(range, context(env));
    };
    const verdict = async (): Promise<unknown> =>
      (await ask(database, 'SELECT collection FROM etl_sources'))[0]?.collection ?? null;

    /** Loads two days of a book, and records that Tally's collection was right. */
    const knowRight = async (of: Book): Promise<void> => {
      tally.behave({ book: of });
      await backfill({ from: '2025-06-08', to: '2025-06-09' }, context());
      await ask(database, "UPDATE etl_sources SET collection = 'right 2', collection_on = '2025-06-09'");
    };

    let firstLoad: { report: string | null; notProven: string | null; asked: ReturnType<typeof asked> };
    /** A warehouse after a first load, which has found the collection right. */
    const loaded = loadedOnce(
      () => server.freshDatabase(),
      async (url) => {
        database = url;
        const { report, notProven } = await load();
        firstLoad = { report, notProven, asked: asked() };
      },
    );
    const byReports = async (of: Book): Promise<string[]> => {
      database = await server.freshDatabase();
      tally.behave({ book: of });
      await backfill(range, context({ TALLY_REPORT: 'day-book' }));
      return stored();
    };

    before(async () => {
      tally = await startDemoServer({ keepsWorking: false, dayBook: 'honours-dates' });
      at('2025-06-09');
      whole = await byReports(book);
      wholeOfFewer = await byReports(fewer);
    });
    after(() => tally.close());
    beforeEach(async () => {
      database = await server.freshDatabase();
      tally.behave({
        book,
        voucherIndex: 'offered',
        voucherCollection: 'offered',
        voucherObject: 'offered',
        fault: { kind: 'none' },
        onRequest: undefined,
      });
    });

    it('stores what a load by whole reports stores, and asks for no report', async () => {
      database = await loaded();
      assert.deepEqual([firstLoad.report, firstLoad.notProven], ['Voucher Collection', null]);
      assert.deepEqual(await stored(), whole);
      assert.equal(await verdict(), 'right 2');
      const { reports, collections, vouchers } = firstLoad.asked;
      assert.equal(reports, 0);
      assert.ok(collections <= 6, `${collections} collections`);
      assert.ok(vouchers < invoices.length / 4, `${vouchers} single vouchers`);
    });

    it('reads a few changed invoices one by one, once the collection has been right', async () => {
      database = await loaded();
      await sync(context());
      const changed = [100, 300, 301].map((n) => ({ edit: invoices[n]!, fields: { narration: 'late' } }));
      tally.behave({ book: withChanges(book, changed) });
      tally.requests.length = 0;
      const { updated, notProven } = await sync(context());
      assert.deepEqual([updated, notProven], [3, null]);
      assert.deepEqual(asked(), { reports: 0, collections: 0, vouchers: 3 });
    });

    it('asks for the changed days alone where many invoices of few days changed', async () => {
      database = await loaded();
      await sync(context());
      const days = ['2025-04-07', '2025-04-08', '2025-04-28', '2025-04-29'];
      const changed = invoices.filter(({ date }) => days.includes(date));
      assert.ok(changed.length > 40, `${changed.length} invoices`);
      tally.behave({
        book: withChanges(
          book,
          changed.map((edit) => ({ edit, fields: { narration: 'late' } })),
        ),
      });
      tally.requests.length = 0;
      const { updated } = await backfill({ from: '2025-04-01', to: '2025-04-30' }, context());
      assert.equal(updated, changed.length);
      const of = tally.requests.filter(({ fields }) => fields.includes('LEDGERENTRIES.AMOUNT'));
      assert.deepEqual(
        [...new Set(of.map(({ from, to }) => `${from} ${to}`))],
        ['2025-04-07 2025-04-08', '2025-04-28 2025-04-29'],
      );
    });

    describe('where invoices were changed on many days', () => {
      /** Every fourth invoice, on all days. The digests of the days show that, and the days cost more than their list. */
      const changed = invoices.filter((_, i) => i % 4 === 0);
      const late = withChanges(
        book,
        changed.map((edit) => ({ edit, fields: { narration: 'late' } })),
      );
      let wholeOfLate: string[];
      const synced = loadedOnce(loaded, async (url) => {
        database = url;
        await sync(context());
      });
      const syncLate = async (behaviour: Partial<Switches> = {}) => {
        database = await synced();
        tally.behave({ book: late, ...behaviour });
        tally.requests.length = 0;
        const { updated, notProven } = await sync(context());
        assert.deepEqual([updated, notProven], [changed.length, null]);
        assert.deepEqual(await stored(), wholeOfLate);
      };
      before(async () => {
        wholeOfLate = await byReports(late);
      });

      it('takes them from the answer that lists them, and compares some with whole vouchers', async () => {
        await syncLate();
        const { reports, collections, vouchers } = asked();
        assert.deepEqual([reports, collections], [0, 1]);
        assert.ok(vouchers > 4 && vouchers < changed.length / 2, `${vouchers} single vouchers`);
      });

      const others: [string, Partial<Switches>][] = [
        ['ignores the filter by ALTERID', { alterIdFilter: 'ignored' }],
        // The rest end as lists of ids and single vouchers, which other tests have.
        ['does not understand the filter by ALTERID', { alterIdFilter: 'drops-all' }],
        ['no longer knows the collection', { voucherCollection: 'refused' }],
        ['ends the collection in the middle', { voucherCollection: 'cut' }],
        ['gives no single vouchers to compare with', { voucherObject: 'not-found' }],
      ];
      for (const [tallyThat, behaviour] of others.slice(0, fullTable ? others.length : 1))
        it(`loads them from a Tally that ${tallyThat}`, () => syncLate(behaviour));

      it('reads them by reports from a Tally whose collection has begun to lie', async () => {
        await syncLate({ voucherCollection: 'other-amounts' });
        assert.deepEqual([await verdict(), asked().reports > 0], ['contradicted 2', true]);
      });
    });

    it('asks for reports where one is chosen, to verify, and to replace a range', async () => {
      await knowRight(fewer);
      await load({ TALLY_REPORT: 'voucher-register' });
      assert.deepEqual([asked().collections, asked().vouchers], [0, 0]);
      tally.requests.length = 0;
      const { differences, notProven } = await verify(range, context());
      assert.deepEqual(
        [differences.missingHere + differences.different + differences.goneInTally, notProven],
        [0, null],
      );
      // The list and the collection may leave out the same voucher, which must not be deleted for that.
      tally.behave({ voucherIndex: 'leaves-out' });
      const { removed } = await clearAndReload(range, context());
      assert.deepEqual([removed, await stored()], [0, wholeOfFewer]);
      assert.deepEqual([asked().collections, asked().vouchers], [0, 0]);
    });

    it('asks for reports where so few invoices are to be read that a proof would not pay', async () => {
      await backfill({ from: '2025-06-01', to: '2025-06-09' }, context());
      assert.deepEqual([asked().collections, asked().vouchers, await verdict()], [0, 0, null]);
    });

    /** Tallys whose collection or single vouchers differ from whole vouchers, with the verdict that is remembered. */
    const others: [Partial<Switches>, verdict: string, by?: string][] = [
      [{ voucherCollection: 'ids-only' }, 'wrong 2'],
      [{ voucherCollection: 'no-rates' }, 'differs 2'],
      [{ voucherObject: 'not-found' }, 'wrong 2'],
      // The rest take the same branches of the code as one of these three.
      [{ voucherObject: 'other-amounts' }, 'differs 2'],
      [{ voucherCollection: 'refused' }, 'wrong 2'],
      [{ voucherCollection: 'aggregate-only' }, 'right 2', 'Voucher Collection'], // if of accounting view
      [{ voucherCollection: 'other-amounts' }, 'differs 2'],
      [{ voucherObject: 'refused' }, 'wrong 2'],
      [{ voucherObject: 'other-voucher' }, 'wrong 2'],
    ];
    for (const [behaviour, expected, by = 'Day Book'] of others.slice(0, fullTable ? others.length : 3))
      it(`believes no more than whole vouchers say where Tally's answer is: ${JSON.stringify(behaviour)}`, async () => {
        tally.behave(behaviour);
        const { report, notProven } = await load();
        assert.deepEqual([report, notProven], [by, null]);
        assert.deepEqual(await stored(), whole);
        assert.equal(await verdict(), expected);
      });

    nightly('asks a Tally that differs only once', async () => {
      database = await loaded();
      await ask(database, "UPDATE etl_sources SET collection = 'differs 2'");
      await ask(database, "UPDATE etl_days SET rules_hash = ''");
      await load();
      assert.equal(asked().collections, 0);
    });

    nightly('takes what a silently cut collection brings, and the rest from reports', async () => {
      tally.behave({ voucherCollection: 'cut' });
      const { notProven } = await load();
      assert.equal(notProven, null);
      assert.deepEqual(await stored(), whole);
      assert.ok(asked().reports > 0);
    });

    nightly('reads whole rows of older releases too', async () => {
      tally.behave({ voucherCollection: 'fat' });
      const { report } = await load();
      assert.equal(report, 'Voucher Collection');
      assert.deepEqual(await stored(), whole);
    });

    const rewritten = withChanges(
      book,
      invoices.map((edit) => ({ edit, fields: { narration: 'all' } })),
    );
    const provenDays = () => ask(database, "SELECT FROM etl_days WHERE rules_hash <> ''");

    it('reads reports from when the collection has begun to lie, and a sync reads all days again by reports', async () => {
      database = await loaded();
      tally.behave({ voucherCollection: 'other-amounts', book: rewritten });
      const { report, notProven } = await backfill({ from: '2025-04-01', to: '2025-05-31' }, context());
      assert.deepEqual([report, notProven, await verdict()], ['Day Book', null, 'contradicted 2']);
      // Any day may have rows from the collection, so every day has lost its proof.
      assert.equal((await provenDays()).length, 0);
      tally.requests.length = 0;
      assert.equal((await sync(context())).notProven, null);
      assert.deepEqual([asked().collections, asked().vouchers], [0, 0]);
      assert.equal((await provenDays()).length, 70);
    });

    it('fails and says so when a random check finds that the collection has begun to lie', async () => {
      let collections = 0;
      tally.behave({
        onRequest: ({ kind, fields }) => {
          if (kind !== 'collection' || !fields.includes('LEDGERENTRIES.AMOUNT') || ++collections < 4) return;
          tally.behave({ voucherCollection: 'other-amounts' });
        },
      });
      await assert.rejects(load(), (error) => {
        assert.ok(error instanceof EtlError);
        assert.equal(error.code, 'answer-unreadable');
        assert.match(error.message, /^Tally sent voucher .* twice, with different values of /);
        return true;
      });
      assert.deepEqual([await verdict(), (await provenDays()).length], ['contradicted 2', 0]);
      tally.behave({ onRequest: undefined });
      assert.equal((await load()).notProven, null);
      assert.deepEqual(await stored(), whole);
    });

    it('reads reports where Tally no longer knows the request', async () => {
      await knowRight(fewer);
      tally.behave({ voucherCollection: 'refused' });
      assert.equal((await load()).notProven, null);
      assert.deepEqual([await stored(), await verdict()], [wholeOfFewer, 'dropped 2']);
    });

    nightly('finds a lie though somebody works in Tally meanwhile', async () => {
      let collections = 0;
      const worked = withChanges(book, [{ create: { ...invoices[0]!, date: '2025-06-09', number: 'N/1' } }]);
      tally.behave({
        onRequest: ({ kind, fields }) => {
          if (kind !== 'collection' || !fields.includes('LEDGERENTRIES.AMOUNT')) return;
          if (++collections === 1) tally.behave({ book: worked });
          if (collections >= 4) tally.behave({ voucherCollection: 'other-amounts' });
        },
      });
      await assert.rejects(load(), (error) => error instanceof EtlError && error.code === 'answer-unreadable');
      assert.equal(await verdict(), 'contradicted 2');
    });

    nightly('proves no day any more in a run that has found a lie', async () => {
      database = await loaded();
      const changed = invoices.filter((_, i) => i % 3 === 0);
      const edits = changed.map((edit) => ({ edit, fields: { narration: 'late' } }));
      tally.behave({ voucherCollection: 'other-amounts', book: withChanges(book, edits) });
      await load();
      assert.deepEqual([await verdict(), (await provenDays()).length], ['contradicted 2', 0]);
      tally.requests.length = 0;
      assert.equal((await sync(context())).notProven, null);
      assert.deepEqual([asked().collections, asked().vouchers, (await provenDays()).length], [0, 0, 70]);
      assert.ok(asked().reports > 0);
    });

    describe('of few invoices', () => {
      const small = createBook({ invoices: 80, ...range });
      const all = invoicesOf(small);

      it('brings an invoice that is re-dated while others are read', async () => {
        await knowRight(small);
        const moved = all.filter(({ date }) => date.startsWith('2025-04')).at(-1)!;
        tally.behave({
          onRequest: ({ kind }) => {
            if (kind !== 'voucher') return;
            tally.behave({ book: withChanges(small, [{ redate: moved, to: '2025-05-20' }]), onRequest: undefined });
          },
        });
        assert.equal((await load()).notProven, null);
        const [row] = await ask(database, 'SELECT date::text AS date FROM fact_invoice WHERE invoice_id = $1', [
          moved.guid,
        ]);
        assert.equal(row?.date, '2025-05-20');
      });
    });

    nightly('brings an invoice that is re-dated while its collection is made', async () => {
      await knowRight(fewer);
      const moved = invoicesOf(fewer)
        .filter(({ date, base }) => date.startsWith('2025-04-2') && base === 'sales')
        .at(-1)!;
      tally.behave({
        voucherCollection: 'aggregate-only',
        onRequest: ({ kind, fields }) => {
          if (kind !== 'collection' || !fields.includes('LEDGERENTRIES.AMOUNT')) return;
          tally.behave({ book: withChanges(fewer, [{ redate: moved, to: '2025-05-20' }]), onRequest: undefined });
        },
      });
      assert.equal((await load()).notProven, null);
      assert.equal((await stored()).length, wholeOfFewer.length);
    });

    it('asks for the collection only once, and then for reports, if Tally breaks the first answer off', async () => {
      tally.behave({
        onRequest: ({ kind, fields }) => {
          if (kind === 'collection' && fields.includes('LEDGERENTRIES.AMOUNT'))
            tally.behave({ fault: { kind: 'cut', on: 'vouchers', times: 1 } });
        },
      });
      const { notProven } = await load();
      assert.equal(notProven, null);
      assert.deepEqual([await verdict(), asked().collections], ['wrong 2', 1]);
      assert.deepEqual(await stored(), whole);
    });
  });
