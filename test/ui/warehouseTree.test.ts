import assert from 'node:assert/strict';
import { useWorkbench } from './workbench.js';

describe('The view of the warehouse', () => {
  const workbench = useWorkbench();

  it('offers a newcomer what to begin with', async () => {
    await workbench().openViewContainer('Tally');
    await workbench().page.getByText('Try it with an invented company').waitFor();
    await workbench().screenshot('tree-not-configured');
    await workbench().page.locator('.monaco-button', { hasText: 'Start Demo Company' }).click();
    await workbench().toast('is running').text();
    await workbench().page.getByText('No sync is on record in this warehouse yet').waitFor();
    await workbench().clearToasts();
    await workbench().screenshot('tree-nothing-loaded');
  });

  it('shows the checkpoint and the run of a sync, in the dark and in the light', async () => {
    await workbench().page.locator('.monaco-button', { hasText: 'Sync Now' }).click();
    const done = workbench().toast(/Sync [\d-]+ to [\d-]+: [\d,]+ invoices/);
    await done.locator.waitFor({ timeout: 90_000 });
    const run = workbench().treeRow(/Sync \d+ \w+.* \d{4}/);
    await run.waitFor();
    const rows = await workbench().treeRows();
    assert.deepEqual(
      rows.filter(({ level }) => level === 1).map(({ text }) => text.replace(/\s.*/s, '')),
      ['Checkpoints', 'Recent'],
    );
    assert.ok(rows.some(({ text }) => /invoices.*\d+ \w+ \d{4} · just now · overlap 1 day/s.test(text)));
    await workbench().screenshot('tree-synced');
    await workbench().clearToasts();
    await run.click();
    await workbench().page.getByText('of etl_logs').waitFor();
    await workbench().screenshot('run-details');
    await workbench().theme('light');
    await workbench().screenshot('run-details-light');
  });

  it('asks before it replaces a range', async () => {
    const { quickInput } = workbench();
    await workbench().command('Tally: Clear and Reload Range');
    await quickInput.pick('Demo range');
    await quickInput.pick('Whole range (recommended)');
    await workbench().dialog.waitFor();
    await workbench().screenshot('clear-and-reload-light');
    assert.match(await workbench().dialog.innerText(), /Clear and reload \d{4}-\d{2}-\d{2} to \d{4}-\d{2}-\d{2}/);
    await workbench().page.keyboard.press('Escape');
  });
});

describe('The view when things go wrong', () => {
  const workbench = useWorkbench({ settings: { 'tally.url': 'http://127.0.0.1:9' } });

  it('keeps a failed sync on record, and the status bar says so', async () => {
    await workbench().openViewContainer('Tally');
    await workbench().command('Tally: Sync Now');
    await workbench().toast('cannot be reached').text();
    await workbench().clearToasts();
    await workbench()
      .treeRow(/Sync.*failed/s)
      .waitFor();
    await workbench().page.locator('.statusbar-item', { hasText: 'sync failed' }).waitFor();
    await workbench().screenshot('tree-failed');
    await workbench().theme('light');
    await workbench().screenshot('tree-failed-light');
  });
});
