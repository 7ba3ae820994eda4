import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { today } from '../../../src/core/base/calendar.js';
import { demoCompanyName } from '../../../src/demo/demoNames.js';
import { bookOf } from '../../support/demo/bookOf.js';
import { closedPort } from '../../support/closedPort.js';
import { leanSale, unreadableSale, voucherId } from '../../support/leanBook.js';
import { channelText, type Move } from './drive.js';
import { rowsOf, storeWarehouseUrl, until, useDesk } from './shown.js';

const day = '2024-05-02';
const range: Move[] = [
  { choose: 'Other dates' },
  { write: '2024-05-01' },
  { write: '2024-05-31' },
  { choose: 'Whole range' },
];

describe('vouchers that cannot be read, in VS Code,', function () {
  this.timeout(120_000);
  const book = bookOf([leanSale(1, day), unreadableSale(2, day), unreadableSale(3, today())]);
  const desk = useDesk({}, async ({ tally }) => {
    tally.behave({ book });
    await vscode.commands.executeCommand('tally.warehouse.focus');
  });

  const shown = (): string => vscode.window.activeTextEditor?.document.getText() ?? '';
  const rejectsRow = async () => (await rowsOf('Needs Attention')).find(({ label }) => label === 'Rejected vouchers');

  it('are counted by the closing message, whose button opens the list: what, why and what to do', async () => {
    await desk.driver.run('tally.backfillRange', ...range);
    const [message] = desk.driver.messages;
    assert.equal(message?.severity, 'warning');
    assert.match(message.text, /not loaded: 1 voucher\. Show Rejected Vouchers says which and why\./);
    assert.deepEqual(message.buttons, ['Show Rejected Vouchers', 'Show Summary', 'Show Log']);
    message.press('Show Rejected Vouchers');
    await until('the list is open', () => shown().startsWith('1 voucher could not be read'));
    for (const words of [
      demoCompanyName,
      'of 2 May 2024',
      'AMOUNT: ledger "Asha": not an amount in rupees: "ten"',
      'enter the amount of this line again',
      `Run “Tally: Backfill Range” for 2 May 2024.`,
      `<GUID>${voucherId(2)}</GUID>`,
    ])
      assert.ok(shown().replace(/\s+/g, ' ').includes(words), `${words} is not in:\n${shown()}`);
    assert.notEqual(vscode.window.activeTextEditor?.document.uri.scheme, 'untitled');
    await channelText('Tally', 'tally.showLog', /Rejected +1 .*: the command Tally: Show Rejected Vouchers/);
  });

  it('are counted in the view until they can be read, also before the first sync', async () => {
    await desk.driver.run('tally.backfillRange', ...range);
    const row = await rejectsRow();
    assert.equal(row?.description, '1 voucher could not be read');
    assert.equal(row.item.contextValue, 'rejects');
    await vscode.commands.executeCommand(row.item.command!.command);
    await until('the list is open', () => shown().startsWith('1 voucher could not be read'));
    desk.tally.behave({ book: bookOf([leanSale(1, day), leanSale(2, day, 99)]) });
    await desk.driver.run('tally.backfillRange', ...range);
    assert.equal(await rejectsRow(), undefined);
    await desk.driver.run('tally.showRejects');
    await until('the open list says the latest', () => shown().startsWith('No rejected vouchers'));
  });

  it('are listed in the details of their run, up to a limit, and no longer when they have been read', async () => {
    const many = Array.from({ length: 23 }, (_, i) => unreadableSale(100 + i, today()));
    desk.tally.behave({ book: bookOf([leanSale(1, today()), ...many]) });
    await desk.driver.run('tally.syncNow');
    const details = async (): Promise<string> => {
      await desk.driver.runOn('tally.run.showDetails', (await rowsOf('Recent Runs')).at(-1)!.node);
      return shown();
    };
    const before = await details();
    assert.equal(before.match(/^- Sales .*: AMOUNT: ledger "Asha"/gm)?.length, 20, before);
    assert.match(before, /… and 3 more\./);
    assert.match(before, /enter the amount of this line\s+again/);
    desk.tally.behave({ book: bookOf([leanSale(1, today()), ...many.map((_, i) => leanSale(100 + i, today(), 99))]) });
    await desk.driver.run('tally.syncNow');
    await desk.driver.runOn('tally.run.showDetails', (await rowsOf('Recent Runs')).at(-1)!.node);
    await until('the details say the latest', () => shown().includes('This run has no rejected vouchers left'));
  });

  it('cannot be listed when the warehouse does not answer, but the rest of the run is still shown', async () => {
    await desk.driver.run('tally.syncNow');
    const { node } = (await rowsOf('Recent Runs'))[0]!;
    await storeWarehouseUrl(`postgres://me@127.0.0.1:${await closedPort()}/books`);
    await desk.driver.runOn('tally.run.showDetails', node);
    assert.match(shown(), /What was rejected cannot be shown now: /);
    assert.match(shown(), /of etl_logs/);
  });
});
