import assert from 'node:assert/strict';
import { Client } from 'pg';
import type { FrameLocator } from 'playwright-core';
import { addDays, today } from '../../src/core/base/calendar.js';
import { bookOf } from '../support/demo/bookOf.js';
import { fillCalendar, markDays, prepareWarehouse } from '../support/filledCalendar.js';
import { leanSale } from '../support/leanBook.js';
import { freshDatabase } from '../support/postgres.js';
import { barriersOf } from './barriersOf.js';
import { openWorkbench, showFailuresAndClose, type Workbench } from './workbench.js';
import { useTally } from '../support/useTally.js';

describe('Tally: Show Coverage', () => {
  const tally = useTally({
    keepsWorking: false,
    book: bookOf([leanSale(1, '2024-05-12'), leanSale(2, '2024-05-13')]),
  });
  let url: string;
  let workbench: Workbench;
  let view: FrameLocator;
  const day = (date: string) => view.locator(`[data-date="${date}"]`);

  before(async () => {
    url = await freshDatabase();
    await prepareWarehouse(url);
    await fillCalendar(url, { from: '2024-04-01', to: today(), invoices: 20_000 });
    await markDays(url, {
      different: ['2024-06-18', addDays(today(), -40)],
      unproven: ['2024-06-24', '2024-06-25'],
      never: { from: '2024-05-11', to: '2024-05-20' },
    });
    workbench = await openWorkbench({
      files: { '.env': `TALLY_URL=${tally.url}\nDB_URL=${url}\n` },
      settings: { 'security.workspace.trust.enabled': false },
    });
    view = workbench.page.frameLocator('iframe.webview').frameLocator('iframe#active-frame');
  });
  showFailuresAndClose(() => workbench);

  it('says that the warehouse is being read, as long as that takes', async () => {
    const holder = new Client(url);
    await holder.connect();
    for (const [title, heading] of [
      ['Show Invoices', 'Invoices of'],
      ['Show Summary', 'Summary of'],
      ['Show Coverage', 'Coverage of'],
    ]) {
      await holder.query('BEGIN; LOCK TABLE dim_company IN ACCESS EXCLUSIVE MODE');
      await workbench.command(`Tally: ${title!}`);
      // This notice comes from the page's script, which has replaced the text of the HTML document.
      const notice = view.locator('.notice .sentence', { hasText: 'Reading the warehouse…' });
      await notice.waitFor();
      assert.equal(await view.locator('#waiting').count(), 0);
      await workbench.screenshot(`reading-${title!.replaceAll(' ', '-')}`);
      await holder.query('ROLLBACK');
      await view.locator('h1', { hasText: heading! }).waitFor();
      await notice.waitFor({ state: 'hidden' });
      await workbench.command('View: Close All Editors');
    }
    await holder.end();
  });

  it('shows the figures of a day under the mouse', async () => {
    await workbench.command('Tally: Show Coverage');
    await view.locator('section').first().waitFor();
    await workbench.screenshot('coverage-dark');
    await workbench.picture('readme/coverage-dark');
    await workbench.theme('light');
    await workbench.screenshot('coverage-light');
    await workbench.picture('readme/coverage-light');
    await workbench.theme('dark');
    await day('2024-06-18').hover();
    await view
      .locator('.tip.over')
      .filter({ hasText: '18 June 2024' })
      .filter({ hasText: '2 invoices differ from Tally' })
      .waitFor();
    await workbench.screenshot('coverage-tip');
    // Credit notes are negative: their bars go down from zero.
    await view.getByLabel('Value of invoices').check();
    await view.locator('.month').nth(1).hover();
    await view.locator('.tip.over', { hasText: 'Credit notes' }).waitFor();
    const ticks = await view.locator('.bars').first().locator('.tick').allTextContents();
    assert.deepEqual(ticks, ['', '₹0', '', '₹5 L', '', '₹10 L']);
    await workbench.screenshot('coverage-value');
    await view.getByLabel('Number of invoices').check();
  });

  const barriers = (): Promise<string[]> => barriersOf(view.locator('main'));

  it('has no barrier that can be found by rules, in the dark, in the light and in high contrast', async () => {
    assert.deepEqual(await barriers(), []);
    await workbench.theme('light');
    assert.deepEqual(await barriers(), []);
    await workbench.colorTheme('Dark High Contrast', 'hc-black');
    assert.deepEqual(await barriers(), []);
    await workbench.screenshot('coverage-high-contrast');
    await workbench.colorTheme('Dark Modern', 'vs-dark');
  });

  it('chooses days by the keyboard and offers what to do with them', async () => {
    const { keyboard } = workbench.page;
    await day('2024-06-24').click();
    await keyboard.press('Shift+ArrowDown');
    await keyboard.press('Shift+ArrowRight');
    await view.locator('.bar', { hasText: '24 June 2024 to 2 July 2024, 9 days' }).waitFor();
    await keyboard.press('Enter');
    await view.getByRole('menuitem', { name: 'Verify' }).waitFor();
    await view.getByRole('menuitem', { name: 'Export' }).waitFor();
    await workbench.screenshot('coverage-menu');
    await keyboard.press('Escape');
    await view.getByRole('menuitem', { name: 'Verify' }).waitFor({ state: 'hidden' });
    // VS Code destroys the page of a view that another tab covers.
    await workbench.command('File: New Untitled Text File');
    await view.locator('.bar').waitFor({ state: 'detached' });
    await workbench.command('View: Close Editor');
    await view.locator('.bar', { hasText: '24 June 2024 to 2 July 2024, 9 days' }).waitFor();
  });

  it('backfills the days that were dragged over, and shows them as soon as they are there', async () => {
    await day('2024-05-11').dragTo(day('2024-05-20'));
    await view.locator('.bar', { hasText: '11 May 2024 to 20 May 2024, 10 days' }).waitFor();
    await view.locator('.bar').getByRole('button', { name: 'Backfill' }).click();
    await workbench.toast(/Loaded 2 invoices of .*, 11–20\sMay\s2024/).locator.waitFor({ timeout: 60_000 });
    await view.locator('[data-date="2024-05-12"][aria-label*="1 invoice, net sales ₹1,180.00, loaded"]').waitFor();
    assert.match((await day('2024-05-14').getAttribute('aria-label')) ?? '', /0 invoices, loaded$/);
    await workbench.clearToasts();
    await workbench.screenshot('coverage-loaded');
  });

  describe('Tally: Show Invoices', () => {
    const rows = () => view.locator('.rows [role="row"]');
    const focused = () => view.locator('[role="grid"] :focus');

    it('lists the invoices of the days that were chosen in the calendar, and opens one by the keyboard', async () => {
      const { keyboard } = workbench.page;
      await day('2024-05-12').click();
      await day('2024-05-13').click({ modifiers: ['Shift'] });
      await view.locator('.bar').getByRole('button', { name: 'Show Invoices' }).click();
      await view.getByRole('grid', { name: /^Invoices, 12.+13 May 2024$/ }).waitFor();
      assert.equal(await rows().count(), 2);
      assert.match(await view.locator('.totals').innerText(), /Net sales\s+2\s.*2,360\.00$/);
      assert.doesNotMatch(await view.locator('.totals').innerText(), /purchases/);
      await view.getByRole('columnheader', { name: 'Number' }).click();
      await view.locator('[aria-sort="ascending"]', { hasText: 'Number' }).waitFor();
      await keyboard.press('ArrowDown');
      await keyboard.press('ArrowDown');
      assert.equal(await focused().innerText(), 'S/2');
      await keyboard.press('Enter');
      const detail = view.getByRole('complementary', { name: 'Sales S/2' });
      await detail.getByRole('cell', { name: 'Advice' }).waitFor();
      await workbench.screenshot('invoices-opened');
      await keyboard.press('Escape');
      await detail.waitFor({ state: 'hidden' });
      assert.equal(await focused().innerText(), 'S/2', 'the focus is back');
      await keyboard.press('Shift+ArrowUp');
      await keyboard.press('ControlOrMeta+C');
      await view.getByText('2 rows copied').first().waitFor();
      let copied = '';
      while (copied === '') copied = await workbench.page.evaluate<string>('navigator.clipboard.readText()');
      assert.match(copied, /^2024-05-12\tS\/1\tSales\tAsha\t.*\t1180\.00\t\t\n2024-05-13\tS\/2\t/);
    });

    it('has a year of rows of which only those in sight are there, and filters them', async () => {
      const { keyboard } = workbench.page;
      await view.getByRole('textbox', { name: 'From' }).fill('1/4/24');
      await view.getByRole('textbox', { name: 'To' }).fill('31-03-2025');
      await keyboard.press('Enter');
      await view.getByRole('grid', { name: /^Invoices, 1 Apr 2024.+31 Mar 2025$/ }).waitFor();
      const count = Number(await view.getByRole('grid').getAttribute('aria-rowcount')) - 1;
      assert.ok(count > 5000, `${count} invoices`);
      await rows().first().locator('.number').click();
      await keyboard.press('Escape');
      await keyboard.press('Control+End');
      const last = view.locator(`[aria-rowindex="${count + 1}"]`);
      await last.filter({ hasText: 'Mar 2025' }).waitFor();
      assert.ok((await rows().count()) < 100);
      await workbench.screenshot('invoices-year');
      await view.getByLabel('Type').selectOption('Purchases and debit notes');
      await view.locator('.totals', { hasText: 'Net purchases' }).waitFor();
      await view.locator('.totals', { hasText: 'Net sales' }).waitFor({ state: 'hidden' });
      await view.getByLabel('Search').fill('s/2');
      await view.getByText('No invoice matches the filters.').first().waitFor();
      await view.getByRole('button', { name: 'Clear Filters' }).click();
      await view.locator('.totals', { hasText: 'Net sales' }).waitFor();
      await view.getByLabel('Search').fill('s/2');
      await view.getByRole('grid', { name: 'Invoices' }).and(view.locator('[aria-rowcount="2"]')).waitFor();
    });

    it('has no barrier that can be found by rules, in the dark, in the light and in high contrast', async () => {
      await rows().first().locator('.number').click();
      await view.getByRole('complementary', { name: 'Sales S/2' }).waitFor();
      assert.deepEqual(await barriers(), []);
      await workbench.theme('light');
      assert.deepEqual(await barriers(), []);
      await workbench.screenshot('invoices-light');
      await workbench.colorTheme('Dark High Contrast', 'hc-black');
      assert.deepEqual(await barriers(), []);
      await workbench.screenshot('invoices-high-contrast');
      await workbench.colorTheme('Dark Modern', 'vs-dark');
    });
  });
});
