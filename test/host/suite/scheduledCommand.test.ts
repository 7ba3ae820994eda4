import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import * as vscode from 'vscode';
import { Driver, extensionId, setSetting } from './drive.js';
import { storeWarehouseUrl } from './shown.js';

describe('Copy Command for Scheduled Sync', () => {
  let driver: Driver;
  beforeEach(() => {
    driver = new Driver();
  });
  afterEach(async () => {
    await storeWarehouseUrl('');
    await setSetting('company', undefined);
    await setSetting('streams', undefined);
    driver.release();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('copies a line that runs, writes the settings down and keeps the secret to itself', async () => {
    await setSetting('company', 'Asha Traders');
    await setSetting('streams', 'invoices,ledger');
    await storeWarehouseUrl('postgres://me:Hunter2@db/books');
    await driver.run('tally.copyScheduledCommand');
    const line = await vscode.env.clipboard.readText();
    assert.match(line, /^0 \* \* \* \* '.+\/tally-warehouse' sync$/);
    const message = driver.messages.at(-1)!;
    assert.match(
      message.text,
      /^The command is on the clipboard: add the line by crontab -e.* write it there as DB_URL=/,
    );
    const [, envFile] = /settings in (.+\.env)\./.exec(message.text)!;
    const settings = fs.readFileSync(envFile!, 'utf8');
    assert.match(settings, /^TALLY_COMPANY='Asha Traders'$/m);
    assert.match(settings, /^TALLY_STREAMS=.?invoices,ledger.?$/m);
    assert.ok(![line, message.text, settings].join().includes('Hunter2'));
    const command = line.replace('0 * * * * ', '').replace(/sync$/, '--version');
    const { version } = vscode.extensions.getExtension(extensionId)!.packageJSON as { version: string };
    assert.ok(execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8' }).includes(version));
    message.press('Open Env File');
    while (vscode.window.activeTextEditor?.document.uri.fsPath !== envFile)
      await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it('copies a line that syncs the chosen companies, and forgets them when none are chosen any more', async () => {
    await setSetting('companies', ['Asha Traders', 'Bharat "B" Sons']);
    try {
      await driver.run('tally.copyScheduledCommand');
      assert.match(await vscode.env.clipboard.readText(), /\/tally-warehouse' sync --all$/);
      const { text } = driver.messages.at(-1)!;
      assert.match(text, /It syncs the chosen companies \(2\) with the settings in /);
      const [, envFile = ''] = /settings in (.+\.env)\./.exec(text)!;
      const list = envFile.replace(/\.env$/, '-companies.yaml');
      assert.match(fs.readFileSync(list, 'utf8'), /company: "Asha Traders"\n.*\n.*company: "Bharat \\"B\\" Sons"/);
      await setSetting('companies', undefined);
      await driver.run('tally.copyScheduledCommand');
      assert.match(await vscode.env.clipboard.readText(), /\/tally-warehouse' sync$/);
      assert.ok(!fs.existsSync(list));
    } finally {
      await setSetting('companies', undefined);
    }
  });
});
