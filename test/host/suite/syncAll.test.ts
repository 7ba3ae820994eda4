import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { createBook } from '../../../src/demo/book/book.js';
import { today } from '../../../src/core/base/calendar.js';
import { ask } from '../../support/postgres.js';
import { setSetting } from './drive.js';
import { parts, rowsOf, until, useDesk } from './shown.js';

const names = ['Asha Traders', 'Meera Exports', 'Rao & Sons'];
const books = names.map((companyName, n) =>
  createBook({
    ...{ invoices: 60, from: '2026-04-01', to: today(), companyName },
    companyGuid: `c0de0000-0000-4000-8000-00000000000${n}`,
  }),
);

describe('Sync All', function () {
  this.timeout(120_000);
  const desk = useDesk({ book: books[0]!, otherBooks: books.slice(1) });
  const chosen = (): unknown => vscode.workspace.getConfiguration('tally').inspect('companies')?.globalValue;
  const loaded = async (): Promise<unknown[]> =>
    (await ask(desk.databaseUrl, 'SELECT name FROM dim_company ORDER BY name')).map(({ name }) => name);

  it('asks which companies where none are chosen, keeps them, and syncs one after the other', async () => {
    await desk.driver.run('tally.syncAll', { tick: [names[0]!, names[2]!] });
    assert.deepEqual(chosen(), [names[0], names[2]]);
    assert.deepEqual(await loaded(), [names[0], names[2]]);
    const [saved, closing] = desk.driver.messages;
    assert.match(saved!.text, /load Asha Traders, Rao & Sons\. Saved as tally\.companies in the user settings\.$/);
    assert.equal(closing!.text, `Synced 2 companies: ${names[0]!}, ${names[2]!}.`);
    assert.deepEqual(closing!.buttons, ['Show Runs', 'Show Log']);
    const asked = desk.tally.requests.flatMap(({ company }) => company ?? []);
    assert.deepEqual(
      asked.filter((company, at) => company !== asked[at - 1]),
      [names[0], names[2]],
    );
    const progress = desk.driver.progresses.find(({ title }) => title === 'Tally: Sync All')!;
    assert.ok(progress.reports.some(({ message }) => message!.startsWith('Rao & Sons (2 of 2): ')));
  });

  it('goes on after a company that fails, which is named, needs attention, and can be tried again alone', async () => {
    await setSetting('companies', [names[0], 'Kamal Stores', names[1]]);
    await desk.driver.run('tally.syncAll');
    const closing = desk.driver.messages.at(-1)!;
    assert.equal(closing.severity, 'warning');
    const reason = '“Kamal Stores” is not open in Tally. Open now: ';
    const ended = `Synced 2 companies: ${names[0]!}, ${names[1]!}. 1 failed: Kamal Stores. ${reason}`;
    assert.ok(closing.text.startsWith(ended), closing.text);
    assert.deepEqual(closing.buttons, ['Show Runs', 'Retry', 'Show Log']);
    await vscode.commands.executeCommand('tally.warehouse.focus');
    const attention = await rowsOf('Needs Attention');
    assert.deepEqual(
      attention.map(({ description }) => description.split(' · ').slice(0, 2)),
      [['Kamal Stores', 'failed: company not open in Tally']],
    );
    const runs = (await rowsOf('Recent Runs')).map(({ description }) => description.split(' · ')[0]);
    // In any order, because they may have begun within the same second.
    assert.deepEqual(runs.sort(), [names[0], 'Kamal Stores', names[1]]);

    desk.tally.requests.length = 0;
    const again = await desk.driver.press('Retry');
    assert.ok(again.text.startsWith(`The sync of Kamal Stores failed. ${reason}`), again.text);
    assert.deepEqual(
      desk.tally.requests.flatMap(({ company }) => company ?? []),
      [],
    );
  });

  it('is what the schedule runs where companies are chosen: one that fails is said once, and stops no other', async () => {
    await setSetting('companies', ['Kamal Stores', names[1]]);
    const { schedule, statusBar } = await parts();
    // Not faster, or VS Code could not finish writing a setting between two syncs.
    schedule.minuteMs = 2000;
    try {
      await setSetting('syncEveryMinutes', 1);
      await until('the failure is said', () => desk.driver.messages.length > 0);
      const message = desk.driver.messages[0]!;
      assert.match(
        message.text,
        /^The scheduled sync failed, .*: Synced 1 company: Meera Exports\. 1 failed: Kamal Stores\. “Kamal Stores” is not open in Tally/,
      );
      assert.deepEqual(message.buttons, ['Show Runs', 'Retry', 'Show Log']);
      await until('it has run again', async () => {
        const [row] = await ask(desk.databaseUrl, "SELECT count(*)::int AS n FROM etl_logs WHERE status = 'ok'");
        return (row!.n as number) >= 2;
      });
      assert.equal(desk.driver.messages.length, 1);
      // Not during a sync, as the next one is planned when it ends.
      await until('the bar says when it runs next', () =>
        JSON.stringify(statusBar.item.tooltip).includes('Next scheduled sync: '),
      );
    } finally {
      schedule.minuteMs = 60_000;
      await setSetting('syncEveryMinutes', undefined);
    }
  });

  it('has its companies from Select Company, where the one company stays', async () => {
    await setSetting('company', names[1]);
    await desk.driver.run('tally.selectCompany', { choose: 'Several Companies' }, { tick: [names[1]!] });
    assert.deepEqual(chosen(), [names[1]]);
    assert.equal(vscode.workspace.getConfiguration('tally').get('company'), names[1]);
    assert.deepEqual(desk.driver.messages.at(-1)?.buttons, ['Sync All']);
    const synced = await desk.driver.press('Sync All');
    assert.equal(synced.text, `Synced 1 company: ${names[1]!}.`);
  });
});
