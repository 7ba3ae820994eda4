import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { cancelled, type CompanySync, type Status, type SyncAllResult, warehouseName } from '../../src/core/core.js';
import { cliSetting } from '../support/cliSetting.js';
import { parseJson, runCli } from '../support/cliProgram.js';
import { fullTable } from '../support/fullTable.js';
import { rowsOf, startManyTallys, type ManyTallys } from '../support/manyTallys.js';
import { freshDatabase } from '../support/postgres.js';
import { useToday } from '../support/shiftedClock.js';

const lastDate = '2024-06-15';

type Row = CompanySync & { exitCode: number };

/** Counts the sessions that our programs have at the same time. `stop` gives the highest count. */
function mostSessions(url: string): { stop: () => Promise<number> } {
  const told = { stop: false };
  const polling = (async () => {
    const client = new Client(url);
    await client.connect();
    let most = 0;
    while (!told.stop) {
      const { rows } = await client.query<{ n: number }>(
        "SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'tally-warehouse cli%'",
      );
      most = Math.max(most, rows[0]!.n);
      await sleep(5);
    }
    await client.end();
    return most;
  })();
  return {
    stop: () => {
      told.stop = true;
      return polling;
    },
  };
}

describe('sync --all', function () {
  this.timeout(fullTable ? 1_200_000 : 120_000);
  useToday(lastDate);
  const cli = cliSetting({});
  const size = fullTable ? { tallys: 31, each: 2 } : { tallys: 2, each: 2 };
  const parallel = fullTable ? 16 : 3;
  let many: ManyTallys;

  before(async () => {
    many = await startManyTallys(size, { invoices: fullTable ? 300 : 60, from: '2024-04-01', to: lastDate });
  });
  after(() => many.close());
  beforeEach(() => {
    for (const server of many.servers) server.requests.length = 0;
  });

  const names = (): string[] => many.open.flatMap(({ companies }) => companies);

  it('syncs every company of a list, of which two fail, as one after the other does, row by row', async () => {
    fs.writeFileSync(path.join(cli.folder, 'companies.yaml'), many.list);
    const warnings: string[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning.message);
    process.on('warning', onWarning);
    const sessions = mostSessions(cli.database);
    const ran = await cli.run(`sync --all --parallel ${parallel} --json`);
    const most = await sessions.stop();
    process.off('warning', onWarning);
    assert.deepEqual(warnings, []);
    const { companies, ...whole } = parseJson(ran) as {
      companies: Row[];
      command: string;
      all: true;
      list: string | null;
    };
    assert.deepEqual([whole.command, whole.all, ran.exitCode], ['sync', true, 3]);
    const list = path.join(cli.folder, 'companies.yaml');
    assert.equal(whole.list, list);
    assert.ok(ran.stderr.startsWith(`Companies: those of the list ${list}.\n`), ran.stderr);
    assert.deepEqual(
      companies.map(({ company, exitCode, error }) => [company, exitCode, error?.code]),
      [
        [many.failing.closed, 3, 'company-not-open'],
        [many.failing.cut, 3, 'answer-cut'],
        ...names().map((name) => [name, 0, undefined]),
      ],
    );
    assert.ok(companies.slice(2).every(({ result }) => result!.inserted > 0 && result!.checkpoint === lastDate));
    // One run has at most three sessions, so more than three show that runs were parallel.
    assert.ok(most > 3 && most <= 3 * parallel, `${most} sessions`);
    // Each Tally is asked for one company after the other.
    for (const [n, { companies: ofTally }] of many.open.entries()) {
      const asked = many.servers[n]!.requests.flatMap(({ company }) => company ?? []);
      const turns = asked.filter((company, at) => company !== asked[at - 1]);
      assert.deepEqual(turns, ofTally, many.open[n]!.url);
    }

    const database = await freshDatabase();
    for (const { url, companies: ofTally } of many.open)
      for (const company of ofTally) {
        const env = { ...cli.env, TALLY_URL: url, TALLY_COMPANY: company, DB_URL: database };
        assert.equal((await cli.run('sync', env)).exitCode, 0);
      }
    const [together, each] = [await rowsOf(cli.database), await rowsOf(database)];
    // The failed companies have a log row each, and no other rows.
    const failed = together.etl_logs!.filter(({ status }) => status === 'error');
    assert.equal(failed.length, 2);
    together.etl_logs = together.etl_logs!.filter(({ status }) => status === 'ok');
    assert.ok(each.fact_invoice_line!.length > 100);
    assert.deepEqual(together, each);
  });

  it('syncs every company that is open at the addresses of TALLY_URL, with a line for each and a table', async () => {
    const [first, second] = many.open;
    const env = { ...cli.env, TALLY_URL: `${first!.url}, ${second!.url}`, TALLY_COMPANY: 'of no account here' };
    const ran = await cli.run('sync --all', env);
    assert.equal(ran.exitCode, 0, ran.stderr);
    const synced = [...first!.companies, ...second!.companies];
    // If a scheduler starts the command in the wrong folder, its log says that this folder has no companies.yaml.
    const into = warehouseName({ dbUrl: cli.database });
    assert.ok(
      ran.stderr.includes(
        `Companies: all that are open at ${first!.url}, ${second!.url}, into ${into}. There is no companies.yaml in ${cli.folder}.`,
      ),
      ran.stderr,
    );
    assert.deepEqual(
      ran.stderr.split('\n').filter((line) => line.startsWith('✓ Synced')).length,
      synced.length,
      'one line for each company',
    );
    assert.match(ran.stderr, /^\d+ invoices read, \d of 4 companies done$/m);
    const [sentence, , head, ...rows] = ran.stdout.trimEnd().split('\n');
    assert.equal(sentence, `Synced 4 companies: ${synced.join(', ')}.`);
    assert.match(head!, /^ {2}Company .* Exit$/);
    assert.deepEqual(
      rows.map((row) => /^✓ (.*?) {2,}.* 0$/.exec(row)?.[1]),
      synced,
    );
    const { runs } = (await cli.answer('status')) as Status;
    assert.equal(runs.length, synced.length);
  });

  it('loads all into the built-in warehouse, whose server it starts and stops once', async () => {
    // One company after the other, so that no other sync keeps the server on between them.
    const ran = await cli.run('sync --all --verbose', { TALLY_URL: many.open[0]!.url });
    assert.equal(ran.exitCode, 0, ran.stderr);
    assert.equal(ran.stderr.match(/Starting PostgreSQL/g)?.length, 1);
    assert.equal(ran.stderr.match(/Stopping PostgreSQL/g)?.length, 1);
  });

  it('does not load a company that another entry may mean for its own warehouse: renamed, or one of several names alike', async () => {
    const { url } = many.servers[0]!;
    const [own, kept] = [await freshDatabase(), many.servers[0]!.book];
    const list = (company: string, warehouse: string): void => {
      const entries = [`{ url: ${url}, company: ${company}, warehouse: "${warehouse}" }`, `{ url: ${url} }`];
      fs.writeFileSync(path.join(cli.folder, 'companies.yaml'), entries.map((entry) => `- ${entry}\n`).join(''));
    };
    const rowsAfter = async (): Promise<unknown[]> => {
      const { companies } = parseJson(await cli.run('sync --all --json')) as { companies: Row[] };
      return companies.map(({ company, error }) => [company, error?.code]);
    };
    list('Renamed Traders', own);
    assert.deepEqual(await rowsAfter(), [
      ['Renamed Traders', 'company-not-open'],
      [null, 'company-not-open'],
    ]);
    assert.equal(many.servers[0]!.requests.filter(({ company }) => company !== undefined).length, 0);
    try {
      many.servers[0]!.behave({ book: { ...kept, companyName: 'CLIENT 2 & CO' } });
      list('client 2 & co', own);
      assert.deepEqual(await rowsAfter(), [['client 2 & co', 'config']]);
    } finally {
      many.servers[0]!.behave({ book: kept });
    }
  });

  it('syncs a company that two Tallies have open from the first of them, and names the one that was left out', async () => {
    const [first, second] = many.servers;
    const kept = second!.book;
    try {
      second!.behave({ book: first!.book });
      const env = { ...cli.env, TALLY_URL: `${first!.url},${second!.url}` };
      const { companies, leftOut } = parseJson(await cli.run('sync --all --json', env)) as SyncAllResult;
      const shared = first!.book.companyName;
      assert.deepEqual(
        companies.map(({ company, url, error }) => [company, url, error?.code]),
        [
          [shared, first!.url, undefined],
          [many.open[0]!.companies[1], first!.url, undefined],
          [many.open[1]!.companies[1], second!.url, undefined],
        ],
      );
      const warehouse = warehouseName({ dbUrl: cli.database });
      assert.deepEqual(leftOut, [{ company: shared, url: second!.url, warehouse, syncedFrom: first!.url }]);
      const two = `[{ url: ${first!.url} }, { url: ${second!.url}, warehouse: "${await freshDatabase()}" }]`;
      fs.writeFileSync(path.join(cli.folder, 'companies.yaml'), two);
      const apart = parseJson(await cli.run('sync --all --json')) as SyncAllResult;
      assert.deepEqual([apart.companies.length, apart.leftOut], [4, []]);
    } finally {
      second!.behave({ book: kept });
    }
  });

  it('runs nothing where an entry of the list is wrong: exit 2, with the line', async () => {
    fs.writeFileSync(path.join(cli.folder, 'clients.yaml'), `${many.list}\n  - company: Rao\n`);
    const message = await cli.fails('config', 2, 'sync --all --companies clients.yaml');
    assert.match(message, /^Entry \d+ \(line \d+\) of clients\.yaml has no url\./);
    assert.equal(many.servers.flatMap(({ requests }) => requests).length, 0);
    assert.match(
      await cli.fails('usage', 2, 'sync --all --companies nowhere.yaml'),
      /There is no file .*nowhere\.yaml/,
    );
    assert.match(await cli.fails('usage', 2, 'sync --parallel 2'), /go with --all/);
    fs.mkdirSync(path.join(cli.folder, 'companies.yaml'));
    const unreadable = await cli.fails('config', 2, 'sync --all');
    assert.match(
      unreadable,
      /^The list of companies cannot be read: .* Make .*companies\.yaml a readable file, or name/,
    );
  });

  it('stops the companies that run and begins no other when it is interrupted: exit 130', async () => {
    const interrupt = new AbortController();
    many.servers[0]!.behave({
      onRequest: ({ kind, name }) => {
        if (kind === 'collection' && /voucher/i.test(name)) interrupt.abort(cancelled());
      },
    });
    const env = { ...cli.env, TALLY_URL: many.open.map(({ url }) => url).join(',') };
    const ran = await runCli(cli.folder, 'sync --all --parallel 1 --json'.split(' '), env, interrupt.signal);
    many.servers[0]!.behave({ onRequest: undefined });
    assert.equal(ran.exitCode, 130, ran.stderr);
    const { companies } = parseJson(ran) as { companies: Row[] };
    assert.deepEqual(
      companies.map(({ company, error }) => [company, error?.code]),
      names().map((name) => [name, 'cancelled']),
    );
    assert.equal(many.servers[1]!.requests.filter(({ company }) => company !== undefined).length, 0);
  });
});
