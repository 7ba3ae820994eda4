import assert from 'node:assert/strict';
import { defaultLedgerPatterns } from '../../src/core/config.js';
import { invoiceTypesOf } from '../../src/core/invoice/invoiceTypeOf.js';
import { ledgerClassesOf } from '../../src/core/invoice/ledgerClassOf.js';

const type = (name: string, parent: string, reservedName = '') => ({ name, parent, reservedName });

describe('voucher types', () => {
  const typeOf = invoiceTypesOf([
    type('Sales', 'Sales', 'Sales'),
    type('Purchase', 'Purchase', 'Purchase'),
    type('Sales Order', 'Sales Order', 'Sales Order'),
    type('GST Sale Invoice', 'GST Sale Invoice', 'Sales'), // a renamed reserved type
    type('Credit Note', 'Credit Note'), // a release that gives no RESERVEDNAME
    type('E-Sales', 'Sales'),
    type('E-Sales Export', 'E-Sales'),
    type('Expense', 'Purchase'),
    type('Sales Sample', 'Delivery Note'),
    type('Delivery Note', 'Delivery Note', 'Delivery Note'),
    type('A', 'B'),
    type('B', 'A'),
  ]);

  it('are invoices by their reserved name or their parents, never by their own name', () => {
    assert.equal(typeOf('Sales'), 'sales');
    assert.equal(typeOf('GST Sale Invoice'), 'sales');
    assert.equal(typeOf('E-Sales Export'), 'sales');
    assert.equal(typeOf('Expense'), 'purchase');
    assert.equal(typeOf('Credit Note'), 'credit_note');
    assert.equal(typeOf(' e-sales '), 'sales');
  });

  it('are no invoices when they only look like one', () => {
    assert.equal(typeOf('Sales Order'), 'none');
    assert.equal(typeOf('Sales Sample'), 'none');
  });

  it('are unknown, not ignored, when Tally does not list them', () => {
    assert.equal(typeOf('New Type'), 'unknown');
  });

  it('in a circle do not hang', () => {
    assert.equal(typeOf('A'), 'none');
  });
});

describe('ledger classes', () => {
  const ledger = (name: string, parent: string, taxType = 'Others', gstDutyHead = '') => ({
    name,
    parent,
    taxType,
    gstDutyHead,
  });
  const groups = [
    { name: 'Sales Accounts', parent: 'Primary', reservedName: 'Sales Accounts' },
    { name: 'Verkauf', parent: 'Primary', reservedName: 'Purchase Accounts' }, // a renamed reserved group
    { name: 'Interstate Sales', parent: 'Sales Accounts', reservedName: '' },
    { name: 'Current Liabilities', parent: 'Primary', reservedName: 'Current Liabilities' },
    { name: 'Duties & Taxes', parent: 'Current Liabilities', reservedName: 'Duties & Taxes' },
    { name: 'Indirect Expenses', parent: 'Primary', reservedName: 'Indirect Expenses' },
    { name: 'Loop', parent: 'Loop', reservedName: '' },
  ];
  const ledgers = [
    ledger('Sales Interstate IGST 18%', 'Interstate Sales'),
    ledger('Goods', 'Verkauf'),
    ledger('Output Tax A', 'Duties & Taxes', 'GST', 'CGST'),
    ledger('Output Tax B', 'Duties & Taxes', 'GST', 'State Tax'),
    ledger('Output Tax C', 'Duties & Taxes', 'GST', 'SGST/UTGST'),
    ledger('Output Tax D', 'Duties & Taxes', 'GST', 'IGST'),
    ledger('Output Tax E', 'Duties & Taxes', 'GST', 'Cess'),
    ledger('CGST of old', 'Duties & Taxes'),
    ledger('TDS 194C', 'Duties & Taxes', 'TDS'),
    ledger('TCS 206C', 'Duties & Taxes', 'TCS'),
    ledger('Freight Central', 'Indirect Expenses'),
    ledger('Round Off', 'Indirect Expenses'),
    ledger('Lost', 'Loop'),
  ];
  const classOf = ledgerClassesOf({ voucherTypes: [], ledgers, groups }, defaultLedgerPatterns);

  it('come from the masters, whatever the ledger is called', () => {
    const expected = {
      'Sales Interstate IGST 18%': 'taxable',
      Goods: 'taxable',
      'Output Tax A': 'cgst',
      'Output Tax B': 'sgst',
      'Output Tax C': 'sgst',
      'Output Tax D': 'igst',
      'Output Tax E': 'cess',
      'TDS 194C': 'tds',
      'TCS 206C': 'other',
      'Freight Central': 'other',
      Lost: 'other',
    };
    for (const [name, expectedClass] of Object.entries(expected)) assert.equal(classOf(name), expectedClass, name);
  });

  it('come from the name where the master does not say', () => {
    assert.equal(classOf('CGST of old'), 'cgst');
    assert.equal(classOf('Round Off'), 'round_off');
  });

  it('come from the name alone when Tally gives no ledgers', () => {
    const byName = ledgerClassesOf({ voucherTypes: [], ledgers: [], groups: [] }, defaultLedgerPatterns);
    assert.equal(byName('Output Central Tax 9%'), 'cgst');
    assert.equal(byName('Input UTGST'), 'sgst');
    assert.equal(byName('IGST @ 18%'), 'igst');
    assert.equal(byName('Compensation Cess'), 'cess');
    assert.equal(byName('TDS on Contractors'), 'tds');
    assert.equal(byName('Rounded Off'), 'round_off');
    assert.equal(byName('Processing Charges'), 'other');
    assert.equal(byName('Ground Rent'), 'other');
  });
});
