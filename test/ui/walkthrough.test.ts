import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { openWorkbench, showFailuresAndClose, type Workbench } from './workbench.js';
import { useTally } from '../support/useTally.js';

describe('The walkthrough', () => {
  const tally = useTally({ keepsWorking: false });
  let workbench: Workbench;
  const step = (title: string): Locator =>
    workbench.page.locator('.getting-started-step').filter({ has: workbench.page.getByText(title, { exact: true }) });
  const done = (title: string): Locator => step(title).locator('.codicon-getting-started-step-checked');
  /** The pictures are drawings in a web view that follows the theme. Only the first step shows a screenshot. */
  const picture = (title: string): Locator =>
    title.startsWith('Try it')
      ? workbench.page.locator('.getting-started-media img')
      : workbench.page
          .locator('iframe.webview')
          .last()
          .contentFrame()
          .frameLocator('iframe#active-frame')
          .locator('svg');

  before(async () => {
    workbench = await openWorkbench({
      files: { '.env': `TALLY_URL=${tally.url}\n` },
      settings: { 'security.workspace.trust.enabled': false },
      viewport: { width: 1700, height: 950 },
    });
  });
  showFailuresAndClose(() => workbench);

  it('shows each step with its picture and its buttons, in the dark and in the light', async () => {
    await workbench.command('Tally: Get Started');
    const titles = [
      'Try it with an invented company',
      "Open Tally's port",
      'Choose the company',
      'Choose the warehouse',
      'Load the year',
      'Keep it up to date',
    ];
    for (const [i, title] of titles.entries()) {
      await step(title).click();
      await step(title).locator('.monaco-button').first().waitFor();
      assert.equal(await done(title).count(), 0, `${title} is done before anything was`);
      await picture(title).waitFor();
      await workbench.screenshot(`walkthrough-${i + 1}`);
    }
    await workbench.theme('light');
    await step("Open Tally's port").click();
    await picture("Open Tally's port").waitFor();
    await workbench.screenshot('walkthrough-light');
    await workbench.theme('dark');
  });

  it("does not tick off the steps for the user's own books because of the demo", async () => {
    const demo = 'Try it with an invented company';
    await step(demo).click();
    await step(demo).locator('.monaco-button', { hasText: 'Start Demo Company' }).click();
    await done(demo).waitFor();
    await workbench.clearToasts();
    await workbench.command('Tally: Check Setup');
    await workbench.toast('Tally answers').locator.waitFor();
    await workbench.clearToasts();
    await workbench.command('Tally: Stop Demo Company');
    for (const title of ["Open Tally's port", 'Choose the company', 'Choose the warehouse'])
      assert.equal(await done(title).count(), 0, title);
  });

  it("leads to where Tally's address stands, which here is .env", async () => {
    await workbench.command('Tally: Get Started');
    await step("Open Tally's port").click();
    await step("Open Tally's port").locator('.monaco-button', { hasText: 'Set Tally Address' }).click();
    const said = workbench.toast(/Tally's address is .* by TALLY_URL in \.env\. Change it there/);
    await said.locator.waitFor();
    await workbench.screenshot('walkthrough-address');
    await said.click('Open .env');
    await workbench.page.locator('.tab.active', { hasText: '.env' }).waitFor();
    await workbench.command('View: Close Editor');
    await workbench.clearToasts();
  });

  it('ticks off by itself what a check finds in order', async () => {
    await step("Open Tally's port").click();
    await step("Open Tally's port").locator('.monaco-button', { hasText: 'Check Setup' }).click();
    await workbench.toast('Tally answers').locator.waitFor();
    for (const title of ["Open Tally's port", 'Choose the company', 'Choose the warehouse'])
      await done(title).waitFor();
    assert.equal(await done('Load the year').count(), 0);
    await workbench.clearToasts();
    await workbench.screenshot('walkthrough-checked');
    const parts = [step('Try it with an invented company'), step('Keep it up to date'), picture("Open Tally's port")];
    await workbench.picture('readme/walkthrough', ...parts);
  });
});
