import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { JobResult } from '../../src/core/core.js';
import { createBook } from '../../src/demo/book/book.js';
import { demoCompanyName } from '../../src/demo/demoNames.js';
import { expectedInvoice } from '../support/demo/expected.js';
import { answerOf, assertBuilt, failureOf, runCli, startCli, type Ran } from '../support/cliProgram.js';
import { closedPort } from '../support/closedPort.js';
import { exportBytes } from '../support/exportFiles.js';
import { ask, freshDatabase } from '../support/postgres.js';
import { useFolder } from '../support/useFolder.js';

const book = createBook({ invoices: 150, from: '2024-04-01', to: '2024-05-31' });
const april = { from: '2024-04-01', to: '2024-04-30' };
const expected = [...book.vouchers(april)].filter((voucher) => expectedInvoice(voucher)).length;

describe('backfill --file on the command line', function () {
  this.timeout(120_000);
  const folder = useFolder();
  let database: string;
  let nowhere: string;

  before(async () => {
    assertBuilt();
    nowhere = `http://127.0.0.1:${await closedPort()}`;
    fs.mkdirSync(path.join(folder, 'exports of May'));
    const bytes = exportBytes(book, { withMasters: true });
    fs.writeFileSync(path.join(folder, 'exports of May', 'DayBook.xml'), bytes);
    fs.writeFileSync(path.join(folder, 'cut.xml'), bytes.subarray(0, bytes.length / 2));
    fs.writeFileSync(path.join(folder, 'DayBook.xlsx'), Buffer.from('504b030414000600', 'hex'));
  });
  beforeEach(async () => {
    database = await freshDatabase();
  });

  const relative = path.join('exports of May', 'DayBook.xml');
  const run = (words: string[], env = {}): Promise<Ran> =>
    runCli(folder, words, { TALLY_URL: nowhere, DB_URL: database, ...env });
  const load = (file: string, ...more: string[]): Promise<Ran> =>
    run(['backfill', april.from, april.to, '--file', path.join(folder, file), '--json', ...more]);
  const count = async (): Promise<unknown> =>
    (await ask(database, 'SELECT count(*)::int AS n FROM fact_invoice'))[0]?.n;

  it('loads the range from a relative path, and changes nothing when it loads it again by an absolute path', async () => {
    const words = ['backfill', april.from, april.to, '--file', relative, '--json'];
    const result = answerOf(await startCli(folder, words, { DB_URL: database }).done) as JobResult;
    assert.ok(expected > 30);
    assert.deepEqual([result.company.name, result.inserted, result.notProven], [demoCompanyName, expected, null]);
    assert.equal(await count(), expected);
    const again = answerOf(await load(relative, '--day-by-day')) as JobResult;
    assert.deepEqual([again.inserted, again.updated, again.unchanged], [0, 0, expected]);
  });

  it('says what is wrong with the file and what to do, and exits with the code of that error', async () => {
    assert.match(failureOf(await load('none.xml'), 'usage', 2), new RegExp(`no file ${folder}.none\\.xml\\.`));
    assert.match(failureOf(await load('exports of May'), 'usage', 2), /is a folder, not a file/);
    assert.match(failureOf(await load('cut.xml'), 'answer-cut', 3), /^cut\.xml breaks off before its end/);
    const excel = failureOf(await load('DayBook.xlsx'), 'answer-unreadable', 3);
    assert.match(excel, /is an Excel workbook.*File Format: XML \(Data Interchange\)/);
  });
});
