import { t } from '@vscode/l10n';
import { parseDbUrl } from '../warehouse/postgres/dbUrl.js';

/** The warehouse of a run as a message names it: without user and password, by the rules that a connection follows. */
export function warehouseName(dbUrl: string | undefined): string {
  if (dbUrl === undefined) return t('the built-in warehouse');
  const { host = 'localhost', database } = parseDbUrl(dbUrl).config;
  return database === undefined ? host : t('{database} on {host}', { database, host });
}
