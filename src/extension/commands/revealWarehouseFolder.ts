import * as vscode from 'vscode';
import { adoptEarlier, embeddedExists, embeddedPlace, refuseLost } from '../../core/base/dataPlace.js';
import { messages } from '../messages.js';
import { computerWithFiles } from '../notices/computerWithFiles.js';
import { warehousePlace } from '../settings/warehouseUrl.js';
import type { Command, Parts } from './command.js';

const words = messages.warehouseFolder;

/**
 * Shows the folder of the built-in warehouse in use, for a backup or a move. If the files are on another computer,
 * copies the path instead. Throws `config` if the files are not there now.
 */
export const revealWarehouseFolder: Command = { run: reveal };

async function reveal({ books, log, notifier }: Parts): Promise<void> {
  const config = await books.configOf(books.now());
  if (config.dbUrl !== undefined) {
    notifier.offer('info', words.own(warehousePlace(config.dbUrl)), ['Check Setup']);
    return;
  }
  refuseLost(config.dataDir); // throws for a link that leads nowhere: the warehouse exists, but cannot be shown now
  if (!embeddedExists(config)) {
    notifier.offer('info', words.none(config.dataDir), ['Check Setup']);
    return;
  }
  adoptEarlier(config, log); // otherwise the next load would change the folder
  const folder = embeddedPlace(config);
  const computer = computerWithFiles();
  if (computer === undefined) {
    await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(folder));
    return;
  }
  await vscode.env.clipboard.writeText(folder);
  notifier.offer('info', words.elsewhere(folder, computer), ['Check Setup']);
}
