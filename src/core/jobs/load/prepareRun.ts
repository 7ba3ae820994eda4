import type { KnownSource } from '../../warehouse/records/sources.js';
import type { Warehouse } from '../../warehouse/warehouse.js';
import { readRules } from '../books/books.js';
import { withinBooks } from '../books/companyPart.js';
import { readAndRememberRules, sourceOf } from '../books/knownBooks.js';
import { asksForLittle } from './list/digests.js';
import { CollectionProof } from './read/collectionProof.js';
import type { Run } from './run.js';

/** A run as it was asked for. */
export type AskedRun = Omit<Run, 'rules' | 'sources' | 'collection'>;

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
  const collection = collectionOf(asked, sources);
  return {
    ...asked,
    range,
    remarks: [...asked.remarks, ...remarks],
    sources,
    rules,
    ...(collection && { collection }),
  };
}

/** A run that writes nothing cannot remember what it sees: it asks only a Tally of which it is known. */
function collectionOf(
  { mode, books, context }: AskedRun,
  sources: readonly KnownSource[],
): CollectionProof | undefined {
  // What a run removes for not having come is looked for in reports too: the collection may leave out what the list leaves out.
  if (mode.readsReports || mode.removes || !asksForLittle({ books, context })) return undefined;
  const proof = new CollectionProof(sourceOf(books, sources));
  return mode.writes || proof.isRight ? proof : undefined;
}
