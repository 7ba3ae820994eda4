import assert from 'node:assert/strict';
import path from 'node:path';
import { dataPlace, demoPlace, type Computer } from '../../src/core/base/dataPlace.js';
import { readConfig } from '../../src/core/base/config.js';

const asha = '/home/asha';
const linux = (env: Computer['env'], more: Partial<Computer> = {}): Computer => ({
  env,
  platform: 'linux',
  isRoot: false,
  homeOfUser: () => asha,
  ...more,
});
const usual = '/home/asha/.local/share/tally-warehouse';

describe('the data folder of a user', function () {
  before(function () {
    if (process.platform === 'win32') this.skip(); // paths of Linux
  });

  const snap = (revision: number): string => `${asha}/snap/code/${revision}/.local/share`;
  for (const [program, env] of Object.entries({
    'a shell': { HOME: asha },
    'a shell with XDG_DATA_HOME': { HOME: asha, XDG_DATA_HOME: '/data/asha' },
    cron: { HOME: asha, SHELL: '/bin/sh' },
    'a program without HOME': {},
    "HOME=''": { HOME: '' },
    'a relative HOME': { HOME: 'asha' },
    "VS Code's snap": { HOME: asha, XDG_DATA_HOME: snap(174) },
    'its next revision': { HOME: asha, XDG_DATA_HOME: snap(175), SNAP_REAL_HOME: asha },
    'a snap with a home of its own': { HOME: `${asha}/snap/code/175`, SNAP_REAL_HOME: asha },
    'what that command of an earlier version wrote': { HOME: asha, given: `${snap(174)}/tally-warehouse` },
  } as Record<string, Record<string, string>>))
    it(`is the same for ${program}`, () => {
      const { given, ...variables } = env;
      assert.equal(dataPlace(given, linux(variables)).dataDir, usual);
    });

  it('knows where an earlier version kept the warehouse, because XDG_DATA_HOME said so', () => {
    const earlier = (env: Computer['env'], given?: string) => dataPlace(given, linux(env)).earlierDataDir;
    assert.equal(earlier({ HOME: asha, XDG_DATA_HOME: '/data/asha' }), '/data/asha/tally-warehouse');
    assert.equal(earlier({ HOME: asha }, `${snap(174)}/tally-warehouse`), `${snap(174)}/tally-warehouse`);
    assert.equal(earlier({ HOME: asha, XDG_DATA_HOME: `${asha}/.local/share` }), undefined);
    assert.equal(earlier({ HOME: asha, XDG_DATA_HOME: 'relative' }), undefined);
    assert.equal(earlier({ HOME: asha, XDG_DATA_HOME: '/data/asha' }, '/books'), undefined);
  });

  it('is what TALLY_DATA_DIR says, with ~ for the home folder, which a .env does not replace', () => {
    const computer = linux({ HOME: asha, XDG_DATA_HOME: '/data/asha' });
    assert.deepEqual(dataPlace('/srv/books', computer), { dataDir: '/srv/books' });
    assert.deepEqual(dataPlace('~/books', computer), { dataDir: '/home/asha/books' });
    assert.deepEqual(dataPlace('~', computer), { dataDir: asha });
    assert.deepEqual(dataPlace('~tally', computer), { dataDir: path.resolve('~tally') });
  });

  it("is of root's own where PostgreSQL's account reaches it", () => {
    const root = { isRoot: true, homeOfUser: () => '/root' };
    const env = { XDG_DATA_HOME: '/root/data' };
    assert.deepEqual(dataPlace(undefined, linux(env, root)), { dataDir: '/var/lib/tally-warehouse' });
    assert.equal(dataPlace(undefined, linux({ HOME: asha }, root)).dataDir, usual);
  });

  it('holds the warehouse of the demo in a folder of its own, whatever an earlier version used', () => {
    const place = demoPlace({ dataDir: usual, earlierDataDir: '/data/asha' });
    assert.deepEqual(place, { dataDir: `${usual}/demo`, isDemo: true, within: usual });
  });

  it('is the usual one of macOS and Windows', () => {
    const mac = linux({ HOME: '/Users/asha', XDG_DATA_HOME: '/x' }, { platform: 'darwin' });
    assert.deepEqual(dataPlace(undefined, mac), {
      dataDir: '/Users/asha/Library/Application Support/tally-warehouse',
    });
    const windows = (env: Computer['env']): string =>
      dataPlace(undefined, { env, platform: 'win32', isRoot: false, homeOfUser: () => 'C:\\Users\\Asha' }).dataDir;
    const expected = 'C:\\Users\\Asha\\AppData\\Local\\tally-warehouse\\Data';
    assert.equal(windows({ LOCALAPPDATA: 'C:\\Users\\Asha\\AppData\\Local' }), expected);
    assert.equal(windows({ USERPROFILE: 'C:\\Users\\Asha' }), expected);
    assert.equal(windows({ LOCALAPPDATA: '', USERPROFILE: '' }), expected);
  });

  it('is asked for where the system knows no home folder, unless a server of the own needs none', () => {
    const nobody = linux({ HOME: '' }, { homeOfUser: () => undefined });
    assert.throws(() => readConfig({}, nobody), { code: 'config', setting: 'TALLY_DATA_DIR', hint: /TALLY_DATA_DIR/ });
    assert.equal(readConfig({ TALLY_DATA_DIR: '/books' }, nobody).dataDir, '/books');
    assert.equal(readConfig({ DB_URL: 'postgres://db/w' }, nobody).dbUrl, 'postgres://db/w');
  });
});
