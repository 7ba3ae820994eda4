import assert from 'node:assert/strict';
import type { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import { createBook } from '../../../src/demo/book/book.js';
import { demoCompanyName, demoRange } from '../../../src/demo/demoNames.js';
import { expectedInvoice } from '../../support/demo/expected.js';
import type { FromWorker } from '../../../src/extension/jobs/jobMessages.js';
import { ask, emptyDatabase } from '../../support/postgres.js';
import { channelText, setSetting, type Move } from './drive.js';
import { storeWarehouseUrl, useDesk } from './shown.js';

const book = { invoices: 700 };
const demoDates: Move[] = [{ choose: 'Other dates' }, { write: demoRange.from }, { write: demoRange.to }];
const wholeRange: Move[] = [...demoDates, { choose: 'Whole range' }];

/** How many invoices the demo's own generator makes in the range. */
const expected = [...createBook(book).vouchers(demoRange)].filter((voucher) => expectedInvoice(voucher)).length;
const expectedText = expected.toLocaleString('en-IN');

describe('a job in VS Code', function () {
  this.timeout(120_000);
  const desk = useDesk({ book });

  const invoices = async (): Promise<unknown> =>
    (await ask(desk.databaseUrl, 'SELECT count(*)::int AS n FROM fact_invoice'))[0]?.n;

  it('backfills a range in a thread of its own, with a bar that ends full, and the closing message says so', async () => {
    const loading = new Set<Worker>();
    // The views have threads too. Only the load's thread reports progress.
    const onThread = (thread: Worker): void => {
      thread.on('message', (message: FromWorker) => {
        if (message.type === 'progress' && message.progress.invoices > 0) loading.add(thread);
      });
    };
    process.on('worker', onThread);
    await desk.driver.run('tally.backfillRange', ...wholeRange);
    process.off('worker', onThread);
    assert.equal(loading.size, 1, 'the extension host stays free');
    assert.ok(expected > 100);
    const { text, buttons } = desk.driver.messages[0]!;
    const said = `Loaded ${expectedText} invoices of ${demoCompanyName}, 1\u00a0Apr\u00a0– 13\u00a0Oct\u00a02024, all new, into `;
    assert.ok(text.startsWith(said), text);
    assert.deepEqual(buttons, ['Show Summary', 'Show Log']);
    assert.equal(await invoices(), expected);
    const { title, reports } = desk.driver.progresses[0]!;
    assert.equal(title, 'Tally: Backfill 1\u00a0Apr\u00a0– 13\u00a0Oct\u00a02024');
    const words = reports.map(({ message }) => message);
    assert.ok(
      words.some((message) => /^[\d,]+ (of [\d,]+ )?invoices · \d+\s% · up to \d+\s\w+\s2024$/.test(message ?? '')),
      words.join('\n'),
    );
    assert.equal(
      reports.reduce((sum, { increment }) => sum + (increment ?? 0), 0),
      100,
    );
    assert.ok(reports.every(({ increment }) => (increment ?? 0) >= 0));
  });

  it('writes the report of a dry run into its channel, and nothing into the warehouse', async () => {
    const empty = await emptyDatabase();
    await storeWarehouseUrl(empty);
    await desk.driver.run('tally.dryRunRange', ...demoDates);
    const { text, buttons } = desk.driver.messages[0]!;
    assert.match(text, /^Dry run: .*, 1\u00a0Apr\u00a0– 13\u00a0Oct\u00a02024: .*Nothing was written\./);
    assert.deepEqual(buttons, ['Show Dry Run', 'Save']);
    const report = await channelText('Tally Dry Run', 'tally.showDryRun', /Dry run of[^]*Nothing was written/);
    assert.ok(report.includes(demoCompanyName));
    assert.deepEqual(await ask(empty, "SELECT FROM pg_tables WHERE schemaname = 'public'"), []);
  });

  it('lists the companies to select from where the one wanted is not open', async () => {
    await setSetting('company', 'Nobody & Co');
    await desk.driver.run('tally.backfillRange', ...wholeRange);
    assert.deepEqual(desk.driver.messages[0]?.buttons, ['Select Company', 'Retry', 'Show Log']);
    await desk.driver.run('tally.selectCompany', { choose: demoCompanyName });
    assert.equal(vscode.workspace.getConfiguration('tally').get('company'), demoCompanyName);
    assert.match(desk.driver.messages[1]?.text ?? '', /user settings/);
  });

  it('says that no company is open', async () => {
    desk.tally.behave({ companyOpen: false });
    await desk.driver.run('tally.selectCompany');
    desk.tally.behave({ companyOpen: true });
    assert.match(desk.driver.messages[0]?.text ?? '', /[Nn]o company is open/);
  });

  it('offers to set the warehouse URL where the password is wrong, and never logs it', async () => {
    const wrong = new URL(desk.databaseUrl);
    wrong.password = 'Hunter2-is-wrong';
    await storeWarehouseUrl(wrong.href);
    await desk.driver.run('tally.backfillRange', ...wholeRange);
    const message = desk.driver.messages.at(-1)!;
    assert.equal(message.severity, 'error');
    assert.deepEqual(message.buttons, ['Set Warehouse URL', 'Retry', 'Show Log']);
    const log = await channelText('Tally', 'tally.showLog', /\[error\] warehouse-refused: /);
    const said = log + JSON.stringify([desk.driver.messages, desk.driver.boxes]);
    assert.ok(!said.includes('Hunter2-is-wrong'), 'the password is in the log or on the screen');
    assert.ok(!said.includes(new URL(desk.databaseUrl).password), 'the password is in the log or on the screen');
  });

  it('checks the setup, and says what is wrong with a way to cure it', async () => {
    await desk.driver.run('tally.checkSetup');
    assert.equal(desk.driver.messages[0]?.severity, 'info');
    assert.match(desk.driver.messages[0].text, /^The setup is fine\. Tally answers at /);
    await setSetting('company', 'Nobody & Co');
    await desk.driver.run('tally.checkSetup');
    assert.equal(desk.driver.messages[1]?.severity, 'error');
    assert.match(desk.driver.messages[1].text, /^“Nobody & Co” is not open in Tally/);
    assert.deepEqual(desk.driver.messages[1].buttons, ['Select Company', 'Check Again', 'Show Log']);
  });
});
