/** A cell of a grid; the row of the titles is -1. */
export interface Place {
  row: number;
  column: number;
}

/** The cell to which a key moves, as in ARIA's grid pattern. Undefined for other keys. */
export function afterKey(
  key: string,
  control: boolean,
  { row, column }: Place,
  { rows, columns, page }: { rows: number; columns: number; page: number },
): Place | undefined {
  const within = (to: number, size: number, first: number): number => Math.max(first, Math.min(to, size - 1));
  switch (key) {
    case 'ArrowUp':
      return { row: within(row - 1, rows, -1), column };
    case 'ArrowDown':
      return { row: within(row + 1, rows, -1), column };
    case 'ArrowLeft':
      return { row, column: within(column - 1, columns, 0) };
    case 'ArrowRight':
      return { row, column: within(column + 1, columns, 0) };
    case 'PageUp':
      return { row: within(row - page, rows, Math.min(row, 0)), column };
    case 'PageDown':
      return { row: within(row + page, rows, -1), column };
    case 'Home':
      return control ? { row: within(0, rows, -1), column: 0 } : { row, column: 0 };
    case 'End':
      return control ? { row: within(rows - 1, rows, -1), column: columns - 1 } : { row, column: columns - 1 };
    default:
      return undefined;
  }
}
