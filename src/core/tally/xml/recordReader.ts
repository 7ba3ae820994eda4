import { decodeBytes } from './encoding.js';
import type { ElementBytes } from './readElements.js';
import { readAttributes, TagNames, TagScanner } from './tagScanner.js';
import { parseXmlElement, type XmlElement } from './xmlElement.js';
import { cleanText, decodeText, normalLineEnds, readText } from './xmlText.js';

/** The wanted part of an element. All text is decoded, cleaned and trimmed. */
export interface XmlRecord {
  readonly name: string;
  readonly attributes: Record<string, string>;
  /** The element's own text. A walk over the bytes fills it for `every` children only. */
  readonly text: string;
  /** The `first` and `filled` children, by name. */
  readonly values: Record<string, string | undefined>;
  /** The lists and the `every` children, in the order of the document. */
  readonly lists: XmlRecord[];
}

/**
 * The names of the children that are read. `first` takes the first value of a name even if it is empty, `filled` the first
 * one that has text, `every` all of them with their attributes. A table of its own makes a child a list.
 */
export interface Wanted {
  [name: string]: 'first' | 'filled' | 'every' | Wanted;
}

/** A table of `filled` names, with which rows and masters are read. */
export const filled = (...names: string[]): Wanted => Object.fromEntries(names.map((name) => [name, 'filled']));

interface Field {
  name: string;
  kind: 'first' | 'filled' | 'every' | 'list';
  children: Fields;
  /**
   * The last value in plain ASCII. Most fields have few different values, and comparing costs less than making a new string.
   */
  last: string;
}
export type Fields = TagNames<Field>;

export const fieldsOf = (wanted: Wanted): Fields =>
  new TagNames(
    Object.entries(wanted).map(([name, what]): [string, Field] =>
      typeof what === 'string'
        ? [name, { name, kind: what, children: noFields, last: '' }]
        : [name, { name, kind: 'list', children: fieldsOf(what), last: '' }],
    ),
  );
const noFields: Fields = new TagNames<Field>([]);

/** The position of a walk. `odd`: the walk has met markup that needs the full parse. */
type State = 'inside' | 'end' | 'odd';

/**
 * Reads one element in a single walk over its bytes, only as far as the caller's calls need. An element with unknown or broken
 * markup goes to fast-xml-parser (the full parse). The bytes must stay unchanged until the last call.
 */
export class RecordReader {
  readonly #element: ElementBytes;
  readonly #fields: Fields;
  readonly #scanner: TagScanner;
  readonly #record: RootRecord;
  #state: State;
  /** Whether `read` needed the full parse. */
  isUnusual = false;

  constructor(element: ElementBytes, fields: Fields) {
    const scanner = new TagScanner(element.bytes, element.encoding);
    const tag = scanner.next();
    this.#state =
      scanner.tagFrom !== 0 ? 'odd' : tag === 'open' ? 'inside' : tag === 'empty' && scanner.atEnd ? 'end' : 'odd';
    this.#element = element;
    this.#fields = fields;
    this.#scanner = scanner;
    this.#record = new RootRecord(scanner);
  }

  /** A `first` value; the walk stops after it. '' if the element has none, undefined if only `read` can tell. */
  first(name: string): string | undefined {
    const { values } = this.#record;
    while (values[name] === undefined && this.#state === 'inside') this.#step();
    return values[name] ?? (this.#state === 'end' ? '' : undefined);
  }

  get attributes(): Record<string, string> {
    return this.#record.attributes;
  }

  /** The whole record. Throws a plain Error that says where the element is broken, or that its bytes are damaged. */
  read(): XmlRecord {
    const { bytes, encoding, damage } = this.#element;
    if (damage !== undefined) throw new Error(damage);
    while (this.#state === 'inside') this.#step();
    if (this.#state === 'end') return this.#record;
    this.isUnusual = true;
    return parseRecord(decodeBytes(bytes, encoding), this.#fields);
  }

  #step(): void {
    const state = step(this.#scanner, this.#fields, this.#record, this.#record.nameFrom, this.#record.nameTo);
    this.#state = state === 'end' && !this.#scanner.atEnd ? 'odd' : state;
  }
}

/** The record of the element itself. Decodes its name and attributes only when they are asked for, which is seldom. */
class RootRecord implements XmlRecord {
  readonly text = '';
  readonly values: XmlRecord['values'] = {};
  readonly lists: XmlRecord[] = [];
  readonly nameFrom: number;
  readonly nameTo: number;
  readonly #to: number;
  readonly #scanner: TagScanner;

  constructor(scanner: TagScanner) {
    this.#scanner = scanner;
    this.nameFrom = scanner.nameFrom;
    this.nameTo = scanner.nameTo;
    this.#to = scanner.at;
  }

  get name(): string {
    return this.#scanner.text(this.nameFrom, this.nameTo);
  }

  get attributes(): Record<string, string> {
    return readAttributes(this.#scanner.text(this.nameTo, this.#to));
  }
}

/** Walks past one more child of the element whose name is at `nameFrom`, or past the end of the element. */
function step(
  scanner: TagScanner,
  fields: Fields,
  { values, lists }: XmlRecord,
  nameFrom: number,
  nameTo: number,
): State {
  const tag = scanner.next();
  if (tag === 'close') return scanner.closes(nameFrom, nameTo) ? 'end' : 'odd';
  if (tag === 'odd') return 'odd';
  if (tag !== 'open' && tag !== 'empty') return 'inside';
  const field = fields.of(scanner);
  if (field === undefined) return tag === 'empty' || scanner.skip() ? 'inside' : 'odd';
  const { name, kind } = field;
  if (kind === 'list') return tag === 'empty' || scanner.closeLeaf() ? 'inside' : readList(scanner, field, lists);
  if (kind !== 'every' && values[name] !== undefined) return tag === 'empty' || scanner.skip() ? 'inside' : 'odd';
  const attributes =
    kind === 'every' && scanner.hasAttributes ? readAttributes(scanner.text(scanner.nameTo, scanner.at)) : none;
  const text = tag === 'empty' ? '' : readValue(scanner, field);
  if (text === undefined) return 'odd';
  if (kind === 'every') lists.push({ name, attributes, text, values: none, lists: [] });
  else if (text !== '' || kind === 'first') values[name] = text;
  return 'inside';
}

const none = {};

function readList(scanner: TagScanner, { name, children }: Field, lists: XmlRecord[]): State {
  const { nameFrom, nameTo } = scanner;
  const list: XmlRecord = { name, attributes: none, text: '', values: {}, lists: [] };
  for (;;) {
    const state = step(scanner, children, list, nameFrom, nameTo);
    if (state === 'odd') return 'odd';
    if (state === 'inside') continue;
    lists.push(list);
    return 'inside';
  }
}

/** The text of the element whose open tag has just been read, without the text of its children. */
function readValue(scanner: TagScanner, field: Field): string | undefined {
  const from = scanner.at;
  if (!scanner.closeLeaf()) return readMixedText(scanner);
  const plain = scanner.plainText(from, scanner.tagFrom, field.last);
  if (plain === undefined) return readText(scanner.text(from, scanner.tagFrom));
  if (plain !== '') field.last = plain;
  return plain;
}

/**
 * Reads text as the full parse does: a reference may continue after a comment (`&am<!-- -->p;`), and ends at any other markup.
 */
function readMixedText(scanner: TagScanner): string | undefined {
  const { nameFrom, nameTo } = scanner;
  let [from, text, written] = [scanner.at, '', ''];
  for (;;) {
    const tag = scanner.next();
    if (tag === 'odd') return undefined;
    written += scanner.text(from, scanner.tagFrom);
    if (tag !== 'comment') {
      text += decodeText(written);
      written = '';
    }
    if (tag === 'close') return scanner.closes(nameFrom, nameTo) ? cleanText(text) : undefined;
    if (tag === 'cdata') text += normalLineEnds(scanner.cdata);
    if (tag === 'open' && !scanner.skip()) return undefined;
    from = scanner.at;
  }
}

/** The same record from the full parse, for markup that the walk cannot read. Throws a plain Error. */
export const parseRecord = (xml: string, fields: Fields): XmlRecord => toRecord(parseXmlElement(xml), fields);

function toRecord({ name, attributes, text, children }: XmlElement, fields: Fields): XmlRecord {
  const record: XmlRecord = { name, attributes, text, values: {}, lists: [] };
  for (const child of children) {
    const field = fields.named(child.name);
    if (field === undefined) continue;
    if (field.kind === 'list' || field.kind === 'every') record.lists.push(toRecord(child, field.children));
    else if (child.text !== '' || field.kind === 'first') record.values[child.name] ??= child.text;
  }
  return record;
}
