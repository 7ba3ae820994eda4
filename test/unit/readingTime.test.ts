// Reading must take time in proportion to size. If it grew with the square of the size, a large voucher would take too
// long.
import assert from 'node:assert/strict';
import { defaultLedgerPatterns } from '../../src/core/base/config.js';
import { ledgerClassesOf } from '../../src/core/invoice/classes/ledgerClassOf.js';
import { mapInvoice } from '../../src/core/invoice/mapInvoice.js';
import type { Encoding } from '../../src/core/tally/xml/encoding.js';
import { readRow } from '../../src/core/tally/xml/masterElements.js';
import { fieldsOf, filled } from '../../src/core/tally/xml/recordReader.js';
import { firstText } from '../../src/core/tally/xml/xmlText.js';
import { encode, readVoucher } from './tallySupport.js';

/** The least processor time of three tries, in milliseconds. A try of more than 1.5 seconds is the last. */
function processorTime(work: () => unknown): number {
  let least = Infinity;
  for (let i = 0; i < 3 && !(least > 1_500 && least < Infinity); i++) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

const [few, many] = [1_000, 8_000];

/**
 * Asserts linear time: with 8 times as many lines, one line costs less than 4 times as much. With time that grows as
 * the square it would cost 8 times as much.
 */
function assertLinear(workOf: (size: number) => () => unknown): void {
  const [small, large] = [workOf(few), workOf(many)];
  small(); // the first run also compiles the code
  const [ofFew, ofMany] = [processorTime(small), processorTime(large)];
  const perLine = [ofFew / few, ofMany / many] as const;
  // Below 20 ms the clock, garbage collection and memory decide, so such times pass.
  assert.ok(ofMany < 20 || perLine[1] < 4 * perLine[0], `${ofFew} ms for ${few}, ${ofMany} ms for ${many}`);
}

/** A line as long as Tally's, mostly empty lists, with Hindi in six of its values. */
const line = (n: number): string =>
  `<LEDGERENTRIES.LIST><LEDGERNAME>बिक्री खाता ${n}</LEDGERNAME><GSTHSNNAME>एचएसएन</GSTHSNNAME>` +
  '<BASICUSERDESCRIPTION.LIST>' +
  '<BASICUSERDESCRIPTION>पहली पंक्ति</BASICUSERDESCRIPTION>'.repeat(3) +
  `</BASICUSERDESCRIPTION.LIST><GSTOVRDNTAXABILITY>कर योग्य</GSTOVRDNTAXABILITY>${'<INTERESTCOLLECTION.LIST>   </INTERESTCOLLECTION.LIST>'.repeat(12)}` +
  '<ISPARTYLEDGER>Yes</ISPARTYLEDGER><AMOUNT>1.00</AMOUNT></LEDGERENTRIES.LIST>';
const voucherOf = (lines: number): string =>
  `<VOUCHER VCHTYPE="Sales"><DATE>20240401</DATE><GUID>g-1</GUID><PARTYLEDGERNAME>बिक्री</PARTYLEDGERNAME>${Array.from({ length: lines }, (_, n) => line(n)).join('')}</VOUCHER>`;

describe('the time for a voucher grows with its lines, not with their square', function () {
  this.timeout(120_000);
  for (const encoding of ['utf-8', 'utf-16le'] satisfies Encoding[]) {
    it(`when it is read in ${encoding}`, () => {
      assertLinear((lines) => {
        const bytes = encode(voucherOf(lines), encoding);
        return () => readVoucher(bytes, encoding);
      });
    });

    it(`when a row of a collection in ${encoding} has as many fields`, () => {
      assertLinear((fields) => {
        const bytes = encode(`<LEDGER>${'<ALIAS>खाता</ALIAS>'.repeat(fields)}<NAME>खाता</NAME></LEDGER>`, encoding);
        return () => {
          assert.equal(readRow({ bytes, encoding }, fieldsOf(filled('NAME', 'ALIAS'))).value('NAME'), 'खाता');
        };
      });
    });
  }

  for (const [what, count, odd] of [
    ['each line has a comment and CDATA', 1, '<!-- --><AMOUNT><![CDATA[1]]>&amp;<?x?>'],
    ['it has to be parsed in full', 1 / 4, '<X A = "1"/><AMOUNT>'],
  ] as const)
    it(`when ${what}`, () => {
      assertLinear((lines) => {
        const bytes = encode(voucherOf(lines * count).replaceAll('<AMOUNT>', odd), 'utf-8');
        return () => readVoucher(bytes, 'utf-8');
      });
    });

  it('when it becomes an invoice, though each of its lines is marked as the party', () => {
    const ledgerClassOf = ledgerClassesOf({ voucherTypes: [], ledgers: [], groups: [] }, defaultLedgerPatterns);
    assertLinear((lines) => {
      const voucher = readVoucher(encode(voucherOf(lines), 'utf-8'), 'utf-8');
      return () => mapInvoice(voucher, '', { invoiceTypeOf: () => 'sales', ledgerClassOf });
    });
  });

  it('when its text is searched, though no tag in it ends', () => {
    assertLinear((tags) => {
      const raw = '<GUID x'.repeat(4 * tags);
      return () => firstText(raw, 'GUID');
    });
  });
});
