import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Config, Environment } from '../../core/base/config.js';
import { demoPlace } from '../../core/base/dataPlace.js';
import { dotEnvSetting, readDotEnv } from '../../core/base/dotEnv.js';
import { EtlError } from '../../core/base/errors.js';
import { isLocalhost } from '../../core/base/localhost.js';
import { configFrom, type ConfigSources } from './configFrom.js';
import {
  chooseFolder,
  companiesInForce,
  type Doubt,
  doubtOf,
  type FolderChoice,
  inForce,
  type PlaceName,
  placeNames,
  type Said,
  type Source,
  targetOf,
} from './places.js';
import { chosenCompanies, otherSettings, placeSettings, savePlaceSetting } from './settings.js';

/** The sources of a configuration's values. Plain data. */
export interface Origin {
  from: Record<PlaceName, Source>;
  /** The folder whose `.env` and settings count; undefined without one. */
  folder: string | undefined;
  /** The window has other folders too. */
  isOneOfSeveral: boolean;
  /** The folder has a `.env`, which does not count: the workspace is not trusted. */
  ignoresDotEnv: boolean;
  /** VS Code's name of the remote computer that the window runs on, if Tally's address is localhost there. */
  localhostOf: string | undefined;
}

/** A configuration with its origin. The demo's has none. */
export type SourcedConfig = Config & { origin?: Origin };

/** Where a value of the user is saved: for one folder or for all folders. */
export type Keeper = 'workspace' | 'user';

interface Sources extends ConfigSources {
  folder: vscode.WorkspaceFolder | undefined;
  ignoresDotEnv: boolean;
}

/** The user's present configuration: settings, secrets and, in a trusted workspace, `.env`. */
export class Configuration {
  constructor(
    private readonly secrets: vscode.SecretStorage,
    /** The workspace's state. */
    private readonly memory: vscode.Memento,
  ) {}

  /** Throws `config` for a `.env` that cannot be read. */
  async sources(): Promise<Sources> {
    const folder = await this.folder();
    const [workspaceUrl, userUrl] = [await this.storedUrl('workspace', folder), await this.storedUrl('user', folder)];
    const { workspace, user } = placeSettings(folder);
    const isTrusted = vscode.workspace.isTrusted;
    // A `.env` can send the user's invoices to any database, so a workspace must be trusted for it to count.
    const dotEnv = folder && isTrusted ? await readFolderDotEnv(folder) : {};
    return {
      workspace: { ...workspace, DB_URL: workspaceUrl },
      dotEnv,
      user: { ...user, DB_URL: userUrl },
      meant: this.memory.get<Said['meant']>(meantKey, {}),
      settings: otherSettings(folder),
      dataDir: process.env.TALLY_DATA_DIR,
      folder,
      ignoresDotEnv: folder !== undefined && !isTrusted && (await hasDotEnv(folder)),
    };
  }

  /** The configuration. `instead`: values to try before they are saved, counted as the workspace's. Throws `config`. */
  async read(instead: Environment = {}): Promise<SourcedConfig> {
    const said = await this.sources();
    const sources = { ...said, workspace: { ...said.workspace, ...instead } };
    const config = configFrom(sources);
    const from = Object.fromEntries(placeNames.map((name) => [name, inForce(sources, name).source]));
    const origin: Origin = {
      from: from as Origin['from'],
      folder: sources.folder?.name,
      isOneOfSeveral: folders().length > 1,
      ignoresDotEnv: sources.ignoresDotEnv,
      localhostOf: isLocalhost(new URL(config.tallyUrl).hostname) ? otherComputer() : undefined,
    };
    return { ...config, origin };
  }

  /** The companies that are chosen for Sync All and the schedule; empty if none are. Throws `config`. */
  async companies(): Promise<readonly string[]> {
    const sources = await this.sources();
    return companiesInForce(sources, chosenCompanies(sources.folder));
  }

  /**
   * Saves the companies in the workspace settings if the folder names companies, a Tally or a warehouse of its own,
   * else in the user settings.
   */
  async keepCompanies(names: readonly string[]): Promise<Keeper> {
    const sources = await this.sources();
    const hasOwn = chosenCompanies(sources.folder).workspace !== undefined;
    const keeper = !hasOwn && targetOf(sources, 'TALLY_COMPANY') === 'user' ? 'user' : 'workspace';
    await savePlaceSetting('companies', names, keeper);
    return keeper;
  }

  /** The folder's `.env`, whether it exists or not; undefined without a folder. */
  async dotEnvFile(): Promise<vscode.Uri | undefined> {
    const folder = await this.folder();
    return folder && dotEnvOf(folder);
  }

  /** The folders with a `.env`, if there are several and the user has chosen none of them yet; else none. */
  async undecidedFolders(): Promise<readonly vscode.WorkspaceFolder[]> {
    return (await this.choice()).undecided;
  }

  async chooseFolder(folder: vscode.WorkspaceFolder): Promise<void> {
    await this.memory.update(folderKey, folder.uri.toString());
  }

  /** Remembers which of two sources the user means, until a source names something else. */
  async settle({ name, between }: Doubt, source: Source): Promise<void> {
    const meant = this.memory.get<Said['meant']>(meantKey, {});
    await this.memory.update(meantKey, { ...meant, [name]: { source, between } });
  }

  /** Saves a value for the folder or for all folders. An empty warehouse URL removes the saved one. */
  async keep(name: PlaceName, value: string, keeper: Keeper): Promise<void> {
    if (name === 'DB_URL') {
      const key = urlKey(keeper, await this.folder());
      await (value === '' ? this.secrets.delete(key) : this.secrets.store(key, value));
    } else await savePlaceSetting(name === 'TALLY_URL' ? 'url' : 'company', value, keeper);
    // The user has just given this value, so it is meant, and `settlePlaces` need not ask.
    const doubt = doubtOf(await this.sources(), name);
    if (doubt && value !== '') await this.settle(doubt, keeper);
  }

  private async storedUrl(keeper: Keeper, folder: vscode.WorkspaceFolder | undefined): Promise<string | undefined> {
    return keeper === 'workspace' && !folder ? undefined : this.secrets.get(urlKey(keeper, folder));
  }

  private async folder(): Promise<vscode.WorkspaceFolder | undefined> {
    return (await this.choice()).folder;
  }

  private async choice(): Promise<FolderChoice<vscode.WorkspaceFolder>> {
    return chooseFolder(folders(), await foldersWithDotEnv(), this.memory.get(folderKey));
  }
}

/** The remote computer that the window runs on; undefined for this computer, where a server of VS Code may run too. */
function otherComputer(): string | undefined {
  const { remoteName } = vscode.env;
  return remoteName === undefined || isLocalhost(remoteName.replace(/:\d+$/, '')) ? undefined : remoteName;
}

const meantKey = 'meant';
const folderKey = 'folder';

/** The key of a stored URL. That of one folder has the folder's address, so that each window with this folder finds it. */
const urlKey = (keeper: Keeper, folder: vscode.WorkspaceFolder | undefined): string =>
  keeper === 'user' || !folder ? 'tally.warehouseUrl' : `tally.warehouseUrl ${folder.uri.toString()}`;

/**
 * The configuration of a demo Tally. It takes one setting of the user, the data folder, in which the demo's own warehouse
 * lies. Throws `config`.
 */
export function demoConfiguration(url: string, company: string): Config {
  const config = configFrom({
    ...{ workspace: {}, dotEnv: {}, meant: {} },
    user: { TALLY_URL: url, TALLY_COMPANY: company },
    settings: { dataFolder: otherSettings(undefined).dataFolder },
    dataDir: process.env.TALLY_DATA_DIR,
  });
  return { ...config, ...demoPlace(config) };
}

const folders = (): readonly vscode.WorkspaceFolder[] => vscode.workspace.workspaceFolders ?? [];

const dotEnvOf = (folder: vscode.WorkspaceFolder): vscode.Uri => vscode.Uri.joinPath(folder.uri, '.env');

async function foldersWithDotEnv(): Promise<vscode.WorkspaceFolder[]> {
  const found = await Promise.all(folders().map(hasDotEnv));
  return folders().filter((_, at) => found[at]);
}

const hasDotEnv = (folder: vscode.WorkspaceFolder): Promise<boolean> =>
  Promise.resolve(vscode.workspace.fs.stat(dotEnvOf(folder))).then(
    () => true,
    () => false,
  );

async function readFolderDotEnv(folder: vscode.WorkspaceFolder): Promise<Environment> {
  return readDotEnv(await readBytes(dotEnvOf(folder)), '.env');
}

async function readBytes(file: vscode.Uri): Promise<Uint8Array> {
  try {
    return await vscode.workspace.fs.readFile(file);
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return new Uint8Array();
    throw new EtlError(
      'config',
      t('The .env of the workspace cannot be read.'),
      t('Check that it is a readable file.'),
      { cause: error, setting: dotEnvSetting },
    );
  }
}
