import assert from 'node:assert/strict';
import { demoCompanyName } from '../../src/demo/demoNames.js';
import { failureOf, parseJson, type Failure } from '../support/cliProgram.js';
import { cliSetting } from '../support/cliSetting.js';
import { closedPort } from '../support/closedPort.js';

const [from, to] = ['2024-04-01', '2024-06-30'];
const book = { invoices: 400, from: '2024-04-01', to: '2024-07-31' };

describe('what goes wrong on the command line', function () {
  this.timeout(60_000);
  const cli = cliSetting({ book });

  /** Runs with --json, and asserts the error's code, the exit code and a hint. Returns message and hint. */
  async function fails(code: string, exitCode: number, words: string, env = cli.env): Promise<string> {
    const ran = await cli.run(`${words} --json`, env);
    assert.equal((parseJson(ran) as Failure).command, words.split(' ')[0]);
    return failureOf(ran, code, exitCode);
  }

  it('an invalid date, or dates the wrong way round: usage, exit 2', async () => {
    assert.match(await fails('usage', 2, 'backfill 2024-02-30 2024-03-31'), /2024-02-30/);
    assert.match(await fails('usage', 2, 'backfill 13-10-2024 1/4/24'), /13\sOct\s2024.*after.*1\sApr\s2024/);
  });

  it('an option that does not exist: usage, exit 2, and the usage line', async () => {
    assert.match(
      await fails('usage', 2, `backfill ${from} ${to} --fast`),
      /--fast.*Usage: tally-warehouse backfill FROM TO/,
    );
  });

  it('a settings file that is missing: usage, exit 2', async () => {
    const ran = await cli.run('check --env-file none.env');
    assert.equal(ran.exitCode, 2);
    assert.match(ran.stderr, /none\.env.*\[usage\]/);
  });

  it('nobody at TALLY_URL: tally-unreachable, exit 3', async () => {
    const text = await fails('tally-unreachable', 3, `backfill ${from} ${to}`, {
      ...cli.env,
      TALLY_URL: `http://127.0.0.1:${await closedPort()}`,
    });
    assert.match(text, /Tally/);
  });

  it('another program on the port: answer-unreadable, exit 3', async () => {
    cli.tally.behave({ fault: { kind: 'html' } });
    await fails('answer-unreadable', 3, `backfill ${from} ${to}`);
  });

  it('a company that is not open: company-not-open, exit 3, with those that are', async () => {
    const text = await fails('company-not-open', 3, `backfill ${from} ${to}`, {
      ...cli.env,
      TALLY_COMPANY: 'Closed Ltd',
    });
    assert.ok(text.includes('Closed Ltd') && text.includes(demoCompanyName), text);
  });

  it('a wrong database password: warehouse-refused, exit 4, and the password nowhere', async () => {
    const url = new URL(cli.database);
    url.password = 'not-the-password';
    const env = { ...cli.env, DB_URL: url.href };
    const text = await fails('warehouse-refused', 4, `backfill ${from} ${to}`, env);
    assert.match(text, /password/);
    const ran = await cli.run(`backfill ${from} ${to} --verbose`, env);
    assert.doesNotMatch(ran.stdout + ran.stderr, /not-the-password/);
  });
});
