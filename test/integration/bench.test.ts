import assert from 'node:assert/strict';
import { checksOf } from '../bench/checks.js';
import type { Digest } from '../bench/database.js';
import { describeInMarkdown, describeReport, flaws } from '../bench/report.js';
import { Results } from '../bench/results.js';
import { runBench, type Report } from '../bench/runBench.js';
import { assertBuilt } from '../support/cliProgram.js';
import { fullTable } from '../support/fullTable.js';
import { freshDatabase } from '../support/postgres.js';

// The harness alone: that it measures equal work and tells all figures. Nothing here depends on how long anything takes.
describe('npm run bench', function () {
  this.timeout(180_000);
  let report: Report;

  before('run it on small books', async function () {
    if (!fullTable) this.skip();
    assertBuilt();
    report = await runBench({
      sizes: { small: 200, medium: 220, large: 240, tally: 600 },
      runs: 1,
      only: [],
      serverUrl: await freshDatabase(),
      say: () => undefined,
    });
  });

  it('finds the same invoices, lines and totals by the naive way as by the product', () => {
    assert.deepEqual(flaws(report), []);
    const compared = report.checks.filter(({ name }) => name.includes('left the same rows')).map(({ name }) => name);
    for (const way of ['copy', 'load', 'utf16', 'byMonth', 'host', 'naive', 'naiveInOneTransaction'])
      assert.ok(compared.includes(`all: first and ${way} left the same rows`), way);
    assert.ok(compared.includes('one: one and naiveOne left the same rows'));
  });

  it('has every figure, and each budget judged', () => {
    assert.equal(report.figures.length, 25);
    const isLimit = (name: string): boolean => name === 'one answer that was read to its end'; // a small book has no 512 MB
    for (const { name, measured, must, met } of report.figures.filter((figure) => !isLimit(figure.name))) {
      assert.ok(measured !== null && Number.isFinite(measured), name);
      assert.equal(met === null, must === undefined, name);
    }
    for (const [name, { seconds, cpuSeconds, peakMb, runs }] of Object.entries(report.cases)) {
      assert.ok(seconds > 0 && cpuSeconds > 0 && peakMb > 20, name);
      assert.equal(runs.length, 1, name);
    }
    for (const name of ['second', 'largeSync']) assert.equal(report.cases[name]!.runs[0]!.facts.rowsWritten, 0);
  });

  it('measures books of the size and shape that the budgets are made for', () => {
    const { vouchers, bytes, ledgerLines, stockLines } = report.books.small!;
    assert.ok(bytes / vouchers > 14_000 && bytes / vouchers < 18_000, `${bytes / vouchers} bytes a voucher`);
    assert.ok(Math.abs(ledgerLines / vouchers - 4) < 0.5, `${ledgerLines / vouchers} ledger lines`);
    assert.ok(Math.abs(stockLines / vouchers - 2) < 0.5, `${stockLines / vouchers} stock lines`);
  });

  it('tells all figures on the terminal and on the page', () => {
    for (const text of [describeReport(report), describeInMarkdown(report)]) {
      for (const { name } of report.figures) assert.ok(text.includes(name), name);
      assert.ok(text.includes(report.machine.processor));
      assert.ok(text.includes('naive way, all in range, autocommit'));
    }
  });

  it('does not pass figures of work that was not the same', () => {
    const digest: Digest = { invoices: 2, lines: 6, total: '10.00', invoiceSum: '1', lineSum: '2' };
    const results = new Results();
    results.addDigest('all', 'first', digest);
    results.addDigest('all', 'naive', { ...digest, total: '10.01' });
    const books = { small: { vouchers: 1, days: [{ date: '2024-04-01', vouchers: 1 }], dayBook: {} } };
    const [check] = checksOf(results, books as unknown as Parameters<typeof checksOf>[1]);
    assert.equal(check?.ok, false);
    assert.match(check.found!, /10\.01.* instead of .*10\.00/);
  });
});
