/** What an editor beside a side bar and a terminal show without scrolling. */
export const columns = 80;

/** How a column stands: text to the left, numbers to the right. */
export type Align = 'left' | 'right';

const graphemes = new Intl.Segmenter();

/** What a person counts as characters: Indian scripts have vowel signs, which take no room of their own. */
export const widthOf = (text: string): number => [...graphemes.segment(text)].length;

/** Rows as lines of one width, two spaces between columns, for a monospaced channel; no spaces at a line's end. */
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

/** Lines of at most `width`, broken between words, not at a no-break space; a longer word has a line of its own. */
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
