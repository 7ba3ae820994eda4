import assert from 'node:assert/strict';
import { parseDecimal } from '../../src/core/base/decimal.js';
import { createBook } from '../../src/demo/book/book.js';
import { ledger, ledgers } from '../../src/demo/book/masters/ledgers.js';
import { foreignCustomers } from '../../src/demo/book/masters/parties.js';
import { balancesOf, profitAndLoss, profitOf } from '../../src/demo/ledger/balances.js';
import { pendingBills } from '../../src/demo/ledger/pendingBills.js';
import { itemsOf, stockOf } from '../../src/demo/ledger/stock.js';
import { askTally, collectionRequest, reportRequest, typedRange, variables } from '../support/askTally.js';
import { demoTally } from '../support/demo/demoTally.js';

const book = createBook({ invoices: 600 });
const { from } = book.range;
const to = '2024-06-30';
const within = { from, to };
const dates = typedRange('20230401', '20240630');
const asked = (more = dates): string => variables(book.companyName, more);

const balanceFields =
  'GUID, ISBILLWISEON, OPENINGBALANCE, CLOSINGBALANCE, TBALOPENING, DEBITTOTALS, CREDITTOTALS, TBALCLOSING';
const listOf = (type: string, fetch: string, more?: string): string => collectionRequest(type, fetch, asked(more));

/** The value of a field in an element, '' where it is empty; undefined without the field. */
function field(xml: string, name: string): string | undefined {
  const [, , text = ''] = new RegExp(`<${name}( TYPE="\\w+")?(?:/>|>([^<]*)</${name}>)`).exec(xml) ?? [undefined];
  return new RegExp(`<${name}[ />]`).test(xml) ? text : undefined;
}
const escaped = (name: string): string =>
  name.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll("'", '&apos;');
function rowOf(xml: string, tag: string, name: string): string {
  const start = xml.indexOf(`<${tag} NAME="${escaped(name)}"`);
  assert.ok(start >= 0, name);
  return xml.slice(start, xml.indexOf(`</${tag}>`, start));
}
/**
 * The rows of a collection, to be matched with the masters by their order: an answer in UTF-8 may lose letters of a
 * name.
 */
const rowsOf = (xml: string, tag: string): string[] =>
  xml
    .split(`<${tag} NAME=`)
    .slice(1)
    .map((row) => row.slice(0, row.indexOf(`</${tag}>`)));
const paise = (text: string | undefined): bigint => (text === '' ? 0n : parseDecimal(text ?? 'none', 2)!);
const sum = (values: readonly bigint[]): bigint => values.reduce((all, value) => all + value, 0n);
const pieces = (xml: string, start: string): string[] => xml.split(start).slice(1);

describe('the balances that the demo Tally tells', () => {
  const tally = demoTally({ book });
  const ask = async (request: string): Promise<string> => (await askTally(tally.url, request)).text;

  it('has a RESERVEDNAME for the one ledger that Tally makes itself', async () => {
    const text = await ask(listOf('Ledger', 'NAME, RESERVEDNAME'));
    const reserved = [...text.matchAll(/<LEDGER NAME="([^"]*)" RESERVEDNAME="([^"]+)">/g)].map(([, ...names]) => names);
    assert.deepEqual(reserved, [['Profit &amp; Loss A/c', 'Profit &amp; Loss A/c']]);
  });

  it('are those of its own ledger for the dates that were asked for, in every row', async () => {
    const xml = await ask(listOf('Ledger', balanceFields));
    const rows = rowsOf(xml, 'LEDGER');
    const balances = balancesOf(book, within);
    for (const [n, { row, opening, debits, credits, closing }] of balances.entries()) {
      const told = rows[n]!;
      const amounts = ['TBALOPENING', 'DEBITTOTALS', 'CREDITTOTALS', 'TBALCLOSING'].map((name) =>
        paise(field(told, name)),
      );
      assert.deepEqual(amounts, [opening, debits, credits, closing], row.name);
      const profit = row.name === profitAndLoss ? profitOf(balances) : 0n;
      assert.equal(paise(field(told, 'CLOSINGBALANCE')), closing + profit, row.name);
      assert.equal(field(told, 'ISBILLWISEON'), row.isBillWise ? 'Yes' : 'No');
    }
    assert.notEqual(profitOf(balances), 0n);
    assert.deepEqual(
      rows.filter((row) => !row.includes(' RESERVEDNAME=""')).map((row) => row.split('" RESERVEDNAME')[0]),
      ['"Profit &amp; Loss A/c'],
    );
  });

  it('are empty where nothing was ever booked, and on a side without amounts', async () => {
    const xml = await ask(listOf('Ledger', balanceFields, typedRange('20230401', '20230401')));
    const untouched = rowOf(xml, 'LEDGER', ledger.depreciation);
    assert.deepEqual(
      ['OPENINGBALANCE', 'CLOSINGBALANCE', 'DEBITTOTALS', 'TBALCLOSING'].map((name) => field(untouched, name)),
      ['0.00', '', '', ''],
    );
    const machinery = rowOf(xml, 'LEDGER', ledger.machinery);
    assert.deepEqual([field(machinery, 'TBALCLOSING'), field(machinery, 'DEBITTOTALS')], ['-12500000.00', '']);
  });

  it('come only to who fetches them, and without dates are of the period on the screen', async () => {
    assert.equal(
      field(rowOf(await ask(listOf('Ledger', 'GUID, PARENT')), 'LEDGER', ledger.cash), 'CLOSINGBALANCE'),
      undefined,
    );
    const year = { from: '2024-04-01', to: '2025-03-31' };
    tally.behave({ screenPeriod: year });
    const cashOf = async (more: string): Promise<bigint> =>
      paise(field(rowOf(await ask(listOf('Ledger', balanceFields, more)), 'LEDGER', ledger.cash), 'CLOSINGBALANCE'));
    const cash = (period: typeof year): bigint =>
      balancesOf(book, period).find(({ row }) => row.name === ledger.cash)!.closing;
    assert.equal(await cashOf(''), cash(year));
    // For an SVTODATE before the period on the screen, Tally silently answers for the period's first day (docs/tally.md
    // §9.1).
    assert.equal(await cashOf('<SVTODATE TYPE="Date">20230930</SVTODATE>'), cash({ from, to: '2024-04-01' }));
    tally.behave({ ledgerBalances: 'of-screen' });
    assert.equal(await cashOf(dates), cash(year));
  });

  it('lack the four columns, or are refused, where it is told to', async () => {
    tally.behave({ ledgerBalances: 'without-totals' });
    const told = rowOf(await ask(listOf('Ledger', balanceFields)), 'LEDGER', ledger.cash);
    assert.deepEqual([field(told, 'TBALCLOSING'), field(told, 'CLOSINGBALANCE') !== undefined], [undefined, true]);
    tally.behave({ ledgerBalances: 'refused' });
    assert.match(await ask(listOf('Ledger', balanceFields)), /Could not find Collection/);
    assert.match(await ask(listOf('Ledger', 'GUID')), /<LEDGER NAME=/);
  });

  it('of a party that pays in dollars are, where it is told to, dollars at the latest rate, and not what was booked', async () => {
    tally.behave({ forexBalances: 'revalued' });
    const party = foreignCustomers[0]!.ledger;
    const told = field(rowOf(await ask(listOf('Ledger', balanceFields)), 'LEDGER', party), 'CLOSINGBALANCE')!;
    const [, dollars, rate, rupees] = /^-.+ (\d+\.\d\d) @ \? ([\d.]+)\/.+ {2}= -\? (\d+\.\d\d)$/.exec(told)!;
    const exact = parseDecimal(dollars!, 2)! * parseDecimal(rate!, 2)!;
    assert.ok(paise(rupees) * 100n - exact <= 50n && exact - paise(rupees) * 100n <= 50n, told);
    const { closing } = balancesOf(book, within).find(({ row }) => row.name === party)!;
    assert.notEqual(paise(rupees), -closing);
  });

  it('come with the bills that were pending when the books began', async () => {
    const xml = await ask(
      listOf('Ledger', 'BILLALLOCATIONS.NAME, BILLALLOCATIONS.BILLDATE, BILLALLOCATIONS.OPENINGBALANCE'),
    );
    const rows = rowsOf(xml, 'LEDGER');
    for (const [n, { openingBills = [] }] of ledgers.entries()) {
      const bills = pieces(rows[n]!, '<BILLALLOCATIONS.LIST>');
      assert.deepEqual(
        bills.map((bill) => [field(bill, 'NAME')!.replace('&amp;', '&'), paise(field(bill, 'OPENINGBALANCE'))]),
        openingBills.map((bill) => [bill.name, bill.value]),
      );
      for (const bill of bills) assert.ok(field(bill, 'BILLDATE')! < '20230401');
    }
    assert.match(await ask(listOf('Ledger', 'BILLALLOCATIONS.LIST')), /^(?![^]*<BILLALLOCATIONS\.LIST>)/);
  });

  it('of a Trial Balance add up to zero, with the opening stock in the first row and no ledger that is at zero', async () => {
    const request = reportRequest('Trial Balance', asked(`${dates}<ISLEDGERWISE>Yes</ISLEDGERWISE>`));
    const rows = pieces(await ask(request), '<DSPACCNAME>').map((row) => ({
      name: field(row, 'DSPDISPNAME'),
      debit: paise(field(row, 'DSPCLDRAMTA')),
      credit: paise(field(row, 'DSPCLCRAMTA')),
    }));
    const stock = sum(itemsOf(book).map(({ opening }) => opening.value));
    assert.deepEqual(rows[0], { name: 'Opening Stock', debit: -stock, credit: 0n });
    assert.equal(sum(rows.map(({ debit, credit }) => debit + credit)), 0n);
    assert.equal(rows.length - 1, balancesOf(book, within).filter(({ closing }) => closing !== 0n).length);
    const groups = pieces(await ask(reportRequest('Trial Balance', asked())), '<DSPACCNAME>');
    assert.ok(groups.length < 20);
    assert.equal(sum(groups.map((row) => paise(field(row, 'DSPCLDRAMTA')) + paise(field(row, 'DSPCLCRAMTA')))), 0n);
  });

  it('of bills are the pending ones, by the side of their amount', async () => {
    const told = async (name: string) =>
      pieces(await ask(reportRequest(name, asked())), '<BILLFIXED>').map((bill) => paise(field(bill, 'BILLCL')));
    const [receivable, payable] = [await told('Bills Receivable'), await told('Bills Payable')];
    const pending = pendingBills(book, to);
    assert.deepEqual(
      receivable,
      pending.filter(({ value }) => value < 0n).map(({ value }) => value),
    );
    assert.deepEqual(
      payable,
      pending.filter(({ value }) => value > 0n).map(({ value }) => value),
    );
    assert.ok(receivable.length > 50 && payable.length > 20);
    const [first] = pieces(await ask(reportRequest('Bills Receivable', asked())), '<BILLFIXED>');
    assert.match(
      first!,
      /<BILLDATE>\d{1,2}-[A-Z][a-z]{2}-\d\d<[^]*<BILLDUE>\d{1,2}-[A-Z][a-z]{2}-\d\d<[^]*<BILLOVERDUE>\d+</,
    );
  });

  it('of stock are quantities without a sign of their side, and values that are negative for what is in hand', async () => {
    const xml = await ask(
      listOf('StockItem', 'GUID, PARENT, BASEUNITS, OPENINGBALANCE, OPENINGVALUE, CLOSINGBALANCE, CLOSINGVALUE'),
    );
    for (const [n, { row, opening, closing }] of stockOf(book, within).entries()) {
      const told = rowsOf(xml, 'STOCKITEM')[n]!;
      assert.equal(paise(field(told, 'OPENINGVALUE')), -opening.value);
      const count = /^ ?(-?[\d.]+) /.exec(field(told, 'CLOSINGBALANCE')!)?.[1] ?? '0';
      assert.equal(parseDecimal(count, 4), closing.count, row.name);
    }
    const summary = reportRequest('Stock Summary', asked(`${dates}<EXPLODEFLAG>Yes</EXPLODEFLAG>`));
    const rows = pieces(await ask(summary), '<DSPACCNAME>');
    const items = stockOf(book, within).filter(({ closing }) => closing.count !== 0n);
    const groups = new Set(items.map(({ row }) => row.group));
    assert.equal(rows.length, items.length + groups.size);
    const values = rows
      .filter((row) => !groups.has(field(row, 'DSPDISPNAME')!))
      .map((row) => paise(field(row, 'DSPCLAMTA')));
    assert.equal(sum(values), -sum(items.map(({ closing }) => closing.value)));
  });

  it('of reports are of the screen, refused or empty, where it is told to', async () => {
    const request = reportRequest('Bills Receivable', asked());
    const whole = await ask(request);
    tally.behave({ balanceReports: 'of-screen', screenPeriod: { from: '2023-04-01', to: '2023-04-30' } });
    assert.ok((await ask(request)).length < whole.length);
    tally.behave({ balanceReports: 'refused' });
    assert.match(await ask(request), /Could not find Report 'Bills Receivable'/);
    tally.behave({ balanceReports: 'empty' });
    assert.equal(await ask(request), '<ENVELOPE></ENVELOPE>\r\n');
  });

  it('have groups with their nature, cost centres, godowns and units beside them', async () => {
    const groups = await ask(
      listOf('Group', 'GUID, PARENT, ISREVENUE, ISDEEMEDPOSITIVE, AFFECTSGROSSPROFIT, SORTPOSITION'),
    );
    const nature = (name: string): (string | undefined)[] =>
      ['ISREVENUE', 'ISDEEMEDPOSITIVE', 'AFFECTSGROSSPROFIT', 'SORTPOSITION'].map((one) =>
        field(rowOf(groups, 'GROUP', name), one),
      );
    assert.deepEqual(nature('Bank Accounts'), ['No', 'Yes', 'No', ' 220']);
    // One group is below Sales Accounts, the other is a renamed reserved group. In both the reserved group decides.
    assert.deepEqual(nature('Export Sales - Services').slice(0, 3), ['Yes', 'No', 'Yes']);
    assert.deepEqual(nature('Purchases & Imports').slice(0, 3), ['Yes', 'Yes', 'Yes']);
    assert.match(await ask(listOf('CostCentre', 'CATEGORY')), /<CATEGORY TYPE="String">Primary Cost Category</);
    assert.match(await ask(listOf('Godown', 'PARENT')), /<GODOWN NAME="Bhiwandi Shed No\. 4"/);
    assert.match(
      await ask(listOf('Unit', 'ISSIMPLEUNIT')),
      /<UNIT NAME="Box of 10 Nos"[^]*?<ISSIMPLEUNIT TYPE="Logical">No</,
    );
  });
});

describe('the lines of a stock journal in a collection of the demo Tally', () => {
  const tally = demoTally({ book });
  const fetch = ['ALLINVENTORYENTRIES', 'INVENTORYENTRIESIN', 'INVENTORYENTRIESOUT']
    .map((list) => `${list}.AMOUNT`)
    .join(', ');
  const journal = [...book.vouchers()].find(({ typeName }) => typeName === 'Stock Journal')!;
  const lines = async (list: string): Promise<string[]> => {
    const day = typedRange(journal.date.replaceAll('-', ''), journal.date.replaceAll('-', ''));
    const { text } = await askTally(tally.url, listOf('Voucher', fetch, day));
    const [row = ''] = pieces(text, '<VOUCHER ').filter((one) => one.includes(journal.guid));
    return pieces(row, `<${list}.LIST>`).map((line) => field(line, 'AMOUNT')!);
  };

  it('are in two lists, in one list by their signs, or in both', async () => {
    const [made, used] = [await lines('INVENTORYENTRIESIN'), await lines('INVENTORYENTRIESOUT')];
    assert.deepEqual([made.length, used.length, await lines('ALLINVENTORYENTRIES')], [1, 1, []]);
    assert.ok(made[0]!.startsWith('-') && !used[0]!.startsWith('-'));
    tally.behave({ stockJournals: 'all-entries' });
    assert.deepEqual(await lines('ALLINVENTORYENTRIES'), [...used, ...made]);
    assert.deepEqual(await lines('INVENTORYENTRIESIN'), []);
    tally.behave({ stockJournals: 'both' });
    assert.deepEqual(await lines('ALLINVENTORYENTRIES'), [...used, ...made]);
    assert.deepEqual(await lines('INVENTORYENTRIESIN'), made);
  });
});
