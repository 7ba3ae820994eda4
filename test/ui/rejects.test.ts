import assert from 'node:assert/strict';
import { today } from '../../src/core/base/calendar.js';
import { bookOf } from '../support/demo/bookOf.js';
import { leanSale, unreadableSale } from '../support/leanBook.js';
import { openWorkbench, showFailuresAndClose, type Workbench } from './workbench.js';
import { useTally } from '../support/useTally.js';

describe('A voucher that cannot be read, and Cancel, as the user sees them', () => {
  const tally = useTally({
    keepsWorking: false,
    book: bookOf([leanSale(1, today()), unreadableSale(2, today())]),
  });
  let workbench: Workbench;

  before(async () => {
    workbench = await openWorkbench({ settings: { 'tally.url': tally.url } });
  });
  showFailuresAndClose(() => workbench);

  it('is offered by the closing message, stands in the view, and is opened by the button', async () => {
    await workbench.openViewContainer('Tally');
    await workbench.command('Tally: Sync Now');
    await workbench.toast('not loaded: 1 voucher').locator.waitFor({ timeout: 90_000 });
    await workbench.treeRow(/Rejected vouchers.*1 voucher could not be read/s).waitFor();
    await workbench.screenshot('rejects-toast');
    await workbench.page.getByRole('button', { name: 'Show Rejected Vouchers' }).first().click();
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
    await workbench
      .treeRow(/Sync.*cancelled/s)
      .first()
      .waitFor();
    await workbench.screenshot('sync-cancelled');
  });
});
