import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Worker as WorkerType } from 'node:worker_threads';
import * as vscode from 'vscode';
import { Client } from 'pg';
import { financialYearStart, today } from '../../../src/core/base/calendar.js';
import { startDemoServer, type DemoServer } from '../../../src/demo/server.js';
import { ask, freshDatabase } from '../../support/postgres.js';
import { Driver, setSetting, type Move } from './drive.js';
import { parts, rowsOf, until } from './shown.js';

const limitMs = 2000;
const book = { invoices: 400, from: '2024-04-01', to: '2024-07-31' };
const range: Move[] = [
  { choose: 'Other dates' },
  { write: '2024-04-01' },
  { write: '2024-06-30' },
  { choose: 'Whole range' },
];

/** Keeps count of the threads of this process: a job runs in one. */
function watchThreads(): { running: () => number; release: () => void } {
  const threads = process.getBuiltinModule('node:worker_threads') as { Worker: typeof WorkerType };
  const original = threads.Worker;
  const running = new Set<WorkerType>();
  threads.Worker = class extends original {
    constructor(...given: ConstructorParameters<typeof WorkerType>) {
      super(...given);
      running.add(this);
      this.once('exit', () => running.delete(this));
    }
  };
  return {
    running: () => running.size,
    release: () => {
      threads.Worker = original;
    },
  };
}

describe('Cancel, in VS Code,', function () {
  this.timeout(120_000);
  let driver: Driver;
  let tally: DemoServer;
  let databaseUrl: string;
  let threads: ReturnType<typeof watchThreads>;

  before(async () => {
    tally = await startDemoServer({ book, keepsWorking: false, dayBook: 'honours-dates' });
  });
  after(() => tally.close());
  beforeEach(async () => {
    driver = new Driver();
    databaseUrl = await freshDatabase();
    tally.behave({ fault: { kind: 'none' }, onRequest: undefined });
    await setSetting('url', tally.url);
    await driver.run('tally.setWarehouseUrl', { write: databaseUrl });
    driver.messages.length = 0;
    threads = watchThreads();
  });
  afterEach(async () => {
    threads.release();
    await driver.run('tally.setWarehouseUrl', { write: '' });
    await setSetting('url', undefined);
    driver.release();
  });

  const count = async (): Promise<number> =>
    Number((await ask(databaseUrl, 'SELECT count(*) AS n FROM fact_invoice'))[0]!.n);

  /** Starts a command, presses Cancel when `reached`, and gives the message that it ends with. */
  async function cancelled(reached: Promise<unknown>, command: string, ...moves: Move[]): Promise<string> {
    let press: (() => void) | undefined;
    driver.onProgress = (_, cancel) => (press = cancel);
    const ended = driver.run(command, ...moves);
    await reached;
    await until('the notification is there', () => press !== undefined);
    assert.equal(driver.messages.length, 0, driver.messages[0]?.text);
    const pressed = performance.now();
    press!();
    await ended;
    const took = Math.round(performance.now() - pressed);
    assert.equal(driver.messages.length, 1);
    const [message] = driver.messages;
    assert.equal(message?.severity, 'info', message?.text);
    assert.match(message.text, /^Cancelled\./);
    assert.ok(took < limitMs, `It took ${took} ms to end.`);
    await until('the thread of the job is gone', () => threads.running() === 0);
    return message.text;
  }

  /** Resolves a moment after the n-th request of a kind. */
  const asked = (wanted: 'report' | 'collection', n: number): Promise<void> =>
    new Promise((resolve) => {
      let requests = 0;
      tally.behave({
        onRequest: ({ kind }) => {
          if (kind === wanted && ++requests === n) setTimeout(resolve, 200);
        },
      });
    });

  for (const [what, kind, on, wanted] of [
    ['is silent from the first question on', 'silent', 'companies', 'collection'],
    ['is silent when asked for the report', 'silent', 'report', 'report'],
    ['has stopped in mid-answer', 'stall', 'report', 'report'],
  ] as const)
    it(`ends a backfill within two seconds while Tally ${what}`, async () => {
      tally.behave({ fault: { kind, on, afterBytes: 100_000 } });
      await cancelled(asked(wanted, 1), 'tally.backfillRange', ...range);
    });

  it('keeps the months that were loaded, and the message says which', async () => {
    tally.behave({ fault: { kind: 'silent', on: 'report', after: 2 } });
    const text = await cancelled(asked('report', 3), 'tally.backfillRange', ...range);
    const [, invoices] = /Loaded before that, and kept: (\d+) invoices of 2024-04-\d\d to 2024-05-\d\d\. /.exec(text)!;
    assert.equal(await count(), Number(invoices));
    tally.behave({ fault: { kind: 'none' } });
    await driver.run('tally.backfillRange', ...range);
    assert.match(driver.messages[1]!.text, new RegExp(` ${invoices} unchanged\\.`));
  });

  it('leaves a sync on record as cancelled, in the view and the status bar too', async () => {
    tally.behave({ fault: { kind: 'silent', on: 'vouchers' } });
    await vscode.commands.executeCommand('tally.warehouse.focus');
    const listed = new Promise<void>((resolve) => {
      tally.behave({
        onRequest: ({ from }) => {
          if (from === financialYearStart(today())) setTimeout(resolve, 200);
        },
      });
    });
    await cancelled(listed, 'tally.syncNow');
    const logs = await ask(databaseUrl, 'SELECT status, error_code FROM etl_logs');
    assert.deepEqual(logs, [{ status: 'cancelled', error_code: 'cancelled' }]);
    assert.match((await rowsOf('Recent Runs'))[0]!.description, /^cancelled/);
  });

  it('ends a backfill within two seconds while another program holds a table of the warehouse', async () => {
    await driver.run(
      'tally.backfillRange',
      ...range.slice(0, 1),
      { write: '2024-04-01' },
      { write: '2024-04-01' },
      ...range.slice(3),
    );
    driver.messages.length = 0;
    const before = await count();
    const other = new Client(databaseUrl);
    await other.connect();
    try {
      await other.query('BEGIN; LOCK TABLE fact_invoice');
      const waits = async (): Promise<void> => {
        const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
        await until('it waits', async () => (await ask(databaseUrl, waiting)).length > 0);
      };
      // Begun after the command: it is what waits.
      await cancelled(new Promise((resolve) => setTimeout(resolve, 300)).then(waits), 'tally.backfillRange', ...range);
    } finally {
      await other.end();
    }
    assert.equal(await count(), before);
  });

  it('ends the first set-up of the embedded warehouse within two seconds, and the next run makes it', async () => {
    const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'tally-cancel-'));
    fs.chmodSync(dataDir, 0o755); // as root the embedded PostgreSQL runs under another account
    const before = process.env.TALLY_DATA_DIR;
    const { runner } = await parts();
    const { stayMs } = runner;
    runner.stayMs = 0;
    await driver.run('tally.setWarehouseUrl', { write: '' });
    driver.messages.length = 0;
    process.env.TALLY_DATA_DIR = dataDir;
    try {
      const begun = until('it is being set up', () => fs.existsSync(path.join(dataDir, 'embedded.new')));
      await cancelled(begun, 'tally.syncNow');
      assert.equal(fs.existsSync(path.join(dataDir, 'embedded')), false);
      await driver.run('tally.syncNow');
      assert.match(driver.messages[1]!.text, /^Sync /);
    } finally {
      process.env.TALLY_DATA_DIR = before;
      await driver.run('tally.refresh');
      await until('no job uses the folder', () => threads.running() === 0);
      runner.stayMs = stayMs;
      fs.rmSync(dataDir, { recursive: true, force: true });
    }
  });
});
