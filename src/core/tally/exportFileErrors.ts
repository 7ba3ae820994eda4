import path from 'node:path';
import { EtlError } from '../errors.js';

const howToExport =
  'In Tally open the Day Book of the period wanted, then Alt+E (Export) > Current > Configure > File Format: XML (Data Interchange), and take the file that this makes.';

const reasons: Record<string, readonly [message: (file: string) => string, hint: string]> = {
  ENOENT: [
    (file) => `There is no file ${file}.`,
    'Correct the path. Tally shows where it puts an export: Alt+E > Current.',
  ],
  ENOTDIR: [
    (file) => `There is no file ${file}.`,
    'Correct the path. Tally shows where it puts an export: Alt+E > Current.',
  ],
  EISDIR: [(file) => `${file} is a folder, not a file.`, 'Name the XML file in it.'],
  EACCES: [
    (file) => `The file ${file} may not be read.`,
    'Give your account the right to read it, or copy it to a folder of yours.',
  ],
  EPERM: [
    (file) => `The file ${file} may not be read.`,
    'Give your account the right to read it, or copy it to a folder of yours.',
  ],
  EBUSY: [
    (file) => `Another program holds the file ${file}.`,
    'Wait until Tally has finished the export, close the file elsewhere, and try again.',
  ],
};

/** What a failed call of the file system means; `usage`. */
export function fileFailure(error: unknown, file: string): EtlError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const [words, hint] = reasons[code] ?? [
    () => `The file ${file} cannot be read: ${message}`,
    'Copy it to a disk of this computer and try again.',
  ];
  return new EtlError('usage', words(file), hint, { cause: error });
}

/** A folder, a device, a pipe: a file is read more than once, from its beginning. */
export const notAFile = (file: string, isFolder: boolean): EtlError =>
  isFolder
    ? fileFailure({ code: 'EISDIR' }, file)
    : new EtlError('usage', `${file} is not a plain file.`, 'Name the XML file that Tally has exported.');

/** The error for a file that is no export, or none with vouchers; its hint says how to make one. */
export const notAnExport = (file: string, what: string, cause?: unknown): EtlError =>
  new EtlError('answer-unreadable', `${path.basename(file)} ${what}.`, howToExport, { cause });

/** The error for a file that holds the vouchers of another company than wanted, or of several. */
export const otherCompany = (message: string, hint: string): EtlError =>
  new EtlError('company-not-open', message, hint);

/**
 * The readers speak of Tally's answer; of a file the same failures are said in other words, by the same codes. Errors that
 * say nothing of the content, or speak of the file already, stay as they are.
 */
export function inFileWords(error: unknown, file: string): unknown {
  if (!(error instanceof EtlError) || error.hint === howToExport) return error;
  switch (error.code) {
    case 'answer-cut':
      return new EtlError(
        'answer-cut',
        `${path.basename(file)} breaks off before its end: it is only a part of an export.`,
        'Nothing was taken from it. Let Tally finish the export, or copy the file again, whole.',
        { cause: error },
      );
    case 'answer-unreadable':
    case 'tally-refused':
      return notAnExport(file, `cannot be read: ${error.message.replace(/\.$/, '')}`, error);
    default:
      return error;
  }
}
