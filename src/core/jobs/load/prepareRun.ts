import type { KnownSource } from '../../warehouse/records/sources.js';
import type { Warehouse } from '../../warehouse/warehouse.js';
import { readRules, type ReadRules } from '../books/books.js';
import { withinBooks } from '../books/companyPart.js';
import { readAndRememberRules, sourceOf, withLedgerRules } from '../books/knownBooks.js';
import { asksForLittle } from './list/digests.js';
import { AlteredVouchers } from './read/alteredVouchers.js';
import { CollectionProof } from './read/collectionProof.js';
import type { Run } from './run.js';

/** A run as the user requested it. */
export type AskedRun = Omit<Run, 'rules' | 'sources' | 'collection' | 'altered'>;

/**
 * Cuts the range to the books, and reads the company's masters; a run that writes also remembers them. Throws
 * `range-not-covered` if the books have no day of the range.
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
      ? await readAndRememberRules(books, context, warehouse, { sources, isReload: mode.removes })
      : await readRulesOnly(asked, warehouse);
  const collection = collectionOf(asked, sources, rules.ledgerRules !== undefined);
  return {
    ...asked,
    range,
    remarks: [...asked.remarks, ...remarks],
    sources,
    rules,
    ...(collection && { collection, altered: new AlteredVouchers() }),
  };
}

/** The rules of a run that writes nothing. Verify compares the invoices of reports, so it needs no rules of the ledger. */
async function readRulesOnly({ books, context, mode }: AskedRun, warehouse: Warehouse | undefined): Promise<ReadRules> {
  const read = await readRules(books, context, warehouse);
  return mode.readsReports ? read : withLedgerRules(read, books, context, warehouse);
}

/**
 * The proof of the collection, if the run may use it. A run that writes nothing cannot remember results, so it uses only a
 * collection already known to be right.
 */
function collectionOf(
  { mode, books, context }: AskedRun,
  sources: readonly KnownSource[],
  withLedger: boolean,
): CollectionProof | undefined {
  // A run that removes rows must also look in reports: the collection may leave out the same vouchers as the list.
  if (mode.readsReports || mode.removes || !asksForLittle({ books, context })) return undefined;
  const proof = new CollectionProof(sourceOf(books, sources), withLedger);
  return mode.writes || proof.isRight ? proof : undefined;
}
