import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { isCalendarDate, today } from '../../core/base/calendar.js';
import type { CommandId } from '../commands/commandIds.js';
import { companyOf } from '../commands/companyOf.js';
import { runCommand } from '../commands/runCommand.js';
import { errorText } from '../notices/errorWords.js';
import { spoken } from '../language/language.js';
import { messages } from '../messages.js';
import type { Runner } from '../jobs/runner.js';
import type { Notifier } from '../notices/notifier.js';
import type { BooksInUse, GivenRange } from '../settings/booksInUse.js';
import type { WarehouseState } from '../view/warehouseState.js';
import { type FromView, type SpanAction, spanActions, type ToView } from './coverageMessages.js';

const viewType = 'tally.coverage';

/** While a run commits part after part, the warehouse is asked no more often than this. */
const followMs = 2000;

/** The command of each action: what a page names is looked up here, never run by its name. */
const actions: Record<SpanAction, CommandId> = {
  backfill: 'tally.backfillRange',
  verify: 'tally.verifyRange',
  reload: 'tally.clearAndReloadRange',
  export: 'tally.exportRange',
};

/** The warehouse by calendar, in one panel a window. It is asked only while the panel can be seen. */
export class CoveragePanel implements vscode.Disposable, vscode.WebviewPanelSerializer {
  panel: vscode.WebviewPanel | undefined;
  shown: ToView | undefined;
  /** Counts the changes that make the shown data stale; `shownAsOf` is the count when the shown data were asked for. */
  private changes = 0;
  private shownAsOf = -1;
  private companyId: string | undefined;
  /** Whose books are shown, which may have changed when somebody acts on them. */
  private inDemo = false;
  /** Until what is shown is as of now. */
  asking: Promise<void> | undefined;
  private isReady = false;
  private timer: NodeJS.Timeout | undefined;
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly books: BooksInUse,
    private readonly runner: Runner,
    private readonly notifier: Notifier,
    private readonly warehouse: WarehouseState,
    private readonly extensionUri: vscode.Uri,
  ) {
    this.subscriptions = [
      warehouse.onDidForget(this.refresh),
      vscode.window.registerWebviewPanelSerializer(viewType, this),
    ];
  }

  /** Opens the panel, or brings it to the front; with a company's id it shows that one. */
  show(companyId?: string): void {
    if (companyId !== undefined && companyId !== this.companyId) {
      this.companyId = companyId;
      this.refresh();
    }
    if (this.panel) {
      this.panel.reveal();
      return;
    }
    const column = vscode.window.activeTextEditor?.viewColumn ?? vscode.ViewColumn.Active;
    this.open(vscode.window.createWebviewPanel(viewType, messages.coverage.title(), column));
  }

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

  /** What the view asks for; anything else is dropped. */
  async receive(message: FromView): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.isReady = true;
        this.companyId ??= message.companyId;
        if (this.shown) await this.panel?.webview.postMessage(this.shown);
        this.ask();
        break;
      case 'company':
        this.companyId = message.companyId;
        this.refresh();
        break;
      case 'act':
        await this.act(message.action, message.from, message.to);
        break;
      case 'command': {
        // Only what the page was offered, never whatever it names.
        const remedy = this.shown?.remedies.find(({ command }) => command === message.command);
        if (remedy) await runCommand(remedy.command);
      }
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.panel?.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
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
    panel.webview.onDidReceiveMessage((message: FromView) => this.notifier.attempt(() => this.receive(message)));
    panel.webview.options = { enableScripts: true, localResourceRoots: [coverageFiles(this.extensionUri)] };
    panel.webview.html = coverageHtml(panel.webview, this.extensionUri);
  }

  /** What is shown is stale: asks again, if anybody looks. */
  private readonly refresh = (): void => {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.changes++;
    this.ask();
  };

  private ask(): void {
    this.asking ??= this.askUntilFresh().finally(() => (this.asking = undefined));
  }

  private async askUntilFresh(): Promise<void> {
    while (this.panel?.visible && this.isReady && this.shownAsOf !== this.changes) {
      const { changes, companyId } = this;
      const answer = await this.load();
      if (this.companyId !== companyId) continue; // another one was chosen meanwhile
      await this.put(answer, changes);
    }
  }

  /** Shows an answer, unless the panel was closed while the warehouse was asked. */
  private async put(answer: ToView, asOf: number): Promise<void> {
    if (!this.panel) return;
    this.shownAsOf = asOf;
    this.shown = answer;
    await this.panel.webview.postMessage(answer);
  }

  /** Never throws: that the warehouse does not answer is something to show too. */
  private async load(): Promise<ToView> {
    try {
      const books = this.books.now();
      this.inDemo = books.inDemo;
      const config = await this.books.configOf(books);
      const companyId = this.companyId ?? (await this.companyInView());
      const calendar = await this.runner.runQuietly('calendar', { companyId }, config);
      return { type: 'calendar', ...calendar, today: today(), remedies: messages.coverage.whenEmpty() };
    } catch (thrown) {
      const reason = errorText(this.notifier.logError(thrown));
      return { type: 'failed', reason, remedies: messages.tree.remedies() };
    }
  }

  private async companyInView(): Promise<string | undefined> {
    const view = await this.warehouse.get();
    return view.state === 'loaded' ? view.company?.id : undefined;
  }

  /** On the books that are shown, also where others are in force by now. */
  private async act(action: SpanAction, from: string, to: string): Promise<void> {
    const { shown, inDemo } = this;
    if (shown?.type !== 'calendar' || !shown.company || !spanActions.includes(action)) return;
    if (!isCalendarDate(from) || !isCalendarDate(to) || from > to) return;
    const { id: companyId, name: companyName } = shown.company;
    const given: GivenRange = { from, to, inDemo, company: companyOf({ companyId, companyName }) };
    await runCommand(actions[action], given);
  }
}

/** Where the view's script and style sheet are; the webview may read nothing else. */
const coverageFiles = (extension: vscode.Uri): vscode.Uri => vscode.Uri.joinPath(extension, 'dist');

/** The page that the view's script fills. No script runs in it but ours. */
function coverageHtml(webview: vscode.Webview, extension: vscode.Uri): string {
  const address = (name: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(coverageFiles(extension), name)).toString();
  const nonce = randomBytes(16).toString('base64');
  const policy = ["default-src 'none'", `script-src 'nonce-${nonce}'`, `style-src ${webview.cspSource}`].join('; ');
  return `<!DOCTYPE html>
<html lang="${attributeText(spoken().name)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${address('coverageView.css')}">
<title>${messages.coverage.title()}</title>
</head>
<body data-language="${attributeText(JSON.stringify(spoken()))}">
<p id="waiting">${messages.coverage.reading()}</p>
<script nonce="${nonce}" src="${address('coverageView.js')}"></script>
</body>
</html>`;
}

const attributeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
