import assert from 'node:assert/strict';
import { addDays } from '../../src/core/base/calendar.js';
import type { Progress, VerifyRequest, VerifyResult } from '../../src/core/jobs/job.js';
import { backfill, sync, verify } from '../../src/core/core.js';
import type { Switches } from '../../src/demo/behaviours/switches.js';
import { switches } from '../../src/demo/behaviours/switches.js';
import { createBook } from '../../src/demo/book/book.js';
import { startDemoServer, type DemoServer } from '../../src/demo/server.js';
import { bookOf } from '../support/demo/bookOf.js';
import { leanSale, voucherId } from '../support/leanBook.js';
import { withChanges, type Change } from '../support/demo/changedBook.js';
import { contextOf } from '../support/context.js';
import { ask, loadedOnce, servers } from '../support/postgres.js';
import { useDays } from '../support/shiftedClock.js';

const range = { from: '2024-04-01', to: '2026-03-30' };
const book = bookOf([...createBook({ invoices: 100, ...range }).vouchers()], { range });
const invoices = [...book.vouchers()].filter(({ base, cancelled }) => base !== 'none' && !cancelled);
const [first, second, third, fourth] = [invoices[10]!, invoices[30]!, invoices[50]!, invoices[70]!];
const none = { missingHere: 0, different: 0, goneInTally: 0 };

for (const server of servers().slice(0, 1))
  describe(`verify by totals, against ${server.name},`, function () {
    this.timeout(120_000);
    let tally: DemoServer;
    let database: string;
    let loaded: { invoices: number };
    const at = useDays();
    const context = (env: Record<string, string> = {}) => contextOf({ TALLY_URL: tally.url, DB_URL: database, ...env });
    const run = async (more: Partial<VerifyRequest> = {}, env?: Record<string, string>): Promise<VerifyResult> => {
      tally.requests.length = 0;
      return verify({ ...range, totals: true, ...more }, context(env));
    };
    const asked = (): string[] =>
      tally.requests.map(({ kind, name, sums, byType }) =>
        sums ? (byType ? 'totals' : 'digests') : kind === 'report' ? 'report' : name.toLowerCase(),
      );
    const change = (...changes: Change[]): void => {
      tally.behave({ book: withChanges(tally.book, changes) });
    };
    const inShort = ({ listed }: VerifyResult) =>
      listed.map(({ kind, invoiceId, fields }) => [kind, invoiceId, ...fields.map(({ field }) => field)]);
    const by = (guid: string, sql: string) => ask(database, `${sql} WHERE invoice_id = $1`, [guid]);
    const verified = () => ask(database, 'SELECT date::text, differences FROM etl_verified ORDER BY date');
    const seenOfTotals = async () => (await ask(database, 'SELECT totals FROM etl_sources'))[0]!.totals;
    /** How many days were compared field by field. */
    const readDays = ({ byTotals = [] }: VerifyResult): number => {
      const span = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
      return span(range.from, range.to) - byTotals.reduce((sum, { from, to }) => sum + span(from, to), 0);
    };

    const load = async (url: string): Promise<void> => {
      database = url;
      at('2026-03-29');
      await backfill(range, context());
      await sync(context());
      at('2026-03-30');
    };
    const loadedWarehouse = loadedOnce(() => server.freshDatabase(), load);

    before(async () => {
      tally = await startDemoServer({ keepsWorking: false, dayBook: 'honours-dates' });
    });
    after(() => tally.close());
    beforeEach(async () => {
      tally.behave({
        book,
        dayTotals: 'offered',
        dayDigests: 'offered',
        voucherIndex: 'offered',
        fault: { kind: 'none' },
      });
      database = await loadedWarehouse();
      at('2026-03-30');
      loaded = (await ask(database, 'SELECT count(*)::int AS invoices FROM fact_invoice'))[0] as typeof loaded;
    });

    it('asks for two small answers a year and for no report where nothing differs, and records no day as verified', async () => {
      const result = await run();
      assert.deepEqual(asked(), [
        'company',
        'vouchertype',
        'ledger',
        'group',
        'digests',
        'totals',
        'digests',
        'totals',
      ]);
      const { differences, listed, notProven, warnings, byTotals, answered, index } = result;
      assert.deepEqual([differences, listed, notProven, warnings], [none, [], null, []]);
      assert.deepEqual(byTotals, [range]);
      assert.deepEqual([answered, index], [{ vouchers: 0, from: null, to: null }, null]);
      assert.deepEqual(result.invoices, { tally: loaded.invoices, warehouse: loaded.invoices });
      assert.deepEqual(await verified(), []);
      assert.equal(await seenOfTotals(), 'right 1');
      const whole = await run({ totals: false });
      assert.deepEqual(result.days, whole.days);
      assert.equal(whole.byTotals, undefined);
    });

    it('finds an amount that was changed by hand in the warehouse by the totals of its day, and names it field by field', async () => {
      await by(first.guid, 'UPDATE fact_invoice SET total_amount = total_amount + 0.01');
      const result = await run();
      assert.deepEqual(inShort(result), [['different', first.guid, 'total_amount']]);
      assert.deepEqual(result.differences, { ...none, different: 1 });
      assert.deepEqual([result.notProven, result.warnings], [null, []]);
      assert.equal(readDays(result), 1);
      assert.deepEqual(await verified(), [{ date: first.date, differences: 1 }], 'the day was read whole');
      assert.deepEqual(
        result.days.filter(({ differences }) => differences > 0).map(({ date, invoiceType }) => [date, invoiceType]),
        [[first.date, first.base]],
      );
    });

    it('finds a sign that was turned, although the sum is as large as before', async () => {
      await by(second.guid, 'UPDATE fact_invoice SET total_amount = -total_amount');
      assert.deepEqual(inShort(await run()), [['different', second.guid, 'total_amount']]);
    });

    for (const [what, sql, kind] of [
      ['was deleted', 'DELETE FROM fact_invoice', 'missing-here'],
      ['has another ALTERID and narration', "UPDATE fact_invoice SET alter_id = 1, narration = 'x'", 'different'],
      ['is marked as missing', 'UPDATE fact_invoice SET missing_since = now()', 'different'],
      ['has another date', `UPDATE fact_invoice SET date = '${addDays(third.date, 1)}'`, 'different'],
    ] as const)
      it(`finds an invoice that ${what} in the warehouse, once`, async () => {
        await by(third.guid, sql);
        const { listed, differences, byTotals } = await run();
        assert.deepEqual(
          listed.map((one) => [one.kind, one.invoiceId]),
          [[kind, third.guid]],
        );
        assert.equal(differences.missingHere + differences.different + differences.goneInTally, 1);
        assert.ok(byTotals!.length >= 1);
      });

    it('finds what was edited, re-dated, entered and deleted in Tally since, and nothing else', async () => {
      change(
        { edit: first, fields: { narration: 'corrected' } },
        { redate: second, to: fourth.date },
        { delete: third },
        { create: { ...fourth, number: 'NEW/1' } },
      );
      const result = await run();
      const found = new Map(result.listed.map(({ invoiceId, ...one }) => [invoiceId, one]));
      assert.equal(result.listed.length, 4);
      assert.deepEqual(found.get(first.guid)!.fields, [
        { field: 'narration', warehouse: first.narration || null, tally: 'corrected' },
      ]);
      assert.ok(found.get(second.guid)!.fields.some(({ field }) => field === 'date'));
      assert.equal(found.get(third.guid)!.kind, 'gone-in-tally');
      assert.deepEqual(result.differences, { missingHere: 1, different: 2, goneInTally: 1 });
      assert.equal(result.notProven, null);
      assert.ok(readDays(result) <= 20);
      const whole = await run({ totals: false });
      assert.deepEqual(whole.differences, result.differences);
      assert.deepEqual(inShort(whole), inShort(result));
      assert.deepEqual(whole.days, result.days);
    });

    it('finds that all vouchers of a day were deleted in Tally', async () => {
      const ofDay = [...book.vouchers({ from: first.date, to: first.date })];
      change(...ofDay.map((one) => ({ delete: one })));
      const result = await run();
      const invoicesOfDay = ofDay.filter(({ base }) => base !== 'none');
      assert.deepEqual([result.differences, result.notProven], [{ ...none, goneInTally: invoicesOfDay.length }, null]);
      assert.equal(readDays(result), 1);
    });

    it('reads a year of which Tally adds up nothing, as that proves nothing', async () => {
      tally.behave({ book: bookOf([...book.vouchers()], { range: { ...range, from: '2022-04-01' } }) });
      const result = await run({ from: '2023-04-01' });
      assert.deepEqual([result.differences, result.notProven, result.byTotals], [none, null, [range]]);
      assert.ok(asked().includes('report'));
    });

    const ends: Record<Switches['dayTotals'], { warning?: RegExp; readsAll: boolean; seen: string | null }> = {
      offered: { readsAll: false, seen: 'right 1' },
      'other-sign': { readsAll: false, seen: 'right 1' },
      'with-dr-cr': { readsAll: false, seen: 'right 1' },
      cut: { readsAll: false, seen: 'right 1' },
      refused: { readsAll: true, seen: 'wrong 1', warning: /does not add up its vouchers/ },
      'counts-only': { readsAll: true, seen: 'wrong 1', warning: /does not add up its vouchers/ },
      'without-types': { readsAll: true, seen: 'wrong 1', warning: /does not add up its vouchers/ },
      empty: { readsAll: true, seen: null, warning: /does not add up its vouchers/ },
      'other-sums': { readsAll: true, seen: 'right 1', warning: /differ from the warehouse's also on days/ },
    };
    for (const dayTotals of switches.dayTotals)
      it(`finds all differences by a Tally whose totals are \`${dayTotals}\``, async () => {
        tally.behave({ dayTotals });
        await by(first.guid, 'UPDATE fact_invoice SET narration = narration, total_amount = total_amount + 1');
        change({ delete: third });
        const { readsAll, warning, seen } = ends[dayTotals];
        const isFalse = dayTotals === 'other-sums';
        const result = await run();
        assert.deepEqual(inShort(result).sort(), [
          ['different', first.guid, 'total_amount'],
          ['gone-in-tally', third.guid],
        ]);
        assert.deepEqual(result.byTotals!.length === 0, readsAll);
        if (!isFalse && warning) assert.match(String(result.notByTotals), warning);
        else assert.deepEqual(result.warnings, []);
        assert.equal(await seenOfTotals(), seen);
        assert.equal(result.notProven, null);
      });

    it('finds a changed amount on a day that Tally leaves out of its totals', async () => {
      tally.behave({ dayTotals: 'cut' });
      const last = invoices.at(-1)!;
      await by(last.guid, 'UPDATE fact_invoice SET total_amount = total_amount + 1');
      assert.deepEqual(inShort(await run()), [['different', last.guid, 'total_amount']]);
    });

    it('compares all field by field, and says why, where the totals of a Tally show differences that do not exist', async () => {
      tally.behave({ dayTotals: 'other-sums' });
      const result = await run();
      assert.deepEqual([result.differences, result.byTotals], [none, []]);
      assert.match(String(result.notByTotals), /^Compared field by field, not by totals: Tally's totals differ/);
    });

    describe('whose totals of some days differ and whose vouchers do not', () => {
      // The demo Tally adds vouchers that are given as XML to no total, so the totals of their days differ.
      const serve = async (...days: string[]): Promise<void> => {
        const more = days.map((date, i) => leanSale(900_001 + i, date));
        const all = [...book.vouchers(), ...more].sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
        tally.behave({ book: bookOf(all, { range }) });
        await load(await server.freshDatabase());
      };

      it('reads these days whole, and believes the totals of the others', async () => {
        await serve('2024-07-15', '2025-07-15');
        await by(first.guid, 'UPDATE fact_invoice SET total_amount = 1');
        const result = await run();
        assert.deepEqual(inShort(result), [['different', first.guid, 'total_amount']]);
        assert.deepEqual(result.warnings, []);
        assert.equal(readDays(result), 3);
      });

      it('compares all field by field after three of them without a difference, and says why', async () => {
        await serve('2024-07-15', '2024-12-15', '2025-07-15', '2025-10-15');
        await by(fourth.guid, "UPDATE fact_invoice SET narration = 'seen by no total'");
        const counts: number[] = [];
        const onProgress = ({ invoices: count }: Progress): void => void counts.push(count);
        const result = await verify({ ...range, totals: true }, { ...context(), onProgress });
        assert.deepEqual(
          counts,
          [...counts].sort((a, b) => a - b),
          'the count goes on where it was',
        );
        assert.ok(counts.at(-1)! > result.invoices.tally, 'some were read twice');
        assert.deepEqual(inShort(result), [['different', fourth.guid, 'narration']]);
        assert.deepEqual(result.byTotals, []);
        assert.match(String(result.notByTotals), /also on days that have no difference/);
      });

      it('believes them all where one of them has a difference', async () => {
        await serve('2024-07-15', '2024-12-15', '2025-07-15', '2025-10-15');
        await by(voucherId(900_001), 'UPDATE fact_invoice SET total_amount = 1');
        const result = await run();
        assert.deepEqual(inShort(result), [['different', voucherId(900_001), 'total_amount']]);
        assert.deepEqual([readDays(result), result.warnings], [4, []]);
      });
    });

    it('does not ask a Tally again that did not answer, and asks it again after a month', async () => {
      tally.behave({ dayTotals: 'refused' });
      await run();
      await run();
      assert.ok(!asked().includes('totals'));
      at('2026-05-01');
      await sync(context());
      tally.behave({ dayTotals: 'offered' });
      assert.deepEqual((await run()).byTotals, [range]);
    });

    it('goes on without totals where the request breaks an answer off', async () => {
      tally.behave({ fault: { kind: 'cut', on: 'day-totals', afterBytes: 300, times: 1 } });
      const broken = await run();
      assert.deepEqual([broken.differences, broken.byTotals, await seenOfTotals()], [none, [], 'wrong 1']);
      assert.match(String(broken.notByTotals), /does not add up its vouchers/);
    });

    it('leaves no mark on a Tally that was asked when the run was cancelled', async () => {
      const controller = new AbortController();
      tally.behave({
        onRequest: ({ byType }) => {
          if (byType) controller.abort();
        },
      });
      await assert.rejects(verify({ ...range, totals: true }, { ...context(), signal: controller.signal }), {
        code: 'cancelled',
      });
      tally.behave({ onRequest: undefined });
      assert.equal(await seenOfTotals(), null);
    });

    for (const [what, warning, prepare, env] of [
      [
        'what Tally adds up was not compared with its list within a week',
        /in the last 7 days no sync has confirmed .*\. Run a sync/,
        () => {
          at('2026-04-06');
          return Promise.resolve();
        },
        {},
      ],
      [
        'its digests were found wrong',
        /does not add up its vouchers/,
        () => ask(database, "UPDATE etl_sources SET digests = 'wrong 1'"),
        {},
      ],
      [
        'a report is set',
        /one report is set\. .* set TALLY_REPORT=auto\.$/m,
        () => Promise.resolve(),
        { TALLY_REPORT: 'day-book' },
      ],
      [
        'Tally gives no digests any more',
        /does not add up its vouchers/,
        () => {
          tally.behave({ dayDigests: 'refused' });
          return Promise.resolve();
        },
        {},
      ],
    ] as const)
      it(`compares field by field where ${what}`, async () => {
        await by(first.guid, "UPDATE fact_invoice SET narration = 'changed by hand'");
        await prepare();
        const result = await run({}, env);
        assert.match(String(result.notByTotals), warning);
        assert.deepEqual([inShort(result), result.byTotals], [[['different', first.guid, 'narration']], []]);
        assert.ok(!asked().includes('totals'));
      });
  });
