import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describeRejects } from '../../src/core/report/describeRejects.js';
import { rejects } from '../../src/core/jobs/rejects.js';
import { backfill } from '../../src/core/core.js';
import type { BackfillRequest, JobResult } from '../../src/core/jobs/job.js';
import { createBook } from '../../src/demo/book/book.js';
import { startDemoServer, type DemoServer } from '../../src/demo/server.js';
import { closedPort } from '../support/closedPort.js';
import { contextOf } from '../support/context.js';
import { exportBytes, freshFolder, type Folder } from '../support/exportFiles.js';
import { ask, freshDatabase } from '../support/postgres.js';

const cases = path.resolve(import.meta.dirname, '../fixtures/cases');
const caseFile = (name: string): string => path.join(cases, `${name}.xml`);
const caseText = (name: string): string => fs.readFileSync(caseFile(name), 'utf8');
const april = { from: '2024-04-01', to: '2024-04-03' };

const amounts = 'invoice_number AS number, taxable_amount AS taxable, other_amount AS other, total_amount AS total';

describe('a backfill from files without a Tally', function () {
  this.timeout(120_000);
  let nowhere: string;
  let folder: Folder;
  let database: string;

  before(async () => {
    nowhere = `http://127.0.0.1:${await closedPort()}`;
    folder = freshFolder();
  });
  after(() => {
    folder.remove();
  });
  beforeEach(async () => {
    database = await freshDatabase();
  });

  const run = (request: Partial<BackfillRequest>, env = {}): Promise<JobResult> =>
    backfill({ ...april, ...request }, contextOf({ TALLY_URL: nowhere, DB_URL: database, ...env }));
  /** The warnings, except the one that every load from a file has. */
  const said = ({ warnings }: JobResult): string[] =>
    warnings.filter((warning) => !warning.startsWith('A file has no list of all vouchers'));
  const loaded = (): Promise<unknown[]> => ask(database, `SELECT ${amounts} FROM fact_invoice ORDER BY invoice_id`);
  const counts = ({ inserted, updated, unchanged, rejected }: JobResult): number[] => [
    inserted,
    updated,
    unchanged,
    rejected,
  ];
  /** The masters of a case's file, or its vouchers, as a file of their own. */
  const part = (name: string, keeps: 'masters' | 'vouchers'): string => {
    const messages = /[ \t]*<TALLYMESSAGE[^>]*>\s*<(\w+)[\s\S]*?<\/TALLYMESSAGE>\s*/g;
    const xml = caseText(name).replace(messages, (message: string, tag: string) =>
      (tag === 'VOUCHER') === (keeps === 'vouchers') ? message : '',
    );
    return folder.write(`${name}-${keeps}.xml`, xml);
  };
  const withType = (xml: string): string =>
    xml.replace(
      '<REQUESTDATA>',
      '<REQUESTDATA><TALLYMESSAGE><VOUCHERTYPE NAME="GST Sale Invoice"><PARENT>Sales</PARENT></VOUCHERTYPE></TALLYMESSAGE>',
    );

  describe('knows the company that the warehouse has already:', () => {
    const named = caseText('05-with-masters');
    const nameless = named.replace(/<SVCURRENTCOMPANY>.*<\/SVCURRENTCOMPANY>/, '');
    /** GUIDs in capitals, as another program may write them. */
    const inCapitals = named.replace(
      /(<GUID>|REMOTEID=")([0-9a-f-]+)/g,
      (_, before: string, id: string) => before + id.toUpperCase(),
    );
    const load = (xml: string, env = {}, more: Partial<BackfillRequest> = {}): Promise<JobResult> =>
      run({ file: folder.write('day-book.xml', xml), ...more }, env);
    const companies = () => ask(database, 'SELECT company_id, name FROM dim_company');
    const guid = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';
    const ids = async () => (await ask(database, 'SELECT invoice_id FROM fact_invoice')).map((row) => row.invoice_id);

    it('a file that does not name it keeps its name, in the warehouse and in the result', async () => {
      assert.equal((await load(nameless)).company.name, guid, 'nothing tells another name yet');
      await load(named);
      for (const env of [{}, { TALLY_COMPANY: 'CASE COMPANY' }])
        for (const dryRun of [true, false]) {
          const { company } = await load(nameless, env, { dryRun });
          assert.deepEqual(company, { name: 'Case Company', id: guid });
        }
      assert.deepEqual(await companies(), [{ company_id: guid, name: 'Case Company' }]);
      await load(named.replace('>Case Company<', '>Case Company (from 1-Apr-25)<'));
      assert.equal((await companies())[0]!.name, 'Case Company (from 1-Apr-25)', 'a new name in a file counts');
    });

    for (const [what, first, second] of [
      ['after', named, inCapitals],
      ['before', inCapitals, named],
    ] as const)
      it(`a file with its GUID in capitals, loaded ${what} one without, makes no second company and no second invoice`, async () => {
        assert.deepEqual(counts(await load(first)), [1, 0, 0, 0]);
        assert.deepEqual(counts(await load(second, {}, { dryRun: true })), [0, 0, 1, 0]);
        assert.deepEqual(counts(await load(second)), [0, 0, 1, 0]);
        assert.deepEqual(await companies(), [{ company_id: guid, name: 'Case Company' }]);
        assert.deepEqual(await ids(), [`${guid}-00000001`]);
      });

    it('a company that the warehouse spells in capitals stays one', async () => {
      await load(named);
      await ask(database, 'UPDATE dim_company SET company_id = upper(company_id)');
      await ask(database, 'DELETE FROM fact_invoice');
      await load(named);
      assert.deepEqual(await companies(), [{ company_id: guid.toUpperCase(), name: 'Case Company' }]);
      assert.deepEqual(await ids(), [`${guid.toUpperCase()}-00000001`]);
    });
  });

  describe('of one company', () => {
    it('has the Day Book explained by the masters in another file, in any order', async () => {
      const files = [part('05-with-masters', 'vouchers'), part('05-with-masters', 'masters')];
      const result = await run({ files });
      assert.deepEqual([counts(result), said(result), result.files], [[1, 0, 0, 0], [], files]);
      assert.deepEqual(await loaded(), [{ number: '1', taxable: '1000.00', other: '0.00', total: '1180.00' }]);
      assert.deepEqual(counts(await run({ file: files[1]!, files: [files[0]!] })), [0, 0, 1, 0]);
    });

    it('loads several Day Books; of a voucher that two hold the one that was altered last', async () => {
      const edited = caseText('05-with-masters').replace('<ALTERID> 1<', '<ALTERID> 9<').replace('>1180', '>1180');
      const newer = folder.write('newer.xml', edited.replace('<VOUCHERNUMBER>1<', '<VOUCHERNUMBER>1/A<'));
      const files = [newer, caseFile('05-with-masters'), caseFile('06-every-voucher-of-a-custom-type')];
      const result = await run({ files: files.slice(0, 2) });
      assert.equal(result.invoices, 1);
      assert.match(result.warnings.join(), /1 voucher came twice .* altered last counts/);
      const [row] = await ask(database, 'SELECT invoice_number, alter_id::int FROM fact_invoice');
      assert.deepEqual(row, { invoice_number: '1/A', alter_id: 9 });
    });

    it('says which days lie between two files and are in neither', async () => {
      const later = caseText('05-with-masters').replaceAll('00000001', '00000007').replace('20240401', '20240628');
      const files = [caseFile('05-with-masters'), folder.write('June.xml', later)];
      const result = await run({ from: '2024-04-01', to: '2024-06-30', files });
      assert.equal(result.invoices, 2);
      assert.match(
        result.notProven ?? '',
        /^None of the files holds a voucher of 2\u00a0Apr\u00a0– 27\u00a0Jun\u00a02024\./,
      );
    });

    it('loads a voucher with the id of another company as one of this company, and says so', async () => {
      const stray = 'ffffffff-bbbb-cccc-dddd-eeeeeeeeeeee-00000001';
      const xml = withType(caseText('06-every-voucher-of-a-custom-type'));
      const file = folder.write('stray.xml', xml.replaceAll('aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee-00000001', stray));
      const result = await run({ file });
      assert.deepEqual(counts(result), [3, 0, 0, 0]);
      assert.match(result.warnings.join(), /^1 voucher has the id of another company \(ffffffff-[^)]*-00000001\)/);
      const rows = await ask(database, 'SELECT DISTINCT company_id FROM fact_invoice');
      assert.deepEqual(rows, [{ company_id: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee' }]);
    });
  });

  describe('remembers masters:', () => {
    const custom = '06-every-voucher-of-a-custom-type';

    it('a file that says what a voucher type is helps a later one that does not', async () => {
      await run({ file: folder.write('typed.xml', withType(caseText(custom)).replaceAll('0000000', '0000009')) });
      assert.deepEqual(counts(await run({ file: caseFile(custom), dryRun: true })), [3, 0, 0, 0]);
      assert.deepEqual(counts(await run({ file: caseFile(custom) })), [3, 0, 0, 0]);
    });

    it('a file that says what a ledger is helps a later one, against what its name looks like', async () => {
      const named = (name: string): string => caseText(name).replaceAll('Sales of Services 18%', 'Counter 7');
      await run({ file: folder.write('a.xml', named('05-with-masters').replaceAll('00000001', '00000009')) });
      await run({ file: folder.write('b.xml', named('05-file-overwrites-what-tally-explained')) });
      assert.deepEqual(
        (await loaded()).map((row) => (row as { taxable: string }).taxable),
        ['1000.00', '1000.00'],
      );
    });

    it('what a file says takes no proof from days, and gives way to what Tally says', async () => {
      const range = { from: '2024-04-01', to: '2024-04-30' };
      const book = createBook({ invoices: 60, ...range });
      const tally: DemoServer = await startDemoServer({ book: { invoices: 60, ...range } });
      try {
        const days = "SELECT date::text, rules_hash FROM etl_days WHERE date > '2024-04-01' ORDER BY 1";
        const rows = "SELECT to_jsonb(f) - '{run_id,loaded_at}'::text[] AS row FROM fact_invoice f ORDER BY invoice_id";
        await backfill(range, contextOf({ TALLY_URL: tally.url, DB_URL: database }));
        const [proven, before] = [await ask(database, days), await ask(database, rows)];
        assert.ok(proven.length > 0);
        // These masters put every ledger below Sales Accounts.
        const xml = exportBytes(book, { withMasters: true, encoding: 'utf-8' }).toString('utf8');
        const masters = xml.replace(/<VOUCHER [\s\S]*?<\/VOUCHER>/g, '');
        const lies = masters.replace(/<PARENT>[^<]*<\/PARENT>/g, '<PARENT>Sales Accounts</PARENT>');
        const files = [folder.write('Master.xml', lies), folder.write('DayBook.xml', exportBytes(book))];
        const first = { from: range.from, to: range.from };
        const result = await run({ ...first, files });
        assert.ok(result.updated > 0);
        await run({ ...range, file: files[1]! });
        assert.deepEqual(await ask(database, days), proven);
        assert.deepEqual(await ask(database, rows), before);
      } finally {
        await tally.close();
      }
    });
  });

  describe('leaves alone what masters have classed:', () => {
    /** The file of a case, with a ledger name that does not tell the ledger's class. */
    const file = (
      name: '05-with-masters' | '05-file-overwrites-what-tally-explained',
      edit = (xml: string) => xml,
    ): string => folder.write(`${name}.xml`, edit(caseText(name).replaceAll('Sales of Services 18%', 'Counter 7')));
    const rich = '05-with-masters';
    const poor = '05-file-overwrites-what-tally-explained';
    const forget = (): Promise<unknown> => ask(database, 'DELETE FROM etl_file_masters');
    const classed = { number: '1', taxable: '1000.00', other: '0.00', total: '1180.00' };
    const guessed = { number: '1', taxable: '0.00', other: '1000.00', total: '1180.00' };

    it('a file without masters does not overwrite an invoice of the same state, and the result says so', async () => {
      await run({ file: file(rich) });
      await forget();
      for (const dryRun of [true, false]) {
        const result = await run({ file: file(poor), dryRun });
        assert.deepEqual(counts(result), [0, 0, 1, 0]);
        assert.match(said(result).join(), /1 invoice was left as it is: .* same state, classed by masters/);
      }
      assert.deepEqual(await loaded(), [classed]);
    });

    it('a file without masters does not overwrite what an older version loaded, if Tally has proven the day', async () => {
      await run({ file: file(rich) });
      await forget();
      await ask(database, "UPDATE fact_invoice SET classed_by = NULL; UPDATE etl_days SET rules_hash = 'x'");
      assert.deepEqual(counts(await run({ file: file(poor) })), [0, 0, 1, 0]);
      await ask(database, "UPDATE etl_days SET rules_hash = ''");
      assert.deepEqual(counts(await run({ file: file(poor) })), [0, 1, 0, 0]);
    });

    it('a file without masters overwrites an invoice that was altered or renumbered', async () => {
      await run({ file: file(rich) });
      await forget();
      const renumbered = (xml: string): string => xml.replace('<VOUCHERNUMBER>1<', '<VOUCHERNUMBER>2<');
      assert.deepEqual(counts(await run({ file: file(poor, renumbered) })), [0, 1, 0, 0]);
      const altered = (xml: string): string => xml.replace('<ALTERID> 1<', '<ALTERID> 2<');
      assert.deepEqual(counts(await run({ file: file(poor, altered) })), [0, 1, 0, 0]);
      assert.deepEqual(await loaded(), [guessed]);
    });

    it('a file with masters overwrites what names had classed', async () => {
      await run({ file: file(poor) });
      assert.deepEqual(await loaded(), [guessed]);
      assert.deepEqual(counts(await run({ file: file(rich) })), [0, 1, 0, 0]);
      assert.deepEqual(await loaded(), [classed]);
    });

    it('a file without masters does not overwrite classes that names had given first and masters confirmed', async () => {
      const plain = (name: string): string => caseFile(name);
      await run({ file: plain(poor) });
      assert.deepEqual(counts(await run({ file: plain(rich) })), [0, 0, 1, 0]);
      await forget();
      const patterns = { sales: 'nothing of the kind' };
      const context = contextOf({ TALLY_URL: nowhere, DB_URL: database });
      const config = { ...context.config, ledgerPatterns: { ...context.config.ledgerPatterns, ...patterns } };
      const result = await backfill({ ...april, file: plain(poor) }, { ...context, config });
      assert.deepEqual(counts(result), [0, 0, 1, 0]);
      assert.deepEqual(await loaded(), [classed]);
    });
  });

  describe('whose vouchers are all of an unknown type', () => {
    const custom = '06-every-voucher-of-a-custom-type';

    it('is not proven, and says in words about the file why and what helps', async () => {
      const result = await run({ file: caseFile(custom) });
      assert.deepEqual(counts(result), [0, 0, 0, 3]);
      assert.match(
        result.notProven ?? '',
        /^None of the 3 vouchers of the file .* Alt\+E > Masters\), or with the company open/,
      );
      const text = describeRejects(await rejects({}, contextOf({ TALLY_URL: nowhere, DB_URL: database })), {
        load: (date, source) => `backfill ${date}${source === 'file' ? ' --file' : ''}`,
      }).replace(/\s+/g, ' ');
      assert.match(
        text,
        /VOUCHERTYPENAME: neither the file nor .* say what kind of voucher the type "GST Sale Invoice" is/,
      );
      assert.match(text, /What to do Export the masters too \(Alt\+E > Masters\)/);
      assert.match(text, /Then backfill 2024-04-0\d --file /);
      assert.doesNotMatch(text, /Ctrl\+A|Tally's list|What Tally sent/);
    });

    it('rejects no voucher that the warehouse already has in the same state', async () => {
      await run({ file: folder.write('typed.xml', withType(caseText(custom))) });
      await ask(database, 'DELETE FROM etl_file_masters');
      const result = await run({ file: caseFile(custom) });
      assert.deepEqual([counts(result), result.notProven], [[0, 0, 3, 0], null]);
      assert.deepEqual(await ask(database, 'SELECT 1 FROM etl_rejects'), []);
    });
  });

  it('says how many taxable values were guessed, and how many are missing', async () => {
    const name = '04-sales-ledger-without-masters';
    const guessed = said(await run({ file: caseFile(name) })).join('\n');
    assert.deepEqual(await loaded(), [
      { number: '1', taxable: '1000.00', other: '0.00', total: '1180.00' },
      { number: '2', taxable: '500.00', other: '0.00', total: '590.00' },
    ]);
    assert.match(
      guessed,
      /^2 invoices have a line on a ledger that no master explains; .*: 1 of 1\u00a0Apr\u00a02024, 2 of 2\u00a0Apr\u00a02024$/m,
    );
    assert.doesNotMatch(guessed, /no taxable value/);
    const odd = caseText(name).replaceAll('Sales of Services 18%', 'Counter 7');
    const missing = said(await run({ file: folder.write('odd.xml', odd) })).join('\n');
    assert.match(missing, /^1 invoice has tax but no taxable value, .*: 1 of 1\u00a0Apr\u00a02024$/m);
  });

  it('warns only of voucher types if only they are missing', async () => {
    const warnings = said(await run({ file: caseFile('14-file-with-ledgers-but-no-voucher-types') }));
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /^The file does not say what its voucher types are: .*\(in Tally: Alt\+E > Masters\)/);
    assert.doesNotMatch(warnings[0]!, /ledger/);
    assert.deepEqual(await loaded(), [{ number: '1', taxable: '1000.00', other: '0.00', total: '1180.00' }]);
  });
});
