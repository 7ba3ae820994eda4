import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { dotEnvSetting } from '../../core/base/dotEnv.js';
import { runCommand } from '../commands/runCommand.js';
import type { Runner } from '../jobs/runner.js';
import { spoken } from '../language/language.js';
import { messages } from '../messages.js';
import { errorText } from '../notices/errorWords.js';
import type { Notifier } from '../notices/notifier.js';
import type { BooksInUse } from '../settings/booksInUse.js';
import type { WarehouseState } from '../view/warehouseState.js';
import type { Failed, Remedy } from './webMessages.js';

/** The shortest time between two refreshes while a run commits part after part. */
const followMs = 2000;

/** The parts of the extension that a panel uses. */
export interface PanelParts {
  books: BooksInUse;
  runner: Runner;
  notifier: Notifier;
  warehouse: WarehouseState;
  extensionUri: vscode.Uri;
}

/** A page of its own in the editor. */
export interface WebPage {
  viewType: string;
  /** The name of its script and of its style sheet in `dist`. */
  name: string;
  title: () => string;
}

/** A page with data of the warehouse, at most one per window. It asks the warehouse only while its panel is visible. */
export abstract class WebPanel<Shown extends { type: string; remedies: Remedy[] }, FromView extends { type: string }>
  implements vscode.Disposable, vscode.WebviewPanelSerializer
{
  panel: vscode.WebviewPanel | undefined;
  shown: Shown | Failed | undefined;
  /** Counts the changes that make the shown data stale; `shownAsOf` is the count when the shown data were asked for. */
  private changes = 0;
  private shownAsOf = -1;
  /** Pending while the warehouse is asked; resolves when the shown data are fresh. */
  asking: Promise<void> | undefined;
  private isReady = false;
  private timer: NodeJS.Timeout | undefined;
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly page: WebPage,
    protected readonly parts: PanelParts,
  ) {
    this.subscriptions = [
      parts.warehouse.onDidForget(this.refresh),
      vscode.window.registerWebviewPanelSerializer(page.viewType, this),
    ];
  }

  /** Handles a message of the page. A message of another type is ignored. */
  abstract receive(message: FromView): Promise<void>;

  /** Asks the warehouse for the data to show. An error is shown in their place. */
  protected abstract load(): Promise<Shown>;

  /** What `load` asks for. If this changes while `load` is running, its answer is dropped. */
  protected abstract wanted(): unknown;

  /** Call this when a run has committed a part of its range and goes on. Refreshes after `followMs`. */
  follow(): void {
    this.timer ??= setTimeout(this.refresh, followMs);
  }

  /** Restores the panel after a reload of the window, unless the panel is open already. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    if (this.panel) panel.dispose();
    else this.open(panel);
    return Promise.resolve();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.panel?.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** Opens the panel, or brings it to the front. */
  protected reveal(): void {
    if (this.panel) {
      this.panel.reveal();
      return;
    }
    const column = vscode.window.activeTextEditor?.viewColumn ?? vscode.ViewColumn.Active;
    this.open(vscode.window.createWebviewPanel(this.page.viewType, this.page.title(), column));
  }

  /** Call this when VS Code has created the page. It shows the earlier data until there are newer ones. */
  protected async isMade(): Promise<void> {
    this.isReady = true;
    if (this.shown) await this.post(this.shown);
    this.ask();
  }

  /** Marks the shown data as stale, and asks again if the panel is visible. */
  protected readonly refresh = (): void => {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.changes++;
    this.ask();
  };

  /** Runs a command that a page names, but only if the page was offered it as a remedy. */
  protected async runRemedy(command: string): Promise<void> {
    const remedy = this.shown?.remedies.find((one) => one.command === command);
    if (remedy) await runCommand(remedy.command);
  }

  protected async post(message: { type: string }): Promise<void> {
    await this.panel?.webview.postMessage(message);
  }

  /** Shows an error in place of the data, until the warehouse is asked again. */
  protected async fail(thrown: unknown): Promise<void> {
    this.shown = this.failed(thrown);
    await this.post(this.shown);
  }

  private failed(thrown: unknown): Failed {
    const error = this.parts.notifier.logError(thrown);
    const remedies = messages.tree.remedies(error.setting === dotEnvSetting);
    return { type: 'failed', reason: errorText(error), remedies };
  }

  private open(panel: vscode.WebviewPanel): void {
    this.panel = panel;
    this.isReady = false;
    panel.onDidDispose(() => {
      this.panel = undefined;
      this.shown = undefined;
      this.shownAsOf = -1;
    });
    panel.onDidChangeViewState(() => {
      // VS Code destroys a hidden page. When it creates the page again, the page sends `ready`.
      if (!panel.visible) this.isReady = false;
    });
    panel.webview.onDidReceiveMessage((message: FromView) => this.parts.notifier.attempt(() => this.receive(message)));
    const files = vscode.Uri.joinPath(this.parts.extensionUri, 'dist');
    panel.webview.options = { enableScripts: true, localResourceRoots: [files] };
    panel.webview.html = htmlOf(this.page, panel.webview, files);
  }

  private ask(): void {
    this.asking ??= this.askUntilFresh().finally(() => (this.asking = undefined));
  }

  private async askUntilFresh(): Promise<void> {
    while (this.panel?.visible && this.isReady && this.shownAsOf !== this.changes) {
      const { changes } = this;
      const wanted = this.wanted();
      const answer = await this.load().catch((thrown: unknown) => this.failed(thrown));
      if (this.wanted() !== wanted) continue;
      await this.put(answer, changes);
    }
  }

  /** Shows an answer, unless the panel was closed while the warehouse was asked. */
  private async put(answer: Shown | Failed, asOf: number): Promise<void> {
    if (!this.panel) return;
    this.shownAsOf = asOf;
    this.shown = answer;
    await this.post(answer);
  }
}

/** The empty page, which its script fills. The policy allows only our script, and files from `files` only. */
function htmlOf({ name, title }: WebPage, webview: vscode.Webview, files: vscode.Uri): string {
  const address = (file: string): string => webview.asWebviewUri(vscode.Uri.joinPath(files, file)).toString();
  const nonce = randomBytes(16).toString('base64');
  const policy = ["default-src 'none'", `script-src 'nonce-${nonce}'`, `style-src ${webview.cspSource}`].join('; ');
  return `<!DOCTYPE html>
<html lang="${attributeText(spoken().name)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${address(`${name}.css`)}">
<title>${title()}</title>
</head>
<body data-language="${attributeText(JSON.stringify(spoken()))}">
<p id="waiting">${messages.coverage.reading()}</p>
<script nonce="${nonce}" src="${address(`${name}.js`)}"></script>
</body>
</html>`;
}

const attributeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
