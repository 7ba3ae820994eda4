import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { Driver } from './drive.js';
import { parts, until } from './shown.js';

// test/unit/dotEnv.test.ts tests how a .env is read. The tests of test/ui have their addresses in one.
describe("a workspace's .env", function () {
  this.timeout(60_000);
  const file = path.join(vscode.workspace.workspaceFolders![0]!.uri.fsPath, '.env');
  let driver: Driver;

  beforeEach(() => {
    driver = new Driver();
  });
  afterEach(() => {
    driver.release();
    fs.rmSync(file, { force: true });
  });

  it('is named when what it says cannot be used, without showing a password', async () => {
    fs.writeFileSync(file, 'DB_URL=mysql://me:Hunter2@db/w\n');
    await driver.run('tally.checkSetup');
    assert.match(driver.messages[0]?.text ?? '', /^DB_URL in \.env is not a PostgreSQL address/);
    assert.ok(!driver.messages[0]?.text.includes('Hunter2'));
  });

  it('is refused with the line that may be a setting in another form, and the file opens; nothing is asked of defaults', async () => {
    fs.writeFileSync(file, `TALLY_URL=http://127.0.0.1:9000\r\nset DB_URL=postgres://me:Hunter2@db/w\r\n`);
    await driver.run('tally.checkSetup');
    const [message, ...others] = driver.messages;
    assert.match(message?.text ?? '', /^Line 2 of \.env names DB_URL, .* Write the line as DB_URL=value/);
    assert.ok(!message?.text.includes('Hunter2'));
    assert.deepEqual(others, []);
    message?.press('Open .env');
    await until('the file is open', () => vscode.window.activeTextEditor?.document.uri.fsPath === file);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('is read again for the view as soon as it is corrected', async () => {
    await vscode.commands.executeCommand('tally.warehouse.focus');
    const { tree } = await parts();
    fs.writeFileSync(file, 'DB_URL=mysql://db/w\n');
    await until('the view says what is wrong', () => (tree.view.message ?? '').includes('DB_URL in .env'));
    fs.writeFileSync(file, '');
    await until('the view has forgotten it', () => !(tree.view.message ?? '').includes('.env'));
  });
});
