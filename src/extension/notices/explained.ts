// Adds to a failure what only the editor knows: where a wrong value was set, and which computer localhost is.
import { dotEnvSetting } from '../../core/base/dotEnv.js';
import { type ErrorCode, EtlError } from '../../core/base/errors.js';
import { inDotEnvWords } from '../settings/configFrom.js';
import type { Origin } from '../settings/configuration.js';
import { type PlaceName, placeNames } from '../settings/places.js';
import { localhostWords, placeWords } from '../settings/placeWords.js';
import { inEditorWords } from './errorWords.js';

/** The `EtlError.setting` of a value that may stand in a `.env` which is ignored until the folder is trusted. */
export const untrustedDotEnv = 'untrusted .env';

/** A failure due to Tally's address, the company or the warehouse, in the editor's words. Others stay as they are. */
export function explained(error: EtlError, origin: Origin | undefined): EtlError {
  const name = placeNames.find((one) => one === error.setting);
  if (name === undefined) return error;
  const said = (text: string): string => inEditorWords(inSources(text, origin));
  const hint = [said(error.hint), ...notesOn(origin, error.code)].join(' ');
  const { cause, warnings } = error;
  return new EtlError(error.code, said(error.message), hint, { cause, warnings, setting: settingOf(name, origin) });
}

/** The text with `… in .env` for each name whose value comes from that file. */
export const inSources = (text: string, origin: Origin | undefined): string =>
  origin
    ? inDotEnvWords(
        text,
        placeNames.filter((name) => origin.from[name] === 'dotEnv'),
      )
    : text;

/** The `EtlError.setting` of a wrong value: its name, the `.env` that has it, or an ignored `.env`. */
export function settingOf(name: PlaceName, origin: Origin | undefined): string {
  if (origin?.from[name] === 'dotEnv') return dotEnvSetting;
  return origin?.ignoresDotEnv ? untrustedDotEnv : name;
}

/** Further possible causes of a failure, a sentence each. */
export const notesOn = (origin: Origin | undefined, code: ErrorCode | undefined): string[] => [
  ...(origin?.ignoresDotEnv ? [placeWords.dotEnvIgnored()] : []),
  ...(code === 'tally-unreachable' && origin?.localhostOf !== undefined ? [localhostWords(origin.localhostOf)] : []),
];
