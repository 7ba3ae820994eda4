import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import { t } from '@vscode/l10n';
import { cancelled, EtlError } from '../../base/errors.js';
import { clusterUser, dataOf, passwordFileOf, startError, type Cluster } from './cluster.js';
import { escapeLiteral } from '../postgres/connection.js';
import { runProgram } from './programs.js';
import { scramVerifier } from './readers/scramVerifier.js';
import { stopServer } from './serverProcess.js';
import { isCode } from './startLock.js';

/** The password of the warehouse's owner; undefined if its file is lost or empty. */
export async function readPassword(cluster: Cluster): Promise<string | undefined> {
  try {
    return (await fs.readFile(passwordFileOf(cluster), 'utf8')).trim() || undefined;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/**
 * Gives the owner a new password in single-user mode, for which the server must not run. If this is interrupted, the next start
 * repeats it.
 */
export async function renewPassword(cluster: Cluster, signal?: AbortSignal): Promise<string> {
  const password = randomBytes(24).toString('base64url');
  const args = ['--single', '-D', dataOf(cluster), 'postgres'];
  const input = `ALTER ROLE ${clusterUser} PASSWORD ${escapeLiteral(scramVerifier(password))};\n`;
  const { code, output } = await runProgram(cluster, 'postgres', args, { signal, input });
  if (signal?.aborted) throw cancelled();
  if (code !== 0 || /\b(ERROR|FATAL|PANIC): /.test(output))
    throw await startError(output, cluster, (lines) =>
      t('The password of the built-in warehouse is lost, and PostgreSQL did not take a new one. It says:\n{lines}', {
        lines,
      }),
    );
  const unfinished = `${passwordFileOf(cluster)}.new`;
  await fs.rm(unfinished, { force: true });
  await fs.writeFile(unfinished, password, { mode: 0o600 });
  await fs.rename(unfinished, passwordFileOf(cluster));
  return password;
}

/** Stops a server whose password is lost. Throws `warehouse-refused` if a client is still connected. */
export async function stopUnused(cluster: Cluster): Promise<void> {
  const waitMs = 5_000; // short, because new clients cannot connect while this waits
  if (await stopServer(cluster, 'smart', waitMs)) return;
  throw new EtlError(
    'warehouse-refused',
    t('The password of the built-in warehouse is lost ({file}), and a program still uses the server.', {
      file: passwordFileOf(cluster),
    }),
    t('Close the other programs that use the built-in warehouse, then run the command again: it sets a new password.'),
  );
}
