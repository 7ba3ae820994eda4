/** The parts of an element that FETCH requests: its fields, and the parts of the lists below it. */
export interface Wanted {
  field: (name: string) => boolean;
  list: (name: string) => Wanted | undefined;
}

export const everything: Wanted = { field: () => true, list: () => everything };
export const nothing: Wanted = { field: () => false, list: () => undefined };

/** `LEDGERENTRIES.AMOUNT` is a field of a list, `LEDGERENTRIES.RATEDETAILS.*` a whole list (docs/tally.md §1.2). */
export const wantedOf = (names: readonly string[]): Wanted => wantedBy(names.map((name) => name.split('.')));

function wantedBy(paths: readonly string[][]): Wanted {
  const fields = new Set(paths.flatMap((path) => (path.length === 1 ? path : [])));
  if (fields.has('*')) return everything;
  const below = new Map<string, string[][]>();
  for (const [name, ...rest] of paths) if (rest.length > 0) below.set(name!, [...(below.get(name!) ?? []), rest]);
  const lists = new Map([...below].map(([name, inside]) => [name, wantedBy(inside)]));
  // TallyPrime 7.1 leaves this list empty if its fields are fetched one by one.
  const taxObjects = lists.get('TAXOBJECTALLOCATIONS');
  if (taxObjects && taxObjects !== everything) lists.set('TAXOBJECTALLOCATIONS', nothing);
  return { field: (name) => fields.has(name), list: (name) => lists.get(name) };
}

/** The same fields, but every list below them empty. */
export const withoutLists = ({ field, list }: Wanted): Wanted => ({ field, list: (name) => list(name) && nothing });
