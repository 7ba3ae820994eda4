import { t } from '@vscode/l10n';
import { formatCount } from './format.js';

/** The closing sentence of a sync of several companies, for VS Code and the command line. */
export function companiesSynced(synced: readonly string[], failed: readonly string[]): string {
  const args = (names: readonly string[]): { count: string; names: string } => ({
    count: formatCount(names.length),
    names: companyNames(names),
  });
  const ok =
    synced.length === 1
      ? t('Synced 1 company: {names}.', args(synced))
      : t('Synced {count} companies: {names}.', args(synced));
  if (failed.length === 0) return synced.length === 0 ? t('There is no company to sync.') : ok;
  const wrong =
    failed.length === 1 ? t('1 failed: {names}.', args(failed)) : t('{count} failed: {names}.', args(failed));
  if (synced.length > 0) return `${ok} ${wrong}`;
  return failed.length === 1
    ? t('The sync of {names} failed.', args(failed))
    : t('The sync of {count} companies failed: {names}.', args(failed));
}

const shownNames = 5;

/** The first names, and how many more there are. */
export function companyNames(names: readonly string[]): string {
  const rest = names.length - shownNames;
  const shown = names.slice(0, rest > 1 ? shownNames : names.length).join(', ');
  return rest > 1 ? t('{names} and {count} more', { names: shown, count: formatCount(rest) }) : shown;
}
