import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** Formats by the beginning of a line: errors, warnings, successes and headings. */
const formats: [RegExp, Format][] = [
  [/^(?:Error:|✗)/, 'red'],
  [/^(?:Warning:|Not proven:|!)/, 'yellow'],
  [/^✓/, 'green'],
  [/^(?:[A-Z][A-Z ,]+|Usage:|(?:Commands|Options|Examples|Settings|Exit codes)[^:]*:)$/, 'bold'],
  [/^Usage:/, 'bold'],
];

/** Formats the part of each line that a pattern matches, for a terminal that shows colours. */
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
