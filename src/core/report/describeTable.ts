/** The width of text, in characters, that an editor beside a side bar, or a terminal, shows without scrolling. */
export const columns = 80;

/** The alignment of a column: `left` for text, `right` for numbers. */
export type Align = 'left' | 'right';

const graphemes = new Intl.Segmenter();

/**
 * The width of a text, in characters as a person counts them. Vowel signs of Indian scripts take no room of their own.
 */
export const widthOf = (text: string): number => [...graphemes.segment(text)].length;

/** Rows as lines for a monospaced font, with aligned columns two spaces apart. Lines have no spaces at their end. */
export function alignTable(rows: readonly (readonly string[])[], align: readonly Align[]): string[] {
  const widths = align.map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))));
  const cell = (text: string, column: number): string => {
    const padding = ' '.repeat(widths[column]! - widthOf(text));
    return align[column] === 'right' ? padding + text : text + padding;
  };
  return rows.map((row) =>
    align
      .map((_, column) => cell(row[column] ?? '', column))
      .join('  ')
      .trimEnd(),
  );
}

/**
 * Breaks a text into lines of at most `width`, between words and never at a no-break space. A longer word gets its own
 * line.
 */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/[ \t\r\n]+/)) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(last) + 1 + widthOf(word) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A title with a rule beneath it, as wide as itself. */
export const underlined = (title: string): string[] => [title, '-'.repeat(widthOf(title))];
