import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Worker as WorkerType } from 'node:worker_threads';
import * as vscode from 'vscode';
import { bookOf } from '../../support/demo/bookOf.js';
import { leanSale, oddSale } from '../../support/leanBook.js';
import { type Move, setSetting } from './drive.js';
import { parts, rowsOf, storeWarehouseUrl, until, useDesk } from './shown.js';

const limitMs = 2000;
const book = { invoices: 100, from: '2024-04-01', to: '2024-07-31' };
const range: Move[] = [
  { choose: 'Other dates' },
  { write: '2024-04-01' },
  { write: '2024-06-30' },
  { choose: 'Whole range' },
];

/** Lists the threads of this process by name: a job runs in a thread of its own, and the views share one. */
function watchThreads(): { running: () => string[]; release: () => void } {
  const threads = process.getBuiltinModule('node:worker_threads') as { Worker: typeof WorkerType };
  const original = threads.Worker;
  const running = new Map<WorkerType, string>();
  threads.Worker = class extends original {
    constructor(...given: ConstructorParameters<typeof WorkerType>) {
      super(...given);
      running.set(this, given[1]?.name ?? '');
      this.once('exit', () => running.delete(this));
    }
  };
  return {
    running: () => [...running.values()],
    release: () => {
      threads.Worker = original;
    },
  };
}

describe('Cancel, in VS Code,', function () {
  this.timeout(120_000);
  const desk = useDesk({ book, dayBook: 'honours-dates' });
  let threads: ReturnType<typeof watchThreads>;
  beforeEach(() => {
    threads = watchThreads();
  });
  afterEach(() => {
    threads.release();
  });

  /**
   * Starts a command and presses Cancel when `reached` has resolved. Asserts that the command ends in time, and returns
   * its message.
   */
  async function cancelled(
    reached: Promise<unknown>,
    command: string,
    moves: Move[],
    severity: 'info' | 'warning' = 'info',
  ): Promise<string> {
    let press: (() => void) | undefined;
    desk.driver.onProgress = (_, cancel) => (press = cancel);
    const ended = desk.driver.run(command, ...moves);
    await reached;
    await until('the notification is there', () => press !== undefined);
    assert.equal(desk.driver.messages.length, 0, desk.driver.messages[0]?.text);
    const pressed = performance.now();
    press!();
    await ended;
    const took = Math.round(performance.now() - pressed);
    assert.equal(desk.driver.messages.length, 1);
    const [message] = desk.driver.messages;
    assert.equal(message?.severity, severity, message?.text);
    assert.match(message.text, /^Cancelled\./);
    assert.ok(took < limitMs, `It took ${took} ms to end.`);
    await until('the thread of the job is gone', () => threads.running().every((name) => name === 'tally view'));
    return message.text;
  }

  // test/failures/cancel.test.ts cancels at all other moments.
  it('ends a backfill within two seconds while Tally has stopped in mid-answer', async () => {
    desk.tally.behave({ fault: { kind: 'stall', on: 'report', afterBytes: 100_000 } });
    const asked = new Promise((resolve) => {
      desk.tally.behave({
        onRequest: ({ kind }) => {
          if (kind === 'report') setTimeout(resolve, 200);
        },
      });
    });
    await cancelled(asked, 'tally.backfillRange', range);
  });

  it('keeps what a backfill had warned of: in its message, its report, and among what needs attention', async () => {
    const sales = [oddSale(1, '2024-04-05'), leanSale(2, '2024-05-07')];
    desk.tally.behave({ book: bookOf(sales), fault: { kind: 'silent', on: 'report', after: 1 } });
    await setSetting('report', 'day-book');
    let reports = 0;
    const asked = new Promise((resolve) => {
      desk.tally.behave({
        onRequest: ({ kind }) => {
          if (kind === 'report' && ++reports === 2) setTimeout(resolve, 200);
        },
      });
    });
    try {
      const text = await cancelled(asked, 'tally.backfillRange', range, 'warning');
      assert.match(text, /Kept: 1 invoice, 5\sApr\s2024\. .*1 invoice does not add up .*S\/1/);
      const [concern] = (await rowsOf('Needs Attention')).filter(({ node }) => node.kind === 'concern');
      assert.match(concern!.description, /^1 invoice .*S\/1/);
      await vscode.commands.executeCommand('tally.run.openReport', concern!.node);
      const shown = (): string => vscode.window.activeTextEditor?.document.getText() ?? '';
      await until('the report is open', () => /^Warning: 1 invoice does not add up/m.test(shown()));
      assert.match(shown(), /^Cancelled\. Kept: 1 invoice/);
    } finally {
      await setSetting('report', undefined);
    }
  });

  it('ends the first setup of the embedded warehouse within two seconds, and the next run makes it', async () => {
    const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'tally-cancel-'));
    fs.chmodSync(dataDir, 0o755); // for root, the embedded PostgreSQL runs under another account
    const before = process.env.TALLY_DATA_DIR;
    const { runner } = await parts();
    const { stayMs } = runner;
    runner.stayMs = 0;
    await storeWarehouseUrl('');
    desk.driver.messages.length = 0;
    process.env.TALLY_DATA_DIR = dataDir;
    try {
      const begun = until('it is being set up', () => fs.existsSync(path.join(dataDir, 'embedded.new')));
      await cancelled(begun, 'tally.syncNow', []);
      assert.equal(fs.existsSync(path.join(dataDir, 'embedded')), false);
      await desk.driver.run('tally.syncNow');
      assert.match(desk.driver.messages[1]!.text, /^Synced .* into the built-in warehouse: /);
    } finally {
      process.env.TALLY_DATA_DIR = before;
      await desk.driver.run('tally.refresh');
      await until('no job uses the folder', () => threads.running().length === 0);
      runner.stayMs = stayMs;
      fs.rmSync(dataDir, { recursive: true, force: true });
    }
  });
});
