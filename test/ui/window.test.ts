import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { today } from '../../src/core/base/calendar.js';
import { startDemoServer, type DemoServer } from '../../src/demo/server.js';
import { bookOf } from '../support/demo/bookOf.js';
import { leanSale } from '../support/leanBook.js';
import { ask, freshDatabase } from '../support/postgres.js';
import { openWorkbench, showFailures, type Workbench } from './workbench.js';

const book = bookOf([leanSale(1, today())]);

describe('A folder that the user does not trust', () => {
  let own: DemoServer;
  let stranger: DemoServer;
  let workbench: Workbench;

  beforeEach(async () => {
    own = await startDemoServer({ book });
    stranger = await startDemoServer({ book });
    workbench = await openWorkbench({
      asksTrust: true,
      files: {
        '.env': 'DB_URL=mysql://me:Hunter2@db/w\n',
        '.vscode/settings.json': JSON.stringify({ 'tally.url': stranger.url, 'tally.company': 'Somebody Else' }),
      },
      settings: {
        'security.workspace.trust.startupPrompt': 'never',
        'security.workspace.trust.untrustedFiles': 'open',
        'tally.url': own.url,
      },
    });
  });
  showFailures(() => workbench);
  afterEach(async () => {
    await workbench.close();
    await own.close();
    await stranger.close();
  });

  it('neither sets where Tally and the warehouse are nor is read, until it is trusted', async () => {
    const { page } = workbench;
    await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
    await workbench.openViewContainer('Tally');
    await page.locator('.welcome-view-content', { hasText: '.env is ignored until you trust the folder' }).waitFor();
    await workbench.command('Tally: Check Setup');
    const fine = workbench.toast(/The setup is fine.*\.env is ignored until you trust the folder/);
    await fine.locator.waitFor();
    await workbench.screenshot('restricted');
    assert.equal(stranger.requests.length, 0);
    assert.ok(own.requests.length > 0);

    await fine.click('Manage Trust');
    await page.locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ }).click();
    await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor({ state: 'detached' });
    await workbench.command('Tally: Check Setup');
    await workbench.toast(/DB_URL in \.env|mysql/).locator.waitFor();
  });
});

/** Waits half a minute at most. A test that is tried again has a new window and a new warehouse. */
async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000;
  while (!(await isSo())) {
    assert.ok(Date.now() < end, `not so: ${what}`);
    await delay(50);
  }
}

describe('A window that is left in the middle of a sync', () => {
  let tally: DemoServer;
  let databaseUrl: string;
  let workbench: Workbench;

  beforeEach(async () => {
    tally = await startDemoServer({ keepsWorking: false, book });
    databaseUrl = await freshDatabase();
    workbench = await openWorkbench({ files: { '.env': `TALLY_URL=${tally.url}\nDB_URL=${databaseUrl}\n` } });
  });
  showFailures(() => workbench);
  afterEach(async () => {
    await workbench.close();
    await tally.close();
  });

  it('cancels the sync and logs it as cancelled, and the next window syncs', async () => {
    tally.behave({ fault: { kind: 'silent', on: 'report' } });
    await workbench.command('Tally: Sync Now');
    const runs = (): Promise<Record<string, unknown>[]> =>
      ask(databaseUrl, "SELECT status, rows FROM etl_logs WHERE stream_name = 'invoices'");
    await until('Tally is asked', () => Promise.resolve(tally.requests.some(({ name }) => name === 'Day Book')));
    await workbench.page.reload();
    await until('the run is on record', async () => (await runs()).length > 0);
    assert.deepEqual(await runs(), [{ status: 'cancelled', rows: 0 }]);
    tally.behave({ fault: { kind: 'none' } });
    await workbench.command('Tally: Sync Now');
    await workbench.toast(/Synced /).locator.waitFor();
    assert.equal((await runs()).length, 2);
  });
});
