import type { Opening } from '../../warehouse/read/openings.js';

/**
 * Rows of the warehouse by the name that Tally has for their master now, else by their own: a rename changes no balance. Rows of one
 * name are added up by `add`.
 */
export function byTallyName<Row extends { id: string | null }>(
  rows: readonly Row[],
  names: ReadonlyMap<string, string>,
  ownName: (row: Row) => string,
  add: (a: Row, b: Row) => Row,
): Map<string, Row> {
  const found = new Map<string, Row>();
  for (const row of rows) {
    const name = (row.id === null ? undefined : names.get(row.id)) ?? ownName(row);
    const known = found.get(name);
    found.set(name, known === undefined ? row : add(known, row));
  }
  return found;
}

/** Openings by the present names of their masters. */
export const openingsByName = (
  openings: readonly Opening[],
  names: ReadonlyMap<string, string>,
): Map<string, bigint | null> =>
  new Map(
    [
      ...byTallyName(
        openings,
        names,
        ({ name }) => name,
        (a, b) => ({ ...a, value: a.value === null || b.value === null ? null : a.value + b.value }),
      ),
    ].map(([name, { value }]) => [name, value]),
  );
