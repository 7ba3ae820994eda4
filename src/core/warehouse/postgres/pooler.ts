import { t } from '@vscode/l10n';
import { EtlError } from '../../base/errors.js';
import { type Target, targetName } from '../warehouseError.js';

type AskPid = () => Promise<number>;

const rounds = 3;

/**
 * Tells whether a pooler gives two open sessions a process each, and each session the same one for every statement. Asked
 * outside of a transaction, a pooler in transaction or statement mode lends the process that is free: the last one used
 * (then both sessions get the same) or each in its turn (then a session gets another one at once). The order asks for
 * both, more than once, because other programs use the pool too.
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

/** The error of a pooler whose sessions are not ours alone: locks and temporary tables would be anybody's. */
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
