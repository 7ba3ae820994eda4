import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import * as vscode from 'vscode';
import { addDays, financialYearStart, today } from '../../../src/core/base/calendar.js';
import { openWarehouse } from '../../../src/core/warehouse/postgres/connect.js';
import type { Warehouse } from '../../../src/core/warehouse/warehouse.js';
import { demoCompanyGuid, demoCompanyName } from '../../../src/demo/demoNames.js';
import { dayAndMonth, rangeText } from '../../../src/core/base/countWords.js';
import { closedPort } from '../../support/closedPort.js';
import { ask, emptyDatabase, silent } from '../../support/postgres.js';
import { type Move, setSetting } from './drive.js';
import { contextKeys, parts, rows, rowsOf, storeWarehouseUrl, until, useDesk } from './shown.js';

const lastYear: Move[] = [{ choose: 'Other dates' }, { write: '2024-04-01' }, { write: '2024-10-13' }];

describe('the view Tally', function () {
  this.timeout(120_000);
  const desk = useDesk({ book: { invoices: 700, to: today() } }, async () => {
    await vscode.commands.executeCommand('tally.warehouse.focus');
  });

  /** Presses Refresh, and returns the state by which VS Code chooses a welcome view. */
  const state = async (): Promise<unknown> =>
    (
      await contextKeys(async () => {
        await vscode.commands.executeCommand('tally.refresh');
        await rows();
      })
    )['tally.warehouseState'];
  const onLock = async (work: () => Promise<void>): Promise<void> => {
    const options = {
      dbUrl: desk.databaseUrl,
      dataDir: '/nowhere',
      logger: silent,
      applicationName: 'tally-warehouse cli',
    };
    const warehouse: Warehouse = await openWarehouse(options);
    await warehouse.lockCompany(demoCompanyGuid, 'backfill');
    try {
      await work();
    } finally {
      await warehouse.close();
    }
  };
  const statusText = async (): Promise<string> => (await parts()).statusBar.item.text;

  describe('before anything is loaded', () => {
    it('offers the demo and the settings where nobody has set anything, and makes no warehouse', async () => {
      await storeWarehouseUrl('');
      await setSetting('url', undefined);
      const before = process.env.TALLY_DATA_DIR;
      const dataDir = path.join(os.tmpdir(), `desk.tally-nowhere-${process.pid}`);
      process.env.TALLY_DATA_DIR = dataDir;
      try {
        assert.equal(await state(), 'notConfigured');
        assert.deepEqual(await rows(), []);
      } finally {
        process.env.TALLY_DATA_DIR = before;
      }
      assert.equal(existsSync(dataDir), false);
    });

    it('offers to load where the warehouse is empty, and writes nothing into it', async () => {
      const empty = await emptyDatabase();
      await storeWarehouseUrl(empty);
      assert.equal(await state(), 'empty');
      assert.deepEqual(await rows(), []);
      assert.match(await statusText(), /Tally: nothing loaded$/);
      assert.deepEqual(await ask(empty, "SELECT 1 FROM pg_tables WHERE schemaname = 'public'"), []);
    });

    it('says why the warehouse cannot be reached, with what helps, and recovers by Retry', async () => {
      const port = await closedPort();
      await storeWarehouseUrl(`postgres://me:Hunter2@127.0.0.1:${port}/books`);
      assert.equal(await state(), 'unreachable');
      const { tree } = await parts();
      assert.match(tree.view.message ?? '', new RegExp(`127\\.0\\.0\\.1:${port}`));
      assert.ok(!tree.view.message?.includes('Hunter2'));
      const remedies = await rows();
      assert.deepEqual(
        remedies.map(({ label }) => label),
        ['Retry', 'Set Warehouse URL', 'Show Log'],
      );
      await storeWarehouseUrl(desk.databaseUrl);
      await vscode.commands.executeCommand(remedies[0]!.item.command!.command);
      assert.deepEqual(await rows(), []);
      assert.equal(tree.view.message, '');
    });
  });

  describe('after Sync Now', () => {
    const { from, to } = { from: financialYearStart(today()), to: today() };

    it('shows the checkpoint and the run without being asked, and the closing message has the counts', async () => {
      await desk.driver.run('tally.syncNow');
      assert.match(
        desk.driver.messages[0]!.text,
        new RegExp(`^Synced [\\d,]+ invoices of .*, ${rangeText({ from, to })}, all new, into `),
      );
      assert.equal(desk.driver.progresses[0]?.title, 'Tally: Sync');
      const [checkpoint] = await rowsOf('Checkpoints');
      assert.equal(checkpoint?.label, demoCompanyName);
      const { message } = (await parts()).tree.view;
      assert.ok(message?.startsWith(`${demoCompanyName} · `), `${message} names the company, which no setting names`);
      const [run] = await rowsOf('Recent Runs');
      assert.equal(run?.label, 'Sync');
      assert.match(run.description, /^[\d,]+ new · just now · .* · \d+\.\d s$/);
      assert.ok(run.description.includes(rangeText({ from, to })));
      assert.deepEqual(run.item.contextValue, 'run onRecord ok');
      assert.match((run.item.tooltip as vscode.MarkdownString).value, /\| Inserted \| [\d\\,]+ \|/);
    });

    it('does not ask the warehouse while it cannot be seen; the status bar knows all the same', async () => {
      const { tree } = await parts();
      await rowsOf('Recent Runs'); // the last question of the visible view has been answered
      await vscode.commands.executeCommand('workbench.view.explorer');
      await until('the view is hidden', () => !tree.view.visible);
      await setSetting('company', demoCompanyName); // else the view takes the company for the stopped demo's
      await desk.driver.run('tally.syncNow');
      await until('the status bar has what was loaded', async () => / · [\d,]+ invoices$/.test(await statusText()));
      const keys = await contextKeys(async () => {
        await desk.driver.run('tally.refresh');
        await desk.driver.run('tally.backfillRange', 'leave');
      });
      assert.equal('tally.warehouseState' in keys, false);
      assert.match(await statusText(), new RegExp(`Tally: up to ${dayAndMonth(to)} · `));
    });

    it('asks the warehouse once after several settings have changed', async () => {
      const { runner, warehouse } = await parts();
      await rowsOf('Recent Runs'); // the view has its answer
      const ask = runner.runQuietly.bind(runner);
      const asked: string[] = [];
      runner.runQuietly = (job, ...rest) => {
        asked.push(job);
        return ask(job, ...rest);
      };
      try {
        for (let times = 0; times < 3; times++) {
          warehouse.forget(); // as each changed setting does
          void warehouse.get(); // as a view with rows does
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        await rowsOf('Recent Runs');
      } finally {
        runner.runQuietly = ask;
      }
      assert.deepEqual(asked, ['status']);
    });

    it('keeps its rows, which can be acted on, until the warehouse has answered', async () => {
      await desk.driver.run('tally.syncNow');
      const before = (await rows()).map(({ label }) => label);
      assert.ok(before.includes('Checkpoints'));
      const { tree, warehouse } = await parts();
      const holder = new Client(desk.databaseUrl);
      await holder.connect();
      await holder.query('BEGIN; LOCK TABLE etl_checkpoints, etl_logs IN ACCESS EXCLUSIVE MODE');
      try {
        await vscode.commands.executeCommand('tally.refresh');
        // A run that draws its row meanwhile asks like this. If it waited for the warehouse, it would wait for ever.
        const shown = (await tree.getChildren()).map((node) => tree.getTreeItem(node).label);
        assert.deepEqual(shown, before);
      } finally {
        await holder.end();
      }
      await warehouse.get();
    });

    it('says so where VS Code does not tell which row was meant', async () => {
      await desk.driver.run('tally.checkpoint.syncNow');
      assert.match(desk.driver.messages.at(-1)!.text, /^The view was just being updated\. Choose again on the row\.$/);
    });

    it('has the run in the status bar while it is on', async () => {
      const { statusBar } = await parts();
      const texts = new Set<string>();
      desk.driver.onProgress = () => texts.add(statusBar.item.text);
      await desk.driver.run('tally.backfillRange', ...lastYear, { choose: 'Whole range' });
      assert.ok(
        [...texts].some((text) => /Tally: Backfill \d+ %$/.test(text)),
        [...texts].join('\n'),
      );
    });

    it('has a backfill among the runs while it is on, cancelled on its row and run again from it', async () => {
      await rows();
      const cancelled = new Promise<void>((resolve) => {
        desk.driver.onProgress = () => {
          desk.driver.onProgress = () => undefined;
          void rowsOf('Recent Runs').then(async ([row]) => {
            assert.deepEqual([row?.label, row?.item.contextValue], ['Backfill', 'cancellable']);
            await vscode.commands.executeCommand('tally.run.cancel', row!.node);
            resolve();
          });
        };
      });
      await Promise.all([desk.driver.run('tally.backfillRange', ...lastYear, { choose: 'Whole range' }), cancelled]);
      const [row] = await rowsOf('Recent Runs');
      assert.match(row!.description, /^cancelled · just now · /);
      await desk.driver.runOn('tally.run.runAgain', row!.node);
      const [again] = await rowsOf('Recent Runs');
      assert.match(again!.description, /^[\d,]+ new · just now · 1\sApr\D+13\sOct\s2024 · /);
      assert.match(again!.item.contextValue!, /^run (ok|warning) withText$/);
    });

    it('has the months of the company as ranges: what is loaded of one is verified by its row, and its report comes back', async () => {
      await desk.driver.run('tally.backfillRange', ...lastYear, { choose: 'Whole range' });
      const [company] = await rowsOf('Warehouse');
      const year = company!.children.find(({ label }) => label === '2024-25');
      assert.match(year!.description, /^\d+ invoices · \d+ days not loaded · sales ₹.* · purchases ₹/);
      const april = year!.children.find(({ label }) => label === 'April 2024');
      await desk.driver.runOn('tally.verifyRange', april!.node);
      assert.match(desk.driver.messages.at(-1)!.text, / 1–30\sApr\s2024/);
      const run = (await rowsOf('Recent Runs')).find(({ label }) => label === 'Verify');
      assert.match(run!.item.contextValue!, /\bwithReport\b/);
      await desk.driver.runOn('tally.run.openReport', run!.node);
      assert.match(vscode.window.activeTextEditor!.document.getText(), /^Comparison of Tally with the warehouse/);
    });

    it('loads older runs on demand', async () => {
      await desk.driver.run('tally.syncNow');
      await ask(
        desk.databaseUrl,
        `INSERT INTO etl_logs (run_id, company_id, stream_name, command, from_date, to_date, status)
         SELECT gen_random_uuid(), company_id, stream_name, command, from_date, to_date, status
         FROM etl_logs, generate_series(1, 24)`,
      );
      await desk.driver.run('tally.refresh');
      const first = await rowsOf('Recent Runs');
      assert.equal(first.length, 21);
      assert.equal(first[20]?.label, 'Load more');
      await vscode.commands.executeCommand(first[20].item.command!.command);
      assert.equal((await rowsOf('Recent Runs')).length, 25);
    });
  });

  describe('Backfill Range', () => {
    it('offers all of the books where Tally is busy too, since the warehouse knows when they begin', async () => {
      await desk.driver.run('tally.backfillRange', ...lastYear, { choose: 'Whole range' });
      await rows();
      desk.tally.behave({ fault: { kind: 'silent', on: 'companies' } });
      await desk.driver.run('tally.backfillRange', 'leave');
      assert.match(desk.driver.boxes.at(-1)?.rows[0]?.label ?? '', /^All of the books \(from 1\sApr\s2023\)$/);
    });
  });

  describe('on a checkpoint', () => {
    beforeEach(async () => {
      await desk.driver.run('tally.syncNow');
      desk.driver.messages.length = 0;
    });
    const checkpoint = async (): Promise<unknown> => (await rowsOf('Checkpoints'))[0]!.node;

    it('syncs its company', async () => {
      await setSetting('company', 'Another one');
      await desk.driver.runOn('tally.checkpoint.syncNow', await checkpoint());
      assert.match(desk.driver.messages[0]!.text, /^Synced .*nothing had changed/);
    });

    it('stays where the user does not agree, and refuses a day that does not exist or is in the future', async () => {
      const node = await checkpoint();
      const before = (await rowsOf('Checkpoints'))[0]!.description;
      await desk.driver.runOn('tally.checkpoint.reset', node, { write: '2024-03-31' });
      await desk.driver.runOn('tally.checkpoint.reset', node, { write: '2024-02-30', refused: true });
      await desk.driver.runOn('tally.checkpoint.reset', node, { write: addDays(today(), 1), refused: true });
      assert.equal(desk.driver.dialogs.length, 1);
      await desk.driver.run('tally.refresh');
      assert.equal((await rowsOf('Checkpoints'))[0]!.description, before);
    });
  });

  describe('on a run', () => {
    it('opens everything about it as a document that cannot be changed', async () => {
      await desk.driver.run('tally.syncNow');
      const [run] = await rowsOf('Recent Runs');
      await desk.driver.runOn('tally.run.showDetails', run!.node);
      const { document } = vscode.window.activeTextEditor!;
      const text = document.getText();
      assert.equal(document.uri.scheme, 'tally-text');
      const [logged] = await ask(desk.databaseUrl, 'SELECT * FROM etl_logs');
      for (const words of ['Sync 1', demoCompanyName, demoCompanyGuid, logged?.run_id, 'done'])
        assert.ok(text.includes(String(words)), `${String(words)} is not in:\n${text}`);
      assert.match(text, new RegExp(`Inserted +${Number(logged?.inserted).toLocaleString('en-IN')}\n`));
    });
  });

  describe('Clear and Reload Range', () => {
    const reload: Move[] = [...lastYear, { choose: 'Whole range' }];

    it('names range, company and what will happen, and does nothing unless agreed to', async () => {
      await setSetting('company', demoCompanyName);
      await desk.driver.run('tally.clearAndReloadRange', ...reload);
      const [dialog] = desk.driver.dialogs;
      assert.equal(dialog?.text, `Clear and reload 1\u00a0Apr\u00a0– 13\u00a0Oct\u00a02024 of “${demoCompanyName}”?`);
      assert.match(dialog.detail ?? '', /that Tally no longer has are deleted from .*127\.0\.0\.1/);
      assert.deepEqual([desk.driver.progresses, desk.driver.messages], [[], []]);
    });
  });

  describe('tally.syncEveryMinutes', () => {
    let begun = 0;
    beforeEach(async () => {
      const { schedule, statusBar } = await parts();
      schedule.minuteMs = 20;
      const begin = statusBar.begin.bind(statusBar);
      begun = 0;
      statusBar.begin = (name) => {
        begun += 1;
        return begin(name);
      };
    });
    afterEach(async () => {
      await setSetting('syncEveryMinutes', undefined);
      const { schedule, statusBar } = await parts();
      schedule.minuteMs = 60_000;
      Reflect.deleteProperty(statusBar, 'begin');
    });
    const runs = async (): Promise<number> =>
      Number((await ask(desk.databaseUrl, 'SELECT count(*)::int AS n FROM etl_logs'))[0]!.n);

    it('syncs again and again without messages, and stops when set to 0', async () => {
      await setSetting('syncEveryMinutes', 1);
      await until('two syncs are on record', async () => (await runs()) >= 2);
      await setSetting('syncEveryMinutes', 0);
      assert.deepEqual([desk.driver.messages, desk.driver.progresses], [[], []]);
      await until('the last one has ended', async () => (await runs()) === begun);
      assert.match((await rowsOf('Recent Runs'))[0]!.label, /^Sync$/);
    });

    it('keeps quiet while another window or the command line is loading', async () => {
      await onLock(async () => {
        await setSetting('syncEveryMinutes', 1);
        await until('it has tried three times', () => begun >= 3);
      });
      assert.deepEqual(desk.driver.messages, []);
    });

    it('says once that it fails, with what helps', async () => {
      await setSetting('url', `http://127.0.0.1:${await closedPort()}`);
      await setSetting('syncEveryMinutes', 1);
      await until('it has tried four times', () => begun >= 4);
      assert.deepEqual(
        desk.driver.messages.map(({ text }) => text.split(': ')[0]),
        ['The scheduled sync failed, and goes on trying'],
        desk.driver.messages.map(({ text }) => text).join('\n'),
      );
      assert.match(
        desk.driver.messages[0]!.text,
        /^The scheduled sync failed, and goes on trying: Tally cannot be reached/,
      );
      assert.deepEqual(desk.driver.messages[0]!.buttons, ['Set Tally Address', 'Retry', 'Show Log']);
    });
  });
});
