import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { useWorkbench } from './workbench.js';
import { nightly } from '../support/fullTable.js';

describe('With Hindi as the display language', () => {
  // Nothing answers at these addresses, so every part of the extension soon shows an error.
  const env = 'TALLY_URL=http://127.0.0.1:9\nDB_URL=postgres://tally@127.0.0.1:9/tally\n';
  const workbench = useWorkbench({ language: 'hi', files: { '.env': env } });

  it('commands, messages, their buttons and the view are in Hindi', async () => {
    await workbench().openViewContainer('Tally');
    await workbench()
      .page.getByText(/^वेयरहाउस \(127\.0\.0\.1:9, डेटाबेस tally\) तक पहुँच नहीं हो पा रही है/)
      .first()
      .waitFor();
    await workbench().treeRow('सेट-अप जाँचें').waitFor(); // offered, because an address in .env is wrong
    await workbench().command('Tally: अभी सिंक करें');
    const failed = workbench().toast('पहुँच नहीं हो पा रही है');
    await failed.locator.waitFor();
    assert.match(await failed.text(), /^वेयरहाउस .*\)। जाँचें कि PostgreSQL चल रहा है, कि DB_URL \(\.env\) में/);
    await workbench().screenshot('hindi-failed');
    assert.deepEqual(await failed.buttons(), ['.env खोलें', 'फिर कोशिश करें', 'लॉग दिखाएँ']);
    await failed.click('लॉग दिखाएँ');
    await workbench().page.locator('.part.panel .monaco-editor').first().waitFor();
    await workbench().clearToasts();
  });

  it('so is the page of the coverage', async () => {
    await workbench().command('Tally: कवरेज दिखाएँ');
    const view = workbench().page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
    await view.getByText('वेयरहाउस दिखाया नहीं जा सका').first().waitFor();
    await workbench().screenshot('hindi-coverage');
  });
});

describe('The demo in Hindi', function () {
  this.timeout(240_000);
  const workbench = useWorkbench({ language: 'hi', viewport: { width: 1280, height: 800 } });
  const page = () =>
    workbench().page.locator('iframe.webview.ready').last().contentFrame().frameLocator('iframe#active-frame');
  /** Asserts that headings, labels and buttons are in Hindi, except for names, figures and the words in `stays`. */
  const assertHindi = async (part: Locator): Promise<void> => {
    const words = part.locator(
      'caption, legend, label > :not(select), button:not(.figure), .hint, [role="columnheader"], thead th, dt',
    );
    // The page gets its rows after its heading, so the first words are awaited.
    await words.first().waitFor();
    const texts = await words.allInnerTexts();
    const stays = [/Tally|PostgreSQL|VS Code|[CSI]?GST(IN)?|HSN|Shift|Enter|F10|optional/g];
    const left = texts.map((text) => stays.reduce((rest, one) => rest.replace(one, ''), text));
    assert.deepEqual(
      left.filter((text) => /[A-Za-z]{2}/.test(text)),
      [],
    );
  };

  nightly('is loaded, and its view, summary, coverage and invoices are in Hindi', async () => {
    await workbench().openViewContainer('Tally');
    await workbench().page.locator('.welcome-view-content .monaco-button').first().waitFor();
    await workbench().screenshot('hindi-1-welcome');
    await workbench().command('Tally: डेमो कंपनी शुरू करें');
    const started = workbench().toast('चल रही है');
    await started.locator.waitFor({ timeout: 60_000 });
    await workbench().screenshot('hindi-2-started');
    await started.click('डेमो अवधि बैकफ़िल करें');
    const done = workbench().toast(/लोड किए गए|लोड हुए|लोड किए/);
    await done.locator.waitFor({ timeout: 120_000 });
    await workbench()
      .treeRow(/2024-25.*इनवॉइस/s)
      .waitFor();
    await workbench().screenshot('hindi-3-loaded');
    await done.click('सारांश दिखाएँ');
    await page().locator('h1', { hasText: 'सारांश' }).waitFor();
    await page().locator('h2', { hasText: 'कैलेंडर' }).waitFor();
    await workbench().clearToasts();
    await workbench().screenshot('hindi-4-summary');
    await assertHindi(page().locator('main'));
    await workbench().command('Tally: कवरेज दिखाएँ');
    await page().locator('section').first().waitFor();
    await workbench().screenshot('hindi-5-coverage');
    await assertHindi(page().locator('main'));
    await workbench().command('Tally: इनवॉइस दिखाएँ');
    await page().locator('h1', { hasText: 'के इनवॉइस' }).waitFor();
    await workbench().screenshot('hindi-6-invoices');
    await assertHindi(page().locator('main'));
    await page().locator('.rows [role="row"]').first().locator('.number').click();
    await page().getByRole('complementary').waitFor();
    await workbench().screenshot('hindi-7-invoice');
    await assertHindi(page().getByRole('complementary'));
  });
});
