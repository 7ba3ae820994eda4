import { t } from '@vscode/l10n';
import type { Config } from '../base/config.js';
import { parseDbUrl } from '../warehouse/postgres/dbUrl.js';

/**
 * The name of a warehouse in messages, without user and password. DB_URL is read by the same rules as for a connection.
 */
export function warehouseName({ dbUrl, isDemo = false }: Pick<Config, 'dbUrl' | 'isDemo'>): string {
  if (dbUrl === undefined) return isDemo ? t('the demo’s own warehouse') : t('the built-in warehouse');
  const { host = 'localhost', database } = parseDbUrl(dbUrl).config;
  return database === undefined ? host : t('{database} on {host}', { database, host });
}
