import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { JobResult } from '../../src/core/core.js';
import type { Book } from '../../src/demo/book/book.js';
import { usualSwitches } from '../../src/demo/behaviours/switches.js';
import { startDemoServer, type DemoServer, type DemoServerOptions } from '../../src/demo/server.js';
import { answerOf, failureOf, runCli, startCli, type Ran, type Started } from './cliProgram.js';
import { ask, freshDatabase } from './postgres.js';

/** The setting of a command-line test: a demo Tally, and its own folder and empty database. */
export interface CliSetting {
  readonly tally: DemoServer;
  readonly folder: string;
  readonly database: string;
  /** TALLY_URL and DB_URL of this Tally and this database. */
  readonly env: Record<string, string>;
  /** Runs a command within this process. */
  run: (words: string, env?: Record<string, string>) => Promise<Ran>;
  /** Starts a command as a process, for tests of signals or of the built program. */
  start: (words: string, env?: Record<string, string>) => Started;
  /** The answer of a command with --json that must succeed. */
  answer: (words: string, env?: Record<string, string>) => Promise<unknown>;
  load: (words: string, env?: Record<string, string>) => Promise<JobResult>;
  /** The message of a command that must fail with this code and exit code. */
  fails: (code: string, exitCode: number, words: string, env?: Record<string, string>) => Promise<string>;
  /** Counts the rows of a table or a FROM clause. */
  count: (rows: string) => Promise<number>;
}

/**
 * Makes the setting for a `describe`, and cleans up. All tests share one Tally, which gets its usual behaviour again
 * before each test. Each test has a new folder and a new database.
 */
export function cliSetting(options: DemoServerOptions): CliSetting {
  let [folder, database] = ['', ''];
  let tally: DemoServer;
  let book: Book;
  before(async () => {
    tally = await startDemoServer(options);
    book = tally.book;
  });
  beforeEach(async () => {
    tally.behave({ ...usualSwitches, ...{ onRequest: undefined, fault: { kind: 'none' } }, ...options, book });
    tally.requests.length = 0;
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tally-cli-'));
    fs.chmodSync(folder, 0o755); // if the tests run as root, the embedded PostgreSQL runs under another account
    database = await freshDatabase();
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true });
  });
  after(() => tally.close());

  const env = (): Record<string, string> => ({ TALLY_URL: tally.url, DB_URL: database });
  const run: CliSetting['run'] = (words, given = env()) => runCli(folder, words.split(' '), given);
  const answer: CliSetting['answer'] = async (words, given) => answerOf(await run(`${words} --json`, given));
  return {
    get tally() {
      return tally;
    },
    get folder() {
      return folder;
    },
    get database() {
      return database;
    },
    get env() {
      return env();
    },
    run,
    start: (words, given = env()) => startCli(folder, words.split(' '), given),
    answer,
    load: async (words, given) => (await answer(words, given)) as JobResult,
    fails: async (code, exitCode, words, given) => failureOf(await run(`${words} --json`, given), code, exitCode),
    count: async (rows) => (await ask(database, `SELECT count(*)::int AS n FROM ${rows}`))[0]!.n as number,
  };
}
