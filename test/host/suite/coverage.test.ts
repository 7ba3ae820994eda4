import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { demoCompanyName } from '../../../src/demo/book/book.js';
import { bookOf } from '../../support/demo/bookOf.js';
import { startDemoServer, type DemoServer } from '../../../src/demo/server.js';
import type { CoveragePanel } from '../../../src/extension/pages/coveragePanel.js';
import { leanSale } from '../../support/leanBook.js';
import { freshDatabase } from '../../support/postgres.js';
import { Driver, setSetting } from './drive.js';
import { parts, until } from './shown.js';

describe('Show Coverage, in VS Code,', function () {
  this.timeout(120_000);
  let driver: Driver;
  let tally: DemoServer;
  let coverage: CoveragePanel;

  before(async () => {
    tally = await startDemoServer({ keepsWorking: false });
    ({ coverage } = await parts());
  });
  after(() => tally.close());
  beforeEach(async () => {
    driver = new Driver();
    tally.behave({ book: bookOf([leanSale(1, '2024-04-05'), leanSale(2, '2024-04-09')]), fault: { kind: 'none' } });
    await setSetting('url', tally.url);
    await driver.run('tally.setWarehouseUrl', { write: await freshDatabase() });
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await driver.run('tally.setWarehouseUrl', { write: '' });
    await setSetting('url', undefined);
    driver.release();
  });

  const shown = () => (coverage.shown?.type === 'calendar' ? coverage.shown : undefined);
  const open = async (): Promise<void> => {
    await driver.run('tally.showCoverage');
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
    await driver.run('tally.showCoverage');
    assert.equal(coverage.panel, panel);
  });

  it('may be closed while it asks the warehouse', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): number => unhandled.push(reason);
    process.on('unhandledRejection', note);
    try {
      await driver.run('tally.showCoverage');
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

  it('follows a run that is started from it, without being opened again', async () => {
    await driver.runOn('tally.backfillRange', { from: '2024-04-05', to: '2024-04-06' });
    await open();
    assert.equal(shown()!.company?.name, demoCompanyName);
    assert.deepEqual(filled(), ['2024-04-05']);
    await coverage.receive({ type: 'act', action: 'backfill', from: '2024-04-09', to: '2024-04-09' });
    await until('the new day is there', () => filled()?.includes('2024-04-09') === true);
  });

  it('marks the days that verify, started from it, found to differ', async () => {
    await driver.runOn('tally.backfillRange', { from: '2024-04-05', to: '2024-04-09' });
    await open();
    tally.behave({ book: bookOf([leanSale(1, '2024-04-05'), leanSale(2, '2024-04-09', 2360)]) });
    await coverage.receive({ type: 'act', action: 'verify', from: '2024-04-05', to: '2024-04-09' });
    await until('the day is marked', () => shown()!.days.find(({ date }) => date === '2024-04-09')?.differences === 1);
    assert.equal(shown()!.days.find(({ date }) => date === '2024-04-05')?.differences, 0);
  });

  it('asks nothing of the warehouse while something else is in front of it, and catches up when it comes back', async () => {
    await open();
    const before = coverage.shown;
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: 'in front' }));
    await until('it is hidden', () => coverage.panel?.visible === false);
    await driver.runOn('tally.backfillRange', { from: '2024-04-05', to: '2024-04-06' });
    assert.equal(coverage.shown, before);
    await driver.run('tally.showCoverage');
    await until('the day is there', () => filled()?.includes('2024-04-05') === true);
  });

  it('runs nothing but what it offers', async () => {
    await open();
    await coverage.receive({ type: 'command', command: 'workbench.action.closeAllEditors' });
    await coverage.receive({ type: 'command', command: 'toString' });
    await coverage.receive({ type: 'act', action: 'backfill', from: '2024-04-09', to: '2024-04-31' });
    assert.ok(coverage.panel);
    assert.deepEqual(driver.progresses, []);
  });
});
