import fs from 'node:fs';
import path from 'node:path';
import { t } from '@vscode/l10n';
import { EtlError } from '../../base/errors.js';

/** The account that PostgreSQL runs as if this program runs as root, because PostgreSQL refuses to run as root. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

/**
 * Undefined for an ordinary user. For root: the owner of `dataFolder` unless that is root, else `postgres` or `nobody`.
 * Throws `config` if none of these accounts exists.
 */
export function serverAccount(dataFolder: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = fs.statSync(dataFolder, { throwIfNoEntry: false });
  if (owner !== undefined && owner.uid !== 0) return { name: `user ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  const accounts = readAccounts();
  const account = accounts.get('postgres') ?? accounts.get('nobody');
  if (account === undefined)
    throw new EtlError(
      'config',
      t('PostgreSQL does not run as root, and there is no account "postgres" or "nobody" to run it as.'),
      t('Run this program as an ordinary user, or set DB_URL to a PostgreSQL server.'),
      { setting: 'DB_URL' },
    );
  return account;
}

function readAccounts(): Map<string, Account> {
  const accounts = new Map<string, Account>();
  const passwd = fs.existsSync('/etc/passwd') ? fs.readFileSync('/etc/passwd', 'utf8') : '';
  for (const line of passwd.split('\n')) {
    const [name = '', , uid, gid] = line.split(':');
    // macOS writes the number of nobody as -2; the system itself uses the unsigned form.
    if (gid !== undefined) accounts.set(name, { name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 });
  }
  return accounts;
}

/** The first folder on the path to `target` (included) that the account may not enter, or undefined. */
export function closedFolder(account: Account, target: string): string | undefined {
  const folders: string[] = [];
  for (let folder = fs.realpathSync(target); ; folder = path.dirname(folder)) {
    folders.unshift(folder);
    if (folder === path.dirname(folder)) break;
  }
  return folders.find((folder) => !mayPass(account, fs.statSync(folder)));
}

function mayPass(account: Account, { mode, uid, gid }: fs.Stats): boolean {
  if (uid === account.uid) return (mode & 0o100) !== 0;
  if (gid === account.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}
