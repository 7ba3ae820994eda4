import path from 'node:path';
import { t } from '@vscode/l10n';
import { EtlError } from '../../base/errors.js';

const reasons: Record<string, readonly [message: (file: string) => string, hint: () => string]> = {
  ENOENT: [
    (file) => t('There is no file {file}.', { file }),
    () => t('Correct the path. Tally shows where it puts an export: Alt+E > Current.'),
  ],
  EISDIR: [(file) => t('{file} is a folder, not a file.', { file }), () => t('Name the XML file in it.')],
  EACCES: [
    (file) => t('The file {file} may not be read.', { file }),
    () => t('Give your account the right to read it, or copy it to a folder of yours.'),
  ],
  EBUSY: [
    (file) => t('Another program holds the file {file}.', { file }),
    () => t('Wait until Tally has finished the export, close the file elsewhere, and try again.'),
  ],
};

/** Codes that mean the same to the user as another code. */
const sameAs: Record<string, string> = { ENOTDIR: 'ENOENT', EPERM: 'EACCES' };

/** The `usage` error for a failed call of the file system. */
export function fileFailure(error: unknown, file: string): EtlError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const [words, hint] = reasons[sameAs[code] ?? code] ?? [
    () => t('The file {file} cannot be read: {reason}', { file, reason: message }),
    () => t('Copy it to a disk of this computer and try again.'),
  ];
  return new EtlError('usage', words(file), hint(), { cause: error });
}

/** The error for a folder, a device or a pipe. A file is read more than once from its beginning, which needs a plain file. */
export const notAFile = (file: string, isFolder: boolean): EtlError =>
  isFolder
    ? fileFailure({ code: 'EISDIR' }, file)
    : new EtlError(
        'usage',
        t('{file} is not a plain file.', { file }),
        t('Name the XML file that Tally has exported.'),
      );

/** An error whose message already names the file. */
class NotAnExport extends EtlError {}

/** The error for a file that is not an export, or an export without vouchers. Its hint says how to make an export. */
export const notAnExport = (message: string, cause?: unknown): EtlError =>
  new NotAnExport(
    'answer-unreadable',
    message,
    t(
      'In Tally open the Day Book of the period wanted, then Alt+E (Export) > Current > Configure > File Format: XML (Data Interchange), and take the file that this makes.',
    ),
    { cause },
  );

/** The error for a file that holds the vouchers of a company other than the wanted one, or of several companies. */
export const otherCompany = (message: string, hint: string): EtlError =>
  new EtlError('company-not-open', message, hint);

/**
 * Rewrites the readers' errors, which speak of Tally's answer, so that they speak of the file. The codes stay. Errors that do
 * not concern the content, and errors that already name the file, are returned unchanged.
 */
export function inFileWords(error: unknown, filePath: string): unknown {
  if (!(error instanceof EtlError) || error instanceof NotAnExport) return error;
  const file = path.basename(filePath);
  switch (error.code) {
    case 'answer-cut':
      return new EtlError(
        'answer-cut',
        t('{file} breaks off before its end: it is only a part of an export.', { file }),
        t('Nothing was taken from it. Let Tally finish the export, or copy the file again, whole.'),
        { cause: error },
      );
    case 'answer-unreadable':
    case 'tally-refused': {
      const reason = error.message.replace(/[.।]$/, '');
      return notAnExport(t('{file} cannot be read: {reason}.', { file, reason }), error);
    }
    default:
      return error;
  }
}
