// The settings of the extension, `tally.…` of package.json: read, written and watched here alone.
import * as vscode from 'vscode';
import type { Environment } from '../../core/base/config.js';
import { asText, settingNames, type SettingName } from './configFrom.js';
import type { ChosenCompanies } from './places.js';

const tally = (folder?: vscode.WorkspaceFolder): vscode.WorkspaceConfiguration =>
  vscode.workspace.getConfiguration('tally', folder);

/** Tally's address and company in the settings of the workspace and of the user, by the names of the environment. */
export function placeSettings(folder: vscode.WorkspaceFolder | undefined): Record<'workspace' | 'user', Environment> {
  const said: Record<'workspace' | 'user', Environment> = { workspace: {}, user: {} };
  for (const name of ['url', 'company'] as const) {
    const value = tally(folder).inspect(name);
    said.workspace[settingNames[name]] = asText(value?.workspaceFolderValue ?? value?.workspaceValue);
    said.user[settingNames[name]] = asText(value?.globalValue);
  }
  return said;
}

/**
 * The names in `tally.companies` of the workspace and of the user; undefined where the setting is absent or not a list. Anything
 * else in settings.json is ignored.
 */
export function chosenCompanies(folder: vscode.WorkspaceFolder | undefined): ChosenCompanies {
  const value = tally(folder).inspect<unknown>('companies');
  const names = (list: unknown): string[] | undefined =>
    Array.isArray(list)
      ? list.filter((name): name is string => typeof name === 'string' && name.trim() !== '')
      : undefined;
  return { workspace: names(value?.workspaceFolderValue ?? value?.workspaceValue), user: names(value?.globalValue) };
}

/** The other settings that the user or the workspace has set. Unchecked: settings.json may hold anything. */
export function otherSettings(folder: vscode.WorkspaceFolder | undefined): Partial<Record<SettingName, unknown>> {
  const settings = tally(folder);
  const names = ['report', 'streams', 'overlapDays', 'timeoutSeconds', 'dataFolder', 'ledgerPatterns'] as const;
  return Object.fromEntries(names.filter((name) => isSet(settings, name)).map((name) => [name, settings.get(name)]));
}

function isSet(settings: vscode.WorkspaceConfiguration, name: string): boolean {
  const value = settings.inspect(name);
  // A workspace must not choose the folder in which programs run and rows are kept (as the scope in package.json says).
  if (name === 'dataFolder') return value?.globalValue !== undefined;
  return [value?.globalValue, value?.workspaceValue, value?.workspaceFolderValue].some((v) => v !== undefined);
}

const longestMinutes = 10_080; // a week: Node.js has no timer of more than 24 days

/** How often to sync; 0: never. */
export function syncEveryMinutes(): number {
  const minutes = tally().get<unknown>('syncEveryMinutes');
  return typeof minutes === 'number' && minutes > 0 ? Math.min(minutes, longestMinutes) : 0;
}

/** The setting `tally.language`, unchecked. */
export const languageSetting = (): unknown => tally().get('language');

/** Calls `changed` when the named setting, or without a name any of ours, has changed. */
export const onDidChangeSettings = (changed: () => void, name?: 'syncEveryMinutes'): vscode.Disposable =>
  vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(name ? `tally.${name}` : 'tally')) changed();
  });

export async function savePlaceSetting(
  name: 'url' | 'company' | 'companies',
  value: string | readonly string[],
  keeper: 'workspace' | 'user',
): Promise<void> {
  const { Workspace, Global } = vscode.ConfigurationTarget;
  await tally().update(name, value, keeper === 'workspace' ? Workspace : Global);
}
