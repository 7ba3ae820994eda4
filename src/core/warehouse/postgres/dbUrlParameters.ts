import { t } from '@vscode/l10n';
import { EtlError } from '../../base/errors.js';

/** Values of libpq's parameters that only ask for what this program does anyway. */
const withoutEffect: Record<string, RegExp> = {
  client_encoding: /^(auto|utf-?8)$/i,
  fallback_application_name: /^/,
  gssencmode: /^(disable|prefer)$/,
  keepalives: /^1$/,
  load_balance_hosts: /^disable$/,
  replication: /^(false|off|no|0)$/,
  sslcompression: /^0$/,
  sslsni: /^1$/,
  target_session_attrs: /^any$/,
  uselibpqcompat: /^/, // a parameter of pg: it asks to read sslmode as libpq does, which is always done here
};

/** Parameters of pg that libpq does not have. pg would read them from the address. */
const limits = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'query_timeout'];

/**
 * Throws `config` naming the first parameter that is neither obeyed nor without effect. libpq too refuses unknown parameters.
 */
export function refuseParameters(params: ReadonlyMap<string, string>): void {
  for (const [name, value] of params)
    if (!withoutEffect[name]?.test(value))
      throw new EtlError('config', t('{name} in DB_URL, or its value, is not supported.', { name }), adviceFor(name), {
        setting: 'DB_URL',
      });
}

function adviceFor(name: string): string {
  if (name === 'hostaddr') return t('Write the address in DB_URL in place of the host, without hostaddr.');
  if (name === 'target_session_attrs')
    return t('Let DB_URL name the one server that takes writes, without target_session_attrs.');
  if (name === 'ssl') return t('Use sslmode in DB_URL: disable, prefer, require, verify-ca or verify-full.');
  if (name === 'passfile') return t('Remove passfile from DB_URL, and name the file in the variable PGPASSFILE.');
  if (limits.includes(name))
    return t('Remove {name} from DB_URL; a limit of the server is written as options=-c%20statement_timeout=5min.', {
      name,
    });
  return t('Remove {name} from DB_URL.', { name });
}
