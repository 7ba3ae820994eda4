import { widthOf, wrapWords } from '../core/core.js';

/** The narrowest last column of a table that words are wrapped in. */
const leastColumn = 24;

/**
 * Text whose long lines are broken between words. A line goes on below its last column, so that a list of options or of counts
 * keeps its columns; a row that is wider by figures stays as it is.
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
