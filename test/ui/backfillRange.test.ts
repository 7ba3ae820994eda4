import assert from 'node:assert/strict';
import { useWorkbench } from './workbench.js';

describe('Tally: Backfill Range, while Tally cannot be reached', () => {
  const workbench = useWorkbench({ settings: { 'tally.url': 'http://127.0.0.1:9' } });

  it('offers ranges by name, and dates of choice last', async () => {
    const { quickInput } = workbench();
    await workbench().command('Tally: Backfill Range');
    await quickInput.expect('Other dates…');
    const items = await quickInput.items();
    assert.match(items[0]!, /^This financial year \(\d{4}-\d{2}\)$/);
    assert.equal(items.at(-1), 'Other dates…');
    await workbench().screenshot('backfill-1-range');
  });

  it('remarks on a date while it is typed, and does not take a wrong one', async () => {
    const { quickInput } = workbench();
    await quickInput.pick('Other dates…');
    await quickInput.expect('First day');
    await workbench().screenshot('backfill-2-first-day');
    await quickInput.enter('2023-02-30');
    await quickInput.expectMessage('2023-02-30 is not in the calendar');
    await workbench().screenshot('backfill-2-not-in-calendar');
    await quickInput.enter('1 April');
    await quickInput.expectMessage('is not a date');
    await workbench().screenshot('backfill-2-not-a-date');
    await quickInput.enter('2024-04-01');
    await quickInput.expect('Last day');
    await quickInput.enter('2024-03-31');
    await quickInput.expectMessage('2024-03-31 is before the first day, 2024-04-01');
    await workbench().screenshot('backfill-3-before-first-day');
    await quickInput.fill('2999-03-31');
    await quickInput.expectMessage('the range will end today');
    await workbench().screenshot('backfill-3-future');
    await quickInput.enter('2024-10-13');
  });

  it('keeps the dates given when the user goes back', async () => {
    const { quickInput } = workbench();
    await quickInput.expect('Day by day');
    await workbench().screenshot('backfill-4-mode');
    await quickInput.back();
    await quickInput.expect('Last day');
    assert.equal(await quickInput.value(), '2024-10-13');
    await quickInput.accept();
    await quickInput.expect('Day by day');
  });

  it('says that Tally cannot be reached, and what helps', async () => {
    await workbench().quickInput.pick('Day by day');
    const toast = workbench().toast('http://127.0.0.1:9');
    const buttons = await toast.buttons();
    await workbench().screenshot('backfill-unreachable');
    assert.deepEqual(buttons, ['Open Settings', 'Retry', 'Show Log']);
    await toast.click('Show Log');
    assert.match(await workbench().outputChannelText('Tally'), /\[error\] tally-unreachable: /);
    await workbench().screenshot('backfill-log');
  });
});

describe('The demo company', () => {
  const workbench = useWorkbench();

  it('is loaded into the embedded warehouse by two clicks', async () => {
    await workbench().command('Tally: Start Demo Company');
    const started = workbench().toast('is running');
    await started.text();
    await workbench().screenshot('demo-started');
    await started.click('Backfill Demo Range');
    const progress = workbench().toast(/[\d,]+ invoices · \d+ % · up to 2024-\d\d-\d\d/);
    assert.deepEqual(await progress.buttons(), ['Cancel']);
    await workbench().screenshot('backfill-progress');
    const result = workbench().toast(/Backfill 2024-04-01 to 2024-10-13: [\d,]+ invoices/);
    await result.locator.waitFor({ timeout: 90_000 });
    await workbench().screenshot('demo-backfilled');
    assert.match(await result.text(), / inserted, 0 updated, 0 unchanged\./);
  });

  it('shows in a dry run that nothing is left to load', async () => {
    const { quickInput } = workbench();
    await workbench().clearToasts();
    await workbench().command('Tally: Dry Run Range');
    await quickInput.expect('Demo range');
    await workbench().screenshot('dry-run-range');
    await quickInput.pick('Demo range');
    const result = workbench().toast('Nothing was written');
    await result.locator.waitFor({ timeout: 90_000 });
    assert.match(await result.text(), /0 to insert, 0 to update/);
    await workbench().screenshot('dry-run');
    await workbench().theme('light');
    await workbench().screenshot('dry-run-light');
  });
});
