import * as vscode from 'vscode';
import type { CommandId } from './commandIds.js';

/** A command of the extension, or the one of VS Code that it needs, as a row of the tree or a line of a document offers it. */
export type OwnCommand = vscode.Command & { command: CommandId | 'workbench.trust.manage' };

/** Runs a command of the extension as a user would; its failure is a message, so this never throws. */
export async function runCommand(id: CommandId, argument?: unknown): Promise<void> {
  await vscode.commands.executeCommand(id, argument);
}
