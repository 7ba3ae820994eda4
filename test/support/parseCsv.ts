/** A cell of CSV. Null: the cell is empty, even without quotes. '': the cell is a pair of quotes. */
export type Cell = string | null;

/** The records of an RFC 4180 text, whose lines may also end with a bare newline. Throws for any other text. */
export function parseCsv(text: string): Cell[][] {
  const records: Cell[][] = [];
  let record: Cell[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  while (cell.lastIndex < text.length) {
    const at = cell.lastIndex;
    const found = cell.exec(text);
    if (!found) throw new Error(`No CSV at ${at}: ${JSON.stringify(text.slice(at, at + 60))}`);
    const [, quoted, bare, end] = found;
    record.push(quoted?.replaceAll('""', '"') ?? (bare === '' ? null : bare!));
    if (end === ',') continue;
    records.push(record);
    record = [];
  }
  if (record.length > 0) throw new Error('It ends in the middle of a record.');
  return records;
}
