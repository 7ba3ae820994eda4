import assert from 'node:assert/strict';
import { checksOf } from '../bench/checks.js';
import type { Digest } from '../bench/database.js';
import { describeInMarkdown, describeReport, flaws, withCostsOf } from '../bench/report.js';
import { Results } from '../bench/results.js';
import { runBench, type Report } from '../bench/runBench.js';
import type { TallyCost } from '../bench/tally/cost.js';
import { costRows } from '../bench/tally/costTable.js';
import { assertBuilt } from '../support/cliProgram.js';
import { fullTable } from '../support/fullTable.js';
import { freshDatabase } from '../support/postgres.js';

// Tests of the harness alone: it must measure equal work and report all figures. Nothing here depends on how long
// anything takes.
describe('npm run bench', function () {
  this.timeout(400_000);
  let report: Report;

  before('run it on small books', async function () {
    if (!fullTable) this.skip();
    assertBuilt();
    report = await runBench({
      sizes: { small: 200, medium: 220, large: 240, huge: 260, tally: 600 },
      companies: { counts: [1, 3], invoices: 40 },
      runs: 1,
      only: [],
      serverUrl: await freshDatabase(),
      say: () => undefined,
    });
  });

  it('finds the same invoices, lines and totals by the naive way as by the product', () => {
    assert.deepEqual(flaws(report), []);
    const compared = report.checks.filter(({ name }) => name.includes('left the same rows')).map(({ name }) => name);
    for (const way of ['copy', 'littleFirst', 'load', 'utf16', 'byMonth', 'host', 'naive', 'naiveInOneTransaction'])
      assert.ok(compared.includes(`all: first and ${way} left the same rows`), way);
    for (const way of ['littleOne', 'naiveOne'])
      assert.ok(compared.includes(`one: one and ${way} left the same rows`), way);
    for (const book of ['allKinds', 'allKindsMedium'])
      for (const what of ['Invoices', 'Both'])
        assert.ok(
          compared.some((name) => name.startsWith(`${book} ${what}: `)),
          `${book} ${what}`,
        );
    assert.ok(compared.includes('all changed: changed and littleChanged left the same rows'));
    for (const what of ['Changed', 'Spread'])
      assert.ok(
        compared.includes(
          `large ${what.toLowerCase()}: largeSync${what} and littleLargeSync${what} left the same rows`,
        ),
        what,
      );
  });

  it('has every figure, and each budget judged', () => {
    assert.equal(report.figures.length, 46);
    const isLimit = (name: string): boolean => name === 'one answer that was read to its end'; // a small book has no 512 MB
    for (const { name, measured, must, met } of report.figures.filter((figure) => !isLimit(figure.name))) {
      assert.ok(measured !== null && Number.isFinite(measured), name);
      assert.equal(met === null, must === undefined, name);
    }
    for (const [name, { seconds, cpuSeconds, peakMb, runs }] of Object.entries(report.cases)) {
      assert.ok(seconds > 0 && cpuSeconds > 0 && peakMb > 20, name);
      assert.equal(runs.length, 1, name);
    }
    for (const name of ['second', 'littleSecond', 'largeSync', 'littleLargeSync'])
      assert.equal(report.cases[name]!.runs[0]!.facts.rowsWritten, 0);
  });

  it('loads and syncs companies at once, on plain and on divided tables, and tells what they cost', () => {
    assert.deepEqual(
      report.manyCompanies.map(({ companies, partitions, job, invoices }) => [companies, partitions, job, invoices]),
      [1, 3].flatMap((count) =>
        [null, 16].flatMap((partitions) => ['load', 'sync'].map((job) => [count, partitions, job, count * 40])),
      ),
    );
    for (const { lines, seconds, cpuSeconds, peakMb, sessions, disk, job } of report.manyCompanies) {
      assert.ok(lines > 100 && seconds > 0 && cpuSeconds > 0 && peakMb > 20 && sessions > 0);
      assert.ok(disk === undefined ? job === 'sync' : Object.values(disk).every((bytes) => bytes > 0));
    }
    assert.ok(describeReport(report).includes('16 partitions'));
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
      assert.ok(text.includes('product: sync, every hundredth invoice changed'));
    }
  });

  it('counts what each way of asking costs Tally, and checks what was written', () => {
    const { vouchers, costs } = report.tally;
    assert.ok(Math.abs(vouchers - 600) < 20, `${vouchers} vouchers`);
    assert.deepEqual(
      costs
        .map(({ way }) => way)
        .filter((way, i, all) => all.indexOf(way) === i)
        .sort(),
      [...['lists', 'passes', 'product', 'reports']],
    );
    for (const { way, case: of, requests, seconds, longest } of costs)
      assert.ok(requests > 0 && longest > 0 && seconds >= longest, `${way}, ${of}`);
    const checked = report.checks.filter(({ name }) => name.startsWith("what Tally's costs were counted on"));
    assert.equal(checked.length, 11);
  });

  it("writes the section on Tally's costs alone into a page that has it or lacks it", () => {
    const page = describeInMarkdown(report);
    assert.equal(withCostsOf(report, page), page);
    const lacking = page.replace(/## What it costs Tally[^]*?\n(?=## )/, '');
    assert.ok(!lacking.includes('product: first load'));
    assert.equal(withCostsOf(report, lacking), page);
  });

  it("names what costs Tally more than its budget, on a book of the budgets' size", () => {
    const cost: TallyCost = {
      ...{ way: 'product', case: 'sameDay', requests: 2, bytes: 4_448, seconds: 9, longest: 9 },
      wrote: { inserted: 0, updated: 0, missing: 0 },
    };
    const verdict = (of: TallyCost, vouchers: number) => costRows([of], vouchers)[0]!.at(-1);
    assert.equal(verdict(cost, 100_304), 'NO: requests, sent, Tally s, longest answer');
    assert.equal(verdict({ ...cost, requests: 1, bytes: 4_000, seconds: 0.1, longest: 0.1 }, 100_304), 'yes');
    assert.equal(verdict(cost, 10_000), '');
    assert.equal(verdict({ ...cost, way: 'reports' }, 100_304), '');
  });

  it('does not pass figures of work that was not the same', () => {
    const sums = { invoiceSum: '1', lineSum: '2', voucherSum: '3' };
    const digest: Digest = { invoices: 2, lines: 6, vouchers: 2, total: '10.00', ...sums };
    const results = new Results();
    results.addDigest('all', 'first', digest);
    results.addDigest('all', 'naive', { ...digest, total: '10.01' });
    const books = { small: { vouchers: 1, days: [{ date: '2024-04-01', vouchers: 1 }], dayBook: {} } };
    const [check] = checksOf(results, books as unknown as Parameters<typeof checksOf>[1]);
    assert.equal(check?.ok, false);
    assert.match(check.found!, /10\.01.* instead of .*10\.00/);
  });
});
