import * as vscode from 'vscode';
import { backfillFromFile } from './backfillFromFile.js';
import { backfillRange } from './backfillRange.js';
import { backfillFromCheckpoint, resetCheckpoint, syncCheckpoint } from './checkpoint.js';
import { checkSetup } from './checkSetup.js';
import { clearAndReloadRange } from './clearAndReloadRange.js';
import { copyScheduledCommand } from './copyScheduledCommand.js';
import { dryRunRange } from './dryRunRange.js';
import { copyRunError, runAgain, showRunDetails } from './loggedRun.js';
import { exportRange } from './exportRange.js';
import { closeToSqlClients, openInSqlClient } from './openInSqlClient.js';
import { selectCompany } from './selectCompany.js';
import { setWarehouseUrl } from './setWarehouseUrl.js';
import { showCoverage } from './showCoverage.js';
import { showRejects } from './showRejects.js';
import { startDemoCompany, stopDemoCompany } from './demoCompany.js';
import { syncNow } from './syncNow.js';
import { verifyRange } from './verifyRange.js';
import type { CommandId } from './commandIds.js';
import type { Parts } from './parts.js';
import type { CheckpointNode, RunNode, TreeNode } from '../view/warehouseTree.js';

/** A menu hands over the row that was clicked, and the Explorer all that are selected. */
type Handler = (parts: Parts, node?: TreeNode, selected?: unknown) => Promise<void> | void;

/** Every command of the extension by its id; package.json names those that the Command Palette shows. */
const commands: Record<CommandId, Handler> = {
  'tally.syncNow': syncNow,
  'tally.backfillRange': backfillRange,
  'tally.backfillFromFile': backfillFromFile,
  'tally.dryRunRange': dryRunRange,
  'tally.clearAndReloadRange': clearAndReloadRange,
  'tally.verifyRange': verifyRange,
  'tally.exportRange': exportRange,
  'tally.openInSqlClient': openInSqlClient,
  'tally.closeToSqlClients': closeToSqlClients,
  'tally.checkSetup': checkSetup,
  'tally.selectCompany': selectCompany,
  'tally.setWarehouseUrl': setWarehouseUrl,
  'tally.startDemoCompany': startDemoCompany,
  'tally.stopDemoCompany': stopDemoCompany,
  'tally.copyScheduledCommand': copyScheduledCommand,
  'tally.refresh': (parts) => {
    parts.warehouse.forget();
  },
  'tally.loadMore': (parts) => {
    parts.warehouse.more();
  },
  'tally.checkpoint.syncNow': onCheckpoint(syncCheckpoint),
  'tally.checkpoint.reset': onCheckpoint(resetCheckpoint),
  'tally.checkpoint.backfillFrom': onCheckpoint(backfillFromCheckpoint),
  'tally.run.showDetails': onRun(showRunDetails),
  'tally.run.runAgain': onRun(runAgain),
  'tally.run.copyError': onRun(copyRunError),
  'tally.showCoverage': showCoverage,
  'tally.showRejects': showRejects,
  'tally.getStarted': async (parts) => {
    const walkthrough = `${parts.context.extension.id}#tally.getStarted`;
    await vscode.commands.executeCommand('workbench.action.openWalkthrough', walkthrough, false);
  },
  'tally.showLog': (parts) => {
    parts.log.show();
  },
  'tally.showDryRun': (parts) => {
    parts.dryRunChannel.show();
  },
};

/** A menu gives the row that was clicked, a key of the user's the one that is selected. */
function onCheckpoint(act: (parts: Parts, checkpoint: CheckpointNode['checkpoint']) => Promise<void>): Handler {
  return async (parts, node = parts.tree.view.selection[0]) => {
    if (node?.kind === 'checkpoint') await act(parts, node.checkpoint);
  };
}

function onRun(act: (parts: Parts, run: RunNode['run']) => Promise<void>): Handler {
  return async (parts, node = parts.tree.view.selection[0]) => {
    if (node?.kind === 'run') await act(parts, node.run);
  };
}

/** No command throws: what goes wrong is logged and shown by `Session.attempt`. */
export function registerCommands(parts: Parts): vscode.Disposable {
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([id, handler]) =>
      vscode.commands.registerCommand(id, (node?: TreeNode, selected?: unknown) =>
        parts.notifier.attempt(() => handler(parts, node, selected)),
      ),
    ),
  );
}
