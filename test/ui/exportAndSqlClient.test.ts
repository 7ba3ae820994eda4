import assert from 'node:assert/strict';
import fs from 'node:fs';
import { demoCompanyName } from '../../src/demo/demoNames.js';
import { bookOf } from '../support/demo/bookOf.js';
import { leanSale } from '../support/leanBook.js';
import { openFolder } from '../support/ownServer.js';
import { openWorkbench, type Workbench } from './workbench.js';
import { useTally } from '../support/useTally.js';

describe('Tally: Export Range and Open Warehouse in SQL Client', () => {
  const tally = useTally({
    keepsWorking: false,
    book: bookOf([leanSale(1, '2024-04-05'), leanSale(2, '2024-04-09')]),
  });
  let workbench: Workbench;
  let dataDir: string;

  before(async () => {
    dataDir = openFolder();
    workbench = await openWorkbench({
      files: { '.env': `TALLY_URL=${tally.url}\n` },
      env: { TALLY_DATA_DIR: dataDir },
      settings: { 'security.workspace.trust.enabled': false },
    });
  });
  after(async () => {
    await workbench.close();
    fs.rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  });

  const april = (command: string): Promise<void> => workbench.rangeCommand(command, '2024-04-01', '2024-04-30');

  it('exports what was loaded, and says what is in which file', async () => {
    await april('Tally: Backfill Range');
    await workbench.quickInput.pick('Whole range (recommended)');
    await workbench.toast('Loaded 2 invoices of').locator.waitFor({ timeout: 60_000 });
    await workbench.clearToasts();
    await april('Tally: Export Range');
    await workbench.quickInput.expect('Sales register');
    await workbench.screenshot('export-contents');
    await workbench.quickInput.pick('Invoices and their lines');
    await workbench.quickInput.expect('Excel workbook');
    await workbench.screenshot('export-kinds');
    await workbench.quickInput.pick('CSV, for other programs');
    const name = `Tally invoices ${demoCompanyName} 2024-04-01 to 2024-04-30.csv`;
    const box = workbench.page.locator('.quick-input-widget input[type="text"]');
    while (!(await box.inputValue()).endsWith(name)) await workbench.page.waitForTimeout(100);
    await workbench.screenshot('export-save');
    await workbench.page.keyboard.press('Enter');
    const done = workbench.toast('Exported 1–30 Apr 2024');
    await done.locator.waitFor({ timeout: 60_000 });
    await workbench.screenshot('export-done');
    assert.match(await done.text(), /\.csv: 2 invoices, 4 lines in a file beside it\./);
    assert.deepEqual(await done.buttons(), ['Open', 'Show in Explorer']);
    await done.click('Open');
    await workbench.page.getByText('company_id,company_name').first().waitFor();
    await workbench.clearToasts();
  });

  it('opens the embedded warehouse until it is closed', async () => {
    await workbench.command('Tally: Open Warehouse in SQL Client');
    await workbench.quickInput.expect('Read and write');
    await workbench.screenshot('sql-client-rights');
    await workbench.quickInput.pick('Read only');
    const open = workbench.toast('The built-in warehouse is open to SQL clients');
    await open.locator.waitFor({ timeout: 60_000 });
    await workbench.screenshot('sql-client-open');
    assert.deepEqual(await open.buttons(), ['Copy Connection String', 'Close']);
    const copied = await workbench.page.evaluate<string>('navigator.clipboard.readText()');
    assert.match(copied, /^postgresql:\/\/tally_reader_\w+:[\w-]+@127\.0\.0\.1:\d+\/postgres\?sslmode=disable$/);
    await open.click('Close');
    await workbench.toast('SQL access is closed').locator.waitFor();
  });

  it('is opened to BI tools again when the window comes back, by the same way in', async () => {
    await workbench.clearToasts();
    await workbench.command('Tally: Keep Open for BI Tools');
    const open = (): ReturnType<Workbench['toast']> => workbench.toast('The built-in warehouse is open to BI tools');
    await open().locator.waitFor({ timeout: 60_000 });
    await workbench.screenshot('bi-tools-open');
    const said = await open().text();
    await workbench.command('Developer: Reload Window');
    const sign = workbench.page.locator('#tally-warehouse\\.tally-warehouse\\.tally\\.biTools');
    await sign.waitFor({ state: 'detached' });
    await sign.waitFor({ timeout: 60_000 });
    await sign.click();
    await open().locator.waitFor();
    const [place] = /127\.0\.0\.1:\d+ as tally_bi/.exec(said) ?? ['nowhere'];
    assert.ok((await open().text()).includes(place));
    await open().click('Close');
    await workbench.toast('The built-in warehouse is closed to BI tools').locator.waitFor();
  });
});
