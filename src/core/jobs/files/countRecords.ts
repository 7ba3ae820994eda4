const quote = 0x22;
const newline = 0x0a;

/** Counts the records of CSV that comes in pieces, those so far: a line that ends within quotes ends none. */
export function countRecords(): (piece: Uint8Array) => number {
  let records = 0;
  let quoted = false;
  return (piece) => {
    for (const byte of piece)
      if (byte === quote) quoted = !quoted;
      else if (byte === newline && !quoted) records++;
    return records;
  };
}
