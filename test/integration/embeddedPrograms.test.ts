import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { EtlError, exitCodes } from '../../src/core/base/errors.js';
import { serverAccount } from '../../src/core/warehouse/embedded/account.js';
import { checkBinaries, postgresFolder, usableBinaries } from '../../src/core/warehouse/embedded/binaries.js';
import { createCluster, type Cluster } from '../../src/core/warehouse/embedded/cluster.js';
import { openEmbedded } from '../../src/core/warehouse/embedded/embedded.js';
import { startServer } from '../../src/core/warehouse/embedded/serverProcess.js';
import { openFolder } from '../support/ownServer.js';
import { silent } from '../support/postgres.js';

/**
 * Faults of a PostgreSQL program: its content (undefined: no file) and mode, and the words of the error that name the
 * fault.
 */
const faults: [what: string, content: string | undefined, mode: number, words: RegExp][] = [
  [
    'whose loader is missing, as on Alpine Linux',
    '#!/lib/ld-of-another-libc.so\n',
    0o755,
    /loader that .* needs is missing/,
  ],
  ['that has no right to be executed', '#!/bin/sh\n', 0o644, /cannot be run: the file is not executable/],
  ['that an antivirus program has deleted', undefined, 0, /is missing\. An antivirus program/],
  ['that is killed', '#!/bin/sh\nkill -9 $$\n', 0o755, /was ended by SIGKILL/],
  [
    'that misses a library',
    '#!/bin/sh\necho "error while loading shared libraries: libicu" >&2\nexit 127\n',
    0o755,
    /libicu/,
  ],
];

describe('a PostgreSQL', function () {
  this.timeout(60_000);
  let folder: string;
  let cluster: Cluster;

  before(function () {
    if (process.platform === 'win32') this.skip(); // the programs of these tests are scripts
  });
  beforeEach(() => {
    folder = openFolder();
    cluster = { folder: path.join(folder, 'embedded'), binaries: path.join(folder, 'native'), account: undefined };
    fs.mkdirSync(path.join(cluster.binaries, 'bin'), { recursive: true });
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const isConfig = (words: RegExp) => (error: unknown) => {
    assert.ok(error instanceof EtlError, String(error));
    assert.equal(error.code, 'config', error.message);
    assert.equal(exitCodes[error.code], 2);
    assert.equal(error.setting, 'DB_URL');
    assert.match(error.message, words);
    assert.match(error.hint, /Set DB_URL to a PostgreSQL server/);
    return true;
  };

  for (const [what, content, mode, words] of faults)
    it(`${what}: config, with the advice to set DB_URL, when it is set up, when it starts, and by a check`, async () => {
      for (const program of ['initdb', 'pg_ctl', 'postgres'])
        if (content !== undefined) fs.writeFileSync(path.join(cluster.binaries, 'bin', program), content, { mode });
      await assert.rejects(createCluster(cluster), isConfig(words));
      fs.mkdirSync(path.join(cluster.folder, 'data'), { recursive: true });
      await assert.rejects(startServer(cluster), isConfig(words));
      await assert.rejects(checkBinaries(folder, undefined, cluster.binaries), isConfig(words));
    });

  it('whose server alone is missing: the same', async () => {
    fs.cpSync(postgresFolder(), cluster.binaries, { recursive: true, verbatimSymlinks: true });
    const dataDir = path.join(folder, 'data');
    const account = serverAccount(dataDir);
    await (await openEmbedded({ dataDir, logger: silent })).release();
    fs.rmSync(path.join(cluster.binaries, 'bin', 'postgres'));
    await assert.rejects(createCluster({ ...cluster, account }), isConfig(/postgres is missing/));
    const made = { binaries: cluster.binaries, folder: path.join(dataDir, 'embedded'), account };
    await assert.rejects(startServer(made), isConfig(/postgres is missing/));
  });

  it('that is missing where a copy of it is needed: config', async () => {
    const account = { name: 'another', uid: 54_321, gid: 54_321 };
    fs.chmodSync(cluster.binaries, 0o700);
    await assert.rejects(usableBinaries(folder, account, silent, cluster.binaries), isConfig(/is missing/));
  });
});
