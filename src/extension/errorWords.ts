// What the extension adds to an error, whose own message and hint are the core's and in English.
import { t } from '@vscode/l10n';
import type { ErrorCode, EtlError } from '../core/errors.js';
import { spoken } from './language.js';

/** The core speaks of environment names; a user of the editor knows settings. What `.env` says keeps its name there. */
const editorWords: [RegExp, string][] = [
  [/\bTALLY_\w+ in your \.env, or the setting (tally\.\w+),?/g, 'the setting $1'],
  [/\bthe warehouse URL \(DB_URL\)/g, 'the warehouse URL'],
  [/\bTALLY_URL\b(?! in \.env)/g, 'tally.url'],
  [/\bTALLY_COMPANY\b(?! in \.env)/g, 'tally.company'],
  [/\bTALLY_REPORT\b/g, 'tally.report'],
  [/\bTALLY_OVERLAP_DAYS\b/g, 'tally.overlapDays'],
  [/\bTALLY_TIMEOUT_SECONDS\b/g, 'tally.timeoutSeconds'],
  [/\bDB_URL\b(?! in \.env)/g, 'the warehouse URL'],
];

export function inEditorWords(text: string): string {
  const said = editorWords.reduce((words, [name, word]) => words.replace(name, word), text);
  return said.replace(/^the /, 'The ');
}

/** Ends with a full stop, which in Hindi is a danda. */
export const asSentence = (text: string): string => (/[.!?…।]$/.test(text) ? text : `${text}.`);

/** What has happened and what helps, in the user's language, for each code. */
const kinds: Record<ErrorCode, string> = {
  unexpected: t('Something unexpected has happened; please report it with the log.'),
  usage: t('The command was given something that it does not take.'),
  config: t('A setting is wrong or missing; correct it.'),
  'tally-unreachable': t('Tally cannot be reached; see that it is running and that its XML server is switched on.'),
  'tally-timeout': t('Tally has been silent for too long; see whether a dialog is open on its screen.'),
  'tally-refused': t('Tally refused the request.'),
  'company-not-open': t('The company is not open in Tally; open it there, or select another one.'),
  'answer-cut': t("Tally's answer broke off; run it again."),
  'answer-unreadable': t("Tally's answer could not be understood."),
  'range-not-covered': t(
    'Tally did not answer for these dates; set the period on its screen (Alt+F2) and run it again.',
  ),
  'warehouse-unreachable': t('The warehouse cannot be reached; check its address, and that the server is running.'),
  'warehouse-refused': t('The warehouse refused; check the address, the user and the password.'),
  'schema-outdated': t("The warehouse's tables are older than this version."),
  'schema-newer': t("The warehouse's tables are newer than this version; update the extension."),
  'file-not-written': t('The file could not be written; nothing that was there before is changed.'),
  locked: t('Another run is loading this company; wait until it has ended.'),
  guard: t('The result looks like a mistake, so nothing was changed; check the company and the period in Tally.'),
  cancelled: t('Cancelled; what was loaded before stays.'),
};

/** Before the core's English, for a reader of another language; nothing for one of English. */
export function kindOf(code: string | null): string {
  if (spoken().sentences === undefined || code === null || !Object.hasOwn(kinds, code)) return '';
  return `${kinds[code as ErrorCode]} `;
}

export const errorText = (error: EtlError): string =>
  `${kindOf(error.code)}${asSentence(inEditorWords(error.message))} ${inEditorWords(error.hint)}`.trim();
