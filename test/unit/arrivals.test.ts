import assert from 'node:assert/strict';
import { Arrivals } from '../../src/core/jobs/load/read/arrivals.js';
import { VoucherList } from '../../src/core/jobs/load/list/voucherList.js';

const date = '2024-04-01';
const companyId = 'c0de0000-0000-4000-8000-000000000000';
const guidOf = (n: number): string => `${companyId}-0000000${n}`;

describe('the vouchers that are still to come', () => {
  it('are counted with and without those that are not invoices, so that receipts do not stand for invoices', () => {
    const list = new VoucherList(companyId, { from: date, to: date });
    for (const [n, isInvoice] of [true, true, false, false, false].entries())
      list.put({ guid: guidOf(n), date, alterId: n }, { isLoaded: true, isInvoice });
    const arrivals = new Arrivals(list);
    arrivals.markRead(guidOf(0), date, 0, 0);
    arrivals.markRead(guidOf(2), date, 2, 0);
    assert.deepEqual([arrivals.awaited(list.range), arrivals.awaitedInvoices], [3, 1]);
  });
});
