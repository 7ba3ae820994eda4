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

/** Where the values of a configuration came from. Plain data. */
export interface Origin {
  from: Record<PlaceName, Source>;
  /** The folder whose `.env` and settings count; undefined without one. */
  folder: string | undefined;
  /** There are other folders too. */
  isOneOfSeveral: boolean;
  /** The folder has a `.env`, which does not count: the workspace is not trusted. */
  ignoresDotEnv: boolean;
  /** The computer that the window runs on, by VS Code's name, where that is another one and Tally's address is its localhost. */
  localhostOf: string | undefined;
}

/** A configuration that knows where it came from; the demo's does not. */
export type SourcedConfig = Config & { origin?: Origin };

/** Where the user's values are kept: those of one folder, or those of all. */
export type Keeper = 'workspace' | 'user';

interface Sources extends ConfigSources {
  folder: vscode.WorkspaceFolder | undefined;
  ignoresDotEnv: boolean;
}

/** The user's configuration as it stands now: settings, secrets and, in a trusted workspace, `.env`. */
export class Configuration {
  constructor(
    private readonly secrets: vscode.SecretStorage,
    /** Of the workspace. */
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

  /** `instead` has values to be tried before they are kept. Throws `config`. */
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

  /** Saves the companies in the workspace settings if the folder names companies or places of its own, else in the user settings. */
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

  /** Several folders that have a `.env`, none of which the user has chosen yet; else none. */
  async undecidedFolders(): Promise<readonly vscode.WorkspaceFolder[]> {
    return (await this.choice()).undecided;
  }

  async chooseFolder(folder: vscode.WorkspaceFolder): Promise<void> {
    await this.memory.update(folderKey, folder.uri.toString());
  }

  /** Remembers which of two sources is meant, until one of them names something else. */
  async settle({ name, between }: Doubt, source: Source): Promise<void> {
    const meant = this.memory.get<Said['meant']>(meantKey, {});
    await this.memory.update(meantKey, { ...meant, [name]: { source, between } });
  }

  /** Keeps a value for the folder or for all; an empty warehouse URL removes the one that is kept. */
  async keep(name: PlaceName, value: string, keeper: Keeper): Promise<void> {
    if (name === 'DB_URL') {
      const key = urlKey(keeper, await this.folder());
      await (value === '' ? this.secrets.delete(key) : this.secrets.store(key, value));
    } else await savePlaceSetting(name === 'TALLY_URL' ? 'url' : 'company', value, keeper);
    // Whoever has just said it need not be asked which is meant.
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

/** The computer that the window runs on, where that is another one. A server of VS Code may run on this computer too. */
function otherComputer(): string | undefined {
  const { remoteName } = vscode.env;
  return remoteName === undefined || isLocalhost(remoteName.replace(/:\d+$/, '')) ? undefined : remoteName;
}

const meantKey = 'meant';
const folderKey = 'folder';

/** The URL of one folder has the folder's address in its key, so that it follows the folder into any window. */
const urlKey = (keeper: Keeper, folder: vscode.WorkspaceFolder | undefined): string =>
  keeper === 'user' || !folder ? 'tally.warehouseUrl' : `tally.warehouseUrl ${folder.uri.toString()}`;

/**
 * The configuration of a demo Tally: nothing is the user's, above all not the warehouse, whose folder only says where the
 * demo's own is. Throws `config`.
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
