import os from 'node:os';
import * as vscode from 'vscode';
import { type Answer, back, input, pick, pickMany } from './quickInput.js';
import { askRange } from './rangeInput.js';

export interface NewTextFile {
  /** The path or address to show. */
  place: string;
  write: (text: string) => Promise<void>;
}

/** A single question has no Back. */
async function alone<T>(asked: Promise<Answer<T>>): Promise<T | undefined> {
  const answer = await asked;
  return answer === back ? undefined : answer;
}

/** The questions that commands ask. The answer is undefined if the user left; that of `confirm` is false. */
export const questions = {
  range: askRange,
  pick: <T extends vscode.QuickPickItem>(question: Parameters<typeof pick<T>>[0]) => alone(pick(question)),
  pickMany: <T extends vscode.QuickPickItem>(question: Parameters<typeof pickMany<T>>[0]) => alone(pickMany(question)),
  input: (question: Parameters<typeof input>[0]) => alone(input(question)),
  /** Whether the user pressed the button of a dialog. */
  confirm: async (question: string, detail: string, button: string): Promise<boolean> =>
    (await vscode.window.showWarningMessage(question, { modal: true, detail }, button)) === button,
  /** The button of a dialog that the user pressed. */
  choose: async (question: string, detail: string, buttons: string[]): Promise<string | undefined> =>
    vscode.window.showWarningMessage(question, { modal: true, detail }, ...buttons),
  /** Asks where to save a text file. `write` writes it as UTF-8. */
  textFile: async (title: string, name: string, kind: string): Promise<NewTextFile | undefined> => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(os.homedir());
    const defaultUri = vscode.Uri.joinPath(folder, `${name}.txt`);
    const file = await vscode.window.showSaveDialog({ title, defaultUri, filters: { [kind]: ['txt'] } });
    if (!file) return undefined;
    const place = file.scheme === 'file' ? file.fsPath : file.toString(true);
    return { place, write: async (text) => vscode.workspace.fs.writeFile(file, Buffer.from(text, 'utf8')) };
  },
};
export type Questions = typeof questions;
