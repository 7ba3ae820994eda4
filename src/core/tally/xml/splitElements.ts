import { t } from '@vscode/l10n';
import { EtlError } from '../../base/errors.js';
import { formatCount } from '../../base/format.js';
import type { Encoding } from './encoding.js';
import { OutsideBytes, outsideLimit } from './outsideBytes.js';

const defaultMaxElementBytes = 64 * 1024 * 1024;

const sections = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
] as const;

const [SPACE, TAB, LF, CR, SLASH, LT, GT, DOUBLE, SINGLE] = [32, 9, 10, 13, 47, 60, 62, 34, 39];
const isSpace = (code: number): boolean => code === SPACE || code === TAB || code === LF || code === CR;

/** Bytes to search for. The next place of each is remembered, so that small elements do not each search the whole buffer. */
interface Needle {
  bytes: Buffer;
  from: number;
  /** The first place at or after `from`; the end of the buffer if there is none; -1 if it is not known yet. */
  at: number;
}

/**
 * Cuts an answer into the elements of one or several names. It works on undecoded bytes, so that unwanted parts are never
 * decoded. Counters (`<VOUCHER>12</VOUCHER>` in CMPINFO: text without a child) are not elements, unless `withLeaves`. Text
 * outside the elements is kept in `outside`, within limits.
 */
export class ElementSplitter {
  readonly #unit: 1 | 2;
  readonly #tags: { open: Needle; close: Buffer }[];
  readonly #exclamation: Needle;
  readonly #sections: { start: Buffer; end: Buffer }[];
  readonly #bufferEncoding: 'latin1' | 'utf16le';
  #buffer = Buffer.allocUnsafeSlow(2 * outsideLimit);
  /** The buffer as characters. */
  #units: Uint8Array | Uint16Array = this.#buffer;
  #view = this.#buffer.subarray(0, 0);
  /** Everything before this offset is consumed. Outside an element the search also continues here. */
  #position = 0;
  /** The offset of the element; -1 outside an element. */
  #start = -1;
  /** The closing tag of the element. */
  #close: Buffer = Buffer.alloc(0);
  /** Inside an element: everything before this offset has been searched, so that the time for a giant element stays linear. */
  #searched = 0;
  /** The offset of the content; -1 while the start tag is incomplete. */
  #content = -1;
  #quote = 0;
  /** The end mark of the comment or CDATA section that the search is in; names inside it are ignored. */
  #sectionEnd: Buffer | undefined;
  readonly outside = new OutsideBytes();

  constructor(
    names: string | readonly string[],
    encoding: Encoding,
    readonly maxElementBytes = defaultMaxElementBytes,
    private readonly withLeaves = false,
  ) {
    this.#bufferEncoding = encoding === 'utf-16le' ? 'utf16le' : 'latin1';
    this.#unit = encoding === 'utf-16le' ? 2 : 1;
    if (this.#unit === 2) this.#units = new Uint16Array(this.#buffer.buffer);
    const bytesOf = (text: string): Buffer => Buffer.from(text, this.#bufferEncoding);
    const needle = (text: string): Needle => ({ bytes: bytesOf(text), from: 0, at: -1 });
    this.#tags = [names].flat().map((name) => ({ open: needle(`<${name}`), close: bytesOf(`</${name}>`) }));
    this.#exclamation = needle('!');
    this.#sections = sections.map(([start, end]) => ({ start: bytesOf(start), end: bytesOf(end) }));
  }

  /** Adds bytes. This overwrites elements that were returned earlier. */
  push(chunk: Buffer): void {
    const keepFrom = this.#start >= 0 ? this.#start : this.#position;
    const kept = this.#view.length - keepFrom;
    const needed = kept + chunk.length;
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed + (needed % 2), 2 * this.#buffer.length));
      this.#view.copy(larger, 0, keepFrom);
      this.#buffer = larger;
      this.#units = this.#unit === 1 ? larger : new Uint16Array(larger.buffer);
    } else if (keepFrom > 0) this.#buffer.copyWithin(0, keepFrom, this.#view.length);
    chunk.copy(this.#buffer, kept);
    this.#view = this.#buffer.subarray(0, needed);
    this.#position -= keepFrom;
    for (const { open } of this.#tags) open.at = -1;
    this.#exclamation.at = -1;
    if (this.#start < 0) return;
    this.#start = 0;
    this.#searched -= keepFrom;
    if (this.#content >= 0) this.#content -= keepFrom;
  }

  /** The next complete element, from `<` to `>`; valid until the next push. Undefined if more bytes are needed. */
  next(): Buffer | undefined {
    for (;;) {
      if (this.#start < 0 && !this.#findStart()) return undefined;
      const end = this.#content >= 0 || this.#findContent() ? this.#findEnd() : -1;
      if (end < 0) {
        this.#refuseTooLarge();
        return undefined;
      }
      const element = this.#view.subarray(this.#start, end);
      const isElement = this.#isElement(end);
      this.#position = end;
      this.#start = -1;
      if (!isElement) {
        this.outside.keep(element);
        continue;
      }
      this.outside.meetElement();
      return element;
    }
  }

  /** After the last push: `cut` is true if the bytes end inside an element, a comment or a CDATA section. */
  finish(): { cut: boolean } {
    if (this.#start >= 0 || this.#sectionEnd !== undefined) return { cut: true };
    this.outside.keep(this.#view.subarray(this.#position));
    this.#position = this.#view.length;
    return { cut: false };
  }

  #refuseTooLarge(): void {
    if (this.#view.length - this.#start > this.maxElementBytes)
      throw new EtlError(
        'answer-unreadable',
        t("Tally's answer holds a {element} of more than {bytes} bytes.", {
          element: this.#close.toString(this.#bufferEncoding).slice(2, -1),
          bytes: formatCount(this.maxElementBytes),
        }),
        t('Ask for a shorter range, or look at this day in Tally.'),
      );
  }

  /** Searches in UTF-16 on even offsets only. */
  #indexOf(needle: Buffer, from: number): number {
    const odd = this.#view.length % this.#unit; // with half a character at the end, Node "finds" a missing needle there
    const view = odd === 0 ? this.#view : this.#view.subarray(0, -odd);
    return view.indexOf(needle, from, this.#bufferEncoding);
  }

  /** The character code at an offset; -1 if not all of its bytes have arrived. */
  #codeAt(offset: number): number {
    if (offset + this.#unit > this.#view.length) return -1;
    return this.#units[offset >> (this.#unit - 1)]!;
  }

  #findStart(): boolean {
    for (let from = this.#position; ;) {
      if (this.#sectionEnd !== undefined) {
        const end = this.#findSectionEnd(this.#position);
        this.#leaveOutside(end.at);
        if (!end.found) return false;
        from = end.at;
      }
      const { found, tag } = this.#nextTag(from);
      const section = this.#findSection(from, found);
      if (section !== undefined) {
        this.#leaveOutside(section.at);
        if (section.end === undefined) return false;
        this.#sectionEnd = section.end;
        continue;
      }
      if (tag === undefined) {
        this.#leaveOutside(Math.min(...this.#tags.map(({ open }) => this.#searchedFor(open.bytes, from))));
        return false;
      }
      const after = found + tag.open.bytes.length;
      const code = this.#codeAt(after);
      if (code < 0) {
        this.#leaveOutside(found);
        return false;
      }
      if (isSpace(code) || code === GT || code === SLASH) {
        this.#leaveOutside(found);
        this.#start = found;
        this.#close = tag.close;
        this.#searched = after;
        this.#content = -1;
        this.#quote = 0;
        return true;
      }
      from = after; // a longer name: VOUCHERTYPENAME
    }
  }

  /** After a search without a match: the offset from which to search next time. The last bytes may be the start of a match. */
  #searchedFor(needle: Buffer, from: number): number {
    const safe = this.#view.length - needle.length;
    return Math.max(from, safe - (safe % this.#unit));
  }

  /** The first start of a wanted name, which may be the start of a longer name. */
  #nextTag(from: number): { found: number; tag?: { open: Needle; close: Buffer } } {
    let first: { found: number; tag?: { open: Needle; close: Buffer } } = { found: this.#view.length };
    for (const tag of this.#tags) {
      const found = this.#next(tag.open, from);
      if (found < first.found) first = { found, tag };
    }
    return first;
  }

  /**
   * The first comment or CDATA section that starts between `from` and `limit`: where its text begins and what ends it. If too
   * few bytes have arrived to tell, the place where it may begin, without `end`.
   */
  #findSection(from: number, limit: number): { at: number; end?: Buffer } | undefined {
    // The search is for exclamation marks, which are rare and found fast; `<` is everywhere.
    for (let mark = from; ; mark += this.#unit) {
      mark = this.#next(this.#exclamation, mark);
      if (mark >= limit) return undefined;
      const at = mark - this.#unit;
      if (at < from) continue;
      for (const { start, end } of this.#sections) {
        const come = this.#view.subarray(at, at + start.length);
        if (come.equals(start)) return { at: at + start.length, end };
        if (come.equals(start.subarray(0, come.length))) return { at };
      }
    }
  }

  /** The next place of the needle; the end of the buffer if there is none. */
  #next(needle: Needle, from: number): number {
    if (from < needle.from || from > needle.at) {
      const found = this.#indexOf(needle.bytes, from);
      Object.assign(needle, { from, at: found < 0 ? this.#view.length : found });
    }
    return needle.at;
  }

  /** The offset after the end of the section, or the offset from which to search next time. */
  #findSectionEnd(from: number): { found: boolean; at: number } {
    const needle = this.#sectionEnd!;
    const found = this.#indexOf(needle, from);
    if (found < 0) return { found: false, at: this.#searchedFor(needle, from) };
    this.#sectionEnd = undefined;
    return { found: true, at: found + needle.length };
  }

  #findContent(): boolean {
    const shift = this.#unit - 1;
    const units = this.#units;
    const end = this.#view.length >> shift;
    let quote = this.#quote;
    let at = this.#searched >> shift;
    for (; at < end; at++) {
      const code = units[at]!;
      if (quote !== 0) {
        if (code === quote) quote = 0;
      } else if (code === DOUBLE || code === SINGLE) quote = code;
      else if (code === GT) break;
    }
    this.#quote = quote;
    this.#searched = at << shift;
    if (at === end) return false;
    this.#content = this.#searched += this.#unit;
    return true;
  }

  #isSelfClosed(): boolean {
    return this.#codeAt(this.#content - 2 * this.#unit) === SLASH;
  }

  #findEnd(): number {
    if (this.#isSelfClosed()) return this.#content;
    for (;;) {
      if (this.#sectionEnd !== undefined) {
        const end = this.#findSectionEnd(this.#searched);
        this.#searched = end.at;
        if (!end.found) return -1;
      }
      const found = this.#indexOf(this.#close, this.#searched);
      const section = this.#findSection(this.#searched, found < 0 ? this.#view.length : found);
      if (section === undefined) {
        if (found >= 0) return found + this.#close.length;
        this.#searched = this.#searchedFor(this.#close, this.#searched);
        return -1;
      }
      this.#searched = section.at;
      if (section.end === undefined) return -1;
      this.#sectionEnd = section.end;
    }
  }

  /**
   * True for an element with a child, and for an element with attributes and without text. Counters are neither. Always true
   * with `withLeaves`.
   */
  #isElement(end: number): boolean {
    if (this.withLeaves) return true;
    let blank = true;
    if (!this.#isSelfClosed()) {
      const contentEnd = end - this.#close.length;
      for (let at = this.#content; at < contentEnd; at += this.#unit) {
        const code = this.#codeAt(at);
        if (code === LT) return true;
        blank &&= isSpace(code);
      }
    }
    const attributes = this.#view.subarray(this.#start, this.#content);
    return blank && attributes.includes('=', 0, this.#bufferEncoding);
  }

  #leaveOutside(upTo: number): void {
    this.outside.keep(this.#view.subarray(this.#position, upTo));
    this.#position = upTo;
  }
}
