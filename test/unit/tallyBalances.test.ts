import assert from 'node:assert/strict';
import { readLedgerTotals } from '../../src/core/tally/requests/ledgerTotals.js';
import { readPendingBills } from '../../src/core/tally/requests/pendingBills.js';
import { readStockQuantities } from '../../src/core/tally/requests/stockQuantities.js';
import { byteSource } from '../support/byteSource.js';
import { collectionXml, company } from './tallySupport.js';

const range = { from: '2024-04-01', to: '2025-03-31' };
const rowXml = (tag: string, attributes: string, values: Record<string, string>): string =>
  `<${tag} ${attributes}>${Object.entries(values)
    .map(([name, value]) => `<${name} TYPE="Amount">${value}</${name}>`)
    .join('')}</${tag}>`;

describe("Tally's balances of ledgers", () => {
  const ledger = (name: string, values: Record<string, string>, reserved = ''): string =>
    rowXml('LEDGER', `NAME="${name}" RESERVEDNAME="${reserved}"`, { GUID: `g-${name}`, ...values });
  const read = (...rows: string[]) =>
    readLedgerTotals(byteSource(Buffer.from(collectionXml(rows.join('')))), company, range);
  const totals = (TBALOPENING: string, DEBITTOTALS: string, CREDITTOTALS: string, TBALCLOSING: string) => ({
    TBALOPENING,
    DEBITTOTALS,
    CREDITTOTALS,
    TBALCLOSING,
  });

  it('are debit positive, and an empty column is 0 where the others say so', async () => {
    const found = await read(
      ledger('Cash', { ...totals('-100.00', '-50.00', '20.00', '-130.00'), CLOSINGBALANCE: '-130.00' }),
      ledger('Rent', totals('0.00', '', '', '')),
    );
    assert.deepEqual(found.totals, [
      { name: 'Cash', opening: 10_000n, debits: 5_000n, credits: 2_000n, closing: 13_000n },
      { name: 'Rent', opening: 0n, debits: 0n, credits: 0n, closing: 0n },
    ]);
    assert.deepEqual([found.foreign, found.untold, found.names.get('g-Rent')], [[], [], 'Rent']);
  });

  it('are unknown where a ledger has none, or its closing is empty although something stood on it', async () => {
    const { totals: told, untold } = await read(
      ledger('Cash', totals('-1.00', '', '', '-1.00')),
      ledger('Empty', totals('', '', '', '')),
      ledger('Odd', totals('-5.00', '', '', '')),
    );
    assert.deepEqual([told.map(({ name }) => name), untold], [['Cash'], ['Empty', 'Odd']]);
  });

  it('in a foreign currency are kept apart, in whatever column', async () => {
    const { foreign } = await read(
      ledger('Cash', totals('-1.00', '', '', '-1.00')),
      ledger('Export', totals('0.00', '-$ 5.00 @ I₹ 84/$  = -I₹ 420.00', '', '-$ 5.00 @ I₹ 84/$  = -I₹ 420.00')),
    );
    assert.deepEqual(foreign, ['Export']);
  });

  it('are opening and closing alone by a Tally without the columns, but not of the profit, whose closing is no sum', async () => {
    const balances = (OPENINGBALANCE: string, CLOSINGBALANCE: string) => ({ OPENINGBALANCE, CLOSINGBALANCE });
    const { totals: told, untold } = await read(
      ledger('Cash', balances('-1.00', '-3.00')),
      ledger('Profit &amp; Loss A/c', balances('4.00', '9.00'), 'Profit &amp; Loss A/c'),
      ledger('Rent', balances('0.00', '')),
    );
    assert.deepEqual(told, [{ name: 'Cash', opening: 100n, debits: undefined, credits: undefined, closing: 300n }]);
    assert.deepEqual(untold, ['Profit & Loss A/c', 'Rent']);
  });

  for (const [what, row] of [
    ['do not add up', ledger('Cash', totals('-100.00', '-50.00', '20.00', '-131.00'))],
    ['are words', ledger('Cash', totals('-100.00', 'many', '', '-100.00'))],
    ['are all empty', ledger('Cash', totals('', '', '', ''))],
    ['have no name', ledger('', totals('-1.00', '', '', '-1.00'))],
  ] as const)
    it(`are refused where they ${what}`, async () => {
      await assert.rejects(read(row), { code: 'answer-unreadable' });
    });
});

describe("Tally's report of open bills", () => {
  const bill = (reference: string, rest: string, party = 'Asha &amp; Sons'): string =>
    `<BILLFIXED><BILLDATE>1-May-24</BILLDATE><BILLREF>${reference}</BILLREF><BILLPARTY>${party}</BILLPARTY></BILLFIXED>\r\n${rest}`;
  const read = (inner: string) =>
    readPendingBills(byteSource(Buffer.from(`<ENVELOPE>${inner}</ENVELOPE>`)), company, 'Bills Receivable', range);

  it('has each bill of each party, debit positive, and the day of which it is', async () => {
    const { bills, days } = await read(
      bill('INV-7', '<BILLCL>-4000.00</BILLCL><BILLDUE>31-May-24</BILLDUE><BILLOVERDUE>304</BILLOVERDUE>') +
        bill('INV-8', '<BILLCL>-1.50</BILLCL><BILLDUE>1-Jun-25</BILLDUE><BILLOVERDUE></BILLOVERDUE>', 'Asha'),
    );
    assert.deepEqual(bills, [
      { ledger: 'Asha & Sons', reference: 'INV-7', date: '2024-05-01', amount: 400_000n },
      { ledger: 'Asha', reference: 'INV-8', date: '2024-05-01', amount: 150n },
    ]);
    assert.deepEqual([...days], ['2025-03-31']);
  });

  it('is empty where nothing is open, and then tells no day', async () => {
    assert.deepEqual(await read(''), { bills: [], days: new Set() });
  });

  for (const [what, inner] of [
    ['an amount is missing', bill('INV-7', '<BILLDUE>31-May-24</BILLDUE>')],
    ['an amount is a word', bill('INV-7', '<BILLCL>many</BILLCL>')],
    ['a party is missing', bill('INV-7', '<BILLCL>-1.00</BILLCL>', '')],
    ['an amount has no bill', '<BILLCL>-1.00</BILLCL>'],
    ['a bill has two amounts', bill('INV-7', '<BILLCL>-1.00</BILLCL><BILLCL>-2.00</BILLCL>')],
  ] as const)
    it(`is refused where ${what}`, async () => {
      await assert.rejects(read(inner), { code: 'answer-unreadable' });
    });

  it('is refused where it breaks off, or Tally does not know it', async () => {
    const cut = byteSource(Buffer.from(`<ENVELOPE>${bill('INV-7', '<BILLCL>-1.0')}`));
    await assert.rejects(readPendingBills(cut, company, 'Bills Payable', range), { code: 'answer-cut' });
    const unknown = byteSource(
      Buffer.from("<RESPONSE><LINEERROR>Could not find Report 'Bills Payable'</LINEERROR></RESPONSE>"),
    );
    await assert.rejects(readPendingBills(unknown, company, 'Bills Payable', range), { code: 'tally-refused' });
  });
});

describe("Tally's quantities of stock items", () => {
  const item = (name: string, OPENINGBALANCE: string, CLOSINGBALANCE: string): string =>
    rowXml('STOCKITEM', `NAME="${name}"`, { GUID: `g-${name}`, OPENINGBALANCE, CLOSINGBALANCE });
  const read = (...rows: string[]) =>
    readStockQuantities(byteSource(Buffer.from(collectionXml(rows.join('')))), company, range);

  it('have their sign and unit, are 0 where they are empty, and unknown where they are in two units', async () => {
    const found = await read(
      item('Pen', ' 400.000 KG', '-50.000 KG'),
      item('New', '', ''),
      item('Box', ' 19 Box 0 Nos', ' 10 Box 5 Nos'),
    );
    assert.deepEqual(
      found.map(({ guid, ...quantity }) => ({ ...quantity, guid })),
      [
        { name: 'Pen', opening: 4_000_000n, closing: -500_000n, unit: 'KG', isCompound: false, guid: 'g-Pen' },
        { name: 'New', opening: 0n, closing: 0n, unit: null, isCompound: false, guid: 'g-New' },
        { name: 'Box', opening: 190_000n, closing: undefined, unit: 'Box', isCompound: true, guid: 'g-Box' },
      ],
    );
  });

  it('are refused without a name', async () => {
    await assert.rejects(read(item('', ' 1 Nos', ' 1 Nos')), { code: 'answer-unreadable' });
  });
});
