import assert from 'node:assert/strict';
import { spanOf } from '../../src/core/jobs/balances/span.js';
import type { Run } from '../../src/core/jobs/load/run.js';
import { describeRemark } from '../../src/core/report/remarks/describeRemark.js';
import type { Warehouse } from '../../src/core/warehouse/warehouse.js';

describe('the days whose balances are compared', () => {
  const range = { from: '2024-06-01', to: '2024-06-18' };
  /** The days to compare of a company whose first day of the books Tally does not give. */
  const spanOfRange = (): ReturnType<typeof spanOf> => {
    const run = { range, books: { company: { id: 'c' } }, rules: {} } as unknown as Run;
    return spanOf(run, { use: () => Promise.resolve(0) } as unknown as Warehouse);
  };

  it('are the range alone if Tally does not give the first day of the books', async () => {
    assert.deepEqual((await spanOfRange()).span, { range });
  });

  it('come with a remark that names the missing first day of the books, and advises no sync', async () => {
    const text = describeRemark((await spanOfRange()).remark!);
    assert.match(
      text,
      /^Opening balances and bills were not compared: Tally does not give the first day of the books\./,
    );
    assert.doesNotMatch(text, /Sync/);
  });
});
