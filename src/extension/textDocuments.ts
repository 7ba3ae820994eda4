import * as vscode from 'vscode';
import { messages } from './messages.js';

const scheme = 'tally-text';

/** Read-only documents: what is on record of a run, what could not be read. Shown once more, they say the latest. */
export class TextDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly onDidChange: vscode.Event<vscode.Uri>;
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly texts = new Map<string, string>();
  private readonly registration: vscode.Disposable;

  constructor() {
    this.onDidChange = this.changed.event;
    this.registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  }

  provideTextDocumentContent({ query }: vscode.Uri): string {
    return this.texts.get(query) ?? messages.documentGone; // an editor of an earlier window
  }

  /** Shows a text under its title; `key` tells documents of one title apart. */
  async show(title: string, key: string, text: string): Promise<void> {
    this.texts.set(key, text);
    const uri = vscode.Uri.from({ scheme, path: `/${title}.txt`, query: key });
    this.changed.fire(uri);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }
}
