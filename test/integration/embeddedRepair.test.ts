import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { openEmbedded, type Embedded } from '../../src/core/warehouse/embedded/embedded.js';
import { isAlive } from '../../src/core/warehouse/embedded/startLock.js';
import { bundledProgram, bundleProgram } from '../support/bundleProgram.js';
import { openFolder } from '../support/ownServer.js';
import { silent } from '../support/postgres.js';

describe('an embedded warehouse that a crash has damaged', function () {
  this.timeout(120_000);
  let folder: string;
  let dataDir: string;
  const open = (at = dataDir): Promise<Embedded> => openEmbedded({ dataDir: at, logger: silent });
  const pidFile = (at = dataDir): string => path.join(at, 'embedded', 'data', 'postmaster.pid');
  const postmaster = (at = dataDir): number => Number(fs.readFileSync(pidFile(at), 'utf8').split('\n')[0]);
  const passwordFile = (): string => path.join(dataDir, 'embedded', 'password');

  async function ask(embedded: Embedded, sql: string): Promise<Record<string, unknown>[]> {
    const client = new Client(await embedded.connection());
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  /** Asserts that the warehouse starts, has its rows, and stops as usual. */
  async function works(): Promise<void> {
    const embedded = await open();
    assert.deepEqual(await ask(embedded, 'SELECT answer FROM kept'), [{ answer: 42 }]);
    await embedded.release();
    assert.equal(fs.existsSync(pidFile()), false);
  }

  before(async () => {
    folder = openFolder();
    dataDir = path.join(folder, 'data');
    const embedded = await open();
    await ask(embedded, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await embedded.release();
  });
  afterEach(() => {
    if (fs.existsSync(pidFile()) && postmaster() > 0 && isAlive(postmaster())) process.kill(postmaster(), 'SIGKILL');
  });
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  for (const [what, text] of [
    ['is empty', ''],
    ['holds no number', 'nonsense\n'],
    ['was cut in the middle', `${process.pid}\n/var/li`],
  ])
    it(`starts where postmaster.pid ${what!}`, async () => {
      fs.writeFileSync(pidFile(), text!);
      await works();
    });

  it('starts where its log was deleted', async () => {
    fs.rmSync(path.join(dataDir, 'embedded', 'postgres.log'));
    await works();
  });

  it('starts where postmaster.pid names a PostgreSQL of another program, which is left alone', async () => {
    const other = path.join(folder, 'other');
    const living = await open(other);
    // Another PostgreSQL has the process number now: after a power cut or a container's restart, numbers are used
    // again.
    const stale = fs.readFileSync(pidFile(other), 'utf8').split('\n');
    stale[1] = path.join(dataDir, 'embedded', 'data');
    stale[2] = '1700000000';
    stale[3] = '1';
    fs.writeFileSync(pidFile(), stale.join('\n'));
    const pid = postmaster(other);
    await works();
    assert.equal(postmaster(other), pid);
    assert.deepEqual(await ask(living, 'SELECT 1 AS one'), [{ one: 1 }]);
    await living.release();
  });

  /** Copies the folder with the owner of its files, as backup programs do. */
  function copyTo(copy: string): void {
    fs.cpSync(dataDir, copy, { recursive: true });
    const { uid, gid } = fs.statSync(path.join(dataDir, 'embedded', 'data'));
    const data = path.join(copy, 'embedded', 'data');
    for (const name of ['', ...fs.readdirSync(data, { recursive: true })])
      fs.chownSync(path.join(data, String(name)), uid, gid);
    fs.chmodSync(data, 0o700);
  }

  it('has all its rows in a copy of its folder that was made while nobody used it: a backup', async () => {
    const copy = path.join(folder, 'backup');
    copyTo(copy);
    const copied = await open(copy);
    assert.deepEqual(await ask(copied, 'SELECT answer FROM kept'), [{ answer: 42 }]);
    await copied.release();
    await works();
  });

  it('has a server of its own where its files were copied from a warehouse that is in use', async () => {
    const original = await open();
    const copy = path.join(folder, 'copy');
    copyTo(copy);
    const copied = await open(copy);
    assert.notEqual(postmaster(copy), postmaster());
    assert.notEqual((await copied.connection()).port, (await original.connection()).port);
    await copied.release();
    await original.release();
  });

  for (const [what, content] of [
    ['is lost', undefined],
    ['is empty', ''],
    ['is another one, as after a restored backup', 'x'.repeat(32)],
  ] as const)
    it(`gets a new password where its file ${what}, and keeps its rows`, async () => {
      if (content === undefined) fs.rmSync(passwordFile());
      else fs.writeFileSync(passwordFile(), content);
      await works();
      assert.match(fs.readFileSync(passwordFile(), 'utf8'), /^[\w-]{32}$/);
      if (process.platform !== 'win32') assert.equal(fs.statSync(passwordFile()).mode & 0o777, 0o600);
      await works();
    });

  describe('and whose server goes on after its program was killed', () => {
    let killed: ChildProcess;
    before(() => bundleProgram('embeddedUser'));
    beforeEach(async () => {
      killed = spawn(process.execPath, [bundledProgram('embeddedUser')], {
        env: { ...process.env, DATA_DIR: dataDir },
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      await once(killed.stdout!, 'data');
      killed.kill('SIGKILL');
      await once(killed, 'exit');
    });

    it('gets a new password all the same where it is lost', async () => {
      fs.rmSync(passwordFile());
      await works();
    });

    it('says which programs to close where one still uses it, and works when they are', async () => {
      const user = await open();
      const session = new Client(await user.connection());
      await session.connect();
      fs.rmSync(passwordFile());
      await assert.rejects(open(), { code: 'warehouse-refused', hint: /^Close the other programs/ });
      assert.deepEqual((await session.query('SELECT answer FROM kept')).rows, [{ answer: 42 }]);
      await session.end();
      await user.release();
      await works();
    });
  });
});
