import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { t } from '@vscode/l10n';
import { cancelled, EtlError } from '../../base/errors.js';
import type { Account } from './account.js';
import { runProgram } from './programs.js';
import { diskFull, saysDiskFull } from '../warehouseError.js';

/** The superuser and owner of the embedded warehouse. */
export const clusterUser = 'tally';

/** The files of one embedded warehouse, and the programs and the account that run it. */
export interface Cluster {
  /** Holds the data, the password file and the log. The folder appears either complete or not at all. */
  folder: string;
  binaries: string;
  account: Account | undefined;
}

export const dataOf = ({ folder }: Cluster): string => path.join(folder, 'data');
export const passwordFileOf = ({ folder }: Cluster): string => path.join(folder, 'password');
export const logFileOf = ({ folder }: Cluster): string => path.join(folder, 'postgres.log');

/** Creates the cluster, under a temporary name first, so that an interruption does not leave half a cluster. */
export async function createCluster(cluster: Cluster, signal?: AbortSignal): Promise<void> {
  const unfinished: Cluster = { ...cluster, folder: `${cluster.folder}.new` };
  await fs.rm(unfinished.folder, { recursive: true, force: true });
  await fs.mkdir(unfinished.folder);
  // Independent of the umask: other users cannot list the folder, and a separate account of the server may pass through it.
  await fs.chmod(unfinished.folder, cluster.account ? 0o711 : 0o700);
  const password = randomBytes(24).toString('base64url');
  await fs.writeFile(passwordFileOf(unfinished), password, { mode: 0o600 });
  const handedOver = path.join(unfinished.folder, 'password.initdb');
  await fs.writeFile(handedOver, password, { mode: 0o600 });
  await fs.mkdir(dataOf(unfinished), { mode: 0o700 });
  await fs.writeFile(logFileOf(unfinished), '', { mode: 0o600 });
  const { account } = cluster;
  if (account)
    for (const file of [handedOver, dataOf(unfinished), logFileOf(unfinished)])
      await fs.chown(file, account.uid, account.gid);
  const options = [
    ...['-D', dataOf(unfinished), '-U', clusterUser, '-E', 'UTF8', '--locale=C', '-A', 'scram-sha-256'],
    ...[`--pwfile=${handedOver}`, '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
  ];
  const { code, output } = await runProgram(cluster, 'initdb', options, { signal });
  if (signal?.aborted) throw cancelled();
  if (code !== 0)
    throw await startError(output, unfinished, (lines) =>
      t('The built-in warehouse could not be set up. PostgreSQL says:\n{lines}', { lines }),
    );
  await fs.rm(handedOver);
  await fs.rename(unfinished.folder, cluster.folder);
}

/** In bytes. With less free space a server does not run. */
const leastSpace = 16 * 1024 * 1024;

/** The error `warehouse-refused` with PostgreSQL's last lines. Throws `config` if the server's program does not run at all. */
export async function startError(log: string, cluster: Cluster, say: (lines: string) => string): Promise<EtlError> {
  // This call throws if `postgres` does not run. The programs that call `postgres` say only that they did not find it.
  await runProgram(cluster, 'postgres', ['--version']);
  const lines = log.trim().split('\n').slice(-8).join('\n');
  const message = say(lines);
  const dataDir = path.dirname(cluster.folder);
  const { bavail, bsize } = await fs.statfs(dataDir);
  // On a full disk PostgreSQL's log may be empty.
  if (saysDiskFull(lines) || bavail * bsize < leastSpace) return diskFull(dataDir, message);
  return new EtlError(
    'warehouse-refused',
    message,
    t('Look at {file}, check the free space of the disk, or set DB_URL to another PostgreSQL server.', {
      file: logFileOf(cluster),
    }),
  );
}
