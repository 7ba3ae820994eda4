import assert from 'node:assert/strict';
import { defaultLedgerPatterns } from '../../src/core/base/config.js';
import { invoiceTypesOf } from '../../src/core/invoice/classes/invoiceTypeOf.js';
import { ledgerClassesOf } from '../../src/core/invoice/classes/ledgerClassOf.js';
import { mapInvoice } from '../../src/core/invoice/mapInvoice.js';
import { shippedPath } from '../../src/core/base/resources.js';
import { ExportFile } from '../../src/core/tally/file/exportFile.js';
import { readVouchers } from '../../src/core/tally/requests/readVouchers.js';
import { invoiceColumns } from '../../src/core/warehouse/load/columns.js';
import { logger } from './tallySupport.js';

const masters = { voucherTypes: [{ name: 'Sales', parent: 'Sales', reservedName: 'Sales' }], ledgers: [], groups: [] };
const rules = {
  invoiceTypeOf: invoiceTypesOf(masters.voucherTypes),
  ledgerClassOf: ledgerClassesOf(masters, defaultLedgerPatterns),
};
const company = { name: 'Case Company', id: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee' };
const range = { from: '2024-04-01', to: '2024-04-01' };

describe('a Day Book with the signs of many currencies', () => {
  it('loads each invoice with its value in rupees, its sign, its foreign amount and its rate', async () => {
    const file = new ExportFile(shippedPath('test', 'fixtures', 'cases', '19-foreign-currency-signs.xml'), logger);
    const rows: Record<string, (string | null)[]> = {};
    const shown = ['total_amount', 'currency', 'foreign_amount', 'exchange_rate'].map((name) =>
      invoiceColumns.find((column) => column.name === name)!,
    );
    for await (const batch of readVouchers(file, { report: 'Day Book', company, range, keep: () => true }).batches) {
      for (const { voucher, raw } of batch) {
        const mapped = mapInvoice(voucher, raw, rules);
        assert.ok('invoice' in mapped, 'reject' in mapped ? mapped.reject.reason : 'skipped');
        const { invoice, doubts } = mapped;
        assert.ok(!doubts.includes('unreadable-detail'), voucher.voucherNumber);
        rows[voucher.voucherNumber] = shown.map(({ value }) => value({ seq: 0, invoice }));
      }
    }
    assert.deepEqual(rows, {
      'Dhs.': ['2250.00', 'Dhs.', '100.0000', '22.500000'],
      'US $': ['8300.00', 'US $', '100.0000', '83.000000'],
      USD: ['8300.00', 'USD', '100.0000', '83.000000'],
      '€': ['9000.00', '€', '100.0000', '90.000000'],
      'lost €': ['9000.00', '?', '100.0000', '90.000000'],
      suffix: ['8300.00', '$', '100.0000', '83.000000'],
      'Rs. base': ['8300.00', '$', '100.0000', '83.000000'],
      'S/': ['2200.00', 'S/', '100.0000', '22.000000'],
      'rate 1': ['61600.00', '$', '61600.0000', '1.000000'],
      lakhs: ['8300000.00', '$', '100000.0000', '83.000000'],
      'base in expression': ['37216.04', 'INR', null, null],
    });
  });
});
