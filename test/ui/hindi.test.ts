import assert from 'node:assert/strict';
import { useWorkbench } from './workbench.js';

describe('With Hindi as the display language', () => {
  // Nothing answers there: every part of the extension has something to say of that, and says it soon.
  const env = 'TALLY_URL=http://127.0.0.1:9\nDB_URL=postgres://tally@127.0.0.1:9/tally\n';
  const workbench = useWorkbench({ language: 'hi', files: { '.env': env } });

  it('commands, messages, their buttons and the view are in Hindi', async () => {
    await workbench().openViewContainer('Tally');
    await workbench()
      .page.getByText(/^वेयरहाउस \(127\.0\.0\.1:9, डेटाबेस tally\) तक पहुँच नहीं हो पा रही है/)
      .first()
      .waitFor();
    await workbench().treeRow('वेयरहाउस URL सेट करें').waitFor();
    await workbench().command('Tally: अभी सिंक करें');
    const failed = workbench().toast('पहुँच नहीं हो पा रही है');
    await failed.locator.waitFor();
    assert.match(await failed.text(), /^वेयरहाउस .* जाँचें कि PostgreSQL चल रहा है, कि DB_URL \(\.env\) में/);
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
