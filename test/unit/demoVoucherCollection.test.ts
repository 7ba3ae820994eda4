import assert from 'node:assert/strict';
import { XMLParser } from 'fast-xml-parser';
import type { Behaviour } from '../../src/demo/behaviours/behaviour.js';
import { createBook } from '../../src/demo/book/book.js';
import { demoVoucher, type DemoVoucher } from '../../src/demo/book/voucher.js';
import { askTally, collectionRequest, guidsIn, reportRequest, typedRange, variables } from '../support/askTally.js';
import { bookOf } from '../support/demo/bookOf.js';
import { demoTally } from '../support/demo/demoTally.js';
import { rawVoucher } from '../support/leanBook.js';

const made = [...createBook({ invoices: 400, from: '2024-04-01', to: '2024-04-30' }).vouchers()];
const hasItems = ({ entries }: DemoVoucher): boolean => entries.some(({ kind }) => kind === 'item');
const pick = (is: (voucher: DemoVoucher) => boolean): DemoVoucher =>
  made.find((v) => v.base !== 'none' && !v.cancelled && is(v))!;
/** An invoice of TallyPrime in rupees, with several item lines, an IRN and a credit period that states its start. */
const goods = pick(
  (v) =>
    v.view === 'invoice' &&
    v.irn !== undefined &&
    v.release === 'prime' &&
    v.forex === undefined &&
    v.entries.filter((e) => e.kind === 'item').length > 1 &&
    v.entries.some((e) => e.kind === 'ledger' && e.credit?.from !== undefined),
);
const service = pick(
  (v) => v.view === 'invoice' && !hasItems(v) && v.entries.some((e) => e.kind === 'ledger' && e.role === 'tds'),
);
const asVoucher = pick((v) => v.view === 'accounting' && hasItems(v));
const erp9 = pick(
  (v) => v.view === 'invoice' && v.release === 'erp9' && v.entries.some((e) => e.kind === 'item' && e.gst?.percent),
);
const otherList = pick((v) => v.entries.some((e) => e.kind === 'item' && e.list === 'INVENTORYENTRIES'));
const cancelled = made.find((v) => v.cancelled)!;
const raw = rawVoucher(
  9,
  '2024-04-02',
  '<DATE>20240402</DATE><MASTERID> 9</MASTERID><NARRATION>as it is</NARRATION><LEDGERENTRIES.LIST><LEDGERNAME>A &amp; B</LEDGERNAME><AMOUNT>ten</AMOUNT></LEDGERENTRIES.LIST><BROKEN>',
);
const book = bookOf(
  [goods, service, asVoucher, erp9, otherList, cancelled, raw].map((v) => ({ ...v, date: '2024-04-02' })),
);
const dates = typedRange('20240401', '20240430');

type Node = Record<string, unknown>;
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  trimValues: false,
  isArray: (name) => name.endsWith('.LIST') || name === 'VOUCHER' || name === 'TALLYMESSAGE',
});

const amountsIn = (xml: string): string[] => [...xml.matchAll(/<AMOUNT.*?>([^<]*)</g)].map((m) => m[1]!);

/** The sorted names of a line's fields and lists, without the blanks between elements. */
const namesOf = (line: Node): string[] =>
  Object.keys(line)
    .filter((name) => name !== '#text')
    .sort();
const textOf = (field: unknown): string => {
  const text = typeof field === 'object' && field !== null && '#text' in field ? field['#text'] : field;
  return typeof text === 'string' ? text : '';
};
const linesOf = (voucher: Node, list: string): Node[] =>
  ((voucher[`${list}.LIST`] ?? []) as (Node | string)[]).filter((line) => typeof line !== 'string');

describe('a collection of vouchers with their lines', () => {
  const tally = demoTally({ book, dayBook: 'honours-dates' });
  const text = async (fetch: string, behaviour: Partial<Behaviour> = {}): Promise<string> => {
    tally.behave(behaviour);
    const { head, bytes, text } = await askTally(
      tally.url,
      collectionRequest('Voucher', fetch, variables(book.companyName, dates)),
    );
    assert.equal(Number(head['content-length']), bytes.length);
    return text;
  };
  const rows = async (fetch: string, behaviour: Partial<Behaviour> = {}): Promise<Node[]> => {
    const xml = await text(fetch, behaviour);
    const { ENVELOPE } = parser.parse(xml) as { ENVELOPE: { BODY: { DATA: { COLLECTION: { VOUCHER: Node[] } } } } };
    return ENVELOPE.BODY.DATA.COLLECTION.VOUCHER;
  };
  const row = async (voucher: DemoVoucher, fetch: string, behaviour: Partial<Behaviour> = {}): Promise<Node> =>
    (await rows(fetch, behaviour)).find(({ GUID }) => textOf(GUID) === voucher.guid)!;
  const inDayBook = async (voucher: DemoVoucher): Promise<Node> => {
    const { text: xml } = await askTally(tally.url, reportRequest('Day Book', variables(book.companyName, dates)));
    const whole = /<VOUCHER [^]*?<\/VOUCHER>/g;
    return (parser.parse(xml.match(whole)!.find((v) => v.includes(voucher.guid))!) as { VOUCHER: Node[] }).VOUCHER[0]!;
  };
  const values = (voucher: Node, list: string, field: string): string[] =>
    linesOf(voucher, list).map((line) => textOf(line[field]));

  it('has the fields that were asked for, in any case and in several FETCH, and no others', async () => {
    const voucher = await row(
      goods,
      'Narration, Irn, NoSuchField, LedgerEntries.NoSuchField</FETCH><FETCH>LedgerEntries.LedgerName, LEDGERENTRIES.amount</FETCH><FETCH>AllInventoryEntries.StockItemName, AllInventoryEntries.AccountingAllocations.LedgerName',
    );
    for (const line of linesOf(voucher, 'LEDGERENTRIES')) assert.deepEqual(namesOf(line), ['AMOUNT', 'LEDGERNAME']);
    for (const line of linesOf(voucher, 'ALLINVENTORYENTRIES')) {
      assert.deepEqual(namesOf(line), ['ACCOUNTINGALLOCATIONS.LIST', 'STOCKITEMNAME']);
      assert.deepEqual(namesOf(linesOf(line, 'ACCOUNTINGALLOCATIONS')[0]!), ['LEDGERNAME']);
    }
    assert.equal(textOf(voucher.IRN), goods.irn!.irn);
    assert.ok(!('PARTYLEDGERNAME' in voucher) && !('NOSUCHFIELD' in voucher) && !('ALLLEDGERENTRIES.LIST' in voucher));
    assert.ok('PERSISTEDVIEW' in voucher && 'SERIALMASTER' in voucher, 'the fields of every row');
  });

  it('has types on its fields, closes what is empty, and tells no ACTION', async () => {
    const xml = await text(
      'REFERENCE, IRNQRCODE, PARTYORDERDATE, LEDGERENTRIES.LEDGERNAME, LEDGERENTRIES.ISPARTYLEDGER, LEDGERENTRIES.BILLALLOCATIONS.*',
    );
    assert.match(xml, /<LEDGERNAME TYPE="String">[^<]+<\/LEDGERNAME>\s*<ISPARTYLEDGER TYPE="Logical">Yes</);
    assert.match(xml, /<AMOUNT TYPE="Amount">-?\d/);
    assert.match(xml, /<IRNQRCODE TYPE="String"\/>/);
    assert.match(xml, /<BILLALLOCATIONS.LIST\/>/);
    assert.match(xml, /<BILLCREDITPERIOD TYPE="String" JD="\d+" P="/);
    assert.ok(!xml.includes('ACTION=') && !/<(\S+)[^>]*><\/\1>/.test(xml));
  });

  it('has the values of the Day Book', async () => {
    const fields = ['PARTYNAME', 'PARTYMAILINGNAME', 'STATENAME', 'CONSIGNEEGSTIN', 'CMPGSTIN', 'IRN', 'PLACEOFSUPPLY'];
    const lines = ['LEDGERNAME', 'AMOUNT', 'ISPARTYLEDGER'].map((name) => `LEDGERENTRIES.${name}`);
    const stock = ['STOCKITEMNAME', 'RATE', 'BILLEDQTY', 'AMOUNT', 'GSTHSNNAME'].map((f) => `ALLINVENTORYENTRIES.${f}`);
    const voucher = await row(goods, [...fields, ...lines, ...stock].join());
    const whole = await inDayBook(goods);
    for (const field of fields) assert.equal(textOf(voucher[field]), textOf(whole[field]), field);
    for (const [list, field] of [...lines, ...stock].map((path) => path.split('.')))
      assert.deepEqual(values(voucher, list!, field!), values(whole, list!, field!), field);
  });

  it('has beside the stored lines of an invoice view the aggregate, with a row for each ledger of its goods', async () => {
    const voucher = await row(
      goods,
      'AllLedgerEntries.LedgerName, AllLedgerEntries.Amount, AllInventoryEntries.AccountingAllocations.LedgerName, AllInventoryEntries.AccountingAllocations.Amount',
    );
    const stored = values(voucher, 'LEDGERENTRIES', 'LEDGERNAME');
    const booked = linesOf(voucher, 'ALLINVENTORYENTRIES').flatMap((l) =>
      values(l, 'ACCOUNTINGALLOCATIONS', 'LEDGERNAME'),
    );
    assert.ok(booked.length > 1);
    assert.deepEqual(values(voucher, 'ALLLEDGERENTRIES', 'LEDGERNAME'), [...stored, ...new Set(booked)]);
    const paise = values(voucher, 'ALLLEDGERENTRIES', 'AMOUNT').map((amount) => BigInt(amount.replace('.', '')));
    assert.equal(
      paise.reduce((sum, amount) => sum + amount, 0n),
      0n,
    );
  });

  it('has LEDGERENTRIES with names and amounts alone where only the aggregate was asked for', async () => {
    const voucher = await row(goods, 'AllLedgerEntries.IsPartyLedger');
    for (const line of linesOf(voucher, 'LEDGERENTRIES')) assert.deepEqual(namesOf(line), ['AMOUNT', 'LEDGERNAME']);
    for (const line of linesOf(voucher, 'ALLLEDGERENTRIES')) assert.deepEqual(namesOf(line), ['ISPARTYLEDGER']);
  });

  it('has in accounting view ALLLEDGERENTRIES alone, the items below', async () => {
    const voucher = await row(
      asVoucher,
      'LEDGERENTRIES.LEDGERNAME, ALLLEDGERENTRIES.LEDGERNAME, ALLLEDGERENTRIES.INVENTORYALLOCATIONS.STOCKITEMNAME, ALLINVENTORYENTRIES.STOCKITEMNAME',
    );
    assert.deepEqual(linesOf(voucher, 'LEDGERENTRIES'), []);
    assert.deepEqual(linesOf(voucher, 'ALLINVENTORYENTRIES'), []);
    const items = linesOf(voucher, 'ALLLEDGERENTRIES').flatMap((l) =>
      values(l, 'INVENTORYALLOCATIONS', 'STOCKITEMNAME'),
    );
    assert.deepEqual(items.length, asVoucher.entries.filter(({ kind }) => kind === 'item').length);
  });

  it('has rates where the release keeps them, and every stock line in ALLINVENTORYENTRIES', async () => {
    const rates =
      'ALLINVENTORYENTRIES.ACCOUNTINGALLOCATIONS.RATEDETAILS.GSTRATE, ALLINVENTORYENTRIES.RATEDETAILS.GSTRATE';
    const [line] = linesOf(await row(erp9, rates), 'ALLINVENTORYENTRIES');
    const [allocation] = linesOf(line!, 'ACCOUNTINGALLOCATIONS');
    assert.ok(linesOf(allocation!, 'RATEDETAILS').length > 0 && linesOf(line!, 'RATEDETAILS').length === 0);
    assert.ok(linesOf(await row(otherList, rates), 'ALLINVENTORYENTRIES').length > 0);
  });

  it('has TAXOBJECTALLOCATIONS only where the list was asked for as a whole', async () => {
    const filled = async (fetch: string): Promise<boolean> =>
      linesOf(await row(service, fetch), 'LEDGERENTRIES').some((l) => linesOf(l, 'TAXOBJECTALLOCATIONS').length > 0);
    assert.equal(await filled('LEDGERENTRIES.TAXOBJECTALLOCATIONS.TAXTYPE'), false);
    assert.equal(await filled('LEDGERENTRIES.TAXOBJECTALLOCATIONS.*'), true);
  });

  it('has of a voucher that is given as XML what the XML has', async () => {
    const xml = await text('NARRATION, REFERENCE, LEDGERENTRIES.AMOUNT');
    const last = xml.split('<VOUCHER ').at(-1)!;
    assert.match(last, /<NARRATION TYPE="String">as it is<[^]*<REFERENCE TYPE="String"\/>/);
    assert.match(last, /<LEDGERENTRIES.LIST>\s*<AMOUNT TYPE="Amount">ten<\/AMOUNT>\s*<\/LEDGERENTRIES.LIST>/);
    assert.ok(!last.includes('BROKEN') && !last.includes('PERSISTEDVIEW') && last.includes('> 9</MASTERID>'));
  });

  it('lacks what ERP 9 does not know', async () => {
    const voucher = await row(goods, 'CMPGSTIN, LEDGERENTRIES.AMOUNT', { product: 'Tally.ERP 9' });
    assert.ok(!('CMPGSTIN' in voucher));
  });

  describe('is, as ordered,', () => {
    const fetch =
      'IRN, IRNACKNO, LEDGERENTRIES.AMOUNT, ALLLEDGERENTRIES.AMOUNT, ALLINVENTORYENTRIES.AMOUNT, ALLINVENTORYENTRIES.RATEDETAILS.*, ALLINVENTORYENTRIES.ACCOUNTINGALLOCATIONS.AMOUNT';

    it('refused, and the list of ids is not', async () => {
      assert.match(await text(fetch, { voucherCollection: 'refused' }), /Could not find Collection 'Voucher'!/);
      assert.equal(guidsIn(await text('GUID')).length, book.size);
    });

    it('without lines', async () => {
      const voucher = await row(goods, fetch, { voucherCollection: 'ids-only' });
      assert.ok(textOf(voucher.IRN) !== '' && !('LEDGERENTRIES.LIST' in voucher));
    });

    it('fat: with all fields of the lists', async () => {
      const voucher = await row(goods, fetch, { voucherCollection: 'fat' });
      const [line] = linesOf(voucher, 'LEDGERENTRIES');
      assert.deepEqual(namesOf(line!), namesOf(linesOf(await inDayBook(goods), 'LEDGERENTRIES')[0]!));
    });

    it('without what stands below a line', async () => {
      const [line] = linesOf(await row(goods, fetch, { voucherCollection: 'no-rates' }), 'ALLINVENTORYENTRIES');
      assert.ok(textOf(line!.AMOUNT) !== '');
      for (const list of ['RATEDETAILS', 'ACCOUNTINGALLOCATIONS']) assert.deepEqual(linesOf(line!, list), []);
    });

    it('without LEDGERENTRIES in invoice view', async () => {
      const voucher = await row(goods, fetch, { voucherCollection: 'aggregate-only' });
      assert.ok(!('LEDGERENTRIES.LIST' in voucher));
      assert.ok(linesOf(voucher, 'ALLLEDGERENTRIES').length > 0 && linesOf(voucher, 'ALLINVENTORYENTRIES').length > 0);
    });

    it('without an IRN', async () => {
      const voucher = await row(goods, fetch, { voucherCollection: 'no-irn' });
      assert.deepEqual([textOf(voucher.IRN), textOf(voucher.IRNACKNO)], ['', '']);
    });

    it('with other amounts that still balance', async () => {
      const balance = (voucher: Node): bigint =>
        values(voucher, 'ALLLEDGERENTRIES', 'AMOUNT').reduce((sum, a) => sum + BigInt(a.replace('.', '')), 0n);
      const real = await row(goods, fetch);
      const lie = await row(goods, fetch, { voucherCollection: 'other-amounts' });
      assert.notDeepEqual(values(lie, 'LEDGERENTRIES', 'AMOUNT'), values(real, 'LEDGERENTRIES', 'AMOUNT'));
      assert.equal(balance(lie), 0n);
      const lean = rawVoucher(
        3,
        '2024-04-02',
        ['-1180.00', '1000.00', '180.00']
          .map((a) => `<LEDGERENTRIES.LIST><AMOUNT>${a}</AMOUNT></LEDGERENTRIES.LIST>`)
          .join(''),
      );
      tally.behave({ book: bookOf([lean]) });
      assert.deepEqual(amountsIn(await text('LEDGERENTRIES.AMOUNT')), ['-1179.00', '999.00', '180.00']);
    });

    it('cut: without its second half, and with a proper end; the list of ids is whole', async () => {
      const xml = await text(fetch, { voucherCollection: 'cut' });
      assert.equal(guidsIn(xml).length, Math.ceil(book.size / 2));
      assert.ok(xml.includes('<STATUS>1</STATUS>') && xml.endsWith('</ENVELOPE>\r\n'));
      assert.equal(guidsIn(await text('GUID')).length, book.size);
    });

    it('for the dates and the days that lists are given for', async () => {
      const [first] = made;
      const late = demoVoucher({ guid: first!.guid, date: '2024-08-03' });
      tally.behave({ book: bookOf([goods, late]) });
      assert.equal(guidsIn(await text(fetch)).length, 1);
      assert.equal(guidsIn(await text(fetch, { voucherIndex: 'ignores-dates' })).length, 2);
      assert.equal(guidsIn(await text(fetch, { education: 'hides-days' })).length, 0);
      assert.equal(guidsIn(await text(fetch, { voucherIndex: 'empty' })).length, 0);
    });
  });
});
