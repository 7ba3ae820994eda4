import assert from 'node:assert/strict';
import type { NotByTotals, Remark } from '../../src/core/jobs/remark.js';
import { inWords } from '../../src/core/report/inWords.js';
import { describeRemark } from '../../src/core/report/remarks/describeRemark.js';
import type { ExportResult, JobResult } from '../../src/core/core.js';
import { plainSpaces } from '../support/plainSpaces.js';

describe('a remark in words', () => {
  it('on doubtful invoices names a few of them, for one and for several', () => {
    const example = (n: number): { invoice: string; date: string } => ({ invoice: `S/${n}`, date: '2024-04-01' });
    for (const [doubt, one, several] of [
      [
        'sign',
        /^1 invoice has a sign .*: S\/1 of 1\u00a0Apr\u00a02024$/,
        /^5 invoices have a sign .*: S\/1 of .*, S\/2 of .*, …$/,
      ],
      ['several-payments', /^1 invoice is paid in several ways at once/, /^5 invoices are paid in several ways/],
      [
        'odd-party',
        /^1 invoice does not name its party, or does not/,
        /^5 invoices do not name their party, or do not/,
      ],
      [
        'cancelled-lines',
        /^1 invoice is marked as cancelled but still/,
        /^5 invoices are marked as cancelled but still/,
      ],
      ['unreadable-detail', /^1 invoice has a .*optional, cancelled/, /^5 invoices have a .*optional, cancelled/],
    ] as const) {
      const remark = { code: 'doubt', doubt, isFile: false } as const;
      assert.match(describeRemark({ ...remark, count: 1, examples: [example(1)] }), one);
      assert.match(describeRemark({ ...remark, count: 5, examples: [example(1), example(2)] }), several);
    }
  });

  it('on an answer for a part of the range names both ends of the range and of the part', () => {
    const asked = { from: '2024-04-01', to: '2024-04-03' };
    const served = { from: '2024-04-02', to: '2024-04-02' };
    const remark: Remark = { code: 'partly-answered', served, asked, report: 'Day Book' };
    const text =
      /only from 2 Apr 2024 to 2 Apr 2024, not over all of 1 Apr 2024 to 3 Apr 2024\..* report voucher-register /;
    assert.match(plainSpaces(describeRemark(remark)), text);
    assert.match(
      describeRemark({ code: 'accepted-by-force', reason: remark }),
      /^Accepted by force: Tally's answer reaches/,
    );
  });

  it('adds the days of the invoices that it names to the result, where it names any', () => {
    const examples = ['2024-05-03', '2024-04-05', '2024-05-03', null].map((date) => ({ invoice: 'S/1', date }));
    const doubt = { code: 'doubt', doubt: 'identity', isFile: false, count: 9, examples } as const;
    const loaded = (warnings: Remark[]) => inWords({ warnings } as JobResult<Remark>).doubtfulDays;
    assert.deepEqual(loaded([doubt, { ...doubt, examples: [] }]), ['2024-04-05', '2024-05-03']);
    assert.equal(loaded([{ code: 'education' }, { ...doubt, examples: [] }]), undefined);
  });

  it('stands in a result where the remark stood', () => {
    const result: ExportResult<Remark> = {
      ...{ command: 'export', company: { name: 'A', id: 'G' }, from: '2024-04-01', to: '2024-04-02' },
      ...{ content: 'invoices', format: 'csv', files: [], warnings: [], durationMs: 1 },
    };
    const range = { from: '2024-04-01', to: '2024-04-02' };
    const said = inWords({ ...result, warnings: [{ code: 'never-loaded', range, days: 1 }] });
    assert.deepEqual(Object.keys(said), Object.keys(result));
    assert.match(plainSpaces(said.warnings.join()), /^1 day of 1–2 Apr 2024 was never loaded/);
  });

  it('on a comparison that was not made by totals says why, and what to do', () => {
    const words = (reason: NotByTotals): string => describeRemark({ code: 'not-by-totals', reason });
    assert.match(words('unproven'), /^Compared field by field, not by totals: .* Run a sync, then try again\.$/);
    assert.match(words('report-set'), /one report is set\. .* set TALLY_REPORT=auto\.$/);
    assert.match(words('not-given'), /this Tally does not add up its vouchers/);
    assert.match(words('not-comparable'), /also on days that have no difference\.$/);
  });
});
