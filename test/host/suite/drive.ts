import * as vscode from 'vscode';

// Plays the user in front of the real VS Code: answers input boxes and lists, sees messages and progress notifications,
// presses buttons. The boxes are the real ones. A message stays until the test presses a button.

export const extensionId = 'tally-warehouse.tally-warehouse';

/** A message that was shown, and the way to press one of its buttons. */
export interface ShownMessage {
  severity: 'info' | 'warning' | 'error';
  text: string;
  buttons: string[];
  press: (button: string) => void;
}

/** A modal dialog that was shown. The driver answers each at once. */
export interface ShownDialog {
  text: string;
  detail: string | undefined;
  buttons: string[];
}

/** The user's move in the next box: choose a row by its label, tick several, write a line, go back, or leave. */
export type Move = { choose: string } | { tick: string[] } | { write: string; refused?: boolean } | 'back' | 'leave';

/** A box as it looked when the user met it. */
export interface ShownBox {
  title: string | undefined;
  step: number | undefined;
  totalSteps: number | undefined;
  rows: { label: string; description: string | undefined }[];
  /** The box's remark on the text that the user entered. */
  remark: string;
}

export interface ShownProgress {
  title: string | undefined;
  reports: { message?: string; increment?: number }[];
}

const accept = 'workbench.action.acceptSelectedQuickOpenItem';

export class Driver {
  readonly messages: ShownMessage[] = [];
  readonly dialogs: ShownDialog[] = [];
  /** The buttons that the user presses in the next dialogs. Without a button left, dialogs are cancelled. */
  answers: string[] = [];
  /** Where the user saves in the system's next save dialogs. Without a place left, they are cancelled. */
  saveAs: vscode.Uri[] = [];
  readonly saveDialogs: vscode.SaveDialogOptions[] = [];
  readonly boxes: ShownBox[] = [];
  readonly progresses: ShownProgress[] = [];
  /** Called at every progress report; may cancel. */
  onProgress: (report: { message?: string }, cancel: () => void) => void = () => undefined;
  private moves: Move[] = [];
  private readonly undo: (() => void)[] = [];

  constructor() {
    const { window } = vscode;
    const stub = <K extends keyof typeof window>(name: K, replacement: (typeof window)[K]): void => {
      const original = Object.getOwnPropertyDescriptor(window, name)!;
      Object.defineProperty(window, name, { ...original, value: replacement });
      this.undo.push(() => Object.defineProperty(window, name, original));
    };
    // The three functions have the same overloads; the extension uses those with strings as buttons.
    const say =
      (severity: ShownMessage['severity']): typeof window.showErrorMessage =>
      (text: string, ...rest: (string | vscode.MessageOptions)[]) => {
        const options = rest.find((one) => typeof one !== 'string');
        const buttons = rest.filter((one) => typeof one === 'string');
        if (options?.modal) {
          this.dialogs.push({ text, detail: options.detail, buttons });
          return Promise.resolve(this.answers.shift());
        }
        return new Promise<string | undefined>((press) => this.messages.push({ severity, text, buttons, press }));
      };
    stub('showInformationMessage', say('info'));
    stub('showWarningMessage', say('warning'));
    stub('showErrorMessage', say('error'));
    stub('showSaveDialog', (options) => {
      this.saveDialogs.push(options ?? {});
      return Promise.resolve(this.saveAs.shift());
    });
    const { createQuickPick, createInputBox, withProgress } = window;
    stub('createQuickPick', <T extends vscode.QuickPickItem>() => this.attend(createQuickPick<T>()));
    stub('createInputBox', () => this.attend(createInputBox()));
    stub('withProgress', (options, task) =>
      withProgress(options, (progress, token) => this.watch(options, progress, token, task)),
    );
  }

  /** Runs a command; the boxes that it opens get these moves, one each. */
  run(command: string, ...moves: Move[]): Promise<void> {
    return this.runOn(command, undefined, ...moves);
  }

  /** Like run, on a row of the tree. */
  runOn(command: string, row: unknown, ...moves: Move[]): Promise<void> {
    return this.runWith(command, row === undefined ? [] : [row], ...moves);
  }

  /** Like run, with all arguments that a menu gives to a command. */
  async runWith(command: string, given: unknown[], ...moves: Move[]): Promise<void> {
    await this.during(() => vscode.commands.executeCommand(command, ...given), ...moves);
  }

  /** Like run, for work that no command starts, such as what a page asks for. */
  async during(work: () => PromiseLike<unknown>, ...moves: Move[]): Promise<void> {
    this.moves = moves;
    await work();
    if (this.moves.length > 0)
      throw new Error(`The command asked for less: ${JSON.stringify(this.moves)} is left over`);
  }

  /** The message after the first `seen` ones, as soon as it is there. */
  async nextMessage(seen = this.messages.length): Promise<ShownMessage> {
    while (this.messages.length <= seen) await new Promise((resolve) => setTimeout(resolve, 20));
    return this.messages[seen]!;
  }

  /** Presses a button of the last message, and waits for the message that follows. */
  async press(button: string): Promise<ShownMessage> {
    const seen = this.messages.length;
    const message = this.messages.at(-1);
    if (!message?.buttons.includes(button)) throw new Error(`No button ${button} on: ${JSON.stringify(message)}`);
    message.press(button);
    return this.nextMessage(seen);
  }

  release(): void {
    for (const undo of this.undo.reverse()) undo();
  }

  private async watch<R>(
    options: vscode.ProgressOptions,
    progress: vscode.Progress<{ message?: string; increment?: number }>,
    token: vscode.CancellationToken,
    task: (
      progress: vscode.Progress<{ message?: string; increment?: number }>,
      token: vscode.CancellationToken,
    ) => Thenable<R>,
  ): Promise<R> {
    const source = new vscode.CancellationTokenSource();
    token.onCancellationRequested(() => {
      source.cancel();
    });
    const shown: ShownProgress = { title: options.title, reports: [] };
    this.progresses.push(shown);
    const report = (value: { message?: string; increment?: number }): void => {
      shown.reports.push(value);
      progress.report(value);
      this.onProgress(value, () => {
        source.cancel();
      });
    };
    return task({ report }, source.token);
  }

  /** Makes the next move in a box as soon as VS Code shows it. */
  private attend<B extends vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>>(box: B): B {
    const show = box.show.bind(box);
    box.show = () => {
      const move = this.moves.shift();
      if (move === undefined) throw new Error(`Nobody knows what to do in the box ${String(box.title)}`);
      const list = isList(box) ? box : undefined;
      const shown: ShownBox = {
        title: box.title,
        step: box.step,
        totalSteps: box.totalSteps,
        rows: (list?.items ?? []).map(({ label, description }) => ({ label, description })),
        remark: '',
      };
      this.boxes.push(shown);
      const active = list && nextActive(list);
      show();
      if (move === 'back') void vscode.commands.executeCommand('workbench.action.quickInputBack');
      else if (move === 'leave') void vscode.commands.executeCommand('workbench.action.closeQuickOpen');
      else if ('tick' in move) void tick(list!, move.tick);
      else if ('choose' in move) void choose(list!, active!, move.choose);
      else void this.write(box as vscode.InputBox, shown, move);
    };
    return box;
  }

  private async write(
    box: vscode.InputBox,
    shown: ShownBox,
    move: { write: string; refused?: boolean },
  ): Promise<void> {
    box.value = move.write;
    await vscode.commands.executeCommand(accept);
    // A box that refuses the text stays open and says why. Then the user leaves it.
    for (let i = 0; i < 50 && shown.remark === ''; i++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      const remark = box.validationMessage;
      shown.remark = typeof remark === 'string' ? remark : (remark?.message ?? '');
      if (!move.refused) return;
    }
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
  }
}

const isList = (box: vscode.QuickInput): box is vscode.QuickPick<vscode.QuickPickItem> => 'items' in box;

/** Gives the labels of the rows that VS Code reports as active, one after the other; waits for the first. */
function nextActive(list: vscode.QuickPick<vscode.QuickPickItem>): () => Promise<string | undefined> {
  const seen: (string | undefined)[] = [];
  let wake: (() => void) | undefined;
  list.onDidChangeActive((items) => {
    seen.push(items[0]?.label);
    wake?.();
  });
  return async () => {
    if (seen.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    return seen.shift();
  };
}

async function choose(
  list: vscode.QuickPick<vscode.QuickPickItem>,
  active: () => Promise<string | undefined>,
  label: string,
): Promise<void> {
  const item = list.items.find((row) => row.label.startsWith(label));
  if (!item) throw new Error(`No row ${label} among ${list.items.map((row) => row.label).join(', ')}`);
  if ((await active()) !== item.label) {
    list.activeItems = [item];
    while ((await active()) !== item.label);
  }
  await vscode.commands.executeCommand(accept);
}

/** Ticks these rows of a list, and no others. */
async function tick(list: vscode.QuickPick<vscode.QuickPickItem>, labels: string[]): Promise<void> {
  list.selectedItems = list.items.filter(({ label }) => labels.includes(label));
  await new Promise((resolve) => setTimeout(resolve, 200)); // the ticks go to the window by a message of their own
  await vscode.commands.executeCommand(accept);
}

/** Waits until an output channel shows the words, and returns its text. A shown channel is a document. */
export async function channelText(channel: string, showCommand: string, words: RegExp): Promise<string> {
  await vscode.commands.executeCommand(showCommand);
  for (;;) {
    const text = vscode.workspace.textDocuments
      .find(({ uri }) => uri.scheme === 'output' && uri.path.replace(/\.log$/, '').endsWith(channel))
      ?.getText();
    if (text !== undefined && words.test(text)) return text;
    await new Promise((resolve) => setTimeout(resolve, 20)); // channels reach their document a little later
  }
}

/** Sets a setting of the user, or with undefined removes it. */
export async function setSetting(name: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration('tally').update(name, value, vscode.ConfigurationTarget.Global);
}
