import assert from 'node:assert/strict';
import type { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import { createBook, demoCompanyName, demoRange } from '../../../src/demo/book/book.js';
import { expectedInvoice } from '../../support/demo/expected.js';
import { startDemoServer } from '../../../src/demo/server.js';
import { startDemoThread, type DemoThread } from '../../../src/demo/startDemoThread.js';
import type { FromWorker } from '../../../src/extension/jobs/jobMessages.js';
import { closedPort } from '../../support/closedPort.js';
import { ask, freshDatabase } from '../../support/postgres.js';
import { channelText, Driver, setSetting, type Move } from './drive.js';

const book = { invoices: 1_200 };
const demoDates: Move[] = [{ choose: 'Other dates' }, { write: demoRange.from }, { write: demoRange.to }];
const wholeRange: Move[] = [...demoDates, { choose: 'Whole range' }];

/** What the demo's own generator says the range holds. */
const expected = [...createBook(book).vouchers(demoRange)].filter((voucher) => expectedInvoice(voucher)).length;
const expectedText = expected.toLocaleString('en-IN');

describe('a job in VS Code', function () {
  this.timeout(120_000);
  let driver: Driver;
  let tally: DemoThread;
  let databaseUrl: string;

  before(async () => {
    tally = await startDemoThread({ book });
  });
  after(async () => {
    await tally.close();
  });
  beforeEach(async () => {
    databaseUrl = await freshDatabase();
    driver = new Driver();
    await setSetting('url', tally.url);
    await driver.run('tally.setWarehouseUrl', { write: databaseUrl });
    driver.messages.length = 0;
  });
  afterEach(async () => {
    await driver.run('tally.setWarehouseUrl', { write: '' });
    driver.release();
    await setSetting('url', undefined);
    await setSetting('company', undefined);
  });

  const tables = async (): Promise<unknown[]> =>
    ask(databaseUrl, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'");
  const invoices = async (): Promise<unknown> =>
    (await ask(databaseUrl, 'SELECT count(*)::int AS n FROM fact_invoice'))[0]?.n;

  it('backfills a range: every invoice is in the warehouse and the closing message says so', async () => {
    await driver.run('tally.backfillRange', ...wholeRange);
    assert.ok(expected > 100);
    const { text, buttons } = driver.messages[0]!;
    assert.equal(
      text.slice(0, text.indexOf('.') + 1),
      `Backfill 2024-04-01 to 2024-10-13: ${expectedText} invoices — ${expectedText} inserted, 0 updated, 0 unchanged.`,
    );
    assert.deepEqual(buttons, ['Show Coverage', 'Show Log']);
    assert.equal(await invoices(), expected);
    assert.equal(driver.progresses[0]?.title, 'Tally: Backfill 2024-04-01 to 2024-10-13');
  });

  it('says how far it is, in a bar that ends full', async () => {
    await driver.run('tally.backfillRange', ...wholeRange);
    const { reports } = driver.progresses[0]!;
    const words = reports.map(({ message }) => message);
    assert.ok(
      words.some((message) => /^[\d,]+ (of [\d,]+ )?invoices · \d+ % · up to 2024-\d\d-\d\d$/.test(message ?? '')),
      words.join('\n'),
    );
    const total = reports.reduce((sum, { increment }) => sum + (increment ?? 0), 0);
    assert.equal(total, 100);
    assert.ok(reports.every(({ increment }) => (increment ?? 0) >= 0));
  });

  it('finds everything unchanged the second time', async () => {
    await driver.run('tally.backfillRange', ...wholeRange);
    await driver.run('tally.backfillRange', ...wholeRange);
    assert.match(driver.messages[1]!.text, new RegExp(`— 0 inserted, 0 updated, ${expectedText} unchanged\\.`));
  });

  it('loads day by day where that is chosen', async () => {
    await driver.run('tally.backfillRange', ...demoDates, { choose: 'Day by day' });
    assert.match(driver.messages[0]!.text, / 0 updated, 0 unchanged\./);
    assert.equal(await invoices(), expected);
  });

  it('writes the report of a dry run into its channel, and nothing into the warehouse', async () => {
    await driver.run('tally.dryRunRange', ...demoDates);
    const { text, buttons } = driver.messages[0]!;
    assert.match(text, /^Dry run 2024-04-01 to 2024-10-13: .*Nothing was written\./);
    assert.deepEqual(buttons, ['Show Dry Run', 'Save…']);
    const report = await channelText('Tally Dry Run', 'tally.showDryRun', /Dry run of[^]*Nothing was written/);
    assert.ok(report.includes(demoCompanyName));
    assert.deepEqual(await tables(), []);
  });

  it('leaves nothing behind when it is cancelled', async () => {
    driver.onProgress = ({ message }, cancel) => {
      if (message?.includes('invoices')) cancel();
    };
    await driver.run('tally.backfillRange', ...wholeRange);
    const [message] = driver.messages;
    assert.equal(message?.severity, 'info');
    assert.match(message.text, /^Cancelled/);
    const [table] = await ask(databaseUrl, "SELECT to_regclass('fact_invoice') IS NOT NULL AS made");
    assert.equal(table?.made, true);
    assert.equal(await invoices(), 0);
  });

  it('runs in a thread of its own, so that the extension host stays free', async () => {
    const loading = new Set<Worker>();
    // What is shown meanwhile has threads too; the load's is the one that reports progress.
    const onThread = (thread: Worker): void => {
      thread.on('message', (message: FromWorker) => {
        if (message.type === 'progress' && message.progress.invoices > 0) loading.add(thread);
      });
    };
    process.on('worker', onThread);
    await driver.run('tally.backfillRange', ...wholeRange);
    process.off('worker', onThread);
    assert.equal(loading.size, 1);
    assert.notEqual(driver.messages[0]?.severity, 'error');
    assert.equal(await invoices(), expected);
  });

  it('offers settings, another try and the log where nothing answers, and succeeds on that try', async () => {
    await setSetting('url', `http://127.0.0.1:${await closedPort()}`);
    await driver.run('tally.backfillRange', ...wholeRange);
    const [message] = driver.messages;
    assert.equal(message?.severity, 'error');
    assert.match(message.text, /^Tally cannot be reached at/);
    assert.deepEqual(message.buttons, ['Open Settings', 'Retry', 'Show Log']);
    await setSetting('url', tally.url);
    assert.match((await driver.press('Retry')).text, /inserted/);
    assert.equal(driver.boxes.filter(({ title }) => title === 'Backfill Range').length, 4, 'Retry asked again');
  });

  it('says that another program answers where that is so', async () => {
    const other = await startDemoServer({ book, fault: { kind: 'html' } });
    await setSetting('url', other.url);
    await driver.run('tally.backfillRange', ...wholeRange);
    await other.close();
    const [message] = driver.messages;
    assert.equal(message?.severity, 'error');
    assert.ok(message.buttons.includes('Show Log'));
    await channelText('Tally', 'tally.showLog', /\[error\] answer-unreadable: /);
  });

  it('lists the companies to select from where the one wanted is not open', async () => {
    await setSetting('company', 'Nobody & Co');
    await driver.run('tally.backfillRange', ...wholeRange);
    assert.deepEqual(driver.messages[0]?.buttons, ['Select Company', 'Retry', 'Show Log']);
    await driver.run('tally.selectCompany', { choose: demoCompanyName });
    assert.equal(vscode.workspace.getConfiguration('tally').get('company'), demoCompanyName);
    assert.match(driver.messages[1]?.text ?? '', /user settings/);
  });

  it('says that no company is open', async () => {
    const empty = await startDemoServer({ book, companyOpen: false });
    await setSetting('url', empty.url);
    await driver.run('tally.selectCompany');
    await empty.close();
    assert.match(driver.messages[0]?.text ?? '', /[Nn]o company is open/);
  });

  it('offers to set the warehouse URL where the password is wrong, and never logs it', async () => {
    const wrong = new URL(databaseUrl);
    wrong.password = 'Hunter2-is-wrong';
    await driver.run('tally.setWarehouseUrl', { write: wrong.href });
    await driver.run('tally.backfillRange', ...wholeRange);
    const message = driver.messages.at(-1)!;
    assert.equal(message.severity, 'error');
    assert.deepEqual(message.buttons, ['Set Warehouse URL', 'Retry', 'Show Log']);
    const log = await channelText('Tally', 'tally.showLog', /\[error\] warehouse-refused: /);
    const said = log + JSON.stringify([driver.messages, driver.boxes]);
    assert.ok(!said.includes('Hunter2-is-wrong'), 'the password is in the log or on the screen');
    assert.ok(!said.includes(new URL(databaseUrl).password), 'the password is in the log or on the screen');
  });

  it('checks the set-up, and says what is wrong with a way to cure it', async () => {
    await driver.run('tally.checkSetup');
    assert.equal(driver.messages[0]?.severity, 'info');
    assert.match(driver.messages[0].text, /^The set-up is fine\. Tally answers at /);
    await setSetting('company', 'Nobody & Co');
    await driver.run('tally.checkSetup');
    assert.equal(driver.messages[1]?.severity, 'error');
    assert.match(driver.messages[1].text, /^The company Nobody & Co is not open/);
    assert.deepEqual(driver.messages[1].buttons, ['Select Company', 'Check Again', 'Show Log']);
  });
});
