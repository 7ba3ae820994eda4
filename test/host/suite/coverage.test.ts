import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { bookOf } from '../../support/demo/bookOf.js';
import type { CoveragePanel } from '../../../src/extension/pages/coveragePanel.js';
import { leanSale } from '../../support/leanBook.js';
import { parts, until, useDesk } from './shown.js';

describe('Show Coverage, in VS Code,', function () {
  this.timeout(120_000);
  const desk = useDesk({}, async ({ tally }) => {
    tally.behave({ book: bookOf([leanSale(1, '2024-04-05'), leanSale(2, '2024-04-09')]) });
    ({ coverage } = await parts());
  });
  let coverage: CoveragePanel;

  const shown = () => (coverage.shown?.type === 'calendar' ? coverage.shown : undefined);
  const open = async (): Promise<void> => {
    await desk.driver.run('tally.showCoverage');
    await until('the view has read the warehouse', () => shown() !== undefined);
  };
  /** Dates of the days that have an invoice. */
  const filled = () =>
    shown()
      ?.days.filter(({ byType }) => byType.length > 0)
      .map(({ date }) => date);

  it('opens one panel, which offers a backfill where the warehouse is empty', async () => {
    await open();
    assert.deepEqual(shown()!.days, []);
    assert.equal(shown()!.remedies[0]?.command, 'tally.backfillRange');
    const { panel } = coverage;
    await desk.driver.run('tally.showCoverage');
    assert.equal(coverage.panel, panel);
  });

  it('may be closed while it asks the warehouse', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): number => unhandled.push(reason);
    process.on('unhandledRejection', note);
    try {
      await desk.driver.run('tally.showCoverage');
      await until('it asks', () => coverage.asking !== undefined);
      const asking = coverage.asking;
      coverage.panel!.dispose();
      await asking;
      await open();
    } finally {
      process.off('unhandledRejection', note);
    }
    assert.deepEqual(unhandled, []);
  });

  it('marks the days that verify, started from it, found to differ', async () => {
    await desk.driver.runOn('tally.backfillRange', { from: '2024-04-05', to: '2024-04-09' });
    await open();
    desk.tally.behave({ book: bookOf([leanSale(1, '2024-04-05'), leanSale(2, '2024-04-09', 2360)]) });
    await coverage.receive({ type: 'act', action: 'verify', from: '2024-04-05', to: '2024-04-09' });
    await until('the day is marked', () => shown()!.days.find(({ date }) => date === '2024-04-09')?.differences === 1);
    assert.equal(shown()!.days.find(({ date }) => date === '2024-04-05')?.differences, 0);
  });

  it('asks nothing of the warehouse while something else is in front of it, and catches up when it comes back', async () => {
    await open();
    const before = coverage.shown;
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: 'in front' }));
    await until('it is hidden', () => coverage.panel?.visible === false);
    await desk.driver.runOn('tally.backfillRange', { from: '2024-04-05', to: '2024-04-06' });
    assert.equal(coverage.shown, before);
    await desk.driver.run('tally.showCoverage');
    await until('the day is there', () => filled()?.includes('2024-04-05') === true);
  });

  it('runs nothing but what it offers', async () => {
    await open();
    await coverage.receive({ type: 'command', command: 'workbench.action.closeAllEditors' });
    await coverage.receive({ type: 'command', command: 'toString' });
    await coverage.receive({ type: 'act', action: 'backfill', from: '2024-04-09', to: '2024-04-31' });
    assert.ok(coverage.panel);
    assert.deepEqual(desk.driver.progresses, []);
  });
});
