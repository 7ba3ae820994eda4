import { t } from '@vscode/l10n';
import { dotEnvSetting } from '../../core/base/dotEnv.js';
import type { EtlError } from '../../core/base/errors.js';
import { inDotEnv, settingNames } from '../settings/configFrom.js';
import { placeNames } from '../settings/places.js';

/** VS Code's names of settings. The core names settings as the environment does, in every language. */
const editorNames: Partial<Record<string, string>> = Object.fromEntries(
  Object.entries(settingNames).map(([setting, name]) => [name, `tally.${setting}`]),
);

export function inEditorWords(text: string): string {
  // `TALLY_URL in .env` keeps its name, because the file uses that name.
  const inFile = placeNames.map((name) => inDotEnv(name).replace(/[^\w\s]/g, String.raw`\$&`));
  const names = new RegExp([...inFile, String.raw`\b[A-Z]+_[A-Z_]+\b`].join('|'), 'g');
  const editorName = (name: string): string =>
    name === 'DB_URL' ? t('the warehouse URL') : (editorNames[name] ?? name);
  return text.replace(names, editorName).replace(/^the /, 'The ');
}

/** Ends with a full stop, which in Hindi is a danda. */
export const asSentence = (text: string): string => (/[.!?…।]$/.test(text) ? text : t('{words}.', { words: text }));

/** The message and hint of an error. They have the editor's names of settings, unless a `.env` has to be corrected. */
export function errorText({ message, hint, setting }: Pick<EtlError, 'message' | 'hint' | 'setting'>): string {
  const named = setting === dotEnvSetting ? (text: string): string => text : inEditorWords;
  return `${asSentence(named(message))} ${named(hint)}`.trim();
}
