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

/** While a run commits part after part, the warehouse is asked no more often than this. */
const followMs = 2000;

/** What the pages' panels work with. */
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
  /** Of its script and its style sheet in `dist`. */
  name: string;
  title: () => string;
}

/** A page that shows what the warehouse has, in one panel a window. The warehouse is asked only while the panel can be seen. */
export abstract class WebPanel<Shown extends { type: string; remedies: Remedy[] }, FromView extends { type: string }>
  implements vscode.Disposable, vscode.WebviewPanelSerializer
{
  panel: vscode.WebviewPanel | undefined;
  shown: Shown | Failed | undefined;
  /** Counts the changes that make the shown data stale; `shownAsOf` is the count when the shown data were asked for. */
  private changes = 0;
  private shownAsOf = -1;
  /** Until what is shown is as of now. */
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

  /** What the view asks for; anything else is dropped. */
  abstract receive(message: FromView): Promise<void>;

  /** Asks the warehouse. What it throws is shown. */
  protected abstract load(): Promise<Shown>;

  /** What `load` asks for: an answer is dropped where another is wanted by then. */
  protected abstract wanted(): unknown;

  /** A run has committed a part of its range and goes on. */
  follow(): void {
    this.timer ??= setTimeout(this.refresh, followMs);
  }

  /** Brings the panel of an earlier window back. */
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

  /** The page was made, or made anew: it shows what it showed before until there is something newer. */
  protected async isMade(): Promise<void> {
    this.isReady = true;
    if (this.shown) await this.post(this.shown);
    this.ask();
  }

  /** What is shown is stale: asks again, if anybody looks. */
  protected readonly refresh = (): void => {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.changes++;
    this.ask();
  };

  /** Only what the page was offered, never whatever it names. */
  protected async runRemedy(command: string): Promise<void> {
    const remedy = this.shown?.remedies.find((one) => one.command === command);
    if (remedy) await runCommand(remedy.command);
  }

  protected async post(message: { type: string }): Promise<void> {
    await this.panel?.webview.postMessage(message);
  }

  /** Shows in place of everything why something cannot be shown, until the warehouse is asked again. */
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
      // A hidden view is taken apart; made anew, it says `ready`.
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

/** The page that its script fills. No script runs in it but ours, and it reads nothing but `files`. */
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
