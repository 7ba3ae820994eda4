import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { addDays } from '../../src/core/base/calendar.js';
import type { EtlError } from '../../src/core/base/errors.js';
import type { Invoice } from '../../src/core/invoice/invoice.js';
import { exportRange, invoices, type InvoiceType, type RegisterFilter } from '../../src/core/core.js';
import type { ExportRequest, ExportResult, JobContext, Progress } from '../../src/core/jobs/job.js';
import { invoiceSorts } from '../../src/core/warehouse/read/registerFilter.js';
import { contextOf } from '../support/context.js';
import { ledgerLine, sale } from '../support/invoices.js';
import { loadInvoices } from '../support/loadInvoices.js';
import { parseCsv, type Cell } from '../support/parseCsv.js';
import { ask, servers } from '../support/postgres.js';
import { SmallDisk } from '../support/smallDisk.js';

const april = { from: '2024-04-01', to: '2024-04-30' };
const traders = { id: "guid\\'; drop table etl_days; --", name: 'Demo "Traders", Pune' };
const lucid = { id: 'lucid', name: 'Lucid' };

/** Texts as the file's bytes have them; the reader's own parser removes a byte order mark. */
const parsers = {
  ...DEFAULT_PARSERS,
  stringFromBytes: (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : Buffer.from(bytes).toString()),
};

/** Texts that CSV, a spreadsheet or a data tool might misread. */
const texts = [
  'O\'Brien & "Sons", Mumbai',
  'दुकान नंबर ५, मुंबई — ₹',
  'first\nsecond\r\nthird\rfourth',
  '007',
  '',
  ' ',
  '"',
  '\\.',
  '\\N',
  '=1+1',
  '+91 98',
  '-5',
  '@cmd',
  'NULL',
  '\ufeffmark',
  '👩‍👩‍👧 e\u0301',
  'a\tb;c|d',
];
const wild = texts.map((text, i) =>
  sale(i, {
    ...{ date: addDays(april.from, i), narration: text, partyName: text, reference: i % 2 ? text : null },
    ...{ isCancelled: i === 3, totalAmount: BigInt(i) * 62_499_999_999_999_999n },
    lines: [
      ledgerLine(text, 118_000n, { ledgerClass: 'party' }),
      ledgerLine('x', -1n, { itemName: text, quantity: 12_345n, unit: '', gstRate: 180_000n }),
    ],
  }),
);

for (const server of servers())
  describe(`the export of a range from ${server.name}`, function () {
    this.timeout(120_000);
    let url: string;
    let folder: string;

    beforeEach(async () => {
      url = await server.freshDatabase();
      folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tally-export-'));
    });
    afterEach(() => {
      fs.rmSync(folder, { recursive: true });
    });

    const load = (invoices: Invoice[], company = traders): Promise<void> => loadInvoices(url, invoices, company);
    const at = (name: string): string => path.join(folder, name);
    const run = (given: Partial<ExportRequest> = {}, more: Partial<JobContext> = {}): Promise<ExportResult> =>
      exportRange({ ...april, path: at('books.csv'), ...given }, contextOf({ DB_URL: url }, more));
    const textOf = (name: string): string => fs.readFileSync(at(name), 'utf8');
    /** Rows from SQL with the columns of the export and in its order; every value as text. */
    const inSql = async (source: string, columns: Cell[], more = ''): Promise<Cell[][]> => {
      const rows = await ask(
        url,
        `SELECT ${columns.map((column, i) => `${column!}::text AS c${i}`).join(', ')} FROM ${source}
         WHERE company_id = $1 AND date BETWEEN '2024-04-01' AND '2024-04-30'
         ORDER BY date, invoice_number, invoice_id ${more}`,
        [traders.id],
      );
      return rows.map((row) => Object.values(row) as Cell[]);
    };
    const invoiceSource =
      '(SELECT f.*, c.name AS company_name FROM fact_invoice f JOIN dim_company c USING (company_id)) i';
    const lineSource = `(SELECT l.*, f.invoice_number, c.name AS company_name FROM fact_invoice f
      JOIN fact_invoice_line l USING (company_id, invoice_id) JOIN dim_company c USING (company_id)) l`;
    async function fails(work: Promise<unknown>, code: string): Promise<string> {
      const error = await work.then(
        () => assert.fail('it ended well'),
        (thrown: unknown) => thrown as EtlError,
      );
      assert.equal(error.code, code, String(error.stack));
      return `${error.message} ${error.hint}`;
    }

    it('is what SQL has, cell by cell: quotes, newlines, Devanagari, leading zeros, nulls and empty texts', async () => {
      await load(wild);
      await load([sale('other', { date: '2024-04-02' })], lucid);
      const { files, warnings, company } = await run({ company: traders.name.toUpperCase() });
      assert.deepEqual([company, warnings.length], [traders, 1], 'only the days with invoices were loaded');
      assert.deepEqual(
        files.map(({ path, table, rows, bytes }) => [path, table, rows, bytes === fs.statSync(path).size]),
        [
          [at('books.csv'), 'invoices', wild.length, true],
          [at('books-lines.csv'), 'lines', 2 * wild.length, true],
        ],
      );
      for (const [name, source, more] of [
        ['books.csv', invoiceSource, ''],
        ['books-lines.csv', lineSource, ', line_no'],
      ] as const) {
        const text = textOf(name);
        assert.ok(text.startsWith('\ufeffcompany_id,company_name,'));
        const [header = [], ...rows] = parseCsv(text.slice(1));
        assert.deepEqual(rows, await inSql(source, header, more));
      }
      assert.match(textOf('books.csv'), /,9999999999999999\.84,/);
    });

    it('gives the registers with the columns of their views, and the mark only where it is wanted', async () => {
      await load([
        ...wild,
        sale('p', { invoiceType: 'purchase', date: '2024-04-09' }),
        sale('o', { isOptional: true }),
      ]);
      for (const [content, rows] of [
        ['sales_register', wild.length],
        ['purchase_register', 1],
        ['invoice_register', wild.length + 1],
      ] as const) {
        const { files } = await run({ content, byteOrderMark: false });
        assert.deepEqual([files.length, files[0]!.rows], [1, rows]);
        const [header = [], ...records] = parseCsv(textOf('books.csv'));
        const columns = await ask(
          url,
          'SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 ORDER BY attnum',
          [content],
        );
        assert.deepEqual(
          header,
          columns.map(({ attname }) => attname),
        );
        assert.deepEqual(records, await inSql(content, header));
      }
    });

    it('has the rows of the list of invoices, in its order, whatever it is filtered and sorted by', async () => {
      const types = ['sales', 'credit_note', 'purchase', 'debit_note'] as const;
      const some = Array.from({ length: 60 }, (_, i) => {
        const line = ledgerLine('x', 1_00n, {
          ...{ lineType: 'item', ledgerClass: 'taxable', itemName: ["Tea's", 'Salt', null][i % 3]! },
          gstRate: [180_000n, 50_000n, null][(i >> 1) % 3]!,
        });
        return sale(i, {
          ...{ date: addDays(april.from, i % 9), invoiceNumber: `N/${(i * 7) % 60}`, invoiceType: types[i % 4]! },
          ...{ partyName: texts[i % texts.length]!, totalAmount: BigInt((i * 37) % 50) * 100n },
          ...{ isCancelled: i % 10 === 9, isOptional: i % 10 === 8, lines: i % 10 === 9 ? [] : [line] },
        });
      });
      await load(some);
      const filters: RegisterFilter[] = [
        ...[{}, { types: ['purchase', 'debit_note'] as InvoiceType[] }, { text: 'n/1' }, { party: texts[0]! }],
        ...[{ item: "Tea's" }, { item: null }, { rate: '18.0000' }, { rate: null }],
        { item: 'Salt', rate: '18.0000', types: ['credit_note'], text: 'N' },
      ];
      const columnsOf = { number: 'invoice_number', date: 'date', party: 'party_name', total: 'total_amount' };
      for (const [i, filter] of filters.entries()) {
        const by = invoiceSorts[i % invoiceSorts.length]!;
        const order = { by, descending: i % 2 === 0 };
        const listed = await invoices({ range: april, ...filter, order, offset: 0 }, contextOf({ DB_URL: url }));
        const { files } = await run({ content: 'invoice_register', filter, order });
        const [header = [], ...rows] = parseCsv(textOf('books.csv').slice(1));
        const column = (name: string) => rows.map((row) => row[header.indexOf(name)] ?? null);
        const ids = listed.rows.map(({ id }) => id);
        assert.deepEqual(column('invoice_id'), ids, JSON.stringify([filter, order]));
        assert.deepEqual(
          column(columnsOf[by]),
          listed.rows.map((row) => row[by]),
        );
        assert.ok(rows.length > 0 && files[0]!.rows === rows.length);
      }
      await assert.rejects(run({ content: 'invoices', filter: {} }), /has no filter/);
    });

    it('leaves out what Tally no longer has, and says when there is nothing', async () => {
      await load([sale(1), sale(2)]);
      await ask(url, "UPDATE fact_invoice SET missing_since = now() WHERE invoice_number = 'S/1'");
      assert.deepEqual(
        (await run()).files.map(({ rows }) => rows),
        [1, 3],
      );
      const { files, warnings } = await run({ from: '2023-04-01', to: '2023-04-02', path: at('none.csv') });
      assert.deepEqual(
        files.map(({ rows }) => rows),
        [0, 0],
      );
      assert.match(
        warnings.join(' '),
        /nothing of 1–2\u00a0Apr\u00a02023: .* 2 days of 1–2\u00a0Apr\u00a02023 were never loaded/,
      );
      assert.equal(parseCsv(textOf('none.csv').slice(1)).length, 1);
    });

    it('keeps any text to the character', async () => {
      await load([]);
      const text = fc.string({ unit: 'binary', maxLength: 12 }).map((s) => s.replaceAll('\0', ''));
      const some = fc.array(fc.option(text), { minLength: 1, maxLength: 40 });
      let next = 0;
      await fc.assert(
        fc.asyncProperty(some, async (narrations) => {
          await ask(url, 'DELETE FROM fact_invoice');
          next++;
          await load(
            narrations.map((narration, i) => sale(`${next}-${String(i).padStart(3, '0')}`, { narration, lines: [] })),
          );
          await run();
          const [header = [], ...rows] = parseCsv(textOf('books.csv').slice(1));
          const column = header.indexOf('narration');
          assert.deepEqual(
            rows.map((row) => row[column]),
            narrations,
          );
        }),
        { numRuns: 6, ...(process.env.FUZZ_SEED && { seed: Number(process.env.FUZZ_SEED) }) },
      );
    });

    it('is Parquet with exact amounts and days where the file is named so', async () => {
      await load(wild);
      const { files, format } = await run({ path: at('books.parquet') });
      assert.deepEqual([format, files.map(({ rows }) => rows)], ['parquet', [wild.length, 2 * wild.length]]);
      for (const [name, source, more] of [
        ['books.parquet', invoiceSource, ''],
        ['books-lines.parquet', lineSource, ', line_no'],
      ] as const) {
        const bytes = fs.readFileSync(at(name));
        const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
        const metadata = parquetMetadata(file);
        const scales = new Map(
          metadata.schema.map(({ name, converted_type, scale }) => [name, { converted_type, scale }]),
        );
        assert.deepEqual(
          name === 'books.parquet' && scales.get('total_amount'),
          name === 'books.parquet' && { converted_type: 'DECIMAL', scale: 2 },
        );
        // The reader turns decimals into floats. Without the type it gives the whole numbers that are in the file.
        for (const element of metadata.schema) if (element.converted_type === 'DECIMAL') delete element.converted_type;
        const read = (await parquetReadObjects({ file, metadata, parsers })) as Record<
          string,
          string | bigint | number | boolean | Date | null | undefined
        >[];
        const header = metadata.schema.slice(1).map((element) => element.name);
        const shown = read.map((row) =>
          header.map((column) => {
            const value = row[column];
            if (value === null || value === undefined) return null;
            if (value instanceof Date) return value.toISOString().slice(0, 10);
            const { converted_type, scale } = scales.get(column)!;
            if (converted_type !== 'DECIMAL') return String(value);
            const digits = String(value)
              .replace('-', '')
              .padStart(scale! + 1, '0');
            return `${String(value).startsWith('-') ? '-' : ''}${digits.slice(0, -scale!)}.${digits.slice(-scale!)}`;
          }),
        );
        assert.deepEqual(shown, await inSql(source, header, more));
      }
    });

    it('is of one moment, though a load writes between its files', async () => {
      await load([sale(1), sale(2)]);
      let loading: Promise<void> | undefined;
      const { files } = await run(
        {},
        {
          onProgress: ({ rows }) => {
            if (rows !== undefined) loading ??= load([sale(1), sale(2), sale(3)]);
          },
        },
      );
      await loading;
      assert.deepEqual(
        files.map(({ rows }) => rows),
        [2, 6],
      );
      assert.deepEqual(
        (await run()).files.map(({ rows }) => rows),
        [3, 9],
      );
    });

    it('ends within two seconds when it is cancelled, leaves no file, and what was there before', async () => {
      await load(Array.from({ length: 4_000 }, (_, i) => sale(i, { narration: 'long '.repeat(200) })));
      for (const name of ['books.csv', 'books.xlsx', 'books.parquet']) {
        fs.writeFileSync(at(name), 'before');
        const stop = new AbortController();
        let cancelledAt = 0;
        const onProgress = ({ rows }: { rows?: number }): void => {
          if (!rows || cancelledAt > 0) return;
          cancelledAt = performance.now();
          stop.abort();
        };
        await fails(run({ path: at(name) }, { signal: stop.signal, onProgress }), 'cancelled');
        assert.ok(cancelledAt > 0 && performance.now() - cancelledAt < 2000);
        assert.deepEqual([fs.readdirSync(folder), textOf(name)], [[name], 'before']);
        fs.rmSync(at(name));
      }
      const [left] = await ask(url, "SELECT count(*)::int AS n FROM pg_stat_activity WHERE query LIKE 'COPY (%'");
      assert.equal(left!.n, 0);
    });

    it('replaces a file only when the new one is whole', async () => {
      await load([sale(1)]);
      fs.writeFileSync(at('real.csv'), 'before');
      fs.symlinkSync(at('real.csv'), at('books.csv'));
      const seen = new Set<string>();
      await run({}, { onProgress: () => seen.add(textOf('real.csv')) });
      assert.deepEqual([...seen], ['before']);
      assert.ok(fs.lstatSync(at('books.csv')).isSymbolicLink());
      assert.equal(parseCsv(textOf('real.csv').slice(1)).length, 2);
      assert.deepEqual(fs.readdirSync(folder).sort(), ['books-lines.csv', 'books.csv', 'real.csv']);
    });

    it('leaves both files as they were when the second cannot have its name in the end', async () => {
      await load([sale(1)]);
      const blocked = async (): Promise<void> => {
        const onProgress = ({ phase }: Progress): void => {
          if (phase === 'exporting') fs.mkdirSync(at('books-lines.csv'), { recursive: true });
        };
        const said = await fails(run({}, { onProgress }), 'file-not-written');
        assert.match(said, /books-lines\.csv was not written: there is a folder .* What was there before is unchanged/);
      };
      await blocked();
      assert.deepEqual(fs.readdirSync(folder), ['books-lines.csv']);
      fs.rmdirSync(at('books-lines.csv'));
      fs.writeFileSync(at('books.csv'), 'before');
      await blocked();
      assert.deepEqual(fs.readdirSync(folder), ['books-lines.csv', 'books.csv']);
      assert.equal(textOf('books.csv'), 'before');
      fs.rmdirSync(at('books-lines.csv'));
      await run();
      assert.deepEqual(fs.readdirSync(folder), ['books-lines.csv', 'books.csv']);
    });

    it('says what is wrong with the place, and what to do', async () => {
      await load([sale(1)]);
      fs.mkdirSync(at('folder.csv'));
      assert.match(
        await fails(run({ path: at('none/x.csv') }), 'file-not-written'),
        /its folder does not exist.* Make the folder/,
      );
      assert.match(
        await fails(run({ path: at('folder.csv') }), 'file-not-written'),
        /a folder .* Give the name of a file/,
      );
      assert.match(await fails(run({ path: '/dev/null' }), 'file-not-written'), /a device/);
      assert.deepEqual(fs.readdirSync(folder), ['folder.csv']);
    });

    it('tells of a full disk, and leaves nothing on it', async function () {
      const disk = SmallDisk.mount(1);
      if (!disk) return this.skip();
      try {
        await load(Array.from({ length: 3_000 }, (_, i) => sale(i, { narration: `${i} long `.repeat(200) })));
        fs.writeFileSync(path.join(disk.folder, 'books.csv'), 'before');
        for (const name of ['books.csv', 'books.parquet']) {
          const file = path.join(disk.folder, name);
          if (name === 'books.parquet') disk.fill(10_000);
          const begun = performance.now();
          assert.match(
            await fails(run({ path: file }), 'file-not-written'),
            /the disk is full\. What was there before is unchanged\. Free space/,
          );
          assert.ok(performance.now() - begun < 10_000);
        }
        disk.clear();
        assert.deepEqual(fs.readdirSync(disk.folder), ['books.csv']);
        assert.equal(fs.readFileSync(path.join(disk.folder, 'books.csv'), 'utf8'), 'before');
      } finally {
        disk.unmount();
      }
    });

    it('says which companies there are, and takes the configured one', async () => {
      url = await server.emptyDatabase();
      assert.match(await fails(run(), 'schema-outdated'), /has no tables yet\. Load this range/);
      await load([sale(1)]);
      await load([sale(1)], lucid);
      assert.match(await fails(run(), 'usage'), /several companies.* Demo "Traders", Pune, Lucid/);
      assert.match(await fails(run({ company: 'None' }), 'usage'), /no company None/);
      const configured = contextOf({ DB_URL: url, TALLY_COMPANY: 'lucid ' });
      assert.deepEqual((await exportRange({ ...april, path: at('x.csv') }, configured)).company, lucid);
    });
  });
