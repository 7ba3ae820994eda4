import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readDotEnv } from '../../src/core/base/dotEnv.js';
import { readCompaniesFile } from '../../src/cli/companiesFile.js';
import {
  companiesFileText,
  crontabLine,
  envFileText,
  launcherFiles,
  launcherScript,
  lastingPath,
  posixLauncher,
  scheduledWords,
  windowsLauncher,
} from '../../src/extension/schedule/launcher.js';

const extensionId = 'tally-warehouse.tally-warehouse';

describe('the launcher of the scheduled sync', function () {
  before(function () {
    if (process.platform === 'win32') this.skip(); // it is run by /bin/sh here
  });
  let folder: string;
  let extensions: string;
  let storage: string;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "tally's launcher "));
    extensions = path.join(folder, 'extensions');
    storage = path.join(folder, 'storage');
    fs.mkdirSync(storage, { recursive: true });
    install('0.9.0');
    const place = { extensionPath: path.join(extensions, `${extensionId}-0.9.0`), extensionId, node: process.execPath };
    fs.writeFileSync(path.join(storage, launcherFiles.script), launcherScript(place));
    fs.writeFileSync(path.join(storage, launcherFiles.posix), posixLauncher(place), { mode: 0o755 });
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true });
  });

  /** Installs a version of the extension whose command line prints its version and its arguments. */
  function install(version: string, suffix = ''): void {
    const dist = path.join(extensions, `${extensionId}-${version}${suffix}`, 'dist');
    fs.mkdirSync(dist, { recursive: true });
    fs.writeFileSync(
      path.join(dist, 'cli.js'),
      `console.log(JSON.stringify(['${version}', ...process.argv.slice(2)]))`,
    );
  }
  const uninstall = (version: string): void => {
    fs.rmSync(path.join(extensions, `${extensionId}-${version}`), { recursive: true });
  };
  /** Runs the command of the crontab line as cron does: by the shell. */
  const run = (words: string): unknown => {
    const command = crontabLine(path.join(storage, launcherFiles.posix), 'sync').replace('0 * * * * ', '');
    return JSON.parse(
      execFileSync('/bin/sh', ['-c', command.replace(/sync$/, words)], { encoding: 'utf8', stdio: 'pipe' }),
    );
  };

  it('runs the command line of the extension', () => {
    assert.deepEqual(run('sync --json'), ['0.9.0', 'sync', '--json']);
  });

  it('runs the newest version after an update, when the version that wrote it was removed', () => {
    install('0.10.0', '-linux-x64');
    install('0.9.1');
    uninstall('0.9.0');
    assert.deepEqual(run('sync'), ['0.10.0', 'sync']);
  });

  it('skips a version whose files were already removed', () => {
    fs.mkdirSync(path.join(extensions, `${extensionId}-1.0.0`));
    assert.deepEqual(run('sync'), ['0.9.0', 'sync']);
  });

  it('gives the settings beside it, unless others are named', () => {
    const settings = path.join(storage, launcherFiles.env);
    fs.writeFileSync(settings, '');
    assert.deepEqual(run('sync'), ['0.9.0', 'sync', '--env-file', settings]);
    assert.deepEqual(run('sync --env-file other'), ['0.9.0', 'sync', '--env-file', 'other']);
  });

  it('gives sync --all the list of companies beside it, and the sync of one company none', () => {
    const list = path.join(storage, launcherFiles.companies);
    fs.writeFileSync(list, companiesFileText('http://books:9000', ['Asha & Sons']));
    assert.deepEqual(run('sync --all'), ['0.9.0', 'sync', '--all', '--companies', list]);
    assert.deepEqual(run('sync'), ['0.9.0', 'sync']);
    assert.deepEqual(run('sync --all --companies other'), ['0.9.0', 'sync', '--all', '--companies', 'other']);
  });

  it('says what to do when the extension is no longer installed', () => {
    uninstall('0.9.0');
    assert.throws(() => run('sync'), /Tally Warehouse is no longer installed[^]*Copy the scheduled command again/);
  });

  it('is a command file on Windows too, where % in a path would name a variable', () => {
    const text = windowsLauncher({ extensionPath: '', extensionId, node: 'C:\\100% Code\\Code.exe' });
    assert.match(text, /^set ELECTRON_RUN_AS_NODE=1\r$/m);
    assert.match(text, /^set "node=C:\\100%% Code\\Code\.exe"\r$/m);
  });

  it("names a snap's program by a path that outlives the revision", () => {
    const node = '/snap/code/174/usr/share/code/code';
    assert.match(
      posixLauncher({ extensionPath: '', extensionId, node }),
      /^node='\/snap\/code\/current\/usr\/share\/code\/code'$/m,
    );
    assert.equal(lastingPath('/opt/snap/code/174/code'), '/opt/snap/code/174/code');
  });

  it('is refused for a crontab if its path has a line break: the second line would be a command of its own', () => {
    assert.throws(() => crontabLine('/home/a\n* * * * * b/x', 'sync'), { code: 'config' });
  });

  it('escapes a % in a crontab, which would end the command', () => {
    assert.equal(crontabLine('/home/a%b/x', 'sync'), "0 * * * * '/home/a\\%b/x' sync");
  });
});

describe('the list of companies of the scheduled sync', () => {
  it('is read by sync --all as the names that were chosen, whatever they contain', async () => {
    const names = [`Asha's "Best" & Sons # 1: x`, 'भारत ट्रेडर्स', 'C:\\new ${HOME}', '2024', 'Bell\u0003 Co'];
    const text = companiesFileText('http://books:9000', names);
    const configs = await readCompaniesFile(Buffer.from(text), 'list.yaml', {});
    assert.deepEqual(
      configs.map(({ tallyUrl, company }) => [tallyUrl, company]),
      names.map((name) => ['http://books:9000', name]),
    );
    assert.equal(scheduledWords(names), 'sync --all');
    assert.equal(scheduledWords([]), 'sync');
  });
});

describe('the settings file of the scheduled sync', () => {
  const read = (text: string) => readDotEnv(Buffer.from(text), 'file');

  it('says what VS Code is set to, whatever a name contains', () => {
    const company = `Asha's "Best" & Sons # 1`;
    const values = read(envFileText(undefined, { TALLY_URL: 'http://books:9000', TALLY_COMPANY: company }));
    assert.deepEqual(values, { TALLY_URL: 'http://books:9000', TALLY_COMPANY: company });
  });

  it('holds a path with every kind of quote, and with backslashes that look like escapes', () => {
    for (const path of ["C:\\new\\Asha's `books`", `C:\\new\\Asha's "best" \`books\``])
      assert.deepEqual(read(envFileText(undefined, { TALLY_DATA_DIR: path })), { TALLY_DATA_DIR: path });
  });

  it('is not written with a value that the scheduled sync would refuse', () => {
    assert.throws(() => envFileText(undefined, { TALLY_COMPANY: 'x\' " # y`' }), { code: 'config' });
  });

  it('keeps what the user wrote into it, above all the warehouse', () => {
    const first = envFileText(undefined, { TALLY_URL: 'http://old:9000', TALLY_COMPANY: 'Old' });
    const second = envFileText(`${first}DB_URL=postgres://me:x@db/w\n`, {
      TALLY_URL: 'http://new:9000',
      TALLY_COMPANY: undefined,
    });
    assert.deepEqual(read(second), { DB_URL: 'postgres://me:x@db/w', TALLY_URL: 'http://new:9000' });
    assert.equal(envFileText(second, { TALLY_URL: 'http://new:9000', TALLY_COMPANY: undefined }), second);
  });
});
