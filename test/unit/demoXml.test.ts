import assert from 'node:assert/strict';
import { XMLParser } from 'fast-xml-parser';
import { createBook } from '../../src/demo/book/book.js';
import { bookOf } from '../support/demo/bookOf.js';
import { answerChunks, reportAnswer, type VoucherAnswer } from '../../src/demo/answers/xml/reportXml.js';
import type { DemoVoucher } from '../../src/demo/book/voucher.js';

const book = createBook({ invoices: 180 });
const vouchers = [...book.vouchers()];

const bytesOf = (answer: VoucherAnswer, encoding: 'utf-8' | 'utf-16'): Buffer =>
  Buffer.concat([...answerChunks(answer, encoding)]);
const xmlOf = (...some: DemoVoucher[]): string =>
  bytesOf(reportAnswer(bookOf(some), undefined), 'utf-16').toString('utf16le');

interface Line {
  AMOUNT: string;
  'ACCOUNTINGALLOCATIONS.LIST'?: (Line | string)[];
}
type List = 'LEDGERENTRIES.LIST' | 'ALLLEDGERENTRIES.LIST' | 'ALLINVENTORYENTRIES.LIST' | 'INVENTORYENTRIES.LIST';
type Read = Record<'GUID' | 'DATE' | 'VOUCHERTYPENAME' | 'ISCANCELLED' | 'ISOPTIONAL' | 'ISINVOICE', string> &
  Partial<Record<List, (Line | string)[]>>;

/** Removes empty lists, which the parser gives as strings of blanks. */
const filled = (list: (Line | string)[] = []): Line[] => list.filter((n) => typeof n !== 'string');

/** The vouchers of a report, as a plain XML parser reads them. */
function parsed(xml: string): Read[] {
  const parser = new XMLParser({
    parseTagValue: false,
    isArray: (name) => name.endsWith('.LIST') || name === 'TALLYMESSAGE',
  });
  const document = parser.parse(xml) as {
    ENVELOPE: { BODY: { IMPORTDATA: { REQUESTDATA: { TALLYMESSAGE: { VOUCHER?: Read }[] } } } };
  };
  return document.ENVELOPE.BODY.IMPORTDATA.REQUESTDATA.TALLYMESSAGE.flatMap((m) => m.VOUCHER ?? []);
}

describe("the demo Tally's XML", () => {
  let all: string;
  let read: Read[];
  before(() => {
    all = bytesOf(reportAnswer(book, undefined), 'utf-16').toString('utf16le');
    read = parsed(all);
  });

  it('is as wordy as Tally: 15 KB and hundreds of elements for every voucher with lines', () => {
    const frame = xmlOf().length;
    for (const v of vouchers.filter((x) => x.entries.length > 0)) {
      const xml = xmlOf(v);
      assert.ok(xml.length - frame >= 15 * 1024, `${v.typeName}: ${xml.length - frame}`);
      assert.ok((xml.match(/<[A-Z]/g) ?? []).length > 300, v.typeName);
    }
  });

  it('balances in every voucher for a reader that knows only the XML', () => {
    const rupees = (text: string): bigint => BigInt(text.replace(/^.*= /, '').replace(/[₹ .]/g, ''));
    let invoices = 0;
    for (const v of read) {
      const stock = [...filled(v['ALLINVENTORYENTRIES.LIST']), ...filled(v['INVENTORYENTRIES.LIST'])];
      const booked = [
        ...filled(v['LEDGERENTRIES.LIST']),
        ...filled(v['ALLLEDGERENTRIES.LIST']),
        ...stock.flatMap((line) => filled(line['ACCOUNTINGALLOCATIONS.LIST'])),
      ];
      assert.equal(
        booked.reduce((sum, line) => sum + rupees(line.AMOUNT), 0n),
        0n,
        v.GUID,
      );
      if (v.ISINVOICE === 'Yes') invoices++;
    }
    assert.ok(invoices > 100);
  });

  it('sends what XML forbids, as Tally does', () => {
    for (const piece of [
      '<ALTERID> ',
      '&#4; Not Applicable',
      '&#13;&#10;',
      '&amp;',
      '&quot;',
      '&apos;',
      '\u0005',
      '<UDF:VEHICLENOTE.LIST DESC="`VehicleNote`"',
      'ACTION="Cancel"',
      ' Box 0 Nos</BILLEDQTY>',
      '/Pair</RATE>',
      '<GSTRATE> 9</GSTRATE>',
      '<GSTRATE> 2.5</GSTRATE>',
      '<GSTRATE></GSTRATE>',
      '<BANKALLOCATIONS.LIST>\r\n        <DATE>',
      '<ROUNDTYPE>Normal Rounding</ROUNDTYPE>',
      '<METHODTYPE>GST</METHODTYPE>',
      '<TAXTYPE>TDS</TAXTYPE>',
      '<COSTCENTREALLOCATIONS.LIST>',
      '<INVENTORYENTRIES.LIST>',
    ])
      assert.ok(all.includes(piece), piece);
    assert.match(all, /<AMOUNT>-\$[\d.]+ @ ₹ [\d.]+\/\$ = -₹ [\d.]+<\/AMOUNT>/);
    assert.match(all, /Professional Fees<\/LEDGERNAME>\r\n.*\r\n +<GSTOVRDNTAXABILITY>Taxable</);
    assert.match(all, /<RATE>\$14\.00 = ₹ [\d.]+\/\$ = ₹ [\d.]+\/box<\/RATE>/);
    assert.match(
      bytesOf(reportAnswer(book, undefined), 'utf-8').toString(),
      /<AMOUNT>-\$[\d.]+ @ \? [\d.]+\/\$ = -\? /,
    );
    assert.ok(!all.replaceAll('\r\n', '').includes('\n'), 'CRLF only');
    assert.ok(all.indexOf('OLDAUDITENTRYIDS.LIST') < all.indexOf('<DATE>'));
  });

  it('has the rates of a stock line in its allocation on ERP 9, under the names of that release', () => {
    const v = vouchers.find((x) => x.release === 'erp9' && x.entries.some((e) => e.kind === 'item' && e.gst?.percent))!;
    const xml = xmlOf(v);
    const allocations = xml.split('<ACCOUNTINGALLOCATIONS.LIST>').slice(1);
    assert.ok(allocations.some((a) => a.split('</ACCOUNTINGALLOCATIONS.LIST>')[0]!.includes('<GSTRATE> ')));
    assert.ok(
      allocations.every((a) => !a.split('</ACCOUNTINGALLOCATIONS.LIST>')[1]!.split('<ALL')[0]!.includes('<GSTRATE> ')),
    );
    assert.ok(/>(Central|Integrated) Tax</.test(xml) && !/>(CGST|IGST)</.test(xml));
  });
});
