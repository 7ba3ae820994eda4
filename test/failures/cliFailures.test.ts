import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { demoCompanyName } from '../../src/demo/book/book.js';
import { startDemoServer, type DemoServer } from '../../src/demo/server.js';
import {
  assertBuilt,
  failureOf,
  parseJson,
  startCli,
  untilSays,
  type Failure,
  type Ran,
  type Started,
} from '../support/cliProgram.js';
import { ask, freshDatabase } from '../support/postgres.js';
import { closedPort } from '../support/closedPort.js';

const [from, to] = ['2024-04-01', '2024-06-30'];
const book = { invoices: 400, from: '2024-04-01', to: '2024-07-31' };

describe('what goes wrong on the command line', function () {
  this.timeout(120_000);

  let tally: DemoServer;
  let database: string;
  let folder: string;

  before(async () => {
    assertBuilt();
    tally = await startDemoServer({ book, keepsWorking: false });
  });

  after(async () => {
    await tally.close();
  });

  beforeEach(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tally-cli-'));
    database = await freshDatabase();
  });

  afterEach(() => {
    fs.rmSync(folder, { recursive: true });
  });

  afterEach(() => {
    tally.behave({ fault: { kind: 'none' } });
  });

  const ready = (): Record<string, string> => ({ TALLY_URL: tally.url, DB_URL: database });
  const start = (words: string, env = ready()): Started => startCli(folder, words.split(' '), env);
  const run = (words: string, env = ready()): Promise<Ran> => start(words, env).done;

  async function count(rows: string): Promise<number> {
    const [row] = await ask(database, `SELECT count(*)::int AS n FROM ${rows}`);
    return row!.n as number;
  }

  /** Runs with --json and checks code, exit code and hint; answers with what a person reads. */
  async function fails(code: string, exitCode: number, words: string, env = ready()): Promise<string> {
    const ran = await run(`${words} --json`, env);
    assert.equal((parseJson(ran) as Failure).command, words.split(' ')[0]);
    return failureOf(ran, code, exitCode);
  }

  it('a date that is none, or dates the wrong way round: usage, exit 2', async () => {
    assert.match(await fails('usage', 2, 'backfill 2024-02-30 2024-03-31'), /2024-02-30/);
    assert.match(await fails('usage', 2, 'backfill 2024-10-13 2024-04-01'), /2024-10-13.*after.*2024-04-01/);
  });

  it('an option that does not exist: usage, exit 2, and the usage line', async () => {
    assert.match(
      await fails('usage', 2, `backfill ${from} ${to} --fast`),
      /--fast.*Usage: tally-warehouse backfill FROM TO/,
    );
  });

  it('a settings file that is missing: usage, exit 2', async () => {
    const ran = await run('check --env-file none.env');
    assert.equal(ran.exitCode, 2);
    assert.match(ran.stderr, /none\.env.*\[usage\]/);
  });

  it('nobody at TALLY_URL: tally-unreachable, exit 3', async () => {
    const text = await fails('tally-unreachable', 3, `backfill ${from} ${to}`, {
      ...ready(),
      TALLY_URL: `http://127.0.0.1:${await closedPort()}`,
    });
    assert.match(text, /Tally/);
  });

  it('another program on the port: answer-unreadable, exit 3', async () => {
    tally.behave({ fault: { kind: 'html' } });
    await fails('answer-unreadable', 3, `backfill ${from} ${to}`);
  });

  it('a company that is not open: company-not-open, exit 3, with those that are', async () => {
    const text = await fails('company-not-open', 3, `backfill ${from} ${to}`, {
      ...ready(),
      TALLY_COMPANY: 'Closed Ltd',
    });
    assert.ok(text.includes('Closed Ltd') && text.includes(demoCompanyName), text);
  });

  it('a wrong database password: warehouse-refused, exit 4, and the password nowhere', async () => {
    const url = new URL(database);
    url.password = 'not-the-password';
    const env = { ...ready(), DB_URL: url.href };
    const text = await fails('warehouse-refused', 4, `backfill ${from} ${to}`, env);
    assert.match(text, /password/);
    const ran = await run(`backfill ${from} ${to} --verbose`, env);
    assert.doesNotMatch(ran.stdout + ran.stderr, /not-the-password/);
  });

  it('a signal in the middle of a run: exit 130, and nothing of the range in the warehouse', async () => {
    tally.behave({ fault: { kind: 'stall', on: 'report', afterBytes: 15_000_000 } });
    const { child, done } = start(`backfill ${from} ${to} --json`);
    await untilSays(child.stderr, '100 invoices read');
    child.kill('SIGINT');
    const ran = await done;
    failureOf(ran, 'cancelled', 130);
    assert.equal(await count('fact_invoice'), 0);
  });
});
