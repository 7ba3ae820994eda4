import { t } from '@vscode/l10n';
import type { Client } from 'pg';
import { EtlError } from '../../base/errors.js';
import { type Target, targetName } from '../warehouseError.js';

/** How a server may authenticate us, by libpq's `require_auth` and `channel_binding=require`. */
export interface AuthDemands {
  isAllowed: (method: string) => boolean;
  /**
   * Only SCRAM bound to the encrypted connection is allowed, so that a server in the middle cannot forward our login.
   */
  isBound: boolean;
}

const methods = ['none', 'password', 'md5', 'scram-sha-256'];

/** Undefined if nothing is demanded. Throws `config` for a value that libpq does not know, or that cannot be obeyed here. */
export function readDemands(requireAuth: string | undefined, channelBinding = 'prefer'): AuthDemands | undefined {
  if (!['disable', 'prefer', 'require'].includes(channelBinding)) throw unknown('channel_binding');
  const isBound = channelBinding === 'require';
  if (requireAuth === undefined) return isBound ? { isAllowed: () => true, isBound } : undefined;
  const words = requireAuth.split(',').map((word) => word.trim());
  const negated = words.filter((word) => word.startsWith('!')).map((word) => word.slice(1));
  const named = negated.length > 0 ? negated : words;
  const known = [...methods, 'gss', 'sspi', 'oauth'];
  if ((negated.length > 0 && negated.length < words.length) || named.some((word) => !known.includes(word)))
    throw unknown('require_auth');
  return { isAllowed: (method) => named.includes(method) === (negated.length === 0), isBound };
}

const unknown = (name: string): EtlError =>
  new EtlError(
    'config',
    t('{name} in DB_URL has a value that is not known.', { name }),
    name === 'channel_binding'
      ? t('Use one of {choices} in DB_URL.', { choices: 'disable, prefer, require' })
      : t('Use one or more of {choices} in DB_URL.', { choices: methods.join(', ') }),
    { setting: 'DB_URL' },
  );

/**
 * Refuses a server whose way of authenticating is not allowed, before it gets the password. Call this before the client
 * connects, so that our listeners are set in time.
 */
export function demandAuthentication(client: Client, { isAllowed, isBound }: AuthDemands, target: Target): void {
  const { connection } = client;
  let isProven = false;
  let asked = 'none';
  const judge = (method: string, isAllowedHere: boolean): void => {
    asked = method;
    if (isAllowedHere) return;
    const error = refusal(target, method, isBound);
    // pg calls this function for the password, and fails with its error.
    Object.assign(client, { password: () => Promise.reject(error) });
  };
  connection.on('authenticationCleartextPassword', () => {
    judge('password', isAllowed('password') && !isBound);
  });
  connection.on('authenticationMD5Password', () => {
    judge('md5', isAllowed('md5') && !isBound);
  });
  connection.on('authenticationSASL', ({ mechanisms }: { mechanisms: string[] }) => {
    const method = 'scram-sha-256';
    judge(method, isAllowed(method) && (!isBound || mechanisms.includes('SCRAM-SHA-256-PLUS')));
  });
  connection.on('authenticationSASLFinal', () => (isProven = true));
  connection.on('authenticationOk', () => {
    const isFine = asked === 'none' ? isAllowed('none') && !isBound : asked !== 'scram-sha-256' || isProven;
    if (!isFine) connection.emit('error', refusal(target, asked, isBound));
  });
}

const refusal = (target: Target, method: string, isBound: boolean): EtlError =>
  new EtlError(
    'warehouse-refused',
    t('The warehouse ({target}) authenticates by {method}, which DB_URL does not allow.', {
      target: targetName(target),
      method,
    }),
    isBound
      ? t(
          'channel_binding=require needs a server with TLS and scram-sha-256. Correct the server, or remove channel_binding from DB_URL.',
        )
      : t('Correct require_auth in DB_URL, or the authentication of the server (pg_hba.conf).'),
    { setting: 'DB_URL' },
  );
