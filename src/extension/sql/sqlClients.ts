import * as vscode from 'vscode';
import type { Config, ReaderAccess, ReaderRights } from '../../core/core.js';
import { asEtlError, cancelled } from '../../core/base/errors.js';
import type { OwnCommand } from '../commands/runCommand.js';

/** The sign that the warehouse is open: a status bar item, which runs a command, and a context key. */
export interface OpenSign {
  id: string;
  contextKey: string;
  name: () => string;
  text: string;
  tooltip: (access: ReaderAccess) => string;
  command: () => OwnCommand;
}

/** The access that this window gives other programs to one embedded warehouse, until `close` or the window's end. */
export class SqlClients {
  readonly statusBarItem: vscode.StatusBarItem;
  access: ReaderAccess | undefined;
  /** The data folder of the warehouse that is open, or was open last. */
  private dataDir: string | undefined;
  private opening: Promise<ReaderAccess> | undefined;
  private stop: AbortController | undefined;
  private ended: Promise<unknown> = Promise.resolve();

  /**
   * `keepOpen` opens the warehouse, calls `opened`, and lasts until `signal`. If it fails after `opened`, `failed` gets
   * the error.
   */
  constructor(
    private readonly keepOpen: (
      config: Config,
      rights: ReaderRights,
      signal: AbortSignal,
      opened: (access: ReaderAccess) => void,
    ) => Promise<unknown>,
    private readonly failed: (error: unknown) => void,
    private readonly sign: OpenSign,
  ) {
    this.statusBarItem = vscode.window.createStatusBarItem(sign.id, vscode.StatusBarAlignment.Left);
  }

  /** The access to this warehouse, if it is open. The open one may be another: the demo's or the user's. */
  accessTo({ dataDir }: Pick<Config, 'dataDir'>): ReaderAccess | undefined {
    return dataDir === this.dataDir ? this.access : undefined;
  }

  /** Closes another warehouse and opens this one. If this one is open or opening, returns its access, without new rights. */
  async open(config: Config, rights: ReaderRights): Promise<ReaderAccess> {
    if (config.dataDir !== this.dataDir) {
      await this.close();
      await this.opening?.catch(() => undefined);
    }
    this.dataDir = config.dataDir;
    return this.access ?? (this.opening ??= this.start(config, rights).finally(() => (this.opening = undefined)));
  }

  async close(): Promise<void> {
    this.stop?.abort();
    await this.ended;
  }

  private start(config: Config, rights: ReaderRights): Promise<ReaderAccess> {
    const stop = new AbortController();
    this.stop = stop;
    return new Promise<ReaderAccess>((resolve, reject) => {
      const open = this.keepOpen(config, rights, stop.signal, (access) => {
        void this.show(access);
        resolve(access);
      });
      this.ended = open.then(
        () => {
          reject(cancelled()); // closed before it was open; without effect after `resolve`
          return this.show(undefined);
        },
        async (error: unknown) => {
          reject(asEtlError(error));
          if (this.access) this.failed(error);
          await this.show(undefined);
        },
      );
    });
  }

  private async show(access: ReaderAccess | undefined): Promise<void> {
    this.access = access;
    if (access) {
      this.statusBarItem.name = this.sign.name();
      this.statusBarItem.text = this.sign.text;
      this.statusBarItem.tooltip = this.sign.tooltip(access);
      this.statusBarItem.command = this.sign.command();
      this.statusBarItem.show();
    } else this.statusBarItem.hide();
    await vscode.commands.executeCommand('setContext', this.sign.contextKey, access !== undefined);
  }
}
