import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { InvoicesPanel } from '../../../src/extension/pages/invoicesPanel.js';
import { demoCompanyGuid, demoCompanyName } from '../../../src/demo/demoNames.js';
import { bookOf } from '../../support/demo/bookOf.js';
import { freshFolder } from '../../support/exportFiles.js';
import { leanSale } from '../../support/leanBook.js';
import { parts, rowsOf, until, useDesk } from './shown.js';

describe('Show Invoices, in VS Code,', function () {
  this.timeout(120_000);
  const desk = useDesk({}, async ({ tally }) => {
    tally.behave({ book: bookOf([leanSale(1, '2024-04-05'), leanSale(2, '2024-04-09')]) });
    ({ invoices } = await parts());
  });
  let invoices: InvoicesPanel;

  const shown = () => (invoices.shown?.type === 'invoices' ? invoices.shown : undefined);
  const numbers = () => shown()?.rows.map(({ number }) => number);
  const order = { by: 'date', descending: false } as const;

  it('shows the latest year, or the days that it is called with, and follows what is loaded', async () => {
    await desk.driver.run('tally.showInvoices');
    await until('it has read the warehouse', () => shown() !== undefined);
    assert.deepEqual([shown()!.range, shown()!.remedies[0]?.command], [null, 'tally.backfillRange']);
    await desk.driver.runOn('tally.backfillRange', { from: '2024-04-05', to: '2024-04-09' });
    await until('both are there', () => numbers()?.join() === 'S/1,S/2');
    assert.deepEqual(shown()!.range, { from: '2024-04-01', to: '2025-03-31' });
    const { panel } = invoices;
    await vscode.commands.executeCommand('tally.showInvoices', { from: '2024-04-09', to: '2024-04-09' });
    await until('the day is shown', () => numbers()?.join() === 'S/2');
    assert.equal(invoices.panel, panel);
    await invoices.receive({ type: 'query', query: { order, text: 's/1' }, serial: 1 });
    await until('the text is found', () => numbers()?.join() === 'S/1');
    await invoices.receive({ type: 'copy', text: 'copied' });
    assert.equal(await vscode.env.clipboard.readText(), 'copied');
  });

  it('shows the days of a warning that needs attention, from its row and from the account of the run', async () => {
    await desk.driver.runOn('tally.backfillRange', { from: '2024-04-05', to: '2024-04-09' });
    const [row] = await rowsOf('Needs Attention');
    assert.match(row!.item.contextValue!, /\bwithDays\b/);
    await desk.driver.runOn('tally.showInvoices', row!.node);
    await until('its days are shown', () => shown()?.query.range?.to === '2024-04-09');
    assert.deepEqual([shown()!.query.range?.from, numbers()], ['2024-04-05', ['S/1', 'S/2']]);
    const { command, arguments: given = [] } = row!.item.command!;
    await vscode.commands.executeCommand(command, ...(given as unknown[]));
    const { document } = vscode.window.activeTextEditor!;
    assert.match(document.getText(), /^Warning: 2 invoices have a line on a ledger .*S\/2 of 9\sApr\s2024/ms);
    assert.deepEqual(
      document
        .getText()
        .split('\n')
        .filter((line) => line.length > 100),
      [],
    );
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
    );
    assert.deepEqual(
      lenses.map((lens) => lens.command?.title.replaceAll('\u00a0', ' ')),
      ['Show Invoices of 5 Apr 2024', 'Show Invoices of 9 Apr 2024'],
    );
    const day = { from: '2024-04-09', to: '2024-04-09' };
    assert.deepEqual(lenses[1]!.command!.arguments, [
      { ...day, inDemo: false, companyId: demoCompanyGuid, company: demoCompanyName },
    ]);
  });

  it('exports the invoices that it lists, in their order, and asks for nothing but the kind of file and the place', async () => {
    const folder = freshFolder();
    try {
      await desk.driver.runOn('tally.backfillRange', { from: '2024-04-05', to: '2024-04-09' });
      await desk.driver.run('tally.showInvoices');
      await until('both are there', () => numbers()?.length === 2);
      const act = () => invoices.receive({ type: 'act', action: 'export' });
      const exported = async (): Promise<string[]> => {
        const file = path.join(folder.path, 'list.csv');
        desk.driver.saveAs = [vscode.Uri.file(file)];
        await desk.driver.during(act, { choose: 'CSV' });
        return fs.readFileSync(file, 'utf8').match(/S\/\d/g)!;
      };
      await invoices.receive({ type: 'query', query: { order: { by: 'number', descending: true } }, serial: 1 });
      await until('the order is turned round', () => numbers()?.join() === 'S/2,S/1');
      assert.deepEqual(await exported(), ['S/2', 'S/1']);
      await invoices.receive({ type: 'query', query: { order, text: 's/1', party: 'Asha' }, serial: 2 });
      await until('the text is found', () => numbers()?.join() === 'S/1');
      assert.deepEqual(await exported(), ['S/1']);
      assert.match(desk.driver.messages.at(-1)!.text, /list\.csv: 1 row\./);
    } finally {
      folder.remove();
    }
  });

  it('lists the invoices of a figure of the summary, and runs from there nothing but what it offers', async () => {
    const { summary } = await parts();
    await desk.driver.runOn('tally.backfillRange', { from: '2024-04-05', to: '2024-04-09' });
    await desk.driver.run('tally.showSummary');
    await until('the summary is there', () => summary.shown?.type === 'summary' && summary.shown.figures !== null);
    assert.ok(summary.shown?.type === 'summary');
    const { figures } = summary.shown;
    assert.deepEqual(
      figures!.days.map(({ date, byType }) => [date, byType[0]?.invoices]).filter(([, count]) => count !== undefined),
      [
        ['2024-04-05', 1],
        ['2024-04-09', 1],
      ],
    );
    const [{ name, amount } = {}] = figures!.parties;
    const range = { from: '2024-04-01', to: '2024-04-08' };
    const filter = { types: ['sales' as const], party: name!, range: 'dropped' };
    await summary.receive({ type: 'act', action: 'invoices', ...range, filter });
    await until('the list has the one', () => numbers()?.join() === 'S/1');
    assert.deepEqual(shown()!.query, { order, companyId: shown()!.company!.id, range, types: ['sales'], party: name });
    assert.deepEqual([name, amount, shown()!.totals[0]?.total], ['Asha', '2360.00', '1180.00']);
    await summary.receive({ type: 'act', action: 'toString' as 'backfill', from: '2024-04-05', to: '2024-04-05' });
    await summary.receive({ type: 'act', action: 'backfill', from: '2024-04-09', to: '2024-04-31' });
    assert.equal(desk.driver.progresses.length, 1, 'the backfill of the beginning alone');
  });

  it('says why it shows nothing, with what helps, and recovers', async () => {
    await vscode.commands.executeCommand('tally.showInvoices', { from: '2024-04-31', to: '2024-05-01' });
    await until('it says so', () => invoices.shown?.type === 'failed');
    assert.deepEqual(invoices.shown!.remedies[0]?.command, 'tally.refresh');
    await invoices.receive({ type: 'query', query: { order }, serial: 1 });
    await until('it is fine again', () => shown() !== undefined);
  });
});
