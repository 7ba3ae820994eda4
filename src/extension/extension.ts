import * as vscode from 'vscode';
import { registerCommands } from './commands/index.js';
import { hostLanguage } from './language/hostLanguage.js';
import { speak } from './language/language.js';
import { makeParts } from './app.js';
import type { Parts } from './commands/command.js';
import { reopenForBiTools } from './commands/keepOpenForBiTools.js';
import { scheduleSync } from './schedule/scheduledSync.js';
import { onDidChangeSettings } from './settings/settings.js';
import { WhileFocused } from './view/whileFocused.js';

let parts: Parts | undefined;

/**
 * Cheap, because it runs in every window that starts. It asks neither Tally nor the warehouse, except that it opens the
 * warehouse to BI tools if an earlier window did. A view asks when it is visible, a scheduled sync when it is due.
 */
export function activate(context: vscode.ExtensionContext): unknown {
  speak(hostLanguage());
  parts = makeParts(context);
  const { demo, runner, tree, warehouse, statusBar, configuration } = parts;
  const { coverage, invoices, summary, sqlClients, biTools } = parts;
  const schedule = scheduleSync(parts);
  statusBar.nextSync = () => schedule.nextAt;
  context.subscriptions.push(registerCommands(parts), ...keepShownFresh(parts));
  void reopenForBiTools(parts);
  // Only tests get these parts: through them another extension could read the password of the warehouse.
  if (context.extensionMode !== vscode.ExtensionMode.Test) return undefined;
  return {
    demo,
    runner,
    tree,
    warehouse,
    statusBar,
    schedule,
    coverage,
    invoices,
    summary,
    sqlClients,
    biTools,
    configuration,
  };
}

export async function deactivate(): Promise<void> {
  await parts?.runner.end();
  await parts?.demo.stop();
  parts = undefined;
}

function keepShownFresh({ context, warehouse, statusBar, tree, warehouseSwitched }: Parts): vscode.Disposable[] {
  const whileFocused = new WhileFocused(() => {
    statusBar.redraw();
    tree.redraw();
  });
  whileFocused.focus(vscode.window.state.focused);
  return [
    new vscode.Disposable(() => {
      whileFocused.focus(false);
    }),
    vscode.window.onDidChangeWindowState(({ focused }) => {
      whileFocused.focus(focused);
    }),
    warehouse.onDidLoad((view) => {
      statusBar.show(view);
    }),
    onDidChangeSettings(() => {
      warehouse.forget();
    }),
    context.secrets.onDidChange(warehouseSwitched),
    vscode.workspace.onDidGrantWorkspaceTrust(warehouseSwitched),
    vscode.workspace.onDidChangeWorkspaceFolders(warehouseSwitched),
    ...watchDotEnv(warehouseSwitched),
  ];
}

/** Without this the view would go on showing an error in a `.env` after the file was corrected. */
function watchDotEnv(changed: () => void): vscode.Disposable[] {
  return (vscode.workspace.workspaceFolders ?? []).flatMap((folder) => {
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, '.env'));
    return [watcher, watcher.onDidCreate(changed), watcher.onDidChange(changed), watcher.onDidDelete(changed)];
  });
}
