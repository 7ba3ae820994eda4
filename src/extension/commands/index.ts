import * as vscode from 'vscode';
import type { Checkpoint } from '../../core/core.js';
import { backfillFromFile } from './backfillFromFile.js';
import { backfillRange, dryRunRange } from './backfillRange.js';
import { backfillFromCheckpoint, resetCheckpoint, syncCheckpoint } from './checkpoint.js';
import { checkSetup } from './checkSetup.js';
import { clearAndReloadRange } from './clearAndReloadRange.js';
import { type Command, type Parts, perform } from './command.js';
import type { CommandId } from './commandIds.js';
import { copyScheduledCommand } from './copyScheduledCommand.js';
import { startDemoCompany, stopDemoCompany } from './demoCompany.js';
import { exportRange } from './exportRange.js';
import { messages } from '../messages.js';
import { keepOpenForBiTools } from './keepOpenForBiTools.js';
import { givenRange } from './givenRange.js';
import { cancelRun, copyRunError, dismissRun, openReport, runAgain, showRunDetails } from './loggedRun.js';
import { closeToSqlClients, openInSqlClient } from './openInSqlClient.js';
import { removeCompany } from './removeCompany.js';
import { revealWarehouseFolder } from './revealWarehouseFolder.js';
import { type LoadOfBooks, sync } from '../jobs/load.js';
import { runLoad } from './runLoad.js';
import { selectCompany } from './selectCompany.js';
import { setTallyAddress } from './setTallyAddress.js';
import { setWarehouseUrl } from './setWarehouseUrl.js';
import { showRejects } from './showRejects.js';
import { showMenu } from './showMenu.js';
import { showPeriod } from './showPeriod.js';
import type { GivenInvoices } from '../settings/booksInUse.js';
import type { OwnRun } from '../view/runHistory.js';
import type { CompanyNode, PeriodNode, RunNode, TreeNode } from '../view/treeNodes.js';
import { syncAll } from './syncAll.js';
import { verifyRange } from './verifyRange.js';

const syncNow: Command<LoadOfBooks> = { ask: ({ books }) => ({ load: sync, books: books.now() }), run: runLoad };

const asksNothing = (run: Command['run']): Command => ({ run });

/**
 * A command on a row of the view. A menu passes the clicked row. A keyboard shortcut passes none, so the selected row
 * counts. While VS Code fetches the rows again there is neither, and a message asks the user to choose again.
 */
function onRow<Request, Row>(
  command: Command<Request, Row>,
  rowOf: (node: TreeNode) => Row | undefined,
): Command<Request> {
  return {
    ask(parts, argument) {
      const node = (argument as TreeNode | undefined) ?? parts.tree.view.selection[0];
      if (!node) parts.notifier.offer('info', messages.tree.noRow(), []);
      const row = node && rowOf(node);
      return row && command.ask?.(parts, row);
    },
    run: (parts, request) => command.run(parts, request),
  };
}

const onCheckpoint = <Request>(command: Command<Request, Checkpoint>): Command<Request> =>
  onRow(command, (node) => (node.kind === 'checkpoint' ? node.checkpoint : undefined));

const runOf = (node: TreeNode): RunNode | OwnRun | undefined =>
  node.kind === 'concern' ? node.of : node.kind === 'run' || node.kind === 'ownRun' ? node : undefined;

const onRun = <Request>(command: Command<Request, RunNode | OwnRun>): Command<Request> => onRow(command, runOf);

const onLoggedRun = <Request>(command: Command<Request, RunNode>): Command<Request> =>
  onRow(command, (node) => {
    const run = runOf(node);
    return run?.kind === 'run' ? run : undefined;
  });

const onOwnRun = <Request>(command: Command<Request, OwnRun>): Command<Request> =>
  onRow(command, (node) => {
    const run = runOf(node);
    return run?.kind === 'ownRun' ? run : undefined;
  });

const onPeriod = <Request>(command: Command<Request, CompanyNode | PeriodNode>): Command<Request> =>
  onRow(command, (node) =>
    node.kind === 'company' || node.kind === 'year' || node.kind === 'month' ? node : undefined,
  );

const commands: Record<CommandId, Command> = {
  'tally.syncNow': syncNow,
  'tally.syncAll': syncAll,
  'tally.backfillRange': backfillRange,
  'tally.backfillFromFile': backfillFromFile,
  'tally.loadFile': backfillFromFile,
  'tally.dryRunRange': dryRunRange,
  'tally.clearAndReloadRange': clearAndReloadRange,
  'tally.verifyRange': verifyRange,
  'tally.exportRange': exportRange,
  'tally.openInSqlClient': openInSqlClient,
  'tally.closeToSqlClients': closeToSqlClients,
  'tally.keepOpenForBiTools': keepOpenForBiTools,
  'tally.checkSetup': checkSetup,
  'tally.removeCompany': removeCompany,
  'tally.revealWarehouseFolder': revealWarehouseFolder,
  'tally.selectCompany': selectCompany,
  'tally.setTallyAddress': setTallyAddress,
  'tally.setWarehouseUrl': setWarehouseUrl,
  'tally.startDemoCompany': startDemoCompany,
  'tally.stopDemoCompany': stopDemoCompany,
  'tally.copyScheduledCommand': copyScheduledCommand,
  'tally.refresh': asksNothing(({ warehouse }) => {
    warehouse.forget();
  }),
  'tally.loadMore': asksNothing(({ warehouse }) => {
    warehouse.more();
  }),
  'tally.checkpoint.syncNow': onCheckpoint(syncCheckpoint),
  'tally.checkpoint.reset': onCheckpoint(resetCheckpoint),
  'tally.checkpoint.backfillFrom': onCheckpoint(backfillFromCheckpoint),
  'tally.run.showDetails': onLoggedRun(showRunDetails),
  'tally.run.runAgain': onRun(runAgain),
  'tally.run.copyError': onRun(copyRunError),
  'tally.run.openReport': onOwnRun(openReport),
  'tally.run.cancel': onOwnRun(cancelRun),
  'tally.run.dismiss': onOwnRun(dismissRun),
  'tally.showCoverage': asksNothing(({ coverage }) => {
    coverage.show();
  }),
  'tally.showMenu': showMenu,
  'tally.period.show': onPeriod(showPeriod),
  'tally.showSummary': asksNothing(({ summary }) => {
    summary.show();
  }),
  'tally.showInvoices': {
    ask: (_, argument) => ({ given: givenRange(argument) }),
    run: ({ invoices }, { given }: { given: GivenInvoices | undefined }) => {
      invoices.show(given);
    },
  } satisfies Command<{ given: GivenInvoices | undefined }>,
  'tally.showRejects': showRejects,
  'tally.getStarted': {
    run: async ({ context }) => {
      const walkthrough = `${context.extension.id}#tally.getStarted`;
      await vscode.commands.executeCommand('workbench.action.openWalkthrough', walkthrough, false);
    },
  },
  'tally.showLog': asksNothing(({ log }) => {
    log.show();
  }),
  'tally.showDryRun': asksNothing(({ dryRunChannel }) => {
    dryRunChannel.show();
  }),
};

/** A menu passes the clicked row to a command. The Explorer also passes all selected rows. */
export function registerCommands(parts: Parts): vscode.Disposable {
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([id, command]) =>
      vscode.commands.registerCommand(id, (argument: unknown, selected: unknown) =>
        perform(parts, command, argument, selected),
      ),
    ),
  );
}
