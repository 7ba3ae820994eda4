import assert from 'node:assert/strict';
import { parseDecimal } from '../../src/core/base/decimal.js';
import { createBook } from '../../src/demo/book/book.js';
import { expectedInvoice, type ExpectedInvoice } from '../support/demo/expected.js';

const paise = (text: string): bigint => parseDecimal(text, 2)!;
const rows = [...createBook({ invoices: 2_000 }).vouchers()].flatMap((v) => expectedInvoice(v) ?? []);

describe('what the warehouse must hold of the demo books', () => {
  it('obeys the identity of the contract in every invoice', () => {
    for (const row of rows) {
      const columns = (['taxable', 'cgst', 'sgst', 'igst', 'cess', 'round_off', 'other'] as const).map((part) =>
        paise(row[`${part}_amount`]),
      );
      const parts = columns.reduce((sum, amount) => sum + amount, 0n);
      assert.equal(paise(row.total_amount), parts, row.invoice_id);
    }
  });

  it('has lines that add up to the party line, which with the tax deducted is the total', () => {
    const sum = (row: ExpectedInvoice, party: boolean): bigint =>
      row.lines.filter((l) => (l.ledger_class === 'party') === party).reduce((s, l) => s + paise(l.amount), 0n);
    for (const row of rows) {
      assert.equal(sum(row, true), sum(row, false), row.invoice_id);
      assert.equal(paise(row.total_amount), sum(row, true) + paise(row.tds_amount), row.invoice_id);
      assert.deepEqual(
        row.lines.map((l) => l.line_no),
        row.lines.map((_, n) => n + 1),
      );
    }
  });

  it('has each detail of a real invoice now and then, and some invoices without it', () => {
    const details = [
      ...(['party_state', 'buyer_name', 'party_gstin', 'consignee_gstin', 'consignee_state', 'company_gstin'] as const),
      ...(['credit_days', 'due_date', 'order_number', 'order_date', 'nature_of_return', 'eway_bill_date'] as const),
      ...(['vehicle_number', 'irn_qr_code', 'foreign_amount', 'exchange_rate'] as const),
    ];
    for (const name of details) {
      const having = rows.filter((row) => row[name] !== null).length;
      assert.ok(having > 20 && having < rows.length, `${name}: ${having} of ${rows.length}`);
    }
    assert.ok(rows.some((row) => row.is_reverse_charge));
    assert.ok(rows.some((row) => row.order_number?.includes(', ') && row.order_date === null));
    const lines = rows.flatMap((row) => row.lines);
    for (const name of ['description', 'godown', 'batch', 'taxability', 'type_of_supply'] as const) {
      const having = lines.filter((l) => l[name] !== null).length;
      assert.ok(having > 20 && having < lines.length, `${name}: ${having} of ${lines.length} lines`);
    }
    assert.ok(new Set(rows.map((row) => row.currency)).size >= 6);
  });
});
