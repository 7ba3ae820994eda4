import { widthOf, wrapWords } from '../core/core.js';

/** The least room for text beside the indent or the other columns of a line. With less, the line is not broken. */
const leastColumn = 24;

/**
 * Breaks long lines between words. The rest of a line goes below its last column, so that a list of options keeps its
 * columns. A line whose last column would be narrower than `leastColumn` stays as it is.
 */
export const fitToWidth = (text: string, width: number): string =>
  text
    .split('\n')
    .flatMap((line) => fitLine(line, width))
    .join('\n');

function fitLine(line: string, width: number): string[] {
  if (widthOf(line) <= width) return [line];
  const [, before = '', last = ''] = /^(.*\S {2,})(\S.*)$/.exec(line) ?? [];
  const isTable = before !== '';
  const indent = isTable ? before : (/^ */.exec(line)?.[0] ?? '');
  const room = width - widthOf(indent);
  if (room < leastColumn) return [line];
  const rest = isTable ? last : line.slice(indent.length);
  return wrapWords(rest, room).map((part, i) => (i === 0 ? indent : ' '.repeat(widthOf(indent))) + part);
}
