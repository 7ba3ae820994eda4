import * as vscode from 'vscode';
import type { Parts } from './commands/command.js';
import { runCommand } from './commands/runCommand.js';
import { DemoCompany } from './demoCompany.js';
import type { LogLevel } from './jobs/jobMessages.js';
import { questions } from './input/questions.js';
import { Runner } from './jobs/runner.js';
import { Notifier } from './notices/notifier.js';
import { CoveragePanel } from './pages/coveragePanel.js';
import { TextDocuments } from './pages/textDocuments.js';
import { BooksInUse } from './settings/booksInUse.js';
import { biToolsSign } from './sql/biToolsWords.js';
import { SqlClients } from './sql/sqlClients.js';
import { sqlClientSign } from './sql/sqlClientWords.js';
import { Milestones, reachedBy } from './view/milestones.js';
import { StatusBar } from './view/statusBar.js';
import { WarehouseState } from './view/warehouseState.js';
import { WarehouseTree } from './view/warehouseTree.js';

/** Makes the parts of the extension; each gets the others that it needs. VS Code disposes of them. */
export function makeParts(context: vscode.ExtensionContext): Parts {
  const log = vscode.window.createOutputChannel('Tally', { log: true });
  const dryRunChannel = vscode.window.createOutputChannel('Tally Dry Run');
  const demo = new DemoCompany();
  const books = new BooksInUse(context.secrets, demo);
  const notifier = new Notifier(log, context.extension.id);
  const milestones = new Milestones(context.globalState, (one) => {
    void vscode.commands.executeCommand('setContext', `tally.reached.${one}`, true);
  });
  const runner = new Runner({
    workerFile: context.asAbsolutePath('dist/jobWorker.js'),
    log,
    logLevels: () => shownLevels(log.logLevel),
    underNotification: notifier.underNotification,
    onBegin: (job, request, config) => {
      // The demo's books say nothing about the user's own.
      const own = config.tallyUrl !== demo.running?.config.tallyUrl;
      return (answer) => {
        if (own) milestones.reach(reachedBy(job, request, answer));
      };
    },
    onCommit: () => {
      coverage.follow();
    },
  });
  const statusBar = new StatusBar();
  const warehouse = new WarehouseState(books, runner, notifier);
  const tree = new WarehouseTree(warehouse);
  const documents = new TextDocuments();
  const sqlClients = new SqlClients(
    (config, rights, signal, onOpened) =>
      runner.runQuietly('openForSqlClients', { rights }, config, { signal, onOpened }),
    (error) => {
      notifier.fail(error, () => runCommand('tally.openInSqlClient'));
    },
    sqlClientSign,
  );
  const biTools = new SqlClients(
    (config, rights, signal, onOpened) =>
      runner.runQuietly('openForSqlClients', { rights, lasting: true }, config, { signal, onOpened }),
    (error) => {
      notifier.fail(error, () => runCommand('tally.keepOpenForBiTools'));
    },
    biToolsSign,
  );
  const coverage = new CoveragePanel(books, runner, notifier, warehouse, context.extensionUri);
  const warehouseSwitched = (): void => {
    statusBar.showLast(undefined);
    warehouse.forget();
  };
  context.subscriptions.push(log, dryRunChannel, demo.statusBarItem, statusBar, warehouse, tree, documents);
  context.subscriptions.push(sqlClients.statusBarItem, biTools.statusBarItem, coverage);
  return {
    ...{ context, log, dryRunChannel, books, runner, notifier, questions, demo, milestones, statusBar },
    ...{ warehouse, tree, documents, coverage, sqlClients, biTools, warehouseSwitched },
  };
}

/** The levels that the log shows. The thread sends no others, which saves messages that the log would drop. */
function shownLevels(level: vscode.LogLevel): LogLevel[] {
  const names: LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error'];
  return level === vscode.LogLevel.Off ? [] : names.slice(level - vscode.LogLevel.Trace);
}
