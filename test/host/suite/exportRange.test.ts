import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { today } from '../../../src/core/base/calendar.js';
import { demoCompanyGuid, demoCompanyName } from '../../../src/demo/demoNames.js';
import { plainSpaces } from '../../support/plainSpaces.js';
import { freshFolder, type Folder } from '../../support/exportFiles.js';
import { fillCalendar, prepareWarehouse } from '../../support/filledCalendar.js';
import { ask, emptyDatabase, freshDatabase } from '../../support/postgres.js';
import { Driver, type Move } from './drive.js';
import { storeWarehouseUrl, until } from './shown.js';

const dates: Move[] = [{ choose: 'Other dates' }, { write: '2024-04-01' }, { write: '2024-04-30' }];

describe('Export Range, in VS Code,', function () {
  this.timeout(120_000);
  let driver: Driver;
  let folder: Folder;
  let database: string;
  const at = (name: string): string => path.join(folder.path, name);

  before(async () => {
    database = await freshDatabase();
    await prepareWarehouse(database);
    await fillCalendar(database, { from: '2024-04-01', to: '2024-04-30', invoices: 3000 });
  });
  beforeEach(async () => {
    folder = freshFolder();
    driver = new Driver();
    await storeWarehouseUrl(database);
    driver.messages.length = 0;
  });
  afterEach(async () => {
    await storeWarehouseUrl('');
    driver.release();
    folder.remove();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('asks for range, contents and place, and says what is in which file; Open shows it', async () => {
    driver.saveAs = [vscode.Uri.file(at('books.csv'))];
    await driver.run('tally.exportRange', ...dates, { choose: 'Invoices and their lines' }, { choose: 'CSV' });
    const [message] = driver.messages;
    assert.equal(message?.severity, 'info', message?.text);
    const [{ n } = {}] = await ask(database, 'SELECT count(*)::int AS n FROM fact_invoice');
    const counted = `${Number(n).toLocaleString('en-IN')} invoices, 0 lines in a file beside it.`;
    const place = `${new URL(database).pathname.slice(1)} on ${new URL(database).hostname}`;
    const said = `Exported 1–30\u00a0Apr\u00a02024 of ${demoCompanyName} from ${place} to ${at('books.csv')}: ${counted}`;
    assert.ok(message.text.startsWith(said), message.text);
    assert.deepEqual(
      driver.boxes.at(-2)?.rows.map(({ label }) => label),
      ['Sales register', 'Purchase register', 'Register of all invoices', 'Invoices and their lines'],
    );
    const [{ defaultUri, filters } = {}] = driver.saveDialogs;
    assert.equal(path.basename(defaultUri!.path), `Tally invoices ${demoCompanyName} 2024-04-01 to 2024-04-30.csv`);
    assert.deepEqual(Object.values(filters!), [['csv']]);
    assert.equal(driver.progresses[0]?.title, 'Tally: Export 1–30\u00a0Apr\u00a02024');
    assert.match(driver.progresses[0].reports.at(-1)?.message ?? '', /^[\d,]+ of [\d,]+ rows · \d+ %$/);
    // The test's window runs on a VS Code server on this computer, which VS Code treats as a remote one.
    assert.match(message.text, /The file is on the remote computer of this window/);
    message.press('Open');
    const opened = () => vscode.window.activeTextEditor?.document.getText() ?? '';
    await until('the file is open', () => opened().includes('company_id,company_name,invoice_id'));
  });

  it('offers the financial years that the warehouse has', async () => {
    const offered = async (): Promise<string[]> => {
      await driver.run('tally.exportRange', 'leave');
      return driver.boxes.at(-1)!.rows.map(({ label, description }) => `${label}: ${description ?? ''}`);
    };
    let rows: string[] = [];
    // A slow warehouse adds its rows too late for the question, so the question is asked again.
    while (!rows[0]?.startsWith('All that is loaded')) rows = await offered();
    assert.deepEqual(rows.slice(0, 3).map(plainSpaces), [
      'All that is loaded: 1–30 Apr 2024',
      'Financial year 2024-25: 1 Apr 2024 – 31 Mar 2025',
      `This quarter: ${plainSpaces(rows[2]!).split(': ')[1]!}`,
    ]);
  });

  it('asks before it replaces the file of the lines, and leaves all as it is where the user does not want that', async () => {
    fs.writeFileSync(at('mine-lines.csv'), 'before');
    for (const [answers, lines] of [
      [[], 'before'],
      [['Replace'], '\ufeffcompany_id'],
    ] as const) {
      driver.saveAs = [vscode.Uri.file(at('mine.csv'))];
      driver.answers = [...answers];
      await driver.run('tally.exportRange', ...dates, { choose: 'Invoices' }, { choose: 'CSV' });
      assert.match(driver.dialogs.at(-1)?.text ?? '', /^mine-lines\.csv is there already\. Replace it\?$/);
      assert.equal(fs.existsSync(at('mine.csv')), answers.length > 0);
      assert.ok(fs.readFileSync(at('mine-lines.csv'), 'utf8').startsWith(lines));
    }
  });

  it('writes Parquet where the name says so, of a range that it is given too, and ends silently when the user dismisses a question', async () => {
    driver.saveAs = [vscode.Uri.file(at('sales.parquet'))];
    const range = { from: '2024-04-10', to: '2024-04-12', inDemo: false, company: demoCompanyName };
    await driver.runOn('tally.exportRange', range, { choose: 'Sales register' }, { choose: 'Parquet' });
    assert.match(
      driver.messages[0]?.text ?? '',
      /^Exported 10–12\u00a0Apr\u00a02024 of .* to .*sales\.parquet: [\d,]+ rows\./,
    );
    assert.deepEqual(driver.messages[0]?.buttons, []);
    assert.equal(fs.readFileSync(at('sales.parquet'), 'latin1').slice(0, 4), 'PAR1');
    driver.messages.length = 0;
    await driver.runOn('tally.exportRange', range, { choose: 'Sales register' }, { choose: 'Parquet' });
    await driver.runOn('tally.exportRange', range, { choose: 'Sales register' }, 'leave');
    await driver.runOn('tally.exportRange', range, 'leave');
    assert.deepEqual(driver.messages, []);
  });

  it('asks for another place where a file cannot be written, and warns of days that were never loaded', async () => {
    driver.saveAs = [vscode.Uri.file(at('none/sales.csv')), vscode.Uri.file(at('sales.csv'))];
    const range = { from: '2024-03-31', to: '2024-04-02' };
    await driver.runOn('tally.exportRange', range, { choose: 'Sales register' }, { choose: 'CSV' });
    const [failed] = driver.messages;
    assert.equal(failed?.severity, 'error');
    assert.match(failed.text, /sales\.csv was not written: its folder does not exist\. .* Make the folder/);
    assert.deepEqual(failed.buttons, ['Save As', 'Show Log']);
    const { severity, text } = await driver.press('Save As');
    assert.equal(severity, 'warning');
    assert.match(text, /sales\.csv: [\d,]+ rows\. .*\b1 day of .* was never loaded/);
  });

  it('asks which company where the warehouse has several, and says so where it has none', async () => {
    await ask(
      database,
      "INSERT INTO dim_company (company_id, name) VALUES ('other', 'Another') ON CONFLICT DO NOTHING",
    );
    driver.saveAs = [vscode.Uri.file(at('one.xlsx'))];
    await driver.run(
      'tally.exportRange',
      ...dates,
      { choose: 'Sales' },
      { choose: 'Excel' },
      { choose: demoCompanyName },
    );
    assert.ok(driver.messages[0]?.text.includes(`of ${demoCompanyName} from `), driver.messages[0]?.text);
    assert.match(driver.saveDialogs[0]?.defaultUri?.path ?? '', /\.xlsx$/);
    assert.equal(fs.readFileSync(at('one.xlsx'), 'latin1').slice(0, 2), 'PK');
    await ask(database, 'DELETE FROM dim_company WHERE company_id <> $1', [demoCompanyGuid]);
    await storeWarehouseUrl(await emptyDatabase());
    driver.messages.length = 0;
    const range = { from: today(), to: today() };
    await driver.runOn('tally.exportRange', range);
    assert.match(driver.messages[0]?.text ?? '', /The warehouse has no tables yet\./);
  });
});
