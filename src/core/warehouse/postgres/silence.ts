import { t } from '@vscode/l10n';
import { EtlError } from '../../base/errors.js';
import type { Queries, ServerSession } from './sessionSettings.js';
import { errorCode, isSqlState } from '../warehouseError.js';

/** How long a server may say nothing. Together they end a connection that carries nothing more within two minutes. */
export interface SilenceLimits {
  /** After so long without a byte in either direction a second connection looks what the server does. */
  silentMs: number;
  /** So long that look may take. */
  lookMs: number;
  /** An answer that the server has sent already has so long to arrive. */
  graceMs: number;
}

export const silenceLimits: SilenceLimits = { silentMs: 30_000, lookMs: 20_000, graceMs: 15_000 };

export interface Line {
  /** Grows with each byte that came or went. */
  progress(): number;
  /** Why nothing more will come; undefined: the server works, or nobody can tell. */
  look(): Promise<string | undefined>;
  /** Ends the connection, and with it the work that waits. */
  cut(words: string): void;
}

/**
 * Does `work`, and cuts the line where nothing moves on it although the server does nothing. A statement that works for
 * an hour in silence lives on: silence alone never ends one.
 */
export async function endSilence<T>(work: Promise<T>, line: Line, limits: SilenceLimits): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let settled = false;
  let seen = line.progress();
  const wait = (ms: number, next: () => void): void => {
    if (!settled) timer = setTimeout(next, ms);
  };
  const hasMoved = (): boolean => {
    const moved = line.progress() !== seen;
    seen = line.progress();
    return moved;
  };
  const judge = async (): Promise<void> => {
    const words = hasMoved() ? undefined : await line.look();
    if (words === undefined || hasMoved()) wait(limits.silentMs, again);
    else
      wait(limits.graceMs, () => {
        if (hasMoved()) wait(limits.silentMs, again);
        else line.cut(words);
      });
  };
  const again = (): void => void judge();
  wait(limits.silentMs, again);
  try {
    return await work;
  } finally {
    settled = true;
    clearTimeout(timer);
  }
}

interface OtherSession extends Queries {
  abandon: () => void;
  close: () => Promise<void>;
}

/**
 * Why a session will give no answer any more, asked on a second connection; undefined where the server works on one, or
 * where nobody says. A statement that waits for a lock is at work; one that waits for its client has been cut off from it.
 */
export async function lookAtServer(
  connect: () => Promise<OtherSession>,
  { pid, startedAt }: Pick<ServerSession, 'pid' | 'startedAt'>,
  lookMs: number,
  isPooled: boolean,
): Promise<string | undefined> {
  let other: OtherSession | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    other = await connect();
    const looking = other;
    timer = setTimeout(() => {
      looking.abandon();
    }, lookMs);
    // A role that takes the place of the user at login (ALTER ROLE … SET role) may not see the user's sessions.
    await other.query('SET ROLE NONE');
    const [session] = await other.query<{
      found: number | null;
      state: string | null;
      waits: string | null;
      startedAt: string;
    }>(
      `SELECT pid AS found, state, wait_event_type AS waits, extract(epoch FROM pg_catalog.pg_postmaster_start_time())::text AS "startedAt"
       FROM (SELECT) here LEFT JOIN pg_catalog.pg_stat_activity ON pid = $1`,
      [pid],
    );
    // Behind one name there may be several servers.
    if (session?.startedAt !== startedAt) return undefined;
    if (session.found === null) return t('the server ended the session, and the network did not say so.');
    const { state, waits } = session;
    // `disabled` (track_activities) and null say nothing.
    const isWaiting = state?.startsWith('idle') === true || (state === 'active' && waits === 'Client');
    return isWaiting ? t('the connection carries nothing any more, and the server waits for this program.') : undefined;
  } catch (error) {
    // A server that says why it lets nobody in lives; a pooler without a free session lets the second connection wait.
    const isOut = error instanceof EtlError && error.code === 'warehouse-unreachable';
    if (!isOut || isSqlState(errorCode(error.cause)) || (isPooled && other !== undefined)) return undefined;
    return t('the connection carries nothing any more, and a second one got no answer.');
  } finally {
    clearTimeout(timer);
    void other?.close();
  }
}
