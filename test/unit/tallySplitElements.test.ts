import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeBytes, type Encoding } from '../../src/core/tally/xml/encoding.js';
import { ElementSplitter } from '../../src/core/tally/xml/splitElements.js';
import { collectionXml, encode, invoiceXml, reportXml } from './tallySupport.js';

interface Split {
  elements: string[];
  head: string;
  tail: string;
  cut: boolean;
}

function split(text: string, encoding: Encoding, nextSize: () => number, name: string | string[] = 'VOUCHER'): Split {
  const splitter = new ElementSplitter(name, encoding);
  const bytes = encode(text, encoding);
  const elements: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = nextSize();
    splitter.push(bytes.subarray(at, at + size));
    at += size;
    for (let element = splitter.next(); element; element = splitter.next())
      elements.push(decodeBytes(element, encoding));
  }
  const { cut } = splitter.finish();
  return {
    elements,
    head: decodeBytes(splitter.outside.head, encoding),
    tail: decodeBytes(splitter.outside.tail, encoding),
    cut,
  };
}

const whole = (): number => 65_536;
const encodings: Encoding[] = ['utf-8', 'utf-16le', 'windows-1252'];

describe('an answer cut into vouchers', () => {
  const vouchers = [invoiceXml(1), invoiceXml(2, '20240402', 'Receipt'), invoiceXml(3)];
  const report = reportXml(vouchers);

  it('gives every voucher whole and in order, whatever the encoding and wherever the chunks end', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Encoding>('utf-8', 'utf-16le'),
        fc.infiniteStream(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 3000 }))),
        (encoding, sizes) => {
          const result = split(report, encoding, () => Number(sizes.next().value));
          assert.deepEqual(result.elements, vouchers);
          assert.equal(result.cut, false);
          assert.ok(result.head.startsWith('<ENVELOPE>') && result.head.endsWith('TallyUDF">\r\n    '));
          assert.equal(result.tail, report.slice(report.lastIndexOf('</VOUCHER>') + 10));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives the elements of several names in their order, as a cut for each name gives them', () => {
    const names = ['VOUCHERTYPE', 'LEDGER', 'GROUP'];
    const element = fc
      .tuple(fc.constantFrom(...names), fc.nat({ max: 3000 }))
      .map(([name, size]) => `<${name} NAME="${size}"><PARENT>${'p'.repeat(size)}</PARENT></${name}>`);
    const other = fc.constantFrom(
      '<LEDGERNAME>x</LEDGERNAME>',
      '<!-- <GROUP A="1"> -->',
      '<LEDGER>12</LEDGER>',
      'text',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(element, other), { maxLength: 40 }),
        fc.constantFrom(...encodings),
        fc.integer({ min: 1, max: 5000 }),
        (parts, encoding, size) => {
          const text = `<ENVELOPE>${parts.join('\r\n')}</ENVELOPE>`;
          const { elements, tail } = split(text, encoding, () => size, names);
          assert.deepEqual(
            elements,
            parts.filter((part) => part.includes(' NAME=')),
          );
          for (const name of names)
            assert.deepEqual(
              split(text, encoding, () => size, name).elements,
              elements.filter((found) => found.startsWith(`<${name} `)),
            );
          if (elements.length > 0) assert.ok(tail.endsWith('</ENVELOPE>'));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('does not treat VOUCHERTYPE and VOUCHERTYPENAME as vouchers', () => {
    const text = `<ENVELOPE><VOUCHERTYPE NAME="x"><VOUCHERTYPENAME>y</VOUCHERTYPENAME></VOUCHERTYPE>${vouchers[0]!}</ENVELOPE>`;
    for (const encoding of ['utf-8', 'utf-16le'] as const)
      assert.deepEqual(split(text, encoding, whole).elements, [vouchers[0]]);
  });

  it('does not count the counters of CMPINFO', () => {
    assert.deepEqual(split(collectionXml('<VOUCHER><GUID>g</GUID></VOUCHER>'), 'utf-8', whole).elements, [
      '<VOUCHER><GUID>g</GUID></VOUCHER>',
    ]);
    for (const counter of [
      '<VOUCHER>17</VOUCHER>',
      '<VOUCHER TYPE="Number"> 0 </VOUCHER>',
      '<VOUCHER/>',
      '<VOUCHER></VOUCHER>',
    ])
      assert.deepEqual(split(`<A>${counter}</A>`, 'utf-8', () => 3).elements, [], counter);
  });

  it('keeps a row that consists of attributes alone', () => {
    const rows = ['<GROUP NAME="A" RESERVEDNAME=""/>', '<GROUP NAME="B"> </GROUP>'];
    assert.deepEqual(split(collectionXml(rows.join('\r\n')), 'utf-16le', () => 7, 'GROUP').elements, rows);
  });

  it('is not misled by > and /> inside an attribute', () => {
    const odd = `<VOUCHER VCHTYPE="a > b" ACTION='x/>y'><DATE>20240401</DATE></VOUCHER>`;
    assert.deepEqual(split(`<E>${odd}</E>`, 'utf-8', () => 4).elements, [odd]);
  });

  for (const [what, section] of [
    ['a comment', '<!-- x </VOUCHER> <VOUCHER A="2"> </VOUCHER> -->'],
    ['a CDATA section', '<![CDATA[ x </VOUCHER> ]] > <VOUCHER A="2"> <!-- ]]>'],
    ['the shortest comment', '<!----><!--</VOUCHER>-->'],
  ] as const) {
    const voucher = `<VOUCHER A="1"><B>!${section}c</B>${section}</VOUCHER>`;

    it(`is not misled by the tags in ${what}, within a voucher or outside, wherever the chunks end`, () => {
      const text = `<E>!${section}${voucher}<! >${section}${voucher}${section}</E>`;
      for (const encoding of encodings)
        for (const size of [1, 2, 3, 5, 7, 11, 65_536]) {
          const result = split(text, encoding, () => size);
          assert.deepEqual(result.elements, [voucher, voucher], `${encoding}, ${size}`);
          assert.deepEqual([result.tail, result.cut], [`${section}</E>`, false]);
          const short = split(text.replaceAll('VOUCHER', 'G'), encoding, () => size, 'G');
          assert.deepEqual(
            short.elements,
            [voucher, voucher].map((xml) => xml.replaceAll('VOUCHER', 'G')),
          );
        }
    });

    it(`is cut where ${what} does not end`, () => {
      const open = section.slice(0, -3);
      for (const text of [`<E>${voucher}${open}`, `<E><VOUCHER A="1">${open}</VOUCHER></E>`])
        assert.equal(split(text, 'utf-16le', () => 9).cut, true);
    });
  }

  it('finds needles in UTF-16 only where characters begin', () => {
    // 㰀=U+3C00 … : the bytes of `<VOUCHER ` shifted by one.
    const shifted = Buffer.concat([
      Buffer.from([0x20]),
      Buffer.from('<VOUCHER A="1"><B/></VOUCHER>', 'utf16le'),
      Buffer.from([0x20]),
    ]);
    const splitter = new ElementSplitter('VOUCHER', 'utf-16le');
    splitter.push(shifted);
    assert.equal(splitter.next(), undefined);
    assert.equal(splitter.finish().cut, false);
  });

  it('tells of a voucher that is cut, wherever', () => {
    const start = report.indexOf('<VOUCHER REM') + 9;
    const end = report.indexOf('</VOUCHER>') + 9;
    fc.assert(
      fc.property(fc.integer({ min: start, max: end }), (at) => {
        const result = split(report.slice(0, at), 'utf-16le', whole);
        assert.deepEqual([result.elements.length, result.cut], [0, true]);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps what surrounds the vouchers within bounds', () => {
    const masters = '<LEDGER NAME="x"><A/></LEDGER>'.repeat(20_000);
    const result = split(`<ENVELOPE>${masters}${vouchers[0]!}${masters}</ENVELOPE>`, 'utf-16le', whole);
    assert.equal(result.elements.length, 1);
    assert.ok(result.head.startsWith('<ENVELOPE><LEDGER') && result.head.length <= 65_536);
    assert.ok(result.tail.endsWith('</ENVELOPE>') && result.tail.length <= 65_536);
  });

  it('keeps all of a small answer without vouchers', () => {
    const text = '<ENVELOPE></ENVELOPE>';
    const result = split(text, 'utf-16le', () => 3);
    assert.equal(result.head + result.tail, text);
  });

  it('refuses a voucher beyond the limit', () => {
    const splitter = new ElementSplitter('VOUCHER', 'utf-8', 1000);
    splitter.push(Buffer.from(`<VOUCHER A="1">${'x'.repeat(2000)}`));
    assert.throws(() => splitter.next(), { code: 'answer-unreadable' });
  });

  for (const [what, start] of [
    ['closed', '<VOUCHER A="1"><B>'],
    ['closed before a comment ends', '<VOUCHER A="1"><B><!-- '],
    ['closed, as a quote of its tag is not', '<VOUCHER A="1>'],
  ] as const)
    it(`refuses a voucher that is never ${what}, within bounds of time and memory`, () => {
      const splitter = new ElementSplitter('VOUCHER', 'utf-16le', 8 * 1024 * 1024);
      const filling = Buffer.from('x! <C/> '.repeat(4096), 'utf16le');
      splitter.push(Buffer.from(start, 'utf16le'));
      const before = process.cpuUsage();
      let pieces = 0;
      assert.throws(
        () => {
          for (; pieces < 1000; pieces++) {
            assert.equal(splitter.next(), undefined);
            splitter.push(filling);
          }
        },
        { code: 'answer-unreadable' },
      );
      assert.equal(pieces, 128);
      assert.ok(process.cpuUsage(before).user < 2_000_000); // processor time, because the machine may be busy
    });

  it('passes over a million empty vouchers, which are counters', () => {
    const result = split(`<E>${'<VOUCHER/>'.repeat(1_000_000)}</E>`, 'utf-8', whole);
    assert.equal(result.elements.length, 0);
    assert.ok(result.head.length + result.tail.length <= 2 * 65_536);
  });

  it('reads a giant voucher that comes in small chunks', () => {
    const giant = `<VOUCHER A="1">${'<B>x</B>'.repeat(500_000)}</VOUCHER>`;
    assert.deepEqual(split(`<E>${giant}</E>`, 'utf-8', () => 1000).elements, [giant]);
  });
});
