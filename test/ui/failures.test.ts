import assert from 'node:assert/strict';
import { openWarehouse } from '../../src/core/warehouse/postgres/connect.js';
import { demoCompanyGuid } from '../../src/demo/demoNames.js';
import { bookOf } from '../support/demo/bookOf.js';
import type { Fault } from '../../src/demo/behaviours/behaviour.js';
import { closedPort } from '../support/closedPort.js';
import { leanSale } from '../support/leanBook.js';
import { ask, freshDatabase, silent } from '../support/postgres.js';
import { openWorkbench, showFailuresAndClose, type Workbench } from './workbench.js';
import { useTally } from '../support/useTally.js';
import { nightly } from '../support/fullTable.js';

// test/unit/extensionMessages.test.ts tests the buttons of each error code; these are errors that a user can run into.
describe('What the user reads when something is wrong', () => {
  const tally = useTally({ keepsWorking: false, book: bookOf([leanSale(1, '2024-05-12')]) });
  let databaseUrl: string;
  let workbench: Workbench;

  before(async () => {
    databaseUrl = await freshDatabase();
    workbench = await openWorkbench({
      files: { '.env': '' },
      settings: { 'security.workspace.trust.enabled': false, 'tally.timeoutSeconds': 2 },
    });
    await workbench.openViewContainer('Tally');
  });
  showFailuresAndClose(() => workbench);

  /** Loads this month with these lines in `.env`, checks the error message and its buttons, and closes it. */
  async function fail(env: Record<string, string>, text: RegExp, buttons: string[], picture?: string): Promise<void> {
    const all = { TALLY_URL: tally.url, DB_URL: databaseUrl, ...env };
    workbench.write(
      '.env',
      Object.entries(all)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
    await workbench.command('Tally: Backfill Range');
    await workbench.quickInput.pick('This month');
    await workbench.quickInput.pick('Whole range (recommended)');
    const toast = workbench.toast(text, workbench.page.locator('.codicon-error')); // the error, not the progress
    await toast.locator.waitFor();
    assert.deepEqual(await toast.buttons(), buttons);
    if (picture) await workbench.screenshot(`failure-${picture}`);
    if (picture === 'unreachable') await workbench.picture('readme/failure', toast.locator);
    await workbench.clearToasts();
  }
  const settings = ['Open Settings', 'Retry', 'Show Log'];
  const dotEnv = ['Open .env', 'Retry', 'Show Log'];

  it('names what is wrong with the addresses, and offers to correct them', async () => {
    await fail({ TALLY_URL: 'ftp://books' }, /not an http address.*Write it like http:\/\/localhost:9000/, dotEnv);
    await fail(
      { TALLY_URL: `http://127.0.0.1:${await closedPort()}` },
      /Tally cannot be reached.*TALLY_URL in \.env names/,
      dotEnv,
      'unreachable',
    );
    await fail(
      { TALLY_URL: 'http://tally.invalid:9000' },
      /Tally cannot be reached.*how the computer's name is spelt/,
      dotEnv,
    );
    await fail({ TALLY_COMPANY: 'Nobody' }, /“Nobody” is not open/, dotEnv, 'company');
    await fail(
      { DB_URL: `postgres://u:p@127.0.0.1:${await closedPort()}/d` },
      /warehouse .* cannot be reached/,
      dotEnv,
    );
    const noPassword = Object.assign(new URL(databaseUrl), { password: '' });
    await fail({ DB_URL: noPassword.href }, /refused: the server asks for a password/, dotEnv, 'password');
  });

  nightly('names what Tally does not do, and what helps', async () => {
    const broken = async (fault: Fault, text: RegExp, buttons: string[]): Promise<void> => {
      tally.behave({ fault });
      await fail({}, text, buttons, fault.kind);
      tally.behave({ fault: { kind: 'none' } });
    };
    await broken({ kind: 'silent' }, /was silent for 2 seconds/, settings);
    await broken({ kind: 'http-500' }, /answered with HTTP status 500/, dotEnv);
    await broken({ kind: 'html' }, /A web page came back, not Tally's XML/, dotEnv);
    await broken({ kind: 'cut', afterBytes: 40 }, /broke in the middle of its answer/, ['Retry', 'Show Log']);
    tally.behave({ dayBook: 'today', voucherRegister: 'today', voucherIndex: 'refused' });
    await fail({}, /held no voucher at all/, ['Open Settings', 'Show Log'], 'range-not-covered');
    tally.behave({ dayBook: 'everything', voucherRegister: 'honours-dates', voucherIndex: 'offered' });
  });

  it('names who is loading, and a warehouse of a newer version', async () => {
    const options = { dbUrl: databaseUrl, dataDir: '', logger: silent, applicationName: 'tally-warehouse cli' };
    const holder = await openWarehouse(options);
    await holder.lockCompany(demoCompanyGuid, 'backfill');
    await fail({}, /Another run is loading this company/, ['Retry', 'Show Log'], 'locked');
    await holder.close();
    await ask(databaseUrl, "INSERT INTO etl_migrations (name, run_on) VALUES ('9999_future', now())");
    await fail({}, /newer version/, ['Show Log'], 'newer');
    await ask(databaseUrl, "DELETE FROM etl_migrations WHERE name = '9999_future'");
  });

  it('has a button that does what it says: the same again, once Tally is there', async () => {
    tally.behave({ fault: { kind: 'http-500' } });
    await workbench.command('Tally: Sync Now');
    const failed = workbench.toast('HTTP status 500');
    await failed.locator.waitFor();
    await workbench
      .treeRow(/Sync.*failed/s)
      .first()
      .waitFor();
    await workbench.page.locator('.statusbar-item', { hasText: 'sync failed' }).waitFor();
    await workbench.theme('light');
    await workbench.screenshot('tree-failed-light');
    await workbench.theme('dark');
    await workbench.screenshot('tree-failed');
    await workbench.choose(workbench.treeRow(/Sync.*failed/s).first(), 'Copy Error');
    await workbench.toast('on the clipboard').locator.waitFor();
    assert.match(await workbench.page.evaluate<string>('navigator.clipboard.readText()'), /^tally-refused: .*500/);
    tally.behave({ fault: { kind: 'none' } });
    await failed.click('Retry');
    await workbench.toast(/Synced /).locator.waitFor();
    await workbench.clearToasts();
  });

  nightly('says each time that it failed again, however soon Retry is pressed', async () => {
    tally.behave({ fault: { kind: 'http-500' } });
    await workbench.command('Tally: Sync Now');
    const failed = workbench.toast('HTTP status 500', workbench.page.locator('.codicon-error'));
    for (let again = 0; again < 4; again++) {
      const message = await failed.locator.elementHandle();
      await failed.click('Retry');
      await message.waitForElementState('hidden');
    }
    await failed.locator.waitFor();
    tally.behave({ fault: { kind: 'none' } });
    await workbench.clearToasts();
  });

  it('opens the settings where those of the computer stand that the window runs on', async () => {
    tally.behave({ fault: { kind: 'silent' } });
    await workbench.command('Tally: Sync Now');
    await workbench.toast('silent for 2 seconds', workbench.page.locator('.codicon-error')).click('Open Settings');
    await workbench.page.locator('.settings-editor .setting-item-label', { hasText: /^Url$/ }).waitFor();
    await workbench.screenshot('settings-remote');
    tally.behave({ fault: { kind: 'none' } });
    await workbench.clearToasts();
  });

  it('shows the log, with the code, what happened and what to do next', async () => {
    assert.match(await workbench.outputChannelText('Tally'), /\[error\] tally-unreachable: .*Connectivity/);
    await workbench.screenshot('failure-log');
  });
});
