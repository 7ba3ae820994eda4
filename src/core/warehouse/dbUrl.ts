import fs from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { t } from '@vscode/l10n';
import type { ClientConfig } from 'pg';
import { EtlError } from '../errors.js';

/** How to reach a server: what pg takes, and the kinds of encryption to try in this order. */
export interface ServerAddress {
  config: ClientConfig;
  tls: (ConnectionOptions | false)[];
}

const modes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];

/**
 * DB_URL with TLS by libpq's rules for sslmode (unset: `prefer`), which pg's own reading of a URL does not follow.
 * Throws `config`; no message shows the URL.
 */
export function parseDbUrl(url: string): ServerAddress {
  const [address = '', search = ''] = url.split(/\?(.*)/s);
  const params = new URLSearchParams(search);
  const take = (name: string, variable: string): string | undefined => {
    const value = params.get(name) ?? process.env[variable];
    params.delete(name);
    return value === '' ? undefined : value;
  };
  const jdbc = params.get('ssl') === 'true' ? 'require' : undefined; // libpq takes ssl=true for JDBC's sake
  for (const name of ['ssl', 'uselibpqcompat']) params.delete(name);
  const mode = take('sslmode', 'PGSSLMODE') ?? jdbc;
  const rootCert = take('sslrootcert', 'PGSSLROOTCERT');
  const cert = take('sslcert', 'PGSSLCERT');
  const key = take('sslkey', 'PGSSLKEY');
  const files: ConnectionOptions = {
    ...(rootCert !== undefined && rootCert !== 'system' && { ca: readPem('sslrootcert', rootCert) }),
    ...(cert !== undefined && { cert: readPem('sslcert', cert) }),
    ...(key !== undefined && { key: readPem('sslkey', key) }),
  };
  const rest = params.toString();
  return {
    config: { connectionString: rest === '' ? address : `${address}?${rest}` },
    tls: tlsAttempts(mode ?? (rootCert === 'system' ? 'verify-full' : 'prefer'), files, rootCert),
  };
}

const wrong = (message: string, hint: string, cause?: unknown): EtlError =>
  new EtlError('config', message, hint, { cause, setting: 'DB_URL' });

function tlsAttempts(mode: string, files: ConnectionOptions, rootCert?: string): ServerAddress['tls'] {
  const unverified = { ...files, rejectUnauthorized: false };
  const chainOnly = { ...files, checkServerIdentity: () => undefined };
  switch (mode) {
    case 'disable':
      return [false];
    case 'allow':
      return [false, unverified];
    case 'prefer':
      return [unverified, false];
    case 'require': // with a root certificate the same as verify-ca
      return [files.ca === undefined ? unverified : chainOnly];
    case 'verify-ca':
      if (rootCert === undefined || rootCert === 'system')
        throw wrong(
          t('sslmode=verify-ca needs a root certificate.'),
          t('Add sslrootcert=/path/to/root.crt to DB_URL, or use sslmode=verify-full.'),
        );
      return [chainOnly];
    case 'verify-full':
      return [files];
    default:
      throw wrong(
        t('sslmode is not known: {mode}', { mode }),
        t('Use one of {choices} in DB_URL.', { choices: modes.join(', ') }),
      );
  }
}

function readPem(name: string, file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (cause) {
    throw wrong(t('{name} cannot be read: {file}', { name, file }), t('Correct {name} in DB_URL.', { name }), cause);
  }
}
