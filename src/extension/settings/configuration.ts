import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Config, Environment } from '../../core/base/config.js';
import { demoPlace } from '../../core/base/dataPlace.js';
import { dotEnvSetting, readDotEnv } from '../../core/base/dotEnv.js';
import { EtlError } from '../../core/base/errors.js';
import { configFrom, dotEnvNames } from './configFrom.js';
import { explicitSettings } from './settings.js';

export const warehouseUrlKey = 'tally.warehouseUrl';

/** The configuration as it stands now: settings, secret and, in a trusted workspace, `.env`. Throws `config`. */
export async function readConfiguration(secrets: vscode.SecretStorage): Promise<Config> {
  return configFrom({
    settings: explicitSettings(),
    secretDbUrl: await secrets.get(warehouseUrlKey),
    dotEnv: await readWorkspaceDotEnv(),
    dataDir: process.env.TALLY_DATA_DIR,
  });
}

/**
 * The configuration of a demo Tally: nothing is the user's, above all not the warehouse, whose folder only says where the
 * demo's own is. Throws `config`.
 */
export function demoConfiguration(url: string, company: string): Config {
  const config = configFrom({
    settings: { url, company, dataFolder: explicitSettings().dataFolder },
    secretDbUrl: undefined,
    dotEnv: {},
    dataDir: process.env.TALLY_DATA_DIR,
  });
  return { ...config, ...demoPlace(config) };
}

/** Whether anybody has said yet where Tally, its company or the warehouse is. Without that the defaults hold. */
export async function hasConfiguration(secrets: vscode.SecretStorage): Promise<boolean> {
  const settings = explicitSettings();
  if ([settings.url, settings.company, await secrets.get(warehouseUrlKey)].some((value) => value)) return true;
  const dotEnv = await readWorkspaceDotEnv();
  return dotEnvNames.some((name) => dotEnv[name]);
}

/** The workspace's `.env`, whether it exists or not; undefined without a folder. */
export function dotEnvFile(): vscode.Uri | undefined {
  const folder = vscode.workspace.workspaceFolders?.[0];
  return folder && vscode.Uri.joinPath(folder.uri, '.env');
}

/** A `.env` can send the user's invoices to any database, so a workspace must be trusted for it to count. */
async function readWorkspaceDotEnv(): Promise<Environment> {
  const file = dotEnvFile();
  if (!file || !vscode.workspace.isTrusted) return {};
  return readDotEnv(await readBytes(file), '.env');
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
