import assert from 'node:assert/strict';
import fs from 'node:fs';
import * as vscode from 'vscode';
import { Client } from 'pg';
import { demoPlace } from '../../../src/core/base/dataPlace.js';
import { bookOf } from '../../support/demo/bookOf.js';
import { startDemoServer, type DemoServer } from '../../../src/demo/server.js';
import { leanSale } from '../../support/leanBook.js';
import { openFolder } from '../../support/ownServer.js';
import { ask, freshDatabase } from '../../support/postgres.js';
import { Driver, setSetting } from './drive.js';
import { contextKeys, parts, storeWarehouseUrl, until } from './shown.js';

const range = { from: '2024-04-01', to: '2024-04-30' };

describe('Open Warehouse in SQL Client, in VS Code,', function () {
  this.timeout(120_000);
  let driver: Driver;
  let tally: DemoServer;
  let dataDir: string;
  const dataDirBefore = process.env.TALLY_DATA_DIR;
  let stayMs: number;

  before(async () => {
    tally = await startDemoServer({ keepsWorking: false, book: bookOf([leanSale(1, '2024-04-05')]) });
    dataDir = openFolder();
    process.env.TALLY_DATA_DIR = dataDir;
    const { runner } = await parts();
    ({ stayMs } = runner);
    runner.stayMs = 0; // so that the server ends before its folder is removed
  });
  after(async () => {
    (await parts()).runner.stayMs = stayMs;
    process.env.TALLY_DATA_DIR = dataDirBefore;
    await tally.close();
    // The view may just have asked this warehouse. Then its server ends within seconds, and writes into the folder
    // until then.
    fs.rmSync(dataDir, { recursive: true, maxRetries: 20, retryDelay: 50 });
  });
  beforeEach(async () => {
    driver = new Driver();
    tally.behave({ book: bookOf([leanSale(1, '2024-04-05')]) });
    await setSetting('url', tally.url);
  });
  afterEach(async () => {
    await (await parts()).sqlClients.close();
    await storeWarehouseUrl('');
    await setSetting('url', undefined);
    driver.release();
  });
  const copied = (): Thenable<string> => vscode.env.clipboard.readText();

  it('copies the address of your own PostgreSQL, with its password only when that is chosen', async () => {
    const url = await freshDatabase();
    await storeWarehouseUrl(url);
    const password = new URL(url).password;
    await driver.run('tally.openInSqlClient', { choose: 'Without the password' });
    assert.deepEqual(
      driver.boxes.at(-1)?.rows.map(({ label }) => label),
      ['Without the password', 'With the password'],
    );
    assert.equal(await copied(), url.replace(`:${password}@`, '@'));
    assert.match(
      driver.messages.at(-1)?.text ?? '',
      /^The connection string of 127\.0\.0\.1:\d+\/\w+ is on the clipboard, without its password\.$/,
    );
    await driver.run('tally.openInSqlClient', { choose: 'With the password' });
    assert.equal(await copied(), url);
    await vscode.env.clipboard.writeText('mine');
    const seen = driver.messages.length;
    await driver.run('tally.openInSqlClient', 'leave');
    assert.deepEqual([await copied(), driver.messages.length], ['mine', seen]);
  });

  it('opens the embedded warehouse for reading, loads go on beside it, and Close ends it', async () => {
    await driver.runOn('tally.backfillRange', range);
    const keys = await contextKeys(() => driver.run('tally.openInSqlClient', { choose: 'Read only' }));
    assert.equal(keys['tally.openToSqlClients'], true);
    const message = driver.messages.at(-1)!;
    assert.match(
      message.text,
      /^The built-in warehouse is open to SQL clients at 127\.0\.0\.1:\d+ as tally_reader_\w+, for reading\. The warehouse stays open until you close it/,
    );
    assert.match(message.text, /The port is on the remote computer/);
    assert.deepEqual(message.buttons, ['Copy Connection String', 'Close']);
    const url = await copied();
    assert.ok(!message.text.includes(new URL(url).password));
    const { sqlClients } = await parts();
    assert.ok(sqlClients.accessTo({ dataDir }));
    assert.equal(sqlClients.accessTo(demoPlace({ dataDir })), undefined);
    const { tooltip } = sqlClients.statusBarItem;
    assert.match(typeof tooltip === 'string' ? tooltip : '', /open to SQL clients at 127\.0\.0\.1:\d+/);
    const client = new Client(url);
    client.on('error', () => undefined);
    await client.connect();
    const count = async (): Promise<unknown> => (await client.query('SELECT FROM sales_register')).rowCount;
    assert.equal(await count(), 1);
    await assert.rejects(client.query('DELETE FROM fact_invoice'), { code: '25006' });
    tally.behave({ book: bookOf([leanSale(1, '2024-04-05'), leanSale(2, '2024-04-06')]) });
    await driver.runOn('tally.backfillRange', range);
    assert.equal(await count(), 2);
    // Asked again, the command shows the same access. The status bar asks like this when another warehouse is in use.
    await storeWarehouseUrl(await freshDatabase());
    await vscode.env.clipboard.writeText('');
    await driver.runOn('tally.openInSqlClient', { open: 'embedded' });
    assert.equal((await driver.press('Copy Connection String')).severity, 'info');
    assert.equal(await copied(), url);
    message.press('Close');
    await until('it is closed', () => driver.messages.at(-1)!.text.startsWith('SQL access is closed'));
    await assert.rejects(count());
    await assert.rejects(ask(url, 'SELECT 1')); // refused, or ended by a server that is shutting down
    assert.equal(sqlClients.access, undefined);
  });

  it('lies in a folder that Reveal Warehouse Folder names, before the first load too; an own server has its files itself', async () => {
    const said = async (): Promise<string> => {
      await driver.run('tally.revealWarehouseFolder');
      return driver.messages.at(-1)!.text;
    };
    assert.match(
      await said(),
      new RegExp(`^The built-in warehouse lies in ${dataDir}, on the remote computer of this`),
    );
    assert.equal(await copied(), dataDir);
    process.env.TALLY_DATA_DIR = `${dataDir}/none`;
    assert.match(await said(), new RegExp(`does not exist yet. The first load makes it in ${dataDir}/none\\.$`));
    fs.mkdirSync(`${dataDir}/lost`);
    fs.symlinkSync(`${dataDir}/away`, `${dataDir}/lost/embedded`);
    process.env.TALLY_DATA_DIR = `${dataDir}/lost`;
    assert.match(await said(), new RegExp(`lies in ${dataDir}/away, and that folder is not there now`));
    process.env.TALLY_DATA_DIR = dataDir;
    await storeWarehouseUrl(await freshDatabase());
    assert.match(await said(), /^The warehouse is 127\.0\.0\.1:\d+\/\w+: its files are on that server\.$/);
  });

  it('keeps it open to BI tools by the same way in, until Close ends that', async () => {
    const { biTools } = await parts();
    await driver.run('tally.keepOpenForBiTools');
    const message = driver.messages.at(-1)!;
    assert.match(
      message.text,
      /^The built-in warehouse is open to BI tools at 127\.0\.0\.1:\d+ as tally_bi, for reading\. Each new window opens/,
    );
    const url = await copied();
    await biTools.close();
    await driver.run('tally.keepOpenForBiTools');
    assert.equal(await copied(), url);
    assert.equal((await ask(url, 'SELECT FROM sales_register')).length, 2);
    await driver.run('tally.keepOpenForBiTools');
    assert.match(driver.messages.at(-1)!.text, /is open to BI tools at .* for reading\.$/);
    const closed = await driver.press('Close');
    assert.equal(closed.text, 'The built-in warehouse is closed to BI tools. That password no longer works.');
    assert.equal(biTools.access, undefined);
    await driver.run('tally.keepOpenForBiTools');
    assert.notEqual(new URL(await copied()).password, new URL(url).password);
    await driver.press('Close');
  });

  it('tells of a server that ends while it is open, and leaves nothing open', async () => {
    const { sqlClients } = await parts();
    await driver.run('tally.openInSqlClient', { choose: 'Read and write' });
    assert.equal(driver.dialogs.at(-1)?.text, 'Let a SQL client change the rows of the built-in warehouse?');
    assert.equal(sqlClients.access, undefined, 'the dialog was cancelled');
    driver.answers = ['Allow Writing'];
    await driver.run('tally.openInSqlClient', { choose: 'Read and write' });
    assert.match(
      driver.messages.at(-1)?.text ?? '',
      /as tally_writer_\w+, for reading and writing\. The warehouse stays open until/,
    );
    const [pid] = fs.readFileSync(`${dataDir}/embedded/data/postmaster.pid`, 'utf8').split('\n');
    process.kill(Number(pid), 'SIGQUIT');
    await until('it is known', () => sqlClients.access === undefined);
    assert.match(driver.messages.at(-1)?.text ?? '', /its server has ended while it was open to SQL clients/);
  });
});
