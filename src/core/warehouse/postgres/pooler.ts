import { t } from '@vscode/l10n';
import { EtlError } from '../../base/errors.js';
import { type Target, targetName } from '../warehouseError.js';

type AskPid = () => Promise<number>;

const rounds = 3;

/**
 * Tells whether a pooler gives each of two open sessions a process of its own, the same one for every statement. In transaction
 * or statement mode a pooler lends any free process to a statement outside of a transaction. If it lends the process that was
 * used last, both sessions get the same one. If it lends them in turn, a session gets another one at once. The order of the
 * questions detects both. They are repeated because other programs use the pool too.
 */
export async function keepsSessions(first: AskPid, second: AskPid): Promise<boolean> {
  const [own, others] = [new Set<number>(), new Set<number>()];
  for (let round = 0; round < rounds; round++) {
    for (const [ask, seen] of [
      [first, own],
      [second, others],
      [first, own],
      [first, own],
      [second, others],
      [second, others],
    ] as const)
      seen.add(await ask());
    if (own.size > 1 || others.size > 1 || [...own].some((pid) => others.has(pid))) return false;
  }
  return true;
}

/** The error for a pooler whose sessions are shared: our locks and temporary tables would then belong to any of its users. */
export const sharedSessions = (target: Target): EtlError =>
  new EtlError(
    'config',
    t(
      'DB_URL ({target}) leads to a connection pooler in transaction or statement mode, in which locks and temporary tables do not hold.',
      { target: targetName(target) },
    ),
    t(
      'Use session mode (PgBouncer: pool_mode=session) or the port of PostgreSQL itself, mostly 5432 (Supabase: 5432 in place of 6543; Neon: the host without "-pooler").',
    ),
    { setting: 'DB_URL' },
  );
