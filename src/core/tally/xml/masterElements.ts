import { t } from '@vscode/l10n';
import { unreadable } from '../answerErrors.js';
import type { AnswerSource } from '../answerSource.js';
import { decodeBytes } from './encoding.js';
import { readElements, type ElementBytes, type ElementRequest } from './readElements.js';
import { RecordReader, type Fields, type XmlRecord } from './recordReader.js';

/** One row of a collection; valid until the next row is requested. */
export interface MasterRow {
  /** The text of one of the requested fields: the first child of that name that has text, else the attribute, else ''. */
  value(field: string): string;
}

/** The rows of a collection as they arrive; a row that cannot be read fails with `answer-unreadable`. */
export async function* readMasterElements(
  source: AnswerSource,
  request: ElementRequest,
  fields: Fields,
  signal?: AbortSignal,
): AsyncGenerator<MasterRow> {
  for await (const element of readElements(source, request, signal)) yield readRow(element, fields);
}

export function readRow(element: ElementBytes, fields: Fields): MasterRow {
  const record = readRecord(element, fields, (reason, xml) =>
    unreadable(t("A row of Tally's answer cannot be read: {reason} {xml}", { reason, xml })),
  );
  return { value: (field) => childOrAttribute(record, field) };
}

/**
 * Reads a row or a master. If that fails, throws what `failure` returns for the reason and the first 80 characters of
 * the XML.
 */
export function readRecord(
  element: ElementBytes,
  fields: Fields,
  failure: (reason: string, xml: string) => unknown,
): XmlRecord {
  try {
    return new RecordReader(element, fields).read();
  } catch (error) {
    throw failure((error as Error).message, decodeBytes(element.bytes, element.encoding).slice(0, 80));
  }
}

/** The text of the child, else of the attribute, else ''. Reads attributes only if needed, because they cost more. */
export const childOrAttribute = (record: XmlRecord, field: string): string =>
  record.values[field] ?? record.attributes[field] ?? '';
