import assert from 'node:assert/strict';
import { financialYearName, financialYearStart, today } from '../../src/core/base/calendar.js';
import { createBook, type Book } from '../../src/demo/book/book.js';
import { ask, emptyDatabase } from '../support/postgres.js';
import { useTally } from '../support/useTally.js';
import { openWorkbench, showFailuresAndClose, type Workbench } from './workbench.js';

const yearBegins = financialYearStart(today());
const names = ['Asha Traders', 'Meera Exports', 'Rao & Sons', 'Kamal Stores'] as const;
const books = names.map((companyName, n): Book =>
  createBook({
    ...{ invoices: 60, from: yearBegins, to: today(), companyName },
    companyGuid: `c0de0000-0000-4000-8000-00000000000${n}`,
  }),
);

describe('Somebody who keeps the books of several clients', () => {
  const first = useTally({ keepsWorking: false, book: books[0]! });
  const second = useTally({ keepsWorking: false, book: books[1]!, otherBooks: books.slice(2) });
  let ofFirst: string;
  let ofSecond: string;
  let workbench: Workbench;

  before(async () => {
    ofFirst = await emptyDatabase();
    ofSecond = await emptyDatabase();
    workbench = await openWorkbench({ settings: { 'security.workspace.trust.enabled': false } });
    await workbench.openViewContainer('Tally');
  });
  showFailuresAndClose(() => workbench);

  const companiesOf = async (url: string): Promise<unknown[]> =>
    (await ask(url, "SELECT to_regclass('dim_company') AS t"))[0]?.t === null
      ? []
      : (await ask(url, 'SELECT name FROM dim_company ORDER BY name')).map(({ name }) => name as string);
  const nameOf = (url: string): string => new URL(url).pathname.slice(1);
  const load = async (): Promise<void> => {
    await workbench.command('Tally: Backfill Range');
    await workbench.quickInput.pick(`This financial year (${financialYearName(yearBegins)})`);
    await workbench.quickInput.pick('Whole range (recommended)');
  };
  const openSecond = async (): Promise<void> => {
    const env = { TALLY_URL: second.url, TALLY_COMPANY: names[1], DB_URL: ofSecond };
    const lines = Object.entries(env).map(([name, value]) => `${name}=${value}\n`);
    await workbench.openFolder('second client', { '.env': lines.join('') });
    await workbench.openViewContainer('Tally');
  };

  it('sets the address of Tally and a warehouse for all folders, and loads the first client', async () => {
    const { quickInput } = workbench;
    await workbench.command('Tally: Set Tally Address');
    await quickInput.expect('The computer and the port of Tally');
    await quickInput.enter(first.url);
    const answers = workbench.toast('Tally answers at');
    await answers.locator.waitFor();
    await workbench.screenshot('clients-1-address');
    await workbench.clearToasts();
    await workbench.command('Tally: Set Warehouse URL');
    await quickInput.expect('Except folders that have their own warehouse');
    await workbench.screenshot('clients-2-folders');
    await quickInput.pick('All folders');
    await quickInput.expect('Kept in the secret storage');
    await quickInput.enter(ofFirst);
    const kept = workbench.toast(new RegExp(`Invoices will be written to .*/${nameOf(ofFirst)}`));
    await kept.locator.waitFor();
    await workbench.screenshot('clients-3-warehouse');
    await workbench.clearToasts();
    await load();
    const loaded = workbench.toast(`of ${names[0]}`);
    await workbench.toast(/^.*Loaded \d+ invoices of Asha Traders/s).locator.waitFor();
    await workbench.screenshot('clients-4-loaded');
    assert.match(await loaded.text(), new RegExp(`, all new, into ${nameOf(ofFirst)} on `));
    await workbench.clearToasts();
    assert.deepEqual(await companiesOf(ofFirst), [names[0]]);
  });

  it('opens the folder of the second client, is asked once which warehouse is meant, and loads into that one', async () => {
    const { dialog, page } = workbench;
    await openSecond();
    await page.getByText('Nothing loaded yet').first().waitFor();
    await workbench.screenshot('clients-5-second-folder');
    await load();
    await dialog.filter({ hasText: 'Which warehouse is meant for this folder?' }).waitFor();
    await workbench.screenshot('clients-6-question');
    await dialog.getByRole('button', { name: nameOf(ofSecond) }).click();
    const loaded = workbench.toast(/Loaded \d+ invoices of Meera Exports/);
    await loaded.locator.waitFor();
    assert.match(await loaded.text(), new RegExp(`, all new, into ${nameOf(ofSecond)} on `));
    await workbench.treeRow(/^Meera Exports/).waitFor();
    await workbench.clearToasts();
    await workbench.screenshot('clients-7-second-loaded');
    assert.deepEqual([await companiesOf(ofFirst), await companiesOf(ofSecond)], [[names[0]], [names[1]]]);
    await workbench.openFolder('workspace', {});
    await workbench.openViewContainer('Tally');
    await workbench.treeRow(/^Asha Traders/).waitFor();
    await workbench.screenshot('clients-8-first-again');
    await openSecond();
    await workbench.treeRow(/^Meera Exports/).waitFor();
    await workbench.command('Tally: Sync Now');
    const synced = workbench.toast(/Synced .* Meera Exports .*into/);
    await synced.locator.waitFor();
    await workbench.clearToasts();
  });

  it('chooses several companies, and syncs all of them', async () => {
    const { page, quickInput } = workbench;
    await workbench.command('Tally: Select Company');
    await quickInput.expect(names[2]);
    await workbench.screenshot('clients-9-select');
    await quickInput.pick('Several Companies');
    await quickInput.expect('3 Selected');
    await workbench.screenshot('clients-10-several');
    await quickInput.item(names[3]).first().click(); // all are ticked at first
    await workbench.screenshot('clients-11-ticked');
    await page.keyboard.press('Enter');
    const saved = workbench.toast('VS Code’s own schedule load');
    await saved.locator.waitFor();
    await workbench.screenshot('clients-12-saved');
    assert.match(await saved.text(), /load Meera Exports, Rao & Sons\. Saved as tally\.companies/);
    await saved.click('Sync All');
    const synced = workbench.toast('Synced 2 companies: Meera Exports, Rao & Sons.');
    await synced.locator.waitFor({ timeout: 60_000 });
    await workbench.screenshot('clients-13-synced');
    await synced.click('Show Runs');
    await workbench.treeRow(/^Sync.*Rao & Sons · /s).waitFor();
    await workbench.clearToasts();
    assert.deepEqual(await companiesOf(ofSecond), [names[1], names[2]]);
  });

  it('removes a company after its name was typed, and nothing before', async () => {
    const { page, quickInput } = workbench;
    const row = workbench.treeRow(/^Rao & Sons.*invoices/s).first();
    await workbench.choose(row, 'Remove Company');
    await quickInput.expect(/Removes Rao & Sons from .*: \d+ invoices with \d+ lines/);
    await workbench.screenshot('clients-14-remove');
    await quickInput.enter('Rao');
    await page.waitForTimeout(500);
    await quickInput.expect(/Removes Rao & Sons from/);
    await workbench.screenshot('clients-15-remove-half');
    assert.deepEqual(await companiesOf(ofSecond), [names[1], names[2]]);
    await quickInput.enter('rao & sons');
    const removed = workbench.toast(/Removed Rao & Sons from .*: \d+ invoices with \d+ lines\./);
    assert.deepEqual(await removed.buttons(), ['Show Log']);
    await workbench.screenshot('clients-16-removed');
    await row.waitFor({ state: 'detached' });
    assert.deepEqual(await companiesOf(ofSecond), [names[1]]);
  });
});
