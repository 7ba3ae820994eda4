import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { checkExitCode, describeCheck } from '../../src/cli/commands/checkCommand.js';
import { describeDemo } from '../../src/cli/commands/demoCommand.js';
import { reportFailure } from '../../src/cli/runCommandLine.js';
import { EtlError } from '../../src/core/base/errors.js';
import type { CheckItem, JobResult } from '../../src/core/jobs/job.js';
import { runCli, type Ran } from '../support/cliProgram.js';
import { jobResult } from '../support/jobResult.js';

async function run(words: string, env: Record<string, string> = {}): Promise<Ran> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tally-cli-'));
  try {
    return await runCli(folder, words === '' ? [] : words.split(' '), env);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

describe('a run of the command line', () => {
  it('prints help and version to stdout and ends with 0', async () => {
    const help = await run('--help');
    assert.equal(help.exitCode, 0);
    assert.match(help.stdout, /^Loads invoices out of Tally into PostgreSQL\./);
    assert.equal(help.stderr, '');
    assert.match((await run('backfill --help')).stdout, /^backfill: /);
    assert.match((await run('--version')).stdout, /^\d+\.\d+\.\d+\n$/);
  });

  it('prints one JSON object for help and version too when asked', async () => {
    assert.deepEqual(Object.keys(JSON.parse((await run('backfill --help --json')).stdout) as object), ['help']);
    assert.deepEqual(Object.keys(JSON.parse((await run('--version --json')).stdout) as object), ['version']);
  });

  it('says on stderr what is wrong, what to do and the code, and nothing on stdout', async () => {
    const ran = await run('backfill 2024-04-01');
    assert.deepEqual(ran, {
      exitCode: 2,
      stdout: '',
      stderr:
        'Error: TO is missing. [usage]\nUsage: tally-warehouse backfill FROM TO [--file PATH] [--day-by-day] [--dry-run] [options]\n',
    });
  });

  it('says what a run had warned of before it was cancelled', async () => {
    const error = new EtlError('cancelled', 'Cancelled. Kept: 2 invoices, 1–30 Apr 2024.', 'Run it again.', {
      warnings: ['1 invoice does not add up: S/2'],
    });
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const given = { stdout, stderr, env: {}, folder: '', program: '', signal: new AbortController().signal };
    assert.equal(await reportFailure(error, ['backfill', '--json'], given), 130);
    assert.equal(
      String(stderr.read()),
      'Error: Cancelled. Kept: 2 invoices, 1–30 Apr 2024. [cancelled]\nRun it again.\nWarning: 1 invoice does not add up: S/2\n',
    );
    assert.deepEqual((JSON.parse(String(stdout.read())) as { error: unknown }).error, {
      ...{ code: 'cancelled', message: error.message, hint: error.hint, warnings: error.warnings },
    });
  });

  it('prints a failure as one JSON object with --json', async () => {
    for (const [words, command] of [
      ['backfill 2024-02-30 2024-03-01 --json', 'backfill'],
      ['backfill --json 2024-03-02 2024-03-01', 'backfill'],
      ['bakfill --json', 'bakfill'],
      ['--json', null],
      ['migrate --nonsense --json', 'migrate'],
    ] as const) {
      const ran = await run(words);
      assert.equal(ran.exitCode, 2, words);
      const { error, ...rest } = JSON.parse(ran.stdout) as { command: string; error: Record<string, string> };
      assert.deepEqual(rest, { command });
      assert.deepEqual(Object.keys(error), ['code', 'message', 'hint']);
      assert.equal(error.code, 'usage');
      assert.ok(error.hint!.length > 10, words);
    }
  });

  it('names an invalid date, and the right order of two dates', async () => {
    assert.match((await run('backfill 2024-02-30 2024-03-01')).stderr, /FROM is not a calendar date: "2024-02-30"/);
    assert.match(
      (await run('backfill 2024-03-02 2024-03-01')).stderr,
      /FROM \(2 Mar 2024\) is after TO \(1 Mar 2024\)/,
    );
  });

  it('refuses settings that cannot be used, without showing a password', async () => {
    const ran = await run('migrate', { DB_URL: 'mysql://u:secret@h/d' });
    assert.equal(ran.exitCode, 2);
    assert.match(ran.stderr, /\[config\]/);
    assert.doesNotMatch(ran.stderr, /secret/);
  });

  it('shows where an error arose only with --verbose', async () => {
    assert.doesNotMatch((await run('migrate --nonsense')).stderr, /^ {4}at /m);
    assert.match((await run('migrate --nonsense --verbose')).stderr, /^ {4}at /m);
  });
});

describe('check', () => {
  const part = (name: CheckItem['part'], ok: boolean): CheckItem => ({
    part: name,
    ok,
    message: `${name} message`,
    ...(!ok && { remedy: `${name} remedy` }),
  });

  it('shows each part with its mark, and the remedy under what is wrong', () => {
    assert.equal(
      describeCheck([part('tally', true), part('company', false), part('warehouse', true), part('schema', true)]),
      `
✓ Tally      tally message
✗ Company    company message
             company remedy
✓ Warehouse  warehouse message
✓ Tables     schema message`.trimStart(),
    );
  });

  it('marks what is fine and yet worth knowing', () => {
    const edition: CheckItem = { part: 'company', ok: true, caution: true, message: 'It is open, in Education mode.' };
    assert.equal(describeCheck([edition]), '! Company    It is open, in Education mode.');
    assert.equal(checkExitCode([edition]), 0);
  });

  it('ends with the exit code of the first part that is wrong', () => {
    assert.equal(checkExitCode([part('tally', true), part('warehouse', true)]), 0);
    assert.equal(checkExitCode([part('tally', false), part('warehouse', false)]), 3);
    assert.equal(checkExitCode([part('tally', true), part('company', false), part('schema', false)]), 3);
    assert.equal(checkExitCode([part('company', true), part('warehouse', false)]), 4);
    assert.equal(checkExitCode([part('company', true), { ...part('warehouse', false), code: 'config' }]), 2);
    assert.equal(checkExitCode([part('company', true), part('warehouse', true), part('schema', false)]), 4);
    for (const tallys of ['masters', 'vouchers', 'report'] as const)
      assert.equal(checkExitCode([part('company', true), part(tallys, false), part('rights', false)]), 3);
    assert.equal(checkExitCode([part('report', true), part('schema', true), part('rights', false)]), 4);
  });
});

describe('the summary of the demo', () => {
  const byType: JobResult['byType'] = [
    { date: '2024-04-01', invoiceType: 'sales', invoices: 3000, total: '12345678.90' },
  ];
  const result = jobResult({ invoices: 3000, inserted: 3000, byType });

  it('shows the totals, where the rows are and what to try next in words that can be copied', () => {
    const text = describeDemo(result, '/data', 'node dist/cli.js');
    assert.match(text, /^Sales +3,000 +₹1,23,45,678\.90$/m);
    assert.match(text, /^3,000 inserted, 0 updated, 0 unchanged\.$/m);
    assert.match(text, /\/data$/m);
    assert.match(text, /^ +node dist\/cli\.js backfill 2024-04-01 2024-04-05 --dry-run$/m);
  });

  it('says plainly that a second run changed nothing', () => {
    const text = describeDemo({ ...result, inserted: 0, unchanged: 3000 }, '/data', 'tally-warehouse');
    assert.match(text, /^Nothing had changed since the last run: 3,000 invoices unchanged\.$/m);
  });
});
