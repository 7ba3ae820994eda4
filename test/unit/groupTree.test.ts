import assert from 'node:assert/strict';
import { groupRows, type GroupFields } from '../../src/core/ledger/groupTree.js';

const group = (name: string, parent: string, more: Partial<GroupFields> = {}): GroupFields => ({
  ...{ guid: `id of ${name}`, name, parent, reservedName: '' },
  ...{ isRevenue: null, isDeemedPositive: null, affectsGrossProfit: null, sortPosition: null },
  ...more,
});
const primary = 'Primary';

describe('the groups of ledgers', () => {
  it('have the path and the nature of the primary group above them, which a new name does not change', () => {
    const rows = groupRows([
      group('Assets of today', primary, { reservedName: 'Current Assets', sortPosition: 60 }),
      group('Customers', 'Assets of today', { reservedName: 'Sundry Debtors' }),
      group('Customers, North', 'customers', { isRevenue: true, isDeemedPositive: false }),
      group('Indirect Expenses', ''),
      group('Direct Incomes', '4; Primary'),
    ]);
    assert.deepEqual(
      rows.map(({ parentName, path, primaryName, nature, affectsGrossProfit }) => [
        ...[parentName, path, primaryName, nature, affectsGrossProfit],
      ]),
      [
        [null, 'Assets of today', 'Assets of today', 'asset', false],
        ['Assets of today', 'Assets of today > Customers', 'Assets of today', 'asset', false],
        ['customers', 'Assets of today > Customers > Customers, North', 'Assets of today', 'asset', false],
        [null, 'Indirect Expenses', 'Indirect Expenses', 'expense', false],
        [null, 'Direct Incomes', 'Direct Incomes', 'income', true],
      ],
    );
    assert.deepEqual([rows[0]!.sortPosition, rows[1]!.reservedName], [60, 'Sundry Debtors']);
  });

  it('that the user made as primary groups take the nature that Tally gives, or none', () => {
    const natures = groupRows([
      group('A', primary, { isRevenue: false, isDeemedPositive: true }),
      group('B', primary, { isRevenue: false, isDeemedPositive: false }),
      group('C', primary, { isRevenue: true, isDeemedPositive: true, affectsGrossProfit: true }),
      group('D', primary, { isRevenue: true, isDeemedPositive: false }),
      group('E', primary, { isRevenue: true }),
      group('F', 'not listed'),
    ]).map(({ nature }) => nature);
    assert.deepEqual(natures, ['asset', 'liability', 'expense', 'income', null, null]);
  });

  it('that form a circle have paths that end, each with its own name last', () => {
    const paths = groupRows([group('A', 'B'), group('B', 'A')]).map(({ path }) => path);
    assert.deepEqual(paths, ['B > A', 'A > B']);
  });
});
