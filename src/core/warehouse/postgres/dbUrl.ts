import fs from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { t } from '@vscode/l10n';
import type { ClientConfig } from 'pg';
import { unreadableDbUrl } from '../../base/config.js';
import { EtlError } from '../../base/errors.js';
import { readDemands, type AuthDemands } from './authentication.js';
import { refuseParameters } from './dbUrlParameters.js';
import { fixedSettings } from './sessionSettings.js';
import type { SilenceLimits } from './silence.js';

/** How to reach a server: the config for pg, and the kinds of encryption to try, in this order. */
export interface ServerAddress {
  config: ClientConfig;
  tls: (ConnectionOptions | false)[];
  auth?: AuthDemands;
  /** The names, in lower case, of the settings that `options` in the address sets. Our settings do not replace them. */
  keep?: readonly string[];
  /** Unset: the default limits. */
  silence?: SilenceLimits;
  /** Whether the pooler at this address keeps sessions apart. Unset: unknown, or there is no pooler. */
  keepsSessions?: boolean;
}

const modes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];

/**
 * Reads DB_URL by libpq's rules, which pg's own parser does not follow. A parameter wins over a part of the address, and both
 * win over libpq's environment variable; sslmode is `prefer` if unset. A parameter that cannot be obeyed is refused by name.
 * Throws `config`. No message shows the URL. The hint names the environment variables that replaced missing parameters.
 */
export function parseDbUrl(url: string): ServerAddress {
  const variables = new Set<string>();
  try {
    return addressOf(readUrl(url), variables);
  } catch (error) {
    if (!(error instanceof EtlError) || variables.size === 0) throw error;
    throw wrong(
      error.message,
      t('{hint} Environment variables fill in what DB_URL leaves out. Set here: {names}.', {
        hint: error.hint,
        names: [...variables].join(', '),
      }),
      error.cause,
    );
  }
}

function addressOf({ params, ...place }: ReturnType<typeof readUrl>, variables: Set<string>): ServerAddress {
  const take = (name: string, variable: string): string | undefined => {
    if (!params.has(name) && process.env[variable]) variables.add(variable);
    const value = params.get(name) ?? process.env[variable];
    params.delete(name);
    return value === '' ? undefined : value;
  };
  const own = (name: string): string | undefined => take(name, '');
  // For JDBC's sake libpq accepts ssl=true, but no other value.
  if (params.get('ssl') === 'true') {
    params.delete('ssl');
    if (!params.get('sslmode')) params.set('sslmode', 'require');
  }
  const mode = take('sslmode', 'PGSSLMODE');
  const rootCert = take('sslrootcert', 'PGSSLROOTCERT');
  const files = readFiles(take, rootCert);
  const host = own('host') ?? place.host;
  const port = readPort(own('port') ?? place.port);
  if (host?.includes(',')) throw severalHosts();
  const auth = readDemands(take('require_auth', 'PGREQUIREAUTH'), take('channel_binding', 'PGCHANNELBINDING'));
  const timeout = take('connect_timeout', 'PGCONNECT_TIMEOUT');
  const negotiation = take('sslnegotiation', 'PGSSLNEGOTIATION');
  if (negotiation !== undefined && !['direct', 'postgres'].includes(negotiation))
    throw wrong(
      t('The value of {name} in DB_URL is not valid.', { name: 'sslnegotiation' }),
      t('Remove {name} from DB_URL.', { name: 'sslnegotiation' }),
    );
  const idle = own('keepalives_idle');
  const ownOptions = own('options');
  const keep = readOptions(ownOptions);
  const options = ownOptions ?? process.env.PGOPTIONS;
  const config: ClientConfig = given({
    host,
    port,
    user: own('user') ?? place.user,
    password: own('password') ?? place.password,
    database: own('dbname') ?? place.database,
    application_name: own('application_name'),
    options,
    connectionTimeoutMillis: timeout === undefined ? undefined : 1000 * wholeNumber('connect_timeout', timeout),
    keepAliveInitialDelayMillis: idle === undefined ? undefined : 1000 * wholeNumber('keepalives_idle', idle),
    sslnegotiation: negotiation === 'direct' ? negotiation : undefined,
    enableChannelBinding: auth?.isBound,
  });
  refuseParameters(params);
  let tls = tlsAttempts(mode ?? (rootCert === 'system' ? 'verify-full' : 'prefer'), files, rootCert);
  // If encryption is only preferred, the unencrypted attempt would follow, and a server could ask for the password
  // there.
  if (auth?.isBound || negotiation === 'direct') tls = tls.filter((attempt) => attempt !== false);
  if (tls.length === 0)
    throw wrong(
      t('channel_binding=require and sslnegotiation=direct need an encrypted connection.'),
      t('Use sslmode=require or verify-full in DB_URL.'),
    );
  return { config, tls, keep, ...(auth && { auth }) };
}

/** The decoded parts of `postgres://user:password@host:port/database?name=value`; undefined for an absent or empty part. */
function readUrl(url: string) {
  const [address = '', search = ''] = url.split(/\?(.*)/s);
  const [, authority, path = ''] = /^postgres(?:ql)?:\/\/([^/]*)(?:\/(.*))?$/s.exec(address) ?? [];
  if (authority === undefined) throw unreadableDbUrl();
  const at = authority.lastIndexOf('@');
  const [user = '', password = ''] = authority.slice(0, Math.max(at, 0)).split(/:(.*)/s);
  const hosts = authority.slice(at + 1);
  if (hosts.includes(',')) throw severalHosts();
  const [, bracketed, name, port = ''] = /^(?:\[([^\]]*)\]|([^:[\]\s]*))(?::(.*))?$/.exec(hosts) ?? [];
  if (bracketed === undefined && name === undefined) throw unreadableDbUrl();
  const params = new Map(
    search
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair): [string, string] => {
        const [key = '', value = ''] = pair.split(/=(.*)/s);
        return [decode(key), decode(value)];
      }),
  );
  // The password contains a "/" or "?" that was not written as %2F or %3F. No part may then be shown.
  if (path.includes('@')) throw unreadableDbUrl();
  if ([...params.keys()].some((key) => !/^\w+$/.test(key))) throw unreadableDbUrl();
  return {
    user: decode(user) || undefined,
    password: decode(password) || undefined,
    host: decode(bracketed ?? name ?? '') || undefined,
    port: port || undefined,
    database: decode(path) || undefined,
    params,
  };
}

/** A `%` that does not begin a code stands for itself: passwords with such a `%` have always worked here. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replace(/%(?![0-9a-f]{2})/gi, '%25'));
  } catch {
    throw unreadableDbUrl();
  }
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
const given = <T extends object>(values: T): Given<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>;

const wrong = (message: string, hint: string, cause?: unknown): EtlError =>
  new EtlError('config', message, hint, { cause, setting: 'DB_URL' });

const severalHosts = (): EtlError =>
  wrong(
    t('DB_URL names several hosts.'),
    t('Name one in DB_URL, the server that takes writes: all sessions of a load have to reach the same server.'),
  );

/** The message does not show the text: if "@host" is missing, the text is the password. */
function readPort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535) return Number(text);
  throw wrong(
    t('The port in DB_URL is not valid.'),
    t('A port is a number from 1 to 65535: postgres://user:password@host:5432/database.'),
  );
}

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw wrong(t('{name} in DB_URL is not a number of seconds.', { name }), t('Correct {name} in DB_URL.', { name }));
}

/** The names of the settings that `options` sets. Throws if one of them affects the results of a load. */
function readOptions(options = ''): string[] {
  const names = [...options.matchAll(/(?:^|\s)(?:-c\s*|--)([\w.-]+)\s*=/g)].map(([, name = '']) =>
    name.replaceAll('-', '_').toLowerCase(),
  );
  const name = names.find((each) => fixedSettings.has(each));
  if (name !== undefined)
    throw wrong(
      t('options in DB_URL sets {name}, which this program sets by itself.', { name }),
      t('Remove {name} from DB_URL: the tables are in schema public, whatever the settings of the user.', { name }),
    );
  return names;
}

function readFiles(take: (name: string, variable: string) => string | undefined, rootCert?: string): ConnectionOptions {
  const read = (name: string, file: string | undefined): string | undefined => file && readPem(name, file);
  const version = (name: string, variable: string): ConnectionOptions['minVersion'] => {
    const text = take(name, variable);
    if (text === undefined || /^TLSv1(\.[123])?$/.test(text)) return text as ConnectionOptions['minVersion'];
    throw wrong(t('{name} in DB_URL is not a version of TLS.', { name }), t('Write it like TLSv1.2.'));
  };
  return given({
    ca: rootCert === 'system' ? undefined : read('sslrootcert', rootCert),
    cert: read('sslcert', take('sslcert', 'PGSSLCERT')),
    key: read('sslkey', take('sslkey', 'PGSSLKEY')),
    crl: read('sslcrl', take('sslcrl', 'PGSSLCRL')),
    passphrase: take('sslpassword', ''),
    minVersion: version('ssl_min_protocol_version', 'PGSSLMINPROTOCOLVERSION'),
    maxVersion: version('ssl_max_protocol_version', 'PGSSLMAXPROTOCOLVERSION'),
  });
}

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
    case 'require': // with a root certificate `require` means the same as verify-ca
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
        mode === 'no-verify'
          ? t('Use sslmode=require in DB_URL, which means the same.')
          : t('Use one of {choices} in DB_URL.', { choices: modes.join(', ') }),
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
