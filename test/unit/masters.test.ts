import assert from 'node:assert/strict';
import { defaultLedgerPatterns } from '../../src/core/base/config.js';
import type { LedgerClass } from '../../src/core/invoice/invoice.js';
import { invoiceTypesOf } from '../../src/core/invoice/classes/invoiceTypeOf.js';
import type { GroupMaster, LedgerMaster } from '../../src/core/invoice/classes/masters.js';
import { ledgerClassesOf } from '../../src/core/invoice/classes/ledgerClassOf.js';
import { mastersOf } from '../../src/core/jobs/books/knownBooks.js';

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

  const cases: [what: string, types: Record<string, string>][] = [
    [
      'are invoices by their reserved name or their parents, never by their own name',
      {
        ...{ Sales: 'sales', 'GST Sale Invoice': 'sales', 'E-Sales Export': 'sales', ' e-sales ': 'sales' },
        ...{ Expense: 'purchase', 'Credit Note': 'credit_note' },
      },
    ],
    ['are no invoices when they only look like one', { 'Sales Order': 'none', 'Sales Sample': 'none' }],
    ['are unknown, not ignored, when Tally does not list them', { 'New Type': 'unknown', '': 'unknown' }],
    [
      "are unknown, not ignored, when they lead to none of Tally's own, or in a circle",
      { Orphan: 'unknown', Top: 'unknown', A: 'unknown' },
    ],
    [
      'that are the same kind under two names or twice the same are what they are',
      { Memo: 'none', Receipt: 'none', Twice: 'purchase' },
    ],
    [
      'that cannot be told apart any more are unknown, and so are their children',
      { '????': 'unknown', '????? of 2024': 'unknown' },
    ],
  ];
  for (const [what, types] of cases)
    it(what, () => {
      for (const [name, expected] of Object.entries(types)) assert.equal(typeOf(name), expected, name);
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

  describe('come from the name, as a guess, where the group leads nowhere', () => {
    const unknown = (name: string, more: Partial<LedgerMaster> = {}): LedgerMaster => ({
      ...ledger(name, 'Counter 7'),
      ...more,
    });
    const own = (found: LedgerMaster, of: GroupMaster[] = groups): ReturnType<typeof classed> =>
      ledgerClassesOf({ voucherTypes: [], ledgers: [found], groups: of }, defaultLedgerPatterns)(found.name);

    it('whatever the name says', () => {
      assert.deepEqual(own(unknown('Sales Pune')), { ledgerClass: 'taxable', isGuess: true });
      assert.deepEqual(own(unknown('Output CGST')), { ledgerClass: 'cgst', isGuess: true });
      assert.deepEqual(own(unknown('Freight')), {
        ...{ ledgerClass: 'other', isGuess: true, roundsByMark: true, taxableByMark: true },
      });
    });

    it('but not where the master says it all the same', () => {
      assert.deepEqual(own(unknown('Sales Pune', { taxType: 'GST', gstDutyHead: 'IGST' })), {
        ...{ ledgerClass: 'igst', isGuess: false },
      });
      assert.deepEqual(own(unknown('Sales Pune', { taxType: 'TDS' })), { ledgerClass: 'tds', isGuess: false });
      assert.deepEqual(own(unknown('Packing', { appropriateFor: 'GST' })), {
        ...{ ledgerClass: 'taxable', isGuess: false, isAssessable: true },
      });
      assert.deepEqual(own(unknown('Round Off')), { ledgerClass: 'round_off', isGuess: false });
    });

    it('on the way up too, or where two groups have its name', () => {
      const between = [{ name: 'Counter 7', parent: 'Counters', reservedName: '' }];
      assert.equal(own(unknown('Sales Pune'), between).isGuess, true);
      const top = { name: 'Counters', parent: 'Sales Accounts', reservedName: '' };
      assert.deepEqual(own(unknown('Pune'), [...between, top]), { ledgerClass: 'taxable', isGuess: false });
      const lost = { ...top, parent: 'Indirect Expenses' };
      assert.deepEqual(own(unknown('Sales Pune'), [...between, top, lost]), { ledgerClass: 'taxable', isGuess: true });
      assert.equal(own(unknown('Pune'), [...between, top, { ...top }]).isGuess, false, 'twice the same');
      for (const parent of ['Primary', '4; Primary', ''])
        assert.equal(own(unknown('Pune'), [{ name: 'Counter 7', parent, reservedName: '' }]).isGuess, false, parent);
    });

    it("is no guess in one of Tally's 28 groups, listed or not", () => {
      const reserved =
        'Branch / Divisions|Capital Account|Current Assets|Current Liabilities|Direct Expenses|Direct Incomes|Fixed Assets|' +
        'Indirect Expenses|Indirect Incomes|Investments|Loans (Liability)|Misc. Expenses (ASSET)|Purchase Accounts|' +
        'Sales Accounts|Suspense A/c|Bank Accounts|Bank OD A/c|Cash-in-Hand|Deposits (Asset)|Duties & Taxes|' +
        'Loans & Advances (Asset)|Provisions|Reserves & Surplus|Secured Loans|Stock-in-Hand|Sundry Creditors|' +
        'Sundry Debtors|Unsecured Loans';
      assert.equal(reserved.split('|').length, 28);
      for (const parent of reserved.split('|')) {
        const { ledgerClass, isGuess, isParty } = own(unknown('Asha', { parent }), []);
        const isTrade = ['Sales Accounts', 'Purchase Accounts'].includes(parent);
        assert.deepEqual(
          [ledgerClass, isGuess, isParty ?? false],
          [isTrade ? 'taxable' : 'other', false, parent.startsWith('Sundry')],
          parent,
        );
      }
    });

    it('climbs once for all ledgers of a group, however many lines there are', () => {
      let climbs = 0;
      const counted = {
        name: 'Counter 7',
        reservedName: '',
        get parent() {
          climbs++;
          return 'Sales Accounts';
        },
      };
      const many = Array.from({ length: 50 }, (_, n) => unknown(`Pune ${n}`));
      const classes = ledgerClassesOf({ voucherTypes: [], ledgers: many, groups: [counted] }, defaultLedgerPatterns);
      for (let line = 0; line < 500; line++) assert.equal(classes(`Pune ${line % 50}`).ledgerClass, 'taxable');
      assert.equal(climbs, 1);
    });
  });

  it('of a customer, a supplier or a bank stay what they are, though the name is like that of a round-off', () => {
    const [debtor, bank] = [ledger('Round Table Foods', 'Sundry Debtors'), ledger('Rounds Bank', 'Bank Accounts')];
    const own = ledgerClassesOf({ voucherTypes: [], ledgers: [debtor, bank], groups }, defaultLedgerPatterns);
    assert.deepEqual(own(debtor.name), { ledgerClass: 'other', isGuess: false, isParty: true });
    assert.deepEqual(own(bank.name), { ledgerClass: 'other', isGuess: false, isMoney: true });
  });

  it('come from the name alone when Tally gives no ledgers', () => {
    const named = ledgerClassesOf({ voucherTypes: [], ledgers: [], groups: [] }, defaultLedgerPatterns);
    const byName = (name: string): LedgerClass => named(name).ledgerClass;
    const expected = {
      ...{ 'Output Central Tax 9%': 'cgst', 'Input UTGST': 'sgst', 'IGST @ 18%': 'igst', 'Compensation Cess': 'cess' },
      ...{
        'TDS on Contractors': 'tds',
        'Rounded Off': 'round_off',
        'Processing Charges': 'other',
        'Ground Rent': 'other',
      },
    };
    for (const [name, ledgerClass] of Object.entries(expected)) assert.equal(byName(name), ledgerClass, name);
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

    it('but only after the names of taxes and round-offs, and never against a master', () => {
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

  it('are a guess for a ledger that is not listed, or if two ledgers of its name have different classes', () => {
    const lost = [ledger('?????', 'Duties & Taxes', 'GST', 'CGST'), ledger('?????', 'Interstate Sales')];
    const twice = [ledger('Same', 'Interstate Sales'), ledger('Same', 'Sales Accounts')];
    const listed = ledgerClassesOf(
      { voucherTypes: [], ledgers: [...ledgers, ...lost, ...twice], groups },
      defaultLedgerPatterns,
    );
    assert.deepEqual(listed('Output Tax A'), { ledgerClass: 'cgst', isGuess: false });
    const guessOf = (name: string): [LedgerClass, boolean] => [listed(name).ledgerClass, listed(name).isGuess];
    assert.deepEqual(guessOf('Freight Central'), ['other', false]);
    assert.deepEqual(guessOf('New CGST'), ['cgst', true]);
    assert.deepEqual(guessOf('New Ledger'), ['other', true]);
    assert.deepEqual(guessOf('?????'), ['other', true]);
    assert.deepEqual(guessOf('Same'), ['taxable', false]);
  });

  it('are taxable for a charge that is appropriate for GST, unless its master or name says what it is', () => {
    const charges: [name: string, parent: string, taxType: string, appropriateFor: string, LedgerClass, boolean][] = [
      ['Packing', 'Indirect Expenses', 'Others', 'GST', 'taxable', true],
      ['Central Discount', 'Indirect Expenses', 'Others', 'GST', 'taxable', true],
      ['Excise', 'Indirect Expenses', 'Others', 'Excise', 'other', false],
      ['Asha Traders', 'Sundry Debtors', 'Others', 'GST', 'other', false],
      ['Round Off', 'Indirect Expenses', 'Others', 'GST', 'round_off', false],
      ['CGST', 'Duties & Taxes', 'GST', 'GST', 'cgst', false],
      ['TDS', 'Duties & Taxes', 'TDS', 'GST', 'tds', false],
    ];
    const ledgers = charges.map(([name, parent, taxType, appropriateFor]) => ({
      ...ledger(name, parent, taxType),
      appropriateFor,
    }));
    const classes = ledgerClassesOf({ voucherTypes: [], ledgers, groups }, defaultLedgerPatterns);
    for (const [name, , , , ledgerClass, isAssessable] of charges)
      assert.deepEqual([classes(name).ledgerClass, !!classes(name).isAssessable], [ledgerClass, isAssessable], name);
  });

  it('give a ledger another digest when its group changes or APPROPRIATEFOR becomes GST', () => {
    const digestOf = (row: ReturnType<typeof ledger> & { appropriateFor?: string }): string =>
      mastersOf(
        { voucherTypes: [], ledgers: [row], groups },
        {
          invoiceTypeOf: () => 'none',
          ledgerClassOf: ledgerClassesOf({ voucherTypes: [], ledgers: [row], groups }, defaultLedgerPatterns),
        },
      )[0]!.digest;
    const packing = ledger('Packing', 'Indirect Expenses');
    const digests = [
      packing,
      { ...packing, appropriateFor: 'GST' },
      { ...packing, parent: 'Sales Accounts' },
      { ...packing, parent: 'Bank Accounts' },
      { ...packing, parent: 'Sundry Debtors' },
    ].map(digestOf);
    assert.equal(digestOf({ ...packing, appropriateFor: 'Excise' }), digests[0]);
    // Taxable by its group differs from taxable by APPROPRIATEFOR GST: only the second gives it the rates of the goods.
    assert.equal(new Set(digests).size, digests.length, digests.join());
  });

  describe('are left to a mark on the line', () => {
    const more = [
      ledger('Asha Traders', 'Sundry Debtors'),
      ledger('City Bank', 'Bank Accounts'),
      ledger('VAT of old', 'Duties & Taxes'),
      ledger('CGST, misplaced', 'Current Liabilities'),
      ledger('Central Rounding', 'Indirect Expenses'),
      ledger('Paise', 'Indirect Expenses'),
      ledger('?????', 'Duties & Taxes', 'GST', 'CGST'),
      ledger('?????', 'Indirect Expenses'),
    ];
    const withMasters = ledgerClassesOf(
      { voucherTypes: [], ledgers: [...ledgers, ...more], groups },
      defaultLedgerPatterns,
    );
    const byNames = ledgerClassesOf({ voucherTypes: [], ledgers: [], groups: [] }, defaultLedgerPatterns);
    const open = (mark: 'roundsByMark' | 'taxableByMark', of = withMasters, ...names: string[]): string[] =>
      names.filter((name) => of(name)[mark]);

    it('if it marks rounding, and neither the master nor the name of a tax claims the ledger', () => {
      const names = [...ledgers, ...more].map(({ name }) => name);
      assert.deepEqual(open('roundsByMark', withMasters, ...names, 'New Ledger', 'New CGST'), [
        ...['Lost', 'Central Rounding', 'Paise', 'New Ledger'],
      ]);
      assert.deepEqual(open('roundsByMark', byNames, 'Output CGST', 'TDS on Rent', 'IGST Round Off', 'Paise'), [
        ...['IGST Round Off', 'Paise'],
      ]);
    });

    it('if it marks GST, and the ledger is not a tax, a party, cash, a bank or the round-off', () => {
      const names = [...ledgers, ...more].map(({ name }) => name);
      assert.deepEqual(open('taxableByMark', withMasters, ...names, 'New Ledger', 'New CGST'), [
        ...['Freight Central', 'Lost', 'CGST, misplaced', 'Central Rounding', 'Paise', 'New Ledger'],
      ]);
      assert.deepEqual(open('taxableByMark', byNames, 'Output CGST', 'Round Off', 'Freight'), ['Freight']);
    });
  });
});
