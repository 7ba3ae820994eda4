import os from 'node:os';
import * as vscode from 'vscode';

/**
 * The computer on which the extension runs, if it is not the one in front of the user; undefined: it is. Files that the extension
 * knows are on that computer.
 */
export function computerWithFiles(): string | undefined {
  const { remoteName, uiKind } = vscode.env;
  return remoteName === undefined && uiKind === vscode.UIKind.Desktop ? undefined : (remoteName ?? os.hostname());
}
