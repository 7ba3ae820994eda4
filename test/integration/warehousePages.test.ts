import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { DateRange } from '../../src/core/base/calendar.js';
import type { Invoice } from '../../src/core/invoice/invoice.js';
import { openWarehouse } from '../../src/core/warehouse/postgres/connect.js';
import type { Stage } from '../../src/core/warehouse/load/stage.js';
import type { Warehouse } from '../../src/core/warehouse/warehouse.js';
import { ledgerLine, sale } from '../support/invoices.js';
import { ask, freshDatabase, silent } from '../support/postgres.js';

const range: DateRange = { from: '2024-04-01', to: '2024-04-30' };
const invoices: Invoice[] = Array.from({ length: 10_400 }, (_, i) =>
  sale(i, {
    date: `2024-04-${String(1 + (i % 30)).padStart(2, '0')}`,
    lines: [ledgerLine('Sundar Stores', 118000n, { ledgerClass: 'party' })],
  }),
);

// PostgreSQL compares 10,000 invoices at a time, in the order in which Tally sent them.
describe('a range of more invoices than PostgreSQL compares at a time', function () {
  this.timeout(120_000);
  let url: string;
  let warehouse: Warehouse;
  let stage: Stage;

  before(async () => {
    url = await freshDatabase();
    warehouse = await openWarehouse({ dbUrl: url, dataDir: '', logger: silent, applicationName: 'test' });
    await warehouse.migrate();
    stage = await warehouse.createStage({ id: 'company-guid', name: 'Demo Traders' });
    await stage.add(invoices, []);
    await stage.merge(range, { runId: randomUUID() });
    // Rows and lines of the first invoices and of the last ones: somebody changed them by hand.
    await ask(
      url,
      `UPDATE fact_invoice SET narration = 'by hand' WHERE invoice_id IN ('guid-00000003', 'guid-00010399');
       UPDATE fact_invoice_line SET amount = 1 WHERE invoice_id IN ('guid-00000004', 'guid-00010398');
       DELETE FROM fact_invoice_line WHERE invoice_id = 'guid-00010397';
       DELETE FROM fact_invoice WHERE invoice_id IN ('guid-00000005', 'guid-00010396')`,
    );
  });
  after(() => warehouse.close());

  it('is compared whole by verify', async () => {
    const options = { by: 'content', goneIn: range, withMarked: false, limit: 20, runId: randomUUID() } as const;
    const { counts, listed } = await stage.verify(range, { ...options, isProven: true });
    assert.deepEqual(counts, { missingHere: 2, different: 5, goneInTally: 0 });
    assert.deepEqual(
      listed.map(({ invoiceId }) => Number(invoiceId.slice(5))).sort((a, b) => a - b),
      [3, 4, 5, 10_396, 10_397, 10_398, 10_399],
    );
  });

  it('is replaced whole by a clear-and-reload', async () => {
    const { days } = await stage.merge(range, { runId: randomUUID(), removeMissing: true });
    const sum = (of: 'inserted' | 'updated' | 'unchanged' | 'removed'): number =>
      days.reduce((total, day) => total + day[of], 0);
    assert.deepEqual(
      { inserted: sum('inserted'), updated: sum('updated'), unchanged: sum('unchanged'), removed: sum('removed') },
      { inserted: 2, updated: 5, unchanged: 10_393, removed: 0 },
    );
    const [row] = await ask(
      url,
      `SELECT (SELECT count(*)::int FROM fact_invoice WHERE narration IS NULL) AS invoices,
         (SELECT count(*)::int FROM fact_invoice_line WHERE amount = 1180) AS lines`,
    );
    assert.deepEqual(row, { invoices: 10_400, lines: 10_400 });
  });
});
