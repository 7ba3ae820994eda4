import assert from 'node:assert/strict';
import { defaultLedgerPatterns } from '../../src/core/config.js';
import type { LedgerClass } from '../../src/core/invoice/invoice.js';
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
    type('Orphan', 'Not Listed'),
    type('Top', ''),
    type('Memo', 'Memo', 'Memorandum'),
    type('Receipt', 'Primary'), // a release that gives no RESERVEDNAME
    type('????', 'Sales'), // two types whose letters Tally has lost
    type('????', 'Journal'),
    type('????? of 2024', '????'),
    type('Twice', 'Purchase'),
    type('Twice', 'Purchase'),
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
    assert.equal(typeOf(''), 'unknown');
  });

  it("are unknown, not ignored, when they lead to none of Tally's own", () => {
    assert.equal(typeOf('Orphan'), 'unknown');
    assert.equal(typeOf('Top'), 'unknown');
    assert.equal(typeOf('A'), 'unknown', 'a circle');
  });

  it('that are the same kind under two names or twice the same are what they are', () => {
    assert.equal(typeOf('Memo'), 'none');
    assert.equal(typeOf('Receipt'), 'none');
    assert.equal(typeOf('Twice'), 'purchase');
  });

  it('that cannot be told apart any more are unknown, and so are their children', () => {
    assert.equal(typeOf('????'), 'unknown');
    assert.equal(typeOf('????? of 2024'), 'unknown');
  });

  it('of all 24 kinds are told apart without a reserved name, too', () => {
    const own =
      'Attendance|Contra|Credit Note|Debit Note|Delivery Note|Job Work In Order|Job Work Out Order|Journal|Material In|' +
      'Material Out|Memorandum|Payment|Payroll|Physical Stock|Purchase|Purchase Order|Receipt|Receipt Note|Rejections In|' +
      'Rejections Out|Reversing Journal|Sales|Sales Order|Stock Journal';
    const names = own.split('|');
    const bare = invoiceTypesOf(names.flatMap((name) => [type(name, name), type(`My ${name}`, name)]));
    assert.equal(names.length, 24);
    const invoices = ['Credit Note', 'Debit Note', 'Purchase', 'Sales'];
    for (const name of names) {
      const expected = invoices.includes(name) ? name.toLowerCase().replace(' ', '_') : 'none';
      assert.deepEqual([bare(name), bare(`My ${name}`)], [expected, expected], name);
    }
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
  const classed = ledgerClassesOf({ voucherTypes: [], ledgers, groups }, defaultLedgerPatterns);
  const classOf = (name: string): LedgerClass => classed(name).ledgerClass;

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
    const named = ledgerClassesOf({ voucherTypes: [], ledgers: [], groups: [] }, defaultLedgerPatterns);
    const byName = (name: string): LedgerClass => named(name).ledgerClass;
    assert.equal(byName('Output Central Tax 9%'), 'cgst');
    assert.equal(byName('Input UTGST'), 'sgst');
    assert.equal(byName('IGST @ 18%'), 'igst');
    assert.equal(byName('Compensation Cess'), 'cess');
    assert.equal(byName('TDS on Contractors'), 'tds');
    assert.equal(byName('Rounded Off'), 'round_off');
    assert.equal(byName('Processing Charges'), 'other');
    assert.equal(byName('Ground Rent'), 'other');
    assert.equal(named('IGST @ 18%').isGuess, true);
  });

  describe('of sales and purchases come from the name where no master speaks of the ledger', () => {
    const named = ledgerClassesOf({ voucherTypes: [], ledgers: [], groups: [] }, defaultLedgerPatterns);
    for (const name of [
      ...['Sales', 'Purchase', 'Sale 5% GST', '18% Local Purchases', 'Sales - Electronics', 'Purchases GST 12%'],
      ...['Sales of Services 18%', 'GST SALES @ 12%', 'Sales_Local', 'Sales18%', 'Sales Return', 'Purchase A/c'],
      ...['Taxable Sales', 'Tax Free Sales', 'Purchase - Packing Material 18%', 'Export Sale (LUT)'],
    ])
      it(`taxable: ${name}`, () => {
        assert.deepEqual(named(name), { ledgerClass: 'taxable', isGuess: true });
      });

    for (const name of [
      ...['Sales Tax', 'Tax on Sales', 'Output VAT on Sales', 'TCS on Sale of Goods', 'Salesman Commission'],
      ...['Sales Promotion Expenses', 'Commission on Sales', 'Discount on Sales', 'Freight on Purchase'],
      ...['Purchase Expenses', 'Sales & Marketing Exp.', 'Sales Staff Salary', 'Cost of Sales', 'Wholesale Traders'],
      ...['Purchaser Deposit', 'Resale Counter', 'Insurance on Purchases', 'Freight', 'Asha'],
    ])
      it(`not: ${name}`, () => {
        assert.equal(named(name).ledgerClass, 'other');
      });

    it('after the taxes and the round-off, and never against a master', () => {
      assert.equal(named('Output IGST on Sales').ledgerClass, 'igst');
      assert.equal(named('Round Off (Sales)').ledgerClass, 'round_off');
      const own = ledgerClassesOf(
        { voucherTypes: [], ledgers: [ledger('Sales of old', 'Duties & Taxes'), ledger('Sales Car', 'Loop')], groups },
        defaultLedgerPatterns,
      );
      assert.deepEqual([own('Sales of old').ledgerClass, own('Sales Car').ledgerClass], ['other', 'other']);
      assert.deepEqual(own('Sales'), { ledgerClass: 'taxable', isGuess: true });
    });

    it('or by the patterns of the settings', () => {
      const patterns = { ...defaultLedgerPatterns, sales: 'bikri' };
      const own = ledgerClassesOf({ voucherTypes: [], ledgers: [], groups: [] }, patterns);
      assert.deepEqual([own('Bikri 5%').ledgerClass, own('Sales').ledgerClass], ['taxable', 'other']);
    });
  });

  it('are a guess for a ledger that is not in the list, or of which two cannot be told apart', () => {
    const lost = [ledger('?????', 'Duties & Taxes', 'GST', 'CGST'), ledger('?????', 'Interstate Sales')];
    const twice = [ledger('Same', 'Interstate Sales'), ledger('Same', 'Sales Accounts')];
    const listed = ledgerClassesOf(
      { voucherTypes: [], ledgers: [...ledgers, ...lost, ...twice], groups },
      defaultLedgerPatterns,
    );
    assert.deepEqual(listed('Output Tax A'), { ledgerClass: 'cgst', isGuess: false });
    assert.deepEqual(listed('Freight Central'), { ledgerClass: 'other', isGuess: false });
    assert.deepEqual(listed('New CGST'), { ledgerClass: 'cgst', isGuess: true });
    assert.deepEqual(listed('New Ledger'), { ledgerClass: 'other', isGuess: true });
    assert.deepEqual(listed('?????'), { ledgerClass: 'other', isGuess: true });
    assert.deepEqual(listed('Same'), { ledgerClass: 'taxable', isGuess: false });
  });
});
