import { createHash } from 'node:crypto';
import { t } from '@vscode/l10n';
import { EtlError } from '../../base/errors.js';
import { timeText } from '../../base/countWords.js';
import type { Connection } from './connection.js';

/** The right to load one company of one database. It lasts until it is released, or until the process dies. */
export interface CompanyLock {
  /** False once its connection is lost: another run may have taken the lock since then. */
  readonly held: boolean;
  release(): Promise<void>;
}

/** Takes the company's lock on a connection of its own. Throws `locked`, naming the holder, if another run has the lock. */
export async function takeLock(connection: Connection, companyId: string): Promise<CompanyLock> {
  try {
    const key = lockKey(companyId);
    if (!(await tryLock(connection, key))) {
      const holder = await holderOf(connection, key);
      // If the holder is no longer found, it has ended since. The lock is then free, unless a third run has taken it.
      if (holder !== undefined || !(await tryLock(connection, key)))
        throw lockedError(holder ?? (await holderOf(connection, key)));
    }
  } catch (error) {
    await connection.close();
    throw error;
  }
  return {
    get held() {
      return !connection.lost;
    },
    release: () => connection.close(),
  };
}

async function tryLock(connection: Connection, key: string): Promise<boolean> {
  const [row] = await connection.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1::bigint) AS taken', [key]);
  return row?.taken === true;
}

interface Holder {
  name: string;
  /** Seconds since 1970; null if PostgreSQL does not tell. */
  started: string | null;
}

async function holderOf(connection: Connection, key: string): Promise<Holder | undefined> {
  // PostgreSQL shows the key in two halves. It hides backend_start of another role's session. A backend_start in the future
  // only shows that the server's clock was set back.
  const [holder] = await connection.query<Holder>(
    `SELECT a.application_name AS name,
       CASE WHEN a.backend_start <= clock_timestamp() THEN extract(epoch FROM a.backend_start)::bigint END AS started
     FROM pg_locks l JOIN pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND l.classid = (($1::bigint >> 32) & 4294967295)::oid AND l.objid = ($1::bigint & 4294967295)::oid`,
    [key],
  );
  return holder;
}

function lockedError(holder: Holder | undefined): EtlError {
  const hint = t('Wait until it has finished, or stop it, then run the command again. Nothing was changed.');
  if (holder === undefined) return new EtlError('locked', t('Another run is loading this company.'), hint);
  const { name, started } = holder;
  if (started === null)
    return new EtlError('locked', t('Another run is loading this company: {name}.', { name }), hint);
  const time = timeText(new Date(Number(started) * 1000));
  return new EtlError('locked', t('Another run is loading this company: {name}, since {time}.', { name, time }), hint);
}

/** An advisory lock has a 64-bit number, but a company's GUID is text. */
const lockKey = (companyId: string, purpose = ''): string =>
  createHash('sha256').update(`tally-warehouse ${purpose}${companyId}`).digest().readBigInt64BE(0).toString();

/** The advisory lock between a comparison of a company (verify) and any change of its rows. */
export const comparisonKey = (companyId: string): string => lockKey(companyId, 'comparison ');

/** The advisory lock between two exports of a company into monthly files (`--partitioned`). */
export const exportKey = (companyId: string): string => lockKey(companyId, 'export ');
