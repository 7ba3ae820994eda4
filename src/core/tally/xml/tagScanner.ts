import { isAscii } from 'node:buffer';
import { decodeBytes, effectiveEncoding, type Encoding } from './encoding.js';
import { readText } from './xmlText.js';

const [TAB, LF, CR, SPACE, DOUBLE, SLASH] = [9, 10, 13, 32, 34, 47];
const [AMPERSAND, LT, EQUALS, GT] = [38, 60, 61, 62];

/** 1 for what a name is made of: Tally's are of ASCII letters. */
const nameCodes = Uint8Array.from({ length: 128 }, (_, code) => Number(/[\w:.-]/.test(String.fromCharCode(code))));
/** 1 for what a name of an attribute is made of. */
const attributeCodes = Uint8Array.from({ length: 128 }, (_, code) =>
  Number(code > SPACE && code < 127 && !`="'<>/&`.includes(String.fromCharCode(code))),
);
const isSpace = (code: number): boolean => code === SPACE || code === LF || code === CR || code === TAB;

/** What is nested deeper is odd; real vouchers have some six levels. */
const maxDepth = 100;
/** The names of the elements that skip() is in. */
const openTags = new Int32Array(2 * maxDepth);

/** `odd` is anything out of the ordinary, and the end of the bytes: whoever scans then takes the full parse. */
type Tag = 'open' | 'empty' | 'close' | 'odd';

/**
 * Walks over the tags of one element on its bytes, whatever its encoding, and decodes what is asked for. Markup is ASCII
 * in all of them. A fast path, never the judge: comments, CDATA, processing instructions, attributes that are no plain
 * `name="value"`, names of other than ASCII letters are all `odd`.
 */
export class TagScanner {
  /** Where the search for the next tag begins; behind the last tag. */
  at = 0;
  /** Where the last tag begins, and its name. */
  tagFrom = 0;
  nameFrom = 0;
  nameTo = 0;
  readonly #units: Uint8Array | Uint16Array;
  readonly #bytes: Buffer;
  readonly #encoding: Encoding;
  #decided: Encoding | undefined;

  constructor(bytes: Buffer, encoding: Encoding) {
    this.#encoding = encoding;
    // A view of 16-bit units can only begin at an even address.
    this.#bytes = encoding === 'utf-16le' && bytes.byteOffset % 2 === 1 ? Buffer.from(bytes) : bytes;
    const { buffer, byteOffset, length } = this.#bytes;
    this.#units = encoding === 'utf-16le' ? new Uint16Array(buffer, byteOffset, length >> 1) : this.#bytes;
  }

  get atEnd(): boolean {
    return this.at === this.#units.length;
  }

  /** Of the open tag just read. */
  get hasAttributes(): boolean {
    return this.at !== this.nameTo + 1;
  }

  next(): Tag {
    const units = this.#units;
    const end = units.length;
    let at = this.at;
    while (at < end && units[at] !== LT) at++;
    this.tagFrom = at++;
    const closes = units[at] === SLASH;
    if (closes) at++;
    this.nameFrom = at;
    let code = 0;
    for (; at < end; at++) {
      code = units[at]!;
      if (code > 127 || nameCodes[code] === 0) break;
    }
    if (at >= end || at === this.nameFrom) return 'odd';
    this.nameTo = at;
    this.at = at + 1;
    if (code === GT) return closes ? 'close' : 'open';
    return closes ? 'odd' : this.#attributes(at);
  }

  /** Past these bytes, if it is they that come next. */
  pass(known: Buffer): boolean {
    const unit = this.#units.BYTES_PER_ELEMENT;
    const from = this.at * unit;
    const to = from + known.length;
    if (to > this.#bytes.length || this.#bytes.compare(known, 0, known.length, from, to) !== 0) return false;
    this.at = to / unit;
    return true;
  }

  /** To the next tag, which may be none of an element; gives where it begins. */
  passText(): number {
    const units = this.#units;
    let at = this.at;
    while (at < units.length && units[at] !== LT) at++;
    return (this.at = at);
  }

  /** The bytes of a stretch, for longer than the scanned ones last. */
  copyOf(from: number, to?: number): Buffer {
    const unit = this.#units.BYTES_PER_ELEMENT;
    return Buffer.from(this.#bytes.subarray(unit * from, to === undefined ? undefined : unit * to));
  }

  /** Of the name of the tag just read: not of all its letters, which costs more than it saves. */
  get hash(): number {
    const units = this.#units;
    const { nameFrom: from, nameTo: to } = this;
    return hashOf(to - from, units[from]!, units[from + ((to - from) >> 1)]!, units[to - 1]!);
  }

  /** Past the content of the open tag just read, by pairing all its tags. */
  skip(): boolean {
    if (this.#closeLeaf()) return true;
    openTags[0] = this.nameFrom;
    openTags[1] = this.nameTo;
    for (let depth = 1; depth > 0;) {
      const tag = this.next();
      if (tag === 'close') {
        depth--;
        if (!this.closes(openTags[2 * depth]!, openTags[2 * depth + 1]!)) return false;
      } else if (tag === 'open') {
        if (depth === maxDepth) return false;
        openTags[2 * depth] = this.nameFrom;
        openTags[2 * depth + 1] = this.nameTo;
        depth++;
        if (this.#closeLeaf()) depth--;
      } else if (tag === 'odd') return false;
    }
    return true;
  }

  /** Past the closing tag of the open tag just read if it is the next one. Most are; no need to look at its name twice. */
  #closeLeaf(): boolean {
    const units = this.#units;
    let at = this.at;
    while (at < units.length && units[at] !== LT) at++;
    if (units[at + 1] !== SLASH) return false;
    at += 2;
    for (let name = this.nameFrom; name < this.nameTo; name++, at++) if (units[at] !== units[name]) return false;
    if (units[at] !== GT) return false;
    this.at = at + 1;
    return true;
  }

  /** Whether the tag just read has the name that stands there. */
  closes(nameFrom: number, nameTo: number): boolean {
    const units = this.#units;
    if (this.nameTo - this.nameFrom !== nameTo - nameFrom) return false;
    for (let i = nameFrom, j = this.nameFrom; i < nameTo; i++, j++) if (units[i] !== units[j]) return false;
    return true;
  }

  /** Whether the tag just read has this name. */
  isNamed(name: string): boolean {
    if (this.nameTo - this.nameFrom !== name.length) return false;
    for (let i = 0; i < name.length; i++) if (this.#units[this.nameFrom + i] !== name.charCodeAt(i)) return false;
    return true;
  }

  /**
   * A stretch of plain ASCII without a reference, trimmed: what nearly every value is. Undefined where it is not. Gives
   * `known` where it is that very text: making a string costs more than comparing one.
   */
  plainText(from: number, to: number, known = ''): string | undefined {
    const units = this.#units;
    let [start, end] = [from, to];
    while (start < end && units[start] === SPACE) start++;
    while (start < end && units[end - 1] === SPACE) end--;
    if (start === end) return '';
    if (end - start === known.length && this.#isText(start, known)) return known;
    for (let at = start; at < end; at++) {
      const code = units[at]!;
      if (code < SPACE || code > 126 || code === AMPERSAND) return undefined;
    }
    return this.#encoding === 'utf-16le'
      ? this.#bytes.toString('utf16le', 2 * start, 2 * end)
      : this.#bytes.toString('latin1', start, end);
  }

  #isText(from: number, text: string): boolean {
    const units = this.#units;
    for (let i = 0; i < text.length; i++) if (units[from + i] !== text.charCodeAt(i)) return false;
    return true;
  }

  /** The text of a stretch, as it is written. */
  text(from: number, to: number): string {
    if (this.#encoding === 'utf-16le') return this.#bytes.toString('utf16le', 2 * from, 2 * to);
    const part = this.#bytes.subarray(from, to);
    if (isAscii(part)) return part.toString('latin1');
    // What these bytes are is decided by the whole element, as in the full parse: once, for it is as long as its values are many.
    this.#decided ??= effectiveEncoding(this.#bytes, this.#encoding);
    return decodeBytes(part, this.#decided);
  }

  #attributes(from: number): Tag {
    const units = this.#units;
    const end = units.length;
    for (let at = from; at < end; at++) {
      const blanks = at;
      while (at < end && isSpace(units[at]!)) at++;
      if (units[at] === GT) {
        this.at = at + 1;
        return 'open';
      }
      if (units[at] === SLASH) {
        this.at = at + 2;
        return units[at + 1] === GT ? 'empty' : 'odd';
      }
      if (at === blanks) return 'odd';
      const name = at;
      while (at < end && attributeCodes[units[at]!] === 1) at++;
      if (at === name || units[at] !== EQUALS || units[at + 1] !== DOUBLE) return 'odd';
      at += 2;
      for (; at < end; at++) {
        const code = units[at]!;
        if (code === DOUBLE) break;
        if (code === LT || code === GT) return 'odd';
      }
    }
    return 'odd';
  }
}

/** The attributes of a tag by name, read out of its text behind the name; undefined where one stands twice, or a line breaks in one. */
export function readAttributes(text: string): Record<string, string> | undefined {
  if (/[\r\n\t]/.test(text)) return undefined;
  const attributes: Record<string, string> = {};
  for (const [, name, value] of text.matchAll(/([^\s="]+)="([^"]*)"/g)) {
    if (attributes[name!] !== undefined) return undefined;
    attributes[name!] = readText(value!);
  }
  return attributes;
}

const hashOf = (length: number, first: number, middle: number, last: number): number =>
  length + 37 * first + 37 * 67 * middle + 37 * 67 * 71 * last;

/** Names to look for, found by the hash of a tag's name. */
export class TagNames<T> {
  readonly #byHash = new Map<number, { name: string; value: T }>();

  constructor(names: Iterable<readonly [string, T]>) {
    for (const [name, value] of names) {
      const { length } = name;
      const hash = hashOf(length, name.charCodeAt(0), name.charCodeAt(length >> 1), name.charCodeAt(length - 1));
      if (this.#byHash.has(hash)) throw new Error(`Two names with one hash: ${name}`);
      this.#byHash.set(hash, { name, value });
    }
  }

  has(name: string): boolean {
    return [...this.#byHash.values()].some((known) => known.name === name);
  }

  /** Of the tag that the scanner has just read. */
  of(scanner: TagScanner): T | undefined {
    const found = this.#byHash.get(scanner.hash);
    return found !== undefined && scanner.isNamed(found.name) ? found.value : undefined;
  }
}
