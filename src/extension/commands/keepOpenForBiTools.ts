import * as vscode from 'vscode';
import type { Config } from '../../core/core.js';
import { connectionString } from '../sql/connectionStrings.js';
import { biToolsWords as words } from '../sql/sqlClientWords.js';
import type { Command, Parts } from './command.js';
import { copyOwn, offerOpen, openedHints } from './openInSqlClient.js';

/** The key of a stored data folder. Each new window opens the warehouse of that folder to BI tools. */
const rememberedKey = 'tally.openToBiTools';

/**
 * Opens the user's built-in warehouse to BI tools, also while the demo runs, because reports are about the user's own
 * books. If the user has a server of their own, copies its URL instead.
 */
export const keepOpenForBiTools: Command = { run: open };

async function open(parts: Parts): Promise<void> {
  const config = await parts.books.configOf({ inDemo: false });
  if (config.dbUrl !== undefined) {
    await copyOwn(parts, config.dbUrl);
    return;
  }
  const close = (): Promise<void> => end(parts, config);
  const already = parts.biTools.accessTo(config);
  if (already) {
    offerOpen(parts, already, words.stillOpen(already), close);
    return;
  }
  const access = await parts.notifier.underNotification(words.opening(), (_, signal) => {
    signal.addEventListener('abort', () => void parts.biTools.close());
    return parts.biTools.open(config, 'read');
  });
  await parts.context.globalState.update(rememberedKey, config.dataDir);
  await vscode.env.clipboard.writeText(connectionString(access));
  offerOpen(parts, access, [words.opened(access), ...openedHints(access)].join(' '), close);
}

async function end(parts: Parts, config: Config): Promise<void> {
  await parts.context.globalState.update(rememberedKey, undefined);
  await parts.biTools.close();
  await parts.runner.runQuietly('endBiToolsAccess', undefined, config);
  parts.notifier.offer('info', words.closed(), []);
}

/** Opens the warehouse that an earlier window has opened to BI tools, unless another warehouse is in use by now. */
export async function reopenForBiTools(parts: Parts): Promise<void> {
  const remembered = parts.context.globalState.get<string>(rememberedKey);
  if (remembered === undefined) return;
  await parts.notifier.attempt(async () => {
    const config = await parts.books.configOf({ inDemo: false });
    if (config.dbUrl === undefined && config.dataDir === remembered) await parts.biTools.open(config, 'read');
  });
}
