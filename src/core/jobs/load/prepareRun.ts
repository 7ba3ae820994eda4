import type { KnownSource } from '../../warehouse/records/sources.js';
import type { Warehouse } from '../../warehouse/warehouse.js';
import { readRules } from '../books/books.js';
import { withinBooks } from '../books/companyPart.js';
import { readAndRememberRules } from '../books/knownBooks.js';
import type { Run } from './run.js';

/** A run as it was asked for. */
export type AskedRun = Omit<Run, 'rules' | 'sources'>;

/**
 * Cuts the range to the books, and asks for the company's masters; one that writes remembers them. Throws `range-not-covered`
 * where the books hold nothing of the range.
 */
export async function prepareRun(
  asked: AskedRun,
  sources: readonly KnownSource[],
  warehouse?: Warehouse,
): Promise<Run> {
  const { books, context, mode } = asked;
  const { range, remarks } = withinBooks(asked.range, books, sources);
  const rules =
    mode.writes && warehouse !== undefined
      ? await readAndRememberRules(books, context, warehouse, sources)
      : await readRules(books, context, warehouse);
  return { ...asked, range, remarks: [...asked.remarks, ...remarks], sources, rules };
}
