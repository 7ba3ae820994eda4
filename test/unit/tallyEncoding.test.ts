import assert from 'node:assert/strict';
import {
  charsetOf,
  decodeAnswer,
  decodeBytes,
  detectEncoding,
  ElementEncodings,
  normalPieces,
} from '../../src/core/tally/xml/encoding.js';
import { readVouchers, type ReadVoucher } from '../../src/core/tally/requests/readVouchers.js';
import { byteSource, type ByteSourceOptions } from '../support/byteSource.js';
import { company, companyId, invoiceXml, reportXml } from './tallySupport.js';

const detect = (bytes: number[] | Buffer, charset?: string): string => {
  const { encoding, bomLength, swapped } = detectEncoding(Buffer.from(bytes), charset);
  return `${encoding} ${bomLength}${swapped ? ' swapped' : ''}`;
};

describe('the encoding of an answer', () => {
  it('is told by a byte order mark before anything else', () => {
    assert.equal(detect([0xff, 0xfe, 0x3c, 0], 'utf-8'), 'utf-16le 2');
    assert.equal(detect([0xfe, 0xff, 0, 0x3c], 'utf-8'), 'utf-16le 2 swapped');
    assert.equal(detect([0xef, 0xbb, 0xbf, 0x3c], 'utf-16'), 'utf-8 3');
  });

  it('is told by the NULs of the first characters where there is no mark, as Tally sends it', () => {
    assert.equal(detect(Buffer.from('<EN', 'utf16le')), 'utf-16le 0');
    assert.equal(detect([0, 0x3c, 0, 0x45]), 'utf-16le 0 swapped');
  });

  it('is not UTF-16 when single bytes come under a header that says so, nor for one stray NUL', () => {
    assert.equal(detect(Buffer.from('<ENVELOPE>'), 'utf-16'), 'utf-8 0');
    assert.equal(detect(Buffer.from('\0<ENVELOPE>'), 'utf-8'), 'utf-8 0');
    assert.equal(detect(Buffer.from('\n\0<ENVELOPE>'), 'utf-8'), 'utf-8 0');
  });

  it('is what the header says, else UTF-8', () => {
    assert.equal(detect(Buffer.from('<EN'), 'windows-1252'), 'windows-1252 0');
    assert.equal(detect(Buffer.from('<EN')), 'utf-8 0');
    assert.equal(charsetOf('text/xml; charset="UTF-16"'), 'utf-16');
    assert.equal(charsetOf('text/xml'), undefined);
  });
});

describe('the text of bytes', () => {
  it('is read as windows-1252 where it is no UTF-8', () => {
    assert.equal(decodeAnswer(Buffer.from([0x32, 0xd7, 0x33, 0x80, 0x93]), 'utf-8'), '2×3€“');
    assert.equal(decodeAnswer(Buffer.from('2×3 ₹', 'utf8'), 'utf-8'), '2×3 ₹');
  });

  it('comes back from UTF-16BE however it is cut', () => {
    const text = 'नमस्ते <A>';
    const bytes = Buffer.from(text, 'utf16le').swap16();
    const detected = { encoding: 'utf-16le', bomLength: 0, swapped: true } as const;
    const carry = {};
    const pieces = [1, 2, 5].flatMap((cut, i, cuts) => [
      ...normalPieces(bytes.subarray(cuts[i - 1] ?? 0, cut), detected, carry),
    ]);
    pieces.push(...normalPieces(bytes.subarray(5), detected, carry));
    assert.equal(Buffer.concat(pieces).toString('utf16le'), text);
  });
});

const wide = (text: string): Buffer => Buffer.from(text, 'utf8');
const single = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('the encoding of each element of an answer in single bytes', () => {
  const read = (answer: 'utf-8' | 'windows-1252', elements: Buffer[]): string[] => {
    const encodings = new ElementEncodings(answer);
    return elements.map((bytes) => {
      const { encoding, damage } = encodings.of(bytes);
      return damage === undefined ? decodeBytes(bytes, encoding) : 'damaged';
    });
  };

  it('is UTF-8 where the bytes are, even under a header that says windows-1252', () => {
    for (const answer of ['utf-8', 'windows-1252'] as const)
      assert.deepEqual(read(answer, [wide('é'), wide('₹ वस्तु'), wide('plain')]), ['é', '₹ वस्तु', 'plain']);
  });

  it('is windows-1252 where the bytes are no UTF-8, whatever the header says', () => {
    for (const answer of ['utf-8', 'windows-1252'] as const)
      assert.deepEqual(read(answer, [single('2×3'), single('Señor'), wide('plain')]), ['2×3', 'Señor', 'plain']);
  });

  it('is not mistaken for UTF-8 where two single bytes look like it', () => {
    assert.deepEqual(read('windows-1252', [single('NESTLÉ®')]), ['NESTLÉ®']);
    assert.deepEqual(read('utf-8', [single('2×3'), single('NESTLÉ®')]), ['2×3', 'NESTLÉ®']);
    assert.deepEqual(read('utf-8', [wide('Rāma')]), ['Rāma']);
  });

  it('is damage, not windows-1252, where the answer has shown to be UTF-8', () => {
    assert.deepEqual(read('utf-8', [wide('₹'), single('Señor'), wide('ñ')]), ['₹', 'damaged', 'ñ']);
    const cut = Buffer.concat([wide('₹ and '), wide('₹').subarray(0, 2)]);
    assert.deepEqual(read('utf-8', [cut]), ['damaged']);
  });

  it('garbles no UTF-8 because an element before it was damaged', () => {
    assert.deepEqual(read('utf-8', [Buffer.from([0x41, 0xb1]), wide('₹ ñ')]), ['A±', '₹ ñ']);
  });
});

async function readBytes(bytes: Buffer, options: ByteSourceOptions = {}): Promise<ReadVoucher[]> {
  const { batches } = readVouchers(byteSource(bytes, options), {
    report: 'Day Book',
    company,
    range: { from: '2024-04-01', to: '2024-04-30' },
    keep: () => true,
  });
  const vouchers: ReadVoucher[] = [];
  for await (const batch of batches) vouchers.push(...batch);
  return vouchers;
}

const names = ['₹5', 'Señor Peña', 'राम किराना स्टोर', '𝟜 😀'];
const nameOf = ({ voucher, problem }: ReadVoucher): string => problem ?? voucher.partyName;
const named = (n: number, name: string): string =>
  invoiceXml(n).replace('<PARTYNAME>A &amp; B Traders</PARTYNAME>', `<PARTYNAME>${name}</PARTYNAME>`);

describe('an answer in any encoding', () => {
  const text = reportXml(names.map((name, i) => named(i + 1, name)));
  const utf16 = Buffer.from(text, 'utf16le');
  const utf16Big = Buffer.from(utf16).swap16();
  const utf8 = wide(text);
  const bom = (...bytes: number[]): Buffer => Buffer.from(bytes);

  for (const [what, bytes, charset] of [
    ['UTF-16 without a mark, as Tally answers what it is asked in UTF-16', utf16, 'utf-16'],
    ['UTF-16 with a mark', Buffer.concat([bom(0xff, 0xfe), utf16]), 'utf-16'],
    ['big-endian UTF-16 with a mark', Buffer.concat([bom(0xfe, 0xff), utf16Big]), 'utf-16'],
    ['big-endian UTF-16 without a mark', utf16Big, 'utf-16be'],
    ['UTF-8', utf8, 'utf-8'],
    ['UTF-8 with a mark', Buffer.concat([bom(0xef, 0xbb, 0xbf), utf8]), 'utf-8'],
    ['UTF-8 that calls itself UTF-16', utf8, 'utf-16'],
    ['UTF-8 that calls itself windows-1252', utf8, 'windows-1252'],
    ['UTF-8 without a header', utf8, undefined],
    ['UTF-16 that calls itself UTF-8', utf16, 'utf-8'],
    ['UTF-16 that calls itself windows-1252', utf16, 'windows-1252'],
    ['UTF-16 without a header', utf16, undefined],
    ['UTF-16 under a charset that nobody knows', utf16, 'x-unknown'],
  ] as const)
    it(`keeps ₹, ñ, Hindi and emoji to the byte: ${what}`, async () => {
      const nextSize = (): number => 777; // pieces of 777 bytes end inside characters
      assert.deepEqual((await readBytes(bytes, { charset, nextSize })).map(nameOf), names);
    });

  for (const charset of ['windows-1252', 'iso-8859-1', 'utf-8', 'utf-16', undefined])
    it(`keeps western letters of single bytes, its header saying ${charset ?? 'nothing'}`, async () => {
      const western = ['×', 'ñ'].map((sign, i) => named(i + 1, `a ${sign}`).replace('वस्तु', 'x'));
      const bytes = single(reportXml(western));
      assert.deepEqual((await readBytes(bytes, { charset })).map(nameOf), ['a ×', 'a ñ']);
    });

  it('is read in plain ASCII, whatever its header says', async () => {
    const ascii = reportXml([named(1, 'Plain').replace('वस्तु', 'x')]);
    for (const charset of ['us-ascii', 'utf-16', undefined])
      assert.deepEqual((await readBytes(single(ascii), { charset })).map(nameOf), ['Plain']);
  });

  it('rejects a voucher whose bytes were damaged, and no other', async () => {
    const damaged = Buffer.from(utf8);
    damaged[damaged.indexOf(wide('राम'))] = 0x41;
    const read = await readBytes(damaged);
    assert.deepEqual(
      read.map(({ problem }) => problem !== undefined),
      [false, false, true, false],
    );
    assert.match(read[2]!.problem!, /not UTF-8/);
    assert.equal(read[2]!.voucher.guid, `${companyId}-00000003`);
  });

  it('gives the same vouchers wherever its chunks end', async () => {
    const small =
      `<ENVELOPE><!-- <VOUCHER A="1"> --><VOUCHER VCHTYPE='a > b'><DATE>20240401</DATE><GUID>${companyId}-1</GUID>` +
      `<PARTYNAME>${names.join(' ')}</PARTYNAME><A><![CDATA[</VOUCHER>]]></A><!-- <VOUCHER > --></VOUCHER></ENVELOPE>`;
    for (const encoding of ['utf8', 'utf16le'] as const) {
      const bytes = Buffer.from(small, encoding);
      const whole = await readBytes(bytes);
      assert.deepEqual(whole.map(nameOf), [names.join(' ')]);
      for (let cut = 1; cut < bytes.length; cut++) {
        const sizes = [cut, bytes.length];
        assert.deepEqual(await readBytes(bytes, { nextSize: () => sizes.shift()! }), whole, `cut at ${cut}`);
      }
      assert.deepEqual(await readBytes(bytes, { nextSize: () => 1 }), whole);
    }
  });
});
