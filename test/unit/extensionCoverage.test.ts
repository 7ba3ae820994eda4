import assert from 'node:assert/strict';
import type { WarehouseDay } from '../../src/core/core.js';
import {
  dayLines,
  dayText,
  rangeSummary,
  spanName,
  tickText,
} from '../../src/extension/pages/coverage/coverageWords.js';
import { extentOf, levelOf, scaleOf, sumOf } from '../../src/extension/pages/coverage/figures.js';
import { dayAfterKey, spanOf } from '../../src/extension/pages/coverage/span.js';
import { monthsOf, placeOf, yearsOf } from '../../src/extension/pages/coverage/years.js';

const day = (date: string, more: Partial<WarehouseDay> = {}): WarehouseDay => ({
  date,
  loaded: true,
  proven: true,
  differences: null,
  byType: [{ invoiceType: 'sales', invoices: 1200, total: '123456.50' }],
  vouchers: null,
  ...more,
});
const byDate = (...days: WarehouseDay[]) => new Map(days.map((each) => [each.date, each]));

describe('the coverage view', () => {
  it('moves by day, week, month and financial year, and a shorter month ends sooner', () => {
    const moves = ['ArrowUp', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End'];
    const to = moves.map((key) => dayAfterKey(key, false, '2024-03-31'));
    assert.deepEqual(to, ['2024-03-30', '2024-04-07', '2024-02-29', '2024-04-30', '2024-03-01', '2024-03-31']);
    const byYear = ['PageUp', 'Home', 'End'].map((key) => dayAfterKey(key, true, '2024-02-29'));
    assert.deepEqual(byYear, ['2023-02-28', '2023-04-01', '2024-03-31']);
    assert.equal(dayAfterKey('a', false, '2024-02-29'), undefined);
  });

  it('makes a span of two days in either order', () => {
    assert.deepEqual(spanOf('2024-05-03', '2024-04-12'), { from: '2024-04-12', to: '2024-05-03' });
    assert.equal(spanName({ from: '2024-04-12', to: '2024-05-03' }), '12 April 2024 to 3 May 2024, 22 days');
  });

  it('shows financial years, newest first, up to the one of today', () => {
    const names = (booksFrom: string | null) =>
      yearsOf(byDate(day('2023-03-31')), '2024-04-01', booksFrom).map(({ name }) => name);
    assert.deepEqual(names(null), ['2024-25', '2023-24', '2022-23']);
    // The years since the books began are shown, so that history can be loaded. A mistyped beginning in the future is
    // ignored.
    assert.deepEqual(names('2021-04-01'), ['2024-25', '2023-24', '2022-23', '2021-22']);
    assert.deepEqual(names('2041-04-01'), names(null));
    const year = yearsOf(byDate(day('2024-04-01')), '2024-04-01', null)[0]!;
    assert.deepEqual(placeOf('2024-04-01', year), { column: 0, row: 0 });
    assert.deepEqual(placeOf('2025-03-31', year), { column: 52, row: 0 });
    const months = monthsOf(year);
    assert.deepEqual(
      [months.length, months[0], months[11]],
      [12, { from: '2024-04-01', to: '2024-04-30' }, { from: '2025-03-01', to: '2025-03-31' }],
    );
  });

  it('says of a day what is there in Indian figures, and how sure that is', () => {
    const says = (more?: Partial<WarehouseDay>) => dayText('2024-04-12', more && day('2024-04-12', more), '2024-04-20');
    assert.equal(says({}), '12 April 2024, 1,200 invoices, net sales ₹1,23,456.50, loaded');
    assert.match(says({ proven: false }), /loaded, not proven$/);
    assert.match(says({ differences: 1 }), /loaded, 1 invoice differs from Tally$/);
    assert.match(says({ differences: 0 }), /the same as in Tally$/);
    assert.equal(says(), '12 April 2024, never loaded');
  });

  it('adds no sales to purchases: each side has its net figure', () => {
    const types = [
      { invoiceType: 'sales' as const, invoices: 3, total: '1000.00' },
      { invoiceType: 'credit_note' as const, invoices: 1, total: '-100.50' },
      { invoiceType: 'purchase' as const, invoices: 2, total: '700.00' },
    ];
    const of = day('2024-04-12', { byType: types });
    const text = '12 April 2024, 6 invoices, net sales ₹899.50, net purchases ₹700.00, loaded';
    assert.equal(dayText('2024-04-12', of, '2024-04-20'), text);
    assert.deepEqual(dayLines(of), [
      ['Sales', '3 · ₹1,000.00'],
      ['Purchases', '2 · ₹700.00'],
      ['Credit notes', '1 · -₹100.50'],
      ['Net sales', '4 · ₹899.50'],
    ]);
  });

  it('sums a span up, and names its gaps', () => {
    const days = byDate(day('2024-04-12'), day('2024-04-13', { differences: 2, proven: false }));
    assert.equal(
      rangeSummary({ from: '2024-04-12', to: '2024-04-30' }, days, '2024-04-15'),
      '2,400 invoices, net sales ₹2,46,913.00 · 1 day differs from Tally · 2 days never loaded · 1 day not proven',
    );
    const postDated = byDate(day('2024-04-12'), day('2024-04-20'));
    assert.match(
      rangeSummary({ from: '2024-04-12', to: '2024-04-30' }, postDated, '2024-04-15'),
      / 3 days never loaded$/,
    );
  });

  it('counts the vouchers of every type, and names days without the ledger where others have it', () => {
    const [plain, withLedger] = [day('2024-04-12'), day('2024-04-13', { vouchers: 1850 })];
    assert.deepEqual(dayLines(withLedger).at(-1), ['Vouchers of every type', '1,850']);
    assert.ok(!dayLines(plain).flat().includes('Vouchers of every type'));
    const range = { from: '2024-04-12', to: '2024-04-13' };
    assert.match(rangeSummary(range, byDate(plain, withLedger), '2024-04-13'), / · 1 day without the ledger$/);
    assert.doesNotMatch(rangeSummary(range, byDate(plain, day('2024-04-13')), '2024-04-13'), /ledger/);
  });

  it('shades days in five steps of about as many each, and writes the axis in lakh and crore', () => {
    const scale = scaleOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    assert.deepEqual(
      [0, 1, 3, 10].map((size) => levelOf(size, scale)),
      [0, 1, 2, 5],
    );
    assert.deepEqual(
      [tickText(2000, false), tickText(500_000, true), tickText(-15_000_000, true)],
      ['2,000', '₹5 L', '-₹1.5 Cr'],
    );
  });

  it('ends the axis of the bars on a round figure, with zero on one of its quarters', () => {
    const month = sumOf([
      day('2024-04-12', {
        byType: [
          { invoiceType: 'sales', invoices: 7, total: '2500.00' },
          { invoiceType: 'credit_note', invoices: 2, total: '-800.00' },
        ],
      }),
    ]);
    assert.deepEqual(extentOf([month], 'value'), [-1500, 3000]);
    assert.deepEqual(extentOf([month], 'invoices'), [0, 10]);
  });
});
