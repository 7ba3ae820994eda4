/** Characters that windows-1252 has and Latin-1 lacks, each with its byte. */
const marks1252 = new Map(
  Array.from('€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ', (char, i) => [
    char,
    String.fromCharCode(0x80 + i),
  ]),
);
const allMarks1252 = new RegExp(`[${[...marks1252.keys()].join('')}]`, 'g');

/* oxlint-disable no-control-regex -- the first 128 or 256 characters are the sets */
const beyondLatin1 = { any: /[^\u0000-\u00ff]/, all: /[^\u0000-\u00ff]/g };
const beyondAscii = { any: /[^\u0000-\u007f]/, all: /[^\u0000-\u007f]/g };
/* oxlint-enable no-control-regex */
const set1252 = `\\u0000-\\u007f\\u00a0-\\u00ff${[...marks1252.keys()].join('')}`;
const beyond1252 = { any: new RegExp(`[^${set1252}]`), all: new RegExp(`[^${set1252}]`, 'g') };

/** An encoding: its name in CONTENT-TYPE, how Node writes it, the bytes before the text, and the characters that it cannot encode. */
interface Form {
  charset: string;
  node: 'utf16le' | 'utf8' | 'latin1';
  bom: Buffer;
  lost?: { any: RegExp; all: RegExp };
}

const noMark = Buffer.alloc(0);

const forms = {
  'utf-16': { charset: 'utf-16', node: 'utf16le', bom: noMark },
  /** The answer to a request in UTF-8. Outside UTF-16 Tally keeps only Latin-1, so ₹ and Indian scripts become `?`. */
  'utf-8': { charset: 'utf-8', node: 'utf8', bom: noMark, lost: beyondLatin1 },
  /** The answer to a request without a charset: Western letters are single bytes. */
  ascii: { charset: 'ascii', node: 'latin1', bom: noMark, lost: beyondLatin1 },
  'utf-16-bom': { charset: 'utf-16', node: 'utf16le', bom: Buffer.from([0xff, 0xfe]) },
  /** UTF-8 without loss. */
  'utf-8-full': { charset: 'utf-8', node: 'utf8', bom: noMark },
  'utf-8-bom': { charset: 'utf-8', node: 'utf8', bom: Buffer.from([0xef, 0xbb, 0xbf]) },
  /** Seven bits a character: even ñ becomes `?`. */
  'us-ascii': { charset: 'us-ascii', node: 'latin1', bom: noMark, lost: beyondAscii },
  'windows-1252': { charset: 'windows-1252', node: 'latin1', bom: noMark, lost: beyond1252 },
} as const satisfies Record<string, Form>;

/** The encoding of an answer. The first three are Tally's own answers to a request in that encoding. */
export type AnswerEncoding = keyof typeof forms;

export const answerEncodings = Object.keys(forms) as AnswerEncoding[];

export const formOf = (encoding: AnswerEncoding): Form => forms[encoding];

export const isWide = (encoding: AnswerEncoding): boolean => forms[encoding].node === 'utf16le';

/** The text with question marks for all characters that the encoding lacks. */
export function lossy(text: string, encoding: AnswerEncoding): string {
  const { lost } = formOf(encoding);
  return lost?.any.test(text) ? text.replace(lost.all, '?') : text;
}

/**
 * The text whose bytes are right when Node writes it. For windows-1252 Node writes Latin-1, so characters that only
 * windows-1252 has are replaced by those of the same byte.
 */
export function writable(text: string, encoding: AnswerEncoding): string {
  const left = lossy(text, encoding);
  return encoding === 'windows-1252' ? left.replace(allMarks1252, (mark) => marks1252.get(mark)!) : left;
}

/** A whole text as bytes, with its byte order mark. */
export const encoded = (text: string, encoding: AnswerEncoding): Buffer =>
  Buffer.concat([formOf(encoding).bom, Buffer.from(writable(text, encoding), formOf(encoding).node)]);
