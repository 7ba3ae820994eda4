import { unreadable } from './answerErrors.js';
import type { AnswerSource } from './answerSource.js';
import { decodeBytes } from './encoding.js';
import { readElements, type ElementRequest } from './readElements.js';
import { parseXmlElement, type XmlElement } from './xmlElement.js';

/** One row of a collection. */
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
  for await (const { bytes, encoding, damage } of readElements(source, request, signal)) {
    const element = parseRow(decodeBytes(bytes, encoding), damage);
    yield {
      value: (field) =>
        element.children.find((child) => child.name === field && child.text !== '')?.text ??
        element.attributes[field] ??
        '',
    };
  }
}

function parseRow(xml: string, damage: string | undefined): XmlElement {
  try {
    if (damage !== undefined) throw new Error(damage);
    return parseXmlElement(xml);
  } catch (error) {
    throw unreadable(`A row of Tally's answer cannot be read: ${(error as Error).message} ${xml.slice(0, 80)}`);
  }
}
