import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { EtlError } from '../../src/core/base/errors.js';
import { postgresFolder, usableBinaries } from '../../src/core/warehouse/embedded/binaries.js';
import { embeddedExists } from '../../src/core/base/dataPlace.js';
import { openEmbedded, type Embedded } from '../../src/core/warehouse/embedded/embedded.js';
import { isAlive } from '../../src/core/warehouse/embedded/startLock.js';
import { bundledProgram, bundleProgram } from '../support/bundleProgram.js';
import { silent } from '../support/postgres.js';

const asRoot = process.getuid?.() === 0;

interface OtherProgram {
  child: ChildProcessWithoutNullStreams;
  opened: Promise<void>;
  ended: Promise<number | null>;
}

const started: OtherProgram[] = [];

/** A program of its own that uses the embedded warehouse until it is told to end. */
function startProgram(dataDir: string, account?: { uid: number; gid: number }): OtherProgram {
  const child = spawn(process.execPath, [bundledProgram('embeddedUser')], {
    env: { PATH: process.env.PATH, DATA_DIR: dataDir, HOME: dataDir, TMPDIR: dataDir },
    ...account,
  });
  let said = '';
  child.stderr.on('data', (text) => (said += String(text)));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const opened = new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => {
      resolve();
    });
    void ended.then((code) => {
      reject(new Error(`ended with ${code}: ${said}`));
    });
  });
  opened.catch(() => undefined); // the rejection is handled even if nobody awaits `opened`
  const program = { child, opened, ended };
  started.push(program);
  return program;
}

const end = async ({ child, ended }: OtherProgram): Promise<void> => {
  child.stdin.write('end\n');
  assert.equal(await ended, 0);
};

describe('the embedded warehouse', function () {
  this.timeout(120_000);
  let dataDir: string;
  let folders: string[];
  const open = (): Promise<Embedded> => openEmbedded({ dataDir, logger: silent });
  const postmaster = (): number => Number(fs.readFileSync(pidFile(), 'utf8').split('\n')[0]);
  const pidFile = (): string => path.join(dataDir, 'embedded', 'data', 'postmaster.pid');

  async function ask(embedded: Embedded, sql: string): Promise<Record<string, unknown>[]> {
    const client = new Client(await embedded.connection());
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }
  const makeFolder = (): string => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tally-test-embedded-'));
    folders.push(folder);
    return folder;
  };

  before(() => bundleProgram('embeddedUser'));
  beforeEach(() => {
    folders = [];
    dataDir = path.join(makeFolder(), 'not', 'yet');
    if (asRoot) fs.chmodSync(folders[0]!, 0o755);
  });
  afterEach(() => {
    for (const { child } of started.splice(0)) child.kill('SIGKILL'); // those of a test that failed
    if (fs.existsSync(pidFile())) process.kill(postmaster(), 'SIGKILL'); // of a test that failed
    for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('is a PostgreSQL 18 for this computer alone, with a password that only its user can read', async () => {
    assert.equal(embeddedExists({ dataDir }), false);
    const embedded = await open();
    try {
      assert.equal(embeddedExists({ dataDir }), true);
      const [row] = await ask(
        embedded,
        `SELECT current_setting('server_version') AS version, current_setting('listen_addresses') AS listens,
           pg_encoding_to_char(encoding) AS encoding, datcollate AS collation
         FROM pg_database WHERE datname = current_database()`,
      );
      assert.match(String(row!.version), /^18\./);
      assert.equal(row!.listens, '127.0.0.1');
      assert.deepEqual([row!.encoding, row!.collation], ['UTF8', 'C']);
      if (process.platform !== 'win32')
        assert.equal(fs.statSync(path.join(dataDir, 'embedded', 'password')).mode & 0o777, 0o600);
      const intruder = new Client({ ...(await embedded.connection()), password: 'guess' });
      await assert.rejects(intruder.connect(), { code: '28P01' });
    } finally {
      await embedded.release();
    }
    assert.equal(fs.existsSync(pidFile()), false);
  });

  it('is made once and shared by programs that start at the same time; the last one stops it', async () => {
    const programs = [startProgram(dataDir), startProgram(dataDir)];
    const own = await open();
    await Promise.all(programs.map(({ opened }) => opened));
    assert.equal((await ask(own, 'SELECT DISTINCT pid FROM visits')).length, 2);
    const pid = postmaster();
    await own.release();
    assert.equal(postmaster(), pid);
    await end(programs[0]!);
    assert.equal(postmaster(), pid);
    await end(programs[1]!);
    assert.equal(fs.existsSync(pidFile()), false);
  });

  it('makes no use of a setup that was interrupted', async () => {
    fs.mkdirSync(path.join(dataDir, 'embedded.new', 'data'), { recursive: true });
    fs.writeFileSync(path.join(dataDir, 'embedded.new', 'data', 'PG_VERSION'), '18\n');
    assert.equal(embeddedExists({ dataDir }), false);
    await (await open()).release();
    assert.equal(fs.existsSync(path.join(dataDir, 'embedded.new')), false);
  });

  it('asks for another TALLY_DATA_DIR where the folder cannot be used', async () => {
    const file = path.join(folders[0]!, 'file');
    fs.writeFileSync(file, '');
    dataDir = path.join(file, 'data');
    await assert.rejects(open(), { code: 'config', hint: /TALLY_DATA_DIR/ });
  });

  describe('once it is set up', () => {
    let shared: string;
    before(async () => {
      shared = fs.mkdtempSync(path.join(os.tmpdir(), 'tally-test-embedded-'));
      await (await openEmbedded({ dataDir: shared, logger: silent })).release();
    });
    beforeEach(() => {
      dataDir = shared;
    });
    after(() => {
      fs.rmSync(shared, { recursive: true, force: true });
    });

    it('keeps its rows from one start to the next', async () => {
      const first = await open();
      await ask(first, 'CREATE TABLE kept AS SELECT 42 AS answer');
      await first.release();
      const second = await open();
      assert.deepEqual(await ask(second, 'SELECT answer FROM kept'), [{ answer: 42 }]);
      await second.release();
    });

    it('stays for another program that is connected, such as psql', async () => {
      const embedded = await open();
      const psql = new Client(await embedded.connection());
      await psql.connect();
      await embedded.release();
      assert.deepEqual((await psql.query('SELECT 1 AS one')).rows, [{ one: 1 }]);
      await psql.end();
      await (await open()).release();
      assert.equal(fs.existsSync(pidFile()), false);
    });

    it('recovers when PostgreSQL is killed, with what was committed', async () => {
      const embedded = await open();
      await ask(embedded, 'CREATE TABLE safe AS SELECT 42 AS answer');
      const pid = postmaster();
      process.kill(pid, 'SIGKILL');
      while (isAlive(pid)) await sleep(5);
      const next = await open();
      assert.deepEqual(await ask(next, 'SELECT answer FROM safe'), [{ answer: 42 }]);
      assert.deepEqual(await ask(embedded, 'SELECT answer FROM safe'), [{ answer: 42 }]);
      await embedded.release();
      await next.release();
      assert.equal(fs.existsSync(pidFile()), false);
    });

    it('can be used on after a program that used it was killed', async () => {
      const killed = startProgram(dataDir);
      await killed.opened;
      const pid = postmaster();
      killed.child.kill('SIGKILL');
      await killed.ended;
      assert.equal(isAlive(pid), true);
      const embedded = await open();
      assert.equal(postmaster(), pid);
      await embedded.release();
      assert.equal(fs.existsSync(pidFile()), false);
    });

    it('starts where a crash has left the pid file, and its number is another process now', async () => {
      fs.writeFileSync(pidFile(), `${process.pid}\n${path.dirname(pidFile())}\n1700000000\n5432\n\n127.0.0.1\n`);
      await (await open()).release();
    });

    it('is not kept waiting by the lock of a program that died', async () => {
      fs.mkdirSync(dataDir, { recursive: true });
      const dead = startProgram(path.join(dataDir, 'other'));
      dead.child.kill('SIGKILL');
      await dead.ended;
      fs.writeFileSync(path.join(dataDir, 'embedded.lock'), `${dead.child.pid ?? 0} token`);
      await (await open()).release();
      assert.equal(fs.existsSync(path.join(dataDir, 'embedded.lock')), false);
    });

    it("gives PostgreSQL's own words when it does not start", async () => {
      const settings = path.join(dataDir, 'embedded', 'data', 'postgresql.conf');
      const good = fs.readFileSync(settings);
      fs.appendFileSync(settings, "\nshared_buffers = 'nonsense'\n");
      await assert.rejects(open(), {
        code: 'warehouse-refused',
        message: /invalid value for parameter "shared_buffers"/,
      });
      fs.writeFileSync(settings, good);
    });

    it('runs as an account without rights', async function () {
      if (!asRoot) this.skip();
      const embedded = await open();
      assert.notEqual(fs.statSync(`/proc/${postmaster()}`).uid, 0);
      await embedded.release();
    });
  });

  describe('as root', function () {
    before(function () {
      if (!asRoot) this.skip();
    });

    it('asks for another TALLY_DATA_DIR where that account cannot reach the folder', async () => {
      fs.chmodSync(folders[0]!, 0o700);
      await assert.rejects(open(), (error: EtlError) => {
        assert.equal(error.code, 'config');
        assert.ok(error.message.includes(folders[0]!));
        assert.match(error.hint, /TALLY_DATA_DIR/);
        return true;
      });
    });

    it('copies PostgreSQL, links and all, where that account cannot reach the package', async () => {
      const closed = makeFolder();
      fs.mkdirSync(dataDir, { recursive: true });
      const installed = postgresFolder();
      // As a .vsix unpacks it: without the symbolic links.
      fs.cpSync(installed, path.join(closed, 'native'), {
        recursive: true,
        filter: (file) => !fs.lstatSync(file).isSymbolicLink(),
      });
      const account = { name: 'nobody', uid: 65534, gid: 65534 };
      const usable = await usableBinaries(dataDir, account, silent, path.join(closed, 'native'));
      assert.ok(usable.startsWith(dataDir));
      const asNobody = { uid: account.uid, gid: account.gid, cwd: '/', encoding: 'utf8' } as const;
      const { stdout, stderr } = spawnSync(path.join(usable, 'bin', 'postgres'), ['--version'], asNobody);
      assert.match(stdout, /^postgres \(PostgreSQL\) 18\./, stderr);
      assert.equal(await usableBinaries(dataDir, account, silent, path.join(closed, 'native')), usable);
    });

    it('works for an ordinary user too', async () => {
      const account = { uid: 65534, gid: 65534 };
      dataDir = makeFolder();
      fs.chownSync(dataDir, account.uid, account.gid);
      const program = startProgram(dataDir, account);
      await program.opened;
      assert.equal(fs.statSync(path.join(dataDir, 'embedded', 'data')).uid, account.uid);
      await end(program);
      assert.equal(fs.existsSync(pidFile()), false);
    });
  });
});
