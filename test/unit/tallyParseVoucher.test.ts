import assert from 'node:assert/strict';
import v8 from 'node:v8';
import vm from 'node:vm';
import fc from 'fast-check';
import type { LedgerLine, StockLine, Voucher } from '../../src/core/invoice/voucher.js';
import { noLineDetails, noVoucherDetails } from '../support/vouchers.js';
import { decodeBytes, type Encoding } from '../../src/core/tally/xml/encoding.js';
import { parseWholeVoucher, VoucherReader } from '../../src/core/tally/requests/voucherReader.js';
import { createBook } from '../../src/demo/book/book.js';
import { writeVoucher } from '../../src/demo/answers/xml/voucherXml.js';
import { BufferSink } from '../../src/demo/answers/xml/xmlText.js';
import { fixtures } from '../fixtures/fixtures.js';
import { headerTags } from '../support/voucherTags.js';
import { companyId, encode, escape, invoiceXml, isUnusual, readVoucher } from './tallySupport.js';

const inVoucher = (content: string): string => `<VOUCHER VCHTYPE="Sales" ACTION="Create">${content}</VOUCHER>`;

/** Reads a voucher by VoucherReader and by the full parse, in three encodings. The results must agree. */
function read(xml: string): Voucher {
  const voucher = readVoucher(encode(xml, 'utf-16le'), 'utf-16le');
  assert.deepEqual(voucher, parseWholeVoucher(xml));
  assert.deepEqual(readVoucher(encode(xml, 'utf-8'), 'utf-8'), voucher);
  const single = encode(xml, 'windows-1252');
  assert.deepEqual(readVoucher(single, 'windows-1252'), parseWholeVoucher(decodeBytes(single, 'windows-1252')));
  return voucher;
}

describe('a voucher read out of its XML', () => {
  it('has its header fields as text, decoded and trimmed', () => {
    const { lines, ...header } = read(invoiceXml(7));
    assert.equal(lines.length, 3);
    assert.deepEqual(header, {
      guid: `${companyId}-00000007`,
      date: '20240401',
      voucherType: 'Sales',
      alterId: '107',
      masterId: '7',
      action: 'Create',
      voucherNumber: '007/24',
      reference: '',
      referenceDate: '',
      partyLedgerName: 'A & B Traders\r\nMysuru',
      partyName: 'A & B Traders',
      partyGstin: '',
      placeOfSupply: '',
      narration: 'Being "goods" sold <fast>\nवस्तु ₹5 & more',
      irn: '',
      irnAckNo: '',
      irnAckDate: '',
      ewayBillNo: '123456789012',
      ...noVoucherDetails,
      ewayBillDate: '20240402',
      isCancelled: 'No',
      isOptional: 'No',
      isDeleted: '',
      isDeletedRetained: '',
      ...{ isPostDated: '', stockIn: [], stockOut: [] },
    });
  });

  it('has its lines in the order of the document, with what belongs to each line and nothing nested deeper', () => {
    const [item, party, tax] = read(invoiceXml(7)).lines;
    assert.deepEqual(item, {
      kind: 'item',
      itemName: 'Bolt 5"',
      hsn: '7318',
      rate: '57.00/Pair',
      amount: '1000.00',
      quantity: '10 Pair',
      ...{ isInward: '', movedQuantity: '12 Pair' },
      discount: '5',
      allocations: [
        {
          ledgerName: 'Sales A/c',
          amount: '1000.00',
          taxRates: [{ dutyHead: 'IGST', rate: '99' }],
          bills: [],
          costs: [],
        },
      ],
      taxRates: [
        { dutyHead: 'CGST', rate: '9' },
        { dutyHead: 'SGST/UTGST', rate: '9' },
      ],
      ...noLineDetails,
      batches: [],
    } satisfies StockLine);
    assert.deepEqual(party, {
      kind: 'ledger',
      view: 'invoice',
      ledgerName: 'A & B Traders\r\nMysuru',
      amount: '-1180.00',
      isPartyLedger: 'Yes',
      roundType: '',
      roundLimit: '',
      methodType: '',
      appropriateFor: '',
      hsn: '',
      stockLines: [],
      taxRates: [],
      ...noLineDetails,
      bills: [{ name: '1', type: '', creditPeriod: '', from: '', date: '', amount: '-7.00' }],
      costs: [],
      banks: [{ transactionType: '', instrumentNumber: '', instrumentDate: '', bankDate: '', amount: '5.00' }],
    } satisfies LedgerLine);
    assert.equal((tax as LedgerLine).roundType, 'Not Applicable');
  });

  it('moves goods by either list of a stock journal, and has the first vehicle that is named', () => {
    const tea = (list: string): Voucher =>
      read(inVoucher(`<${list}.LIST><STOCKITEMNAME>Tea</STOCKITEMNAME></${list}.LIST>`));
    assert.equal(tea('INVENTORYENTRIESIN').stockIn[0]?.itemName, 'Tea');
    assert.equal(tea('INVENTORYENTRIESOUT').stockOut[0]?.itemName, 'Tea');
    const vehicles = ['', 'MH 12', 'MH 14'].map(
      (number) => `<TRANSPORTDETAILS.LIST><VEHICLENUMBER>${number}</VEHICLENUMBER></TRANSPORTDETAILS.LIST>`,
    );
    const bill = `<EWAYBILLDETAILS.LIST><BILLNUMBER>2</BILLNUMBER>${vehicles.join('')}</EWAYBILLDETAILS.LIST>`;
    assert.equal(read(inVoucher(bill)).vehicleNumber, 'MH 12');
  });

  it('keeps emoji that are written as two surrogate references', () => {
    for (const emoji of ['&#55357;&#56832;', '&#xD83D;&#xDE00;'])
      assert.equal(read(inVoucher(`<NARRATION>Thanks ${emoji}</NARRATION>`)).narration, 'Thanks \u{1f600}');
    assert.equal(read(inVoucher('<NARRATION>a&#xD83D;b<!-- x --></NARRATION>')).narration, 'ab');
  });

  it('takes the type from the attribute where the element is missing or empty', () => {
    assert.equal(read(inVoucher('')).voucherType, 'Sales');
    assert.equal(read(inVoucher('<VOUCHERTYPENAME> </VOUCHERTYPENAME>')).voucherType, 'Sales');
    assert.equal(read(`<VOUCHER VCHTYPE="R&amp;D 'x'"><DATE>20240401</DATE></VOUCHER>`).voucherType, `R&D 'x'`);
  });

  it('takes the first of two elements of one name, even if it is empty', () => {
    assert.equal(read(inVoucher('<REFERENCE>a</REFERENCE><REFERENCE>b</REFERENCE>')).reference, 'a');
    assert.equal(read(inVoucher('<REFERENCE/><REFERENCE>b</REFERENCE>')).reference, '');
  });

  it('has each field of its header, however many there are', () => {
    const order = { BASICPURCHASEORDERNO: 'PO 1', BASICORDERDATE: '', PARTYORDERDATE: '20240401' };
    const xml = (names: string[]): string =>
      names.map((name) => `<${name}>${name} 1</${name}><${name}>${name} 2</${name}>`).join('') +
      Object.entries(order)
        .map(([name, text]) => `<${name}>${text}</${name}>`)
        .join('');
    const tags = Object.values(headerTags);
    for (const names of [tags, tags.toReversed()]) {
      const voucher = read(inVoucher(xml(names)));
      for (const [field, tag] of Object.entries(headerTags)) assert.equal(voucher[field as 'guid'], `${tag} 1`);
      assert.deepEqual(voucher.orders, [{ number: 'PO 1', date: '20240401' }]);
    }
  });

  for (const [what, content, narration] of [
    ['CDATA', '<NARRATION>a<![CDATA[<b> &amp; ]]>c</NARRATION>', 'a<b> &amp; c'],
    ['CDATA with line ends and brackets', '<NARRATION><![CDATA[]]><![CDATA[a\r\nb]]]></NARRATION>', 'a\nb]'],
    ['a comment', '<NARRATION>a<!-- <NARRATION>x</NARRATION> -->b</NARRATION>', 'ab'],
    ['a comment inside a reference', '<NARRATION>a &am<!-- ; -->p; b<!----></NARRATION>', 'a & b'],
    [
      'CDATA or an element inside what looks like one',
      '<NARRATION>&am<![CDATA[p;]]>&am<B/>p;</NARRATION>',
      '&amp;&amp;',
    ],
    ['a processing instruction', '<?x y?><NARRATION>a<?x ">" \'?\'?>b</NARRATION>', 'ab'],
    ['> in an attribute', '<X A="b>">1</X><NARRATION B="/>">a</NARRATION>', 'a'],
    ['single quotes', `<X A='">'>1</X><NARRATION B='"'>a</NARRATION>`, 'a'],
    ['a comment in a list that is skipped', '<A.LIST><B/><!-- </A.LIST> --></A.LIST><NARRATION>a</NARRATION>', 'a'],
    ['CDATA in a list that is skipped', '<A.LIST><![CDATA[</A.LIST>]]></A.LIST><NARRATION>a</NARRATION>', 'a'],
    ['a closing tag with a space', '<A.LIST><B>1</B ></A.LIST\r\n><NARRATION>a</NARRATION >', 'a'],
    ['an element inside a value', '<NARRATION>a<B>b</B>c</NARRATION>', 'ac'],
  ] as const)
    it(`reads ${what} without the full parse`, () => {
      const xml = inVoucher(content);
      assert.ok(!isUnusual(xml));
      assert.equal(read(xml).narration, narration);
    });

  for (const [what, content] of [
    ['a name of other than ASCII letters', '<वस्तु>1</वस्तु><NARRATION>a</NARRATION>'],
    ['blanks around the = of an attribute', '<X A = "1">1</X><NARRATION>a</NARRATION>'],
    ['an instruction with a quote that is not closed', `<?x it's?><NARRATION>a</NARRATION><?x it's?>`],
  ] as const)
    it(`leaves ${what} to the full parse`, () => {
      assert.ok(isUnusual(inVoucher(content)));
      read(inVoucher(content));
    });

  it('reads attributes in any quotes, with references and line breaks', () => {
    const { action, voucherType } = read(`<VOUCHER A='"x"' ACTION = "y" ACTION='a "b" &gt;' VCHTYPE="c\r\n\td"/>`);
    assert.deepEqual([action, voucherType], ['a "b" >', 'c\n\td']);
    const xml = `<VOUCHER A='"x"' ACTION="y" ACTION='a "b" &gt;' VCHTYPE="c\r\n\td"></VOUCHER>`;
    assert.ok(!isUnusual(xml));
    assert.equal(read(xml).voucherType, 'c\n\td');
  });

  it('has nothing of a list inside itself', () => {
    const nested = '<A.LIST><A.LIST><NARRATION>x</NARRATION></A.LIST><NARRATION>x</NARRATION></A.LIST>';
    assert.ok(!isUnusual(inVoucher(nested)));
    assert.equal(read(inVoucher(`${nested}<NARRATION>a</NARRATION>`)).narration, 'a');
    const line = '<LEDGERENTRIES.LIST><LEDGERNAME>x</LEDGERNAME></LEDGERENTRIES.LIST>';
    const lines = `<LEDGERENTRIES.LIST>${line}<LEDGERNAME>y</LEDGERNAME></LEDGERENTRIES.LIST>`;
    assert.deepEqual(
      read(inVoucher(lines)).lines.map((found) => (found as LedgerLine).ledgerName),
      ['y'],
    );
  });

  it('is refused when its tags do not pair: no line may be lost in silence', () => {
    for (const content of [
      '<A>',
      '<LEDGERENTRIES.LIST><LEDGERNAME>x</LEDGERNAME>',
      '<LEDGERENTRIES.LIST><AMOUNT>1</LEDGERENTRIES.LIST></AMOUNT>',
      '<NARRATION>a < b</NARRATION>',
      '</A>',
      '<NARRATION><!-- a</NARRATION>',
      '<NARRATION><![CDATA[a</NARRATION>',
      '<NARRATION><?a</NARRATION>',
      '</VOUCHER ><NARRATION>a</NARRATION>',
      '<!DOCTYPE a>',
      '</?>',
      '</!---->',
    ])
      assert.throws(() => readVoucher(encode(inVoucher(content), 'utf-8'), 'utf-8'), Error, content);
  });

  it('does not keep the text alive that it was read from', () => {
    v8.setFlagsFromString('--expose-gc');
    const collect = vm.runInNewContext('gc') as () => void;
    const filler = `<X.LIST><Y>${'z'.repeat(1_000_000)}</Y></X.LIST>`;
    const make = (n: number): Buffer =>
      Buffer.from(invoiceXml(n).replace('<REFERENCE/>', `<REFERENCE>${'r'.repeat(40)}</REFERENCE>${filler}`));
    readVoucher(make(0), 'utf-8');
    collect();
    const before = process.memoryUsage().heapUsed;
    const kept = Array.from({ length: 30 }, (_, n) => readVoucher(make(n), 'utf-8'));
    collect();
    const grown = process.memoryUsage().heapUsed - before;
    assert.ok(grown < 8_000_000, `30 vouchers keep ${grown} bytes`);
    assert.equal(kept.length, 30);
  });
});

const names = ['DATE', 'GUID', 'NARRATION', 'VOUCHERTYPENAME', 'ALTERID', 'LEDGERNAME', 'AMOUNT', 'UDF:X', 'RATE', 'Q'];
const lists = [
  'LEDGERENTRIES.LIST',
  'ALLLEDGERENTRIES.LIST',
  'ALLINVENTORYENTRIES.LIST',
  'ACCOUNTINGALLOCATIONS.LIST',
  'INVENTORYALLOCATIONS.LIST',
  'INVENTORYENTRIESIN.LIST',
  'RATEDETAILS.LIST',
  'EWAYBILLDETAILS.LIST',
  'UDF:X.LIST',
  'BANKALLOCATIONS.LIST',
  'BILLALLOCATIONS.LIST',
  'BATCHALLOCATIONS.LIST',
  'BASICUSERDESCRIPTION.LIST',
  'INVOICEORDERLIST.LIST',
  'TRANSPORTDETAILS.LIST',
];
const fields = [
  ...[...names, 'STOCKITEMNAME', 'BILLEDQTY', 'GSTRATE', 'GSTRATEDUTYHEAD', 'BILLNUMBER', 'ISPARTYLEDGER'],
  ...['BILLCREDITPERIOD', 'GODOWNNAME', 'BASICUSERDESCRIPTION', 'BASICORDERDATE', 'VEHICLENUMBER', 'IRNQRCODE'],
];
const value = fc
  .array(
    fc.constantFrom(
      'a',
      ' ',
      '\t',
      '\u0001',
      '\u007f',
      '\u00a0',
      '\r\n',
      '&',
      '&#4;',
      '&#13;&#10;',
      '₹',
      'é',
      '"',
      "'",
      '>',
      '</',
      '20240401',
      ']]>',
    ),
  )
  .map((parts) => parts.join('').replaceAll('</', '&lt;/'));
const { node } = fc.letrec<{ node: string; content: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.tuple(fc.constantFrom(...fields), value).map(([name, text]) => `<${name}>${text}</${name}>`),
    fc.constantFrom(...fields, ...lists).map((name) => `<${name}/>`),
    fc.tuple(fc.constantFrom(...fields), value).map(([name, text]) => `<${name} TYPE="String">${text}</${name}>`),
    fc
      .constantFrom('45400', '&#4;1', '', '1\t2')
      .map((jd) => `<BILLCREDITPERIOD JD="${jd}" P="9">30 Days</BILLCREDITPERIOD>`),
    fc.constantFrom('<!-- <DATE>1</DATE> -->', '<![CDATA[</VOUCHER>]]>', "<Z A='\">'/>", '<?p ?>'),
    fc.constantFrom(
      '<!---->',
      '<![CDATA[&am]\r\n]]>',
      '<?p "?>"?>',
      "<?p a='?'?>",
      '<B C=\'"\' D=">">x</B >',
      '&am',
      'p;',
      '&',
    ),
    value,
    fc
      .tuple(fc.constantFrom(...lists, ...names), tie('content'))
      .map(([name, content]) => `<${name}>${content}</${name}>`),
  ),
  content: fc.array(tie('node'), { maxLength: 6 }).map((parts) => parts.join('\r\n ')),
}));
const wildVoucher = fc
  .tuple(fc.array(node, { maxLength: 12 }), value)
  .map(([parts, type]) => `<VOUCHER VCHTYPE="${escape(type)}" ACTION="Create">\r\n${parts.join('')}</VOUCHER>`);

const sink = new BufferSink('utf-8');
for (const demoVoucher of [...createBook({ invoices: 150 }).vouchers()].slice(0, 150)) writeVoucher(sink, demoVoucher);
const demo = Buffer.concat(sink.takeRest())
  .toString('utf8')
  .match(/<VOUCHER .*?<\/VOUCHER>/gs)!;

describe('any voucher', () => {
  it('is read the same by the fast path and by the full parse', () => {
    fc.assert(
      fc.property(wildVoucher, (xml) => {
        read(xml);
      }),
      { numRuns: 400 },
    );
  });

  it('is read the same, or refused with the same words, when it is damaged', () => {
    const result = (read: () => Voucher): Voucher | string => {
      try {
        return read();
      } catch (error) {
        return `refused: ${(error as Error).message}`;
      }
    };
    const assertSame = (xml: string): void => {
      for (const encoding of ['utf-16le', 'utf-8'] as const)
        assert.deepEqual(
          result(() => readVoucher(encode(xml, encoding), encoding)),
          result(() => parseWholeVoucher(decodeBytes(encode(xml, encoding), encoding))),
          xml,
        );
    };
    const pieces = [
      ...[
        '',
        '<',
        '>',
        '/',
        '"',
        "'",
        ' ',
        '!',
        '=',
        '&',
        '<A>',
        '</A>',
        '<!--',
        '-->',
        '<![CDATA[',
        ']]>',
        '<?',
        '?>',
      ],
      ...['\u0000', 'é', '\u00a0'],
    ];
    const where = fc.double({ min: 0, max: 0.999, noNaN: true });
    const small = [invoiceXml(1), ...demo, ...fixtures.flatMap(({ vouchers }) => vouchers)].filter(
      (xml) => xml.length < 20_000,
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...small),
        where,
        fc.constantFrom(...pieces),
        fc.nat(3),
        (xml, share, piece, lost) => {
          const at = Math.floor(share * xml.length);
          assertSame(xml.slice(0, at) + piece + xml.slice(at + lost));
        },
      ),
      { numRuns: 600 },
    );
    const xml = invoiceXml(3);
    for (const { 0: tag, index } of xml.matchAll(/<[^>]*>/g))
      assertSame(xml.slice(0, index) + xml.slice(index + tag.length));
  });

  it('of the demo takes the fast path, which reads it as the full parse does', () => {
    assert.equal(demo.length, 150);
    for (const xml of [invoiceXml(1), ...demo]) {
      assert.ok(!isUnusual(xml));
      read(xml);
    }
  });

  it('is described by its head correctly or not at all, and is then read whole', () => {
    fc.assert(
      fc.property(
        wildVoucher,
        fc.constantFrom<Encoding>('utf-8', 'utf-16le', 'windows-1252'),
        fc.shuffledSubarray(['date', 'guid', 'voucherType'] as const, { minLength: 1 }),
        (xml, encoding, asked) => {
          const bytes = encode(xml, encoding);
          const voucher = parseWholeVoucher(decodeBytes(bytes, encoding));
          const reader = new VoucherReader({ bytes, encoding });
          for (const key of asked) {
            const text = reader[key];
            if (text !== undefined) assert.equal(text, voucher[key], key);
          }
          assert.deepEqual(reader.read(), voucher);
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('the head of a voucher', () => {
  const expected = {
    date: '20240401',
    voucherType: 'Rechnung – विक्री',
    guid: `${companyId}-00000001`,
  };

  const head = (xml: string, encoding: Encoding): Record<'date' | 'voucherType' | 'guid', string | undefined> => {
    const { date, voucherType, guid } = new VoucherReader({ bytes: encode(xml, encoding), encoding });
    return { date, voucherType, guid };
  };

  it('finds what stands at the top level, in UTF-8 and UTF-16', () => {
    const xml = invoiceXml(1, '20240401', expected.voucherType);
    for (const encoding of ['utf-8', 'utf-16le'] as const) assert.deepEqual(head(xml, encoding), expected);
  });
});
