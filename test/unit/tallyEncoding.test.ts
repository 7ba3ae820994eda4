import assert from 'node:assert/strict';
import { charsetOf, decodeBytes, detectEncoding, normalPieces } from '../../src/core/tally/encoding.js';

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

  it('is not UTF-16 when single bytes come under a header that says so', () => {
    assert.equal(detect(Buffer.from('<ENVELOPE>'), 'utf-16'), 'utf-8 0');
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
    assert.equal(decodeBytes(Buffer.from([0x32, 0xd7, 0x33, 0x80, 0x93]), 'utf-8'), '2×3€“');
    assert.equal(decodeBytes(Buffer.from('2×3 ₹', 'utf8'), 'utf-8'), '2×3 ₹');
  });

  it('is read as windows-1252 where the header says so, even if it could be UTF-8', () => {
    assert.equal(decodeBytes(Buffer.from('é', 'utf8'), 'windows-1252'), 'Ã©');
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
