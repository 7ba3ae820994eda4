import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { demoCompanyName, demoRange } from '../../../src/demo/demoNames.js';
import { closedPort } from '../../support/closedPort.js';
import { ask, freshDatabase } from '../../support/postgres.js';
import { setSetting } from './drive.js';
import { parts, until, useDesk } from './shown.js';

// test/unit/extensionPlaces.test.ts tests which source wins.
describe('the place of the books', function () {
  this.timeout(60_000);
  const desk = useDesk({ book: { invoices: 300 } });
  const file = path.join(vscode.workspace.workspaceFolders![0]!.uri.fsPath, '.env');
  const month = { from: demoRange.from, to: '2024-04-30' };
  const stored = async (): Promise<string | undefined> => {
    const { configuration } = await parts();
    return (await configuration.read()).dbUrl;
  };

  afterEach(async () => {
    fs.rmSync(file, { force: true });
    const { configuration } = await parts();
    await configuration.keep('DB_URL', '', 'workspace');
  });

  it("of a folder whose .env names another warehouse than the stored one is asked for once, and is the folder's", async () => {
    const client = await freshDatabase();
    fs.writeFileSync(file, `DB_URL=${client}\n`);
    desk.driver.answers = [new URL(client).host + new URL(client).pathname];
    for (const times of [1, 2]) {
      await desk.driver.runWith('tally.backfillRange', [month]);
      assert.equal(desk.driver.dialogs.length, 1, `after load ${times}`);
    }
    assert.match(desk.driver.dialogs[0]!.text, /^Which warehouse is meant/);
    assert.ok((await ask(client, 'SELECT 1 FROM fact_invoice')).length > 0);
    assert.deepEqual(await ask(desk.databaseUrl, 'SELECT 1 FROM fact_invoice'), []);
  });

  it('stands in the header of the view and in the tip of the status bar', async () => {
    await setSetting('company', demoCompanyName);
    await desk.driver.run('tally.syncNow');
    await vscode.commands.executeCommand('tally.warehouse.focus');
    const { tree, statusBar } = await parts();
    const { host, pathname } = new URL(desk.databaseUrl);
    const place = `${demoCompanyName} · ${host}${pathname}`;
    await until('the header names them', () => tree.view.description === place);
    assert.match(JSON.stringify(statusBar.item.tooltip), /\\nLast sync of /);
    assert.ok(JSON.stringify(statusBar.item.tooltip).endsWith(`${place}"`));
  });

  it('stays as it is where .env names the company: Select Company says which line to write there', async () => {
    fs.writeFileSync(file, `TALLY_COMPANY=Nobody\n`);
    await desk.driver.run('tally.selectCompany', { choose: demoCompanyName });
    const message = desk.driver.messages.at(-1)!;
    assert.ok(message.text.endsWith(`write there: TALLY_COMPANY='${demoCompanyName}'`), message.text);
    assert.deepEqual(message.buttons, ['Open .env']);
    assert.equal(vscode.workspace.getConfiguration('tally').inspect('company')?.globalValue, undefined);
  });

  it('is tried before it is kept: a warehouse that cannot be reached is said, corrected, and kept for this folder alone', async () => {
    const wrong = `postgres://me:Hunter2@127.0.0.1:${await closedPort()}/books`;
    const own = await freshDatabase();
    desk.driver.answers = ['Edit'];
    const asksPassword = new URL(own).password === '' && new URL(own).username !== '';
    await desk.driver.run(
      'tally.setWarehouseUrl',
      { choose: 'This folder only' },
      { write: wrong },
      { write: own },
      ...(asksPassword ? [{ write: '' }] : []),
    );
    const [dialog] = desk.driver.dialogs;
    assert.match(dialog!.text, /^The warehouse 127\.0\.0\.1:\d+\/books cannot be used/);
    assert.match(dialog!.detail ?? '', /nothing listens there/);
    assert.doesNotMatch(JSON.stringify(desk.driver.dialogs), /Hunter2/);
    assert.equal(await stored(), own);
    await desk.driver.run('tally.setWarehouseUrl', { choose: 'This folder only' }, { write: '' });
    assert.equal(await stored(), desk.databaseUrl);
  });

  it('of Tally is completed and asked before it is kept, and is kept unasked only when the user says so', async () => {
    await setSetting('url', undefined);
    const { port } = new URL(desk.tally.url);
    const urlOfUser = (): unknown => vscode.workspace.getConfiguration('tally').inspect('url')?.globalValue;
    await desk.driver.run('tally.setTallyAddress', { write: `127.0.0.1:${port}` });
    assert.equal(urlOfUser(), `http://127.0.0.1:${port}`);
    const closed = await closedPort();
    await desk.driver.run('tally.setTallyAddress', { write: `127.0.0.1:${closed}` });
    assert.equal(urlOfUser(), `http://127.0.0.1:${port}`);
    desk.driver.answers = ['Save Anyway'];
    await desk.driver.run('tally.setTallyAddress', { write: `127.0.0.1:${closed}` });
    assert.equal(urlOfUser(), `http://127.0.0.1:${closed}`);
  });
});
