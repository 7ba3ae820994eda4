import { isAscii, isUtf8 } from 'node:buffer';
import { t } from '@vscode/l10n';

/** The encodings of an answer's bytes. UTF-16BE is converted to UTF-16LE on arrival. */
export type Encoding = 'utf-8' | 'utf-16le' | 'windows-1252';

interface DetectedEncoding {
  encoding: Encoding;
  /** The number of bytes of the byte order mark, which are skipped. */
  bomLength: number;
  /** The answer is UTF-16BE: every pair of bytes must be swapped first. */
  swapped: boolean;
}

/** How many of the first bytes detection needs. */
export const detectionBytes = 4;

/**
 * Detects the encoding of an answer: first by its byte order mark, then by the NULs of its first bytes (Tally sends UTF-16LE
 * without a mark). Otherwise the encoding is `utf-8`, or `windows-1252` if the Content-Type says so. Between these two the
 * bytes of each element decide later, see ElementEncodings. A charset that contradicts the bytes is wrong (docs/tally.md §3).
 */
export function detectEncoding(first: Buffer, charset?: string): DetectedEncoding {
  const [a = 1, b = 1, c, d] = first;
  if (a === 0xff && b === 0xfe) return { encoding: 'utf-16le', bomLength: 2, swapped: false };
  if (a === 0xfe && b === 0xff) return { encoding: 'utf-16le', bomLength: 2, swapped: true };
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', bomLength: 3, swapped: false };
  // An XML text starts with `<` or white space, followed by a letter or white space. In UTF-16 both have a NUL on the same
  // side. A single NUL is a stray character in a single-byte encoding.
  if (a !== 0 && b === 0 && (d ?? 0) === 0) return { encoding: 'utf-16le', bomLength: 0, swapped: false };
  if (a === 0 && b !== 0 && (c ?? 0) === 0) return { encoding: 'utf-16le', bomLength: 0, swapped: true };
  const single = /^(windows-1252|cp1252|iso-8859-1|latin1)$/i.test(charset ?? '');
  return { encoding: single ? 'windows-1252' : 'utf-8', bomLength: 0, swapped: false };
}

/** The charset of a Content-Type header, lower case. */
export const charsetOf = (contentType: string | undefined): string | undefined =>
  /charset\s*=\s*"?([^\s;"]+)/i.exec(contentType ?? '')?.[1]?.toLowerCase();

// 0x80 to 0x9F. Our own table, because some Node releases decode these bytes as ISO 8859-1.
const windows1252 =
  '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f' +
  '\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178';

/** The text of an element, or of a part of an element, in the encoding that ElementEncodings chose. */
export function decodeBytes(bytes: Buffer, encoding: Encoding): string {
  if (encoding === 'utf-16le') return bytes.toString('utf16le');
  if (isAscii(bytes)) return bytes.toString('latin1');
  if (encoding === 'utf-8') return bytes.toString('utf8');
  return bytes.toString('latin1').replace(/[\x80-\x9f]/g, (c) => windows1252[c.charCodeAt(0) - 0x80]!);
}

/** The text around the elements of an answer. Bytes that are not UTF-8 are read as windows-1252. */
export const decodeAnswer = (bytes: Buffer, encoding: Encoding): string =>
  decodeBytes(bytes, encoding === 'utf-8' && !isUtf8(bytes) ? 'windows-1252' : encoding);

// The UTF-8 characters that books use: Western letters and signs, ₹, Indian scripts, emoji. `É®` in windows-1252 is valid UTF-8
// too, but stands there for a letter that nobody uses.
const usualUtf8 = /[\xc2\xc3][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}/;

/**
 * Decides for each element whether its bytes are UTF-8 or windows-1252, so that garbled text never passes unnoticed.
 *
 * - Valid UTF-8 is UTF-8. Exception: the header or an earlier element says windows-1252, and neither this element nor an
 *   earlier one has usual UTF-8 letters.
 * - Other bytes are windows-1252. They are damaged UTF-8 if the header does not say windows-1252, and this element or an
 *   earlier one has usual UTF-8 letters.
 */
export class ElementEncodings {
  readonly #answer: Encoding;
  #utf8 = false;
  #single: boolean;

  constructor(answer: Encoding) {
    this.#answer = answer;
    this.#single = answer === 'windows-1252';
  }

  /** `damage` says why the element's text cannot be trusted. The element is then decoded as windows-1252. */
  of(bytes: Buffer): { encoding: Encoding; damage?: string } {
    if (this.#answer === 'utf-16le' || isAscii(bytes)) return { encoding: this.#answer };
    if (isUtf8(bytes)) {
      if (this.#utf8 || usualUtf8.test(bytes.toString('latin1'))) this.#utf8 = true;
      else if (this.#single) return { encoding: 'windows-1252' };
      return { encoding: 'utf-8' };
    }
    const damaged = this.#answer === 'utf-8' && (this.#utf8 || usualUtf8.test(bytes.toString('latin1')));
    if (damaged)
      return {
        encoding: 'windows-1252',
        damage: t('The text holds bytes that are not UTF-8, although the rest is UTF-8.'),
      };
    this.#single = true;
    return { encoding: 'windows-1252' };
  }
}

/**
 * A chunk in pieces of at most `maxBytes`, with bytes swapped if the answer is UTF-16BE. `carry` keeps half a pair until the
 * next chunk.
 */
export function* normalPieces(
  chunk: Buffer,
  detected: DetectedEncoding,
  carry: { byte?: number },
  maxBytes = 65_536,
): Generator<Buffer> {
  let bytes = chunk;
  if (detected.swapped) {
    bytes = carry.byte === undefined ? Buffer.from(chunk) : Buffer.concat([Buffer.of(carry.byte), chunk]);
    delete carry.byte;
    if (bytes.length % 2 === 1) {
      carry.byte = bytes[bytes.length - 1]!;
      bytes = bytes.subarray(0, -1);
    }
    bytes.swap16();
  }
  for (let at = 0; at < bytes.length; at += maxBytes) yield bytes.subarray(at, at + maxBytes);
}
