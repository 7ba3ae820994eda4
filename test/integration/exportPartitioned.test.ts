import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { EtlError } from '../../src/core/base/errors.js';
import { backfill, exportPartitioned } from '../../src/core/core.js';
import type { JobContext, PartitionedExportRequest, PartitionedExportResult } from '../../src/core/jobs/job.js';
import { createBook } from '../../src/demo/book/book.js';
import { demoCompanyGuid, demoCompanyName } from '../../src/demo/demoNames.js';
import { exportKey } from '../../src/core/warehouse/postgres/companyLock.js';
import { startDemoServer } from '../../src/demo/server.js';
import { contextOf } from '../support/context.js';
import { duckBlocks, inDuck } from '../support/duckViews.js';
import { sale } from '../support/invoices.js';
import { loadInvoices } from '../support/loadInvoices.js';
import { ask, freshDatabase, loadedOnce } from '../support/postgres.js';
import { useFolder } from '../support/useFolder.js';

const range = { from: '2024-03-10', to: '2024-05-31' };
const other = { id: 'a/b "c"*%', name: 'Other, दुकान' };

describe('a folder of monthly Parquet files', function () {
  this.timeout(60_000);
  let url: string;
  const folder = useFolder();
  const freshCopy = loadedOnce(freshDatabase, async (dbUrl) => {
    const tally = await startDemoServer({ book: createBook({ invoices: 300, ...range }) });
    try {
      await backfill(range, contextOf({ TALLY_URL: tally.url, DB_URL: dbUrl }));
    } finally {
      await tally.close();
    }
    await loadInvoices(dbUrl, [sale(1, { date: '2024-05-05' })], other);
  });

  beforeEach(async () => {
    url = await freshCopy();
    fs.rmSync(lake(), { recursive: true, force: true });
  });

  const lake = (): string => path.join(folder, 'lake');
  const run = (
    given: Partial<PartitionedExportRequest> = {},
    more: Partial<JobContext> = {},
  ): Promise<PartitionedExportResult> =>
    exportPartitioned({ folder: lake(), ...given }, contextOf({ DB_URL: url }, more));
  /** How many months of the demo company were written, unchanged and removed. */
  const ofDemo = ({ companies }: PartitionedExportResult): unknown[] => {
    const found = companies.find(({ company }) => company.id === demoCompanyGuid)!;
    return [found.written, found.unchanged, found.removed];
  };
  const ends = ({ companies }: PartitionedExportResult): string[][] =>
    companies.map(({ company, error, written }) => [company.name, error?.code ?? `written ${written!}`]);
  const files = (): string[] => fs.readdirSync(lake(), { recursive: true, encoding: 'utf8' }).sort();
  const demoFolder = (): string => path.join(lake(), `company_id=${demoCompanyGuid}`);
  const rowsOf = async (view: string): Promise<(string | null)[][]> => {
    const columns = await ask(
      url,
      `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1
       ORDER BY ordinal_position`,
      [view],
    );
    const shown = columns.map(({ name }, i) => `${name as string}::text AS c${i}`).join(', ');
    return (await ask(url, `SELECT ${shown} FROM ${view}`)).map((row) => Object.values(row) as (string | null)[]);
  };
  const sorted = (rows: (string | null)[][]): string[] => rows.map((row) => JSON.stringify(row)).sort();

  it('shows in DuckDB, by the views of the document, the rows of the views of the warehouse', async () => {
    await ask(url, 'UPDATE fact_invoice SET is_optional = true WHERE master_id % 50 = 0');
    await ask(url, 'UPDATE fact_invoice SET missing_since = now() WHERE master_id % 50 = 1');
    // Lines with rate 0 and lines without a rate, so that the rates do not explain the tax.
    await ask(url, "UPDATE fact_invoice_line SET gst_rate = 0 WHERE line_no = 1 AND invoice_type = 'purchase'");
    await ask(url, 'UPDATE fact_invoice_line SET gst_rate = NULL WHERE line_no = 2');
    // An invoice of 1,000 crore rupees: the product of its tax and its weights does not fit into 128 bits.
    const [large] = await ask(
      url,
      `SELECT invoice_id AS id FROM sales_register WHERE cgst_amount > 0 AND NOT is_cancelled ORDER BY invoice_id LIMIT 1`,
    );
    for (const change of [
      'fact_invoice SET cgst_amount = 900000000.07, sgst_amount = -0.01',
      'fact_invoice_line SET amount = 9999999999.99 - line_no, gst_rate = 9 * line_no',
    ])
      await ask(url, `UPDATE ${change} WHERE invoice_id = $1`, [large!.id]);
    await run();
    await inDuck(lake(), async (duck) => {
      for (const view of ['invoice_register', 'sales_register', 'purchase_register', 'gst_summary', 'party_totals']) {
        const rows = sorted(await rowsOf(view));
        assert.ok(rows.length > 5, view);
        assert.deepEqual(sorted(await duck(`SELECT * FROM ${view}`)), rows, view);
      }
      for (const example of duckBlocks().examples)
        assert.ok((await duck(example.replace(/;$/, ''))).length > 0, example);
    });
  });

  it('tells how far it is without ever going back, of several companies too', async () => {
    const fractions: number[] = [];
    await run({}, { onProgress: ({ phase, fraction }) => phase === 'exporting' && fractions.push(fraction!) });
    assert.deepEqual(
      fractions,
      [...fractions].sort((a, b) => a - b),
    );
    assert.ok(fractions.length > 3);
    assert.equal(fractions.at(-1), 1);
  });

  it('has each company and month once, by names that every file system takes', async () => {
    const result = await run();
    assert.deepEqual(files(), [
      `company_id=${demoCompanyGuid}`,
      `company_id=${demoCompanyGuid}/manifest.json`,
      ...['2024-03', '2024-04', '2024-05'].flatMap((month) =>
        ['', '/invoices.parquet', '/lines.parquet'].map(
          (name) => `company_id=${demoCompanyGuid}/month=${month}${name}`,
        ),
      ),
      'company_id=a%2Fb%20%22c%22%2A%25',
      ...['manifest.json', 'month=2024-05', 'month=2024-05/invoices.parquet', 'month=2024-05/lines.parquet'].map(
        (name) => `company_id=a%2Fb%20%22c%22%2A%25/${name}`,
      ),
    ]);
    assert.deepEqual(result.warnings, []);
    const [stored] = await ask(
      url,
      `SELECT (SELECT count(*)::int FROM fact_invoice) AS invoices, (SELECT count(*)::int FROM fact_invoice_line) AS lines`,
    );
    const sum = (key: 'invoices' | 'lines'): number => result.companies.reduce((all, one) => all + one[key]!, 0);
    assert.deepEqual({ invoices: sum('invoices'), lines: sum('lines') }, stored);
    await inDuck(lake(), async (duck) => {
      assert.deepEqual(await duck('SELECT DISTINCT company_id, company_name FROM invoices ORDER BY company_name'), [
        [demoCompanyGuid, demoCompanyName],
        [other.id, other.name],
      ]);
    });
  });

  it('writes again only the months whose rows changed, also those changed by hand, and deletes a month without invoices', async () => {
    assert.deepEqual(ofDemo(await run()), [3, 0, 0]);
    assert.deepEqual(ofDemo(await run()), [0, 3, 0]);
    await ask(url, "UPDATE fact_invoice SET loaded_at = now() WHERE date < '2024-04-01'");
    assert.deepEqual(ofDemo(await run()), [0, 3, 0], 'a row that was only written again has not changed');
    await ask(
      url,
      `UPDATE fact_invoice_line SET description = 'by hand' WHERE ctid = (
         SELECT ctid FROM fact_invoice_line WHERE company_id = $1 AND date BETWEEN '2024-04-01' AND '2024-04-30' LIMIT 1)`,
      [demoCompanyGuid],
    );
    await ask(url, "DELETE FROM fact_invoice WHERE company_id = $1 AND date >= '2024-05-01'", [demoCompanyGuid]);
    assert.deepEqual(ofDemo(await run()), [1, 1, 1]);
    assert.equal(fs.existsSync(path.join(demoFolder(), 'month=2024-05')), false);
    await inDuck(lake(), async (duck) => {
      assert.deepEqual(await duck("SELECT count(*) FROM lines WHERE description = 'by hand'"), [['1']]);
    });
  });

  it('writes again what somebody deleted or damaged, and every month of a company that has another name', async () => {
    await run();
    fs.rmSync(path.join(demoFolder(), 'month=2024-03/lines.parquet'));
    fs.truncateSync(path.join(demoFolder(), 'month=2024-04/invoices.parquet'), 10);
    assert.deepEqual(ofDemo(await run()), [2, 1, 0]);
    await ask(url, "UPDATE dim_company SET name = 'New name' WHERE company_id = $1", [demoCompanyGuid]);
    assert.deepEqual(ofDemo(await run()), [3, 0, 0]);
    await inDuck(lake(), async (duck) => {
      assert.deepEqual(await duck('SELECT DISTINCT company_name FROM lines ORDER BY 1'), [['New name'], [other.name]]);
    });
  });

  it('goes on where a failure or a cancel ended it, and leaves whole files alone', async () => {
    const blocked = path.join(demoFolder(), 'month=2024-04/lines.parquet');
    fs.mkdirSync(blocked, { recursive: true });
    await assert.rejects(
      run({ company: demoCompanyName }),
      (error: EtlError) => error.code === 'file-not-written' && error.message.includes(blocked),
    );
    assert.deepEqual(
      files().filter((name) => name.endsWith('.partial')),
      [],
    );
    fs.rmSync(blocked, { recursive: true });
    assert.deepEqual(ofDemo(await run()), [2, 1, 0]);

    await ask(url, "UPDATE fact_invoice SET narration = 'again'");
    const cancel = new AbortController();
    const [march] = await ask(url, "SELECT count(*)::int AS invoices FROM fact_invoice WHERE date < '2024-04-01'");
    const onProgress: JobContext['onProgress'] = ({ rows = 0 }) => {
      if (rows > Number(march!.invoices)) cancel.abort();
    };
    assert.deepEqual(ends(await run({}, { signal: cancel.signal, onProgress })), [
      [demoCompanyName, 'cancelled'],
      [other.name, 'cancelled'],
    ]);
    assert.deepEqual(ofDemo(await run()), [2, 1, 0]);
  });

  it('goes on with the other companies where one fails, and says how each ended', async () => {
    const blocked = path.join(demoFolder(), 'month=2024-04/lines.parquet');
    fs.mkdirSync(blocked, { recursive: true });
    const ended: string[] = [];
    const fractions: number[] = [];
    const result = await exportPartitioned(
      { folder: lake() },
      contextOf({ DB_URL: url }, { onProgress: ({ fraction }) => fractions.push(fraction ?? 0) }),
      ({ company }) => ended.push(company.name),
    );
    assert.deepEqual(ends(result), [
      [demoCompanyName, 'file-not-written'],
      [other.name, 'written 1'],
    ]);
    assert.ok(result.companies[0]!.error!.message.includes(blocked));
    assert.deepEqual(ended, [demoCompanyName, other.name]);
    assert.deepEqual(
      fractions,
      [...fractions].sort((a, b) => a - b),
    );
  });

  it('waits for another export of the company, and then sees what changed meanwhile', async () => {
    const holder = new Client({ connectionString: url });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT pg_advisory_xact_lock($1::bigint)', [exportKey(demoCompanyGuid)]);
    const exported = run({ company: demoCompanyGuid });
    const waits = "SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
    while ((await ask(url, waits))[0]!.n === 0) await sleep(20);
    assert.equal(fs.existsSync(lake()), false);
    await holder.query("UPDATE fact_invoice SET narration = 'meanwhile'");
    await holder.query('COMMIT');
    await holder.end();
    await exported;
    await inDuck(lake(), async (duck) => {
      assert.deepEqual(await duck('SELECT DISTINCT narration FROM invoices'), [['meanwhile']]);
    });
    assert.deepEqual(ofDemo(await run()), [0, 3, 0]);
  });

  it('deletes nothing outside the folders of the months, whatever a manifest says', async () => {
    await run();
    const place = path.join(demoFolder(), 'manifest.json');
    const manifest = JSON.parse(fs.readFileSync(place, 'utf8')) as { months: Record<string, unknown> };
    manifest.months['/../../../mine'] = manifest.months['2024-03'];
    fs.writeFileSync(place, JSON.stringify(manifest));
    const mine = path.join(folder, 'mine', 'invoices.parquet');
    fs.mkdirSync(path.dirname(mine));
    fs.writeFileSync(mine, 'mine');
    assert.deepEqual(ofDemo(await run()), [3, 0, 0]);
    assert.equal(fs.readFileSync(mine, 'utf8'), 'mine');
  });

  it('names folders of companies that the warehouse does not have, and a manifest that it cannot read', async () => {
    await run();
    fs.writeFileSync(path.join(demoFolder(), 'manifest.json'), '{"version": 2}');
    fs.rmSync(path.join(lake(), 'company_id=a%2Fb%20%22c%22%2A%25'), { recursive: true });
    fs.cpSync(demoFolder(), path.join(lake(), 'company_id=gone'), { recursive: true });
    fs.mkdirSync(path.join(lake(), 'company_id=mine'));
    const result = await run();
    assert.deepEqual(ofDemo(result), [3, 0, 0]);
    assert.deepEqual(result.warnings, [
      `${path.join(demoFolder(), 'manifest.json')} could not be read, so all files of that company were written again.`,
      `These folders belong to companies that the warehouse does not have: ${path.join(lake(), 'company_id=gone')}. Delete them if you no longer need them.`,
    ]);
  });
});
