import * as vscode from 'vscode';
import type { CommandId } from './commandIds.js';

/** A command that a row of the view, a document or the status bar offers: one of the extension, or Manage Trust. */
export type OwnCommand = vscode.Command & { command: CommandId | 'workbench.trust.manage' };

/** Runs a command of the extension as a user would; its failure is a message, so this never throws. */
export async function runCommand(id: CommandId, argument?: unknown): Promise<void> {
  await vscode.commands.executeCommand(id, argument);
}
