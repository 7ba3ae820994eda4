import { t } from '@vscode/l10n';
import { connectionReason } from '../base/connectionReason.js';
import { EtlError } from '../base/errors.js';

/** The hint for an SQLSTATE: what a person can do. */
function hintFor(sqlState: string): string {
  // A key is a whole code or its class, the first two characters.
  const hints: Record<string, string> = {
    '28P01': t('The user name or the password is wrong: set DB_URL again.'),
    '28000': t('The server does not let this user in: check user and database in DB_URL, sslmode, and pg_hba.conf.'),
    '3D000': t('Create that database, or correct the name at the end of DB_URL.'),
    '22P05': t(
      "This database's encoding cannot store ₹ and Indian scripts. Create another database with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0, and set DB_URL to it.",
    ),
    '25006': t('This server is read-only (a replica?). Set DB_URL to the server that accepts writes.'),
    '42501': t(
      'The user of DB_URL lacks a right. The setup check names the right and the statement that grants it. A load needs the right to create and change tables in schema public, to read and write their rows, and to create temporary tables.',
    ),
    '42P01': t(
      'A table of the warehouse was removed. Restore it from a backup, or set DB_URL to an empty database and load again.',
    ),
    '42P07': t(
      'The database already has a table of that name, made by another program. Set DB_URL to an empty database.',
    ),
    '53100': t(
      'The disk of the warehouse is full: free space there and run the command again. Nothing was left half done.',
    ),
    '53200': t('The warehouse is out of memory: run the command again later. Nothing was left half done.'),
    '55P03': t(
      'Another session holds a lock on the tables of the warehouse: wait until it has finished, or end it, then run the command again.',
    ),
    '53300': t(
      'The server, or the pooler before it, has no free connection: a load needs three at once. Close other programs, or raise max_connections, the CONNECTION LIMIT of the user or the database, or the size of the pool, then run again.',
    ),
    '40': t('Another program changed the same rows at that moment: run the command again.'),
    '57014': t(
      'The statement was cancelled, by a person or by a time limit of the server or pooler. Run the command again.',
    ),
  };
  return (
    hints[sqlState] ??
    hints[sqlState.slice(0, 2)] ??
    t('Nothing was left half done. Correct the cause, then run the command again.')
  );
}

const unreachableHint = (target: Target): string =>
  target === embeddedTarget
    ? t(
        'Run the command again: it starts the built-in PostgreSQL again. If that fails too, check the free space of the disk.',
      )
    : t('Check that PostgreSQL is running, that DB_URL names its host and port, and that no firewall is between.');

/** Stands for the embedded warehouse, which has no address. */
export const embeddedTarget = Symbol('embedded');

/** The warehouse that an error names: a server by its address without user and password, or the embedded one. */
export type Target = string | typeof embeddedTarget;

export const targetName = (target: Target): string => (target === embeddedTarget ? t('built-in') : target);

const settingOf = (target: Target): string | undefined => (target === embeddedTarget ? undefined : 'DB_URL');

/** The error for a server that cannot be reached (`warehouse-unreachable`). `words` must not contain a secret. */
export const unreachable = (target: Target, words: string, cause?: unknown, hint = unreachableHint(target)): EtlError =>
  new EtlError(
    'warehouse-unreachable',
    t('The warehouse ({target}) cannot be reached: {words}', { target: targetName(target), words }),
    hint,
    { cause, setting: settingOf(target) },
  );

/** The error for a server that answers and refuses (`warehouse-refused`). `words` must not contain a secret. */
export const refused = (target: Target, words: string, hint: string, cause?: unknown): EtlError =>
  new EtlError(
    'warehouse-refused',
    t('The warehouse ({target}) refused: {words}', { target: targetName(target), words }),
    hint,
    { cause, setting: settingOf(target) },
  );

/** The error for a database whose encoding lacks characters of Tally's books. */
export const encodingError = (target: Target, encoding: string): EtlError =>
  new EtlError(
    'warehouse-refused',
    t('The warehouse ({target}) has the encoding {encoding}, and a load needs UTF8.', {
      target: targetName(target),
      encoding,
    }),
    hintFor('22P05'),
  );

/**
 * The error for a user who may not apply our settings to a session. Among these settings only session_replication_role
 * needs a right.
 */
export const fixedByOthers = ({ message, cause }: EtlError): EtlError =>
  new EtlError(
    'warehouse-refused',
    message,
    t(
      'Ask an administrator of the server to remove that setting: ALTER ROLE … RESET session_replication_role, and ALTER DATABASE … RESET session_replication_role.',
    ),
    { cause },
  );

/** The error for a full disk of the embedded warehouse. `words` says what failed. */
export const diskFull = (dataDir: string, words: string, cause?: unknown): EtlError =>
  new EtlError(
    'warehouse-refused',
    t('The disk of the built-in warehouse is full: {words}', { words }),
    t(
      'Free space on the disk of {folder}, or set TALLY_DATA_DIR to a folder on another disk, then run the command again.',
      { folder: dataDir },
    ),
    { cause },
  );

/**
 * Whether the error says that space is used up: the disk is full, or a quota or the size limit of a file is reached.
 */
export const isDiskFull = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(errorCode(error)) || saysDiskFull(String(error));

/**
 * Looks at the words, because PostgreSQL has a separate code only for a full disk, and none for a quota
 * (errcode_for_file_access).
 */
export const saysDiskFull = (words: string): boolean =>
  /No space left on device|[Qq]uota exceeded|File too large/.test(words);

/**
 * The error for a COMMIT that was not answered: the server may have carried it out. Returns an error that is not ours
 * unchanged.
 */
export const outcomeUnknown = (error: unknown): unknown =>
  error instanceof EtlError
    ? new EtlError(
        error.code,
        t(
          '{error} This happened while the last part was being committed. It is not known whether that part was saved.',
          { error: error.message },
        ),
        t('{hint} The next run of the same command finds out and completes it.', { hint: error.hint }),
        { cause: error },
      )
    : error;

/**
 * Turns a failure of pg into the error that a person sees: `warehouse-unreachable` or `warehouse-refused`, with the
 * words of the server. Returns other errors unchanged: a bug, or an EtlError.
 */
export function warehouseError(error: unknown, target: Target): unknown {
  if (error instanceof EtlError || !(error instanceof Error)) return error;
  const code = errorCode(error);
  // Removes the advice for programmers that newer versions of Node.js add.
  const said = (error.message || code).replace(/; if the root CA is installed locally.*/s, '');
  const words = /[.!?]$/.test(said) ? said : `${said}.`;
  if (isSqlState(code)) {
    // PgBouncer has a single code for all its errors, so only the words tell these two from the others.
    if (/query_wait_timeout|no more connections allowed/.test(words))
      return refused(target, words, hintFor('53300'), error);
    if (words.includes('unsupported startup parameter'))
      return refused(
        target,
        words,
        t(
          'The pooler takes no settings with the address: remove options from DB_URL, and PGOPTIONS from the environment.',
        ),
        error,
      );
    // Time limits that an administrator can set for all sessions. Our sessions lift the server's limits, but a pooler
    // may have its own.
    if (['57P05', '25P03', '25P04'].includes(code))
      return unreachable(
        target,
        words,
        error,
        t(
          'A limit of the server, or of the pooler before it, ended the session: see its words, lift that limit for the user of DB_URL, then run the command again.',
        ),
      );
    if (code.startsWith('08') || ['57P01', '57P02', '57P03'].includes(code)) return unreachable(target, words, error);
    const known = saysDiskFull(words) ? '53100' : code;
    // PostgreSQL also has this code for the memory that all sessions share. Its size is fixed, so waiting does not
    // help.
    if (code === '53200' && words.includes('shared memory'))
      return refused(
        target,
        words,
        t(
          'The lock table of the server is full: close programs that hold many locks, or raise max_locks_per_transaction and restart the server. Nothing was left half done.',
        ),
        error,
      );
    return refused(target, words, hintFor(known), error);
  }
  if (isTlsFailure(error, code)) return refused(target, words, tlsHint(code), error);
  // pg's own words, without a code: the server asks for a password and the address has none.
  if (words.includes('client password must be a string'))
    return refused(
      target,
      t('the server asks for a password.'),
      t('Set DB_URL with one: postgres://user:password@host:5432/database.'),
      error,
    );
  if (/^E[A-Z]+$/.test(code)) {
    const reason = connectionReason(code);
    return unreachable(target, reason === undefined ? words : t('{words}.', { words: reason }), error);
  }
  // pg's own words, without a code.
  if (/timeout expired|connection timeout|Connection terminated|not queryable|Client was closed/i.test(words))
    return unreachable(target, words, error);
  return error;
}

/** The hint for a failed encrypted connection, by the code of Node.js. */
function tlsHint(code: string): string {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return t("The certificate is made out to another name. In DB_URL, write the server's name as in its certificate.");
  if (/^(SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_)/.test(code))
    return t(
      'This computer does not know who signed the certificate: get the certificate of that authority from whoever runs the server, and add sslrootcert=/path/to/root.crt to DB_URL.',
    );
  if (code === 'CERT_HAS_EXPIRED') return t('The certificate of the server has expired: have it renewed.');
  return t(
    'The encrypted connection failed: check sslmode and sslrootcert in DB_URL and the certificate of the server.',
  );
}

/**
 * The SQLSTATE or Node's code of an error, else ''. A host name with several addresses fails with an AggregateError,
 * whose first error counts.
 */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof AggregateError ? errorCode(error.errors[0]) : '';
}

export const isSqlState = (code: string): boolean => /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code);

/**
 * Whether encryption failed: with sslmode `prefer` an unencrypted connection is tried next. Some errors of pg have no
 * code, so their words are tested.
 */
export const isTlsFailure = (error: Error, code = errorCode(error)): boolean =>
  /support SSL|an SSL connection/.test(error.message) ||
  /^(ERR_SSL|ERR_TLS|EPROTO$|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH)/.test(code);
