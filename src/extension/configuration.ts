import { parseEnv } from 'node:util';
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { EtlError } from '../core/errors.js';
import type { Config, Environment } from '../core/config.js';
import { configFrom, dotEnvNames, settingNames, type SettingName } from './configFrom.js';

/** SecretStorage's key for the warehouse URL. */
export const warehouseUrlKey = 'tally.warehouseUrl';

/** The configuration as it stands now: settings, secret and, in a trusted workspace, `.env`. Throws `config`. */
export async function readConfiguration(secrets: vscode.SecretStorage): Promise<Config> {
  return configFrom({
    settings: explicitSettings(),
    secretDbUrl: await secrets.get(warehouseUrlKey),
    dotEnv: await readDotEnv(),
    dataDir: process.env.TALLY_DATA_DIR,
  });
}

/** The configuration of a demo Tally: nothing but the data folder is the user's, above all no DB_URL. Throws `config`. */
export const demoConfiguration = (url: string, company: string): Config =>
  configFrom({
    settings: { url, company, dataFolder: explicitSettings().dataFolder },
    secretDbUrl: undefined,
    dotEnv: {},
    dataDir: process.env.TALLY_DATA_DIR,
  });

/** Whether anybody has said yet where Tally, its company or the warehouse is. Without that the defaults hold. */
export async function hasConfiguration(secrets: vscode.SecretStorage): Promise<boolean> {
  const settings = explicitSettings();
  if ([settings.url, settings.company, await secrets.get(warehouseUrlKey)].some((value) => value)) return true;
  const dotEnv = await readDotEnv();
  return dotEnvNames.some((name) => dotEnv[name]);
}

function explicitSettings(): Partial<Record<SettingName, unknown>> {
  const settings = vscode.workspace.getConfiguration('tally');
  const names = [...Object.keys(settingNames), 'ledgerPatterns'] as SettingName[];
  return Object.fromEntries(names.filter((name) => isSet(settings, name)).map((name) => [name, settings.get(name)]));
}

/** A workspace must not decide where programs are run and rows are kept (the scope in package.json says so too). */
const ofMachine = ['dataFolder'];

function isSet(settings: vscode.WorkspaceConfiguration, name: string): boolean {
  const value = settings.inspect(name);
  if (ofMachine.includes(name)) return value?.globalValue !== undefined;
  return [value?.globalValue, value?.workspaceValue, value?.workspaceFolderValue].some((v) => v !== undefined);
}

/** A `.env` can send the user's invoices to any database, so a workspace must be trusted for it to count. */
async function readDotEnv(): Promise<Environment> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder || !vscode.workspace.isTrusted) return {};
  try {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder.uri, '.env'));
    // Notepad marks UTF-8 with a byte order mark (TextDecoder drops it), PowerShell's `>` writes UTF-16.
    const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
    return parseEnv(new TextDecoder(encoding).decode(bytes));
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return {};
    throw new EtlError(
      'config',
      t('The .env of the workspace cannot be read.'),
      t('Check that it is a readable file.'),
      { cause: error },
    );
  }
}

/** Where Select Company writes: into the workspace if that already names a company, else into the user's settings. */
export async function saveCompany(name: string): Promise<'workspace' | 'user'> {
  const settings = vscode.workspace.getConfiguration('tally');
  const inWorkspace = settings.inspect('company')?.workspaceValue !== undefined;
  await settings.update(
    'company',
    name,
    inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global,
  );
  return inWorkspace ? 'workspace' : 'user';
}
