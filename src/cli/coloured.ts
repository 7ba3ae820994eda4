import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** By how a line begins: what is wrong, what is to be known, what is fine, and headings. */
const formats: [RegExp, Format][] = [
  [/^(?:Error:|✗)/, 'red'],
  [/^(?:Warning:|Not proven:|!)/, 'yellow'],
  [/^✓/, 'green'],
  [/^(?:[A-Z][A-Z ,]+|Usage:|(?:Commands|Options|Examples|Settings|Exit codes)[^:]*:)$/, 'bold'],
  [/^Usage:/, 'bold'],
];

/** Text for a terminal that shows colours: the beginning of each line that matters, a heading whole. */
export const coloured = (text: string): string =>
  text
    .split('\n')
    .map((line) => {
      const [pattern, format] = formats.find(([beginning]) => beginning.test(line)) ?? [];
      return pattern && format
        ? line.replace(pattern, (begin) => styleText(format, begin, { validateStream: false }))
        : line;
    })
    .join('\n');
