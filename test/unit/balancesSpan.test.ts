import assert from 'node:assert/strict';
import { spanOf } from '../../src/core/jobs/balances/span.js';
import type { Run } from '../../src/core/jobs/load/run.js';
import { describeRemark } from '../../src/core/report/remarks/describeRemark.js';
import type { Warehouse } from '../../src/core/warehouse/warehouse.js';

describe('the days whose balances are compared', () => {
  it('are the range alone where Tally does not give the first day of the books, and the remark says that, not to sync', async () => {
    const range = { from: '2024-06-01', to: '2024-06-18' };
    const run = { range, books: { company: { id: 'c' } }, rules: {} } as unknown as Run;
    const warehouse = { use: () => Promise.resolve(0) } as unknown as Warehouse;
    const { span, remark } = await spanOf(run, warehouse);
    assert.deepEqual(span, { range });
    const text = describeRemark(remark!);
    assert.match(
      text,
      /^Opening balances and bills were not compared: Tally does not give the first day of the books\./,
    );
    assert.doesNotMatch(text, /Sync/);
  });
});
