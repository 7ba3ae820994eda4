import { t } from '@vscode/l10n';
import { XMLParser } from 'fast-xml-parser';
import { cleanText, decodeEntities } from './xmlText.js';

/** A parsed element. Values are decoded, cleaned and trimmed; children are in document order. */
export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  /** The element's own character data, without that of its children. */
  text: string;
  children: XmlElement[];
}

type OrderedNode = Record<string, OrderedNode[] | string | Record<string, string>>;

const CDATA = '#cdata';
const TEXT = '#text';
const ATTRIBUTES = ':@';

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false, // ` 0012 ` must not become 12, nor `1.10` become 1.1
  parseAttributeValue: false,
  trimValues: false,
  // References are decoded by our own rule: the library limits their number, and would also decode them in CDATA.
  processEntities: false,
  cdataPropName: CDATA,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: 1000,
  jPath: false,
});

/** Parses a text that is one element. Throws a plain Error, which says where the text is not well-formed. */
export function parseXmlElement(xml: string): XmlElement {
  checkWellFormed(xml);
  const nodes = parser.parse(xml) as OrderedNode[];
  const root = nodes.find((node) => !(TEXT in node));
  if (root === undefined) throw new Error(t('The text holds no XML element.'));
  return toElement(root);
}

function toElement(node: OrderedNode): XmlElement {
  const element: XmlElement = { name: '', attributes: {}, text: '', children: [] };
  let text = '';
  for (const key in node) {
    const value = node[key]!;
    if (key === ATTRIBUTES) {
      for (const [name, raw] of Object.entries(value as Record<string, string>))
        element.attributes[name] = cleanText(decodeEntities(raw));
      continue;
    }
    element.name = key;
    for (const child of value as OrderedNode[]) {
      if (typeof child[TEXT] === 'string') text += decodeEntities(child[TEXT]);
      else if (CDATA in child) text += cdataText(child[CDATA] as OrderedNode[]);
      else element.children.push(toElement(child));
    }
  }
  element.text = cleanText(text);
  return element;
}

const cdataText = (parts: OrderedNode[]): string =>
  parts.map((part) => (typeof part[TEXT] === 'string' ? part[TEXT] : '')).join('');

/**
 * The limit for tags, where a long tag counts as several. Each costs the library 300 bytes and 3 microseconds. Real vouchers
 * have some 3,000 (docs/tally.md §3).
 */
const maxTags = 500_000;

/** The library pairs any closing tag with any open one. A broken voucher would then silently lose lines. */
function checkWellFormed(xml: string): void {
  const open: string[] = [];
  let tags = 0;
  for (let at = xml.indexOf('<'); at >= 0; at = xml.indexOf('<', at)) {
    const special = skipSpecial(xml, at);
    if (special !== undefined) {
      at = special;
      continue;
    }
    const end = tagEnd(xml, at + 1);
    tags += 1 + ((end - at) >> 4);
    if (tags > maxTags)
      throw new Error(t('It is unusual XML of more than {count} tags, too many to be read.', { count: maxTags }));
    const closing = xml[at + 1] === '/';
    const name = /^[^\s/>]+/.exec(xml.slice(at + (closing ? 2 : 1), Math.min(end, at + 300)))?.[0];
    if (name === undefined) throw new Error(t('A tag at character {at} has no name.', { at }));
    if (closing) {
      const expected = open.pop();
      if (expected === undefined)
        throw new Error(t('</{name}> at character {at} does not close anything.', { name, at }));
      if (expected !== name)
        throw new Error(t('</{name}> at character {at} does not close {expected}.', { name, at, expected }));
    } else if (xml[end - 1] !== '/') open.push(name);
    at = end + 1;
  }
  const last = open.pop();
  if (last !== undefined) throw new Error(t('{name} is not closed.', { name: last }));
}

/** The end of a comment, CDATA section or processing instruction that begins at `at`; undefined if none begins there. */
function skipSpecial(xml: string, at: number): number | undefined {
  for (const [start, end] of [
    ['<!--', '-->'],
    ['<![CDATA[', ']]>'],
    ['<?', '?>'],
  ] as const) {
    if (!xml.startsWith(start, at)) continue;
    const found = xml.indexOf(end, at + start.length);
    if (found < 0) throw new Error(t('{start} at character {at} is not closed.', { start, at }));
    return found + end.length;
  }
  // A document type could define entities that expand without limit. Tally sends none.
  if (xml[at + 1] === '!') throw new Error(t('A declaration at character {at} is no part of a voucher.', { at }));
  return undefined;
}

function tagEnd(xml: string, from: number): number {
  const delimiter = /["'>]/g;
  delimiter.lastIndex = from;
  for (;;) {
    const found = delimiter.exec(xml);
    if (found === null) throw new Error(t('The tag at character {at} is not closed.', { at: from - 1 }));
    if (found[0] === '>') return found.index;
    const closing = xml.indexOf(found[0], found.index + 1);
    if (closing < 0) throw new Error(t('A quote at character {at} is not closed.', { at: found.index }));
    // `<` in an attribute is not well-formed and shows a lost quote: the text that follows would vanish in the attribute.
    if (xml.slice(found.index, closing).includes('<'))
      throw new Error(t('The attribute at character {at} holds a tag.', { at: found.index }));
    delimiter.lastIndex = closing + 1;
  }
}
