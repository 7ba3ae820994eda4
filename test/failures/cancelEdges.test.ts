import { parseDate } from '../../src/core/base/parseDate.js';
import { plainSpaces } from '../support/plainSpaces.js';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { assertBuilt, failureOf, startCli, untilSays, type Started } from '../support/cliProgram.js';
import { blackHole } from '../support/blackHole.js';
import { fullTable } from '../support/fullTable.js';
import { ask, freshDatabase } from '../support/postgres.js';
import { useTally } from '../support/useTally.js';

const [from, to] = ['2024-04-01', '2024-06-30'];
const book = { invoices: 400, from: '2024-04-01', to: '2024-07-31' };
const limitMs = 2000;

/** The processes of this computer whose arguments name a folder. */
function programsIn(folder: string): string[] {
  const found: string[] = [];
  for (const pid of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const words = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      if (words.includes(folder)) found.push(`${pid} ${words}`);
    } catch {
      // The process has ended meanwhile.
    }
  }
  return found;
}

describe('a command that is told to stop', function () {
  this.timeout(120_000);
  const tally = useTally({ book, keepsWorking: false, dayBook: 'honours-dates' });
  let folder: string;
  let database: string;

  before(() => {
    assertBuilt();
  });
  beforeEach(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tally-cancel-'));
    fs.chmodSync(folder, 0o755); // as root the embedded PostgreSQL runs under another account
    database = await freshDatabase();
    tally.behave({ fault: { kind: 'none' }, onRequest: undefined });
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true });
  });

  const ready = (): Record<string, string> => ({
    TALLY_URL: tally.url,
    DB_URL: database,
    TALLY_TIMEOUT_SECONDS: '60',
  });
  const start = (words: string, env = ready()): Started => startCli(folder, [...words.split(' '), '--json'], env);

  /** Resolves a moment after the n-th request for a report. */
  const reportAsked = (n: number): Promise<void> =>
    new Promise((resolve) => {
      let asked = 0;
      tally.behave({
        onRequest: ({ kind }) => {
          if (kind === 'report' && ++asked === n) setTimeout(resolve, 100);
        },
      });
    });

  /** Sends the signal. Asserts that the command ends in time as cancelled, leaving no process. Returns its message. */
  async function stops({ child, done }: Started, signal: NodeJS.Signals = 'SIGINT'): Promise<string> {
    assert.equal(child.exitCode, null, 'it had ended by itself');
    const signalled = performance.now();
    child.kill(signal);
    const ran = await done;
    const took = Math.round(performance.now() - signalled);
    const said = failureOf(ran, 'cancelled', 130);
    assert.ok(took < limitMs, `It took ${took} ms to end.`);
    assert.match(ran.stderr, /Error: Cancelled\..* \[cancelled\]/);
    assert.deepEqual(programsIn(folder), []);
    return said;
  }

  for (const [s, signal] of (['SIGINT', 'SIGTERM'] as const).entries())
    for (const kind of (['silent', 'stall'] as const).filter((_, k) => fullTable || k === s))
      it(`by ${signal} while Tally ${kind === 'silent' ? 'is silent' : 'has stopped in mid-answer'} ends within two seconds with 130`, async () => {
        tally.behave({ fault: { kind, on: 'report', afterBytes: 100_000 } });
        const asked = reportAsked(1);
        const started = start(`backfill ${from} ${to}`);
        await Promise.race([asked, started.done]);
        await stops(started, signal);
        assert.deepEqual(await ask(database, 'SELECT FROM fact_invoice'), []);
      });

  it('after two months were committed says so, keeps them, and reads only the rest the next time', async () => {
    tally.behave({ fault: { kind: 'silent', on: 'report', after: 2 } });
    const asked = reportAsked(3);
    const started = start(`backfill ${from} ${to}`);
    await Promise.race([asked, started.done]);
    const said = await stops(started, 'SIGTERM');
    const [, invoices, until] = /Kept: (\d+) invoices, \d+ Apr – (\d+ May 2024)\. /.exec(plainSpaces(said))!;
    const last = parseDate(until!);
    const [kept] = await ask(database, 'SELECT count(*)::int AS n, max(date)::text AS last FROM fact_invoice');
    assert.deepEqual(kept, { n: Number(invoices), last });
    tally.behave({ fault: { kind: 'none' } });
    tally.requests.length = 0;
    assert.equal((await start(`backfill ${from} ${to}`).done).exitCode, 0);
    assert.deepEqual(
      tally.requests.filter(({ kind }) => kind === 'report').map((request) => request.from),
      ['2024-06-01'],
    );
  });

  it('logs a sync as cancelled', async () => {
    tally.behave({ fault: { kind: 'silent', on: 'vouchers' } });
    const started = start('sync');
    await untilSays(started.child.stderr, 'Sync of ');
    await sleep(200);
    await stops(started);
    const [log] = await ask(database, 'SELECT status, error_code FROM etl_logs');
    assert.deepEqual(log, { status: 'cancelled', error_code: 'cancelled' });
  });

  it('while another program holds a table of the warehouse ends within two seconds', async () => {
    assert.equal((await start('migrate').done).exitCode, 0);
    const other = new Client(database);
    await other.connect();
    try {
      await other.query('BEGIN; LOCK TABLE fact_invoice');
      const started = start(`backfill ${from} ${to}`);
      const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      while ((await ask(database, waiting)).length === 0 && started.child.exitCode === null) await sleep(20);
      await stops(started);
    } finally {
      await other.end();
    }
    assert.deepEqual(await ask(database, 'SELECT FROM fact_invoice'), []);
  });

  describe('with the embedded warehouse,', () => {
    const embedded = (): Record<string, string> => ({ TALLY_URL: tally.url, TALLY_TIMEOUT_SECONDS: '60' });

    for (const waitMs of fullTable ? [0, 300, 900] : [300])
      it(`${waitMs} ms into its first setup ends within two seconds, leaves no program behind, and the next run makes it`, async () => {
        const started = start('migrate', embedded());
        await untilSays(started.child.stderr, 'Setting up the embedded warehouse');
        await sleep(waitMs);
        await stops(started);
        const again = await start('migrate', embedded()).done;
        assert.equal(again.exitCode, 0, again.stderr);
        assert.deepEqual(programsIn(folder), []);
      });

    it('while another program starts or stops it ends within two seconds', async () => {
      const data = path.join(folder, 'data');
      fs.mkdirSync(data);
      const lock = path.join(data, 'embedded.lock');
      fs.writeFileSync(lock, `${process.pid} somebody else`);
      const started = start('migrate', embedded());
      await untilSays(started.child.stderr, 'Waiting for another program');
      await stops(started);
      assert.match(fs.readFileSync(lock, 'utf8'), /somebody else/);
    });

    it('while Tally is silent ends within two seconds, and the server with it', async () => {
      assert.equal((await start('migrate', embedded()).done).exitCode, 0);
      tally.behave({ fault: { kind: 'silent', on: 'report' } });
      const asked = reportAsked(1);
      const started = start(`backfill ${from} ${to}`, embedded());
      await Promise.race([asked, started.done]);
      await stops(started);
    });
  });

  it('twice ends at once, whatever it waits for', async () => {
    const hole = await blackHole();
    try {
      const url = new URL(database);
      url.port = String(hole.port);
      const started = start('migrate', { ...ready(), DB_URL: url.href });
      await sleep(1_000);
      started.child.kill('SIGINT');
      await untilSays(started.child.stderr, 'press Ctrl+C again to stop at once');
      const again = performance.now();
      started.child.kill('SIGINT');
      const { exitCode, stdout } = await started.done;
      const took = Math.round(performance.now() - again);
      assert.deepEqual([exitCode, stdout], [130, '']);
      assert.ok(took < 500, `It took ${took} ms to end.`);
    } finally {
      await hole.close();
    }
  });
});
