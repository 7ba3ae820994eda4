import assert from 'node:assert/strict';
import type { VerifyResult } from '../../src/core/jobs/job.js';
import { foreignCustomers } from '../../src/demo/book/masters/parties.js';
import { profitAndLoss } from '../../src/demo/ledger/balances.js';
import { foreignSumsOf } from '../../src/demo/ledger/foreignSums.js';
import { asStored } from '../support/asStored.js';
import { fullTable } from '../support/fullTable.js';
import { plainSpaces } from '../support/plainSpaces.js';
import { servers } from '../support/postgres.js';
import { useToday } from '../support/shiftedClock.js';
import { differencesOf, from, monthOf, now, useVerifiedBooks, whole } from '../support/verifiedBooks.js';

for (const server of servers())
  describe(`what stands on the books of a Tally that answers otherwise, verified in ${server.name}`, function () {
    this.timeout(120_000);
    useToday(now);
    const { book, tally, verified, ask, change, useJune, loadAnew } = useVerifiedBooks(server);
    const warned = ({ warnings }: VerifyResult): string => plainSpaces(warnings.join('\n'));

    it('ledgers and stock are not compared where balances are of the period on the screen, nor are edits reported as differences', async () => {
      await ask('UPDATE fact_ledger_entry SET amount = amount + 1 WHERE line_no = 1');
      tally.behave({ ledgerBalances: 'of-screen' });
      const result = await verified();
      assert.deepEqual(differencesOf(result), [undefined, 0, undefined]);
      assert.equal(
        warned(result),
        "Ledgers were not compared: nothing shows that Tally's balances of ledgers are those of 1 Apr 2023 – 18 Jun 2024.\n" +
          "Stock was not compared: nothing shows that Tally's quantities are those of 1 Apr 2023 – 18 Jun 2024.",
      );
      assert.deepEqual(result.asked, { ledgers: 2, bills: 2, stock: 2 });
    });

    it('ledgers are compared by their balances where Tally has no columns of a trial balance', async () => {
      tally.behave({ ledgerBalances: 'without-totals' });
      const equal = await verified();
      assert.deepEqual(differencesOf(equal), [0, 0, 0]);
      assert.deepEqual([equal.ledger!.totals, warned(equal)], [false, '']);
      const { ledger: edited } = await change(
        `UPDATE fact_ledger_entry SET amount = amount - 5 WHERE (voucher_id, line_no) = (
           SELECT voucher_id, line_no FROM fact_ledger_entry WHERE date BETWEEN '2024-02-01' AND '2024-02-29'
           ORDER BY 1, 2 LIMIT 1) RETURNING ledger_name AS ledger`,
      );
      const { ledger } = await verified();
      const [found] = ledger!.listed;
      assert.deepEqual(
        [ledger!.differences, found!.ledger, found!.tally.debits, found!.since],
        [1, edited, null, monthOf('2024-02-01')],
      );
      // The closing balance of Profit & Loss A/c includes the profit, so nothing shows whether its opening is right.
      await change('UPDATE dim_ledger SET opening_balance = 5 WHERE name = $1 RETURNING name', [profitAndLoss]);
      const again = await verified();
      assert.deepEqual([again.ledger!.differences, again.ledger!.untold], [1, [profitAndLoss]]);
    });

    it('what is refused is named, each with the words of Tally', async () => {
      tally.behave({ ledgerBalances: 'refused', balanceReports: 'refused' });
      const result = await verified();
      assert.deepEqual(differencesOf(result), [undefined, undefined, undefined]);
      assert.match(
        warned(result),
        /^Ledgers were not compared: Tally did not give their balances \(.+\)\.\nBills were not compared with these reports, because Tally did not give them: Bills Receivable, Bills Payable \(.+\)\.\nStock was not compared: Tally did not give its quantities \(.+\)\.$/,
      );
    });

    it('ledgers that Tally values anew are named and not counted, and so are such bills', async () => {
      tally.behave({ forexBalances: 'revalued' });
      const result = await verified();
      assert.deepEqual(differencesOf(result), [0, 0, 0]);
      const { foreign, compared } = result.ledger!;
      const exports = foreignCustomers.map((party) => asStored(party.ledger));
      const revalued = [...foreignSumsOf(book, whole)].filter(
        ([, { opening, debits, credits }]) => opening || debits || credits,
      );
      assert.deepEqual([...foreign].sort(), revalued.map(([name]) => asStored(name)).sort());
      assert.ok(foreign.length > exports.length, 'also ledgers in rupees have amounts in other currencies');
      assert.equal(compared, book.ledgers.length - foreign.length);
      const anew = result.bills!.notCompared;
      assert.ok(
        anew.length > 0 && anew.every(({ ledger, reason }) => exports.includes(ledger) && reason === 'foreign'),
      );
    });

    it('bills are not compared where the reports are of another day, or empty although the warehouse has bills', async () => {
      tally.behave({ balanceReports: 'of-screen', screenPeriod: { from, to: '2024-03-31' } });
      const other = await verified();
      assert.deepEqual(differencesOf(other), [0, undefined, 0]);
      assert.equal(
        warned(other),
        "Bills were not compared: nothing shows that Tally's reports of bills are of the last day of 1 Apr 2023 – 18 Jun 2024.",
      );
      tally.behave({ balanceReports: 'empty' });
      const empty = await verified();
      assert.deepEqual(differencesOf(empty), [0, undefined, 0]);
      assert.match(
        warned(empty),
        /^Bills were not compared with these reports, because Tally gave no bill in them .+: Bills Receivable, Bills Payable\./,
      );
    });

    it('stock is not compared by openings of Tally that are of other days', async () => {
      await useJune();
      tally.behave({ stockOpenings: 'of-books' });
      const result = await verified();
      assert.deepEqual(differencesOf(result), [0, undefined, undefined]);
      assert.match(
        warned(result),
        /^Stock was not compared: nothing shows that Tally's quantities are those of 1–18 Jun 2024\.$/m,
      );
      tally.behave({ stockOpenings: 'of-dates' });
      const { item } = await change(
        `UPDATE fact_stock_entry SET quantity = quantity + 1 WHERE (voucher_id, line_no) = (
           SELECT voucher_id, line_no FROM fact_stock_entry WHERE unit = 'Nos' AND date > '2024-06-12'
           ORDER BY 1, 2 LIMIT 1) RETURNING item_name AS item`,
      );
      const { stock, asked } = await verified();
      assert.deepEqual([stock!.listed.map((one) => one.item), asked.stock], [[item], 3]);
    });

    it('nothing is compared on days that a Tally without a licence does not keep to, and all on others', async () => {
      tally.behave({ education: 'to-ends-with-screen' });
      const result = await verified();
      assert.deepEqual(differencesOf(result), [undefined, undefined, undefined]);
      assert.match(warned(result), /^Ledgers, bills and stock were not compared: without a licence/m);
      assert.deepEqual(result.asked, { ledgers: 0, bills: 0, stock: 0 });
      await change(
        `UPDATE fact_ledger_entry SET amount = amount + 3 WHERE (voucher_id, line_no) = (
           SELECT voucher_id, line_no FROM fact_ledger_entry WHERE date BETWEEN '2023-09-05' AND '2023-09-25'
           ORDER BY 1, 2 LIMIT 1) RETURNING ledger_name`,
      );
      const may = await verified({ from: '2024-05-01', to: '2024-05-31' });
      assert.deepEqual(differencesOf(may), [1, 0, 0]);
      assert.deepEqual(may.ledger!.listed[0]!.since, { from: '2023-09-01', to: '2023-10-01' });
    });

    for (const stockJournals of fullTable ? (['all-entries', 'both'] as const) : (['all-entries'] as const))
      it(`stock is equal where a collection tells the lines of stock journals so: ${stockJournals}`, async () => {
        tally.behave({ stockJournals });
        await loadAnew(whole);
        const result = await verified();
        assert.deepEqual([...differencesOf(result), warned(result)], [0, 0, 0, '']);
      });
  });
