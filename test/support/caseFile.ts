import fs from 'node:fs';
import path from 'node:path';
import { shippedPath } from '../../src/core/base/resources.js';
import type { Invoice, Reject } from '../../src/core/invoice/invoice.js';
import { readRules } from '../../src/core/jobs/books/books.js';
import { openFileBooks } from '../../src/core/jobs/books/fileBooks.js';
import { readAnswer } from '../../src/core/jobs/load/read/readAnswer.js';
import { TallyTotals } from '../../src/core/jobs/load/read/tallyTotals.js';
import { VoucherList } from '../../src/core/jobs/load/list/voucherList.js';
import { Arrivals } from '../../src/core/jobs/load/read/arrivals.js';
import { describeRemark } from '../../src/core/report/remarks/describeRemark.js';
import { contextOf } from './context.js';
import { freshFolder } from './exportFiles.js';

/** The result of loading an exported file. */
export interface LoadedFile {
  invoices: Invoice[];
  rejects: Reject[];
  totals: TallyTotals;
  warnings: string[];
  /** The warnings about missing masters. */
  mastersWarnings: string[];
  /** The state of the invoices that Tally lists. */
  arrivals: Arrivals;
}

const always = { from: '2000-01-01', to: '2099-12-31' };

/**
 * Loads a file of test/fixtures/cases with the reader and mapping of a run. `change` may alter the file first. `listed`: the
 * invoices in Tally's list of vouchers.
 */
export async function loadCase(
  name: string,
  change: (xml: string) => string = (xml) => xml,
  listed: [guid: string, date: string][] = [],
): Promise<LoadedFile> {
  const bytes = fs.readFileSync(shippedPath('test', 'fixtures', 'cases', `${name}.xml`));
  const xml = bytes[0] === 0xff ? bytes.toString('utf16le').slice(1) : bytes.toString('utf8');
  const folder = freshFolder();
  try {
    return await loadFile(folder.write(`${name}.xml`, change(xml)), listed);
  } finally {
    folder.remove();
  }
}

async function loadFile(file: string, listed: [guid: string, date: string][]): Promise<LoadedFile> {
  const context = contextOf({ TALLY_DATA_DIR: path.dirname(file), TALLY_URL: 'http://127.0.0.1:1' });
  const books = await openFileBooks([file], context);
  const { rules, remarks } = await readRules(books, context);
  const totals = new TallyTotals();
  const [invoices, rejects]: [Invoice[], Reject[]] = [[], []];
  const sink = {
    add: (read: Invoice[], refused: Reject[]) => {
      invoices.push(...read);
      rejects.push(...refused);
      return Promise.resolve();
    },
  };
  const list = new VoucherList(books.company.id, always);
  for (const [guid, date] of listed) list.put({ guid, date, alterId: 1 }, { isLoaded: true, isInvoice: true });
  const arrivals = new Arrivals(list);
  const { source, company } = books;
  const asked = { source, company, report: 'Day Book' as const, rules, chunk: always, day: undefined, wanted: always };
  await readAnswer({ ...asked, arrivals, number: 0, totals, sink, onProgress: () => undefined }, context);
  await books.close();
  return {
    ...{ invoices, rejects, totals, arrivals },
    warnings: totals.remarks(true).map(describeRemark),
    mastersWarnings: remarks.map(describeRemark),
  };
}
