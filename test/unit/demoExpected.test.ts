import assert from 'node:assert/strict';
import { parseDecimal } from '../../src/core/base/decimal.js';
import { createBook } from '../../src/demo/book/book.js';
import { expectedInvoice, type ExpectedInvoice } from '../support/demo/expected.js';
import { demoVoucher, type LedgerEntry, type Role } from '../../src/demo/book/voucher.js';

const paise = (text: string): bigint => parseDecimal(text, 2)!;
const line = (role: Role, ledger: string, value: bigint): LedgerEntry => ({ kind: 'ledger', role, ledger, value });
const guid = '00000000-0000-4000-8000-000000000000-00000004';

const rows = [...createBook({ invoices: 2_000 }).vouchers()].flatMap((v) => expectedInvoice(v) ?? []);

describe('what the warehouse must hold of the demo books', () => {
  it('obeys the identity of the contract in every invoice', () => {
    for (const row of rows) {
      const parts =
        paise(row.taxable_amount) +
        paise(row.cgst_amount) +
        paise(row.sgst_amount) +
        paise(row.igst_amount) +
        paise(row.cess_amount) +
        paise(row.round_off_amount) +
        paise(row.other_amount);
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

  it('is positive for sales and purchases, negative for notes, nothing for the cancelled', () => {
    for (const row of rows) {
      const total = paise(row.total_amount);
      if (row.is_cancelled) assert.ok(total === 0n && row.party_name === null && row.lines.length === 0);
      else assert.equal(total > 0n, row.invoice_type === 'sales' || row.invoice_type === 'purchase', row.invoice_id);
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

  it('leaves out what is no invoice', () => {
    assert.equal(
      expectedInvoice(demoVoucher({ guid, date: '2024-04-01', base: 'none', typeName: 'Sales Order' })),
      undefined,
    );
  });

  it('takes a deducted tax out of the party line, not out of the total', () => {
    const row = expectedInvoice(
      demoVoucher({
        guid,
        date: '2024-04-01',
        base: 'purchase',
        partyLedger: 'P',
        entries: [
          line('party', 'P', 108_000n),
          line('taxable', 'Job Work', 100_000n),
          line('cgst', 'C', 9_000n),
          line('tds', 'T', -1_000n),
        ],
      }),
    )!;
    assert.equal(row.total_amount, '1090.00');
    assert.equal(row.tds_amount, '10.00');
    assert.deepEqual(
      row.lines.map((l) => l.amount),
      ['1080.00', '1000.00', '90.00', '-10.00'],
    );
  });

  it('has the items of an accounting-view invoice in place of the line of their ledger, and counts them once', () => {
    const item = {
      kind: 'item',
      item: 'Room',
      ledger: 'Sale 5%',
      hsn: '996311',
      gst: { percent: 50_000n, heads: 'all' },
    } as const;
    const quantity = { count: 20_000n, unit: 'Nos', text: ' 2 Nos' };
    const row = expectedInvoice(
      demoVoucher({
        ...{ guid, date: '2024-04-01', view: 'accounting', partyLedger: 'Guest One' },
        entries: [
          line('party', 'Guest One', 105_000n),
          { ...item, value: 100_000n, quantity, rate: 5_000_000n },
          line('cgst', 'C', 2_500n),
          line('sgst', 'S', 2_500n),
        ],
      }),
    )!;
    assert.deepEqual([row.taxable_amount, row.cgst_amount, row.total_amount], ['1000.00', '25.00', '1050.00']);
    assert.equal(row.lines.length, 4);
    const { line_type, item_name, ledger_name, quantity: count, rate, hsn, gst_rate } = row.lines[1]!;
    assert.deepEqual(
      [line_type, item_name, ledger_name, count, rate, hsn, gst_rate],
      ['item', 'Room', 'Sale 5%', '2.0000', '500.0000', '996311', '5.0000'],
    );
  });

  it('counts a discount inside the value that GST is charged on as taxable', () => {
    const discount: LedgerEntry = { ...line('taxable', 'Discount On Sales', -10_000n), assessable: 'method' };
    const entries = [
      line('party', 'P', 100_800n),
      line('taxable', 'Sales', 100_000n),
      discount,
      line('igst', 'I', 10_800n),
    ];
    const row = expectedInvoice(demoVoucher({ guid, date: '2024-04-01', partyLedger: 'P', entries }))!;
    assert.deepEqual([row.taxable_amount, row.other_amount, row.igst_amount], ['900.00', '0.00', '108.00']);
  });

  it('turns a credit note negative, line by line, its party line too', () => {
    const row = expectedInvoice(
      demoVoucher({
        guid,
        date: '2024-04-01',
        base: 'credit_note',
        partyLedger: 'P',
        entries: [line('party', 'P', 118_000n), line('taxable', 'Sales', 100_000n), line('igst', 'I', 18_000n)],
      }),
    )!;
    assert.equal(row.total_amount, '-1180.00');
    assert.equal(row.igst_amount, '-180.00');
    assert.deepEqual(
      row.lines.map((l) => l.amount),
      ['-1180.00', '-1000.00', '-180.00'],
    );
  });

  it('says of a stock line its quantity, unit, rate, discount and tax in plain decimals', () => {
    const row = expectedInvoice(
      demoVoucher({
        guid,
        date: '2024-04-01',
        entries: [
          {
            kind: 'item',
            item: ' Rice & Dal\u0004 ',
            ledger: 'Sales',
            value: 51_300n,
            hsn: '0713',
            gst: { percent: 50_000n, heads: 'intra', cess: '12' },
            quantity: { count: 100_000n, unit: 'Box', text: ' 10 Box 0 Nos' },
            rate: 570_000n,
            discount: 100_000n,
          },
        ],
      }),
    )!;
    assert.deepEqual(row.lines[0], {
      line_no: 1,
      line_type: 'item',
      ledger_name: 'Sales',
      ledger_class: 'taxable',
      item_name: 'Rice & Dal',
      hsn: '0713',
      quantity: '10.0000',
      unit: 'Box',
      rate: '57.0000',
      discount_percent: '10.0000',
      gst_rate: '5.0000',
      amount: '513.00',
      ...{ description: null, godown: 'Main Location', batch: 'Primary Batch', taxability: 'Taxable' },
      type_of_supply: 'Goods',
    });
  });

  it('loses what Tally loses when it is not asked in UTF-16', () => {
    const voucher = demoVoucher({ guid, date: '2024-04-01', partyLedger: '₹ राम ñ' });
    assert.equal(expectedInvoice(voucher)!.party_name, '₹ राम ñ');
    assert.equal(expectedInvoice(voucher, 'utf-8')!.party_name, '? ??? ñ');
  });
});
