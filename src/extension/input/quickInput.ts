import * as vscode from 'vscode';

export const back = Symbol('back');
/** The result of a question: an answer, `back` to the question before, or undefined if the user left. */
export type Answer<T> = T | typeof back | undefined;

export interface Question {
  title: string;
  step?: number;
  totalSteps?: number;
}

/** The message of a box about its text. Enter is ignored while the remark is an `error` or `unfinished`. */
export interface Remark {
  severity: 'error' | 'unfinished' | 'warning' | 'info';
  message: string;
}

export function pick<T extends vscode.QuickPickItem>(
  question: Question & { placeholder: string; items: T[]; active?: T | undefined },
): Promise<Answer<T>> {
  const box = vscode.window.createQuickPick<T>();
  box.placeholder = question.placeholder;
  box.items = question.items;
  box.matchOnDescription = true;
  box.matchOnDetail = true;
  if (question.active) box.activeItems = [question.active];
  return ask<T>(box, question, () => box.selectedItems[0]);
}

/** Asks for one or more rows. The rows in `chosen` are ticked at first. */
export function pickMany<T extends vscode.QuickPickItem>(
  question: Question & { placeholder: string; items: T[]; chosen: T[] },
): Promise<Answer<readonly T[]>> {
  const box = vscode.window.createQuickPick<T>();
  box.canSelectMany = true;
  box.placeholder = question.placeholder;
  box.items = question.items;
  box.matchOnDetail = true;
  box.selectedItems = question.chosen;
  return ask<readonly T[]>(box, question, () => (box.selectedItems.length > 0 ? box.selectedItems : undefined));
}

/** Asks for a line of text. `check` is called at each change with the trimmed text. */
export function input(
  question: Question & {
    prompt: string;
    placeholder?: string;
    value: string;
    password?: boolean;
    check: (text: string) => Remark | undefined;
  },
): Promise<Answer<string>> {
  const box = vscode.window.createInputBox();
  box.prompt = question.prompt;
  box.placeholder = question.placeholder;
  box.value = question.value;
  box.password = question.password ?? false;
  const severities = {
    error: vscode.InputBoxValidationSeverity.Error,
    unfinished: vscode.InputBoxValidationSeverity.Info,
    warning: vscode.InputBoxValidationSeverity.Warning,
    info: vscode.InputBoxValidationSeverity.Info,
  };
  const validate = (): boolean => {
    const text = box.value.trim();
    const remark = question.check(text);
    box.validationMessage = remark && { message: remark.message, severity: severities[remark.severity] };
    return remark === undefined || remark.severity === 'warning' || remark.severity === 'info';
  };
  // An empty box shows no error before something is typed.
  if (box.value !== '') validate();
  box.onDidChangeValue(validate);
  return ask(box, question, () => (validate() ? box.value.trim() : undefined));
}

/** Shows a box until it is accepted with an answer, left by Back, or dismissed; then disposes it. */
function ask<T>(
  box: vscode.QuickInput & {
    buttons: readonly vscode.QuickInputButton[];
    onDidAccept: vscode.Event<void>;
    onDidTriggerButton: vscode.Event<vscode.QuickInputButton>;
  },
  question: Question,
  answer: () => T | undefined,
): Promise<Answer<T>> {
  box.title = question.title;
  box.step = question.step;
  box.totalSteps = question.totalSteps;
  box.ignoreFocusOut = true; // the user may have to look up a date in another window
  if (question.step !== undefined && question.step > 1) box.buttons = [vscode.QuickInputButtons.Back];
  return new Promise<Answer<T>>((resolve) => {
    box.onDidAccept(() => {
      const given = answer();
      if (given !== undefined) resolve(given);
    });
    box.onDidTriggerButton(() => {
      resolve(back);
    });
    box.onDidHide(() => {
      resolve(undefined);
    });
    box.show();
  }).finally(() => {
    box.dispose();
  });
}
