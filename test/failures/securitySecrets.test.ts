import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { today } from '../../src/core/base/calendar.js';
import { readConfig } from '../../src/core/base/config.js';
import { check } from '../../src/core/jobs/check/check.js';
import type { JobContext } from '../../src/core/jobs/job.js';
import { backfill, clearAndReload, sync } from '../../src/core/core.js';
import { status } from '../../src/core/jobs/status.js';
import { createBook } from '../../src/demo/book/book.js';
import { errorText } from '../../src/extension/notices/errorWords.js';
import { runJob } from '../../src/extension/jobs/jobThread.js';
import { runDetails, runTooltip } from '../../src/extension/view/warehouseWords.js';
import { remarkOnWarehouseUrl, warehousePlace } from '../../src/extension/settings/warehouseUrl.js';
import { assertBuilt, startCli, untilSays } from '../support/cliProgram.js';
import { closedPort } from '../support/closedPort.js';
import { contextOf } from '../support/context.js';
import { ask, freshDatabase } from '../support/postgres.js';
import { processes } from '../support/processes.js';
import { useTally } from '../support/useTally.js';
import { useFolder } from '../support/useFolder.js';

/** Has every character with a meaning in a URL, and begins with digits, which could be read as a port. */
const password = `12/S3cret@p#ss?${randomBytes(4).toString('hex')}%25:&=`;
const encoded = encodeURIComponent(password);
/** The password in forms that may be left when it is cut or decoded at the wrong place. */
const forms = [password, encoded, 'S3cret', Buffer.from(password).toString('base64').slice(0, 20)];

function assertSilent(said: unknown, what: string): void {
  const text = typeof said === 'string' ? said : inspect(said, { depth: 12, showHidden: true, maxStringLength: null });
  for (const form of forms)
    assert.ok(
      !text.includes(form),
      `${what} shows the password: ${text.slice(Math.max(0, text.indexOf(form) - 200), text.indexOf(form) + 40)}`,
    );
}

/** Addresses that cannot be used, each with the password where people put it. */
const unusable = [
  `mysql://me:${encoded}@host/books`,
  `postgres:/me:${encoded}@host/books`,
  `postgres//me:${password}@host/books`,
  `me:${password}@host/books`,
  `postgres://me:${password}@host:5432/books`,
  `postgres://me:S3cret word@ho st:port/books`,
  `postgres://me:${encoded}@host:99999/books`,
  `postgres://me:12/S3cret@host/books`,
  `postgres://me:12#S3cret@host/books`,
  `postgres://me:12?S3cret@host/books`,
  `postgres://me:12/3?S3cret@host/books`,
  `postgres://me:${encoded}@host/books?sslmode=maybe`,
  `postgres://me:${encoded}@host/books?sslmode=verify-full&sslrootcert=/no/such.crt`,
  `postgres://me:${encoded}@host/books?sslmode=verify-ca`,
  `postgres://me:%S3cret@[::1/books`,
];

describe('the password of the warehouse', function () {
  this.timeout(120_000);
  const range = { from: today(), to: today() };
  const tally = useTally({ book: createBook({ invoices: 60, ...range }), keepsWorking: false });
  const folder = useFolder();
  let database: string;
  /** The address of the database with the password, which its server accepts. */
  let url: string;

  before(async () => {
    assertBuilt();
    database = await freshDatabase();
    const role = `me_${randomBytes(4).toString('hex')}`;
    await ask(database, `CREATE ROLE ${role} SUPERUSER LOGIN PASSWORD '${password}'`);
    const withPassword = new URL(database);
    [withPassword.username, withPassword.password] = [role, encoded];
    url = withPassword.href;
    assert.ok(url.includes(encoded));
  });
  afterEach(() => {
    tally.behave({ fault: { kind: 'none' } });
  });

  const changed = (change: (url: URL) => void): string => {
    const other = new URL(url);
    change(other);
    return other.href;
  };
  /** Addresses that can be read and lead to a failure. */
  async function failing(): Promise<Record<string, string>> {
    const port = String(await closedPort());
    return {
      'a wrong password': changed((u) => (u.username = 'tally')),
      'no such user': changed((u) => (u.username = 'nobody_here')),
      'no such database': changed((u) => (u.pathname = '/no_such_books')),
      'nobody listening': changed((u) => (u.port = port)),
      'an unknown host': changed((u) => (u.hostname = 'no-such-host.invalid')),
      'no encryption where it is required': changed((u) => (u.search = '?sslmode=require')),
    };
  }

  /** A context for a job that keeps all log lines and progress. */
  function listening(env: Record<string, string>): JobContext & { said: unknown[] } {
    const said: unknown[] = [];
    const keep = (message: string): void => void said.push(message);
    const logger = { trace: keep, debug: keep, info: keep, warn: keep, error: keep };
    return { ...contextOf(env, { logger, onProgress: (progress) => said.push(progress) }), said };
  }
  const env = (dbUrl: string): Record<string, string> => ({ TALLY_URL: tally.url, DB_URL: dbUrl });
  const settled = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

  it('is in no log line at any level, no result and no error with all its causes, whatever fails', async () => {
    for (const [what, dbUrl] of Object.entries({ ...(await failing()), 'nothing wrong': url })) {
      const context = listening(env(dbUrl));
      const outcomes = [
        await settled(check(context)),
        await settled(status({}, context)),
        await settled(sync(context)),
        await settled(backfill({ ...range, dryRun: true }, context)),
        await settled(clearAndReload({ ...range, force: true }, context)),
      ];
      assert.ok(context.said.length > 10);
      assertSilent([context.said, outcomes], what);
      assertSilent(
        outcomes.map((outcome) => (outcome instanceof Error ? `${outcome.stack}${String(outcome.cause)}` : outcome)),
        what,
      );
    }
  });

  it('is in no error of an address that cannot be used', async () => {
    for (const dbUrl of unusable) {
      let error: unknown;
      try {
        const context = listening(env(dbUrl));
        error = await settled(status({}, context));
        assertSilent(context.said, dbUrl);
      } catch (thrown) {
        error = thrown;
      }
      assert.equal((error as { code?: string }).code, 'config', dbUrl);
      assertSilent([error, (error as Error).stack, (error as Error).cause], dbUrl);
      assertSilent(errorText(error as Parameters<typeof errorText>[0]), dbUrl);
    }
  });

  it('is not shown by the box that asks for it, nor by the message that it was stored', () => {
    for (const dbUrl of [...unusable, url]) {
      assertSilent(remarkOnWarehouseUrl(dbUrl), dbUrl);
      assertSilent(warehousePlace(dbUrl), dbUrl);
    }
  });

  it("is not shown when it was given as Tally's address, or in it", async () => {
    for (const tallyUrl of [...unusable, url]) {
      const thrown = await settled(Promise.resolve().then(() => readConfig({ TALLY_URL: tallyUrl })));
      assert.equal((thrown as { code?: string }).code, 'config');
      assertSilent(thrown, tallyUrl);
    }
    const withUser = tally.url.replace('http://', `http://me:${encoded}@`);
    const context = listening({ TALLY_URL: withUser, DB_URL: url });
    assertSilent([await check(context), await settled(sync(context)), context.said], 'TALLY_URL');
  });

  it('is not on the terminal, with --verbose and --json, nor in what a crash says', async () => {
    const crash = path.join(folder, 'crash.cjs');
    fs.writeFileSync(crash, "setTimeout(() => { throw new Error('as a library might') }, 250).unref();");
    const reject = path.join(folder, 'reject.cjs');
    fs.writeFileSync(reject, "setTimeout(() => void Promise.reject(new Error('as a library might')), 250).unref();");
    const dates = `${range.from} ${range.to}`;
    const { 'a wrong password': wrong } = await failing();
    const runs: [words: string, dbUrl: string, exitCode: number, nodeOptions?: string][] = [
      ['check', url, 0],
      ['status', url, 0],
      [`backfill ${dates}`, url, 0],
      ['sync', wrong!, 4],
      ['check', wrong!, 4],
      [`clear-and-reload ${dates} --dry-run`, wrong!, 0],
      ['migrate', unusable[4]!, 2],
      ['sync', url, 1, `--require ${crash}`],
      ['sync', url, 1, `--require ${reject}`],
    ];
    for (const [words, dbUrl, exitCode, nodeOptions] of runs) {
      if (nodeOptions !== undefined) tally.behave({ fault: { kind: 'silent', on: 'report' } });
      const more = nodeOptions === undefined ? {} : { NODE_OPTIONS: nodeOptions };
      const ran = await startCli(folder, [...words.split(' '), '--verbose', '--json'], { ...env(dbUrl), ...more }).done;
      assert.equal(ran.exitCode, exitCode, `${words}: ${ran.stderr}`);
      assertSilent(ran.stdout + ran.stderr, words);
      tally.behave({ fault: { kind: 'none' } });
    }
  });

  it('is not in the list of processes, nor in their titles, while a run is on', async function () {
    if (process.platform !== 'linux') this.skip();
    tally.behave({ fault: { kind: 'stall', on: 'report', afterBytes: 100_000 } });
    const { child, done } = startCli(folder, ['backfill', range.from, range.to, '--verbose'], env(url));
    await untilSays(child.stderr, 'Tally answered 200');
    await sleep(300);
    const shown = processes().map(({ words, title }) => `${title} ${words}`);
    assert.ok(shown.some((line) => line.includes('cli.js')));
    assertSilent(shown.join('\n'), 'the list of processes');
    const sessions = await ask(database, 'SELECT application_name, query, usename FROM pg_stat_activity');
    assertSilent(sessions, 'the list of sessions');
    child.kill('SIGKILL');
    await done;
  });

  it('is in no table, no record and no details of a run', async () => {
    tally.behave({ fault: { kind: 'cut', afterBytes: 100 } });
    await settled(sync(contextOf(env(url))));
    const tables = await ask(database, "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'");
    for (const { name } of tables)
      assertSilent(await ask(database, `SELECT t::text FROM ${String(name)} t`), String(name));
    const { runs } = await status({}, contextOf(env(url)));
    assert.ok(runs.some(({ status: how }) => how === 'error'));
    for (const run of runs) assertSilent([runDetails(run), runTooltip(run, 0)], 'the details of a run');
  });

  it("is in nothing that the editor's worker sends back, at the level of trace", async () => {
    const { 'a wrong password': wrong, 'nobody listening': closed } = await failing();
    for (const [what, dbUrl] of Object.entries({ wrong: wrong!, closed: closed!, 'nothing wrong': url })) {
      const said: unknown[] = [];
      const keep = (message: string): void => void said.push(message);
      const config = readConfig(env(dbUrl));
      for (const job of ['check', 'sync'] as const)
        said.push(
          await settled(
            runJob(job, undefined, {
              workerFile: path.resolve('dist/jobWorker.js'),
              config,
              logger: { trace: keep, debug: keep, info: keep, warn: keep, error: keep },
              logLevels: ['trace', 'debug', 'info', 'warn', 'error'],
              signal: new AbortController().signal,
              onProgress: (progress) => said.push(progress),
            }),
          ),
        );
      assert.ok(said.length > 5);
      assertSilent(said, what);
    }
  });

  it('is not told to a server that is not PostgreSQL and asks for nothing', async () => {
    const heard: Buffer[] = [];
    const stranger = net.createServer((socket) => {
      socket
        .on('error', () => undefined)
        .on('data', (bytes) => {
          heard.push(bytes);
          socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
        });
    });
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const { port } = stranger.address() as AddressInfo;
    const outcome = await settled(status({}, contextOf(env(changed((u) => (u.port = String(port)))))));
    stranger.close();
    assert.ok(heard.length > 0);
    assertSilent([Buffer.concat(heard).toString('latin1'), outcome], 'the stranger');
  });
});
