/** How Tally answers: as it was asked. */
export type AnswerEncoding = 'utf-16' | 'utf-8' | 'ascii';

const beyondLatin1 = /[^\u0000-\u00ff]/; // eslint-disable-line no-control-regex -- the first 256 characters are the set
const allBeyondLatin1 = new RegExp(beyondLatin1, 'g');

/** Outside UTF-16 Tally knows one byte a character: ₹ and Indian scripts come out as question marks. */
export const lossy = (text: string, encoding: AnswerEncoding): string =>
  encoding === 'utf-16' || !beyondLatin1.test(text) ? text : text.replace(allBeyondLatin1, '?');

/** Node's name for the bytes; Tally's `ascii` has Western letters as single bytes. */
export const nodeEncoding = { 'utf-16': 'utf16le', 'utf-8': 'utf8', ascii: 'latin1' } as const;
