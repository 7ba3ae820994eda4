import assert from 'node:assert/strict';
import type { Difference, JobResult, VerifyResult } from '../../src/core/core.js';
import { widthOf } from '../../src/core/report/describeTable.js';
import type { EtlError } from '../../src/core/base/errors.js';
import { headColumns, lineColumns } from '../../src/core/warehouse/load/columns.js';
import { contentColumns } from '../../src/core/warehouse/load/otherRows.js';
import type * as coreWords from '../support/coreWords.js';
import { inHindi } from '../support/inHindi.js';

/** Texts that are the same in every language: names of products, files, columns and keys, units of durations. */
const kept =
  /\bTally\b|\bDay Book\b|\(Day Book\)|\(optional\)|\(clear-and-reload\)|\bmissing_since\b|--force|\bCtrl\+A\b|\bAlt\+F2\b|\b\d+(\.\d)? (s|min|h)\b/g;

/** The English words in a text: Latin letters in lower case, which the data of these tests does not have. */
const englishIn = (text: string): string[] => text.replace(kept, '').match(/[a-z]{2,}/g) ?? [];

const sale = (n: number, given: Partial<Difference> = {}): Difference => ({
  ...{ kind: 'missing-here', invoiceId: `G-${n}`, date: '2024-04-02', invoiceType: 'sales', invoiceNumber: `S/${n}` },
  ...{ partyName: 'ASHA', totalAmount: '1180.00', fields: [] },
  ...given,
});

const fields: Difference['fields'] = [
  { field: 'total_amount', warehouse: '118100.00', tally: '1180.00' },
  { field: 'invoice_type', warehouse: 'sales', tally: 'credit_note' },
  { field: 'is_cancelled', warehouse: 'false', tally: 'true' },
  { field: 'line 2 hsn', warehouse: '', tally: null },
  { field: 'line 3', warehouse: 'FREIGHT, -1180.00', tally: null },
  { field: 'narration', warehouse: 'X'.repeat(60), tally: 'आशा' },
];

const result: JobResult = {
  ...{ command: 'sync', company: { name: 'ASHA', id: 'G' }, from: '2024-04-01', to: '2024-04-02', dryRun: false },
  ...{ dayByDay: false, report: 'Day Book', answered: { vouchers: 12034, from: '2024-04-01', to: '2024-04-02' } },
  ...{ invoices: 10, inserted: 5, updated: 2, unchanged: 3, removed: 1, missing: 1, rejected: 2, warnings: [] },
  ...{ durationMs: 3200, runId: 'R', notProven: null, holes: [], index: null, warehouse: { state: 'compared' } },
  days: [{ date: '2024-04-01', invoices: 10, inserted: 5, updated: 2, unchanged: 3, removed: 1 }],
  byType: [
    { date: '2024-04-01', invoiceType: 'sales', invoices: 1, total: '1180.00' },
    { date: '2024-04-01', invoiceType: 'debit_note', invoices: 9, total: '-10000000.00' },
  ],
  missingInvoices: [
    { invoiceId: 'G-9', date: '2024-04-02', invoiceType: 'purchase', invoiceNumber: null, totalAmount: '1.00' },
  ],
};

const verified: VerifyResult = {
  ...{ command: 'verify', company: result.company, from: '2024-04-01', to: '2024-04-02', report: 'Day Book' },
  ...{ answered: result.answered, index: null, rejected: 1, warnings: [], notProven: null, durationMs: 3200 },
  ...{ runId: 'R', invoices: { tally: 3, warehouse: 3 } },
  differences: { missingHere: 1, different: 1, goneInTally: 2 },
  listed: [sale(1), sale(2, { kind: 'different', fields }), sale(3, { kind: 'gone-in-tally', invoiceNumber: null })],
  days: [
    {
      ...{ date: '2024-04-02', invoiceType: 'sales', differences: 4 },
      ...{ tally: { invoices: 3, total: '3540.00' }, warehouse: { invoices: 3, total: '3540.00' } },
    },
  ],
};

describe('in Hindi, what the core says', () => {
  let hindi: typeof coreWords;
  before(async () => {
    hindi = await inHindi('test/support/coreWords.ts');
  });

  it('of a dry run has no English in it, and its columns end where their headings end', () => {
    for (const command of ['backfill', 'clear-and-reload'] as const) {
      const differences = {
        counts: { missingHere: 5, different: 2, goneInTally: 1 },
        listed: [sale(1), sale(2, { kind: 'different', fields }), sale(3, { kind: 'different' })],
      };
      const text = hindi.describeDryRun({ ...result, command, dryRun: true, differences });
      assert.deepEqual(englishIn(text), [], text);
      const lines = text.split('\n');
      const head = lines.findIndex((line) => line.startsWith('तारीख'));
      assert.ok(head > 0, text);
      assert.deepEqual(
        [1, 2].map((n) => widthOf(lines[head + n]!)),
        [widthOf(lines[head]!), widthOf(lines[head]!)],
      );
    }
  });

  it('of a comparison has no English in it, and a rule as wide as its day', () => {
    const { text, found, concerns, days } = hindi.describeComparison(verified, '—', '2024-04-03T08:30:00Z', '—');
    assert.deepEqual(englishIn([found, ...concerns, text].join('\n')), [], text);
    const lines = text.split('\n');
    const { line } = days[0]!;
    assert.equal(lines[line], '2\u00a0अप्रैल\u00a02024: 4 इनवॉइस मेल नहीं खाते');
    assert.equal(lines[line + 1], '-'.repeat(widthOf(lines[line])));
  });

  it('of fields keeps short values in columns though words of the reader stand among them', () => {
    const { text } = hindi.describeComparison(verified, '—', '2024-04-03T08:30:00Z', '—');
    assert.match(text, /^ {4}रद्द +हाँ +नहीं$/m);
    assert.match(text, /^ {4}पंक्ति 2: HSN +\(कुछ नहीं\) +\(खाली\)$/m);
    assert.match(text, /^ {4}नरेशन\n {6}Tally में +आशा\n {6}वेयरहाउस में +X+$/m);
  });

  it('names every column of an invoice and of its lines', () => {
    const { fieldTitle } = hindi;
    for (const { name } of contentColumns) assert.notEqual(fieldTitle(name), name);
    const ofLines = [...lineColumns, ...headColumns].map(({ name }) => name).filter((name) => name !== 'line_no');
    for (const name of ofLines) assert.ok(!fieldTitle(`line 2 ${name}`).includes(name), name);
    const titles = [...contentColumns.map(({ name }) => name), ...ofLines.map((name) => `line 2 ${name}`)];
    assert.deepEqual(englishIn(titles.map(fieldTitle).join('\n')), []);
  });

  it('of a run, an export and rejects has no English in it', () => {
    const runs: JobResult[] = [
      {
        ...result,
        checkpoint: '2024-04-01',
        older: { invoices: 5, daysReadAgain: 1 },
        notProven: '—',
        warnings: ['—'],
      },
      { ...result, command: 'backfill', dayByDay: true, invoices: 0 },
      { ...result, checkpoint: null, older: { invoices: 5, daysReadAgain: 3 }, invoices: 0 },
    ];
    for (const run of runs) assert.deepEqual(englishIn(hindi.describeResult(run, '—', '—')), []);
    const { from, to, company } = result;
    const text = hindi.describeExport(
      {
        ...{
          command: 'export',
          company,
          from,
          to,
          content: 'invoices',
          format: 'csv',
          warnings: ['—'],
          durationMs: 400,
        },
        files: (['invoices', 'lines', 'sales_register', 'purchase_register'] as const).map((table) => ({
          ...{ path: '/B', table, rows: 1234, bytes: 5678 },
        })),
      },
      '—',
    );
    assert.deepEqual(englishIn(text), [], text);
    const stored = ['AMOUNT', 'DATE', 'GUID', 'VOUCHERTYPENAME', 'VOUCHER'].flatMap((field) =>
      [null, '2024-04-01'].map((date) => ({
        reasonCode: field === 'AMOUNT' && date === null ? ('foreign-amount-unreadable' as const) : null,
        ...{ companyId: 'G', companyName: 'ASHA', invoiceId: null, invoiceNumber: null, date, field, reason: '"$1"' },
        ...{ raw: '<DATE>X</DATE>', rawLength: 4000, runId: 'R', rejectedAt: '2024-04-02T08:30:00Z' },
      })),
    );
    const found = { rejects: stored, companies: [{ companyId: 'G', companyName: 'ASHA', rejects: 12 }] };
    const document = hindi.describeRejects(found, { load: () => '—' });
    assert.deepEqual(englishIn(document.replaceAll('Alter, Voucher Type', '')), [], document);
    const details = hindi.describeRunRejects(found, 14).join('\n');
    assert.deepEqual(englishIn(details.replace(/Alter,\s+Voucher\s+Type/g, '')), [], details);
  });

  it('of doubts, and of a result that looks like a mistake, has no English in it', () => {
    const doubts = [
      ...(['identity', 'sign', 'no-party', 'unreadable-detail', 'both-views', 'odd-party'] as const),
      ...(['cancelled-lines', 'unlisted-ledger', 'allocations', 'deleted'] as const),
    ];
    const examples = [{ invoice: 'S/1', date: '2024-04-01' }];
    for (const doubt of doubts)
      for (const count of [1, 4]) {
        const text = hindi.describeRemark({ code: 'doubt', doubt, isFile: false, count, examples });
        assert.deepEqual(englishIn(text), [], text);
      }
    for (const replacement of [
      { had: 100, has: 0, unreached: 1 },
      { had: 100, has: 7, unreached: 5 },
    ])
      assert.throws(
        () => {
          hindi.guardReplace(replacement);
        },
        ({ code, message, hint }: EtlError) => {
          assert.deepEqual([code, englishIn(`${message} ${hint}`)], ['guard', []]);
          return true;
        },
      );
  });
});
