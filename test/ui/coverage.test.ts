import assert from 'node:assert/strict';
import axe from 'axe-core';
import type { FrameLocator } from 'playwright-core';
import { addDays, today } from '../../src/core/base/calendar.js';
import { bookOf } from '../support/demo/bookOf.js';
import { fillCalendar, markDays, prepareWarehouse } from '../support/filledCalendar.js';
import { leanSale } from '../support/leanBook.js';
import { freshDatabase } from '../support/postgres.js';
import { openWorkbench, showFailuresAndClose, type Workbench } from './workbench.js';
import { useTally } from '../support/useTally.js';

describe('Tally: Show Coverage', () => {
  const tally = useTally({
    keepsWorking: false,
    book: bookOf([leanSale(1, '2024-05-12'), leanSale(2, '2024-05-13')]),
  });
  let workbench: Workbench;
  let view: FrameLocator;
  const day = (date: string) => view.locator(`[data-date="${date}"]`);

  before(async () => {
    const url = await freshDatabase();
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

  it('shows the figures of a day under the mouse', async () => {
    await workbench.command('Tally: Show Coverage');
    await view.locator('section').first().waitFor();
    await workbench.screenshot('coverage-dark');
    await workbench.picture('coverage-dark');
    await workbench.theme('light');
    await workbench.screenshot('coverage-light');
    await workbench.picture('coverage-light');
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

  /** What a person who cannot see or point would stumble over, by axe-core's rules. */
  const barriers = async (): Promise<string[]> => {
    const main = await view.locator('main').elementHandle();
    const frame = await main.ownerFrame();
    await frame!.evaluate(axe.source);
    const { violations } = await frame!.evaluate<Pick<axe.AxeResults, 'violations'>>(
      'axe.run(document, { resultTypes: ["violations"] })',
    );
    return violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .map(({ html }) => html)
          .slice(0, 3)
          .join(' ')}`,
    );
  };

  const chooseTheme = async (name: string): Promise<void> => {
    await workbench.command('Preferences: Color Theme');
    await workbench.quickInput.fill(name);
    await workbench.quickInput.pick(name);
  };

  it('has no barrier that can be found by rules, in the dark, in the light and in high contrast', async () => {
    assert.deepEqual(await barriers(), []);
    await workbench.theme('light');
    assert.deepEqual(await barriers(), []);
    await chooseTheme('Dark High Contrast');
    await workbench.page.locator('.monaco-workbench.hc-black').waitFor();
    assert.deepEqual(await barriers(), []);
    await workbench.screenshot('coverage-high-contrast');
    await chooseTheme('Dark Modern');
    await workbench.page.locator('.monaco-workbench.vs-dark').waitFor();
  });

  it('chooses days by the keyboard and offers what to do with them', async () => {
    const { keyboard } = workbench.page;
    await day('2024-06-24').click();
    await keyboard.press('Shift+ArrowDown');
    await keyboard.press('Shift+ArrowRight');
    await view.locator('.bar', { hasText: '24 June 2024 to 2 July 2024, 9 days' }).waitFor();
    await keyboard.press('Enter');
    await view.getByRole('menuitem', { name: 'Verify' }).waitFor();
    await view.getByRole('menuitem', { name: 'Export…' }).waitFor();
    await workbench.screenshot('coverage-menu');
    await keyboard.press('Escape');
    await view.getByRole('menuitem', { name: 'Verify' }).waitFor({ state: 'hidden' });
    // A view that another tab covers is taken apart.
    await workbench.command('File: New Untitled Text File');
    await view.locator('.bar').waitFor({ state: 'detached' });
    await workbench.command('View: Close Editor');
    await view.locator('.bar', { hasText: '24 June 2024 to 2 July 2024, 9 days' }).waitFor();
  });

  it('backfills the days that were dragged over, and shows them as soon as they are there', async () => {
    await day('2024-05-11').dragTo(day('2024-05-20'));
    await view.locator('.bar', { hasText: '11 May 2024 to 20 May 2024, 10 days' }).waitFor();
    await view.locator('.bar').getByRole('button', { name: 'Backfill' }).click();
    await workbench.toast('Backfill 2024-05-11 to 2024-05-20: 2 invoices —').locator.waitFor({ timeout: 60_000 });
    await view.locator('[data-date="2024-05-12"][aria-label*="1 invoice, net sales ₹1,180.00, loaded"]').waitFor();
    assert.match((await day('2024-05-14').getAttribute('aria-label')) ?? '', /0 invoices, loaded$/);
    await workbench.clearToasts();
    await workbench.screenshot('coverage-loaded');
  });
});
