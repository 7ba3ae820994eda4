import path from 'node:path';
import { t } from '@vscode/l10n';
import {
  type Config,
  defaultLedgerPatterns,
  type Environment,
  type LedgerPatterns,
  readConfig,
} from '../../core/base/config.js';
import { dotEnvSetting } from '../../core/base/dotEnv.js';
import { EtlError } from '../../core/base/errors.js';
import { inForce, type PlaceName, placeNames, type Said } from './places.js';

/** Each setting (without `tally.`) with the environment name of docs/contract.md that means the same. */
export const settingNames = {
  url: 'TALLY_URL',
  company: 'TALLY_COMPANY',
  report: 'TALLY_REPORT',
  streams: 'TALLY_STREAMS',
  overlapDays: 'TALLY_OVERLAP_DAYS',
  timeoutSeconds: 'TALLY_TIMEOUT_SECONDS',
  dataFolder: 'TALLY_DATA_DIR',
} as const;
export type SettingName = keyof typeof settingNames | 'ledgerPatterns';

/** A name whose value comes from `.env`, as messages write it. */
export const inDotEnv = (name: string): string => t('{name} in .env', { name });

export interface ConfigSources extends Said {
  /**
   * Only what the user or the workspace has set: a default must not hide the environment. The values of `placeNames`
   * are in `Said`.
   */
  settings: Partial<Record<SettingName, unknown>>;
  /** TALLY_DATA_DIR of the process. */
  dataDir: string | undefined;
}

/** The configuration that the sources make together. Throws `config`. */
export function configFrom(sources: ConfigSources): Config {
  const env: Environment = { TALLY_DATA_DIR: sources.dataDir };
  for (const [setting, name] of Object.entries(settingNames)) {
    const text = asText(sources.settings[setting as keyof typeof settingNames]);
    if (text !== undefined && text.trim() !== '') env[name] = text;
  }
  for (const name of placeNames) env[name] = inForce(sources, name).value;
  refusePartialPath(env.TALLY_DATA_DIR?.trim());
  try {
    return { ...readConfig(env), ledgerPatterns: ledgerPatterns(sources.settings.ledgerPatterns) };
  } catch (error) {
    if (!(error instanceof EtlError)) throw error;
    const names = namesInDotEnv(sources);
    const setting = names.some((name) => name === error.setting) ? dotEnvSetting : error.setting;
    const [message, hint] = [inDotEnvWords(error.message, names), inDotEnvWords(error.hint, names)];
    throw new EtlError(error.code, message, hint, { cause: error, setting });
  }
}

/** The names whose value comes from `.env`. */
export const namesInDotEnv = (said: Said): PlaceName[] =>
  placeNames.filter((name) => inForce(said, name).source === 'dotEnv');

/** The text with `… in .env` for each of these names. */
export const inDotEnvWords = (text: string, names: readonly PlaceName[]): string =>
  names.reduce((said, name) => said.replaceAll(name, inDotEnv(name)), text);

/** Refuses a relative path. It would depend on the editor's working folder, which the user does not choose. */
function refusePartialPath(folder: string | undefined): void {
  if (!folder || path.isAbsolute(folder) || /^~(?=$|[/\\])/.test(folder)) return;
  throw new EtlError(
    'config',
    t('TALLY_DATA_DIR is not a whole path: {folder}', { folder }),
    t('Write the whole path of a folder, or remove it for the default.'),
    { setting: 'TALLY_DATA_DIR' },
  );
}

/** A setting as text. settings.json may hold anything, so a value that is not text becomes JSON, as it stands there. */
export function asText(value: unknown): string | undefined {
  return value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
}

function ledgerPatterns(value: unknown): LedgerPatterns {
  const patterns = { ...defaultLedgerPatterns };
  for (const [name, pattern] of Object.entries(value ?? {}) as [string, unknown][]) {
    if (!(name in patterns))
      throw new EtlError(
        'config',
        t('tally.ledgerPatterns has an unknown class: {name}.', { name: JSON.stringify(name) }),
        t('Use {classes}.', { classes: Object.keys(patterns).join(', ') }),
      );
    patterns[name as keyof LedgerPatterns] = regularExpression(name, pattern);
  }
  return patterns;
}

function regularExpression(name: string, pattern: unknown): string {
  try {
    if (typeof pattern !== 'string') throw new Error(t('it is not text'));
    if (pattern === '') throw new Error(t('an empty one matches every ledger'));
    new RegExp(pattern, 'i');
    return pattern;
  } catch (error) {
    throw new EtlError(
      'config',
      t('tally.ledgerPatterns: the pattern for {name} cannot be used: {reason}.', {
        name,
        reason: (error as Error).message,
      }),
      t('Correct the regular expression or remove it.'),
      { cause: error },
    );
  }
}
