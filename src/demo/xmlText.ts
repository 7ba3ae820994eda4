import { lossy, nodeEncoding, type AnswerEncoding } from './encoding.js';

/** XML that never changes, encoded once: most of an answer of Tally is this. ASCII only. */
export interface Fixed {
  length: number;
  bytes: Record<AnswerEncoding, Buffer>;
}

export function fixed(text: string): Fixed {
  const bytes = Buffer.from(text, 'latin1');
  return { length: text.length, bytes: { ascii: bytes, 'utf-8': bytes, 'utf-16': Buffer.from(text, 'utf16le') } };
}

/** Where XML goes: to buffers, or only to a sum of bytes. */
export interface Sink {
  fixed(part: Fixed): void;
  /** XML, not plain text: values in it are escaped already. */
  text(xml: string): void;
}

/** Counts what BufferSink would write, without writing it: Tally tells the length of an answer before the answer. */
export class CountingSink implements Sink {
  bytes = 0;

  constructor(private readonly encoding: AnswerEncoding) {}

  fixed(part: Fixed): void {
    this.bytes += this.encoding === 'utf-16' ? part.length * 2 : part.length;
  }

  text(xml: string): void {
    if (this.encoding === 'utf-16') this.bytes += xml.length * 2;
    else if (this.encoding === 'ascii') this.bytes += xml.length;
    else this.bytes += Buffer.byteLength(lossy(xml, this.encoding), 'utf8');
  }
}

const chunkBytes = 256 * 1024;

/** Encodes into chunks; `take` hands out what is complete. */
export class BufferSink implements Sink {
  private current = Buffer.allocUnsafe(chunkBytes);
  private used = 0;
  private full: Buffer[] = [];

  constructor(private readonly encoding: AnswerEncoding) {}

  fixed(part: Fixed): void {
    const bytes = part.bytes[this.encoding];
    this.makeRoom(bytes.length);
    this.current.set(bytes, this.used);
    this.used += bytes.length;
  }

  text(xml: string): void {
    const text = lossy(xml, this.encoding);
    this.makeRoom(text.length * (this.encoding === 'ascii' ? 1 : 2)); // of UTF-8 only Latin-1 is left: two bytes at most
    this.used += this.current.write(text, this.used, nodeEncoding[this.encoding]);
  }

  /** The full chunks since the last call. */
  take(): Buffer[] {
    const chunks = this.full;
    this.full = [];
    return chunks;
  }

  /** What is left at the end. */
  takeRest(): Buffer[] {
    this.full.push(this.current.subarray(0, this.used));
    this.current = Buffer.allocUnsafe(chunkBytes);
    this.used = 0;
    return this.take();
  }

  private makeRoom(bytes: number): void {
    if (this.used + bytes <= this.current.length) return;
    this.full.push(this.current.subarray(0, this.used));
    this.current = Buffer.allocUnsafe(Math.max(chunkBytes, bytes));
    this.used = 0;
  }
}

const special = /[&<>"'\r\n\u0004]/; // eslint-disable-line no-control-regex -- U+0004 is Tally's mark of reserved words
const specials = new RegExp(special, 'g');
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#13;',
  '\n': '&#10;',
  '\u0004': '&#4;', // its mark of reserved words; other control characters it writes raw
};

/** A value as Tally escapes it, in text and attributes alike. */
export const escaped = (value: string): string =>
  special.test(value) ? value.replace(specials, (c) => entities[c]!) : value;

const indents = Array.from({ length: 12 }, (_, depth) => ' '.repeat(depth));

/** One element on a line of its own, indented by its depth. */
export const element = (depth: number, tag: string, value: string): string =>
  `${indents[depth]!}<${tag}>${escaped(value)}</${tag}>\r\n`;

const words = (names: string): string[] => names.trim().split(/\s+/);

/** Lines of `<X></X>`. */
export const empties = (depth: number, names: string): string =>
  words(names)
    .map((name) => element(depth, name, ''))
    .join('');

/** Lines of `<X>No</X>`. */
export const noes = (depth: number, names: string): string =>
  words(names)
    .map((name) => element(depth, name, 'No'))
    .join('');

/** Lines of `<X.LIST>      </X.LIST>`: Tally's empty lists hold blanks. */
export const emptyLists = (depth: number, names: string): string =>
  words(names)
    .map((name) => `${' '.repeat(depth)}<${name}.LIST>${' '.repeat(depth + 1)}</${name}.LIST>\r\n`)
    .join('');

/** Lines of `<X>&#4; Not Applicable</X>`. */
export const notApplicable = (depth: number, names: string): string =>
  words(names)
    .map((name) => element(depth, name, '\u0004 Not Applicable'))
    .join('');
