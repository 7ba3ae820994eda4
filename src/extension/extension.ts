import * as vscode from 'vscode';
import { registerCommands } from './commands/index.js';
import { hostLanguage } from './language/hostLanguage.js';
import { speak } from './language/language.js';
import { Session } from './session.js';
import { errorOf } from './view/warehouseWords.js';
import { scheduleSync } from './schedule/scheduledSync.js';
import { WhileFocused } from './view/whileFocused.js';

let session: Session | undefined;

/** Cheap, since it runs in every window that starts: nothing is asked, of Tally or of the warehouse, before somebody looks. */
export function activate(context: vscode.ExtensionContext): unknown {
  speak(hostLanguage());
  session = new Session(context);
  const { tree, statusBar, coverage, sqlClients } = session;
  const schedule = scheduleSync(session);
  context.subscriptions.push(registerCommands(session), ...keepShownFresh(session));
  // For the tests in the host alone; what other extensions may rely on are the commands.
  return { tree, statusBar, schedule, coverage, sqlClients };
}

export async function deactivate(): Promise<void> {
  await session?.end();
  session = undefined;
}

function keepShownFresh(session: Session): vscode.Disposable[] {
  const { warehouse, statusBar, tree } = session;
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
      if (view.state === 'unreachable') return;
      const last = view.state === 'loaded' ? view.runs.find(({ command }) => command === 'sync') : undefined;
      if (last)
        statusBar.showLast({ state: last.status, at: last.runAt, company: last.companyName, error: errorOf(last) });
      else statusBar.showLast(view.state === 'notConfigured' ? undefined : 'never');
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('tally')) warehouse.forget();
    }),
    session.context.secrets.onDidChange(() => {
      session.warehouseSwitched();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      session.warehouseSwitched();
    }),
    ...watchDotEnv(() => {
      session.warehouseSwitched();
    }),
  ];
}

/** Else what the view says of a `.env` would stay when it is mended. */
function watchDotEnv(changed: () => void): vscode.Disposable[] {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) return [];
  const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, '.env'));
  return [watcher, watcher.onDidCreate(changed), watcher.onDidChange(changed), watcher.onDidDelete(changed)];
}
