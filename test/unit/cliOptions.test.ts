import assert from 'node:assert/strict';
import { glance, readCommandLine } from '../../src/cli/options.js';
import { commandNames, helpText, usageLine } from '../../src/cli/help.js';

const usageError = (message: string | RegExp, hint: RegExp) => ({ code: 'usage', message, hint }) as const;

function refuses(words: string, message: string | RegExp, hint: RegExp): void {
  assert.throws(
    () => readCommandLine(words === '' ? [] : words.split(' ')),
    (error: { code: string; message: string; hint: string }) => {
      const wanted = usageError(message, hint);
      assert.equal(error.code, wanted.code);
      if (typeof message === 'string') assert.equal(error.message, message);
      else assert.match(error.message, message);
      assert.match(error.hint, wanted.hint);
      return true;
    },
  );
}

describe('the command line', () => {
  it('reads a backfill with its dates and options, in any order', () => {
    for (const words of [
      'backfill 2024-04-01 2024-10-13 --dry-run --json --env-file my.env',
      '--json --env-file my.env backfill --dry-run 2024-04-01 2024-10-13',
      '--env-file=my.env backfill 2024-04-01 --json 2024-10-13 --dry-run',
    ])
      assert.deepEqual(readCommandLine(words.split(' ')), {
        command: 'backfill',
        args: ['2024-04-01', '2024-10-13'],
        json: true,
        verbose: false,
        help: false,
        version: false,
        envFile: 'my.env',
        dayByDay: false,
        dryRun: true,
        force: false,
        files: [],
        all: false,
        companies: undefined,
        parallel: undefined,
        company: undefined,
        out: undefined,
        partitioned: undefined,
        content: undefined,
        format: undefined,
        noBom: false,
        totals: false,
        yes: false,
        showPassword: false,
        limit: undefined,
        distributed: false,
        partitions: undefined,
        invoices: undefined,
        port: undefined,
      });
  });

  it('reads what each command takes, files as often as they are named', () => {
    const dates = { args: ['2024-04-01', '2024-10-13'] };
    const all = { dayByDay: true, dryRun: true };
    const [one, two] = [{ files: ['books/DayBook.xml'] }, { files: ['b.xml', 'a.xml'] }];
    for (const [words, expected] of [
      ['clear-and-reload 2024-04-01 2024-10-13 --force --day-by-day --dry-run', { ...dates, ...all, force: true }],
      ['backfill 2024-04-01 2024-10-13', { ...dates, files: [], dryRun: false }],
      ['backfill 2024-04-01 2024-10-13 --file books/DayBook.xml --dry-run --day-by-day', { ...dates, ...one, ...all }],
      ['--file=books/DayBook.xml --day-by-day backfill 2024-04-01 --dry-run 2024-10-13', { ...dates, ...one, ...all }],
      ['backfill 2024-04-01 2024-10-13 --file b.xml --dry-run --file=a.xml', { ...dates, ...two }],
      ['verify 2024-04-01 2024-10-13 --limit 5', { ...dates, totals: false, limit: 5 }],
      ['verify 2024-04-01 --totals 2024-10-13', { ...dates, totals: true, limit: undefined }],
      ['demo-server --port 9000 --invoices 500', { port: 9000, invoices: 500 }],
    ] as const) {
      const line = readCommandLine(words.split(' '));
      assert.deepEqual({ ...line, ...expected }, line, words);
      assert.ok(words.includes(line.command!), words);
    }
  });

  it('says which word is wrong and how the command is written', () => {
    const backfillUsage =
      /^Usage: tally-warehouse backfill FROM TO \[--file PATH\] \[--day-by-day\] \[--dry-run\] \[options\]$/;
    refuses('backfill 2024-04-01', 'TO is missing.', backfillUsage);
    refuses('backfill', 'FROM is missing.', backfillUsage);
    refuses('backfill a b c d', 'Too many arguments: c d', backfillUsage);
    refuses('backfill a b --dry', "Unknown option '--dry'. Did you mean --dry-run?", backfillUsage);
    refuses('backfill a b --dryrun', "Unknown option '--dryrun'. Did you mean --dry-run?", backfillUsage);
    refuses('backfill a b --nonsense', "Unknown option '--nonsense'.", backfillUsage);
    refuses('backfill a b --json=yes', /--json/, backfillUsage);
    refuses('backfill a b --env-file', /--env-file <value>' argument missing\.$/, backfillUsage);
    refuses('backfill a b --file', /--file <value>' argument missing\.$/, backfillUsage);
    refuses('backfill a b --file --dry-run', /--file' argument is ambiguous/, backfillUsage);
  });

  it('refuses an option of another command', () => {
    refuses('migrate --dry-run', "Unknown option '--dry-run'.", /^Usage: tally-warehouse migrate /);
    refuses('backfill a b --force', "Unknown option '--force'.", /^Usage: tally-warehouse backfill/);
    refuses('backfill a b --totals', "Unknown option '--totals'.", /^Usage: tally-warehouse backfill/);
    refuses('sync --dry-run', "Unknown option '--dry-run'.", /^Usage: tally-warehouse sync \[--all\] .* \[options\]$/);
    refuses('status --force', "Unknown option '--force'.", /^Usage: tally-warehouse status \[options\]$/);
    for (const command of commandNames.filter((name) => name !== 'backfill'))
      refuses(
        `${command} --file DayBook.xml`,
        "Unknown option '--file'.",
        new RegExp(`^Usage: tally-warehouse ${command}`),
      );
    refuses('backfill a b --port 1', "Unknown option '--port'.", /^Usage: tally-warehouse backfill/);
  });

  it('takes dates where the command needs them and only there', () => {
    refuses('clear-and-reload 2024-04-01', 'TO is missing.', /clear-and-reload FROM TO .*\[--dry-run\] \[--force\]/);
    refuses('sync 2024-04-01', 'Too many arguments: 2024-04-01', /^Usage: tally-warehouse sync/);
    refuses('status 50', 'Too many arguments: 50', /^Usage: tally-warehouse status/);
  });

  it('refuses values that are not numbers', () => {
    for (const words of ['--port 65536', '--port -1', '--port=x', '--port=1e3', '--invoices 0', '--invoices 1.5'])
      refuses(`demo-server ${words}`, /--(port|invoices)/, /^Usage: tally-warehouse demo-server/);
  });

  it('names the commands when one is unknown or none is given', () => {
    refuses(
      'bakfill a b',
      'Unknown command: bakfill. Did you mean backfill?',
      /^Usage: tally-warehouse <command> .*sync, backfill, clear-and-reload, verify, export, status, rejects, remove-company, serve, migrate, check, companies/,
    );
    refuses(
      'clear_and_reload a b',
      'Unknown command: clear_and_reload. Did you mean clear-and-reload?',
      /clear-and-reload/,
    );
    refuses('toString', 'Unknown command: toString', /backfill/);
    refuses('', 'No command was given.', /backfill/);
    refuses('--json', 'No command was given.', /backfill/);
  });

  it('takes --help and --version with or without a command and without its arguments', () => {
    assert.equal(readCommandLine(['--help']).help, true);
    assert.equal(readCommandLine(['-h']).help, true);
    assert.equal(readCommandLine(['backfill', '--help']).command, 'backfill');
    assert.equal(readCommandLine(['--version']).version, true);
  });

  it('takes help with and without a command', () => {
    for (const words of ['help backfill', '--json help backfill', 'help --json backfill']) {
      const { command, help } = readCommandLine(words.split(' '));
      assert.deepEqual([command, help], ['backfill', true], words);
    }
    assert.deepEqual([readCommandLine(['help']).command, readCommandLine(['help']).help], [undefined, true]);
    refuses('help bakfill', /Did you mean backfill\?$/, /^Usage/);
  });

  it('tells command and form of output even where the rest cannot be read', () => {
    assert.deepEqual(glance('--nonsense backfill --json'.split(' ')), {
      command: 'backfill',
      json: true,
      verbose: false,
    });
    assert.deepEqual(glance(['--env-file', 'backfill', 'check']), { command: 'check', json: false, verbose: false });
    assert.deepEqual(glance([]), { command: null, json: false, verbose: false });
  });
});

describe('--help', () => {
  it('lists every command, option, setting and exit code', () => {
    const text = helpText(undefined);
    for (const name of commandNames) assert.match(text, new RegExp(`^  ${name} +\\S`, 'm'));
    for (const word of ['--json', '--verbose', '--env-file']) assert.ok(text.includes(word), word);
    for (const name of ['URL', 'COMPANY', 'REPORT', 'OVERLAP_DAYS', 'TIMEOUT_SECONDS', 'DATA_DIR'])
      assert.match(text, new RegExp(`^  TALLY_${name} +\\S`, 'm'));
    assert.match(text, /^ {2}DB_URL +\S/m);
    for (const code of ['0', '1', '2', '3', '4', '5', '6', '130'])
      assert.match(text, new RegExp(`^  ${code} +\\S`, 'm'));
  });

  it("shows a command's usage, options and examples that can be typed as they stand", () => {
    for (const name of commandNames) {
      const text = helpText(name);
      assert.ok(text.includes(`Usage: ${usageLine(name)}`));
      const examples = [...text.matchAll(/^ {2}tally-warehouse (.*)$/gm)].map(([, words]) => words!);
      assert.ok(examples.length > 0, name);
      for (const words of examples) assert.equal(readCommandLine(words.split(' ')).command, name);
    }
  });

  it('fits the width of the terminal, 120 columns at most', () => {
    for (const name of [undefined, ...commandNames])
      for (const width of [80, 100, 200])
        for (const line of helpText(name, width).split('\n')) assert.ok(line.length <= Math.min(width, 120), line);
  });
});
