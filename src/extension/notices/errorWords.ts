import { t } from '@vscode/l10n';
import { dotEnvSetting } from '../../core/base/dotEnv.js';
import type { EtlError } from '../../core/base/errors.js';
import { inDotEnv, settingNames } from '../settings/configFrom.js';
import { placeNames } from '../settings/places.js';

/** The core names a setting as the environment does, in every language; a user of the editor knows it by these. */
const editorNames: Partial<Record<string, string>> = Object.fromEntries(
  Object.entries(settingNames).map(([setting, name]) => [name, `tally.${setting}`]),
);

export function inEditorWords(text: string): string {
  // A name with the words of `.env` around it stays: it is what stands in that file.
  const inFile = placeNames.map((name) => inDotEnv(name).replace(/[^\w\s]/g, String.raw`\$&`));
  const names = new RegExp([...inFile, String.raw`\b[A-Z]+_[A-Z_]+\b`].join('|'), 'g');
  const editorName = (name: string): string =>
    name === 'DB_URL' ? t('the warehouse URL') : (editorNames[name] ?? name);
  return text.replace(names, editorName).replace(/^the /, 'The ');
}

/** Ends with a full stop, which in Hindi is a danda. */
export const asSentence = (text: string): string => (/[.!?…।]$/.test(text) ? text : t('{words}.', { words: text }));

/** What is to be corrected in `.env` keeps the names that stand in that file. */
export function errorText({ message, hint, setting }: EtlError): string {
  const named = setting === dotEnvSetting ? (text: string): string => text : inEditorWords;
  return `${asSentence(named(message))} ${named(hint)}`.trim();
}
