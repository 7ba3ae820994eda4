import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { demoCompanyName } from '../../../src/demo/demoNames.js';
import { bookOf } from '../../support/demo/bookOf.js';
import { leanSale, voucherId } from '../../support/leanBook.js';
import { ask } from '../../support/postgres.js';
import { setSetting, type Move, type ShownMessage } from './drive.js';
import { until, useDesk } from './shown.js';

const range = { from: '2024-04-01', to: '2024-04-30' };
const dates: Move[] = [{ choose: 'Other dates' }, { write: range.from }, { write: range.to }];
const vouchers = [
  ...[1, 2, 3].map((n) => leanSale(n, '2024-04-05')),
  ...[4, 5].map((n) => leanSale(n, '2024-04-09')),
  leanSale(6, '2024-04-20'),
];

describe('Verify Range, in VS Code,', function () {
  this.timeout(120_000);
  const desk = useDesk({}, async ({ driver, tally }) => {
    tally.behave({ book: bookOf(vouchers) });
    await setSetting('streams', 'invoices'); // the demo Tally books these raw XML vouchers on no ledger
    await driver.run('tally.backfillRange', ...dates, { choose: 'Whole range' });
  });

  after(() => setSetting('streams', undefined));

  /** Changes an amount on one day and deletes an invoice on another, in the warehouse alone. */
  const changeByHand = async (): Promise<void> => {
    const change = 'UPDATE fact_invoice SET total_amount = 1181 WHERE invoice_id = $1';
    await ask(desk.databaseUrl, change, [voucherId(2)]);
    await ask(desk.databaseUrl, 'DELETE FROM fact_invoice WHERE invoice_id = $1', [voucherId(4)]);
  };
  const place = (): string => {
    const { pathname, hostname } = new URL(desk.databaseUrl);
    return `${pathname.slice(1)} on ${hostname}`;
  };
  const verify = async (): Promise<ShownMessage> => {
    const seen = desk.driver.messages.length;
    await desk.driver.runOn('tally.verifyRange', range);
    return desk.driver.messages[seen]!;
  };
  const shown = (): string => vscode.window.activeTextEditor?.document.getText() ?? '';
  const openDifferences = async (message: ShownMessage): Promise<void> => {
    message.press('Show Differences');
    await until('the document is open', () => / invoices? differs?\n/.test(shown())); // and not an earlier one
  };
  /** The actions above lines of the open document, each with the text of its line. */
  const actions = async (): Promise<{ title: string; above: string; press: () => Thenable<unknown> }[]> => {
    const { document } = vscode.window.activeTextEditor!;
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
    );
    return lenses.map(({ range: { start }, command }) => ({
      title: command!.title,
      above: document.lineAt(start.line).text,
      press: () => vscode.commands.executeCommand(command!.command, ...(command!.arguments as unknown[])),
    }));
  };

  it('says that Tally and the warehouse agree, in a message and with the totals of both', async () => {
    await desk.driver.run('tally.verifyRange', ...dates, { choose: 'Field by field' });
    const [message] = desk.driver.messages;
    assert.equal(message?.severity, 'info');
    assert.equal(
      message.text,
      `Tally and ${place()} agree: 6 invoices of ${demoCompanyName}, 1–30\u00a0Apr\u00a02024.`,
    );
    assert.deepEqual(message.buttons, ['Show Comparison']);
    assert.equal(desk.driver.progresses[0]?.title, 'Tally: Verify 1–30\u00a0Apr\u00a02024');
    message.press('Show Comparison');
    await until('the document is open', () => shown().includes('Comparison of Tally with the warehouse'));
    assert.match(shown(), /agree:\s6\sinvoices\sof/);
    assert.match(shown(), /^Sales +6 +₹7,080\.00 +6 +₹7,080\.00 +₹0\.00$/m);
    assert.deepEqual(
      (await actions()).map(({ title }) => title),
      ['Verify Again'],
    );
  });

  it('by totals goes on field by field where no sync has compared what Tally adds up, and offers both ways again', async () => {
    await desk.driver.run('tally.verifyRange', ...dates, { choose: 'By totals' });
    const [message] = desk.driver.messages;
    assert.equal(message?.severity, 'info', 'that it proves more than was asked is no warning');
    assert.match(message.text, /^Tally and .* agree: 6\sinvoices\sof /);
    message.press('Show Comparison');
    await until('the document is open', () => shown().includes('not by totals'));
    assert.deepEqual(
      (await actions()).map(({ title }) => title),
      ['Verify Again', 'Verify Field by Field'],
    );
  });

  it('tells what was changed by hand in the warehouse, by day and voucher, with both values', async () => {
    await changeByHand();
    const message = await verify();
    assert.equal(message.severity, 'warning');
    assert.equal(
      message.text,
      `2 invoices of ${demoCompanyName} differ between Tally and ${place()} on 2 days of 1–30\u00a0Apr\u00a02024: 1 missing in the warehouse, 1 different.`,
    );
    assert.deepEqual(message.buttons, ['Show Differences']);
    await openDifferences(message);
    const [, first = '', second = ''] = shown().split(/^(?=\d\u00a0Apr\u00a02024: )/m);
    assert.match(first, /^5\u00a0Apr\u00a02024: 1 invoice differs\n/);
    assert.match(first, /Different\n {2}Sales S\/2, Asha, ₹1,180\.00\n.*\n +Total amount +₹1,180\.00 +₹1,181\.00\n/);
    assert.match(second, /^9\u00a0Apr\u00a02024: 1 invoice differs\n/);
    assert.match(second, /Missing in the warehouse\n {2}Sales S\/4, Asha, ₹1,180\.00\n/);
    assert.match(shown(), /Compared on \d+\s\w{3,4}\s\d{4}, \d+:\d\d\s[ap]m/);
    assert.deepEqual(
      (await actions()).map(({ title, above }) => `${title}: ${above}`),
      [
        'Verify Again: Comparison of Tally with the warehouse, 1–30\u00a0Apr\u00a02024',
        'Reload 5–9\u00a0Apr\u00a02024: Comparison of Tally with the warehouse, 1–30\u00a0Apr\u00a02024',
        'Reload This Day: 5\u00a0Apr\u00a02024: 1 invoice differs',
        'Reload This Day: 9\u00a0Apr\u00a02024: 1 invoice differs',
      ],
    );
  });

  it('opens a comparison that differs by itself beside what the user has open, and none that agrees', async () => {
    const visible = (): string[] =>
      vscode.window.visibleTextEditors
        .filter(({ document }) => document.uri.scheme !== 'output') // without the output panel
        .map(({ document }) => document.getText());
    const typing = await vscode.workspace.openTextDocument({ content: 'typing' });
    await vscode.window.showTextDocument(typing);
    await verify();
    assert.deepEqual(visible(), ['typing']);
    await changeByHand();
    await verify();
    await until('the comparison is open', () =>
      visible().some((text) => /^Comparison .*2\sinvoices\sof\s.*differ/s.test(text)),
    );
    assert.equal(shown(), 'typing', 'the focus was taken');
    await openDifferences(await verify());
    assert.equal(visible().length, 2, 'it was opened a second time');
    assert.notEqual(shown(), 'typing');
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('reloads a day by the action above it, once the user agrees, and leaves the other days alone', async () => {
    await changeByHand();
    await openDifferences(await verify());
    const [, , reload] = await actions();
    await reload!.press();
    assert.equal(desk.driver.dialogs[0]!.text, `Clear and reload 5\u00a0Apr\u00a02024 of “${demoCompanyName}”?`);
    assert.equal(desk.driver.messages.length, 1, 'it was reloaded without consent');
    desk.driver.answers = ['Clear and Reload'];
    await reload!.press();
    assert.match(desk.driver.messages[1]!.text, /^Reloaded 3 invoices of .*, 5\u00a0Apr\u00a02024, 1 changed/);
    assert.match(shown(), /^5\u00a0Apr\u00a02024: 1 invoice differs$/m);
    const [again] = await actions();
    await again!.press();
    assert.match(desk.driver.messages[2]!.text, /^1 invoice of .* differs .* on 1 day /);
    await until('the open document is the latest', () => !shown().includes('2024-04-05:'));
    assert.match(shown(), /^9\u00a0Apr\u00a02024: 1 invoice differs$/m);
  });

  it('keeps to the books that were compared when the demo company runs meanwhile', async () => {
    await changeByHand();
    await openDifferences(await verify());
    const [, , reload] = await actions();
    await desk.driver.run('tally.startDemoCompany');
    try {
      await reload!.press();
      const place = new URL(desk.databaseUrl);
      assert.ok(desk.driver.dialogs[0]!.detail!.includes(place.pathname.slice(1)), desk.driver.dialogs[0]!.detail);
    } finally {
      await desk.driver.run('tally.stopDemoCompany');
    }
  });
});
