import { t } from '@vscode/l10n';
import { unreadable } from '../answerErrors.js';
import type { AnswerSource } from '../answerSource.js';
import { decodeBytes } from './encoding.js';
import { readElements, type ElementBytes, type ElementRequest } from './readElements.js';
import { readAttributes, TagNames, TagScanner } from './tagScanner.js';
import { parseXmlElement, type XmlElement } from './xmlElement.js';
import { readText } from './xmlText.js';

/** One row of a collection; valid until the next one is asked for. */
export interface MasterRow {
  /** A field's text, cleaned: from the child of that name, else from the attribute; '' where there is neither. */
  value(field: string): string;
}

/** Where the text of a child stands in its row, in characters. */
export interface Place {
  field: string;
  from: number;
  to: number;
}

/** What is read of a row. */
export const fieldsNamed = (...names: string[]): TagNames<string> => new TagNames(names.map((name) => [name, name]));

/**
 * The rows of a collection as they come, to be asked for the `quick` fields; a row that cannot be parsed fails with
 * `answer-unreadable`.
 */
export async function* readMasterElements(
  source: AnswerSource,
  request: ElementRequest,
  quick: TagNames<string>,
  signal?: AbortSignal,
): AsyncGenerator<MasterRow> {
  for await (const element of readElements(source, request, signal)) yield readRow(element, quick);
}

/** A plain row is not parsed, as long as no other than these fields is asked for. */
export const readRow = (element: ElementBytes, quick: TagNames<string>): MasterRow =>
  (element.damage === undefined ? readPlainRow(element, quick) : undefined) ?? parseRow(element);

/** A row as the full parse reads it, and where its children's values stand; undefined where that has to be asked. */
export function readPlainRow(
  element: ElementBytes,
  quick: TagNames<string>,
): (MasterRow & { places: Place[] }) | undefined {
  const scanner = new TagScanner(element.bytes, element.encoding);
  if (scanner.next() !== 'open' || scanner.tagFrom !== 0) return undefined;
  const { nameFrom, nameTo, at: contentFrom } = scanner;
  const values: Record<string, string> = {};
  const places: Place[] = [];
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
    const to = scanner.tagFrom;
    const text = readText(scanner.text(from, to));
    if (text === '') continue;
    values[field] = text;
    places.push({ field, from, to });
  }
  if (!scanner.closes(nameFrom, nameTo) || !scanner.atEnd) return undefined;
  let attributes: Record<string, string> | undefined;
  const value = (field: string): string => {
    if (values[field] !== undefined) return values[field];
    // What is no child of the row may be an attribute of it.
    if (quick.named(field) !== undefined) attributes ??= readAttributes(scanner.text(nameTo, contentFrom));
    return attributes === undefined || quick.named(field) === undefined
      ? parseRow(element).value(field)
      : (attributes[field] ?? '');
  };
  return { value, places };
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
    throw unreadable(
      t("A row of Tally's answer cannot be read: {reason} {xml}", {
        reason: (error as Error).message,
        xml: xml.slice(0, 80),
      }),
    );
  }
}
