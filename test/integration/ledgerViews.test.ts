import assert from 'node:assert/strict';
import { addDays, monthEnd, type CalendarDate } from '../../src/core/base/calendar.js';
import { formatDecimal } from '../../src/core/base/decimal.js';
import type { JobResult } from '../../src/core/jobs/job.js';
import { clearAndReload, sync, yearFigures } from '../../src/core/core.js';
import { createBook, type Book } from '../../src/demo/book/book.js';
import { demoCompanyGuid } from '../../src/demo/demoNames.js';
import { balancesOf } from '../../src/demo/ledger/balances.js';
import { pendingBills } from '../../src/demo/ledger/pendingBills.js';
import { stockOf } from '../../src/demo/ledger/stock.js';
import { asStored } from '../support/asStored.js';
import { contextOf } from '../support/context.js';
import { withChanges } from '../support/demo/changedBook.js';
import { ask, loadedOnce, servers } from '../support/postgres.js';
import { useToday } from '../support/shiftedClock.js';
import { useTally } from '../support/useTally.js';

const now = '2024-09-30';
const from = '2024-04-01';
const monthEnds = [4, 5, 6, 7, 8, 9].map((month) => monthEnd(`2024-0${month}-01`));

for (const server of servers())
  describe(`the views of the ledger in ${server.name}`, function () {
    this.timeout(180_000);
    useToday(now);
    const book = createBook({ invoices: 450, from, to: now });
    const vouchers = [...book.vouchers()];
    const tally = useTally({ book });
    let database: string;
    const context = () => contextOf({ TALLY_URL: tally.url, DB_URL: database, TALLY_STREAMS: 'invoices,ledger' });
    const run = (): Promise<JobResult> => sync(context());
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
    const rows = (sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> =>
      ask(database, sql, values);
    const one = async (sql: string, values: unknown[] = []): Promise<unknown> =>
      Object.values((await rows(sql, values))[0] ?? {})[0];
    const rupees = (paise: bigint): string => formatDecimal(paise, 2);
    const sorted = (lines: string[]): string[] => [...lines].sort();

    async function assertBalances(of: Book, day: CalendarDate): Promise<void> {
      const found = await rows(
        'SELECT ledger_name AS name, opening_balance::text AS o, debits::text AS d, credits::text AS c, closing_balance::text AS b FROM trial_balance($1)',
        [day],
      );
      const expected = balancesOf(of, { from, to: day }).map(
        ({ row, opening, debits, credits, closing }) =>
          `${asStored(row.name)}: ${rupees(-opening)} + ${rupees(-debits)} - ${rupees(credits)} = ${rupees(-closing)}`,
      );
      const two = (text: unknown): string => (text === '0' ? '0.00' : String(text));
      assert.deepEqual(
        sorted(found.map(({ name, o, d, c, b }) => `${String(name)}: ${two(o)} + ${two(d)} - ${two(c)} = ${two(b)}`)),
        sorted(expected),
        day,
      );
    }

    async function assertBills(of: Book, day: CalendarDate): Promise<void> {
      const found = await rows(
        `SELECT ledger_name, reference, bill_date::text AS date, coalesce(due_date, bill_date)::text AS due, amount::text, 'receivable' AS side
         FROM receivables_ageing($1) WHERE reference IS NOT NULL
         UNION ALL SELECT ledger_name, reference, bill_date::text, coalesce(due_date, bill_date)::text, (-amount)::text, 'payable'
         FROM payables_ageing($1) WHERE reference IS NOT NULL`,
        [day],
      );
      const expected = pendingBills(of, day).map(
        ({ ledger, name, date, dueDate, value }) =>
          `${asStored(ledger)} ${name} ${date} ${dueDate} ${rupees(-value)} ${value < 0n ? 'receivable' : 'payable'}`,
      );
      assert.deepEqual(sorted(found.map((bill) => Object.values(bill).map(String).join(' '))), sorted(expected), day);
      assert.ok(expected.length > 20);
    }

    async function assertStock(of: Book, day: CalendarDate): Promise<void> {
      const found = await rows(
        'SELECT item_name, opening_quantity, in_quantity, out_quantity, closing_quantity FROM stock_summary($1)',
        [day],
      );
      const expected = stockOf(of, { from, to: day }).map(({ row, opening, inwards, outwards, closing }) =>
        [
          asStored(row.name),
          ...[opening.count, inwards, outwards, closing.count].map((n) => Number(formatDecimal(n, 4))),
        ].join(' '),
      );
      assert.deepEqual(
        sorted(
          found.map(({ item_name, ...counts }) =>
            [String(item_name), ...Object.values(counts).map((count) => Number(count ?? NaN))].join(' '),
          ),
        ),
        sorted(expected),
        day,
      );
    }

    async function assertAll(of: Book, days = monthEnds): Promise<void> {
      for (const day of days) {
        await assertBalances(of, day);
        await assertBills(of, day);
        await assertStock(of, day);
      }
    }

    it('equal the ledgers, bills and stock of the business at every month end, and on a day within a month', async () => {
      database = await loaded();
      await assertAll(book, [...monthEnds, '2024-06-17', from]);
    });

    it('equal them after edits, deletions, re-dated and cancelled vouchers and renamed masters', async () => {
      database = await loaded();
      const of = (typeName: string, n: number) =>
        vouchers.filter((one) => one.typeName === typeName && !one.cancelled && !one.optional)[n]!;
      const receipt = of('Receipt', 5);
      const party = of('Sales', 9).partyLedger;
      const changed = withChanges(book, [
        { edit: receipt, fields: { entries: receipt.entries.map((entry) => ({ ...entry, value: entry.value * 2n })) } },
        { delete: of('Journal', 1) },
        { delete: of('Sales', 3) },
        { redate: of('Payment', 4), to: addDays(of('Payment', 4).date, 40) },
        { cancel: of('Purchase', 2) },
        { edit: of('Contra', 1), fields: { optional: true } },
        { renameLedger: party, to: 'Renamed & Sons' },
        { renameItem: 'Rubber Slippers', to: 'Renamed Slippers' },
      ]);
      tally.behave({ book: changed });
      await run();
      await assertAll(changed);
      // A reload of everything gives the same.
      await clearAndReload({ from, to: now }, context());
      await assertAll(changed, [now]);
    });

    it('have a trial balance that sums to the difference in openings, and per party what bills and on-account money add up to', async () => {
      database = await loaded();
      const difference = await one('SELECT sum(opening_balance)::text FROM dim_ledger');
      for (const day of [from, '2024-07-09', now]) {
        assert.equal(await one('SELECT sum(closing_balance)::text FROM trial_balance($1)', [day]), difference, day);
        const odd = await rows(
          `SELECT t.ledger_name, t.closing_balance, b.amount FROM trial_balance($1) t
           JOIN dim_ledger l USING (company_id, ledger_id)
           LEFT JOIN (SELECT ledger_id, sum(amount) AS amount FROM (
             SELECT ledger_id, amount FROM receivables_ageing($1) UNION ALL SELECT ledger_id, -amount FROM payables_ageing($1)) x
             GROUP BY ledger_id) b USING (ledger_id)
           WHERE l.is_billwise AND t.closing_balance <> coalesce(b.amount, 0)`,
          [day],
        );
        assert.deepEqual(odd, [], day);
      }
      assert.ok(
        Number(await one("SELECT count(*) FROM receivables_ageing($1) WHERE bucket = 'on account'", [now])) > 3,
      );
    });

    it('put bills into buckets by their age, and say how long they are overdue', async () => {
      database = await loaded();
      const found = await rows(
        `SELECT bucket, min(age_days)::int AS young, max(age_days)::int AS old, count(*)::int AS bills FROM receivables_ageing($1)
         WHERE reference IS NOT NULL GROUP BY 1 ORDER BY 2`,
        [now],
      );
      assert.deepEqual(
        found.map(({ bucket }) => bucket),
        ['0-30', '31-60', '61-90', 'over 90'],
      );
      for (const [i, { young, old }] of found.entries()) {
        const [least, most] = [
          [0, 30],
          [31, 60],
          [61, 90],
          [91, 9999],
        ][i]!;
        assert.ok(Number(young) >= least! && Number(old) <= most!);
      }
      assert.equal(
        await one(
          'SELECT count(*)::int FROM receivables_ageing($1) WHERE overdue_days <> $1::date - coalesce(due_date, bill_date)',
          [now],
        ),
        0,
      );
    });

    it('list the income and expenses of a period, whose sum is its profit', async () => {
      database = await loaded();
      const period = { from: '2024-06-01', to: '2024-08-31' };
      const found = await rows('SELECT ledger_name AS name, amount::text, nature FROM profit_and_loss($1, $2)', [
        period.from,
        period.to,
      ]);
      const expected = balancesOf(book, period)
        .filter(({ isRevenue, debits, credits }) => isRevenue && (debits !== 0n || credits !== 0n))
        .map(({ row, closing }) => `${asStored(row.name)} ${rupees(closing)}`);
      assert.deepEqual(sorted(found.map(({ name, amount }) => `${String(name)} ${String(amount)}`)), sorted(expected));
      assert.ok(found.every(({ nature }) => nature === 'income' || nature === 'expense'));
    });

    it('show the entries of a ledger with the balance after each, from the balance brought forward on', async () => {
      database = await loaded();
      const [first, last] = ['2024-06-01', '2024-07-31'];
      const found = await rows(
        'SELECT voucher_id, date::text, debit, credit, balance::text FROM ledger_statement($1, $2, $3)',
        ['Cash', first, last],
      );
      const at = (day: CalendarDate): string =>
        rupees(-balancesOf(book, { from, to: day }).find(({ row }) => row.name === 'Cash')!.closing);
      assert.equal(found.filter(({ voucher_id }) => voucher_id === null).length, 1);
      assert.equal(found.find(({ voucher_id }) => voucher_id === null)!.balance, at(addDays(first, -1)));
      const lastOf = (day: CalendarDate) =>
        one(
          'SELECT balance::text FROM ledger_statement($1, $2, $3) ORDER BY date DESC, voucher_id IS NULL, line_no DESC LIMIT 1',
          ['Cash', first, day],
        );
      assert.ok(found.length > 10);
      assert.equal(
        await one('SELECT sum(debit - credit)::text FROM ledger_statement($1, $2, $3)', ['Cash', first, last]),
        rupees(
          balancesOf(book, { from, to: addDays(first, -1) }).find(({ row }) => row.name === 'Cash')!.closing -
            balancesOf(book, { from, to: last }).find(({ row }) => row.name === 'Cash')!.closing,
        ),
      );
      assert.ok((await lastOf(last)) !== undefined);
      const balances = found.map(({ balance }) => balance);
      assert.ok(balances.includes(at(last)), 'the closing of the period is a balance of the statement');
    });

    it('have cash and banks, and the day book with every voucher that is in the books', async () => {
      database = await loaded();
      const found = await rows(
        'SELECT ledger_name AS name, kind, closing_balance::text AS closing FROM cash_and_bank($1) ORDER BY 1',
        [now],
      );
      const closing = (name: string): string =>
        rupees(-balancesOf(book, { from, to: now }).find(({ row }) => row.name === name)!.closing);
      assert.deepEqual(found, [
        { name: 'Cash', kind: 'cash', closing: closing('Cash') },
        { name: 'Demo Bank Current A/c 001122', kind: 'bank', closing: closing('Demo Bank Current A/c 001122') },
      ]);
      assert.equal(
        await one('SELECT count(*)::int FROM day_book'),
        vouchers.filter(({ optional, deleted }) => !optional && !deleted).length,
      );
      assert.equal(
        await one('SELECT sum(debit)::text FROM ledger_register'),
        await one('SELECT sum(amount)::text FROM day_book'),
      );
    });

    it('give the figures of a year its receivables, payables and cash, if all days of the books have the ledger', async () => {
      database = await loaded();
      const figures = async (to: CalendarDate) =>
        (await yearFigures({ companyId: demoCompanyGuid, from, to }, context()))!.balances;
      const cash = balancesOf(book, { from, to: now }).filter(({ row }) => /^(Cash|Demo Bank Current)/.test(row.name));
      const owed = await rows(
        `SELECT (SELECT sum(amount)::text FROM receivables_ageing($1)) AS receivables,
           (SELECT sum(amount)::text FROM payables_ageing($1)) AS payables`,
        [now],
      );
      assert.deepEqual(await figures('2025-03-31'), {
        ...{ on: now, ...owed[0] },
        cashAndBank: rupees(-cash.reduce((sum, { closing }) => sum + closing, 0n)),
      });
      assert.equal((await figures('2024-06-30'))!.on, '2024-06-30');
      // If one opening is not known, a sum that needs it is not known either.
      await rows("UPDATE dim_ledger SET opening_balance = NULL WHERE name = 'Cash'");
      assert.equal((await figures('2024-06-30'))!.cashAndBank, null);
      const day = (rules: string, date: string) =>
        rows(`UPDATE etl_days SET rules_hash = ${rules} WHERE date = $1`, [date]);
      await day("split_part(rules_hash, ' ', 1)", '2024-07-09'); // loaded anew, without the ledger
      assert.equal(await figures('2024-07-31'), null);
      assert.equal((await figures('2024-06-30'))!.on, '2024-06-30');
      await rows('DELETE FROM etl_days WHERE date = $1', [from]);
      assert.equal(await figures('2024-06-30'), null);
    });

    it('leave unknown what is not known: an opening that Tally did not give makes no balance', async () => {
      database = await loaded();
      await rows("UPDATE dim_ledger SET opening_balance = NULL WHERE name = 'Cash'");
      assert.deepEqual(
        await rows("SELECT opening_balance, closing_balance FROM trial_balance($1) WHERE ledger_name = 'Cash'", [now]),
        [{ opening_balance: null, closing_balance: null }],
      );
      assert.equal(await one("SELECT count(balance)::int FROM ledger_statement('Cash', $1, $2)", [from, now]), 0);
      const party = await one('SELECT ledger_id FROM fact_opening_bill LIMIT 1');
      await rows('UPDATE fact_opening_bill SET amount = NULL WHERE ledger_id = $1 AND bill_no = 1', [party]);
      assert.deepEqual(
        await rows(
          'SELECT amount, count(*)::int AS n FROM open_bills($1) WHERE ledger_id = $2 AND amount IS NULL GROUP BY 1',
          [now, party],
        ),
        [{ amount: null, n: 2 }],
        'the bill, and what is on account beside it',
      );
      await rows(
        "UPDATE fact_stock_entry SET quantity = NULL WHERE item_name = 'Rubber Slippers' AND direction = 'out'",
      );
      await rows("UPDATE fact_stock_entry SET direction = 'counted' WHERE line_no = 1 AND item_name = 'LED Tube 20W'");
      const stock = await rows(
        'SELECT item_name, in_quantity IS NULL AS i, out_quantity IS NULL AS o, closing_quantity IS NULL AS c, last_counted_on IS NULL AS n FROM stock_summary($1) ORDER BY 1',
        [now],
      );
      const flags = (name: string): unknown[] =>
        Object.values(stock.find(({ item_name }) => item_name === name)!).slice(1);
      assert.deepEqual(flags('Rubber Slippers'), [false, true, true, true]);
      assert.deepEqual(flags('LED Tube 20W'), [false, false, true, false]);
      assert.deepEqual(flags('Copper Wire 1.5 sq mm'), [false, false, false, true]);
    });

    it('find ledgers and items by their names where entries have no id', async () => {
      database = await loaded();
      await rows("UPDATE fact_ledger_entry SET ledger_id = NULL WHERE ledger_name IN ('Cash', 'Office Rent')");
      await rows("UPDATE fact_stock_entry SET item_id = NULL WHERE item_name = 'Rubber Slippers'");
      await assertBalances(book, now);
      await assertStock(book, now);
      await rows("UPDATE fact_ledger_entry SET ledger_name = 'Nobody' WHERE ledger_name = 'Office Rent'");
      assert.deepEqual(
        await rows(
          "SELECT ledger_id, opening_balance, closing_balance, debits > 0 AS d FROM trial_balance($1) WHERE ledger_name = 'Nobody'",
          [now],
        ),
        [{ ledger_id: null, opening_balance: null, closing_balance: null, d: true }],
      );
      assert.deepEqual(
        await rows("SELECT nature FROM profit_and_loss($1, $2) WHERE ledger_name = 'Nobody'", [from, now]),
        [{ nature: null }],
      );
    });

    it('count goods once where an invoice and a note share a tracking number', async () => {
      database = await loaded();
      const before = await rows(
        "SELECT out_quantity::text AS o FROM stock_summary($1) WHERE item_name = 'Rubber Slippers'",
        [now],
      );
      const [sale] = await rows(
        `SELECT s.voucher_id, s.line_no, s.quantity::text FROM fact_stock_entry s JOIN fact_voucher v USING (company_id, voucher_id)
         WHERE s.item_name = 'Rubber Slippers' AND v.base_type = 'sales' AND NOT v.is_optional AND s.quantity < 0 LIMIT 1`,
      );
      await rows("UPDATE fact_stock_entry SET tracking_number = 'T/1' WHERE voucher_id = $1 AND line_no = $2", [
        sale!.voucher_id,
        sale!.line_no,
      ]);
      await rows(
        `INSERT INTO fact_voucher SELECT company_id, 'note', alter_id, 1, 'Delivery Note', 'delivery_note', 'N', date, NULL, NULL, party_name, 0,
           false, false, false, NULL, '', 1, run_id, loaded_at, NULL FROM fact_voucher WHERE voucher_id = $1`,
        [sale!.voucher_id],
      );
      await rows(
        `INSERT INTO fact_stock_entry (company_id, voucher_id, line_no, date, item_name, item_id, direction, quantity, tracking_number)
         SELECT company_id, 'note', 1, date, item_name, item_id, direction, quantity, 'T/1' FROM fact_stock_entry WHERE voucher_id = $1 AND line_no = $2`,
        [sale!.voucher_id, sale!.line_no],
      );
      assert.deepEqual(
        await rows("SELECT out_quantity::text AS o FROM stock_summary($1) WHERE item_name = 'Rubber Slippers'", [now]),
        before,
      );
    });

    it('keep companies apart, and read one part of the tables for a question about one company', async () => {
      database = await loaded();
      const plan = await rows(
        `EXPLAIN SELECT * FROM trial_balance('2024-09-30') WHERE company_id = '${book.companyGuid}'`,
      );
      const text = plan.map((row) => String(Object.values(row)[0])).join('\n');
      assert.doesNotMatch(text, /Function Scan/, 'the function becomes part of the question');
      assert.match(text, /company_id = '/);
      for (const call of [
        'profit_and_loss($1, $1)',
        'open_bills($1)',
        'receivables_ageing($1)',
        'payables_ageing($1)',
        'cash_and_bank($1)',
        'stock_summary($1)',
        "ledger_statement('Cash', $1, $1)",
      ]) {
        const explained = await rows(`EXPLAIN SELECT * FROM ${call.replaceAll('$1', "'2024-09-30'")}`);
        assert.doesNotMatch(explained.map((row) => String(Object.values(row)[0])).join('\n'), /Function Scan/, call);
      }
    });
  });
