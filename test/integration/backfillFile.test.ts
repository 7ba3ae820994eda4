import assert from 'node:assert/strict';
import { addDays } from '../../src/core/base/calendar.js';
import { backfill } from '../../src/core/core.js';
import type { BackfillRequest, JobResult } from '../../src/core/jobs/job.js';
import { createBook, type Book } from '../../src/demo/book/book.js';
import { demoCompanyGuid, demoCompanyName } from '../../src/demo/demoNames.js';
import { closedPort } from '../support/closedPort.js';
import { contextOf } from '../support/context.js';
import { exportBytes, freshFolder, type ExportOptions, type Folder } from '../support/exportFiles.js';
import { ask, silent, servers } from '../support/postgres.js';
import { writtenState } from '../support/warehouseContents.js';
import { useTally } from '../support/useTally.js';

const range = { from: '2024-04-01', to: '2024-04-30' };
const bookOptions = { invoices: 150, from: '2024-03-01', to: '2024-05-31' };
const book = createBook(bookOptions);
const otherCompany = '00000000-1111-2222-3333-444444444444';

/** Every invoice with its lines, without the columns that differ in every run. */
const rowsIn = (url: string): Promise<unknown[]> =>
  ask(
    url,
    `SELECT to_jsonb(i) - '{run_id,loaded_at}'::text[] AS invoice,
       (SELECT jsonb_agg(to_jsonb(l) ORDER BY line_no) FROM fact_invoice_line l
        WHERE (l.company_id, l.invoice_id) = (i.company_id, i.invoice_id)) AS lines
     FROM fact_invoice i ORDER BY invoice_id`,
  );

for (const server of servers())
  describe(`a backfill from a file into ${server.name}`, function () {
    this.timeout(120_000);
    const tally = useTally({ book: bookOptions });
    let nowhere: string;
    let folder: Folder;
    let database: string;
    /** The rows that the same range gives when it is loaded from Tally. */
    let fromTally: unknown[];
    let liveResult: JobResult;

    before(async () => {
      nowhere = `http://127.0.0.1:${await closedPort()}`;
      folder = freshFolder();
      const live = await server.freshDatabase();
      liveResult = await backfill(range, contextOf({ TALLY_URL: tally.url, DB_URL: live }));
      fromTally = await rowsIn(live);
      assert.ok(fromTally.length > 30);
    });
    after(() => {
      folder.remove();
    });
    beforeEach(async () => {
      database = await server.freshDatabase();
      tally.behave({ book });
    });

    const file = (options: ExportOptions = {}, of: Book = book): string =>
      folder.write('DayBook.xml', exportBytes(of, options));
    const whole = (): string => file({ withMasters: true });
    const run = (request: Partial<BackfillRequest>, env = {}, more = {}): Promise<JobResult> =>
      backfill({ ...range, ...request }, contextOf({ TALLY_URL: nowhere, DB_URL: database, ...env }, more));
    const refused = async (
      request: Partial<BackfillRequest>,
      code: string,
      message: RegExp,
      env = {},
    ): Promise<void> => {
      await assert.rejects(run(request, env), { code, message });
      const [table] = await ask(database, "SELECT to_regclass('fact_invoice') IS NOT NULL AS made");
      if (table?.made) assert.deepEqual(await rowsIn(database), []);
    };

    it('without masters does not wait for a Tally that is not there, and asks one that answers /status in its own way', async () => {
      const said: string[] = [];
      const logger = { ...silent, info: (text: string) => void said.push(text) };
      await run({ file: file() }, {}, { logger });
      assert.match(said.join('\n'), /Tally did not give masters for the file: Tally cannot be reached/);
      assert.doesNotMatch(said.join('\n'), /trying again/);
      tally.behave({ fault: { kind: 'html', on: 'status' } });
      const { rejected } = await run({ file: file() }, { TALLY_URL: tally.url });
      tally.behave({ fault: { kind: 'none' } });
      assert.equal(rejected, 0, 'its masters explain every type');
    });

    it('that holds its masters needs no Tally: the rows are those that Tally itself gives', async () => {
      const result = await run({ file: whole() });
      assert.deepEqual(await rowsIn(database), fromTally);
      assert.deepEqual(result.company, { name: demoCompanyName, id: demoCompanyGuid });
      assert.deepEqual([result.inserted, result.rejected, result.notProven], [fromTally.length, 0, null]);
      assert.deepEqual(result.byType, liveResult.byType);
      assert.equal(result.answered.vouchers, [...book.vouchers()].length);
    });

    it('of vouchers only takes voucher types and ledgers from the Tally that has the company open', async () => {
      const result = await run({ file: file() }, { TALLY_URL: tally.url });
      assert.deepEqual(await rowsIn(database), fromTally);
      assert.equal(result.rejected, 0);
    });

    for (const [where, open] of [
      ['without a Tally', false],
      ['beside a Tally with another company', true],
    ] as const)
      it(`of vouchers only, ${where}, loads the types that every company has, rejects the others and warns`, async () => {
        tally.behave({ book: createBook({ ...bookOptions, companyGuid: otherCompany }) });
        const result = await run({ file: file() }, open ? { TALLY_URL: tally.url } : {});
        assert.match(result.warnings.join(), /what its voucher types are: .* what its ledgers are: .*Alt\+E > Masters/);
        const types = await ask(database, 'SELECT DISTINCT voucher_type AS t FROM fact_invoice ORDER BY 1');
        assert.deepEqual(
          types.map(({ t }) => t),
          ['Credit Note', 'Debit Note', 'Purchase', 'Sales'],
        );
        const rejects = await ask(database, 'SELECT field, reason FROM etl_rejects');
        assert.ok(result.rejected > 0);
        assert.equal(rejects.length, result.rejected);
        assert.equal(result.invoices + result.rejected, fromTally.length + rejectsThatAreNoInvoice());
        for (const { field, reason } of rejects) {
          assert.equal(field, 'VOUCHERTYPENAME');
          assert.match(String(reason), /what kind of voucher the type "[^"]+" is/);
        }
      });

    /** How many vouchers become rejects because the file lacks the masters that show them to be no invoices. */
    const rejectsThatAreNoInvoice = (): number =>
      [...book.vouchers(range)].filter(({ typeName }) => ['Cash Payment', 'Sales Quotation'].includes(typeName)).length;

    it('with one byte a character has the same amounts', async () => {
      const result = await run({ file: file({ withMasters: true, encoding: 'ascii' }) });
      assert.deepEqual(result.byType, liveResult.byType);
      assert.equal(result.rejected, 0);
    });

    it('loads its range alone, day by day too, and leaves neither checkpoint nor log', async () => {
      const path = whole();
      const result = await run({ file: path, dayByDay: true });
      assert.deepEqual(await rowsIn(database), fromTally);
      assert.deepEqual(
        result.days.map(({ date }) => date),
        liveResult.days.map(({ date }) => date),
      );
      assert.deepEqual(await ask(database, 'SELECT 1 FROM etl_checkpoints UNION ALL SELECT 1 FROM etl_logs'), []);
    });

    it('changes nothing the second time, nor where Tally had loaded the same', async () => {
      await run({}, { TALLY_URL: tally.url });
      const before = await writtenState(database, ['fact_invoice', 'fact_invoice_line']);
      const result = await run({ file: whole() });
      assert.deepEqual([result.inserted, result.updated, result.unchanged], [0, 0, fromTally.length]);
      assert.equal(await writtenState(database, ['fact_invoice', 'fact_invoice_line']), before);
    });

    it('as a dry run says what would change and writes nothing', async () => {
      database = await server.emptyDatabase();
      const result = await run({ file: whole(), dryRun: true });
      assert.equal(result.inserted, fromTally.length);
      assert.deepEqual(await ask(database, "SELECT 1 FROM pg_tables WHERE schemaname = 'public'"), []);
    });

    it('tells how far it is', async () => {
      const context = contextOf({ TALLY_URL: nowhere, DB_URL: database });
      await backfill({ ...book.range, file: whole() }, context); // more than 100, as progress comes after each 100
      const fractions = context.progress.filter(({ phase }) => phase === 'reading').map(({ fraction }) => fraction);
      assert.equal(fractions.at(-1), 1);
      assert.ok(fractions.some((fraction) => fraction !== undefined && fraction > 0 && fraction < 1));
    });

    it('is refused when the file breaks off, whatever was read by then', async () => {
      const bytes = exportBytes(book, { withMasters: true });
      const cut = folder.write('cut.xml', bytes.subarray(0, Math.floor(bytes.length * 0.4) * 2));
      await refused({ file: cut }, 'answer-cut', /^cut\.xml breaks off before its end/);
    });

    it('is refused when TALLY_COMPANY is another company', async () => {
      const words = /^DayBook\.xml holds the vouchers of .*, not of Mehta & Co\.$/;
      await refused({ file: whole() }, 'company-not-open', words, { TALLY_COMPANY: 'Mehta & Co' });
      const result = await run({ file: whole() }, { TALLY_COMPANY: demoCompanyName.toLowerCase() });
      assert.equal(result.invoices, fromTally.length);
    });

    it('is refused when the file is not an export of Tally, is empty, or does not exist', async () => {
      await refused({ file: folder.write('a.xml', 'Date,Amount') }, 'answer-unreadable', /^a\.xml is plain text/);
      await refused({ file: folder.write('b.xml', '') }, 'answer-unreadable', /^b\.xml is empty/);
      await refused({ file: `${folder.path}/none.xml` }, 'usage', /^There is no file /);
    });

    it('is refused when the file has nothing of the range, and warns when the file has only a part of it', async () => {
      const path = whole();
      await refused({ from: '2023-04-01', to: '2023-04-30', file: path }, 'range-not-covered', /1\u00a0Mar/);
      const result = await run({ from: '2024-05-01', to: addDays('2024-05-31', 60), file: path });
      assert.match(result.notProven ?? '', /31\u00a0May\u00a02024/);
      assert.ok(result.inserted > 0);
    });
  });
