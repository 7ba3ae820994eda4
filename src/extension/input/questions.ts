import * as vscode from 'vscode';
import { type Answer, back, input, pick } from './quickInput.js';
import { askRange } from './rangeInput.js';

/** A question that stands alone has no way back. */
async function alone<T>(asked: Promise<Answer<T>>): Promise<T | undefined> {
  const answer = await asked;
  return answer === back ? undefined : answer;
}

/** What commands ask a user. Each gives undefined where the user left. */
export const questions = {
  range: askRange,
  pick: <T extends vscode.QuickPickItem>(question: Parameters<typeof pick<T>>[0]) => alone(pick(question)),
  input: (question: Parameters<typeof input>[0]) => alone(input(question)),
  /** Whether the user pressed the button of a dialog. */
  confirm: async (question: string, detail: string, button: string): Promise<boolean> =>
    (await vscode.window.showWarningMessage(question, { modal: true, detail }, button)) === button,
};
export type Questions = typeof questions;
