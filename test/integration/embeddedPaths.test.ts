import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { embeddedExists } from '../../src/core/base/dataPlace.js';
import { checkBinaries, postgresFolder, usableBinaries } from '../../src/core/warehouse/embedded/binaries.js';
import { checkEmbedded, openEmbedded } from '../../src/core/warehouse/embedded/embedded.js';
import { runProgram } from '../../src/core/warehouse/embedded/programs.js';
import { openFolder } from '../support/ownServer.js';
import { silent } from '../support/postgres.js';

describe('the path of the embedded warehouse', function () {
  this.timeout(120_000);
  let folder: string;
  /** This file exists if a command in a path was run. */
  let ran: string;

  beforeEach(() => {
    folder = openFolder();
    fs.chmodSync(folder, 0o777); // for any account that the server runs as
    ran = path.join(folder, 'ran');
  });
  afterEach(() => {
    assert.equal(fs.existsSync(ran), false, 'a part of the path was run as a command');
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  async function works(dataDir: string): Promise<void> {
    await checkEmbedded(dataDir);
    for (const time of ['made', 'found again']) {
      const embedded = await openEmbedded({ dataDir, logger: silent });
      await embedded.release();
      assert.equal(embeddedExists({ dataDir }), true, time);
      assert.equal(fs.existsSync(path.join(dataDir, 'embedded', 'data', 'postmaster.pid')), false);
    }
  }

  it('is read by no shell, whatever stands in it: quotes, blanks, $, commands, Devanagari, emoji', async () => {
    const names =
      process.platform === 'win32'
        ? [`It's & $A \`b\` %PATH% (1)`]
        : [`$(touch ${ran})`, `\`touch ${ran}\`;touch ${ran};"`, String.raw`It's $A 100% & | <b> *? \ `, 'भारत बही 📚'];
    await works(path.join(folder, names[0]!, 'data')); // alone: no quote breaks the command before it
    await works(path.join(folder, ...names, 'data'));
  });

  it('may have 200 characters, in Devanagari too', async () => {
    if (process.platform === 'win32') return works(path.join(folder, 'x'.repeat(80)));
    await works(path.join(folder, 'x'.repeat(200), 'ब'.repeat(80), 'ही'.repeat(30)));
  });

  for (const [what, name] of [
    ['a line break', 'two\nlines'],
    ['a carriage return', 'two\rlines'],
    ['a NUL', 'two\0lines'],
    ['a name longer than the disk takes', 'x'.repeat(300)],
    ['more characters than PostgreSQL takes', path.join(...Array.from({ length: 10 }, () => 'x'.repeat(100)))],
  ] as const)
    it(`is refused for ${what}, by a load and by a check: config`, async () => {
      const dataDir = path.join(folder, name);
      const refusal = { code: 'config', setting: 'TALLY_DATA_DIR' };
      await assert.rejects(openEmbedded({ dataDir, logger: silent }), refusal);
      await assert.rejects(checkEmbedded(dataDir), refusal);
      assert.deepEqual(fs.readdirSync(folder), []);
    });

  it('leaves a PostgreSQL alone whose own path a shell would read: it is copied into the data folder', async () => {
    const installed = path.join(folder, process.platform === 'win32' ? 'a%PATH%b' : `a"; touch ${ran}; "b`, 'native');
    fs.cpSync(postgresFolder(), installed, { recursive: true, filter: (file) => !fs.lstatSync(file).isSymbolicLink() });
    const dataDir = path.join(folder, 'data');
    fs.mkdirSync(dataDir);
    const binaries = await usableBinaries(dataDir, undefined, silent, installed);
    assert.ok(binaries.startsWith(dataDir));
    const { output } = await runProgram({ binaries }, 'postgres', ['--version']);
    assert.match(output, /^postgres \(PostgreSQL\) 18\./);
  });

  it('is refused where both paths are such ones: config, with the characters', async () => {
    const [installed, dataDir] = [path.join(folder, 'a`b%'), path.join(folder, 'c$d%')];
    const refusal = { code: 'config', setting: 'TALLY_DATA_DIR', hint: /has none of these characters: / };
    await assert.rejects(usableBinaries(dataDir, undefined, silent, installed), refusal);
    await assert.rejects(checkBinaries(dataDir, undefined, installed), refusal);
  });
});
