import path from 'node:path';
import { t } from '@vscode/l10n';
import { decodeAnswer, detectEncoding } from '../xml/encoding.js';
import type { ExportFile } from './exportFile.js';
import { notAnExport } from './exportFileErrors.js';

type Refusal = (file: string) => string;

const signatures: readonly [string, Refusal][] = [
  [
    '504b0304',
    (file) => t('{file} is an Excel workbook or another zip file, not a Day Book exported as XML.', { file }),
  ],
  ['d0cf11e0', (file) => t('{file} is an Excel workbook of the old kind, not a Day Book exported as XML.', { file })],
  ['25504446', (file) => t('{file} is a PDF, not a Day Book exported as XML.', { file })],
];

/**
 * Throws `answer-unreadable` if the file is not Tally's XML. Tally exports in several formats, so a file of another format is
 * the likeliest mistake, and the error names the format found.
 */
export async function refuseOtherFormat(file: ExportFile, signal: AbortSignal | undefined): Promise<void> {
  const first = await firstBytes(file, signal);
  const refusal =
    signatures.find(([bytes]) => first.toString('hex', 0, 4) === bytes)?.[1] ?? refusalOf(decodeStart(first));
  if (refusal !== undefined) throw notAnExport(refusal(path.basename(file.path)));
}

function refusalOf(text: string): Refusal | undefined {
  const start = text.trimStart();
  if (start === '') return (file) => t('{file} is empty, not a Day Book exported as XML.', { file });
  if (/^[[{]/.test(start)) return (file) => t('{file} is JSON, not a Day Book exported as XML.', { file });
  if (/^<(!doctype\s+html|html)\b/i.test(start))
    return (file) => t('{file} is a web page (HTML), not a Day Book exported as XML.', { file });
  if (/progid="Excel\.Sheet"|^(<\?[^>]*\?>\s*)*<(\w+:)?Workbook\b/.test(start))
    return (file) => t('{file} is a spreadsheet, not a Day Book exported as XML.', { file });
  if (!start.startsWith('<'))
    return (file) =>
      t('{file} is plain text (perhaps SDF or comma delimited), not a Day Book exported as XML.', { file });
  const root = /^(?:<\?[^>]*\?>\s*)*<([\w:.-]+)/.exec(start)?.[1] ?? 'ENVELOPE';
  if (/^(ENVELOPE|RESPONSE)$/.test(root)) return undefined;
  return (file) => t('{file} is XML of another kind ({root}), not a Day Book exported as XML.', { file, root });
}

function decodeStart(first: Buffer): string {
  const { encoding, bomLength, swapped } = detectEncoding(first);
  const bytes = Buffer.from(first.subarray(bomLength, first.length - ((first.length - bomLength) % 2)));
  return decodeAnswer(swapped ? bytes.swap16() : bytes, encoding);
}

async function firstBytes(file: ExportFile, signal: AbortSignal | undefined): Promise<Buffer> {
  const answer = await file.post('', signal);
  try {
    for await (const chunk of answer.body) return chunk.subarray(0, 4096);
    return Buffer.alloc(0);
  } finally {
    await answer.close();
  }
}
