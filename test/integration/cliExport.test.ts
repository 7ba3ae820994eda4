import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { cancelled, type ExportResult, type PartitionedExportResult } from '../../src/core/core.js';
import { demoCompanyGuid, demoCompanyName } from '../../src/demo/demoNames.js';
import { answerOf, assertBuilt, failureOf, runCli, startCli, type Ran } from '../support/cliProgram.js';
import { fillCalendar, prepareWarehouse } from '../support/filledCalendar.js';
import { sale } from '../support/invoices.js';
import { loadInvoices } from '../support/loadInvoices.js';
import { ask, freshDatabase } from '../support/postgres.js';
import { useFolder } from '../support/useFolder.js';

describe('export on the command line', function () {
  this.timeout(60_000);
  let database: string;
  const folder = useFolder();

  before(async () => {
    assertBuilt();
    database = await freshDatabase();
    await prepareWarehouse(database);
    await fillCalendar(database, { from: '2024-04-01', to: '2024-06-30', invoices: 20_000 });
  });
  const run = (words: string, signal?: AbortSignal): Promise<Ran> =>
    runCli(folder, words.split(' '), { DB_URL: database }, signal);
  const size = async (where = 'true'): Promise<unknown> =>
    (await ask(database, `SELECT count(*)::int AS n FROM fact_invoice WHERE ${where}`))[0]!.n;

  it('writes the invoices and their lines where it is told, and says what is there as one JSON object', async () => {
    const { durationMs, ...result } = answerOf(
      await startCli(folder, 'export 2024-04-01 2024-06-30 --out books.csv --json'.split(' '), { DB_URL: database })
        .done,
    ) as ExportResult;
    const real = fs.realpathSync(folder);
    assert.ok(durationMs > 0);
    assert.deepEqual(
      { ...result, files: result.files.map(({ bytes, ...file }) => [file, fs.statSync(file.path).size === bytes]) },
      {
        command: 'export',
        company: { name: demoCompanyName, id: demoCompanyGuid },
        ...{ from: '2024-04-01', to: '2024-06-30', content: 'invoices', format: 'csv' },
        files: [
          [{ path: path.join(real, 'books.csv'), table: 'invoices', rows: await size() }, true],
          [{ path: path.join(real, 'books-lines.csv'), table: 'lines', rows: 0 }, true],
        ],
        warnings: [],
      },
    );
  });

  it('tells a person how far it is and what is in which file', async () => {
    const ran = await run(`export 2024-04-01 2024-07-02 --content sales_register --out ${folder}/sales.parquet`);
    assert.equal(ran.exitCode, 0, ran.stderr);
    assert.match(ran.stderr, /^[\d,]+ of [\d,]+ rows exported \(\d+ %\)$/m);
    assert.match(ran.stdout, /^Exported 1 Apr – 2 Jul 2024 of .* from .* in [\d.]+ s:$/m);
    assert.match(ran.stdout, /sales\.parquet {2}[\d,]+ rows of the sales register, [\d,]+ bytes$/m);
    assert.match(ran.stdout, /^Note: 2 days of .* were never loaded/m);
  });

  it('keeps a folder of monthly files up to date, and refuses what does not go with that', async () => {
    const first = await run(`export --partitioned ${folder}/lake`);
    assert.equal(first.exitCode, 0, first.stderr);
    assert.match(first.stdout, /^Brought .*lake up to date with .+ in [\d.]+ s:$/m);
    assert.match(
      first.stdout,
      /^✓ .*: months written 3, unchanged 0, removed 0; [\d,]+ invoices, 0 lines, [\d,]+ bytes \(exit code 0\)$/m,
    );
    const second = await run(`export --partitioned ${folder}/lake --json`);
    const { companies } = answerOf(second) as PartitionedExportResult;
    assert.deepEqual(
      companies.map(({ written, unchanged, ...row }) => [written, unchanged, 'exitCode' in row && row.exitCode]),
      [[0, 3, 0]],
    );
    for (const words of [
      '2024-04-01 2024-04-30 --partitioned lake',
      '--partitioned lake --format csv',
      '--partitioned ',
    ])
      assert.equal((await run(`export ${words}`)).exitCode, 2, words);
  });

  it('ends with the worst exit code of the companies when a folder of monthly files cannot be written for all', async () => {
    const db = await freshDatabase();
    await loadInvoices(db, [sale(1)], { id: 'a', name: 'Asha' });
    await loadInvoices(db, [sale(1)], { id: 'k', name: 'Kamal' });
    fs.mkdirSync(path.join(folder, 'some/company_id=a/manifest.json'), { recursive: true });
    const words = ['export', '--partitioned', path.join(folder, 'some')];
    const ran = await runCli(folder, words, { DB_URL: db });
    assert.equal(ran.exitCode, 2, ran.stderr);
    const [sentence, ...lines] = ran.stdout.split('\n');
    assert.match(sentence!, /^Exported 1 of 2 companies of .+ into .+some in [\d.]+ s:$/);
    assert.match(lines[0]!, /^✗ Asha: .*manifest\.json.* \[file-not-written\] \(exit code 2\)$/);
    assert.match(lines[1]!, /^ {2}\S/);
    assert.match(lines[2]!, /^✓ Kamal: months written 1, .* \(exit code 0\)$/);
    assert.ok(ran.stderr.includes(lines[0]!) && ran.stderr.includes(lines[2]!), ran.stderr);
    const json = await runCli(folder, [...words, '--json'], { DB_URL: db });
    const { companies } = JSON.parse(json.stdout) as { companies: Record<string, unknown>[] };
    assert.deepEqual(
      companies.map(({ company, exitCode, error }) => [
        company,
        exitCode,
        (error as { code: string } | undefined)?.code,
      ]),
      [
        [{ id: 'a', name: 'Asha' }, 2, 'file-not-written'],
        [{ id: 'k', name: 'Kamal' }, 0, undefined],
      ],
    );
    const one = await runCli(folder, [...words, '--company', 'Asha', '--json'], { DB_URL: db });
    failureOf(one, 'file-not-written', 2);
  });

  it('refuses what it cannot do by the codes of every command, and is broken off with 130', async () => {
    assert.match(failureOf(await run('export 2024-04-01 2024-06-30 --json'), 'usage', 2), /--out is missing/);
    const content = await run(`export 2024-04-01 2024-06-30 --out ${folder}/x.csv --content books --json`);
    assert.match(failureOf(content, 'usage', 2), /--content is not known: books .*sales_register/);
    const nowhere = await run(`export 2024-04-01 2024-06-30 --out ${folder}/none/x.csv --json`);
    assert.match(failureOf(nowhere, 'file-not-written', 2), /its folder does not exist/);
    const before = fs.readdirSync(folder);
    const other = new Client(database);
    await other.connect();
    await other.query('BEGIN; LOCK TABLE fact_invoice');
    const stop = new AbortController();
    const done = run(`export 2024-04-01 2024-06-30 --out ${folder}/x.csv --json`, stop.signal);
    const waiting = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%fact_invoice%'";
    while ((await ask(database, waiting)).length === 0) await sleep(20);
    stop.abort(cancelled());
    failureOf(await done, 'cancelled', 130);
    await other.end();
    assert.deepEqual(fs.readdirSync(folder), before);
  });
});
