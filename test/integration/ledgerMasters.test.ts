import assert from 'node:assert/strict';
import { formatDecimal } from '../../src/core/base/decimal.js';
import type { JobResult } from '../../src/core/jobs/job.js';
import { backfill, sync } from '../../src/core/core.js';
import { createBook, type Book } from '../../src/demo/book/book.js';
import { costCentres } from '../../src/demo/book/masters/costCentres.js';
import { unitNames } from '../../src/demo/answers/xml/masterRows.js';
import { balancesOf, profitAndLoss } from '../../src/demo/ledger/balances.js';
import { natureOf } from '../../src/demo/ledger/natures.js';
import { billsAtOpening } from '../../src/demo/ledger/pendingBills.js';
import { itemsOf } from '../../src/demo/ledger/stock.js';
import { asStored } from '../support/asStored.js';
import { contextOf } from '../support/context.js';
import { withChanges } from '../support/demo/changedBook.js';
import { ask, loadedOnce, servers } from '../support/postgres.js';
import { useToday } from '../support/shiftedClock.js';
import { useTally } from '../support/useTally.js';

const now = '2024-06-18';
const from = '2024-04-01';

for (const server of servers())
  describe(`the masters of the stream ledger in ${server.name}`, function () {
    this.timeout(120_000);
    useToday(now);
    const book = createBook({ invoices: 240, from, to: now });
    const tally = useTally({ book });
    let database: string;
    const context = (more = {}) =>
      contextOf({ TALLY_URL: tally.url, DB_URL: database, TALLY_STREAMS: 'invoices,ledger', ...more });
    const run = (more = {}): Promise<JobResult> => sync(context(more));
    const loaded = loadedOnce(
      () => server.freshDatabase(),
      (url) => {
        database = url;
        return run();
      },
    );
    beforeEach(() => {
      tally.behave({ book });
    });
    afterEach(() => {
      tally.behave({ ledgerBalances: 'of-dates', education: 'off', otherCompanies: 'none', fault: { kind: 'none' } });
    });
    const rows = (sql: string): Promise<Record<string, unknown>[]> => ask(database, sql);
    const one = async (sql: string): Promise<unknown> => Object.values((await rows(sql))[0] ?? {})[0];
    /** The names of the requests to Tally after the first `count`. */
    const askedSince = (count: number): string[] => tally.requests.slice(count).map(({ name }) => name);

    const assertOpeningsOf = async (of: Book): Promise<void> => {
      const expected = balancesOf(of, { from, to: from }).map(({ row, opening }) => [
        asStored(row.name),
        formatDecimal(-opening, 2),
      ]);
      const found = await rows(
        `SELECT name, opening_balance::text AS opening, opening_date::text AS day FROM dim_ledger`,
      );
      assert.deepEqual(
        Object.fromEntries(found.map(({ name, opening }) => [name, opening])),
        Object.fromEntries(expected),
      );
      assert.ok(found.every(({ day }) => day === from));
    };

    it('has every ledger with its group, its opening and whether it is bill-wise', async () => {
      database = await loaded();
      await assertOpeningsOf(book);
      const groups = await rows('SELECT name, group_name, is_billwise FROM dim_ledger');
      const expected = book.ledgers.map(({ name, parent, isBillWise = false }) => [
        asStored(name),
        [name === profitAndLoss ? null : asStored(parent), isBillWise],
      ]);
      assert.deepEqual(
        Object.fromEntries(groups.map(({ name, group_name, is_billwise }) => [name, [group_name, is_billwise]])),
        Object.fromEntries(expected),
      );
    });

    it('has every bill that was open when the books began, with its dates', async () => {
      database = await loaded();
      const found = await rows(
        `SELECT ledger_name AS ledger, reference, bill_date::text AS date, due_date::text AS due, amount::text FROM fact_opening_bill`,
      );
      // For a bill without a credit period the demo has the bill's date as due date, but Tally sends none.
      const expected = book.ledgers
        .flatMap((one) => billsAtOpening(book, one))
        .map(({ ledger, name, date, dueDate, value }) => ({
          ...{ ledger: asStored(ledger), reference: name, date },
          ...{ due: dueDate === date ? null : dueDate, amount: formatDecimal(-value, 2) },
        }));
      const sorted = (all: object[]): string[] => all.map((bill) => JSON.stringify(Object.entries(bill).sort())).sort();
      assert.deepEqual(sorted(found), sorted(expected));
      assert.ok(found.length > 5);
    });

    it('has the groups with path and nature, and the stock items with what was in stock', async () => {
      database = await loaded();
      const groups = await rows('SELECT name, path, nature, sort_position FROM dim_group');
      assert.equal(groups.length, book.groups.length);
      for (const { name, path, nature } of groups) {
        const { isRevenue, isDeemedPositive } = natureOf(book, String(name))!;
        const words = isRevenue ? ['income', 'expense'] : ['liability', 'asset'];
        const top = natureOf(book, String(path).split(' > ')[0]!)!;
        assert.equal(nature, words[top.isDeemedPositive ? 1 : 0], String(name));
        assert.equal(top.isRevenue, isRevenue, String(name));
        assert.ok(String(path).endsWith(String(name)), `${String(path)} ${String(isDeemedPositive)}`);
      }
      const stock = await rows(
        'SELECT name, group_name, opening_quantity::text AS quantity, opening_value::text AS value FROM dim_stock_item',
      );
      assert.deepEqual(
        Object.fromEntries(stock.map(({ name, group_name, quantity, value }) => [name, [group_name, quantity, value]])),
        Object.fromEntries(
          itemsOf(book).map(({ name, group, opening }) => [
            asStored(name),
            [group, formatDecimal(opening.count, 4), formatDecimal(opening.value, 2)],
          ]),
        ),
      );
      assert.equal(await one('SELECT count(*)::int FROM dim_cost_centre'), costCentres.length);
      assert.deepEqual(await rows("SELECT name, base_type FROM dim_voucher_type WHERE name = 'E-Sales Export'"), [
        { name: 'E-Sales Export', base_type: 'sales' },
      ]);
      assert.deepEqual(
        await rows(
          'SELECT is_simple, base_unit, additional_unit, conversion::float8 FROM dim_unit WHERE NOT is_simple',
        ),
        [{ is_simple: false, base_unit: 'Box', additional_unit: 'Nos', conversion: 10 }],
      );
    });

    it('gives the goods of vouchers the id of their item', async () => {
      database = await loaded();
      assert.equal(
        await one(
          `SELECT count(*)::int FROM fact_stock_entry e LEFT JOIN dim_stock_item i USING (company_id, item_id)
           WHERE i.name IS DISTINCT FROM e.item_name`,
        ),
        0,
      );
      assert.ok(Number(await one('SELECT count(*) FROM fact_stock_entry WHERE item_id IS NOT NULL')) > 100);
    });

    it('is not asked for again while the counter of masters stands', async () => {
      database = await loaded();
      await rows('UPDATE etl_sources SET settled_on = NULL');
      const before = tally.requests.length;
      await run();
      assert.ok(tally.requests.length - before > 1, 'the run read something');
      assert.deepEqual(
        askedSince(before).filter((name) => /Cost ?Centre|Unit|Stock ?Item/i.test(name)),
        [],
      );
    });

    it('is read by the first sync of a warehouse whose vouchers an older version loaded', async () => {
      database = await loaded();
      await rows('DELETE FROM dim_ledger');
      await rows('UPDATE etl_sources SET settled_on = NULL, ledger_master_counter = NULL');
      await run();
      await assertOpeningsOf(book);
    });

    it('follows renamed, changed, new and deleted masters, and the ids stay', async () => {
      database = await loaded();
      const party = book.ledgers.find(({ openingBills }) => openingBills)!.name;
      const item = itemsOf(book)[0]!.name;
      const idOf = (name: string) =>
        one(`SELECT ledger_id FROM dim_ledger WHERE name = '${name.replaceAll("'", "''")}'`);
      const [id, itemId] = [
        await idOf(asStored(party)),
        await one(`SELECT item_id FROM dim_stock_item WHERE name = '${item}'`),
      ];
      const renamed = withChanges(book, [
        { renameLedger: party, to: 'Another Party' },
        { renameItem: item, to: 'Another Item' },
      ]);
      const ledgers = renamed.ledgers
        .slice(0, -1)
        .map((row) => (row.name === 'Cash' ? { ...row, opening: -123_45n } : row));
      const changed = { ...renamed, ledgers };
      tally.behave({ book: changed });
      await run();
      assert.equal(await idOf('Another Party'), id);
      assert.equal(await one("SELECT item_id FROM dim_stock_item WHERE name = 'Another Item'"), itemId);
      assert.equal(
        await one(
          `SELECT count(*)::int FROM fact_opening_bill WHERE ledger_id = '${String(id)}' AND ledger_name <> 'Another Party'`,
        ),
        0,
      );
      assert.equal(await idOf(book.ledgers.at(-1)!.name), undefined);
      await assertOpeningsOf(changed);
      const [{ same, other }] = (await rows(
        `SELECT count(*) FILTER (WHERE item_id = '${String(itemId)}')::int AS same,
           count(*) FILTER (WHERE item_id IS DISTINCT FROM '${String(itemId)}')::int AS other
         FROM fact_stock_entry WHERE item_name = 'Another Item'`,
      )) as [{ same: number; other: number }];
      assert.ok(same > 0);
      assert.equal(other, 0);
    });

    it('says which openings are unknown, which are then empty and not 0, and asks again next time', async () => {
      database = await server.freshDatabase();
      tally.behave({ ledgerBalances: 'refused' });
      const { warnings } = await run();
      assert.match(warnings.join('\n'), /did not give some masters of the ledger.*Openings, currencies and open bills/);
      assert.match(
        warnings.join('\n'),
        new RegExp(`stay empty \\(never 0\\): ${book.ledgers.length} of ledgers, 0 of bills, 25 of stock items\\.`),
      );
      assert.equal(
        await one('SELECT count(*)::int FROM dim_ledger WHERE opening_balance IS NULL'),
        book.ledgers.length,
      );
      assert.equal(await one('SELECT count(*)::int FROM dim_stock_item WHERE opening_quantity IS NULL'), 25);
      tally.behave({ ledgerBalances: 'of-dates' });
      assert.doesNotMatch((await run()).warnings.join('\n'), /openings/i);
      await assertOpeningsOf(book);
    });

    it('keeps the openings and groups that it has where Tally refuses them, and only those of the same first day', async () => {
      database = await loaded();
      const stored = () =>
        rows(
          `SELECT l.*, (SELECT jsonb_agg(to_jsonb(b) ORDER BY bill_no) FROM fact_opening_bill b WHERE b.ledger_id = l.ledger_id) AS bills
           FROM dim_ledger l ORDER BY 2`,
        );
      const items = () => rows('SELECT * FROM dim_stock_item ORDER BY 2');
      const before = [await stored(), await items()];
      const kinds = "SELECT string_agg(ledger_id || is_billwise || currency, ' ' ORDER BY ledger_id) FROM dim_ledger";
      const known = await one(kinds);
      const anew = 'UPDATE etl_sources SET settled_on = NULL, ledger_master_counter = NULL';
      await rows(anew);
      tally.behave({
        ledgerBalances: 'refused',
        onRequest: ({ name, fields }) => {
          const isDetails = name === 'Group' && fields.includes('ISREVENUE');
          tally.behave({ fault: { kind: isDetails ? 'unknown-request' : 'none' } });
        },
      });
      const { warnings } = await run();
      assert.match(warnings.join('\n'), /Groups stay as they were: Tally/);
      assert.match(warnings.join('\n'), /open bills of ledgers stay as they were, or empty:/);
      assert.deepEqual([await stored(), await items()], before);
      await rows("UPDATE dim_ledger SET opening_date = '2020-04-01'");
      await rows(anew);
      await run();
      assert.equal(await one('SELECT count(*)::int FROM dim_ledger WHERE opening_balance IS NOT NULL'), 0);
      assert.equal(await one('SELECT count(*)::int FROM fact_opening_bill'), 0);
      assert.equal(await one(kinds), known, 'what does not hang on that day');
      tally.behave({ ledgerBalances: 'of-dates', onRequest: undefined, fault: { kind: 'none' } });
      await run();
      await assertOpeningsOf(book);
    });

    it('is not taken from an answer that is cut: the run fails, and the masters stay as they were', async () => {
      database = await loaded();
      const before = await rows('SELECT * FROM dim_ledger ORDER BY 2');
      await rows('UPDATE etl_sources SET settled_on = NULL, ledger_master_counter = NULL');
      tally.behave({ fault: { kind: 'cut-end', on: 'balances', afterBytes: 3000 } });
      await assert.rejects(run(), { code: 'answer-cut' });
      assert.deepEqual(await rows('SELECT * FROM dim_ledger ORDER BY 2'), before);
    });

    it('loses no row to an empty list, and says that Tally sent none', async () => {
      database = await loaded();
      const count = 'SELECT (SELECT count(*) FROM dim_ledger) + (SELECT count(*) FROM dim_stock_item) AS n';
      const before = await one(count);
      await rows('UPDATE etl_sources SET settled_on = NULL, ledger_master_counter = NULL');
      tally.behave({ fault: { kind: 'empty-list', on: 'balances' } });
      const { warnings } = await run();
      assert.match(
        warnings.join('\n'),
        /Openings, currencies and open bills of ledgers stay as they were, or empty: Tally sent none\./,
      );
      assert.equal(await one(count), before);
      await assertOpeningsOf(book);
      tally.behave({ fault: { kind: 'none' } });
      await run();
      await assertOpeningsOf(book);
    });

    it('keeps a ledger that one of two lists of Tally lacks', async () => {
      database = await loaded();
      const shorter: Book = { ...book, ledgers: book.ledgers.slice(0, -1) };
      for (const [first, second] of [
        [shorter, book],
        [book, shorter],
      ] as const) {
        await rows('UPDATE etl_sources SET settled_on = NULL, ledger_master_counter = NULL');
        tally.behave({
          onRequest: ({ name, fields }) => {
            if (name === 'Ledger') tally.behave({ book: fields.includes('OPENINGBALANCE') ? second : first });
          },
        });
        await run();
        assert.equal(await one('SELECT count(*)::int FROM dim_ledger'), book.ledgers.length);
      }
      tally.behave({ book: shorter, onRequest: undefined });
      await rows('UPDATE etl_sources SET settled_on = NULL, ledger_master_counter = NULL');
      await run();
      assert.equal(await one('SELECT count(*)::int FROM dim_ledger'), shorter.ledgers.length);
    });

    const askAgain = () => rows('UPDATE etl_sources SET settled_on = NULL, ledger_master_counter = NULL');
    const half = <T>(all: readonly T[]): T[] => all.slice(0, all.length / 2);
    const cutLists: { table: string; kind: string; asked: string; fields: string; cut: Partial<Book> }[] = [
      {
        ...{ table: 'dim_group', kind: 'Groups', asked: 'Group', fields: 'SORTPOSITION' },
        cut: { groups: half(book.groups) },
      },
      {
        ...{ table: 'dim_stock_item', kind: 'Stock items', asked: 'Stock Item', fields: 'BASEUNITS' },
        cut: { stockItems: half(itemsOf(book)).map(({ name }) => name) },
      },
      { table: 'dim_unit', kind: 'Units', asked: 'Unit', fields: 'CONVERSION', cut: { units: half(unitNames) } },
      {
        ...{ table: 'dim_voucher_type', kind: 'Voucher types', asked: 'VoucherType', fields: 'GUID' },
        cut: { voucherTypes: half(book.voucherTypes) },
      },
      {
        ...{ table: 'dim_cost_centre', kind: 'Cost centres', asked: 'CostCentre', fields: 'CATEGORY' },
        cut: { costCentres: half(costCentres) },
      },
    ];
    for (const { table, kind, asked, fields, cut } of cutLists)
      it(`keeps every row of ${table} where Tally's list ends before masters that are in use, and says which`, async () => {
        database = await loaded();
        const stored = () =>
          rows(`SELECT t::text AS row FROM ${table} t UNION ALL SELECT l::text FROM dim_ledger l ORDER BY 1`);
        const before = await stored();
        await askAgain();
        let lists = 0;
        tally.behave({
          onRequest: (request) => {
            const isCut = request.name === asked && request.fields.includes(fields);
            if (isCut) lists++;
            tally.behave({ book: isCut ? { ...book, ...cut } : book });
          },
        });
        const { warnings } = await run();
        tally.behave({ book, onRequest: undefined });
        assert.equal(lists, 1);
        assert.deepEqual(await stored(), before);
        const said = warnings.find((text) => text.includes('did not list some masters'))!;
        assert.match(said, new RegExp(`may have ended early.* ${kind}(, which all stay as they were)?: `));
        assert.doesNotMatch((await run()).warnings.join('\n'), /did not list some masters/);
        assert.deepEqual(await stored(), before);
      });

    it('removes masters that Tally deleted and that nothing used', async () => {
      database = await loaded();
      const counts = async () =>
        (
          await rows(
            `SELECT ${cutLists.map(({ table }) => `(SELECT count(*)::int FROM ${table}) AS ${table}`).join(', ')}`,
          )
        )[0]!;
      const before = await counts();
      const unused = 'Unused';
      const more: Book = {
        ...book,
        groups: [...book.groups, { ...book.groups.at(-1)!, name: unused, reservedName: '' }],
        stockItems: [...itemsOf(book).map(({ name }) => name), unused],
        units: [...unitNames, unused],
        voucherTypes: [...book.voucherTypes, { ...book.voucherTypes.at(-1)!, name: unused, reservedName: '' }],
        costCentres: [...costCentres, { ...costCentres[0]!, name: unused }],
      };
      const load = async (of: Book) => {
        tally.behave({ book: of });
        await askAgain();
        assert.doesNotMatch((await run()).warnings.join('\n'), /did not list some masters/);
      };
      await load(more);
      assert.deepEqual(
        await counts(),
        Object.fromEntries(Object.entries(before).map(([table, count]) => [table, Number(count) + 1])),
      );
      await load(book);
      assert.deepEqual(await counts(), before);
    });

    it('removes a master that Tally deleted after its vouchers by the second load', async () => {
      database = await loaded();
      const { name } = costCentres.at(-1)!;
      const ofCentre = (await rows('SELECT voucher_id AS id, cost_centre AS centre FROM fact_cost_allocation')).flatMap(
        ({ id, centre }) => (centre === name ? [String(id)] : []),
      );
      assert.ok(ofCentre.length > 0);
      const gone = [...book.vouchers()].filter(({ guid }) => ofCentre.includes(guid));
      const changed = withChanges(
        book,
        gone.map((voucher) => ({ delete: voucher })),
      );
      tally.behave({ book: { ...changed, costCentres: costCentres.slice(0, -1), lastMasterAlterId: 5_000 } });
      assert.match((await run()).warnings.join('\n'), /did not list some masters.*Cost centres: Drivers' Pool\./);
      assert.equal(await one('SELECT count(*)::int FROM dim_cost_centre'), costCentres.length);
      assert.doesNotMatch((await run()).warnings.join('\n'), /did not list some masters/);
      assert.equal(await one('SELECT count(*)::int FROM dim_cost_centre'), costCentres.length - 1);
    });

    it('of a company that was split by years has the openings of its earliest part, in whatever order the parts are loaded', async () => {
      const whole = createBook({ invoices: 300, from: '2023-04-01', to: now });
      tally.behave({ book: whole, otherCompanies: 'split-by-years' });
      const [earlier, later] = [whole.companyName, `${whole.companyName} (from 1-Apr-24)`];
      const load = (name: string, days: { from: string; to: string }) =>
        backfill(days, context({ TALLY_COMPANY: name }));
      const first = { from: '2023-04-01', to: '2024-03-31' };
      const second = { from, to: now };
      const openings = async (): Promise<unknown> =>
        (await rows('SELECT opening_date::text AS day, count(*)::int AS n FROM dim_ledger GROUP BY 1'))[0];
      for (const order of ['earlier first', 'later first']) {
        database = await server.freshDatabase();
        if (order === 'later first') {
          await load(later, second);
          assert.deepEqual(await openings(), { day: from, n: whole.ledgers.length }, order);
        }
        await load(earlier, first);
        if (order === 'earlier first') await load(later, second);
        assert.deepEqual(await openings(), { day: '2023-04-01', n: whole.ledgers.length }, order);
        const found = await rows(
          'SELECT ledger_name AS name, closing_balance::numeric(18,2)::text AS closing FROM trial_balance($$' +
            now +
            '$$)',
        );
        assert.deepEqual(
          Object.fromEntries(found.map(({ name, closing }) => [name, closing])),
          Object.fromEntries(
            balancesOf(whole, { from: '2023-04-01', to: now }).map(({ row, closing }) => [
              asStored(row.name),
              formatDecimal(-closing, 2),
            ]),
          ),
          order,
        );
        // A part of a split company may lack masters that another part has, so nothing is removed.
        const without = { ...whole, ledgers: whole.ledgers.slice(0, -1), lastMasterAlterId: 5_000 };
        tally.behave({ book: without });
        await load(later, second);
        assert.equal(await one('SELECT count(*)::int FROM dim_ledger'), whole.ledgers.length, order);
        tally.behave({ book: whole });
      }
    });

    it('asks for no openings where a Tally without a licence would answer for another day', async () => {
      database = await server.freshDatabase();
      const late = createBook({ invoices: 60, from: '2024-04-05', to: now });
      tally.behave({ book: late, education: 'drops-bounds' });
      const { warnings } = await backfill({ from: '2024-04-05', to: now }, context());
      assert.match(warnings.join('\n'), /Without a licence Tally does not tell the openings/);
      assert.equal(await one('SELECT count(opening_balance)::int FROM dim_ledger'), 0);
      assert.ok(Number(await one('SELECT count(*) FROM dim_ledger')) > 80);
    });
  });
