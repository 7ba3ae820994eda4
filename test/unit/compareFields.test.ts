import assert from 'node:assert/strict';
import { compareFields, type InvoiceRows, type Row } from '../../src/core/warehouse/read/compareFields.js';

const invoice: Row = {
  ...{ invoice_id: 'G-1', invoice_type: 'sales', date: '2024-04-01', alter_id: '7', content_hash: 'a' },
  ...{ total_amount: '1180.00', exchange_rate: null, credit_days: 30, is_cancelled: false, narration: null },
};
const line = (given: Row = {}): Row => ({
  ...{ line_no: 1, item_name: 'Soap', ledger_name: 'Sales', hsn: null, amount: '1000.00', quantity: '2.0000' },
  ...given,
});

describe('the comparison of an invoice by fields', () => {
  const sides = (tally: Partial<InvoiceRows>, warehouse: Partial<InvoiceRows>): [InvoiceRows, InvoiceRows] => [
    { invoice, lines: [], ...warehouse },
    { invoice, lines: [], ...tally },
  ];
  /** Each difference as [field, the warehouse's value, Tally's value]. */
  const found = (tally: Partial<InvoiceRows>, warehouse: Partial<InvoiceRows>) =>
    compareFields(...sides(tally, warehouse)).map(({ field, warehouse: was, tally: is }) => [field, was, is]);
  const columns = (tally: Row, warehouse: Row) =>
    found({ invoice: { ...invoice, ...tally } }, { invoice: { ...invoice, ...warehouse } });
  const lines = (tally: Row[], warehouse: Row[]) => found({ lines: tally }, { lines: warehouse });

  it('lists the differing columns in their order, values as text, an absent value as null', () => {
    assert.deepEqual(
      columns(
        { narration: '', is_cancelled: true, date: '2024-04-02', credit_days: 45 },
        { total_amount: '-1.50', narration: null },
      ),
      [
        ['date', '2024-04-01', '2024-04-02'],
        ['total_amount', '-1.50', '1180.00'],
        ['is_cancelled', 'false', 'true'],
        ['narration', null, ''],
        ['credit_days', '30', '45'],
      ],
    );
  });

  it('leaves out the columns by which the program recognises a change', () => {
    assert.deepEqual(columns({ alter_id: '8', content_hash: 'b', seq: 3 }, { mapping_version: 1, loaded_at: 'x' }), []);
  });

  it('shows the missing mark of an invoice that Tally has again', () => {
    assert.deepEqual(columns({}, { missing_since: '2024-06-01T00:00:00Z' }), [
      ['missing_since', '2024-06-01T00:00:00Z', null],
    ]);
  });

  it('compares numbers by value, however large, and text letter by letter', () => {
    assert.deepEqual(columns({}, { total_amount: '1180.0000' }), []);
    assert.deepEqual(columns({ exchange_rate: '100' }, { exchange_rate: '100.000000' }), []);
    assert.deepEqual(columns({ total_amount: '0.10' }, { total_amount: '0.1' }), []);
    for (const [is, was] of [
      ['9007199254740993.00', '9007199254740992.00'],
      ['1000.00', '100.00'],
      ['0.10', '0.01'],
      ['0.00', 'NaN'],
    ])
      assert.deepEqual(columns({ total_amount: is }, { total_amount: was }), [['total_amount', was, is]]);
    for (const [is, was] of [
      ['1.00', '1.0'],
      ['é', 'e\u0301'],
      ['a', 'A'],
      ['a', 'a '],
    ])
      assert.deepEqual(columns({ narration: is }, { narration: was }), [['narration', was, is]]);
  });

  it('lists a column that an older schema lacks only if Tally has a value for it', () => {
    const { exchange_rate, credit_days, ...old } = invoice;
    assert.deepEqual(
      [exchange_rate, found({}, { invoice: old })],
      [null, [['credit_days', null, String(credit_days)]]],
    );
  });

  it('matches lines by number and lists each differing column', () => {
    assert.deepEqual(
      lines(
        [line({ line_no: 10 }), line({ line_no: 2, hsn: '3401' })],
        [line({ line_no: 2, amount: '1.00' }), line({ line_no: 10, quantity: '2' })],
      ),
      [
        ['line 2 hsn', null, '3401'],
        ['line 2 amount', '1.00', '1000.00'],
      ],
    );
  });

  it('lists a whole line that only one side has', () => {
    assert.deepEqual(lines([line({ line_no: 3, item_name: null })], [line(), line({ line_no: 12, ledger_name: '' })]), [
      ['line 1', 'Soap, Sales, 1000.00', null],
      ['line 3', null, 'Sales, 1000.00'],
      ['line 12', 'Soap, , 1000.00', null],
    ]);
  });

  it('lists the date and type copied into a line only if the invoice in the warehouse has others', () => {
    const head = { date: '2024-04-01', invoice_type: 'sales' };
    const redated = { invoice: { ...invoice, date: '2024-04-09' }, lines: [line()] };
    assert.deepEqual(found(redated, { lines: [line(head)] }), [['date', '2024-04-01', '2024-04-09']]);
    assert.deepEqual(found({ lines: [line()] }, { lines: [line({ date: '2024-05-01', invoice_type: 'purchase' })] }), [
      ['line 1 date', '2024-05-01', '2024-04-01'],
      ['line 1 invoice_type', 'purchase', 'sales'],
    ]);
    assert.deepEqual(found(redated, { lines: [line({ ...head, date: '2024-04-09' })] }), [
      ['date', '2024-04-01', '2024-04-09'],
    ]);
    assert.deepEqual(lines([line()], [line()]), [], 'expects no copies in lines of an older schema');
  });
});
