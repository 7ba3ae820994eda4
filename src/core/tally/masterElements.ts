import { unreadable } from './answerErrors.js';
import type { AnswerSource } from './answerSource.js';
import { decodeBytes } from './encoding.js';
import { readElements, type ElementBytes, type ElementRequest } from './readElements.js';
import { TagScanner, type TagNames } from './tagScanner.js';
import { parseXmlElement, type XmlElement } from './xmlElement.js';
import { readText } from './xmlText.js';

/** One row of a collection; valid until the next one is asked for. */
export interface MasterRow {
  /** A field's text, cleaned: from the child of that name, else from the attribute; '' where there is neither. */
  value(field: string): string;
}

/** The rows of a collection as they come; a row that cannot be parsed fails with `answer-unreadable`. */
export async function* readMasterElements(
  source: AnswerSource,
  request: ElementRequest,
  signal?: AbortSignal,
): AsyncGenerator<MasterRow> {
  for await (const element of readElements(source, request, signal)) yield parseRow(element);
}

/** A plain row that has all of these fields is not parsed, as long as no other field is asked for. */
export const readRow = (element: ElementBytes, quick: TagNames<string>): MasterRow =>
  (element.damage === undefined ? readPlainRow(element, quick) : undefined) ?? parseRow(element);

/** A row as the full parse reads it; undefined where that has to be asked. */
export function readPlainRow(element: ElementBytes, quick: TagNames<string>): MasterRow | undefined {
  const scanner = new TagScanner(element.bytes, element.encoding);
  if (scanner.next() !== 'open' || scanner.tagFrom !== 0) return undefined;
  const { nameFrom, nameTo } = scanner;
  const values: Record<string, string> = {};
  for (;;) {
    const tag = scanner.next();
    if (tag === 'odd') return undefined;
    if (tag === 'close') break;
    const field = quick.of(scanner);
    if (tag === 'empty') continue;
    if (field === undefined || values[field] !== undefined) {
      if (!scanner.skip()) return undefined;
      continue;
    }
    const { at: from, nameFrom: openFrom, nameTo: openTo } = scanner;
    if (scanner.next() !== 'close' || !scanner.closes(openFrom, openTo)) return undefined;
    const text = readText(scanner.text(from, scanner.tagFrom));
    if (text !== '') values[field] = text;
  }
  if (!scanner.closes(nameFrom, nameTo) || !scanner.atEnd) return undefined;
  // What is no child of the row may be an attribute of it.
  return { value: (field) => values[field] ?? parseRow(element).value(field) };
}

/** The row by the full parse. */
export function parseRow({ bytes, encoding, damage }: ElementBytes): MasterRow {
  const element = parse(decodeBytes(bytes, encoding), damage);
  return {
    value: (field) =>
      element.children.find((child) => child.name === field && child.text !== '')?.text ??
      element.attributes[field] ??
      '',
  };
}

function parse(xml: string, damage: string | undefined): XmlElement {
  try {
    if (damage !== undefined) throw new Error(damage);
    return parseXmlElement(xml);
  } catch (error) {
    throw unreadable(`A row of Tally's answer cannot be read: ${(error as Error).message} ${xml.slice(0, 80)}`);
  }
}
