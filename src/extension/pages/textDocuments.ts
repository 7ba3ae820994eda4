import * as vscode from 'vscode';
import type { OwnCommand } from '../commands/runCommand.js';
import { messages } from '../messages.js';

const scheme = 'tally-text';
/** The most documents that are kept, because a window may stay open for weeks. */
const mostKept = 20;

/** An action that is shown above a line of a document. Lines count from 0. */
export interface LineAction {
  line: number;
  command: OwnCommand;
}

export interface TextDocument {
  title: string;
  /** Tells documents with the same title apart. */
  key: string;
  text: string;
  actions?: LineAction[];
}

/** Read-only documents, such as the details of a run. A document that is shown again gets the new text. */
export class TextDocuments implements vscode.TextDocumentContentProvider, vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly texts = new Map<string, TextDocument>();
  private readonly registration = vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(scheme, this),
    vscode.languages.registerCodeLensProvider({ scheme }, this),
  );

  provideTextDocumentContent({ query }: vscode.Uri): string {
    return this.texts.get(query)?.text ?? messages.documentGone(); // of an earlier window, or no longer kept
  }

  provideCodeLenses({ uri }: vscode.TextDocument): vscode.CodeLens[] {
    const { actions = [] } = this.texts.get(uri.query) ?? {};
    return actions.map(({ line, command }) => new vscode.CodeLens(new vscode.Range(line, 0, line, 0), command));
  }

  async show(document: TextDocument): Promise<void> {
    this.update(document);
    await this.open(document, editorOf(document)?.viewColumn);
  }

  /** Shows a document that the user did not ask for, without taking the focus or covering a visible editor. */
  async showAside(document: TextDocument): Promise<void> {
    this.update(document);
    if (editorOf(document)) return;
    const { activeTab } = vscode.window.tabGroups.activeTabGroup;
    await this.open(document, activeTab ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active, true);
  }

  /** Keeps a document's text. An editor that shows the document is updated; none is opened. */
  update(document: TextDocument): void {
    this.texts.delete(document.key);
    this.texts.set(document.key, document);
    const [oldest] = this.texts.keys();
    if (this.texts.size > mostKept) this.texts.delete(oldest!);
    this.changed.fire(uriOf(document));
  }

  private async open(document: TextDocument, viewColumn?: vscode.ViewColumn, preserveFocus = false): Promise<void> {
    const opened = await vscode.workspace.openTextDocument(uriOf(document));
    await vscode.window.showTextDocument(opened, { preview: true, preserveFocus, ...(viewColumn && { viewColumn }) });
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }
}

/** The visible editor of a document, if there is one. */
const editorOf = (shown: TextDocument): vscode.TextEditor | undefined =>
  vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uriOf(shown).toString());

const uriOf = ({ title, key }: TextDocument): vscode.Uri =>
  vscode.Uri.from({ scheme, path: `/${title}.txt`, query: key });
