import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Voucher } from '../../src/core/invoice/voucher.js';
import { decodeBytes, type Encoding } from '../../src/core/tally/xml/encoding.js';
import { parseWholeVoucher } from '../../src/core/tally/requests/voucherReader.js';
import { createBook } from '../../src/demo/book/book.js';
import { writeVoucher } from '../../src/demo/answers/xml/voucherXml.js';
import { BufferSink } from '../../src/demo/answers/xml/xmlText.js';
import { fixtures } from '../fixtures/fixtures.js';
import { encode, invoiceXml, isUnusual, readVoucher } from './tallySupport.js';

const encodings: Encoding[] = ['utf-16le', 'utf-8'];

function demoVouchers(count: number): string[] {
  const sink = new BufferSink('utf-8');
  let written = 0;
  for (const voucher of createBook({ invoices: count }).vouchers()) if (written++ < count) writeVoucher(sink, voucher);
  const xml = Buffer.concat(sink.takeRest()).toString('utf8');
  return xml.match(/<VOUCHER .*?<\/VOUCHER>/gs) ?? [];
}

const result = (read: () => Voucher): Voucher | string => {
  try {
    return read();
  } catch (error) {
    return `refused: ${(error as Error).message}`;
  }
};

/** Both ways give the same voucher, or refuse it with the same words. */
function assertSame(xml: string): void {
  for (const encoding of encodings) {
    const bytes = encode(xml, encoding);
    const fast = result(() => readVoucher(bytes, encoding));
    assert.deepEqual(
      fast,
      result(() => parseWholeVoucher(decodeBytes(bytes, encoding))),
      xml,
    );
  }
}

describe('the fast path', () => {
  const demo = demoVouchers(150);
  const vouchers = [invoiceXml(1), ...demo, ...fixtures.flatMap((fixture) => fixture.vouchers)];

  it('reads the vouchers of the demo and of the fixtures as the full parse does', () => {
    for (const xml of vouchers) assertSame(xml);
  });

  it('is taken by every voucher of the demo', () => {
    assert.equal(demo.length, 150);
    for (const xml of demo) assert.ok(!isUnusual(xml));
  });

  it('never accepts what the full parse refuses, nor reads it otherwise, when a voucher is damaged', () => {
    const pieces = [
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
      '\u0000',
      'é',
      '\u00a0',
    ];
    const small = vouchers.filter((xml) => xml.length < 20_000);
    fc.assert(
      fc.property(
        fc.constantFrom(...small),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.constantFrom(...pieces),
        fc.nat(3),
        (xml, where, piece, lost) => {
          const at = Math.floor(where * xml.length);
          assertSame(xml.slice(0, at) + piece + xml.slice(at + lost));
        },
      ),
      { numRuns: 600 },
    );
  });

  it('reads it the same wherever a tag is lost', () => {
    const xml = invoiceXml(3);
    for (const { 0: tag, index } of xml.matchAll(/<[^>]*>/g))
      assertSame(xml.slice(0, index) + xml.slice(index + tag.length));
  });
});
