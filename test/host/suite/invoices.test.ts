import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { InvoicesPanel } from '../../../src/extension/pages/invoicesPanel.js';
import { demoCompanyGuid, demoCompanyName } from '../../../src/demo/book/book.js';
import { bookOf } from '../../support/demo/bookOf.js';
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

  it('says why it shows nothing, with what helps, and recovers', async () => {
    await vscode.commands.executeCommand('tally.showInvoices', { from: '2024-04-31', to: '2024-05-01' });
    await until('it says so', () => invoices.shown?.type === 'failed');
    assert.deepEqual(invoices.shown!.remedies[0]?.command, 'tally.refresh');
    await invoices.receive({ type: 'query', query: { order }, serial: 1 });
    await until('it is fine again', () => shown() !== undefined);
  });
});
