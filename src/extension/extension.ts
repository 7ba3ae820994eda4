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

/** Cheap, since it runs in every window that starts: nothing is asked, of Tally or of the warehouse, before somebody looks. */
export function activate(context: vscode.ExtensionContext): unknown {
  speak(hostLanguage());
  parts = makeParts(context);
  const { demo, runner, tree, warehouse, statusBar, configuration } = parts;
  const { coverage, invoices, summary, sqlClients, biTools } = parts;
  const schedule = scheduleSync(parts);
  statusBar.nextSync = () => schedule.nextAt;
  context.subscriptions.push(registerCommands(parts), ...keepShownFresh(parts));
  void reopenForBiTools(parts);
  // Another extension could read the password of the warehouse here: it may rely on the commands alone.
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

/** Else what the view says of a `.env` would stay when it is mended. */
function watchDotEnv(changed: () => void): vscode.Disposable[] {
  return (vscode.workspace.workspaceFolders ?? []).flatMap((folder) => {
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, '.env'));
    return [watcher, watcher.onDidCreate(changed), watcher.onDidChange(changed), watcher.onDidDelete(changed)];
  });
}
