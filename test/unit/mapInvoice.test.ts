import assert from 'node:assert/strict';
import { formatDecimal } from '../../src/core/base/decimal.js';
import type { Doubt, Invoice, InvoiceType, LedgerClass, Reject } from '../../src/core/invoice/invoice.js';
import { mapInvoice, type MappingRules } from '../../src/core/invoice/mapInvoice.js';
import type { LedgerLine, StockLine, Voucher } from '../../src/core/invoice/voucher.js';
import { parseWholeVoucher } from '../../src/core/tally/requests/voucherReader.js';
import { noVoucherDetails } from '../support/vouchers.js';

const classes: Record<string, LedgerClass> = {
  CGST: 'cgst',
  SGST: 'sgst',
  IGST: 'igst',
  'Round Off': 'round_off',
  TDS: 'tds',
  Freight: 'other',
  Consulting: 'taxable',
  Rent: 'taxable',
  Packing: 'taxable',
  Cess: 'cess',
};
const types: Record<string, InvoiceType> = {
  Sales: 'sales',
  Purchase: 'purchase',
  'Credit Note': 'credit_note',
  'Debit Note': 'debit_note',
};
const rules: MappingRules = {
  invoiceTypeOf: (name) => types[name] ?? (name === 'Receipt' ? 'none' : 'unknown'),
  ledgerClassOf: (name) => ({
    ledgerClass: classes[name] ?? 'other',
    isGuess: ['Unlisted CGST', 'Unlisted Paise'].includes(name),
    ...(['Unlisted Paise', 'Paise'].includes(name) && { roundsByMark: true, taxableByMark: true }),
    ...(name === 'Charge' && { taxableByMark: true }),
    ...(name === 'Packing' && { isAssessable: true }),
    ...(['Asha Traders', 'Bharat Supplies'].includes(name) && { isParty: true }),
    ...(['Till', 'Card Machine'].includes(name) && { isMoney: true }),
    ...(name.startsWith('Kerala Sales') && { ledgerClass: 'taxable', isGuess: true }),
  }),
};

/** A voucher and two lines as they are read from XML that has only names. */
const { lines: bareLines, ...bareVoucher } = parseWholeVoucher(
  '<VOUCHER><LEDGERENTRIES.LIST><LEDGERNAME>x</LEDGERNAME></LEDGERENTRIES.LIST>' +
    '<ALLINVENTORYENTRIES.LIST><STOCKITEMNAME>x</STOCKITEMNAME></ALLINVENTORYENTRIES.LIST></VOUCHER>',
);
const [bareLedger, bareItem] = bareLines as [LedgerLine, StockLine];

const noAllocations = { taxRates: [], bills: [], costs: [] };
const noBatch = { godown: '', batch: '', quantity: '', amount: '', trackingNumber: '' };

const ledger = (ledgerName: string, amount: string, more: Partial<LedgerLine> = {}): LedgerLine => ({
  ...{ ...bareLedger, ledgerName, amount },
  ...more,
});
const item = (itemName: string, amount: string, more: Partial<StockLine> = {}): StockLine => ({
  ...{ ...bareItem, itemName, amount, hsn: '6403', rate: '57.00/Pair', quantity: ' 10 Pair' },
  allocations: [{ ledgerName: 'Goods', amount, ...noAllocations }],
  taxRates: [
    { dutyHead: 'CGST', rate: ' 9' },
    { dutyHead: 'SGST/UTGST', rate: ' 9' },
    { dutyHead: 'IGST', rate: '' },
  ],
  ...more,
});
const voucher = (voucherType: string, lines: Voucher['lines'], more: Partial<Voucher> = {}): Voucher => ({
  ...{ ...bareVoucher, guid: 'g-00000001', date: '20240401', voucherType, alterId: '7', masterId: '1' },
  ...{ action: 'Create', voucherNumber: '0012', partyLedgerName: 'Asha Traders', partyName: 'Asha Traders, Pune' },
  ...{ placeOfSupply: 'Maharashtra', isCancelled: 'No', isOptional: 'No', isDeleted: 'No', lines },
  ...more,
});

const loaded = (v: Voucher): { invoice: Invoice; doubts: Doubt[] } => {
  const mapped = mapInvoice(v, '<raw/>', rules);
  assert.ok('invoice' in mapped, 'not loaded');
  return mapped;
};
const rejected = (v: Voucher): Reject => {
  const mapped = mapInvoice(v, '<raw/>', rules);
  assert.ok('reject' in mapped);
  return mapped.reject;
};
describe('an invoice', () => {
  const saleLines = [
    ledger('Asha Traders', '-1180.00'),
    item('Shoe', '1000.00'),
    ledger('CGST', '90.00'),
    ledger('SGST', '90.20'),
    ledger('Round Off', '-0.20'),
  ];

  it('keeps freight and discount apart from tax', () => {
    const mapped = loaded(
      voucher('Sales', [
        ledger('Asha Traders', '-1050.00'),
        item('Shoe', '1000.00'),
        ledger('Freight', '60.00'),
        ledger('Discount', '-10.00'),
      ]),
    );
    assert.equal(mapped.invoice.otherAmount, 5000n);
    assert.deepEqual(mapped.doubts, []);
  });

  it('may have a rounding method on any line; only a line that nothing else claims becomes a round-off', () => {
    for (const mark of [{ roundType: 'Normal Rounding' }, { methodType: 'As Total Amount Rounding' }]) {
      const lines = ['Consulting', 'CGST', 'TDS', 'Freight', 'Paise'].map((name) => ledger(name, '10.00', mark));
      const { invoice } = loaded(voucher('Sales', [ledger('Asha Traders', '-50.00', mark), ...lines]));
      assert.deepEqual(
        invoice.lines.map((line) => line.ledgerClass),
        ['party', 'taxable', 'cgst', 'tds', 'other', 'round_off'],
      );
    }
  });

  describe('with a line that is marked as a round-off', () => {
    const mark = { roundType: 'Normal Rounding' };
    /**
     * The class of the marked line, and the doubts. The party's line balances ₹1,000.00 of services and the marked
     * line.
     */
    const marked = (name: string, paise: bigint, more: Partial<LedgerLine>): [LedgerClass, Doubt[]] => {
      const party = formatDecimal(-100_000n - paise, 2);
      const line = ledger(name, formatDecimal(paise, 2), { ...mark, ...more });
      const { invoice, doubts } = loaded(
        voucher('Sales', [ledger('Asha Traders', party), ledger('Consulting', '1000.00'), line]),
      );
      return [invoice.lines[2]!.ledgerClass, doubts];
    };

    it('counts it as one only below its limit, where a limit is given', () => {
      for (const [paise, roundLimit] of [
        [99n, ' 1'],
        [-99n, ' 1'],
        [0n, ' 1'],
        [499n, '5.00'],
        [9_000n, ''],
        [9_000n, ' 0'],
      ] as const)
        assert.deepEqual(marked('Paise', paise, { roundLimit }), ['round_off', []], `${paise} of ${roundLimit}`);
      for (const [paise, roundLimit] of [
        [100n, ' 1'],
        [-100n, ' 1'],
        [9_000n, '1.00'],
      ] as const)
        assert.deepEqual(marked('Paise', paise, { roundLimit }), ['other', ['rounding-mark']], `${paise}`);
    });

    it('asks for the limit in the same way where METHODTYPE says so', () => {
      const method = { roundType: '', methodType: 'As Total Amount Rounding' };
      assert.deepEqual(marked('Paise', 24n, { ...method, roundLimit: ' 0.25' }), ['round_off', []]);
      assert.deepEqual(marked('Paise', 25n, { ...method, roundLimit: ' 0.25' }), ['other', ['rounding-mark']]);
    });

    it('takes a mark of the assessable value, and the ledger of a sale or a tax, before it', () => {
      for (const more of [
        { methodType: 'GST' },
        { appropriateFor: 'GST' },
        { taxability: 'Taxable' },
        { taxRates: [{ dutyHead: 'IGST', rate: ' 18' }] },
      ])
        for (const paise of [50n, 5_000n])
          assert.deepEqual(
            marked('Paise', paise, { ...more, roundLimit: ' 1' }),
            ['taxable', []],
            JSON.stringify(more),
          );
      assert.deepEqual(marked('Packing', 50n, { roundLimit: ' 1' })[0], 'taxable');
      assert.deepEqual(marked('TDS', -5_000n, { roundLimit: ' 1' }), ['tds', []]);
    });

    it('doubts a limit that cannot be read, and takes the mark as it stands', () => {
      assert.deepEqual(marked('Paise', 50n, { roundLimit: 'one' }), ['round_off', ['unreadable-detail']]);
    });
  });

  it('has its lines in one order, however Tally sends its lists: the party, the items, the other ledgers', () => {
    const linesOf = (lines: Voucher['lines']) => loaded(voucher('Sales', lines)).invoice.contentHash;
    const [items, ledgers] = [
      saleLines.filter((line) => line.kind === 'item'),
      saleLines.filter((line) => line.kind === 'ledger'),
    ];
    assert.equal(linesOf([...items, ...ledgers]), linesOf([...ledgers, ...items]));
    assert.equal(linesOf([...items, ...ledgers]), linesOf(saleLines));
    assert.notEqual(linesOf(saleLines.toReversed()), linesOf(saleLines), 'the order within a list is kept');
  });

  it('that carries both views is read from the accounting view where the other is not whole', () => {
    const accounting = [
      ledger('Asha Traders', '-1180.00', { view: 'accounting' }),
      ledger('Consulting', '1180.00', { view: 'accounting' }),
    ];
    for (const other of [
      saleLines.filter((line) => line.kind === 'ledger'), // without its stock lines
      saleLines.filter((line) => line.kind === 'item'), // without its ledger lines
      [item('Sample', '0.00')],
      [...saleLines, ledger('CGST', '')],
    ]) {
      const { invoice, doubts } = loaded(voucher('Sales', [...other, ...accounting]));
      assert.deepEqual([invoice.taxableAmount, invoice.totalAmount], [118000n, 118000n]);
      assert.deepEqual(doubts, ['both-views']);
    }
  });

  it('that carries both views keeps its items, a free one without an amount too', () => {
    const free = item('Sample', '', { allocations: [{ ledgerName: 'Consulting', amount: '0.00', ...noAllocations }] });
    const aggregate = [
      ledger('Asha Traders', '-1180.00', { view: 'accounting' }),
      ledger('Consulting', '1180.00', { view: 'accounting' }),
    ];
    const { invoice, doubts } = loaded(voucher('Sales', [...saleLines, free, ...aggregate]));
    assert.deepEqual(
      invoice.lines.filter(({ lineType }) => lineType === 'item').map(({ itemName }) => itemName),
      [...saleLines.flatMap((line) => (line.kind === 'item' ? [line.itemName] : [])), 'Sample'],
    );
    assert.deepEqual(doubts, []);
  });

  describe('in accounting view with stock lines beside its ledger lines', () => {
    const accounting = (name: string, amount: string): LedgerLine => ledger(name, amount, { view: 'accounting' });
    const booked = (name: string, ledgerName: string, amount: string): StockLine =>
      item(name, amount, { allocations: [{ ledgerName, amount, ...noAllocations }] });
    const ledgers = [
      ...[accounting('Asha Traders', '-1180.00'), accounting('Consulting', '600.00'), accounting('Rent', '400.00')],
      ...[accounting('CGST', '90.00'), accounting('SGST', '90.00')],
    ];
    const linesOf = (...stock: StockLine[]): unknown[] => {
      const { invoice, doubts } = loaded(voucher('Sales', [...stock, ...ledgers]));
      assert.deepEqual([invoice.taxableAmount, invoice.totalAmount], [100000n, 118000n]);
      return [
        ...invoice.lines.map((l) => `${l.ledgerName} ${l.itemName ?? '-'} ${formatDecimal(l.amount, 2)}`),
        ...doubts,
      ];
    };
    const taxes = ['CGST - 90.00', 'SGST - 90.00'];

    it('has each item once, in place of the line of the ledger that it is booked on', () => {
      assert.deepEqual(
        linesOf(
          booked('Shoe', 'Consulting', '350.00'),
          booked('Soap', 'Rent', '400.00'),
          booked('Oil', 'consulting', '250.00'),
        ),
        ['Asha Traders - 1180.00', 'Consulting Shoe 350.00', 'Consulting Oil 250.00', 'Rent Soap 400.00', ...taxes],
      );
    });

    it('keeps what the items leave of a ledger line, and says so', () => {
      assert.deepEqual(linesOf(booked('Shoe', 'Consulting', '350.00')), [
        ...['Asha Traders - 1180.00', 'Consulting Shoe 350.00', 'Consulting - 250.00', 'Rent - 400.00', ...taxes],
        'stock-below-ledger',
      ]);
    });

    it('leaves items out that are booked on none of the ledgers, or on several, and says so', () => {
      const plain = ['Asha Traders - 1180.00', 'Consulting - 600.00', 'Rent - 400.00', ...taxes, 'both-views'];
      assert.deepEqual(linesOf(booked('Shoe', 'Goods', '600.00')), plain);
      assert.deepEqual(linesOf(item('Shoe', '600.00', { allocations: [] })), plain);
      const allocations = ['Consulting', 'Rent'].map((ledgerName) => ({
        ledgerName,
        amount: '5.00',
        ...noAllocations,
      }));
      assert.deepEqual(linesOf(item('Shoe', '10.00', { allocations })), plain);
    });

    it('takes the amount that is booked where an item has none, and the ledger line where neither can be read', () => {
      const free = (amount: string): StockLine =>
        item('Shoe', '', { allocations: [{ ledgerName: 'Consulting', amount, ...noAllocations }] });
      assert.equal(linesOf(free('600.00'))[1], 'Consulting Shoe 600.00');
      assert.deepEqual(linesOf(free('many')).slice(1, 3), ['Consulting - 600.00', 'Rent - 400.00']);
    });
  });

  it('with a ledger that Tally does not list is loaded with a doubt, unless it is the party or marked as round-off', () => {
    const doubtsOf = (...lines: Voucher['lines']): Doubt[] => loaded(voucher('Sales', lines)).doubts;
    const sold = ledger('Consulting', '90.00');
    assert.deepEqual(doubtsOf(ledger('Asha Traders', '-100.00'), sold, ledger('Unlisted CGST', '10.00')), [
      'unlisted-ledger',
    ]);
    const rounding = (name: string): LedgerLine => ledger(name, '10.00', { roundType: 'Normal Rounding' });
    assert.deepEqual(doubtsOf(ledger('Asha Traders', '-100.00'), sold, rounding('Unlisted Paise')), []);
    assert.deepEqual(doubtsOf(ledger('Asha Traders', '-100.00'), sold, rounding('Unlisted CGST')), ['unlisted-ledger']);
    const party = ledger('Unlisted CGST', '-90.00', { isPartyLedger: 'Yes' });
    assert.deepEqual(loaded(voucher('Sales', [party, sold], { partyLedgerName: 'Unlisted CGST' })).doubts, []);
  });

  it('whose stock line is not what was booked on its ledgers is loaded with the amount of the line and a doubt', () => {
    const doubtsOf = (...amounts: string[]): Doubt[] => {
      const allocations = amounts.map((amount) => ({ ledgerName: 'Goods', amount, ...noAllocations }));
      const { invoice, doubts } = loaded(
        voucher('Sales', [ledger('Asha Traders', '-100.00'), item('Shoe', '100.00', { allocations })]),
      );
      assert.equal(invoice.taxableAmount, 10000n);
      return doubts;
    };
    assert.deepEqual(doubtsOf('100.00'), []);
    assert.deepEqual(doubtsOf('60.00', '40.00'), []);
    assert.deepEqual(doubtsOf('60.00', '40.01'), ['allocations']);
    assert.deepEqual(doubtsOf('-100.00'), ['allocations']);
    assert.deepEqual(doubtsOf('60.00', ''), ['allocations']);
    assert.deepEqual(doubtsOf(), []);
  });

  it('whose mark as cancelled or optional can be read neither as Yes nor as No is loaded with a doubt', () => {
    for (const field of ['isCancelled', 'isOptional'])
      for (const [text, doubts] of [
        ['Yes?', ['unreadable-detail']],
        ['N', ['unreadable-detail']],
        ['no ', []],
        ['', []],
      ] as const)
        assert.deepEqual(loaded(voucher('Sales', saleLines, { [field]: text })).doubts, doubts, `${field} ${text}`);
  });

  describe('is doubted for its party', () => {
    const marked = { isPartyLedger: 'Yes' } as const;
    const accounting = { view: 'accounting' } as const;
    const asha = ledger('Asha Traders', '-118.00', marked);
    const sold = [ledger('Consulting', '100.00'), ledger('CGST', '18.00')];
    const doubtsOf = (...lines: Voucher['lines']): Doubt[] => loaded(voucher('Sales', lines)).doubts;
    const inAccounting = (...lines: LedgerLine[]): Doubt[] => doubtsOf(...lines.map((l) => ({ ...l, ...accounting })));

    it('when its lines came twice, which balances', () => {
      assert.deepEqual(doubtsOf(asha, ...sold), []);
      assert.deepEqual(doubtsOf(asha, ...sold, asha, ...sold), ['odd-party']);
      assert.deepEqual(inAccounting(asha, ...sold), []);
      assert.deepEqual(inAccounting(asha, ...sold, asha, ...sold), ['odd-party']);
    });

    it('when it has the lines of another invoice, in place of its own or beside them', () => {
      const other = [ledger('Bharat Supplies', '-50.00', marked), ledger('Consulting', '50.00')];
      for (const read of [doubtsOf, inAccounting]) {
        assert.deepEqual(read(...other), ['odd-party']);
        assert.deepEqual(read(asha, ...sold, ...other), ['odd-party']);
      }
    });

    it('when the name of its party stands on the line of a tax', () => {
      const swapped = [
        ledger('CGST', '-118.00', marked),
        ledger('Consulting', '100.00'),
        ledger('Asha Traders', '18.00'),
      ];
      assert.ok(doubtsOf(...swapped).includes('odd-party'));
      assert.ok(inAccounting(...swapped).includes('odd-party'));
    });

    it('when its party is not named; in accounting view for having been taken from the marks or the masters', () => {
      const lines = [asha, ledger('Cash', '-10.00', marked), ledger('Consulting', '128.00')];
      const nameless = (more: Partial<LedgerLine>): Doubt[] =>
        loaded(
          voucher(
            'Sales',
            lines.map((l) => ({ ...l, ...more })),
            { partyLedgerName: '' },
          ),
        ).doubts;
      assert.deepEqual(nameless({}), ['odd-party']);
      assert.deepEqual(nameless(accounting), ['guessed-party']);
    });

    it('but not when cash and bank are marked too in accounting view, nor when Tally sends no marks', () => {
      const cash = ledger('Cash', '-18.00', marked);
      const rest = ledger('Asha Traders', '-100.00', marked);
      assert.deepEqual(
        inAccounting(cash, rest, ledger('City Bank', '-1.00', marked), ledger('Consulting', '119.00')),
        [],
      );
      assert.deepEqual(doubtsOf(ledger('Asha Traders', '-118.00'), ...sold), []);
    });
  });

  describe('paid in several ways at once', () => {
    const marked = { isPartyLedger: 'Yes' } as const;
    const sold = [item('Shoe', '1000.00'), ledger('CGST', '90.00'), ledger('SGST', '90.00')];
    const cash = ledger('Till', '-500.00', marked);
    const card = ledger('Card Machine', '-680.00', marked);
    const paid = (partyLedgerName: string, ...lines: Voucher['lines']): [bigint, bigint, number, Doubt[]] => {
      const { invoice, doubts } = loaded(voucher('Sales', [...lines, ...sold], { partyLedgerName }));
      const parties = invoice.lines.filter((line) => line.ledgerClass === 'party');
      return [invoice.totalAmount, invoice.otherAmount, parties.length, doubts];
    };

    it('has their sum as its total, with a doubt: no published voucher shows one', () => {
      assert.deepEqual(paid('Till', cash, card), [118000n, 0n, 2, ['several-payments']]);
      assert.deepEqual(paid('Card Machine', cash, card), [118000n, 0n, 2, ['several-payments']]);
      assert.deepEqual(paid('', cash, card), [118000n, 0n, 2, ['guessed-party']]);
      assert.deepEqual(paid('Walk-in', cash, card), [118000n, 0n, 2, ['guessed-party']]);
    });

    it('has it beside what a customer still owes too', () => {
      const owed = ledger('Asha Traders', '-680.00', marked);
      assert.deepEqual(paid('Asha Traders', owed, cash), [118000n, 0n, 2, ['several-payments']]);
    });

    it('has it, with a doubt, where nothing says that the ledgers are cash or banks', () => {
      const [one, two] = [ledger('Counter', '-500.00', marked), ledger('Swipe', '-680.00', marked)];
      assert.deepEqual(paid('Counter', one, two), [118000n, 0n, 2, ['odd-party']]);
    });

    it('has no marked line in it that is a tax, or on the other side', () => {
      const change = ledger('Till', '20.00', marked);
      assert.deepEqual(paid('Card Machine', { ...card, amount: '-1200.00' }, change).slice(0, 2), [120000n, 2000n]);
      const tds = ledger('TDS', '-500.00', marked);
      assert.equal(paid('Card Machine', card, tds)[2], 1);
    });

    it('in accounting view has it only where its party is cash or a bank: else a part was paid', () => {
      const inAccounting = (partyLedgerName: string, ...lines: LedgerLine[]): bigint => {
        const booked = [...lines, ledger('Consulting', '1180.00')].map((line) => ({
          ...line,
          view: 'accounting' as const,
        }));
        return loaded(voucher('Sales', booked, { partyLedgerName })).invoice.totalAmount;
      };
      assert.equal(inAccounting('Till', cash, card), 118000n);
      assert.equal(inAccounting('Asha Traders', cash, ledger('Asha Traders', '-680.00', marked)), 68000n);
    });
  });

  describe('without a line of a named party', () => {
    const marked = { isPartyLedger: 'Yes' } as const;
    const sold = [ledger('Consulting', '100.00'), ledger('CGST', '9.00'), ledger('SGST', '9.00')];
    const inAccounting = (...lines: LedgerLine[]): LedgerLine[] =>
      lines.map((line) => ({ ...line, view: 'accounting' }));
    const nameless = (...lines: LedgerLine[]): Voucher =>
      voucher('Sales', inAccounting(...lines), { partyLedgerName: '' });
    const partyOf = (v: Voucher): [(string | null)[], bigint, Doubt[]] => {
      const { invoice, doubts } = loaded(v);
      const parties = invoice.lines.filter((line) => line.ledgerClass === 'party').map((line) => line.ledgerName);
      return [parties, invoice.totalAmount, doubts];
    };

    it('takes the line of the customer or supplier by the masters, whatever is marked', () => {
      const lines = [ledger('Cash', '-18.00', marked), ledger('Asha Traders', '-100.00'), ...sold];
      assert.deepEqual(partyOf(nameless(...lines)), [['Asha Traders'], 10000n, ['guessed-party']]);
      const other = voucher('Sales', inAccounting(...lines), { partyLedgerName: 'Somebody Else' });
      assert.deepEqual(partyOf(other), [['Asha Traders'], 10000n, ['odd-party']]);
    });

    it('takes the marked line of two customers or suppliers, else the one with the larger amount', () => {
      const two = (mark: Partial<LedgerLine>): Voucher =>
        nameless(ledger('Asha Traders', '-100.00'), ledger('Bharat Supplies', '-18.00', mark), ...sold);
      assert.deepEqual(partyOf(two(marked)), [['Bharat Supplies'], 1800n, ['guessed-party']]);
      assert.deepEqual(partyOf(two({})), [['Asha Traders'], 10000n, ['guessed-party']]);
    });

    it('takes the marked line, or several marked lines together', () => {
      const cash = ledger('Cash', '-118.00', marked);
      assert.deepEqual(partyOf(nameless(cash, ...sold)), [['Cash'], 11800n, ['guessed-party']]);
      const bank = ledger('City Bank', '-8.00', marked);
      const rest = { ...cash, amount: '-110.00' };
      assert.deepEqual(partyOf(nameless(bank, rest, ...sold)), [['City Bank', 'Cash'], 11800n, ['guessed-party']]);
      const change = ledger('Petty Cash', '2.00', marked);
      assert.deepEqual(
        partyOf(nameless(change, { ...cash, amount: '-120.00' }, ...sold))[0],
        ['Cash'],
        'its side only',
      );
    });

    it('takes the line that balances the others, on the side against the goods', () => {
      assert.deepEqual(partyOf(nameless(ledger('Cash', '-118.00'), ...sold)), [['Cash'], 11800n, ['guessed-party']]);
      const discount = ledger('Discount', '-10.00');
      assert.deepEqual(partyOf(nameless(discount, ledger('Cash', '-108.00'), ...sold))[0], ['Cash']);
      const freight = ledger('Freight', '500.00');
      assert.deepEqual(partyOf(nameless(freight, ledger('Cash', '-618.00'), ...sold))[0], ['Cash']);
      const bought = [ledger('Consulting', '-100.00'), ledger('CGST', '-9.00'), ledger('TDS', '9.00')];
      assert.deepEqual(partyOf(voucher('Purchase', [ledger('Cash', '100.00'), ...bought], { partyLedgerName: '' })), [
        ['Cash'],
        10900n,
        ['guessed-party'],
      ]);
    });

    it('may take a line whose name alone is like that of a ledger of sales, and tells the side by what is surer', () => {
      const customer = ledger('Kerala Sales Agency', '-118.00');
      assert.deepEqual(partyOf(nameless(customer, ...sold)), [['Kerala Sales Agency'], 11800n, ['guessed-party']]);
      const untaxed = ledger('Freight', '118.00');
      assert.deepEqual(partyOf(nameless(customer, untaxed)).slice(0, 2), [['Kerala Sales Agency'], 11800n]);
      const items = voucher('Sales', [customer, item('Shoe', '118.00')], { partyLedgerName: '' });
      assert.deepEqual(partyOf(items).slice(0, 2), [['Kerala Sales Agency'], 11800n]);
      const reversed = [ledger('Kerala Sales Agency', '118.00'), ledger('Consulting', '-118.00')];
      assert.deepEqual(partyOf(nameless(...reversed)).slice(0, 2), [['Kerala Sales Agency'], -11800n]);
      const own = [ledger('Cash', '-118.00'), ledger('Kerala Sales', '118.00')];
      assert.deepEqual(partyOf(nameless(...own)).slice(0, 2), [['Cash'], 11800n], 'a sale is against its party');
    });

    it('has the name of its party from the ledger of that line, if nothing else says it', () => {
      const lines = [ledger('Till', '-118.00', marked), ...sold];
      const nameOf = (more: Partial<Voucher>): string | null =>
        loaded(voucher('Sales', lines, { partyLedgerName: '', partyName: '', ...more })).invoice.partyName;
      assert.equal(nameOf({}), 'Till');
      assert.equal(nameOf({ partyName: 'Walk-in' }), 'Walk-in');
      assert.equal(nameOf({ partyLedgerName: 'Cash Sales' }), 'Cash Sales');
      assert.equal(loaded(voucher('Sales', sold, { partyLedgerName: '', partyName: '' })).invoice.partyName, null);
    });

    it('is loaded with the sum of its lines where they do not balance', () => {
      assert.deepEqual(partyOf(nameless(...sold)), [[], 11800n, ['no-party']]);
    });

    it('is rejected, not loaded as 0, where its lines balance and none can be told', () => {
      const { field, reason } = rejected(nameless(ledger('Cash', '-59.00'), ledger('City Bank', '-59.00'), ...sold));
      assert.deepEqual(
        [field, reason],
        ['PARTYLEDGERNAME', 'no line is that of the party, and the lines add up to 0: the total cannot be told'],
      );
      assert.deepEqual(partyOf(nameless(ledger('Consulting', '0.00'))), [[], 0n, ['no-party']], 'a free sample is 0');
    });
  });

  describe('whose GST is compared with its taxable value at the rates of its lines', () => {
    const rated = (name: string, amount: string, percent: string, more: Partial<LedgerLine> = {}): LedgerLine =>
      ledger(name, amount, { taxRates: percent === '' ? [] : [{ dutyHead: 'IGST', rate: percent }], ...more });
    const isDoubted = (lines: Voucher['lines'], type = 'Sales'): boolean =>
      loaded(voucher(type, lines)).doubts.includes('tax');
    const sale = rated('Consulting', '1000.00', ' 18');

    it('is doubted where they differ by more than rounding', () => {
      assert.ok(!isDoubted([sale, ledger('IGST', '180.00')]));
      assert.ok(isDoubted([sale, ledger('IGST', '162.00')]), 'tax on 900.00');
      assert.ok(isDoubted([sale, ledger('IGST', '198.00')]), 'tax on 1100.00');
      assert.ok(isDoubted([sale, ledger('CGST', '90.00')]), 'half of it');
      assert.ok(isDoubted([rated('Consulting', '-1000.00', ' 18'), ledger('IGST', '-162.00')], 'Purchase'));
    });

    it('is not doubted for a rupee on each tax line, and a paisa on each line and head', () => {
      assert.ok(!isDoubted([sale, ledger('IGST', '181.00')]));
      assert.ok(!isDoubted([sale, ledger('CGST', '91.00'), ledger('SGST', '91.00')]));
      assert.ok(!isDoubted([sale, sale, ledger('IGST', '361.04')]));
      assert.ok(isDoubted([sale, sale, ledger('IGST', '361.05')]));
    });

    it('is checked over several rates and exempt lines, with cess left out', () => {
      const exempt = rated('Consulting', '500.00', ' 5', { taxability: 'Exempt' });
      const five = rated('Rent', '200.00', ' 5');
      const free = rated('Rent', '300.00', ' 0');
      const cess = ledger('Cess', '77.00');
      assert.ok(!isDoubted([sale, five, free, exempt, cess, ledger('IGST', '190.00')]));
      assert.ok(isDoubted([sale, five, free, exempt, cess, ledger('IGST', '205.00')]));
    });

    it('is checked with a charge or discount that is spread over goods of one rate', () => {
      const discount = ledger('Charge', '-100.00', { methodType: 'GST' });
      assert.ok(!isDoubted([sale, discount, ledger('IGST', '162.00')]));
      assert.ok(isDoubted([sale, discount, ledger('IGST', '180.00')]));
      const ofMaster = ledger('Packing', '-100.00');
      assert.ok(isDoubted([sale, ofMaster, ledger('IGST', '180.00')]));
      assert.ok(!isDoubted([sale, rated('Rent', '200.00', ' 5'), discount, ledger('IGST', '180.00')]), 'two rates');
    });

    it('is doubted where nothing says what the GST was charged on', () => {
      assert.ok(isDoubted([ledger('Freight', '1000.00'), ledger('IGST', '180.00')]));
      assert.ok(!isDoubted([ledger('Freight', '1000.00')]));
    });

    it('is not checked if a rate is unknown', () => {
      assert.ok(!isDoubted([sale, rated('Rent', '200.00', ''), ledger('IGST', '162.00')]));
      assert.ok(!isDoubted([ledger('Charge', '100.00', { taxability: 'Taxable' }), sale, ledger('IGST', '162.00')]));
      assert.ok(!isDoubted([ledger('Charge', '100.00', { methodType: 'GST' }), ledger('IGST', '99.00')]));
      assert.ok(!isDoubted([sale, rated('Rent', '0.00', ''), ledger('IGST', '180.00')]), 'nothing is on that line');
    });

    it('is not checked if no GST is booked: reverse charge, composition dealers, exports under a bond', () => {
      assert.ok(!isDoubted([sale]));
      assert.ok(!isDoubted([rated('Consulting', '-1000.00', ' 18')], 'Purchase'));
      const both = [ledger('CGST', '-90.00'), ledger('CGST', '90.00')];
      assert.ok(!isDoubted([rated('Consulting', '-1000.00', ' 18'), ...both], 'Purchase'));
    });
  });

  describe('has on each line the rate at which GST is charged', () => {
    const rated = (percent: string): StockLine['taxRates'] =>
      percent === '' ? [] : [{ dutyHead: 'IGST', rate: percent }];
    const shoe = (percent: string, more: Partial<StockLine> = {}): StockLine =>
      item('Shoe', '100.00', { taxRates: rated(percent), ...more });
    /** The rates of all lines but the party's, in percent. */
    const ratesOf = (...lines: Voucher['lines']): (number | null)[] =>
      loaded(voucher('Sales', [ledger('Asha Traders', '-300.00'), ...lines]))
        .invoice.lines.slice(1)
        .map(({ gstRate }) => (gstRate === null ? null : Number(gstRate) / 10_000));
    const packing = ledger('Packing', '10.00');
    const charge = ledger('Charge', '10.00', { methodType: 'GST' });

    it('0 for what is exempt, nil-rated or outside of GST, whatever rate stands beside it', () => {
      for (const taxability of ['Exempt', 'nil rated', 'Non-GST'])
        for (const percent of ['', ' 0', ' 18']) {
          const service = ledger('Consulting', '100.00', { taxability, taxRates: rated(percent) });
          assert.deepEqual(ratesOf(shoe(percent, { taxability }), service), [0, 0], taxability);
        }
      assert.deepEqual(ratesOf(shoe(' 18', { taxability: 'Taxable' }), shoe('')), [18, null]);
      const below = [shoe(' 18', { allocations: [] })];
      const whole = { taxability: 'Exempt', stockLines: below };
      assert.deepEqual(ratesOf(ledger('Consulting', '100.00', whole)), [0], 'the ledger above says it');
    });

    it('that of the goods for a charge that is spread over them, 0 too', () => {
      assert.deepEqual(ratesOf(shoe(' 12'), packing, shoe(' 12'), charge), [12, 12, 12, 12]);
      assert.deepEqual(ratesOf(shoe(' 0'), packing, charge), [0, 0, 0]);
      assert.deepEqual(ratesOf(shoe('', { taxability: 'Exempt' }), packing), [0, 0]);
      const own = ledger('Packing', '10.00', { taxRates: rated(' 5') });
      assert.deepEqual(ratesOf(shoe(' 12'), own), [12, 5], 'its own before');
      const free = shoe(' 5', { amount: '0.00', allocations: [] });
      assert.deepEqual(ratesOf(shoe(' 12'), free, packing), [12, 5, 12], 'a free sample decides nothing');
    });

    it('none for such a charge over goods of several rates, or of a rate that is not known', () => {
      assert.deepEqual(ratesOf(shoe(' 12'), shoe(' 5'), packing), [12, 5, null]);
      assert.deepEqual(ratesOf(shoe(' 12'), shoe(' 0'), packing), [12, 0, null]);
      assert.deepEqual(ratesOf(shoe(' 12'), shoe(''), packing), [12, null, null]);
      assert.deepEqual(ratesOf(packing), [null]);
      assert.deepEqual(ratesOf(shoe(' 12'), ledger('Freight', '10.00')), [12, null], 'what GST is not charged on');
    });
  });

  describe('in a foreign currency has the foreign amount and the rate', () => {
    const foreign = (type: string, ...lines: LedgerLine[]): unknown[] => {
      const { invoice, doubts } = loaded(voucher(type, lines));
      return [invoice.currency, invoice.foreignAmount, invoice.exchangeRate, ...doubts.filter((d) => d !== 'no-party')];
    };
    const party = (text: string): LedgerLine => ledger('Asha Traders', text);
    const sold = (text: string): LedgerLine => ledger('Consulting', text);

    it('of its party, signed as its total', () => {
      const ten = '$10.00 @ ₹ 84/$ = ₹ 840.00';
      const minusTen = '-$10.00 @ ₹ 84/$ = -₹ 840.00';
      assert.deepEqual(foreign('Sales', party(minusTen), sold(ten)), ['$', 100_000n, 84_000_000n]);
      assert.deepEqual(foreign('Purchase', party(ten), sold(minusTen)), ['$', 100_000n, 84_000_000n]);
      assert.deepEqual(foreign('Credit Note', party(ten), sold(minusTen)), ['$', -100_000n, 84_000_000n]);
      assert.deepEqual(foreign('Debit Note', party(minusTen), sold(ten)), ['$', -100_000n, 84_000_000n]);
      assert.deepEqual(foreign('Sales', party(minusTen), sold('840.00')), ['$', 100_000n, 84_000_000n]);
    });

    it('of all other lines together where the party is booked in rupees or has no line', () => {
      const lines = [sold('$4.00 @ ₹ 84/$ = ₹ 336.00'), ledger('Freight', '$6.00 @ ₹ 84/$ = ₹ 504.00')];
      assert.deepEqual(foreign('Sales', party('-840.00'), ...lines), ['$', 100_000n, 84_000_000n]);
      assert.deepEqual(foreign('Sales', ...lines, ledger('Round Off', '0.00')), ['$', 100_000n, 84_000_000n]);
    });

    it('but no amount where the lines are in several currencies, and no rate where they have several', () => {
      const line = sold('$4.00 @ ₹ 84/$ = ₹ 336.00');
      assert.deepEqual(foreign('Sales', party('-346.00'), line, ledger('Freight', '10.00')), ['$', null, 84_000_000n]);
      assert.deepEqual(
        foreign('Sales', party('-426.00'), line, ledger('Freight', '€1.00 @ ₹ 90/€ = ₹ 90.00')).slice(0, 2),
        ['$', null],
      );
      assert.deepEqual(foreign('Sales', party('-421.00'), line, ledger('Freight', '$1.00 @ ₹ 85/$ = ₹ 85.00')), [
        '$',
        50_000n,
        null,
      ]);
    });

    it('but no rate, and a doubt, where the rate cannot be read', () => {
      assert.deepEqual(foreign('Sales', party('-$10.00 @ ₹ 84 = -₹ 840.00'), sold('840.00')), [
        '$',
        100_000n,
        null,
        'unreadable-detail',
      ]);
    });

    it('but no amount where tax was deducted at source, for the line of its party is what is left', () => {
      const minusTen = '-$10.00 @ ₹ 84/$ = -₹ 840.00';
      const [party9, sold10] = [party('$9.00 @ ₹ 84/$ = ₹ 756.00'), sold(minusTen)];
      assert.deepEqual(foreign('Purchase', party9, sold10, ledger('TDS', '84.00')), ['$', null, 84_000_000n]);
      assert.deepEqual(foreign('Purchase', party('756.00'), sold10, ledger('TDS', '84.00')), ['$', null, 84_000_000n]);
      const ten = party('$10.00 @ ₹ 84/$ = ₹ 840.00');
      assert.deepEqual(foreign('Purchase', ten, sold10, ledger('TDS', '0.00')), ['$', 100_000n, 84_000_000n]);
    });

    it('but neither of them in rupees, whatever the form', () => {
      const rupees = party('-₹840.00 @ ₹1.00/₹ = -₹840.00');
      assert.deepEqual(foreign('Sales', rupees, sold('840.00')), ['INR', null, null]);
    });
  });

  it('in a currency that makes no sense is rejected, not loaded as foreign', () => {
    for (const text of ['1=MU.8 = 118.00', '%&@118 @ = 118.00', '= 118.00', '1/8 = 118.00'])
      assert.equal(
        rejected(voucher('Sales', [ledger('Asha Traders', '-118.00'), ledger('Consulting', text)])).field,
        'AMOUNT',
        text,
      );
  });

  it('whose bill counts its credit from a day more than a year away has no due date, and a doubt', () => {
    const [party, ...rest] = saleLines as [LedgerLine, ...Voucher['lines']];
    const billed = (from: string): unknown[] => {
      const bills = [{ name: '', type: 'New Ref', creditPeriod: '30 Days', from, date: '', amount: '' }];
      const { invoice, doubts } = loaded(voucher('Sales', [{ ...party, bills }, ...rest]));
      return [invoice.creditDays, invoice.dueDate, doubts];
    };
    assert.deepEqual(billed('45383'), [30, '2024-05-02', []], '45383 is 2024-04-02');
    assert.deepEqual(billed('42705'), [30, null, ['credit-start']], '42705 is 2016-12-02');
  });

  it('without an ALTERID is loaded without a doubt; an ALTERID that is not a number is a doubt', () => {
    const odd = loaded(voucher('Sales', saleLines, { alterId: '7a' }));
    assert.deepEqual([odd.invoice.alterId, odd.doubts], [null, ['unreadable-detail']]);
    const { invoice, doubts } = loaded(voucher('Sales', saleLines, { alterId: '', masterId: '' }));
    assert.deepEqual([invoice.alterId, invoice.masterId, doubts], [null, null, []]);
  });

  it('has the printed name of its party, never that of whoever the goods go to', () => {
    const buyer = (more: Partial<Voucher>): string | null =>
      loaded(voucher('Sales', saleLines, more)).invoice.buyerName;
    const names = { partyMailingName: 'Asha Traders, Mysuru', partyName: 'Asha Traders' };
    assert.equal(buyer(names), 'Asha Traders, Mysuru');
    assert.equal(buyer({ ...names, partyMailingName: '' }), 'Asha Traders');
    assert.equal(buyer({ partyMailingName: '', partyName: '' }), null);
  });

  describe('is under reverse charge', () => {
    const bought = (mark: Partial<StockLine>, more: Partial<Voucher> = {}): boolean | null => {
      const lines = [ledger('Asha Traders', '200.00'), ledger('Rent', '-100.00'), item('Shoe', '-100.00', mark)];
      const { invoice, doubts } = loaded(voucher('Purchase', lines, more));
      assert.deepEqual(doubts, []);
      return invoice.isReverseCharge;
    };
    const says = (text: string): { isReverseCharge: string } => ({ isReverseCharge: text });

    it('where the voucher says so, or any of its lines', () => {
      assert.equal(bought({}, says('Yes')), true);
      for (const text of ['Yes', 'yes', 'Applicable', '4; Applicable']) {
        assert.equal(bought(says(text), says('No')), true, text);
        assert.equal(bought(says(text)), true, text);
        const freight = ledger('Rent', '-100.00', says(text));
        const { invoice } = loaded(voucher('Purchase', [ledger('Asha Traders', '100.00'), freight]));
        assert.equal(invoice.isReverseCharge, true);
        const below = { ...freight, isReverseCharge: '', stockLines: [item('Shoe', '-100.00', says(text))] };
        assert.equal(
          loaded(voucher('Purchase', [ledger('Asha Traders', '100.00'), below])).invoice.isReverseCharge,
          true,
        );
      }
    });

    it('and is not where none does, or the voucher is cancelled', () => {
      for (const text of ['No', 'Not Applicable', '4; Not Applicable', '']) {
        assert.equal(bought(says(text), says('No')), false);
        assert.equal(bought(says(text)), null);
      }
      const lines = [ledger('Rent', '-100.00', says('Yes'))];
      const { invoice } = loaded(voucher('Purchase', lines, { isCancelled: 'Yes' }));
      assert.equal(invoice.isReverseCharge, null);
    });
  });

  it('has the same hash when nothing changed, and another when anything of its header or of a line did', () => {
    const party = ledger('Asha Traders', '-118.00');
    const hash = (more: Partial<Voucher>, line: Partial<StockLine> = {}, of: Partial<LedgerLine> = {}): string =>
      loaded(voucher('Sales', [{ ...party, ...of }, item('Shoe', '118.00', line)], { partyName: '', ...more })).invoice
        .contentHash;
    const bill = { name: '', type: 'New Ref', creditPeriod: '30 Days', from: '', date: '', amount: '' };
    const changes = { narration: 'x', alterId: '8', date: '20240402', voucherNumber: '12', isOptional: 'Yes' };
    assert.equal(hash({}), hash({}));
    const hashes = [
      hash({}),
      ...Object.entries(changes).map(([key, value]) => hash({ [key]: value })),
      hash({}, { amount: '118.01' }),
      ...Object.keys(noVoucherDetails)
        .filter((key) => key !== 'orders' && key !== 'isReverseCharge')
        .map((key) => hash({ [key]: '20240430' })),
      ...['Yes', 'No'].map((isReverseCharge) => hash({ isReverseCharge })),
      hash({ orders: [{ number: 'PO 1', date: '' }] }),
      hash({ orders: [{ number: '', date: '20240430' }] }),
      ...(['description', 'taxability', 'typeOfSupply'] as const).map((key) => hash({}, { [key]: 'x' })),
      hash({}, { batches: [{ ...noBatch, godown: 'Pune' }] }),
      hash({}, { batches: [{ ...noBatch, batch: 'B1' }] }),
      hash({}, {}, { bills: [bill] }),
      hash({}, {}, { bills: [{ ...bill, creditPeriod: '31 Days' }] }),
    ];
    assert.equal(new Set(hashes).size, hashes.length);
  });
});

describe('a voucher that cannot be mapped', () => {
  it('is rejected with the field, the reason and its raw text', () => {
    const line = ledger('Asha Traders', '-1180.00');
    assert.equal(rejected(voucher('Brand New', [line])).field, 'VOUCHERTYPENAME');
    assert.match(rejected(voucher('Brand New', [line])).reason, /"Brand New" is not in Tally's list/);
    assert.equal(rejected(voucher('', [line])).reason, 'the voucher has no voucher type');
    const amount = rejected(voucher('Sales', [line, ledger('CGST', 'ninety')]));
    assert.deepEqual([amount.field, amount.date], ['AMOUNT', '2024-04-01']);
    assert.match(amount.reason, /ledger "CGST".*"ninety"/);
    assert.match(rejected(voucher('Sales', [ledger('Asha Traders', '')])).reason, /unknown, not zero/);
  });

  it('is rejected when its sums are larger than the warehouse holds, so that the rest still loads', () => {
    const huge = '9999999999999999.99';
    assert.match(
      rejected(voucher('Sales', [ledger('Asha Traders', '-1'), ledger('Consulting', huge), ledger('Consulting', huge)]))
        .reason,
      /larger/,
    );
  });
});
