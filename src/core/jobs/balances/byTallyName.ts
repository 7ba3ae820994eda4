import type { Opening } from '../../warehouse/read/openings.js';

/**
 * Rows of the warehouse by the name that their master has in Tally now, so that a rename makes no difference. A row whose
 * master Tally does not have keeps its own name. `add` adds up rows of the same name.
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

/** Openings by the present names of their masters; null if an opening is not known. */
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
