import assert from 'node:assert/strict';
import type { ListedInvoice } from '../../src/core/core.js';
import { asTsv, columnsOf, partTitle } from '../../src/extension/pages/invoices/columns.js';
import { afterKey } from '../../src/extension/pages/invoices/gridKeys.js';
import { choiceOf, sideName, typeChoices } from '../../src/extension/pages/invoices/invoicesWords.js';
import { RowStore } from '../../src/extension/pages/invoices/rowStore.js';
import { typedDate } from '../../src/extension/pages/invoices/typedDate.js';
import { plainSpaces } from '../support/plainSpaces.js';

const invoice = (id: number, more: Partial<ListedInvoice> = {}): ListedInvoice => ({
  ...{ id: String(id), date: '2024-04-01', number: `S/${id}`, type: 'sales', voucherType: 'GST Sales' },
  ...{ party: 'Asha', gstin: null, placeOfSupply: null, isCancelled: false, part: null },
  ...{
    taxable: '1234567.00',
    cgst: '0.00',
    sgst: '0.00',
    igst: '0.00',
    cess: '0.00',
    tax: '0.00',
    total: '-1234567.50',
  },
  ...more,
});

describe('the page of invoices', () => {
  it('moves from cell to cell as grids do, and no further than the last one', () => {
    const size = { rows: 100, columns: 9, page: 20 };
    const to = (key: string, control = false, row = 50, column = 4) => {
      const place = afterKey(key, control, { row, column }, size);
      return place && [place.row, place.column];
    };
    const moves = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End'];
    assert.deepEqual(
      moves.map((key) => to(key)),
      [
        [49, 4],
        [51, 4],
        [50, 3],
        [50, 5],
        [30, 4],
        [70, 4],
        [50, 0],
        [50, 8],
      ],
    );
    assert.deepEqual(
      [to('Home', true), to('End', true)],
      [
        [0, 0],
        [99, 8],
      ],
    );
    assert.deepEqual(
      [to('ArrowUp', false, 0), to('PageUp', false, 5), to('PageDown', false, 95)],
      [
        [-1, 4],
        [0, 4],
        [99, 4],
      ],
    );
    assert.equal(to('a'), undefined);
    const inEmpty = ['ArrowDown', 'PageUp', 'PageDown'].map((key) =>
      afterKey(key, false, { row: -1, column: 0 }, { ...size, rows: 0 }),
    );
    assert.deepEqual(
      inEmpty.map((place) => place?.row),
      [-1, -1, -1],
    );
  });

  it('asks for each page of rows once, when somebody gets to it', () => {
    const asked: number[] = [];
    const store = new RowStore((offset) => asked.push(offset));
    store.reset(7, [invoice(0), invoice(1), invoice(2)]);
    assert.equal(store.at(2)?.id, '2');
    assert.deepEqual(asked, []);
    assert.equal(store.at(4), undefined);
    assert.equal(store.at(5), undefined);
    assert.deepEqual(asked, [3]);
    store.put(3, [invoice(3), invoice(4), invoice(5)]);
    assert.deepEqual([store.at(4)?.id, store.at(5)?.id], ['4', '5']);
  });

  it('copies rows that nobody has scrolled to, and none of a list that is another one by then', async () => {
    const asked: number[] = [];
    const store = new RowStore((offset) => asked.push(offset));
    store.reset(7, [invoice(0), invoice(1), invoice(2)]);
    const copied = store.rows(1, 6);
    store.put(6, [invoice(6)]);
    store.put(3, [invoice(3), invoice(4), invoice(5)]);
    assert.deepEqual(
      (await copied).map(({ id }) => id),
      ['1', '2', '3', '4', '5', '6'],
    );
    assert.deepEqual(asked, [3, 6]);
    store.reset(7, [invoice(0), invoice(1), invoice(2)]);
    const stale = store.rows(0, 6);
    store.reset(1, [invoice(9)]);
    assert.deepEqual(await stale, []);
  });

  it('shows amounts in Indian groups to the paisa, and copies them plain, a line for each invoice', () => {
    const shown = (one: ListedInvoice) => columnsOf({}).map(({ text }) => plainSpaces(text(one)));
    assert.deepEqual(shown(invoice(1)), [
      '1 Apr 2024',
      'S/1',
      'Sales',
      'Asha',
      '12,34,567.00',
      '0.00',
      '-12,34,567.50',
      '',
      '',
    ]);
    assert.equal(shown(invoice(1, { type: 'credit_note', isCancelled: true }))[2], 'Credit note, cancelled');
    assert.equal(
      asTsv([invoice(1, { party: 'A\tB\nC' }), invoice(2, { number: null })], columnsOf({})),
      '2024-04-01\tS/1\tSales\tA B C\t1234567.00\t0.00\t-1234567.50\t\t\n' +
        '2024-04-01\t\tSales\tAsha\t1234567.00\t0.00\t-1234567.50\t\t',
    );
  });

  it('has what belongs to the item or the rate that is asked for before the amounts of the invoice', () => {
    const of = (filter: Parameters<typeof columnsOf>[0]) => columnsOf(filter).map(({ title }) => title());
    assert.deepEqual(of({ rate: '18.0000' }).slice(3, 6), ['Party', '18 % (₹)', 'Taxable (₹)']);
    assert.equal(of({ item: null })[4], 'Item amount (₹)');
    assert.deepEqual([partTitle({}), partTitle({ rate: null })], [undefined, 'No rate named (₹)']);
    assert.match(asTsv([invoice(1, { part: '12.50' })], columnsOf({ item: 'Soap' })), /\tAsha\t12\.50\t1234567\.00\t/);
  });

  it('calls a figure net only where notes are taken off it', () => {
    assert.equal(sideName('sales', undefined), 'Net sales');
    assert.equal(sideName('purchases', ['debit_note', 'purchase']), 'Net purchases');
    assert.equal(sideName('sales', ['sales', 'purchase']), 'Sales');
    assert.equal(sideName('purchases', ['debit_note']), 'Debit notes');
    for (const { value, types } of typeChoices) assert.equal(choiceOf(types?.slice().reverse()), value);
  });

  it('writes dates as people in India type them', () => {
    assert.equal(typedDate('2024-04-01'), '01-04-2024');
  });
});
