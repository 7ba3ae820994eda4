import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '../../src/core/base/config.js';
import { openEmbedded } from '../../src/core/warehouse/embedded/embedded.js';
import { isAlive } from '../../src/core/warehouse/embedded/startLock.js';
import { Runner } from '../../src/extension/jobs/runner.js';
import { openFolder } from '../support/ownServer.js';
import { silent } from '../support/postgres.js';

describe("the embedded warehouse's server, between the refreshes of a view,", function () {
  this.timeout(60_000);
  let folder: string;
  let dataDir: string;
  let runner: Runner;
  const pidFile = (): string => path.join(dataDir, 'embedded', 'data', 'postmaster.pid');
  const postmaster = (): number => Number(fs.readFileSync(pidFile(), 'utf8').split('\n')[0]);
  const runs = (): boolean => fs.existsSync(pidFile());
  const refresh = (): Promise<unknown> =>
    runner.runQuietly('status', { limit: 20 }, readConfig({ TALLY_DATA_DIR: dataDir }));

  before(async () => {
    folder = openFolder();
    dataDir = path.join(folder, 'data');
    await (await openEmbedded({ dataDir, logger: silent })).release();
  });
  beforeEach(() => {
    runner = new Runner({
      workerFile: path.resolve('dist/jobWorker.js'),
      log: silent,
      logLevels: () => [],
      underNotification: () => assert.fail('nothing is shown'),
      onBegin: () => () => undefined,
      explain: (error) => error,
      onCommit: () => undefined,
    });
  });
  afterEach(async () => {
    await runner.end();
    if (runs() && isAlive(postmaster())) process.kill(postmaster(), 'SIGKILL');
  });
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('keeps running for the next refresh, and stops when none has come for a while', async () => {
    await refresh();
    const first = postmaster();
    for (let times = 0; times < 2; times++) {
      await refresh();
      assert.equal(postmaster(), first);
    }
    await runner.runQuietly('calendar', {}, readConfig({ TALLY_DATA_DIR: dataDir }));
    assert.equal(postmaster(), first);
    runner.stayMs = 100;
    await refresh();
    for (let waited = 0; runs() && waited < 20_000; waited += 50) await sleep(50);
    assert.equal(runs(), false);
  });

  it('keeps running where a question was cancelled, since the next one follows', async () => {
    await refresh();
    const first = postmaster();
    const dropped = new AbortController();
    const question = runner.runQuietly('status', { limit: 20 }, readConfig({ TALLY_DATA_DIR: dataDir }), {
      signal: dropped.signal,
    });
    dropped.abort();
    await assert.rejects(question, { code: 'cancelled' });
    await refresh();
    assert.equal(postmaster(), first);
  });

  it('stops when the window closes', async () => {
    await refresh();
    await refresh();
    assert.equal(runs(), true);
    await runner.end();
    assert.equal(runs(), false);
  });

  it('is not stopped while another program uses it, and that program stops it', async () => {
    await refresh();
    const server = postmaster();
    const other = await openEmbedded({ dataDir, logger: silent });
    await runner.end();
    assert.equal(postmaster(), server);
    await other.release();
    assert.equal(runs(), false);
  });

  it('does not keep a lost password from being repaired for longer than one failure', async () => {
    await refresh();
    fs.rmSync(path.join(dataDir, 'embedded', 'password'));
    await assert.rejects(refresh(), { code: 'warehouse-refused' });
    await refresh();
    assert.equal(fs.existsSync(path.join(dataDir, 'embedded', 'password')), true);
  });

  it('stops at once after any other job', async () => {
    await runner.runQuietly('rejects', { limit: 1 }, readConfig({ TALLY_DATA_DIR: dataDir }));
    assert.equal(runs(), false);
  });
});
