import assert from 'node:assert/strict';
import { today } from '../../src/core/base/calendar.js';
import { bookOf } from '../support/demo/bookOf.js';
import { startDemoServer, type DemoServer } from '../../src/demo/server.js';
import { leanSale, unreadableSale } from '../support/leanBook.js';
import { openWorkbench, showFailures, type Workbench } from './workbench.js';

describe('A voucher that cannot be read, and Cancel, as the user sees them', () => {
  let tally: DemoServer;
  let workbench: Workbench;

  before(async () => {
    tally = await startDemoServer({
      keepsWorking: false,
      book: bookOf([leanSale(1, today()), unreadableSale(2, today())]),
    });
    workbench = await openWorkbench({ settings: { 'tally.url': tally.url } });
  });
  showFailures(() => workbench);
  after(async () => {
    await workbench.close();
    await tally.close();
  });

  it('is offered by the closing message, stands in the view, and is opened by the button', async () => {
    await workbench.openViewContainer('Tally');
    await workbench.command('Tally: Sync Now');
    await workbench.toast('not loaded: 1 voucher').locator.waitFor({ timeout: 90_000 });
    await workbench.treeRow(/Rejects.*1 voucher could not be read/s).waitFor();
    await workbench.screenshot('rejects-toast');
    await workbench.page.getByRole('button', { name: 'Show Rejects' }).first().click();
    await workbench.page.getByText('What Tally sent').first().waitFor();
    await workbench.clearToasts();
    await workbench.screenshot('rejects-document');
  });

  it('ends a sync within two seconds of a press on Cancel while Tally is silent', async () => {
    tally.behave({ fault: { kind: 'silent' } });
    await workbench.command('Tally: Sync Now');
    await workbench.toast('Tally: Sync').locator.getByRole('button', { name: 'Cancel' }).click();
    const pressed = Date.now();
    await workbench.toast('Cancelled.').locator.waitFor();
    assert.ok(Date.now() - pressed < 2000, `It took ${Date.now() - pressed} ms.`);
    await workbench.page.locator('.statusbar-item', { hasText: 'sync cancelled' }).waitFor();
    await workbench.screenshot('sync-cancelled');
  });
});
