import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import * as vscode from 'vscode';
import { openEmbedded } from '../../../src/core/warehouse/embedded/embedded.js';
import { createBook } from '../../../src/demo/book/book.js';
import { demoCompanyName, demoRange } from '../../../src/demo/demoNames.js';
import { expectedInvoice } from '../../support/demo/expected.js';
import { closedPort } from '../../support/closedPort.js';
import { ask, emptyDatabase, silent } from '../../support/postgres.js';
import { Driver, setSetting } from './drive.js';
import { contextKeys, parts, rows, rowsOf, storeWarehouseUrl } from './shown.js';

/** A smaller book than a user's, which would take too long to load. */
const book = { invoices: 700 };

/** The demo's own warehouse is below the user's data folder. */
const demoDir = path.join(process.env.TALLY_DATA_DIR!, 'demo');

/** Counts the invoices of the demo's warehouse. */
async function invoicesOfDemo(): Promise<unknown> {
  const embedded = await openEmbedded({ dataDir: demoDir, logger: silent });
  const client = new Client(await embedded.connection());
  await client.connect();
  const { rows } = await client.query<{ n: number }>('SELECT count(*)::int AS n FROM fact_invoice');
  await client.end();
  await embedded.release();
  return rows[0]?.n;
}

/** The process of that warehouse's server, while it runs. */
const postmaster = (): number =>
  Number(fs.readFileSync(path.join(demoDir, 'embedded', 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);

describe('the demo company in VS Code', function () {
  this.timeout(240_000);
  let driver: Driver;
  let ownDatabase: string;

  // The user has a warehouse of their own, and a Tally that does not answer.
  before(async () => {
    (await parts()).demo.book = book;
    ownDatabase = await emptyDatabase();
    driver = new Driver();
    await setSetting('url', `http://127.0.0.1:${await closedPort()}`);
    await setSetting('company', 'My own books');
    await storeWarehouseUrl(ownDatabase);
    driver.release();
  });
  after(async () => {
    (await parts()).demo.book = {};
    driver = new Driver();
    await driver.run('tally.stopDemoCompany');
    await storeWarehouseUrl('');
    driver.release();
    await setSetting('url', undefined);
    await setSetting('company', undefined);
  });
  beforeEach(() => {
    driver = new Driver();
  });
  afterEach(() => {
    driver.release();
  });

  it('starts once, and offers to load its range', async () => {
    await driver.run('tally.startDemoCompany');
    const [message] = driver.messages;
    assert.ok(message?.text.includes(`“${demoCompanyName}” is running`));
    assert.deepEqual(message?.buttons, ['Backfill Demo Range', 'Stop Demo']);
    await driver.run('tally.startDemoCompany');
    assert.match(driver.messages[1]?.text ?? '', /already running/);
  });

  it("loads into a warehouse of its own and leaves the user's alone", async () => {
    await driver.run('tally.startDemoCompany');
    const closing = await driver.press('Backfill Demo Range');
    const expected = [...createBook(book).vouchers(demoRange)].filter((voucher) => expectedInvoice(voucher)).length;
    const count = expected.toLocaleString('en-IN');
    assert.match(
      closing.text,
      new RegExp(
        `^Loaded .*into the demo’s own warehouse.*\\b${count} invoices|^Loaded ${count} invoices .*into the demo’s own warehouse`,
      ),
    );
    assert.equal(await invoicesOfDemo(), expected);
    const tables = await ask(ownDatabase, "SELECT 1 FROM information_schema.tables WHERE table_schema = 'public'");
    assert.deepEqual(tables, []);
  });

  it('is named in the title of every question, and its range is offered first', async () => {
    await driver.run('tally.backfillRange', 'leave');
    assert.equal(driver.boxes[0]?.title, 'Backfill Range (demo company)');
    assert.equal(driver.boxes[0].rows[0]?.description, '1\u00a0Apr\u00a0– 13\u00a0Oct\u00a02024');
  });

  it("is what Check Setup looks at, not the user's settings", async () => {
    await driver.run('tally.checkSetup');
    assert.equal(driver.messages[0]?.severity, 'info');
    assert.ok(driver.messages[0].text.includes(demoCompanyName));
  });

  it("is what the tree shows, not the user's own warehouse", async () => {
    await vscode.commands.executeCommand('tally.warehouse.focus');
    await driver.run('tally.syncNow');
    assert.equal(driver.progresses[0]?.title, 'Tally: Sync (demo company)');
    assert.ok((await rowsOf('Checkpoints'))[0]?.label === demoCompanyName);
    // Several refreshes use one server.
    const server = postmaster();
    await driver.run('tally.refresh');
    assert.ok((await rowsOf('Checkpoints'))[0]?.label === demoCompanyName);
    assert.equal(postmaster(), server);
    const keys = await contextKeys(async () => {
      await driver.run('tally.stopDemoCompany');
      assert.deepEqual(await rows(), []);
    });
    assert.equal(keys['tally.warehouseState'], 'empty');
  });

  it('gives way to the settings of the user when it is stopped', async () => {
    await driver.run('tally.startDemoCompany');
    const { text, buttons } = await driver.press('Stop Demo');
    assert.deepEqual(buttons, ['Get Started']);
    assert.match(text, /your own settings apply again\..*stay in its own warehouse/);
    await driver.run('tally.checkSetup');
    assert.match(driver.messages.at(-1)?.text ?? '', /^Tally cannot be reached/);
  });

  it("does not turn to the user's own books when a load meant for it comes too late", async () => {
    await driver.run('tally.startDemoCompany');
    const [running] = driver.messages;
    await driver.run('tally.stopDemoCompany');
    const seen = driver.messages.length;
    running!.press('Backfill Demo Range');
    assert.match((await driver.nextMessage(seen)).text, /^The demo company is no longer running\./);
    assert.deepEqual(driver.progresses.slice(1), []);
  });
});
