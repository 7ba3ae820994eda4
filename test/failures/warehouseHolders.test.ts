import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { addDays, today } from '../../src/core/base/calendar.js';
import { EtlError, exitCodes } from '../../src/core/base/errors.js';
import { clearAndReload } from '../../src/core/core.js';
import { openEmbedded } from '../../src/core/warehouse/embedded/embedded.js';
import { createBook } from '../../src/demo/book/book.js';
import { expectedInvoice } from '../support/demo/expected.js';
import { bundledProgram, bundleProgram } from '../support/bundleProgram.js';
import { assertBuilt, startCli, type Started } from '../support/cliProgram.js';
import { contextOf } from '../support/context.js';
import { openFolder } from '../support/ownServer.js';
import { ask, freshDatabase, silent } from '../support/postgres.js';
import { countIn } from '../support/warehouseContents.js';
import { useTally } from '../support/useTally.js';

const range = { from: addDays(today(), -30), to: today() };
const book = createBook({ invoices: 150, ...range });
const expected = [...book.vouchers()].flatMap((voucher) => expectedInvoice(voucher) ?? []);
const lines = expected.reduce((sum, invoice) => sum + invoice.lines.length, 0);

describe('whoever is loading a company', function () {
  this.timeout(60_000);
  const tally = useTally({ book, keepsWorking: false });
  let folder: string;

  before(() => {
    assertBuilt();
  });
  beforeEach(() => {
    tally.behave({ fault: { kind: 'none' } });
    folder = openFolder();
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  async function assertEachOnce(url: string): Promise<void> {
    assert.equal(await countIn(url, 'fact_invoice'), expected.length);
    assert.equal(await countIn(url, 'fact_invoice_line'), lines);
  }

  describe('and dies or hangs', () => {
    let database: string;
    let holder: Started | undefined;
    const env = () => ({ TALLY_URL: tally.url, DB_URL: database });
    const reload = () => clearAndReload(range, contextOf(env()));
    const isMerging =
      "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO public.fact_invoice %'";
    /** A session whose lock stops every merge until the session ends. */
    let obstacle: Client;

    async function until(sql: string): Promise<void> {
      for (let i = 0; (await ask(database, sql)).length === 0; i++) {
        assert.ok(i < 400, `never: ${sql}`);
        await sleep(25);
      }
    }

    beforeEach(async () => {
      database = await freshDatabase();
      await reload();
      await ask(database, 'DELETE FROM fact_invoice');
      obstacle = new Client(database);
      await obstacle.connect();
      await obstacle.query('BEGIN; LOCK TABLE fact_invoice IN SHARE MODE');
      holder = startCli(folder, ['clear-and-reload', range.from, range.to], env());
      await until(isMerging);
    });
    afterEach(async () => {
      await obstacle.end();
      holder?.child.kill('SIGKILL');
      await holder?.done;
    });

    it('frozen: the next run is told who holds the lock and since when, exit 5; killed with -9: the next run goes on', async () => {
      holder!.child.kill('SIGSTOP');
      await assert.rejects(reload(), (error) => {
        assert.ok(error instanceof EtlError);
        assert.equal(exitCodes[error.code], 5, error.message);
        const name = `tally-warehouse cli clear-and-reload on ${os.hostname()}`.slice(0, 63);
        const [, since = ''] = /, since (\d{1,2}\s\w{3}\s\d{4}, \d{1,2}:\d\d\s[ap]m)\.$/.exec(error.message) ?? [];
        assert.ok(error.message.includes(`: ${name}, since `), error.message);
        // The message gives the time in whole minutes.
        assert.ok(Math.abs(Date.now() - Date.parse(since.replaceAll('\u00a0', ' '))) < 120_000, error.message);
        return true;
      });
      holder!.child.kill('SIGKILL');
      await holder!.done;
      await obstacle.query('ROLLBACK');
      await reload();
      await assertEachOnce(database);
    });

    it('killed with -9 while PostgreSQL is still at its merge: the next run goes on, and no line is there twice', async () => {
      holder!.child.kill('SIGKILL');
      await holder!.done;
      const next = reload();
      next.catch(() => undefined); // awaited below
      await sleep(300);
      await obstacle.query('ROLLBACK');
      await next;
      await assertEachOnce(database);
    });
  });

  it('two windows and a cron that sync the embedded warehouse from the same moment on: one does, the others are told, and nothing is there twice', async () => {
    await bundleProgram('windowChild');
    tally.behave({ fault: { kind: 'slow', on: 'report', waitMs: 2500, times: 2 } });
    const dataDir = path.join(folder, 'data');
    const env = { TALLY_URL: tally.url, TALLY_DATA_DIR: dataDir };
    const openWindow = async (): Promise<{ ended: string; message: string }> => {
      const child = spawn(process.execPath, [bundledProgram('windowChild')], {
        env: { PATH: process.env.PATH, ...env },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      child.stdout.on('data', (chunk) => (said += String(chunk)));
      await once(child, 'close');
      return JSON.parse(said) as { ended: string; message: string };
    };
    const cron = async (): Promise<{ ended: string; message: string }> => {
      const { exitCode, stderr } = await startCli(folder, ['sync'], env).done;
      return { ended: exitCode === 0 ? 'ok' : exitCode === 5 ? 'locked' : `exit ${exitCode ?? ''}`, message: stderr };
    };
    const all = await Promise.all([openWindow(), openWindow(), cron()]);
    assert.deepEqual(all.map(({ ended }) => ended).sort(), ['locked', 'locked', 'ok'], JSON.stringify(all));
    for (const { ended, message } of all)
      if (ended === 'locked')
        assert.match(message, /Another run is loading this company: tally-warehouse (vscode|cli) sync on /);
    assert.equal(fs.existsSync(path.join(dataDir, 'embedded', 'data', 'postmaster.pid')), false);
    const embedded = await openEmbedded({ dataDir, logger: silent });
    try {
      const { user, password, host, port, database } = await embedded.connection();
      const url = `postgres://${user!}:${String(password)}@${host!}:${port!}/${database!}`;
      await assertEachOnce(url);
      assert.deepEqual(await ask(url, "SELECT command, status, rows FROM etl_logs WHERE stream_name = 'invoices'"), [
        { command: 'sync', status: 'ok', rows: expected.length },
      ]);
    } finally {
      await embedded.release();
    }
  });
});
