import { formOf, isWide, writable, type AnswerEncoding } from '../encoding.js';
import { plain, type Rewriting } from '../../behaviours/rewriting.js';

/** XML that never changes, encoded once; most of Tally's answers consists of it. ASCII only. */
export interface Fixed {
  text: string;
  /** The text with one byte for a character (`narrow`), and with two (`wide`). */
  narrow: Buffer;
  wide: Buffer;
}

export const fixed = (text: string): Fixed => ({
  text,
  narrow: Buffer.from(text, 'latin1'),
  wide: Buffer.from(text, 'utf16le'),
});

/** The destination of XML: buffers, a sum of bytes, or a tree of elements. */
export interface Sink {
  fixed(part: Fixed): void;
  /** Takes XML, not plain text: values in it must already be escaped. */
  text(xml: string): void;
}

/** Counts the bytes that BufferSink would write, without writing them: Tally sends the length before the answer. */
export class CountingSink implements Sink {
  bytes: number;

  constructor(
    private readonly encoding: AnswerEncoding,
    private readonly rewriting: Rewriting = plain,
  ) {
    this.bytes = formOf(encoding).bom.length;
  }

  fixed(part: Fixed): void {
    this.bytes += isWide(this.encoding) ? part.wide.length : part.narrow.length;
  }

  text(xml: string): void {
    const { node } = formOf(this.encoding);
    const text = this.rewriting.rewrite(xml);
    if (node === 'utf16le') this.bytes += text.length * 2;
    else if (node === 'latin1') this.bytes += text.length;
    else this.bytes += Buffer.byteLength(writable(text, this.encoding), 'utf8');
  }
}

const chunkBytes = 256 * 1024;

/** Encodes XML into chunks; `take` returns the complete ones. */
export class BufferSink implements Sink {
  private current = Buffer.allocUnsafe(chunkBytes);
  private used = 0;
  private full: Buffer[] = [];
  private fullBytes = 0;

  constructor(
    private readonly encoding: AnswerEncoding,
    private readonly rewriting: Rewriting = plain,
  ) {
    this.bytes(formOf(encoding).bom);
  }

  fixed(part: Fixed): void {
    this.bytes(isWide(this.encoding) ? part.wide : part.narrow);
  }

  text(xml: string): void {
    const text = writable(this.rewriting.rewrite(xml), this.encoding);
    this.makeRoom(text.length * 3); // UTF-8 needs at most three bytes for a UTF-16 unit
    this.used += this.current.write(text, this.used, formOf(this.encoding).node);
  }

  /** The number of bytes so far, including those that were taken. */
  get length(): number {
    return this.fullBytes + this.used;
  }

  /** Returns the chunks that were filled since the last call. */
  take(): Buffer[] {
    const chunks = this.full;
    this.full = [];
    return chunks;
  }

  takeRest(): Buffer[] {
    this.fill(0);
    return this.take();
  }

  private bytes(bytes: Buffer): void {
    this.makeRoom(bytes.length);
    this.current.set(bytes, this.used);
    this.used += bytes.length;
  }

  private makeRoom(bytes: number): void {
    if (this.used + bytes > this.current.length) this.fill(Math.max(chunkBytes, bytes));
  }

  /** Adds the current chunk to the full ones, and begins another of `nextBytes`. */
  private fill(nextBytes: number): void {
    this.full.push(this.current.subarray(0, this.used));
    this.fullBytes += this.used;
    this.current = Buffer.allocUnsafe(nextBytes);
    this.used = 0;
  }
}

const special = /[&<>"'\r\n\u0004]/; // oxlint-disable-line no-control-regex -- U+0004 is Tally's mark of reserved words
const specials = new RegExp(special, 'g');
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#13;',
  '\n': '&#10;',
  '\u0004': '&#4;', // Tally's mark of reserved words; Tally writes other control characters raw
};

/** A value as Tally escapes it, in text and in attributes. */
export const escaped = (value: string): string =>
  special.test(value) ? value.replace(specials, (c) => entities[c]!) : value;

const indents = Array.from({ length: 12 }, (_, depth) => ' '.repeat(depth));

/** One element on its own line, indented by its depth. */
export const element = (depth: number, tag: string, value: string): string =>
  `${indents[depth]!}<${tag}>${escaped(value)}</${tag}>\r\n`;

const each = (names: string, line: (name: string) => string): string => names.trim().split(/\s+/).map(line).join('');

/** An element with this value for each of the names. */
export const elements = (depth: number, names: string, value: string): string =>
  each(names, (name) => element(depth, name, value));

/** Lines of `<X.LIST>      </X.LIST>`: Tally's empty lists contain blanks. */
export const emptyLists = (depth: number, names: string): string =>
  each(names, (name) => `${indents[depth]!}<${name}.LIST>${indents[depth + 1]!}</${name}.LIST>\r\n`);

export const notApplicable = '\u0004 Not Applicable';
export const yesNo = (yes: boolean): string => (yes ? 'Yes' : 'No');
/** `20240401`; '' without a date. */
export const compactDate = (date: string | undefined): string => date?.replaceAll('-', '') ?? '';
