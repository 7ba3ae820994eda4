import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { backfill, exportableCompanies, exportRange, ledgerTables, type ExportResult } from '../../src/core/core.js';
import type { ExportRequest } from '../../src/core/jobs/job.js';
import { createBook } from '../../src/demo/book/book.js';
import { contextOf } from '../support/context.js';
import { plainSpaces } from '../support/plainSpaces.js';
import { parseCsv } from '../support/parseCsv.js';
import { ask, freshDatabase } from '../support/postgres.js';
import { useToday } from '../support/shiftedClock.js';
import { useFolder } from '../support/useFolder.js';
import { useTally } from '../support/useTally.js';

const now = '2024-06-18';
const from = '2024-04-01';
const june = { from: '2024-06-01', to: '2024-06-10' };

describe('the export of the ledger', function () {
  this.timeout(120_000);
  useToday(now);
  const folder = useFolder();
  const book = createBook({ invoices: 240, from, to: now });
  const tally = useTally({ book });
  let database: string;
  const context = (more = {}) =>
    contextOf({ TALLY_URL: tally.url, DB_URL: database, TALLY_STREAMS: 'invoices,ledger', ...more });
  const run = (name: string, given: Partial<ExportRequest> = {}): Promise<ExportResult> =>
    exportRange({ ...june, path: path.join(folder, name), ...given }, context());

  before(async () => {
    database = await freshDatabase();
    await backfill({ from, to: now }, context());
  });

  it('has each view and function, as SQL has it, in CSV, Excel and Parquet', async () => {
    const { to } = june;
    const expected: Record<(typeof ledgerTables)[number], string> = {
      ...{ day_book: `day_book WHERE date BETWEEN '${june.from}' AND '${to}'` },
      ...{ ledger_register: `ledger_register WHERE date BETWEEN '${june.from}' AND '${to}'` },
      ...{ bill_register: `bill_register WHERE date BETWEEN '${june.from}' AND '${to}'` },
      ...{ stock_register: `stock_register WHERE date BETWEEN '${june.from}' AND '${to}'` },
      ...{ trial_balance: `trial_balance('${to}')`, profit_and_loss: `profit_and_loss('${june.from}', '${to}')` },
      ...{ receivables_ageing: `receivables_ageing('${to}')`, payables_ageing: `payables_ageing('${to}')` },
      ...{ cash_and_bank: `cash_and_bank('${to}')`, stock_summary: `stock_summary('${to}')` },
    };
    for (const content of ledgerTables) {
      const [row] = await ask(database, `SELECT count(*)::int AS n FROM ${expected[content]}`);
      assert.ok(Number(row!.n) > 0, content);
      const { files, warnings } = await run(`${content}.csv`, { content });
      assert.deepEqual([files[0]!.table, files[0]!.rows, warnings], [content, row!.n, []], content);
      const [header = [], ...lines] = parseCsv(fs.readFileSync(files[0]!.path, 'utf8').slice(1));
      assert.equal(lines.length, row!.n);
      const columns = header.filter((name) => !['as_of', 'from_date', 'to_date'].includes(String(name)));
      const sorted = (rows: unknown[][]): string[] => rows.map((cells) => cells.join('|')).sort();
      // Zeros at the end of the decimals make no difference.
      const shown = (text: unknown): unknown =>
        typeof text === 'string' && /^-?\d+\.\d+$/.test(text) ? String(Number(text)) : text;
      const inSql = await ask(
        database,
        `SELECT ${columns.map((name) => `${String(name)}::text AS "${String(name)}"`).join(', ')} FROM ${expected[content]}`,
      );
      assert.deepEqual(
        sorted(lines.map((cells) => columns.map((name) => shown(cells[header.indexOf(name)])))),
        sorted(inSql.map((one) => columns.map((name) => shown(one[String(name)])))),
        content,
      );
      for (const ending of ['xlsx', 'parquet'])
        assert.equal((await run(`${content}.${ending}`, { content })).files[0]!.rows, row!.n, content);
      const bytes = fs.readFileSync(path.join(folder, `${content}.parquet`));
      const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
      assert.equal((await parquetReadObjects({ file: buffer })).length, row!.n, content);
    }
  });

  it('keeps exact amounts in Parquet', async () => {
    await run('balance.parquet', { content: 'trial_balance' });
    const bytes = fs.readFileSync(path.join(folder, 'balance.parquet'));
    const rows = await parquetReadObjects({
      file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
    });
    const [cash] = await ask(
      database,
      `SELECT closing_balance::float8 AS b FROM trial_balance('${june.to}') WHERE ledger_name = 'Cash'`,
    );
    assert.equal(rows.find(({ ledger_name }) => ledger_name === 'Cash')!.closing_balance, cash!.b);
  });

  it('says which days were never loaded with the ledger: of a balance, all days since the books began', async () => {
    const whole = database;
    database = await freshDatabase();
    await backfill(june, context());
    const balance = await run('part.csv', { content: 'trial_balance' });
    assert.deepEqual(balance.warnings.map(plainSpaces), [
      '61 days of 1 Apr – 10 Jun 2024 were never loaded with the ledger, so their vouchers are not in the export.',
    ]);
    assert.deepEqual((await run('part.csv', { content: 'day_book' })).warnings, []);
    database = whole;
  });

  it('is offered where the ledger was loaded', async () => {
    assert.equal((await exportableCompanies(context())).hasLedger, true);
    const whole = database;
    database = await freshDatabase();
    await backfill(june, context({ TALLY_STREAMS: 'invoices' }));
    assert.equal((await exportableCompanies(context())).hasLedger, false);
    const { warnings } = await run('none.csv', { content: 'trial_balance' });
    assert.equal(warnings.length, 2, 'nothing there, and days without the ledger');
    database = whole;
  });
});
