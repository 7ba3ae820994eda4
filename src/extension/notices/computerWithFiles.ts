import os from 'node:os';
import * as vscode from 'vscode';

/** The computer on which the extension runs and has its files. Undefined if that is the computer in front of the user. */
export function computerWithFiles(): string | undefined {
  const { remoteName, uiKind } = vscode.env;
  return remoteName === undefined && uiKind === vscode.UIKind.Desktop ? undefined : (remoteName ?? os.hostname());
}
