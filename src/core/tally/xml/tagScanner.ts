import { decodeBytes, type Encoding } from './encoding.js';
import { readText } from './xmlText.js';

const [TAB, LF, CR, SPACE, EXCLAMATION, DOUBLE, AMPERSAND, SINGLE] = [9, 10, 13, 32, 33, 34, 38, 39];
const [SLASH, LT, EQUALS, GT, QUESTION] = [47, 60, 61, 62, 63];

/** 1 for the characters of a name. Tally's names are ASCII. */
const nameCodes = Uint8Array.from({ length: 128 }, (_, code) => Number(/[\w:.-]/.test(String.fromCharCode(code))));
/** 1 for the characters of an attribute's name. */
const attributeCodes = Uint8Array.from({ length: 128 }, (_, code) =>
  Number(code > SPACE && code < 127 && !`="'<>/&`.includes(String.fromCharCode(code))),
);
const isSpace = (code: number): boolean => code === SPACE || code === LF || code === CR || code === TAB;

/** An element nested deeper is `odd`; real vouchers have about six levels. */
const maxDepth = 100;
/** The places of the names of the open elements inside skip(). */
const openTags = new Int32Array(2 * maxDepth);

const comment = { tag: 'comment', start: '<!--', end: '-->' } as const;
const cdata = { tag: 'cdata', start: '<![CDATA[', end: ']]>' } as const;

/** `odd` means broken or unknown markup, or the end of the bytes: the element then needs the full parse (xmlElement.ts). */
type Tag = 'open' | 'empty' | 'close' | 'comment' | 'cdata' | 'instruction' | 'odd';

/**
 * Walks over the tags of one element in its bytes, and decodes only the requested text. The markup is ASCII in every encoding.
 * The scanner accepts nothing that the full parse refuses. These are `odd`: attributes other than `name="value"` or
 * `name='value'`, names with other than ASCII letters, declarations, and tags without an end.
 */
export class TagScanner {
  /** The offset after the last tag, where the search for the next tag begins. */
  at = 0;
  /** The offset of the last tag, and of its name. */
  tagFrom = 0;
  nameFrom = 0;
  nameTo = 0;
  readonly #units: Uint8Array | Uint16Array;
  readonly #bytes: Buffer;
  readonly #encoding: Encoding;

  constructor(bytes: Buffer, encoding: Encoding) {
    this.#encoding = encoding;
    // A view of 16-bit units must begin at an even address.
    this.#bytes = encoding === 'utf-16le' && bytes.byteOffset % 2 === 1 ? Buffer.from(bytes) : bytes;
    const { buffer, byteOffset, length } = this.#bytes;
    this.#units = encoding === 'utf-16le' ? new Uint16Array(buffer, byteOffset, length >> 1) : this.#bytes;
  }

  get atEnd(): boolean {
    return this.at === this.#units.length;
  }

  /** False if the open tag just read has no attributes. True also for `<NAME >`, where only a blank follows the name. */
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
    if (at >= end) return 'odd';
    if (at === this.nameFrom) {
      if (closes) return 'odd';
      return code === EXCLAMATION ? this.#section() : code === QUESTION ? this.#instruction() : 'odd';
    }
    this.nameTo = at;
    if (!closes && code !== GT) return this.#attributes(at);
    while (isSpace(units[at]!)) at++;
    this.at = at + 1;
    return units[at] !== GT ? 'odd' : closes ? 'close' : 'open';
  }

  /** The text of the CDATA section that has just been read. */
  get cdata(): string {
    return this.text(this.tagFrom + cdata.start.length, this.at - cdata.end.length);
  }

  /**
   * A hash of the name of the tag just read, from its length and four letters. Hashing all letters costs more than it saves.
   */
  get hash(): number {
    const units = this.#units;
    const { nameFrom: from, nameTo: to } = this;
    const length = to - from;
    return hashOf(length, units[from]!, units[from + (length >> 3)]!, units[from + (length >> 1)]!, units[to - 1]!);
  }

  /** Moves past the content of the open tag just read, pairing all tags inside. False if they do not pair. */
  skip(): boolean {
    if (this.closeLeaf()) return true;
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
        if (this.closeLeaf()) depth--;
      } else if (tag === 'odd') return false;
    }
    return true;
  }

  /**
   * Moves past the closing tag of the open tag just read, if that is the next tag. It mostly is, and its name is then compared
   * only once.
   */
  closeLeaf(): boolean {
    const units = this.#units;
    let at = this.at;
    while (at < units.length && units[at] !== LT) at++;
    const from = at;
    if (units[at + 1] !== SLASH) return false;
    at += 2;
    for (let name = this.nameFrom; name < this.nameTo; name++, at++) if (units[at] !== units[name]) return false;
    if (units[at] !== GT) return false;
    this.tagFrom = from;
    this.at = at + 1;
    return true;
  }

  /** Whether the tag just read has the same name as the one at these offsets. */
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
   * The trimmed text of a stretch, if it is plain ASCII without a reference, as nearly every value is; else undefined. Returns
   * `known` if the text equals it: making a string costs more than comparing one.
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

  /** The text of a stretch as written, with its references. */
  text(from: number, to: number): string {
    if (this.#encoding === 'utf-16le') return this.#bytes.toString('utf16le', 2 * from, 2 * to);
    return decodeBytes(this.#bytes.subarray(from, to), this.#encoding);
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
      const quote = units[at + 1];
      if (at === name || units[at] !== EQUALS || (quote !== DOUBLE && quote !== SINGLE)) return 'odd';
      at += 2;
      for (; at < end && units[at] !== quote; at++) if (units[at] === LT) return 'odd';
    }
    return 'odd';
  }

  #section(): Tag {
    for (const { tag, start, end } of [comment, cdata]) {
      if (!this.#isText(this.tagFrom, start)) continue;
      const last = this.#units.length - end.length;
      for (let at = this.tagFrom + start.length; at <= last; at++) {
        if (this.#units[at] !== end.charCodeAt(0) || !this.#isText(at, end)) continue;
        this.at = at + end.length;
        return tag;
      }
    }
    return 'odd';
  }

  /** `odd` if a quote holds `?>`: parsers do not agree on where such an instruction ends. */
  #instruction(): Tag {
    const units = this.#units;
    let quote = 0;
    for (let at = this.tagFrom + 1; at < units.length; at++) {
      const code = units[at]!;
      if (code === QUESTION && units[at + 1] === GT) {
        this.at = at + 2;
        return quote === 0 && at > this.tagFrom + 1 ? 'instruction' : 'odd';
      }
      if (quote === 0 && (code === DOUBLE || code === SINGLE)) quote = code;
      else if (code === quote) quote = 0;
    }
    return 'odd';
  }
}

/** The attributes of a tag by name; `text` follows the tag's name. If a name comes twice, the last value counts. */
export function readAttributes(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name, double, single] of text.matchAll(/([^\s=]+)=(?:"([^"]*)"|'([^']*)')/g))
    attributes[name!] = readText(double ?? single!);
  return attributes;
}

const hashOf = (length: number, first: number, early: number, middle: number, last: number): number =>
  length + 37 * first + 37 * 53 * early + 37 * 67 * middle + 37 * 67 * 71 * last;

/** A table of names, found by the hash of a tag's name. */
export class TagNames<T> {
  readonly #byHash = new Map<number, { name: string; value: T }>();
  readonly #byName: Map<string, T>;

  constructor(names: readonly (readonly [string, T])[]) {
    this.#byName = new Map(names);
    for (const [name, value] of names) {
      const { length } = name;
      const [first, early, middle, last] = [0, length >> 3, length >> 1, length - 1].map((at) => name.charCodeAt(at));
      const hash = hashOf(length, first!, early!, middle!, last!);
      if (this.#byHash.has(hash)) throw new Error(`Two names with one hash: ${name}`);
      this.#byHash.set(hash, { name, value });
    }
  }

  named(name: string): T | undefined {
    return this.#byName.get(name);
  }

  /** The value for the tag that the scanner has just read. */
  of(scanner: TagScanner): T | undefined {
    const found = this.#byHash.get(scanner.hash);
    return found !== undefined && scanner.isNamed(found.name) ? found.value : undefined;
  }
}
