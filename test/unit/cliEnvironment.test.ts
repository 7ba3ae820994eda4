import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readEnvironment } from '../../src/cli/environment.js';

describe('the settings of the command line', () => {
  let folder: string;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tally-env-'));
  });

  afterEach(() => {
    fs.rmSync(folder, { recursive: true });
  });

  const file = (name: string, content: string | Buffer): void => {
    fs.writeFileSync(path.join(folder, name), content);
  };

  it('come from .env of the working folder, quotes and comments as usual', () => {
    file('.env', '# ours\nTALLY_URL=http://tally:9000\nTALLY_COMPANY="Asha & Co"\r\n');
    const env = readEnvironment({}, folder, undefined);
    assert.equal(env.TALLY_URL, 'http://tally:9000');
    assert.equal(env.TALLY_COMPANY, 'Asha & Co');
  });

  it('come from the environment alone when there is no .env', () => {
    assert.deepEqual(readEnvironment({ TALLY_URL: 'http://x' }, folder, undefined), { TALLY_URL: 'http://x' });
  });

  it('give the environment the last word, also to unset a value of the file', () => {
    file('.env', 'TALLY_URL=http://file\nDB_URL=postgres://file/db\n');
    const env = readEnvironment({ TALLY_URL: 'http://environment', DB_URL: '' }, folder, undefined);
    assert.equal(env.TALLY_URL, 'http://environment');
    assert.equal(env.DB_URL, '');
  });

  it('come from the file that --env-file names, not from .env', () => {
    file('.env', 'TALLY_URL=http://default\n');
    file('other', 'TALLY_COMPANY=Other\n');
    assert.deepEqual({ ...readEnvironment({}, folder, 'other') }, { TALLY_COMPANY: 'Other' });
  });

  it('are refused when the named file is missing', () => {
    assert.throws(() => readEnvironment({}, folder, 'none.env'), { code: 'usage', message: /none\.env/ });
  });

  it('are refused with the file and the line that cannot be read as it was meant', () => {
    file('.env', 'TALLY_URL=http://tally:9000\r\nset DB_URL=postgres://me:Hunter2@db/w\r\n');
    assert.throws(() => readEnvironment({ DB_URL: 'postgres://db/w' }, folder, undefined), {
      code: 'config',
      message: `Line 2 of ${path.join(folder, '.env')} names DB_URL, but cannot be read as a setting.`,
    });
  });

  it('are those of the contract: what other programs have in the file stays there', () => {
    file('.env', 'NODE_OPTIONS=--inspect\nTALLY_COMPANY=Asha\nPRIVATE="a\nb"\n');
    assert.deepEqual(readEnvironment({}, folder, undefined), { TALLY_COMPANY: 'Asha' });
  });

  it('are refused when the file cannot be read', () => {
    fs.mkdirSync(path.join(folder, '.env'));
    assert.throws(() => readEnvironment({}, folder, undefined), { code: 'config' });
  });
});
