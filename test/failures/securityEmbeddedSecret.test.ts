import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { assertBuilt, startCli } from '../support/cliProgram.js';
import { processes } from '../support/processes.js';
import { useFolder } from '../support/useFolder.js';

/** The password of the user's own warehouse, which the embedded warehouse does not need. */
const other = 'Hunter2-of-another';

describe('the password of the embedded warehouse', function () {
  this.timeout(120_000);
  const folder = useFolder();
  let said: string;
  const seen = new Map<string, string>();

  before('make and use one, and look at every process of it', async function () {
    if (process.platform !== 'linux') this.skip();
    assertBuilt();
    const words = ['demo', '--invoices', '50', '--verbose', '--json'];
    // The demo does not use the user's own warehouse, although its address is in the environment.
    const { child, done } = startCli(folder, words, { DB_URL: `postgres://me:${other}@127.0.0.1/books` });
    while (child.exitCode === null) {
      for (const { pid, title, words: command, environment } of processes())
        if (command.includes(folder) || environment.includes(folder))
          seen.set(`${pid} ${title} ${command}`, environment);
      await sleep(5);
    }
    const ran = await done;
    assert.equal(ran.exitCode, 0, ran.stderr);
    said = ran.stdout + ran.stderr;
  });

  const own = (): string => fs.readFileSync(path.join(folder, 'data', 'demo', 'embedded', 'password'), 'utf8');

  it('is in no output, no arguments and no environment of a process', () => {
    const all = [said, ...[...seen].flat()].join('\n');
    assert.ok(own().length >= 32);
    assert.ok([...seen.keys()].some((line) => line.includes('initdb') && line.includes('--pwfile=')));
    assert.ok([...seen.keys()].some((line) => line.includes(' postgres ')));
    assert.ok(!all.includes(own()));
  });

  it('is in one file of the data folder, and there alone', () => {
    const files = fs
      .readdirSync(path.join(folder, 'data'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name));
    assert.ok(files.length > 500);
    const holding = files.filter((file) => fs.readFileSync(file).includes(own()));
    assert.deepEqual(
      holding.map((file) => path.relative(folder, file)),
      [path.join('data', 'demo', 'embedded', 'password')],
    );
    const withOther = files.filter((file) => fs.readFileSync(file).includes(other));
    assert.deepEqual(withOther, []);
  });

  it('runs with an environment that knows nothing of the password of the other warehouse', () => {
    const servers = [...seen].filter(([line]) => / (initdb|pg_ctl|postgres) /.test(line));
    assert.ok(servers.length > 2);
    for (const [line, environment] of servers) {
      assert.ok(!environment.includes(other), line);
      assert.doesNotMatch(environment, /DB_URL|HOME=/);
    }
  });
});
