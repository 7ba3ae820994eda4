// What the editor knows of a failure beside the core's words: where a wrong value was said, and which computer localhost is.
import { dotEnvSetting } from '../../core/base/dotEnv.js';
import { type ErrorCode, EtlError } from '../../core/base/errors.js';
import { inDotEnvWords } from '../settings/configFrom.js';
import type { Origin } from '../settings/configuration.js';
import { type PlaceName, placeNames } from '../settings/places.js';
import { localhostWords, placeWords } from '../settings/placeWords.js';
import { inEditorWords } from './errorWords.js';

/** `EtlError.setting` where the right value may stand in a `.env` that does not count yet. */
export const untrustedDotEnv = 'untrusted .env';

/** The failure of a job in the words of the editor. */
export function explained(error: EtlError, origin: Origin | undefined): EtlError {
  const name = placeNames.find((one) => one === error.setting);
  if (name === undefined) return error;
  const said = (text: string): string => inEditorWords(inSources(text, origin));
  const hint = [said(error.hint), ...notesOn(origin, error.code)].join(' ');
  const { cause, warnings } = error;
  return new EtlError(error.code, said(error.message), hint, { cause, warnings, setting: settingOf(name, origin) });
}

/** A sentence that says of the names in it which of them stand in `.env`. */
export const inSources = (text: string, origin: Origin | undefined): string =>
  origin
    ? inDotEnvWords(
        text,
        placeNames.filter((name) => origin.from[name] === 'dotEnv'),
      )
    : text;

/** What leads to a wrong value: the name of its setting, or the `.env`. */
export function settingOf(name: PlaceName, origin: Origin | undefined): string {
  if (origin?.from[name] === 'dotEnv') return dotEnvSetting;
  return origin?.ignoresDotEnv ? untrustedDotEnv : name;
}

/** What else may be the cause of a wrong value. */
export const notesOn = (origin: Origin | undefined, code: ErrorCode | undefined): string[] => [
  ...(origin?.ignoresDotEnv ? [placeWords.dotEnvIgnored()] : []),
  ...(code === 'tally-unreachable' && origin?.localhostOf !== undefined ? [localhostWords(origin.localhostOf)] : []),
];
