import assert from 'node:assert/strict';
import { formatDecimal } from '../../src/core/base/decimal.js';
import { paiseOf } from '../../src/core/base/format.js';
import { clearAndReload, describeComparison, verify } from '../../src/core/core.js';
import type { Book } from '../../src/demo/book/book.js';
import { ledger as names } from '../../src/demo/book/masters/ledgers.js';
import { customers } from '../../src/demo/book/masters/parties.js';
import { billsOf, tallyAmount } from '../../src/demo/book/voucher.js';
import { pendingBills } from '../../src/demo/ledger/pendingBills.js';
import { asStored } from '../support/asStored.js';
import { withChanges } from '../support/demo/changedBook.js';
import { servers } from '../support/postgres.js';
import { useToday } from '../support/shiftedClock.js';
import {
  differencesOf,
  from,
  june,
  monthOf,
  mostProbes,
  now,
  useVerifiedBooks,
  whole,
} from '../support/verifiedBooks.js';

for (const server of servers())
  describe(`what stands on the books, verified in ${server.name}`, function () {
    this.timeout(120_000);
    useToday(now);
    const { book, tally, context, verified, ask, change, useJune, loadAnew } = useVerifiedBooks(server);
    const vouchers = [...book.vouchers()];

    it('is all equal to the paisa, from the first day of the books on, by four requests', async () => {
      const { ledger, bills, stock, vouchers: ofRange, warnings, notProven, asked } = await verified();
      assert.deepEqual([warnings, notProven], [[], null]);
      assert.deepEqual(
        { ...ledger, compared: 0 },
        { ...whole, openings: true, totals: true, compared: 0, differences: 0, listed: [], foreign: [], untold: [] },
      );
      assert.equal(ledger?.compared, book.ledgers.length);
      const open = pendingBills(book, now).length;
      assert.deepEqual(bills, { on: now, compared: open, differences: 0, listed: [], notCompared: [] });
      assert.ok(open > 100);
      assert.deepEqual(
        { ...stock, compared: 0 },
        { ...whole, openings: true, compared: 0, differences: 0, listed: [], notCompared: [] },
      );
      assert.ok(stock!.compared >= 25);
      const [{ booked }] = (await ask(
        `SELECT count(DISTINCT voucher_id)::int AS booked FROM fact_ledger_entry JOIN fact_voucher USING (company_id, voucher_id, date)
         WHERE date BETWEEN '${june.from}' AND '${june.to}' AND NOT is_optional`,
      )) as [{ booked: number }];
      assert.deepEqual(ofRange, { ...june, compared: booked, differences: 0, listed: [] });
      assert.ok(booked > 10);
      assert.deepEqual(asked, { ledgers: 1, bills: 2, stock: 1 });
    });

    it('names each voucher of the range whose entries do not add up since one was changed by hand', async () => {
      const isBooked = ({ typeName, cancelled, optional, date }: (typeof vouchers)[number]): boolean =>
        ['Receipt', 'Payment'].includes(typeName) && !cancelled && !optional && date >= june.from;
      const [first, second] = vouchers.filter(isBooked);
      const before = vouchers.find(
        ({ typeName, cancelled, optional, date }) =>
          typeName === 'Receipt' && !cancelled && !optional && date < june.from,
      )!;
      for (const [voucher, paise] of [
        [first, '0.01'],
        [second, '-250'],
        [before, '7'],
      ] as const)
        await change(
          `UPDATE fact_ledger_entry SET amount = amount + $2::numeric WHERE voucher_id = $1 AND line_no = 1 RETURNING 1`,
          [voucher!.guid, paise],
        );
      const rowOf = (voucher: typeof before, sum: string) => ({
        ...{ date: voucher.date, voucherType: voucher.typeName, voucherNumber: asStored(voucher.number) },
        ...{ voucherId: voucher.guid, sum },
      });
      const result = await verified();
      assert.deepEqual(
        [result.vouchers!.differences, result.vouchers!.listed],
        [2, [rowOf(first!, '0.01'), rowOf(second!, '-250.00')]],
      );
      const { text, concerns } = describeComparison(result, 'the warehouse', '2024-06-18T10:00:00Z', 'Fix it.');
      assert.match(concerns.join('\n'), /The entries of 2 vouchers in the warehouse do not add up to 0\./);
      assert.match(text, /^Vouchers whose entries do not add up to 0, 1–18.Jun.2024\n\nDate +Type +Number +Sum\n/m);
      assert.match(text, /^\d+.Jun.2024 +Receipt .* ₹0\.01.Dr$/m);
      const one = await verify({ ...june, limit: 1 }, context());
      assert.deepEqual([one.vouchers!.differences, one.vouchers!.listed], [2, [rowOf(first!, '0.01')]]);
      // Optional vouchers and vouchers that Tally no longer has are not in the books.
      await change('UPDATE fact_voucher SET is_optional = true WHERE voucher_id = $1 RETURNING 1', [first!.guid]);
      await change('UPDATE fact_voucher SET missing_since = now() WHERE voucher_id = $1 RETURNING 1', [second!.guid]);
      assert.equal((await verified()).vouchers!.differences, 0);
    });

    it('names a ledger of which an entry was changed by hand, by how much and since which month', async () => {
      const entry = await change(
        `UPDATE fact_ledger_entry SET amount = amount + 0.01 WHERE (voucher_id, line_no) = (
           SELECT voucher_id, line_no FROM fact_ledger_entry WHERE amount > 0 AND date BETWEEN '2023-09-10' AND '2023-09-20'
           ORDER BY 1, 2 LIMIT 1) RETURNING ledger_name AS ledger`,
      );
      const result = await verified();
      assert.deepEqual(differencesOf(result), [1, 0, 0]);
      const [found] = result.ledger!.listed;
      assert.deepEqual([found!.ledger, found!.since], [entry.ledger, monthOf('2023-09-01')]);
      const more = (side: 'debits' | 'closing'): bigint =>
        paiseOf(found!.warehouse[side]!) - paiseOf(found!.tally[side]!);
      assert.deepEqual([more('debits'), more('closing')], [1n, 1n]);
      assert.deepEqual(
        [found!.warehouse.credits, found!.warehouse.opening],
        [found!.tally.credits, found!.tally.opening],
      );
      assert.ok(result.asked.ledgers <= 1 + mostProbes, String(result.asked.ledgers));
    });

    it('names every ledger and bill of a receipt that is missing, although no invoice is', async () => {
      const receipt = vouchers.find(
        ({ typeName, cancelled, optional, forex, date, entries }) =>
          typeName === 'Receipt' &&
          !cancelled &&
          !optional &&
          !forex &&
          date > '2024-01-05' &&
          entries.some((entry) => entry.kind === 'ledger' && billsOf(entry).some(({ kind }) => kind === 'against')),
      )!;
      await ask('DELETE FROM fact_voucher WHERE voucher_id = $1', [receipt.guid]);
      const result = await verified();
      assert.deepEqual(result.differences, { missingHere: 0, different: 0, goneInTally: 0 });
      const [ledger, bills] = [result.ledger!, result.bills!];
      assert.deepEqual(
        ledger.listed.map((one) => [one.ledger, one.since]),
        [...new Set(receipt.entries.map((entry) => asStored(entry.ledger)))]
          .sort()
          .map((name) => [name, monthOf(receipt.date)]),
      );
      const settled = receipt.entries.flatMap((entry) =>
        entry.kind === 'ledger'
          ? billsOf(entry).flatMap(({ kind, name, value }) =>
              kind === 'on-account'
                ? []
                : [{ ledger: asStored(entry.ledger), name: asStored(name), value: tallyAmount(receipt, entry, value) }],
            )
          : [],
      );
      const inOrder = (rows: [string, string, bigint][]) => rows.map((row) => row.map(String)).sort();
      assert.deepEqual(
        inOrder(bills.listed.map((one) => [one.ledger, one.reference, paiseOf(one.warehouse) - paiseOf(one.tally)])),
        inOrder(settled.map((bill) => [bill.ledger, bill.name, bill.value])),
      );
      for (const { since } of bills.listed) assert.deepEqual(since, monthOf(receipt.date));
      assert.equal(result.stock!.differences, 0);
    });

    it('finds an edited reference: the bill that the warehouse lacks, and the one that Tally does not have', async () => {
      const open = pendingBills(book, now).findLast(
        ({ date, value }) => value < 0n && date < '2024-06-01' && date > '2024-03-01',
      )!;
      await change(
        `UPDATE fact_bill SET reference = 'edited' WHERE kind = 'new' AND ledger_name = $1 AND reference = $2 RETURNING 1`,
        [asStored(open.ledger), asStored(open.name)],
      );
      const result = await verified();
      assert.deepEqual(differencesOf(result), [0, 2, 0]);
      const made = formatDecimal(-open.value, 2);
      assert.deepEqual(
        new Map(result.bills!.listed.map(({ reference, ...bill }) => [reference, bill])),
        new Map([
          [
            asStored(open.name),
            { ledger: asStored(open.ledger), tally: made, warehouse: '0.00', since: monthOf(open.date) },
          ],
          ['edited', { ledger: asStored(open.ledger), tally: '0.00', warehouse: made, since: monthOf(open.date) }],
        ]),
      );
      assert.ok(result.asked.bills <= 2 + 2 * mostProbes, String(result.asked.bills));
    });

    it('finds an opening balance that was edited in the warehouse, and one that was edited in Tally', async () => {
      await change(`UPDATE dim_ledger SET opening_balance = opening_balance + 1000 WHERE name = $1 RETURNING 1`, [
        names.cash,
      ]);
      const edited = (row: Book['ledgers'][number]): Book['ledgers'][number] =>
        row.name === names.machinery ? { ...row, opening: row.opening! - 500n } : row;
      tally.behave({ book: { ...book, ledgers: book.ledgers.map(edited) } });
      const result = await verified();
      assert.deepEqual(differencesOf(result), [2, 0, 0]);
      assert.deepEqual(
        result.ledger!.listed.map(({ ledger, since, tally: there, warehouse }) => [
          ledger,
          since,
          paiseOf(warehouse.opening) - paiseOf(there.opening),
          paiseOf(warehouse.closing) - paiseOf(there.closing),
        ]),
        [
          [names.cash, 'opening', 100_000n, 100_000n],
          [names.machinery, 'opening', -500n, -500n],
        ],
      );
      // The second request shows that Tally keeps to its dates.
      assert.equal(result.asked.ledgers, 2);
      await clearAndReload({ from: '2023-05-02', to: '2023-05-02' }, context());
      assert.deepEqual(differencesOf(await verified()), [0, 0, 0]);
    });

    it('finds an opening bill that was edited, and says that the opening may be it', async () => {
      const [known] = book.ledgers.flatMap(({ name, openingBills = [] }) =>
        openingBills.map((bill) => ({ ledger: name, ...bill })),
      );
      await change(
        'UPDATE fact_opening_bill SET amount = amount + 7 WHERE ledger_name = $1 AND reference = $2 RETURNING 1',
        [asStored(known!.ledger), asStored(known!.name)],
      );
      const { bills } = await verified();
      assert.equal(bills!.differences, 1);
      const [found] = bills!.listed;
      assert.deepEqual(
        [found!.ledger, found!.reference, found!.wasOpen, found!.since],
        [asStored(known!.ledger), asStored(known!.name), true, monthOf(from)],
      );
      assert.equal(paiseOf(found!.warehouse) - paiseOf(found!.tally), 700n);
    });

    it('finds a quantity that was edited, and an opening quantity', async () => {
      const moved = await change(
        `UPDATE fact_stock_entry SET quantity = quantity + 2 WHERE (voucher_id, line_no) = (
           SELECT voucher_id, line_no FROM fact_stock_entry JOIN fact_voucher USING (company_id, voucher_id, date)
           WHERE direction = 'out' AND quantity < -3 AND unit = 'Nos' AND item_name <> 'Rubber Slippers'
             AND NOT is_optional AND date BETWEEN '2023-12-01' AND '2023-12-31' ORDER BY 1, 2 LIMIT 1) RETURNING item_name AS item`,
      );
      const opened = await change(
        `UPDATE dim_stock_item SET opening_quantity = opening_quantity + 1 WHERE name = 'Rubber Slippers' RETURNING name AS item`,
      );
      const result = await verified();
      assert.deepEqual(differencesOf(result), [0, 0, 2]);
      const found = new Map(result.stock!.listed.map((one) => [one.item, one]));
      const more = (item: unknown): number => {
        const { tally: there, warehouse } = found.get(String(item))!;
        return Number(warehouse.closing) - Number(there.closing);
      };
      assert.deepEqual([more(moved.item), more(opened.item)], [2, 1]);
      assert.deepEqual(found.get(String(moved.item))!.since, monthOf('2023-12-01'));
      assert.equal(found.get(String(moved.item))!.unit, 'Nos');
      assert.equal(found.get(String(opened.item))!.since, 'opening');
      assert.ok(result.asked.stock <= 1 + mostProbes, String(result.asked.stock));
    });

    it('finds an opening quantity also where a movement makes up for it', async () => {
      const { item } = await change(
        `UPDATE fact_stock_entry SET quantity = quantity - 1 WHERE (voucher_id, line_no) = (
           SELECT voucher_id, line_no FROM fact_stock_entry WHERE direction = 'out' AND unit = 'Nos' ORDER BY 1, 2 LIMIT 1)
         RETURNING item_name AS item`,
      );
      await change('UPDATE dim_stock_item SET opening_quantity = opening_quantity + 1 WHERE name = $1 RETURNING name', [
        item,
      ]);
      const [found] = (await verified()).stock!.listed;
      assert.deepEqual([found!.item, found!.since], [item, 'opening']);
      assert.equal(found!.tally.closing, found!.warehouse.closing);
    });

    it('names an item whose quantity is set by a physical stock voucher, and does not count it as equal', async () => {
      const all = (await verified()).stock!.compared;
      const counted = await change(
        `UPDATE fact_stock_entry SET direction = 'counted' WHERE (voucher_id, line_no) = (
           SELECT voucher_id, line_no FROM fact_stock_entry WHERE direction = 'in' ORDER BY 1, 2 LIMIT 1) RETURNING item_name AS item`,
      );
      const { stock } = await verified();
      assert.deepEqual(
        [stock!.differences, stock!.compared, stock!.notCompared],
        [0, all - 1, [{ item: counted.item, reason: 'counted' }]],
      );
    });

    it('is equal again after a clear and reload of the days that it names', async () => {
      await ask(`UPDATE fact_ledger_entry SET amount = amount * 2 WHERE date = '2023-07-10'`);
      await ask(`UPDATE fact_bill SET reference = 'x' || reference WHERE date = '2023-07-12'`);
      await ask(`UPDATE fact_stock_entry SET quantity = quantity * 3 WHERE date = '2023-07-14'`);
      const { reload } = describeComparison(await verified(), '', '2024-06-18', '');
      assert.deepEqual(reload, [monthOf('2023-07-01')]);
      await clearAndReload(reload[0]!, context());
      assert.deepEqual(differencesOf(await verified()), [0, 0, 0]);
    });

    it('is equal after a ledger and an item were renamed in Tally, but for bills, whose reports have names alone', async () => {
      const debtor = customers[0]!.ledger;
      tally.behave({
        book: withChanges(book, [
          { renameLedger: debtor, to: 'Another Name' },
          { renameItem: 'Rubber Slippers', to: 'Slippers' },
        ]),
      });
      const { ledger, bills, stock } = await verified();
      assert.deepEqual([ledger!.differences, stock!.differences], [0, 0]);
      const names = new Set(bills!.listed.map((one) => one.ledger));
      assert.deepEqual([...names].sort(), ['Another Name', asStored(debtor)].sort());
    });

    it('finds several differences of different months together, each in no more days than it can tell', async () => {
      for (const month of ['2023-05', '2023-11', '2024-04'])
        await change(
          `UPDATE fact_ledger_entry SET amount = amount + 1 WHERE (voucher_id, line_no) = (
             SELECT e.voucher_id, e.line_no FROM fact_ledger_entry e WHERE amount > 0 AND date BETWEEN $1 AND $2
             ORDER BY md5(ledger_name || $1), 1, 2 LIMIT 1) RETURNING ledger_name`,
          [`${month}-02`, `${month}-28`],
        );
      const { ledger, asked } = await verified();
      assert.ok(ledger!.differences >= 2);
      for (const { since } of ledger!.listed) {
        assert.ok(since !== null && since !== 'opening');
        assert.ok(
          ['2023-05', '2023-11', '2024-04'].some((month) => since.from <= `${month}-28` && since.to >= `${month}-02`),
        );
      }
      assert.ok(asked.ledgers <= 1 + mostProbes);
    });

    it('is compared from the range on, by the openings of Tally, where earlier days were not loaded', async () => {
      await useJune();
      const { ledger, bills, stock, warnings, openingsNotCompared, asked } = await verified();
      assert.deepEqual([ledger!.from, ledger!.openings, ledger!.differences], [june.from, false, 0]);
      assert.deepEqual([stock!.from, stock!.openings, stock!.differences], [june.from, false, 0]);
      assert.equal(bills, undefined);
      assert.deepEqual(warnings, [], 'who loads the last months alone is not warned each time');
      assert.match(
        openingsNotCompared ?? '',
        /^Opening balances and bills were not compared: of the books before 1–18.Jun.2024, 427.days were not loaded/,
      );
      assert.deepEqual(asked, { ledgers: 1, bills: 0, stock: 1 });
      await change(
        `UPDATE fact_ledger_entry SET amount = amount + 1 WHERE (voucher_id, line_no) = (
           SELECT voucher_id, line_no FROM fact_ledger_entry WHERE date > '2024-06-12' ORDER BY 1, 2 LIMIT 1) RETURNING ledger_name`,
      );
      const again = await verified();
      assert.deepEqual(
        again.ledger!.listed.map(({ since }) => since),
        [{ from: '2024-06-10', to: now }],
      );
    });

    it('is compared from the range on where the warehouse has no openings, for example since an older version', async () => {
      await ask('DELETE FROM dim_ledger');
      const { ledger, bills, warnings } = await verified();
      assert.deepEqual([ledger!.from, ledger!.openings, bills], [june.from, false, undefined]);
      assert.match(warnings.join('\n'), /the warehouse does not have the openings of these books/);
    });

    it('is not compared at all on days that were loaded without the stream', async () => {
      const days = { from: '2024-06-01', to: '2024-06-10' };
      await loadAnew(days, { TALLY_STREAMS: 'invoices' });
      const { ledger, bills, stock, vouchers: none, warnings, asked } = await verified(days);
      assert.deepEqual([ledger, bills, stock], [undefined, undefined, undefined]);
      assert.deepEqual(none, { ...days, compared: 0, differences: 0, listed: [] });
      assert.match(
        warnings.join('\n'),
        /^Ledgers, bills and stock were not compared: 10 days of the range were not loaded/,
      );
      assert.deepEqual(asked, { ledgers: 0, bills: 0, stock: 0 });
    });
  });
