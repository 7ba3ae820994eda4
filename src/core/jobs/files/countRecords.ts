const quote = 0x22;
const newline = 0x0a;

/**
 * Counts the records of CSV that comes in pieces. Returns the number so far. A line break within quotes does not end a
 * record.
 */
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
