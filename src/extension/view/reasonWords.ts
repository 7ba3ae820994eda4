import { t } from '@vscode/l10n';

/** Why a run failed, in the few words that a row has room for. Undefined without a code, or for a newer version's code. */
export const reasonOf = (code: string | null | undefined): string | undefined =>
  code == null ? undefined : reasons[code]?.();

const reasons: Partial<Record<string, () => string>> = {
  usage: () => t('the request cannot be understood'),
  config: () => t('a setting cannot be used'),
  'tally-unreachable': () => t('Tally not reachable'),
  'tally-timeout': () => t('Tally did not answer in time'),
  'tally-refused': () => t('Tally answered with an error'),
  'company-not-open': () => t('company not open in Tally'),
  'answer-cut': () => t('Tally’s answer broke off'),
  'answer-unreadable': () => t('Tally’s answer cannot be read'),
  'warehouse-unreachable': () => t('warehouse not reachable'),
  'warehouse-refused': () => t('the warehouse refused'),
  'schema-outdated': () => t('the warehouse is of an older version'),
  'schema-newer': () => t('the warehouse is of a newer version'),
  locked: () => t('another run was loading this company'),
  'range-not-covered': () => t('Tally’s answer does not cover the range'),
  guard: () => t('the result looked like a mistake'),
  unexpected: () => t('unexpected error'),
};
