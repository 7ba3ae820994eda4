// The settings of the extension, `tally.…` of package.json: read, written and watched here alone.
import * as vscode from 'vscode';
import { settingNames, type SettingName } from './configFrom.js';

const tally = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('tally');

/** Those of the configuration that the user or the workspace has set, unchecked: settings.json may hold anything. */
export function explicitSettings(): Partial<Record<SettingName, unknown>> {
  const settings = tally();
  const names = [...Object.keys(settingNames), 'ledgerPatterns'] as SettingName[];
  return Object.fromEntries(names.filter((name) => isSet(settings, name)).map((name) => [name, settings.get(name)]));
}

function isSet(settings: vscode.WorkspaceConfiguration, name: string): boolean {
  const value = settings.inspect(name);
  // A workspace must not decide where programs are run and rows are kept (the scope in package.json says so too).
  if (name === 'dataFolder') return value?.globalValue !== undefined;
  return [value?.globalValue, value?.workspaceValue, value?.workspaceFolderValue].some((v) => v !== undefined);
}

const longestMinutes = 10_080; // a week: a timer of Node.js ends at 24 days

/** How often to sync; 0: never. */
export function syncEveryMinutes(): number {
  const minutes = tally().get<unknown>('syncEveryMinutes');
  return typeof minutes === 'number' && minutes > 0 ? Math.min(minutes, longestMinutes) : 0;
}

/** The language that is asked for, unchecked. */
export const languageSetting = (): unknown => tally().get('language');

/** Calls `changed` when one of the settings, or the named one, has changed. */
export const onDidChangeSettings = (changed: () => void, name?: 'syncEveryMinutes'): vscode.Disposable =>
  vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(name ? `tally.${name}` : 'tally')) changed();
  });

/** Where Select Company writes: into the workspace if that already names a company, else into the user's settings. */
export async function saveCompany(name: string): Promise<'workspace' | 'user'> {
  const settings = tally();
  const inWorkspace = settings.inspect('company')?.workspaceValue !== undefined;
  await settings.update(
    'company',
    name,
    inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global,
  );
  return inWorkspace ? 'workspace' : 'user';
}
