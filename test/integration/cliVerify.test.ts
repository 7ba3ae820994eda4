import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { VerifyResult } from '../../src/core/core.js';
import { createBook } from '../../src/demo/book/book.js';
import { startDemoServer } from '../../src/demo/server.js';
import { bookOf } from '../support/demo/bookOf.js';
import { answerOf, failureOf, parseJson, runCli, type Ran } from '../support/cliProgram.js';
import { leanSale, voucherId } from '../support/leanBook.js';
import { ask, emptyDatabase, freshDatabase } from '../support/postgres.js';
import { useTally } from '../support/useTally.js';
import { useFolder } from '../support/useFolder.js';

describe('verify on the command line', function () {
  this.timeout(60_000);
  const tally = useTally({ dayBook: 'honours-dates' });
  let database: string;
  const folder = useFolder();

  before(async () => {
    const vouchers = [1, 2, 3, 4].map((n) => leanSale(n, '2024-04-02'));
    tally.behave({ book: bookOf(vouchers) });
    database = await emptyDatabase();
  });

  // The vouchers above are raw XML, which the demo Tally books on no ledger, so the stream `ledger` is left out.
  const run = (words: string, env: Record<string, string> = {}): Promise<Ran> =>
    runCli(folder, words.split(' '), { TALLY_URL: tally.url, DB_URL: database, TALLY_STREAMS: 'invoices', ...env });

  it('refuses a warehouse that holds nothing, and says what to do', async () => {
    const without = await emptyDatabase();
    const noTables = await run('verify 2024-04-01 2024-04-05 --json', { DB_URL: without });
    const empty = failureOf(noTables, 'schema-outdated', 4);
    assert.match(empty, /no tables yet.* backfill first/);
    const none = await run('verify 2024-04-01 2024-04-05 --json', { DB_URL: '' });
    assert.match(failureOf(none, 'schema-outdated', 4), /built-in warehouse does not exist yet/);
    assert.ok(!fs.existsSync(path.join(folder, 'data')), 'nor makes one');
    assert.deepEqual(await ask(without, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"), []);
  });

  /** A demo Tally with a generated book, whose vouchers it books on ledgers. */
  const useQuick = () =>
    startDemoServer({
      book: createBook({ invoices: 20, from: '2024-04-01', to: '2024-04-05' }),
      dayBook: 'honours-dates',
    });

  it('ends with 6 where ledgers, bills or stock differ although no invoice does, and names the command that reloads the days', async () => {
    const quick = await useQuick();
    try {
      const env = { TALLY_URL: quick.url, DB_URL: await freshDatabase(), TALLY_STREAMS: 'invoices,ledger' };
      answerOf(await run('backfill 2024-04-01 2024-04-05 --json', env));
      const agreeing = await run('verify 2024-04-01 2024-04-05', env);
      assert.equal(agreeing.exitCode, 0, agreeing.stderr);
      assert.match(
        agreeing.stdout,
        /^Ledgers, 1–5 Apr 2024: \d+ match Tally to the paisa in\s+openings,\s+debits,\s+credits\s+and\s+closings\.\s+Bills open on 5 Apr 2024: \d+ match Tally to the paisa\.\s+Stock, 1–5 Apr 2024: \d+ items match Tally in opening and closing\s+quantities\.\s+Vouchers, 1–5 Apr 2024: \d+, and the entries of each add up to 0\.$/m,
      );
      await ask(env.DB_URL, "UPDATE fact_bill SET reference = 'X' WHERE kind = 'new' AND date = '2024-04-02'");
      await ask(env.DB_URL, "UPDATE fact_stock_entry SET quantity = quantity + 1 WHERE date = '2024-04-02'");
      const differing = await run('verify 2024-04-01 2024-04-05', env);
      assert.equal(differing.exitCode, 6);
      assert.match(
        differing.stdout,
        /^Tally and the warehouse differ in \d+ open bills, the stock of \d+ items?\. Clear and/m,
      );
      assert.match(differing.stdout, /^Open bills that differ on 5 Apr 2024\n\nLedger +Bill +In Tally/m);
      assert.match(differing.stdout, /^Fix: tally-warehouse clear-and-reload 2024-04-01 2024-04-03$/m);
      const { bills } = parseJson(await run('verify 2024-04-01 2024-04-05 --json', env)) as VerifyResult;
      assert.ok(bills && bills.differences > 1);
    } finally {
      await quick.close();
    }
  });

  it('ends with 6 where a voucher does not add up although Tally gives no balances, and names the command that reloads its day', async () => {
    const quick = await useQuick();
    try {
      const env = { TALLY_URL: quick.url, DB_URL: await freshDatabase(), TALLY_STREAMS: 'invoices,ledger' };
      answerOf(await run('backfill 2024-04-01 2024-04-05 --json', env));
      quick.behave({ ledgerBalances: 'refused' });
      assert.equal((await run('verify 2024-04-01 2024-04-05', env)).exitCode, 0);
      await ask(
        env.DB_URL,
        `UPDATE fact_ledger_entry SET amount = amount - 0.5 WHERE (voucher_id, line_no) = (
           SELECT voucher_id, line_no FROM ledger_register WHERE date = '2024-04-02' ORDER BY 1, 2 LIMIT 1)`,
      );
      const { exitCode, stdout } = await run('verify 2024-04-01 2024-04-05', env);
      assert.equal(exitCode, 6);
      assert.match(stdout, /^The entries of 1 voucher in the warehouse do not add up to 0\./m);
      assert.match(stdout, /^2 Apr 2024 .* ₹0\.50 Cr$/m);
      assert.match(stdout, /^Fix: tally-warehouse clear-and-reload 2024-04-02 2024-04-02$/m);
    } finally {
      await quick.close();
    }
  });

  it('ends with 0 where both agree and with 6 where they differ, and says how to fix a day', async () => {
    answerOf(await run('backfill 2024-04-01 2024-04-05 --json'));
    const agreeing = await run('verify 2024-04-01 2024-04-05');
    assert.equal(agreeing.exitCode, 0, agreeing.stderr);
    assert.match(agreeing.stdout, /^Tally and .* on 127\.0\.0\.1 agree:\s4\sinvoices\sof\s[^:]*,\s1–5 Apr 2024\.$/m);
    assert.equal((answerOf(await run('verify 2024-04-01 2024-04-05 --json')) as VerifyResult).invoices.tally, 4);
    await ask(database, 'UPDATE fact_invoice SET total_amount = 9 WHERE invoice_id = $1', [voucherId(2)]);
    await ask(database, 'DELETE FROM fact_invoice WHERE invoice_id = $1', [voucherId(3)]);
    const differing = await run('verify 2024-04-01 2024-04-05');
    assert.equal(differing.exitCode, 6);
    assert.match(differing.stdout, /^Fix a day: tally-warehouse clear-and-reload 2024-04-02 2024-04-02$/m);
    assert.match(differing.stdout, /^ {4}Total amount +₹1,180\.00 +₹9\.00$/m);
  });

  it('by totals compares field by field all the same, and says why, before a sync has compared what Tally adds up', async () => {
    const ran = await run('verify 2024-04-01 2024-04-05 --totals');
    assert.equal(ran.exitCode, 6);
    assert.match(ran.stdout, /^Compared field by field, not by totals: in the last 7 days no sync has/m);
    assert.match(ran.stdout, /^ {4}Total amount +₹1,180\.00 +₹9\.00$/m);
    const json = parseJson(await run('verify 2024-04-01 2024-04-05 --totals --json')) as VerifyResult;
    assert.deepEqual([json.byTotals, json.differences.different], [[], 1]);
  });

  it('by totals says what was compared, and ends with 0 where it agrees', async () => {
    const loaded = await freshDatabase();
    const env = { DB_URL: loaded };
    const quick = await useQuick();
    try {
      const words = ['backfill 2024-04-01 2024-04-05 --json', 'sync --json'];
      for (const one of words) assert.equal((await run(one, { ...env, TALLY_URL: quick.url })).exitCode, 0);
      const ran = await run('verify 2024-04-01 2024-04-05 --totals', { ...env, TALLY_URL: quick.url });
      assert.equal(ran.exitCode, 0, ran.stdout);
      assert.match(
        ran.stdout,
        /^Ids and totals agree in Tally and .* on 127\.0\.0\.1:\s\d+\sinvoices\sof\s[^:]*,\s1–5 Apr 2024\.\sCompared\sby\sids\sand\stotals\sby\sday\sand\stype,\snot\sfield\sby\sfield:\s5\sdays\.$/m,
      );
    } finally {
      await quick.close();
    }
  });

  it('gives everything as one JSON object, the list as long as asked for', async () => {
    const ran = await run('verify 2024-04-01 2024-04-05 --json --limit 1');
    assert.equal(ran.exitCode, 6);
    const { durationMs, runId, warnings, ...result } = parseJson(ran) as VerifyResult;
    assert.ok(durationMs > 0 && runId.length === 36 && warnings.length === 0);
    assert.deepEqual(result, {
      command: 'verify',
      company: { name: tally.book.companyName, id: tally.book.companyGuid },
      from: '2024-04-01',
      to: '2024-04-05',
      report: 'Day Book',
      answered: { vouchers: 4, from: '2024-04-02', to: '2024-04-02' },
      index: { vouchers: 4, invoices: 4, unchanged: 0 },
      invoices: { tally: 4, warehouse: 3 },
      differences: { missingHere: 1, different: 1, goneInTally: 0 },
      listed: [
        {
          kind: 'different',
          invoiceId: voucherId(2),
          date: '2024-04-02',
          invoiceType: 'sales',
          invoiceNumber: 'S/2',
          partyName: 'Asha',
          totalAmount: '1180.00',
          fields: [{ field: 'total_amount', warehouse: '9.00', tally: '1180.00' }],
        },
      ],
      days: [
        {
          date: '2024-04-02',
          invoiceType: 'sales',
          tally: { invoices: 4, total: '4720.00' },
          warehouse: { invoices: 3, total: '2369.00' },
          differences: 2,
        },
      ],
      rejected: 0,
      notProven: null,
    });
  });
});
