import assert from 'node:assert/strict';
import { addDays } from '../../src/core/base/calendar.js';
import { backfill, sync } from '../../src/core/core.js';
import { check } from '../../src/core/jobs/check/check.js';
import type { Logger } from '../../src/core/base/logger.js';
import { createBook, type Book } from '../../src/demo/book/book.js';
import type { DemoVoucher } from '../../src/demo/book/voucher.js';
import { switches } from '../../src/demo/behaviours/switches.js';
import { startDemoServer, type DemoServer } from '../../src/demo/server.js';
import { bookOf } from '../support/demo/bookOf.js';
import { withChanges, type Change } from '../support/demo/changedBook.js';
import { expectedInvoice } from '../support/demo/expected.js';
import { contextOf } from '../support/context.js';
import { fullTable, nightly } from '../support/fullTable.js';
import { ask, loadedOnce, servers, silent } from '../support/postgres.js';
import { useDays } from '../support/shiftedClock.js';

const today = '2025-06-10';
const whole = { range: { from: '2024-02-01', to: today } };
const book = bookOf([...createBook({ invoices: 90, from: '2024-02-01', to: today }).vouchers()], whole);
const vouchers = [...book.vouchers()];
const invoicesOf = (all: DemoVoucher[]) => all.filter(({ base, cancelled }) => base !== 'none' && !cancelled);
const invoices = invoicesOf(vouchers);
const [first, second, third, fourth] = [invoices[3]!, invoices[20]!, invoices[40]!, invoices[60]!];

for (const server of servers().slice(0, 1))
  describe(`a sync that asks Tally for little, on ${server.name},`, function () {
    this.timeout(120_000);
    let tally: DemoServer;
    let database: string;
    const at = useDays();
    const log: string[] = [];
    const logger: Logger = { ...silent, info: (line) => void log.push(line) };
    const context = (env: Record<string, string> = {}) =>
      contextOf({ TALLY_URL: tally.url, DB_URL: database, ...env }, { logger });
    const ofList = (sql: string) => ask(database, sql);
    /** The requests to Tally, in a word each. */
    const asked = (): string[] =>
      tally.requests.map(({ kind, name, sums }) => (sums ? 'digests' : kind === 'report' ? name : name.toLowerCase()));
    const syncNow = async (env?: Record<string, string>) => {
      tally.requests.length = 0;
      log.length = 0;
      return sync(context(env));
    };
    const change = (...changes: Change[]): void => {
      tally.behave({ book: withChanges(tally.book, changes) });
    };
    /** Warehouses with all of a book to the day before `today`: `loaded` by a backfill, `synced` on that day too. */
    const warehousesOf = (books: Book) => {
      const inWarehouse = async (url: string, work: () => Promise<unknown>) => {
        database = url;
        tally.behave({ book: books });
        at('2025-06-09');
        await work();
      };
      const loaded = loadedOnce(
        () => server.freshDatabase(),
        (url) =>
          inWarehouse(url, async () => {
            await backfill({ from: '2024-02-01', to: '2025-06-09' }, context());
            const [source] = await ofList('SELECT digests FROM etl_sources');
            assert.equal(
              source?.digests,
              null,
              'a load of few vouchers says nothing of how Tally answers with digests',
            );
          }),
      );
      return { loaded, synced: loadedOnce(loaded, (url) => inWarehouse(url, () => sync(context()))) };
    };
    const ofBook = warehousesOf(book);
    /**
     * Asserts that the warehouse has Tally's invoices, each with its ALTERID (Tally's counter of changes), date and
     * number.
     */
    const assertEqual = async (): Promise<void> => {
      const stored = await ofList(
        `SELECT invoice_id || ' ' || alter_id || ' ' || date || ' ' || coalesce(invoice_number, '') AS row
         FROM fact_invoice WHERE missing_since IS NULL ORDER BY 1`,
      );
      const expected = [...tally.book.vouchers()].flatMap((voucher) => {
        const row = expectedInvoice(voucher);
        return row ? [`${row.invoice_id} ${row.alter_id} ${row.date} ${row.invoice_number ?? ''}`] : [];
      });
      assert.deepEqual(
        stored.map(({ row }) => row as string),
        expected.sort(),
      );
    };

    before(async () => {
      tally = await startDemoServer({ keepsWorking: false, dayBook: 'honours-dates' });
    });
    after(() => tally.close());
    beforeEach(async () => {
      tally.behave({
        book,
        dayDigests: 'offered',
        voucherIndex: 'offered',
        fault: { kind: 'none' },
        onRequest: undefined,
      });
      database = await ofBook.synced();
      at(today);
    });

    it('lists only its own days where the digest of each other day is as remembered', async () => {
      const { older, notProven } = await syncNow();
      assert.equal(notProven, null);
      assert.ok(older!.invoices > 50);
      assert.deepEqual(
        asked().filter((request) => request === 'digests' || request === 'Day Book'),
        ['digests', 'digests', 'digests'],
        'one for each financial year',
      );
      const listed = tally.requests.filter(
        ({ kind, name, sums }) => kind === 'collection' && name === 'Voucher' && !sums,
      );
      // Other lists may be of the first days only, to show whether Tally keeps to dates.
      const others = listed.filter(({ from }) => from! < '2025-06-08' && from! > '2024-04-01');
      assert.deepEqual([listed.length > 0, others], [true, []]);
      await assertEqual();
      const said = (await check(context())).map(({ message }) => message).join('\n');
      assert.match(said, /A sync of .* asks Tally for changed days only: .* were correct on 9\u00a0Jun\u00a02025\./);
    });

    it("asks only for the company list where Tally's counters are unchanged since an earlier sync of the day", async () => {
      await syncNow();
      const again = await syncNow();
      assert.deepEqual(asked(), ['company']);
      assert.match(log.join('\n'), /Nothing has changed in Tally since today's last sync/);
      assert.deepEqual([again.inserted, again.updated, again.notProven], [0, 0, null]);
      assert.deepEqual(
        await ofList('SELECT status, rows, unchanged FROM etl_logs ORDER BY id DESC LIMIT 1'),
        await ofList('SELECT status, rows, unchanged FROM etl_logs ORDER BY id DESC OFFSET 1 LIMIT 1'),
      );
      at('2025-06-11');
      await syncNow();
      assert.ok(asked().includes('digests'), 'a restored backup can bring equal counters: once a day all is compared');
    });

    for (const [what, spoil] of [
      ['an invoice was deleted from the warehouse', `DELETE FROM fact_invoice WHERE invoice_id = '${second.guid}'`],
      ['a day lost its proof', `UPDATE etl_days SET rules_hash = '' WHERE date = '${second.date}'`],
      ['the checkpoint was put back', "UPDATE etl_checkpoints SET last_date = '2025-05-01'"],
    ] as const)
      it(`compares although the counters are unchanged where ${what}`, async () => {
        await syncNow();
        await ofList(spoil);
        await syncNow();
        assert.ok(asked().length > 1);
        await assertEqual();
      });

    describe('of many vouchers', () => {
      const all = [...createBook({ invoices: 1_000, from: '2024-02-01', to: today }).vouchers()];
      const large = bookOf(all, whole);
      const renumbering = bookOf(
        all.map((voucher) => ({ ...voucher, renumbers: true as const })),
        whole,
      );
      const after = (date: string) =>
        all.find((voucher) => voucher.base === 'sales' && !voucher.cancelled && voucher.date > date)!;
      const [june, july, november, january] = ['2024-06-10', '2024-07-20', '2024-11-05', '2025-01-15'].map(after);
      const listed = () =>
        tally.requests.flatMap(({ kind, name, sums, alteredAfter, from, to }) =>
          kind === 'collection' && name === 'Voucher' && !sums && alteredAfter === undefined
            ? [{ from: from!, to: to! }]
            : [],
        );

      const [ofLarge, ofRenumbering] = [warehousesOf(large), warehousesOf(renumbering)];
      const use = async (books: Book, warehouse: () => Promise<string>) => {
        database = await warehouse();
        tally.behave({ book: books });
        at(today);
      };

      it('lists the changed days only, whatever was done on them', async () => {
        await use(large, ofLarge.synced);
        change(
          { edit: june!, fields: { narration: 'late' } },
          { cancel: july! },
          { redate: november!, to: '2024-05-05' },
          { create: { ...january!, date: '2025-01-15', number: 'NEW/1' } },
        );
        const { inserted, updated, missing, notProven } = await syncNow();
        const ofToday = all.filter(({ date, base }) => date === today && base !== 'none').length;
        assert.deepEqual([inserted, updated, missing, notProven], [1 + ofToday, 3, 0, null]);
        const isListed = (day: string): boolean => listed().some(({ from, to }) => from <= day && to >= day);
        assert.deepEqual(['2024-09-15', '2024-12-15'].map(isListed), [false, false]);
        await assertEqual();
        await syncNow();
        assert.deepEqual(asked(), ['company'], 'all of it is remembered');
      });

      it('marks nothing as missing, and says what is not proven, where lists end in the middle as if that were their end', async () => {
        await use(large, ofLarge.synced);
        tally.behave({ voucherIndex: 'cut' });
        const summer = invoicesOf(all).filter(({ date }) => date > '2024-06-01' && date < '2024-09-01');
        // Only the digest of its day shows a deletion, so these days are listed.
        const gone = new Map(summer.map((voucher) => [voucher.date, voucher]));
        change(...[...gone.values()].map((voucher) => ({ delete: voucher })));
        const { missing, notProven } = await syncNow();
        assert.equal(missing, 0);
        assert.match(notProven!, /^Tally's list of vouchers for .* is not proven complete: /);
        tally.behave({ voucherIndex: 'offered' });
        const whole = await syncNow();
        assert.deepEqual([whole.missing, whole.notProven], [gone.size, null]);
        await assertEqual();
      });

      it('asks which vouchers were altered where days all over a year differ, and lists the days that lost a voucher', async () => {
        await use(large, ofLarge.synced);
        const some = invoicesOf(all).filter(({ date }, i) => date < '2025-03-01' && i % 30 === 0);
        change(
          ...some.map((edit) => ({ edit, fields: { narration: 'late' } })),
          { delete: june! },
          { redate: november!, to: '2024-05-05' },
        );
        const { updated, missing, notProven } = await syncNow();
        assert.deepEqual([updated, missing, notProven], [some.length + 1, 1, null]);
        const altered = tally.requests.filter(({ alteredAfter }) => alteredAfter !== undefined);
        assert.deepEqual([altered.length, listed().every(({ from, to }) => to < addDays(from, 40))], [2, true]);
        await assertEqual();
        await syncNow();
        assert.deepEqual(asked(), ['company'], 'all of it is remembered');
      });

      nightly('lists days whose altered vouchers it knows, where their numbers may have moved', async () => {
        await use(renumbering, ofRenumbering.synced);
        const some = invoicesOf(all).filter(
          ({ date }, i) => date > '2024-04-02' && date < '2025-04-01' && i % (date > '2025-02-10' ? 6 : 20) === 0,
        );
        const next = invoicesOf(all).find(({ date, base }) => date > '2025-02-10' && base === 'sales')!;
        change(
          ...some.map((edit) => ({ edit, fields: { narration: 'late' } })),
          { create: { ...next, renumbers: true, number: '1' } },
          { renumberAfter: next, by: 1 },
        );
        assert.equal((await syncNow()).notProven, null);
        await assertEqual();
      });

      it('believes a list although somebody works in Tally between the list and the digests', async () => {
        await use(large, ofLarge.loaded);
        const late = invoicesOf(all).find(({ date }) => date > '2025-05-20')!;
        let isBusy = false;
        tally.behave({
          onRequest: ({ sums, from, to }) => {
            if (!sums || from === to) return;
            change({ edit: late, fields: { narration: 'busy' } });
            isBusy = true;
            tally.behave({ onRequest: undefined });
          },
        });
        assert.deepEqual([(await syncNow()).notProven, isBusy], [null, true]);
        await syncNow();
        await assertEqual();
      });

      it('asks for the whole list where somebody works in Tally while it asks which vouchers were altered', async () => {
        await use(large, ofLarge.synced);
        const some = invoicesOf(all).filter(({ date }, i) => date > '2025-04-02' && date < '2025-06-01' && i % 3 === 0);
        const own = invoicesOf(all).findLast(({ date }) => date === '2025-06-09')!;
        change(...some.map((edit) => ({ edit, fields: { narration: 'late' } })));
        let isTold = false;
        tally.behave({
          onRequest: ({ alteredAfter, kind, name }) => {
            isTold ||= alteredAfter !== undefined;
            if (!isTold || alteredAfter !== undefined || kind !== 'collection' || name !== 'Voucher') return;
            change({ edit: some[3]!, fields: { narration: 'once more' } }, { edit: own, fields: { narration: 'own' } });
            tally.behave({ onRequest: undefined });
          },
        });
        const { notProven, invoices: count, byType } = await syncNow();
        assert.equal(notProven, null);
        assert.equal(
          byType.reduce((sum, { invoices: ofType }) => sum + ofType, 0),
          count,
        );
        await syncNow();
        await assertEqual();
      });

      it('finds that a list ends in the middle from the first sync on', async () => {
        await use(large, ofLarge.loaded);
        tally.behave({ voucherIndex: 'cut' });
        const { missing, notProven } = await syncNow();
        assert.equal(missing, 0);
        assert.ok(notProven);
      });

      it('lists the later days too where a voucher was put in before others whose numbers move', async () => {
        await use(renumbering, ofRenumbering.synced);
        const renumbers = true as const;
        change({ create: { ...january!, renumbers, number: '1' } }, { renumberAfter: january!, by: 1 });
        const { updated, notProven } = await syncNow();
        assert.ok(updated > 50, 'no ALTERID shows that');
        assert.equal(notProven, null);
        assert.ok(listed().every(({ from }) => from > '2025-01-01' || from < '2024-04-02'));
        await assertEqual();
      });

      it('lists the later days too where a backfill has already loaded the voucher that was put in', async () => {
        await use(renumbering, ofRenumbering.synced);
        change({ create: { ...january!, renumbers: true, number: '1' } }, { renumberAfter: january!, by: 1 });
        await backfill({ from: january!.date, to: january!.date }, context());
        await syncNow();
        await assertEqual();
      });
    });

    it('is not the only such job: a backfill of loaded days lists only the days that changed', async () => {
      await syncNow();
      change(
        { edit: second, fields: { narration: 'late' } },
        { delete: third },
        { create: { ...first, date: '2024-07-01', number: 'N/1' } },
      );
      tally.requests.length = 0;
      const range = { from: '2024-02-01', to: '2025-03-31' };
      const { inserted, updated, missing, notProven } = await backfill(range, context());
      assert.deepEqual([inserted, updated, missing, notProven], [1, 1, 1, null]);
      await assertEqual();
      assert.ok(asked().includes('digests'));
      const [source] = await ofList("SELECT to_char(digests_on, 'YYYY-MM-DD') AS on FROM etl_sources");
      assert.equal(source?.on, '2025-06-09', 'that it has looked at some years says nothing of the others');
    });

    it('asks for the whole list once a week', async () => {
      change({ renumber: second, number: 'BY HAND' });
      assert.equal((await syncNow()).updated, 0);
      at('2025-06-18');
      assert.equal((await syncNow()).updated, 1);
      await assertEqual();
    });

    it('asks for the list of a year with many vouchers in parts: each part stops the screen of Tally for seconds only', async () => {
      await ofList(
        `INSERT INTO etl_vouchers (company_id, voucher_id, date, voucher_type, voucher_number, is_deleted, may_renumber)
         SELECT company_id, 'of-long-ago-' || n, date '2024-04-01' + n / 50, 'Sales', '', false, false
         FROM generate_series(1, 12000) AS n, (SELECT min(company_id) AS company_id FROM etl_vouchers) AS company`,
      );
      change({ create: { ...first, date: '2024-07-01', number: 'N/1' } }); // its day is in two of the parts
      at('2025-06-18');
      assert.equal((await syncNow()).notProven, null);
      const lists = tally.requests
        .filter(({ kind, name, sums, from, to }) => kind === 'collection' && name === 'Voucher' && !sums && from !== to)
        .map(({ from, to }) => `${from} to ${to}`)
        .filter((list) => list > '2024-04' && list < '2025-04');
      assert.deepEqual(lists, ['2024-04-01 to 2024-07-01', '2024-07-01 to 2024-10-01', '2024-10-01 to 2025-03-31']);
      await assertEqual();
      assert.deepEqual(await ofList("SELECT voucher_id FROM etl_vouchers WHERE voucher_id LIKE 'of-long-ago%'"), []);
      const [source] = await ofList("SELECT digests, to_char(digests_on, 'YYYY-MM-DD') AS on FROM etl_sources");
      assert.deepEqual(source, { digests: 'right 1', on: '2025-06-18' });
    });

    it('asks for the list of a year in one piece, and only once, where a report is set', async () => {
      await ofList(
        `INSERT INTO etl_vouchers (company_id, voucher_id, date, voucher_type, voucher_number, is_deleted, may_renumber)
         SELECT company_id, 'of-long-ago-' || n, date '2024-04-01' + n / 50, 'Sales', '', false, false
         FROM generate_series(1, 12000) AS n, (SELECT min(company_id) AS company_id FROM etl_vouchers) AS company`,
      );
      await syncNow({ TALLY_REPORT: 'day-book' });
      const ofYear = tally.requests.filter(
        ({ name, from, to }) => name === 'Voucher' && from! < '2025-04' && to! > '2024-05',
      );
      assert.deepEqual(
        ofYear.map(({ from, to }) => `${from} to ${to}`),
        ['2024-04-01 to 2025-03-31'],
      );
    });

    it('asks for the list of the year again in one piece where somebody re-dates between two parts, and marks nothing as missing', async () => {
      await ofList(
        `INSERT INTO etl_vouchers (company_id, voucher_id, date, voucher_type, voucher_number, is_deleted, may_renumber)
         SELECT company_id, 'of-long-ago-' || n, date '2024-04-01' + n / 50, 'Sales', '', false, false
         FROM generate_series(1, 12000) AS n, (SELECT min(company_id) AS company_id FROM etl_vouchers) AS company`,
      );
      at('2025-06-18');
      const late = invoices.find(({ date }) => date > '2025-01-10')!;
      tally.behave({
        onRequest: ({ from, sums, name }) => {
          if (sums || name !== 'Voucher' || from !== '2024-07-01') return;
          tally.behave({ onRequest: undefined });
          change({ redate: late, to: '2024-05-20' });
        },
      });
      const { notProven, missing } = await syncNow();
      assert.deepEqual([notProven, missing], [null, 0]);
      await assertEqual();
    });

    it('asks for the whole list after a backup was restored', async () => {
      await syncNow();
      change({ edit: first, fields: { narration: 'late' } });
      await syncNow();
      tally.behave({ book });
      const { warnings, notProven } = await syncNow();
      assert.match(warnings.join(), /backup was restored/);
      assert.equal(notProven, null);
      assert.ok(asked().includes('voucher'));
      await assertEqual();
    });

    it('compares again on the same day where a load has seen other counters since', async () => {
      await syncNow();
      const before = tally.book;
      change({ edit: first, fields: { narration: 'late' } });
      await backfill({ from: first.date, to: first.date }, context());
      tally.behave({ book: before });
      assert.match((await syncNow()).warnings.join(), /backup was restored/);
      await assertEqual();
    });

    it('asks for lists and not for digests where a report is set', async () => {
      await syncNow({ TALLY_REPORT: 'day-book' });
      await syncNow({ TALLY_REPORT: 'day-book' });
      assert.ok(asked().includes('voucher') && !asked().includes('digests'));
    });

    // The other digests are unreadable or lack days, like some of these. FULL_TABLE=1 runs all.
    const some = ['refused', 'counts-only', 'other-sums', 'last-cut'];
    for (const dayDigests of switches.dayDigests.slice(1).filter((name) => fullTable || some.includes(name)))
      it(`is complete where the digests are ${dayDigests}, from the first sync on or later`, async () => {
        tally.behave({ dayDigests });
        change({ edit: first, fields: { narration: 'late' } }, { delete: third });
        const late = await syncNow();
        assert.deepEqual([late.updated, late.missing, late.notProven], [1, 1, null]);
        await assertEqual();
        tally.behave({ book });
        database = await ofBook.loaded();
        at(today);
        await syncNow();
        change({ edit: second, fields: { narration: 'late' } }, { delete: fourth });
        const early = await syncNow();
        assert.deepEqual([early.updated, early.missing, early.notProven], [1, 1, null]);
        assert.ok(asked().includes('voucher'));
        await assertEqual();
      });

    it('knows vouchers by the new name of their type, and reads them again once', async () => {
      const { typeName } = first;
      const renamed = (name: string): string => (name === typeName ? `${name} of old` : name);
      tally.behave({
        book: {
          ...book,
          lastMasterAlterId: 4_200,
          voucherTypes: book.voucherTypes.map((type) => ({
            ...type,
            name: renamed(type.name),
            parent: renamed(type.parent),
          })),
          vouchers: function* (range) {
            for (const voucher of book.vouchers(range)) yield { ...voucher, typeName: renamed(voucher.typeName) };
          },
        },
      });
      const { updated, notProven } = await syncNow();
      assert.ok(updated > 5);
      assert.equal(notProven, null);
      at('2025-06-11');
      const again = await syncNow();
      assert.deepEqual([again.updated, again.older?.daysReadAgain, again.notProven], [0, 0, null]);
    });

    it('finds vouchers of a new day that the digests leave out', async () => {
      tally.behave({ dayDigests: 'last-cut' });
      change({ create: { ...first, date: today, number: 'NEW/1' } });
      assert.equal((await syncNow()).inserted, 1);
      await assertEqual();
    });

    it('asks for the whole list after a week though a day was loaded again meanwhile', async () => {
      change({ renumber: second, number: 'BY HAND' });
      at('2025-06-18');
      await backfill({ from: first.date, to: first.date }, context());
      assert.equal((await syncNow()).updated, 1);
      await assertEqual();
    });

    it('does not treat a year as empty because Tally has no digests of it', async () => {
      database = await server.freshDatabase();
      at('2025-06-09');
      await backfill({ from: '2025-04-01', to: '2025-06-09' }, context());
      await sync(context());
      await backfill({ from: '2024-02-01', to: '2025-03-31' }, context());
      at(today);
      tally.behave({ dayDigests: 'empty' });
      change({ edit: second, fields: { narration: 'late' } });
      const { updated, missing, notProven } = await syncNow();
      assert.deepEqual([updated, missing, notProven], [1, 0, null]);
      await assertEqual();
    });

    it('does not ask again for digests whose answer was cut', async () => {
      database = await ofBook.loaded();
      at(today);
      tally.behave({ fault: { kind: 'cut', on: 'day-digests', afterBytes: 10, times: 1 } });
      assert.equal((await syncNow()).notProven, null);
      at('2025-06-11');
      await syncNow();
      assert.ok(!asked().includes('digests'));
      const said = (await check(context())).map(({ message }) => message).join('\n');
      assert.match(said, /A sync of .* asks Tally for its whole list of vouchers/);
      await assertEqual();
    });
  });
