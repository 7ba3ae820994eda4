import assert from 'node:assert/strict';
import { bookOf } from '../support/demo/bookOf.js';
import { leanSale, voucherId } from '../support/leanBook.js';
import { ask, freshDatabase } from '../support/postgres.js';
import { openWorkbench, showFailuresAndClose, type Workbench } from './workbench.js';
import { useTally } from '../support/useTally.js';

describe('Tally: Verify Range, after a change by hand in the warehouse', () => {
  const days = ['2024-04-05', '2024-04-05', '2024-04-05', '2024-04-09', '2024-04-09', '2024-04-20'];
  const tally = useTally({ keepsWorking: false, book: bookOf(days.map((day, i) => leanSale(i + 1, day))) });
  let workbench: Workbench;
  let databaseUrl: string;

  before(async () => {
    databaseUrl = await freshDatabase();
    workbench = await openWorkbench({
      files: { '.env': `TALLY_URL=${tally.url}\nDB_URL=${databaseUrl}\n` },
      // The demo Tally books these raw XML vouchers on no ledger.
      settings: { 'security.workspace.trust.enabled': false, 'tally.streams': 'invoices' },
    });
  });
  showFailuresAndClose(() => workbench);

  const april = (command: string): Promise<void> => workbench.rangeCommand(command, '2024-04-01', '2024-04-30');

  it('warns, and shows which invoices of which day differ, in the dark and in the light', async () => {
    await april('Tally: Backfill Range');
    await workbench.quickInput.pick('Whole range (recommended)');
    await workbench.toast('Loaded 6 invoices of').locator.waitFor({ timeout: 60_000 });
    await workbench.clearToasts();
    await ask(databaseUrl, 'UPDATE fact_invoice SET total_amount = 1181 WHERE invoice_id = $1', [voucherId(2)]);
    await ask(databaseUrl, 'DELETE FROM fact_invoice WHERE invoice_id = $1', [voucherId(4)]);
    await april('Tally: Verify Range');
    await workbench.quickInput.expect('By totals');
    await workbench.screenshot('verify-way');
    await workbench.quickInput.pick('Field by field');
    const warning = workbench.toast(/2 invoices of .* differ between Tally and .* on 2 days/);
    await warning.locator.waitFor({ timeout: 60_000 });
    await workbench.screenshot('verify-warning');
    assert.deepEqual(await warning.buttons(), ['Show Differences']);
    await warning.click('Show Differences');
    await workbench.page.getByText('Missing in the warehouse').first().waitFor();
    await workbench.page.locator('.codelens-decoration', { hasText: 'Reload This Day' }).first().waitFor();
    await workbench.clearToasts();
    await workbench.screenshot('verify-differences');
    await workbench.picture('readme/verify', workbench.page.locator('.part.editor'));
    await workbench.theme('light');
    await workbench.screenshot('verify-differences-light');
    await workbench.theme('dark');
  });

  it('reloads a day by a click above it, and by the keyboard', async () => {
    const { page, quickInput } = workbench;
    await page.locator('.codelens-decoration a', { hasText: 'Reload This Day' }).first().click();
    await workbench.dialog.waitFor();
    await workbench.screenshot('verify-reload-day');
    assert.match(await workbench.dialog.innerText(), /Clear and reload 5\u00a0Apr\u00a02024 of /);
    await workbench.dialog.getByRole('button', { name: 'Clear and Reload' }).click();
    await workbench.toast(/Reloaded 3 invoices of .*, 5\sApr\s2024/).locator.waitFor({ timeout: 60_000 });
    await workbench.clearToasts();
    await page.locator('.view-line', { hasText: '9 Apr 2024: 1 invoice differs' }).first().click();
    await workbench.command('Show CodeLens Commands for Current Line');
    await quickInput.pick('Reload This Day');
    await workbench.dialog.waitFor();
    await page.keyboard.press('Enter');
    await workbench.toast(/Reloaded 2 invoices of .*, 9\sApr\s2024/).locator.waitFor({ timeout: 60_000 });
    await workbench.clearToasts();
    await page.mouse.move(700, 600); // a hover of the tab's name may lie over the first line
    await page.locator('.codelens-decoration a', { hasText: 'Verify Again' }).click();
    await workbench.toast(/Tally and .* agree: 6 invoices of/).locator.waitFor({ timeout: 60_000 });
    await page
      .locator('.view-line', { hasText: /^Tally.and.*agree/ })
      .first()
      .waitFor();
    await page.locator('.codelens-decoration a', { hasText: 'Reload This Day' }).waitFor({ state: 'detached' });
    await workbench.clearToasts();
    await workbench.screenshot('verify-agrees');
  });
});
