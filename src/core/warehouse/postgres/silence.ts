import { t } from '@vscode/l10n';
import { EtlError } from '../../base/errors.js';
import type { Queries, ServerSession } from './sessionSettings.js';
import { errorCode, isSqlState } from '../warehouseError.js';

/** How long a server may be silent. Together these limits end a dead connection within two minutes. */
export interface SilenceLimits {
  /** After so long without a byte in either direction, a second connection asks what the server does. */
  silentMs: number;
  /** The longest time for that second connection. */
  lookMs: number;
  /** How long an answer that the server has already sent may take to arrive. */
  graceMs: number;
}

export const silenceLimits: SilenceLimits = { silentMs: 30_000, lookMs: 20_000, graceMs: 15_000 };

/** The connection that endSilence watches. */
export interface Line {
  /** Grows with each byte that was received or sent. */
  progress(): number;
  /** Why no more bytes will come. Undefined if the server still works, or if that is unknown. */
  look(): Promise<string | undefined>;
  /** Ends the connection, and so the work that waits for it. */
  cut(words: string): void;
}

/**
 * Awaits `work`, and cuts the line if nothing moves on it although the server is idle. Silence alone never ends a statement:
 * one that works silently for an hour goes on.
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
 * Asks on a second connection why a session will not answer any more. Undefined if the server works on an answer, or if nothing
 * tells. A statement that waits for a lock is still working. A statement that waits for its client has lost the connection.
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
    // A role that replaces the user at login (ALTER ROLE … SET role) may not see the user's sessions.
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
    // Several servers may share one name; this one is not ours.
    if (session?.startedAt !== startedAt) return undefined;
    if (session.found === null) return t('the server ended the session, and the network did not say so.');
    const { state, waits } = session;
    // `disabled` (track_activities) and null tell nothing.
    const isWaiting = state?.startsWith('idle') === true || (state === 'active' && waits === 'Client');
    return isWaiting ? t('no data arrives on the connection, and the server waits for this program.') : undefined;
  } catch (error) {
    // A server that gives a reason for refusing connections is alive. A pooler without a free session lets the second
    // connection wait.
    const isOut = error instanceof EtlError && error.code === 'warehouse-unreachable';
    if (!isOut || isSqlState(errorCode(error.cause)) || (isPooled && other !== undefined)) return undefined;
    return t('no data arrives on the connection, and a second connection failed too.');
  } finally {
    clearTimeout(timer);
    void other?.close();
  }
}
