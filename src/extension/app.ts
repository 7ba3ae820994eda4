import * as vscode from 'vscode';
import type { Parts } from './commands/command.js';
import { runCommand } from './commands/runCommand.js';
import { DemoCompany } from './demoCompany.js';
import type { LogLevel } from './jobs/jobMessages.js';
import { questions } from './input/questions.js';
import { Runner } from './jobs/runner.js';
import { explained } from './notices/explained.js';
import { Notifier } from './notices/notifier.js';
import { CoveragePanel } from './pages/coveragePanel.js';
import { InvoicesPanel } from './pages/invoicesPanel.js';
import { SummaryPanel } from './pages/summaryPanel.js';
import { TextDocuments } from './pages/textDocuments.js';
import { BooksInUse } from './settings/booksInUse.js';
import { Configuration, type SourcedConfig } from './settings/configuration.js';
import { SqlClients } from './sql/sqlClients.js';
import { biToolsSign, sqlClientSign } from './sql/sqlClientWords.js';
import { Milestones, reachedBy } from './view/milestones.js';
import { RunHistory } from './view/runHistory.js';
import { StatusBar } from './view/statusBar.js';
import { WarehouseState } from './view/warehouseState.js';
import { WarehouseTree } from './view/warehouseTree.js';

/** Makes the parts of the extension; each gets the others that it needs. VS Code disposes of them. */
export function makeParts(context: vscode.ExtensionContext): Parts {
  const log = vscode.window.createOutputChannel('Tally', { log: true });
  const dryRunChannel = vscode.window.createOutputChannel('Tally Dry Run');
  const demo = new DemoCompany();
  const configuration = new Configuration(context.secrets, context.workspaceState);
  const books = new BooksInUse(configuration, demo);
  const notifier = new Notifier(log, context.extension.id, configuration);
  const milestones = new Milestones(context.globalState, (one) => {
    void vscode.commands.executeCommand('setContext', `tally.reached.${one}`, true);
  });
  const runner = new Runner({
    workerFile: context.asAbsolutePath('dist/jobWorker.js'),
    log,
    logLevels: () => shownLevels(log.logLevel),
    underNotification: notifier.underNotification,
    explain: (error, config) => explained(error, (config as SourcedConfig).origin),
    onBegin: (job, request, config) => {
      // A job on the demo's books reaches no milestone, because it proves nothing about the user's own setup.
      const own = config.tallyUrl !== demo.running?.config.tallyUrl;
      return (answer) => {
        if (own) milestones.reach(reachedBy(job, request, answer));
      };
    },
    onCommit: () => {
      coverage.follow();
      invoices.follow();
    },
  });
  const statusBar = new StatusBar(
    () => demo.running && { company: demo.running.company, url: demo.running.config.tallyUrl },
  );
  const warehouse = new WarehouseState(books, runner, notifier);
  const history = new RunHistory(context.workspaceState, (change) => {
    if (change === 'progress') {
      tree.redrawSoon();
      return;
    }
    // The key is set before the redraw: VS Code then redraws the rows whose buttons depend on the key, and these rows
    // must still exist.
    void vscode.commands.executeCommand('setContext', 'tally.loading', history.isLoading).then(tree.redraw);
  });
  const tree = new WarehouseTree(warehouse, history);
  const documents = new TextDocuments();
  for (const document of history.documents()) documents.update(document);
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
  const panelParts = { books, runner, notifier, warehouse, extensionUri: context.extensionUri };
  const coverage = new CoveragePanel(panelParts);
  const invoices = new InvoicesPanel(panelParts);
  const summary = new SummaryPanel(panelParts);
  const warehouseSwitched = (): void => {
    statusBar.show(undefined);
    warehouse.forget();
  };
  context.subscriptions.push(log, dryRunChannel, statusBar, warehouse, tree, documents);
  context.subscriptions.push(sqlClients.statusBarItem, biTools.statusBarItem, coverage, invoices, summary);
  return {
    ...{ context, log, dryRunChannel, configuration, books, runner, notifier, questions, demo, milestones, statusBar },
    history,
    ...{ warehouse, tree, documents, coverage, invoices, summary, sqlClients, biTools, warehouseSwitched },
  };
}

/** The levels that the log shows. The thread sends no others, which saves messages that the log would drop. */
function shownLevels(level: vscode.LogLevel): LogLevel[] {
  const names: LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error'];
  return level === vscode.LogLevel.Off ? [] : names.slice(level - vscode.LogLevel.Trace);
}
