import assert from 'node:assert/strict';
import fs from 'node:fs';
import { addDays, today } from '../../src/core/base/calendar.js';
import { bookOf } from '../support/demo/bookOf.js';
import { leanSale, voucherId } from '../support/leanBook.js';
import { ask, emptyDatabase } from '../support/postgres.js';
import { openWorkbench, showFailuresAndClose, type Workbench } from './workbench.js';
import { useTally } from '../support/useTally.js';
import { nightly } from '../support/fullTable.js';

describe('Ranges, the rows of the view and what can be done with them', () => {
  let databaseUrl: string;
  let workbench: Workbench;
  const last = addDays(today(), -1);
  const sales = [1, 2, 3, 4].map((n) => leanSale(n, n < 3 ? '2024-04-05' : last));
  const tally = useTally({ keepsWorking: false, book: bookOf(sales) });

  before(async () => {
    databaseUrl = await emptyDatabase();
    workbench = await openWorkbench({
      files: { '.env': `TALLY_URL=${tally.url}\nDB_URL=${databaseUrl}\n` },
      settings: { 'security.workspace.trust.enabled': false, 'files.simpleDialog.enable': true },
    });
    await workbench.openViewContainer('Tally');
  });
  showFailuresAndClose(() => workbench);

  const april = (command: string): Promise<void> => workbench.rangeCommand(command, '2024-04-01', '2024-04-30');
  const count = async (): Promise<unknown> =>
    (await ask(databaseUrl, "SELECT count(*)::int AS n FROM fact_invoice WHERE date < '2024-05-01'"))[0]?.n;

  it('offers ranges by name, and remarks on dates while they are typed', async () => {
    const { quickInput } = workbench;
    let items: string[] = [];
    do {
      // A slow Tally adds its rows too late for the question, so the question is asked again.
      if (items.length > 0) await quickInput.dismiss();
      await workbench.command('Tally: Backfill Range');
      await quickInput.expect('Other dates');
      items = await quickInput.items();
    } while (!items[0]!.startsWith('All of the books'));
    assert.match(items[0]!, /^All of the books \(from 1 Apr 2023\)$/);
    assert.match(items[1]!, /^This financial year \(\d{4}-\d{2}\)$/);
    assert.equal(items.at(-1), 'Other dates');
    await workbench.screenshot('backfill-1-range');
    await quickInput.pick('Other dates');
    await quickInput.expect('First day');
    await quickInput.enter('2023-02-30');
    await quickInput.expectMessage('2023-02-30 is not in the calendar');
    await workbench.screenshot('backfill-2-not-in-calendar');
    await quickInput.enter('1 Foo 2024');
    await quickInput.expectMessage('is not a date');
    await quickInput.fill('1-4-24');
    await quickInput.expectMessage('= 1 April 2024');
    await workbench.screenshot('backfill-2-echo');
    await quickInput.accept();
    await quickInput.expect('Last day');
    await quickInput.enter('2024-03-31');
    await quickInput.expectMessage('31 Mar 2024 is before the first day, 1 Apr 2024');
    await quickInput.fill('2999-03-31');
    await quickInput.expectMessage('the range will end today');
    await workbench.screenshot('backfill-3-future');
    await quickInput.enter('30/04/2024');
    await quickInput.expect('Day by day');
    await workbench.screenshot('backfill-4-mode');
    await quickInput.back();
    await quickInput.expectMessage('= 30 April 2024');
    assert.equal(await quickInput.value(), '30/04/2024'); // the dates are kept when the user goes back
    await quickInput.dismiss();
  });

  it('shows in a dry run what a backfill would do, invoice by invoice, and saves the report', async () => {
    await april('Tally: Dry Run Range');
    const result = workbench.toast(': 2 to insert in ');
    await result.locator.waitFor();
    assert.deepEqual(await result.buttons(), ['Show Dry Run', 'Save']);
    await workbench.page.locator('.part.panel .view-line', { hasText: 'Nothing was written' }).waitFor();
    await workbench.screenshot('dry-run');
    await result.click('Save');
    await workbench.quickInput.expect('Save Dry Run');
    await workbench.screenshot('dry-run-save');
    let file = '';
    while (!file.endsWith('.txt')) file = await workbench.quickInput.value(); // at first it holds the folder alone
    await workbench.quickInput.accept();
    const saved = workbench.toast('The dry run is saved: ');
    await saved.locator.waitFor();
    assert.match(fs.readFileSync(file, 'utf8'), /In the range +2 invoices[^]*Nothing was written/);
    assert.equal((await ask(databaseUrl, "SELECT to_regclass('fact_invoice') AS t"))[0]?.t, null);
    await workbench.clearToasts();
  });

  it('asks before it replaces a range, and again where the result looks like a mistake', async () => {
    const { dialog } = workbench;
    await april('Tally: Backfill Range');
    await workbench.quickInput.pick('Whole range (recommended)');
    const loaded = workbench.toast('Loaded 2 invoices of');
    assert.deepEqual(await loaded.buttons(), ['Show Summary', 'Show Log']);
    await workbench.clearToasts();
    tally.behave({ book: bookOf(sales.slice(2)) }); // as if Tally had another period or company
    const reload = async (): Promise<void> => {
      await april('Tally: Clear and Reload Range');
      await workbench.quickInput.pick('Whole range (recommended)');
      await dialog.filter({ hasText: 'Clear and reload 1–30 Apr 2024' }).waitFor();
    };
    await reload();
    await workbench.screenshot('clear-and-reload');
    await workbench.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await reload();
    await dialog.getByRole('button', { name: 'Clear and Reload' }).click();
    await dialog.getByRole('button', { name: 'Reload Anyway' }).waitFor();
    await workbench.screenshot('clear-and-reload-guard');
    assert.match(await dialog.innerText(), /Tally has no invoice in this range.*Nothing was changed/);
    assert.equal(await count(), 2);
    await dialog.getByRole('button', { name: 'Reload Anyway' }).click();
    await workbench.toast(/Reloaded .* 2 removed/).locator.waitFor();
    assert.equal(await count(), 0);
    await workbench.clearToasts();
    tally.behave({ book: bookOf(sales) });
  });

  it('shows a sync in the view, its details by a click, and runs it again', async () => {
    const { page } = workbench;
    await workbench.command('Tally: Sync Now');
    await workbench.toast(/Synced \d invoices of /).locator.waitFor();
    await workbench.clearToasts();
    const run = workbench.treeRow(/Sync.* · just now · \d{1,2}\s\w{3}/s).first();
    await run.waitFor();
    const rows = await workbench.treeRows();
    assert.deepEqual(
      rows.filter(({ level }) => level === 1).map(({ text }) => text.replace(/\s.*/s, '')),
      ['Needs', 'Warehouse', 'Checkpoints', 'Recent'], // each load warns that the books have no ledgers
    );
    assert.ok(rows.some(({ text }) => /\d{1,2}\s\w{3,4}\s\d{4} · just now · overlap 1 day/s.test(text)));
    await run.click();
    await page.getByText('of etl_logs').waitFor();
    await page.mouse.move(700, 600);
    await workbench.screenshot('run-details');
    await workbench.theme('light');
    await workbench.screenshot('run-details-light');
    await workbench.theme('dark');
    await workbench.choose(run, 'Run Again');
    await workbench.toast(/Loaded .*nothing had changed/).locator.waitFor();
    await workbench.clearToasts();
    await page.keyboard.press('Escape');
    await workbench.choose(run, 'Show Details');
    await page.getByText('of etl_logs').waitFor();
    await workbench.command('View: Close All Editors');
  });

  nightly('resets a checkpoint only when that is agreed to, and loads from it', async () => {
    const { dialog, quickInput } = workbench;
    const checkpoint = workbench.treeRow(/overlap 1 day/);
    await workbench.choose(checkpoint, 'Reset Checkpoint');
    await quickInput.expect('New date');
    await quickInput.enter('2024-04-04');
    await dialog.waitFor();
    await workbench.screenshot('reset-checkpoint');
    assert.match(
      await dialog.innerText(),
      /Set the checkpoint of “.+” to 4\sApr\s2024\?[^]*next sync will load 3\sApr/,
    );
    await dialog.getByRole('button', { name: 'Reset Checkpoint' }).click();
    await workbench.toast('is now 4 Apr 2024').locator.waitFor();
    await workbench.treeRow(/4\sApr\s2024 · .*overlap/s).waitFor();
    await workbench.clearToasts();
    await workbench.choose(checkpoint, 'Backfill from Here');
    await quickInput.pick('From the checkpoint');
    await quickInput.pick('Whole range (recommended)');
    await workbench.toast(/Loaded 4\sApr\s2024.*nothing had changed\. 4 invoices/).locator.waitFor();
    await workbench.clearToasts();
    await workbench.choose(checkpoint, 'Sync Now');
    await workbench.toast(/Synced .*3\sApr\s2024/).locator.waitFor();
    await workbench.clearToasts();
    assert.equal(
      (await ask(databaseUrl, 'SELECT 1 FROM fact_invoice WHERE invoice_id = $1', [voucherId(1)])).length,
      1,
    );
  });

  it('keeps its rows on the screen while it reads the warehouse again', async () => {
    const { page } = workbench;
    await page.evaluate(`{
      const rows = () => document.querySelectorAll('.pane-body [role="treeitem"]').length;
      window.fewestRows = rows();
      window.watched = new MutationObserver(() => { window.fewestRows = Math.min(window.fewestRows, rows()); });
      window.watched.observe(document.querySelector('.part.sidebar'), { childList: true, subtree: true });
    }`);
    const before = (await workbench.treeRows()).length;
    for (let i = 0; i < 3; i++) {
      await workbench.command('Tally: Refresh');
      await page.waitForTimeout(400);
    }
    assert.equal(await page.evaluate<number>('window.fewestRows'), before);
  });
});
