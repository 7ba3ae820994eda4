// Vouchers in shapes that were counted in true exports, loaded as a file.
import assert from 'node:assert/strict';
import { formatDecimal } from '../../src/core/decimal.js';
import type { Invoice } from '../../src/core/invoice/invoice.js';
import { loadCase, type LoadedFile } from '../support/caseFile.js';

const rupees = (value: bigint): string => formatDecimal(value, 2);

const amountsOf = (i: Invoice): Record<string, string> => ({
  taxable: rupees(i.taxableAmount),
  cgst: rupees(i.cgstAmount),
  sgst: rupees(i.sgstAmount),
  igst: rupees(i.igstAmount),
  round_off: rupees(i.roundOffAmount),
  other: rupees(i.otherAmount),
  total: rupees(i.totalAmount),
});
const none = { cgst: '0.00', sgst: '0.00', igst: '0.00', round_off: '0.00', other: '0.00' };

/** The one invoice of a file, which nothing is to be said about. */
function onlyInvoice({ invoices, rejects, warnings }: LoadedFile): Invoice {
  assert.deepEqual([invoices.length, rejects, warnings], [1, [], []]);
  return invoices[0]!;
}
const linesOf = (i: Invoice): [string | null, string, string][] =>
  i.lines.map((line) => [line.ledgerName, line.ledgerClass, rupees(line.amount)]);

describe('a tax ledger with a rounding method', () => {
  const name = '01-tax-ledger-with-rounding-method';
  const gst = { ...none, taxable: '1000.00', cgst: '90.00', sgst: '90.00', total: '1180.00' };

  it('is tax, by its master', async () => {
    const invoice = onlyInvoice(await loadCase(name));
    assert.deepEqual(amountsOf(invoice), gst);
    assert.deepEqual(linesOf(invoice), [
      ['Buyer One', 'party', '1180.00'],
      ['Sales GST 18%', 'taxable', '1000.00'],
      ['OUTPUT CGST', 'cgst', '90.00'],
      ['OUTPUT SGST', 'sgst', '90.00'],
    ]);
  });

  it('is tax by its name where the file holds no masters', async () => {
    const withoutLedgers = await loadCase(name, (xml) => xml.replace(/<LEDGER .*?<\/LEDGER>/gs, ''));
    assert.deepEqual(amountsOf(withoutLedgers.invoices[0]!), gst);
  });

  it('is tax whatever else marks its line as a rounding', async () => {
    const marked = await loadCase(name, (xml) =>
      xml.replaceAll('<ROUNDTYPE>', '<METHODTYPE>As Total Amount Rounding</METHODTYPE><ROUNDTYPE>'),
    );
    assert.deepEqual(amountsOf(onlyInvoice(marked)), gst);
  });

  it('leaves the round-off to a ledger that nothing else claims', async () => {
    const rounded = await loadCase(name, (xml) =>
      xml
        .replaceAll('OUTPUT SGST', 'Paise')
        .replace(/<TAXTYPE>GST<\/TAXTYPE>\s*<GSTDUTYHEAD>SGST\/UTGST<\/GSTDUTYHEAD>/, '')
        .replace(/(NAME="Paise"[^>]*>\s*<PARENT>)[^<]*/, '$1Indirect Expenses'),
    );
    assert.equal(amountsOf(rounded.invoices[0]!).round_off, '90.00');
  });
});
