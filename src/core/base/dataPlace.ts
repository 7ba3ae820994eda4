import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { t } from '@vscode/l10n';
import { EtlError } from './errors.js';
import type { Logger } from './logger.js';

/** The facts about a computer and its user that decide where the data folder is. */
export interface Computer {
  env: Record<string, string | undefined>;
  platform: NodeJS.Platform;
  isRoot: boolean;
  /** The home folder of the user's account, whatever HOME says; undefined if there is none. */
  homeOfUser: () => string | undefined;
}

export const thisComputer: Computer = {
  env: process.env,
  platform: process.platform,
  isRoot: process.getuid?.() === 0,
  homeOfUser: () => {
    try {
      return os.userInfo().homedir;
    } catch {
      return undefined; // a container may run as a user id without an account
    }
  },
};

export interface DataPlace {
  dataDir: string;
  /**
   * The folder in which an earlier version may have kept the embedded warehouse: from XDG_DATA_HOME, or the folder of a snap's
   * revision that TALLY_DATA_DIR names. The folder need not exist.
   */
  earlierDataDir?: string;
  /** The warehouse is the demo's own. */
  isDemo?: boolean;
  /** The data folder that contains dataDir. Code that creates both folders closes both to other accounts. */
  within?: string;
}

const name = 'tally-warehouse';
/** The folder of a snap's revision, as *Copy Command for Scheduled Sync* of an earlier version wrote it down. The system deletes it. */
const snapRevision = /\/snap\/[^/]+\/x?\d+\/\.local\/share\/tally-warehouse\/?$/;

/**
 * The folder of the embedded warehouse: `given` (TALLY_DATA_DIR), unless it is the folder of a snap's revision; else one folder for all
 * programs of the user. XDG_DATA_HOME does not choose it: VS Code's snap sets it anew for each of its revisions, and cron does not have
 * it. It only says where an earlier version may have left a warehouse. Throws `config` if the system knows no home folder.
 */
export function dataPlace(given: string | undefined, computer = thisComputer): DataPlace {
  const { env, platform } = computer;
  if (given !== undefined && !(platform === 'linux' && snapRevision.test(given)))
    return { dataDir: path.resolve(withHome(given, computer)) };
  const dataDir = usersPlace(computer);
  const earlier = given ?? (env.XDG_DATA_HOME && path.join(env.XDG_DATA_HOME, name));
  const moved = platform === 'linux' && earlier && path.isAbsolute(earlier) && !isRootsPlace(computer);
  if (!moved || path.resolve(earlier) === dataDir) return { dataDir };
  return { dataDir, earlierDataDir: path.resolve(earlier) };
}

function usersPlace(computer: Computer): string {
  const { env, platform } = computer;
  // PostgreSQL refuses to run as root, and no other account can reach root's home folder.
  if (isRootsPlace(computer)) return '/var/lib/tally-warehouse';
  if (platform === 'win32') {
    const local = env.LOCALAPPDATA ?? '';
    const parent = path.win32.isAbsolute(local) ? local : path.win32.join(home(computer), 'AppData', 'Local');
    return path.win32.join(parent, name, 'Data');
  }
  if (platform === 'darwin') return path.join(home(computer), 'Library', 'Application Support', name);
  return path.join(home(computer), '.local', 'share', name);
}

const isRootsPlace = (computer: Computer): boolean => computer.isRoot && home(computer) === '/root';

function home({ env, platform, homeOfUser }: Computer): string {
  const paths = platform === 'win32' ? path.win32 : path.posix;
  const named = (platform === 'win32' ? env.USERPROFILE : env.HOME) ?? '';
  // Inside a snap, HOME may be the snap's own folder; SNAP_REAL_HOME then names the user's home folder.
  const real = env.SNAP_REAL_HOME ?? '';
  if (paths.isAbsolute(real) && named.startsWith(`${real}/snap/`)) return real;
  if (paths.isAbsolute(named)) return named;
  const ofUser = homeOfUser() ?? '';
  if (paths.isAbsolute(ofUser)) return ofUser;
  throw new EtlError(
    'config',
    t(
      'The folder of the built-in warehouse is not known: {variable} names no folder, and the system has no home folder for this user.',
      { variable: platform === 'win32' ? 'USERPROFILE' : 'HOME' },
    ),
    t('Set TALLY_DATA_DIR to a folder that you can write to.'),
    { setting: 'TALLY_DATA_DIR' },
  );
}

/** A shell replaces ~; a `.env` and a settings file do not. */
const withHome = (folder: string, computer: Computer): string =>
  /^~(?=$|[/\\])/.test(folder) ? home(computer) + folder.slice(1) : folder;

/** Whether the system deletes this folder with a revision of a snap. */
export const isSnapRevision = (folder: string): boolean => snapRevision.test(folder);

/** The folder of PostgreSQL's files in a data folder. */
export const clusterFolder = (dataDir: string): string => path.join(dataDir, 'embedded');

/**
 * The place of the demo's own warehouse, which keeps its invented invoices apart from the user's. It is below the data folder.
 * Folders beside the data folder may belong to others, for example if the data folder is the volume of a container.
 */
export const demoPlace = ({ dataDir }: DataPlace): DataPlace => ({
  dataDir: path.join(dataDir, 'demo'),
  isDemo: true,
  within: dataDir,
});

/** Whether one of the two folders has an embedded warehouse, or a link to one, even if the link's disk is not connected now. */
export const embeddedExists = ({ dataDir, earlierDataDir }: DataPlace): boolean =>
  [dataDir, earlierDataDir].some((folder) => {
    const cluster = folder && clusterFolder(folder);
    return cluster && (fs.existsSync(cluster) || isLink(cluster));
  });

function isLink(file: string): boolean {
  try {
    return fs.lstatSync(file).isSymbolicLink();
  } catch {
    return false; // nothing is there, or the folder cannot be read: then opening it reports the error
  }
}

/** The folder that contains the embedded warehouse, or will contain it. Links are followed. */
export function embeddedPlace({ dataDir }: DataPlace): string {
  const cluster = clusterFolder(dataDir);
  return fs.existsSync(cluster) ? path.dirname(fs.realpathSync(cluster)) : dataDir;
}

/** The folder of an earlier version's embedded warehouse, if it is not used because dataDir has another one. */
export function unusedWarehouse({ dataDir, earlierDataDir }: DataPlace): string | undefined {
  if (earlierDataDir === undefined) return undefined;
  const [cluster, earlier] = [clusterFolder(dataDir), clusterFolder(earlierDataDir)];
  if (!fs.existsSync(cluster) || !fs.existsSync(earlier)) return undefined;
  return fs.realpathSync(cluster) === fs.realpathSync(earlier) ? undefined : earlierDataDir;
}

/**
 * Makes the warehouse of an earlier version available in dataDir, so that no second one is created. Does nothing if dataDir
 * already has a warehouse, except for a warning if that is another one. Makes a link; but moves the warehouse out of the folder
 * of a snap's revision, which the system deletes. A running server goes on: its working directory is its data folder, which
 * moves along. Throws `config` if the folder cannot be used.
 */
export function adoptEarlier(place: DataPlace, logger: Pick<Logger, 'warn'>): void {
  const { dataDir, earlierDataDir } = place;
  if (earlierDataDir === undefined) return;
  const [cluster, earlier] = [clusterFolder(dataDir), clusterFolder(earlierDataDir)];
  const unused = unusedWarehouse(place);
  if (unused !== undefined)
    logger.warn(`There is another embedded warehouse in ${unused}. The one in ${dataDir} is used.`);
  if (!fs.existsSync(earlier) || embeddedExists({ dataDir })) return;
  try {
    // Only the new folder is closed to others; folders above it keep their mode.
    if (fs.mkdirSync(dataDir, { recursive: true }) !== undefined) fs.chmodSync(dataDir, 0o700);
    if (snapRevision.test(earlierDataDir)) fs.renameSync(earlier, cluster);
    else fs.symlinkSync(fs.realpathSync(earlier), cluster, 'dir');
  } catch (error) {
    if (embeddedExists({ dataDir })) return; // another program has done it in the same moment
    throw new EtlError(
      'config',
      t('The folder of the built-in warehouse cannot be used: {words}', { words: String(error) }),
      t('Set TALLY_DATA_DIR to a folder that you can write to.'),
      { cause: error, setting: 'TALLY_DATA_DIR' },
    );
  }
  logger.warn(
    `The embedded warehouse of ${earlierDataDir} is now found in ${dataDir}, whatever XDG_DATA_HOME says: ` +
      'VS Code, its snap, cron and a shell use the same one.',
  );
}

/** Throws `config` if dataDir has a link to the warehouse and the link leads nowhere: no second warehouse may replace it. */
export function refuseLost(dataDir: string): void {
  const cluster = clusterFolder(dataDir);
  if (fs.existsSync(cluster) || !isLink(cluster)) return;
  throw new EtlError(
    'config',
    t('The built-in warehouse lies in {folder}, and that folder is not there now.', {
      folder: fs.readlinkSync(cluster),
    }),
    t('Connect its disk, or set TALLY_DATA_DIR to another folder. To begin a new warehouse, delete {link}.', {
      link: cluster,
    }),
    { setting: 'TALLY_DATA_DIR' },
  );
}
