import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { readConfig } from '../../src/core/base/config.js';
import { migrate } from '../../src/core/jobs/check/check.js';
import type { CheckItem } from '../../src/core/jobs/job.js';
import { openEmbedded } from '../../src/core/warehouse/embedded/embedded.js';
import { answerOf, failureOf, parseJson, runCli, type Ran } from '../support/cliProgram.js';
import { contextOf } from '../support/context.js';
import { openFolder } from '../support/ownServer.js';
import { ask, silent } from '../support/postgres.js';

function setVariable(name: string, value: string | undefined): void {
  if (value === undefined) Reflect.deleteProperty(process.env, name);
  else process.env[name] = value;
}

describe('the data folder of one user', function () {
  this.timeout(120_000);
  let home: string;
  let usual: string;

  before(function () {
    if (process.platform !== 'linux') this.skip(); // only on Linux did XDG_DATA_HOME ever move it
  });
  beforeEach(() => {
    home = openFolder();
    usual = path.join(home, '.local', 'share', 'tally-warehouse');
  });
  afterEach(() => {
    fs.rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });

  const snap = (revision: number): string => path.join(home, 'snap', 'code', String(revision), '.local', 'share');
  /** Runs the command line with `home` as home folder, which it takes from the environment of its process. */
  async function run(words: string[], { XDG_DATA_HOME, ...env }: Record<string, string> = {}): Promise<Ran> {
    const [homeBefore, dataBefore] = [process.env.HOME, process.env.XDG_DATA_HOME];
    setVariable('HOME', home);
    setVariable('XDG_DATA_HOME', XDG_DATA_HOME);
    try {
      return await runCli(home, words, { TALLY_DATA_DIR: '', ...env });
    } finally {
      setVariable('HOME', homeBefore);
      setVariable('XDG_DATA_HOME', dataBefore);
    }
  }
  const statusOf = async (env: Record<string, string> = {}): Promise<{ dataDir: string; stderr: string }> => {
    const ran = await run(['status', '--json'], env);
    return { ...(answerOf(ran) as { dataDir: string }), stderr: ran.stderr };
  };
  /** Makes a warehouse as an earlier version made it: at the place that XDG_DATA_HOME named. */
  async function makeEarlier(dataHome: string): Promise<string> {
    const dataDir = path.join(dataHome, 'tally-warehouse');
    await migrate(contextOf({}, { config: { ...readConfig({ TALLY_DATA_DIR: home }), dataDir } }));
    const embedded = await openEmbedded({ dataDir, logger: silent });
    await ask(await urlOf(embedded), 'CREATE TABLE kept AS SELECT 42 AS answer');
    await embedded.release();
    return dataDir;
  }
  const urlOf = async (embedded: Awaited<ReturnType<typeof openEmbedded>>): Promise<string> => {
    const { user, password, host, port, database } = await embedded.connection();
    return `postgres://${user!}:${String(password)}@${host!}:${port!}/${database!}`;
  };
  async function isKept(dataDir: string): Promise<void> {
    const embedded = await openEmbedded({ dataDir, logger: silent });
    assert.deepEqual(await ask(await urlOf(embedded), 'SELECT answer FROM kept'), [{ answer: 42 }]);
    await embedded.release();
  }

  it('is one for a shell, cron and each revision of a snap, and status shows it', async () => {
    answerOf(await run(['migrate', '--json'], { XDG_DATA_HOME: snap(174) }));
    assert.equal((await statusOf()).dataDir, usual);
    for (const XDG_DATA_HOME of [snap(175), path.join(home, 'xdg')])
      assert.equal((await statusOf({ XDG_DATA_HOME })).dataDir, usual);
    assert.equal(fs.existsSync(path.join(home, 'snap')), false);
    const shown = await run(['status']);
    assert.ok(shown.stdout.startsWith(`Built-in warehouse: ${usual}\n`), shown.stdout);
  });

  it('leads to the warehouse that an earlier version kept by XDG_DATA_HOME: for cron too, and it says so', async () => {
    const earlier = await makeEarlier(path.join(home, 'xdg'));
    const first = await statusOf({ XDG_DATA_HOME: path.join(home, 'xdg') });
    assert.equal(first.dataDir, earlier);
    assert.ok(first.stderr.includes(earlier) && first.stderr.includes(usual), first.stderr);
    const cron = await statusOf();
    assert.equal(cron.dataDir, earlier);
    assert.doesNotMatch(cron.stderr, /XDG_DATA_HOME/);
    await isKept(usual);
    await isKept(earlier);
  });

  it('takes in the warehouse of a revision of a snap, which the system deletes, also while that is in use', async () => {
    const earlier = await makeEarlier(snap(174));
    const inUse = await openEmbedded({ dataDir: earlier, logger: silent });
    const url = await urlOf(inUse);
    const { dataDir, stderr } = await statusOf({ XDG_DATA_HOME: snap(174) });
    assert.equal(dataDir, usual);
    assert.ok(stderr.includes(usual), stderr);
    assert.deepEqual(await ask(url, 'SELECT answer FROM kept'), [{ answer: 42 }]);
    await inUse.release();
    fs.rmSync(path.join(home, 'snap'), { recursive: true });
    await isKept(usual);
    // The settings file of an earlier Copy Command for Scheduled Sync names the folder that was deleted.
    assert.equal((await statusOf({ TALLY_DATA_DIR: earlier })).dataDir, usual);
    assert.equal(fs.existsSync(path.join(usual, 'embedded', 'data', 'postmaster.pid')), false);
  });

  it('with two warehouses: the one that all programs find is used, and a check says where and how large it is and names the other', async () => {
    const earlier = await makeEarlier(path.join(home, 'xdg'));
    answerOf(await run(['migrate', '--json']));
    const env = { XDG_DATA_HOME: path.join(home, 'xdg') };
    assert.equal((await statusOf(env)).dataDir, usual);
    const { items } = parseJson(await run(['check', '--json'], env)) as { items: CheckItem[] };
    const reached = items.find(({ part }) => part === 'warehouse');
    assert.match(reached?.message ?? '', /\(built-in, (?!0 )\d+ MB, in /);
    const found = items.find(({ part, caution }) => part === 'warehouse' && caution);
    assert.ok(found?.message.includes(`set TALLY_DATA_DIR to ${earlier}`), JSON.stringify(items));
  });

  it('is refused where the disk of the warehouse is not there: no second one is made', async () => {
    const earlier = await makeEarlier(path.join(home, 'xdg'));
    await statusOf({ XDG_DATA_HOME: path.join(home, 'xdg') });
    fs.renameSync(path.join(home, 'xdg'), path.join(home, 'unplugged'));
    for (const command of ['status', 'migrate'])
      assert.ok(failureOf(await run([command, '--json']), 'config', 2).includes(path.join(earlier, 'embedded')));
    fs.renameSync(path.join(home, 'unplugged'), path.join(home, 'xdg'));
    await isKept(usual);
  });
});
