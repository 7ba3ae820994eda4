import { t } from '@vscode/l10n';
import { dotEnvSetting } from '../../core/base/dotEnv.js';
import type { EtlError } from '../../core/base/errors.js';
import { untrustedDotEnv } from './explained.js';

/** A button of a message, by its name in the code. */
export type Button = keyof typeof buttonTitles;

export const buttonTitles = {
  'Open Settings': () => t('Open Settings'),
  'Set Tally Address': () => t('Set Tally Address'),
  'Set Warehouse URL': () => t('Set Warehouse URL'),
  'Select Company': () => t('Select Company'),
  'Start Demo Company': () => t('Start Demo Company'),
  'Stop Demo': () => t('Stop Demo'),
  'Backfill Demo Range': () => t('Backfill Demo Range'),
  'Backfill Range': () => t('Backfill Range'),
  'Check Setup': () => t('Check Setup'),
  'Check Again': () => t('Check Again'),
  Retry: () => t('Retry'),
  'Sync Now': () => t('Sync Now'),
  'Sync All': () => t('Sync All'),
  'Open .env': () => t('Open .env'),
  /** Opens the env file of the scheduled sync. */
  'Open Env File': () => t('Open Env File'),
  'Manage Trust': () => t('Manage Trust'),
  'Show Log': () => t('Show Log'),
  'Show Rejected Vouchers': () => t('Show Rejected Vouchers'),
  'Show Dry Run': () => t('Show Dry Run'),
  'Show Summary': () => t('Show Summary'),
  /** Opens the view, whose Recent Runs have a row for each company. */
  'Show Runs': () => t('Show Runs'),
  'Get Started': () => t('Get Started'),
  Save: () => t('Save'),
  'Save As': () => t('Save As'),
  'Show Comparison': () => t('Show Comparison'),
  'Show Differences': () => t('Show Differences'),
  Open: () => t('Open'),
  'Reveal in Folder': () => t('Reveal in Folder'),
  'Show in Explorer': () => t('Show in Explorer'),
  'Copy Connection String': () => t('Copy Connection String'),
  Close: () => t('Close'),
};

/** The button that leads to a wrong value, by `EtlError.setting`. The warehouse's URL is not a setting: a command asks for it. */
export const remedies: Partial<Record<string, Button>> = {
  TALLY_URL: 'Set Tally Address',
  TALLY_COMPANY: 'Select Company',
  DB_URL: 'Set Warehouse URL',
  [dotEnvSetting]: 'Open .env',
  [untrustedDotEnv]: 'Manage Trust',
};

/** The buttons that help with a failure, the likeliest first. A notification has room for three. */
export function buttonsFor({ code, setting }: Pick<EtlError, 'code' | 'setting'>): Button[] {
  const remedy = setting === undefined ? undefined : remedies[setting];
  if (remedy !== undefined) return [remedy, 'Retry', 'Show Log'];
  switch (code) {
    case 'tally-unreachable':
      return ['Set Tally Address', 'Retry', 'Show Log'];
    case 'tally-timeout':
    case 'tally-refused':
      return ['Open Settings', 'Retry', 'Show Log'];
    case 'company-not-open':
      return ['Select Company', 'Retry', 'Show Log'];
    case 'config':
      return ['Open Settings', 'Select Company', 'Show Log'];
    case 'warehouse-unreachable':
    case 'warehouse-refused':
      return ['Set Warehouse URL', 'Retry', 'Show Log'];
    case 'range-not-covered':
      return ['Open Settings', 'Show Log'];
    case 'cancelled':
    case 'locked':
    case 'answer-cut':
      return ['Retry', 'Show Log'];
    default:
      return ['Show Log'];
  }
}
