import fs from 'node:fs';
import path from 'node:path';
import { t } from '@vscode/l10n';
import { EtlError } from '../../base/errors.js';
import { closedFolder, serverAccount, type Account } from './account.js';
import { diskFull, isDiskFull } from '../warehouseError.js';

/**
 * Creates the folder. Returns the account that PostgreSQL runs as; undefined for an ordinary user. Throws `config`, or
 * `warehouse-refused` on a full disk.
 */
export async function prepareFolder(dataDir: string, cluster: string): Promise<Account | undefined> {
  refuseName(dataDir, cluster);
  try {
    const isNew = (await fs.promises.mkdir(dataDir, { recursive: true })) !== undefined;
    await fs.promises.access(dataDir, fs.constants.W_OK);
    if (isNew) await fs.promises.chmod(dataDir, 0o700); // no other user needs access to it
    const account = serverAccount(path.join(cluster, 'data'));
    if (account === undefined) return undefined;
    // The folder is ours: the account may pass through it, but not list it.
    const { mode, uid } = await fs.promises.stat(dataDir);
    if (isNew || uid === 0) await fs.promises.chmod(dataDir, (mode & 0o7777) | 0o011);
    refuseClosed(account, dataDir, dataDir);
    return account;
  } catch (error) {
    throw unusable(error, dataDir);
  }
}

/** As prepareFolder, as far as it can be checked without creating anything. Throws `config`. */
export function checkFolder(dataDir: string, cluster: string): Account | undefined {
  refuseName(dataDir, cluster);
  try {
    let folder = path.resolve(dataDir);
    while (!fs.existsSync(folder)) folder = path.dirname(folder);
    if (!fs.statSync(folder).isDirectory()) throw new Error(t('{folder} is not a folder', { folder }));
    fs.accessSync(folder, fs.constants.W_OK);
    fs.statSync(dataDir, { throwIfNoEntry: false }); // throws for a name that the disk does not accept
    const account = serverAccount(path.join(cluster, 'data'));
    // Our own folder is opened for the account when the warehouse is created; the folders above it are not.
    if (account !== undefined)
      refuseClosed(account, folder === path.resolve(dataDir) ? path.dirname(folder) : folder, dataDir);
    return account;
  } catch (error) {
    throw unusable(error, dataDir);
  }
}

/**
 * The longest path in bytes. PostgreSQL keeps a path in 1,024 bytes, on Windows in 260 characters (MAXPGPATH,
 * MAX_PATH). The paths of its own files are longer by up to 80.
 */
const longest = process.platform === 'win32' ? 170 : 900;

function refuseName(dataDir: string, cluster: string): void {
  const folder = JSON.stringify(dataDir);
  // PostgreSQL writes the path of its data into files in which each line is a value.
  if (/[\0\r\n]/.test(dataDir))
    throw wrongFolder(t('The folder of the built-in warehouse has a line break in its path: {folder}', { folder }));
  if (Buffer.byteLength(cluster) > longest)
    throw wrongFolder(
      t('The path of the built-in warehouse is too long for PostgreSQL: {folder}', { folder: dataDir }),
      t('Set TALLY_DATA_DIR to a folder with a shorter path.'),
    );
}

function refuseClosed(account: Account, folder: string, dataDir: string): void {
  const closed = closedFolder(account, folder);
  if (closed === undefined) return;
  throw wrongFolder(
    t('PostgreSQL does not run as root, and its account "{account}" cannot reach {folder} (closed: {closed}).', {
      account: account.name,
      folder: dataDir,
      closed,
    }),
    t('Set TALLY_DATA_DIR to a folder that every account can reach, for example /var/lib/tally-warehouse.'),
  );
}

function unusable(cause: unknown, dataDir: string): EtlError {
  if (cause instanceof EtlError) return cause;
  const words = cause instanceof Error ? cause.message : String(cause);
  if (isDiskFull(cause)) return diskFull(dataDir, words, cause);
  return wrongFolder(t('The folder of the built-in warehouse cannot be used: {words}', { words }), undefined, cause);
}

const wrongFolder = (
  message: string,
  hint = t('Set TALLY_DATA_DIR to a folder that you can write to.'),
  cause?: unknown,
): EtlError => new EtlError('config', message, hint, { cause, setting: 'TALLY_DATA_DIR' });
