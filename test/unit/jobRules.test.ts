import assert from 'node:assert/strict';
import type { Doubt, Invoice } from '../../src/core/invoice/invoice.js';
import { judgeCoverage, provenUntil, type Coverage } from '../../src/core/jobs/load/prove/coverage.js';
import { guardReplace, isPlausible } from '../../src/core/jobs/load/prove/guard.js';
import { nextSyncRange } from '../../src/core/base/syncRange.js';
import { TallyTotals } from '../../src/core/jobs/load/read/tallyTotals.js';
import { EtlError } from '../../src/core/base/errors.js';

const invoice = (
  date: string,
  invoiceType: Invoice['invoiceType'],
  totalAmount: bigint,
  invoiceNumber: string,
): Invoice => ({ date, invoiceType, totalAmount, invoiceNumber }) as Invoice;

describe('what Tally has', () => {
  it('is summed per day and type, exactly, oldest day first', () => {
    const totals = new TallyTotals();
    totals.add(invoice('2024-04-02', 'sales', 10n, '2'), []);
    totals.add(invoice('2024-04-01', 'credit_note', -118000n, 'c'), []);
    totals.add(invoice('2024-04-01', 'sales', 999999999999999999n, '1'), []);
    totals.add(invoice('2024-04-01', 'sales', 1n, '1'), []);
    assert.deepEqual(totals.byType(), [
      { date: '2024-04-01', invoiceType: 'sales', invoices: 2, total: '10000000000000000.00' },
      { date: '2024-04-01', invoiceType: 'credit_note', invoices: 1, total: '-1180.00' },
      { date: '2024-04-02', invoiceType: 'sales', invoices: 1, total: '0.10' },
    ]);
  });

  it('reaches up to its latest date, in whatever order it comes', () => {
    const totals = new TallyTotals();
    const reached = ['2024-04-02', '2024-05-31', '2024-04-30', '2024-06-01'].map((date) => {
      totals.add(invoice(date, 'sales', 1n, date), []);
      return totals.lastDate;
    });
    assert.deepEqual(reached, ['2024-04-02', '2024-05-31', '2024-05-31', '2024-06-01']);
  });

  it('is doubted in one remark per kind, with a few invoices to look at', () => {
    const totals = new TallyTotals();
    const doubts: Doubt[] = ['sign'];
    for (let i = 1; i <= 5; i++) totals.add(invoice('2024-04-01', 'sales', -1n, `S/${i}`), doubts);
    totals.add(invoice('2024-04-01', 'sales', 1n, 'S/6'), ['identity']);
    totals.addDeleted('guid', '', undefined);
    const of = (invoice: string): object => ({ invoice, date: '2024-04-01' });
    const doubt = { code: 'doubt', isFile: false };
    assert.deepEqual(totals.remarks(false), [
      { ...doubt, doubt: 'sign', count: 5, examples: ['S/1', 'S/2', 'S/3'].map(of) },
      { ...doubt, doubt: 'identity', count: 1, examples: [of('S/6')] },
      { ...doubt, doubt: 'deleted', count: 1, examples: [{ invoice: 'guid', date: null }] },
    ]);
  });
});

describe("Tally's answer", () => {
  const range = { from: '2024-04-01', to: '2024-06-30' };
  const judge = (from?: string, to?: string): Coverage =>
    judgeCoverage(range, { vouchers: from === undefined ? 0 : 9, from, to }, 'Day Book');
  const proven = (from?: string, to?: string): string | undefined => provenUntil(range, { vouchers: 9, from, to });

  it('that spans the range is believed, a few days without vouchers at its ends too', () => {
    for (const [from, to] of [
      ['2020-01-01', '2026-01-01'],
      ['2024-04-01', '2024-06-30'],
      ['2024-04-08', '2024-06-23'],
    ])
      assert.equal(judge(from, to).state, 'covered');
  });

  it('that leaves a part of the range out is not proven', () => {
    for (const [from, to] of [
      ['2024-04-09', '2024-06-30'],
      ['2024-04-01', '2024-06-22'],
    ]) {
      const coverage = judge(from, to);
      assert.ok(coverage.state === 'partly');
      const served = { from, to };
      assert.deepEqual(coverage.remark, { code: 'partly-answered', served, asked: range, report: 'Day Book' });
    }
  });

  it('of a single day does not prove a range of three days or more', () => {
    const days = (to: string): string =>
      judgeCoverage({ from: '2024-04-01', to }, { vouchers: 9, from: '2024-04-02', to: '2024-04-02' }, 'Day Book')
        .state;
    assert.equal(days('2024-04-03'), 'partly');
    assert.equal(days('2024-04-02'), 'covered');
  });

  it('without anything of the range is not "0 invoices"', () => {
    assert.equal(judge().state, 'nothing');
    assert.equal(judge('2024-07-01', '2024-07-31').state, 'nothing');
    assert.equal(judge('2023-01-01', '2024-03-31').state, 'nothing');
  });

  it('cannot begin before the books of the company do', () => {
    const year = { from: '2024-04-01', to: '2024-09-30' };
    const answered = { vouchers: 9, from: '2024-07-02', to: '2024-09-30' };
    assert.equal(judgeCoverage(year, answered, 'Day Book').state, 'partly');
    assert.equal(judgeCoverage(year, answered, 'Day Book', '2024-07-01').state, 'covered');
    assert.equal(provenUntil(year, answered, '2024-07-01'), '2024-09-30');
    assert.equal(judgeCoverage(year, answered, 'Day Book', '2024-05-01').state, 'partly');
  });

  it('proves the range up to its last voucher, and nothing where the beginning is open', () => {
    assert.equal(proven('2024-01-01', '2024-12-31'), '2024-06-30');
    assert.equal(proven('2024-04-03', '2024-05-15'), '2024-05-15');
    assert.equal(proven('2024-04-09', '2024-06-30'), undefined);
    assert.equal(proven('2023-01-01', '2024-03-31'), undefined);
    assert.equal(proven(), undefined);
  });
});

describe('the next sync', () => {
  it('begins at the checkpoint minus the overlap and ends today', () => {
    assert.deepEqual(nextSyncRange('2026-11-20', 1, '2026-11-23'), { from: '2026-11-19', to: '2026-11-23' });
    assert.deepEqual(nextSyncRange('2026-11-23', 0, '2026-11-23'), { from: '2026-11-23', to: '2026-11-23' });
  });

  it('begins on 1 April of the current financial year without a checkpoint', () => {
    assert.deepEqual(nextSyncRange(undefined, 1, '2026-11-23'), { from: '2026-04-01', to: '2026-11-23' });
    assert.deepEqual(nextSyncRange(undefined, 1, '2026-03-31'), { from: '2025-04-01', to: '2026-03-31' });
  });

  it('is not led into the future by a checkpoint that was set there', () => {
    assert.deepEqual(nextSyncRange('2027-01-01', 1, '2026-11-23'), { from: '2026-11-22', to: '2026-11-23' });
  });
});

describe('replacing a range', () => {
  const refused = (had: number, has: number, unreached = 0): boolean => {
    try {
      guardReplace({ had, has, unreached });
      return false;
    } catch (error) {
      assert.ok(error instanceof EtlError && error.code === 'guard');
      return true;
    }
  };

  it('is refused when Tally has nothing, or less than half of 20 invoices or more', () => {
    assert.ok(refused(1, 0));
    assert.ok(refused(20, 9));
    assert.ok(!refused(20, 10));
    assert.ok(!refused(19, 1));
    assert.ok(!refused(0, 0));
  });

  it('is refused when the answer does not reach days that there are invoices of', () => {
    assert.ok(refused(10, 10, 1));
    assert.ok(!refused(10, 10, 0));
  });
});

describe('invoices that Tally no longer lists', () => {
  it('count as deleted, unless the list is empty or lacks more than half of 20 invoices or more', () => {
    assert.ok(isPlausible({ had: 0, lost: 0, listed: 0 }));
    assert.ok(isPlausible({ had: 5, lost: 0, listed: 0 }), 'they are read from elsewhere');
    assert.ok(!isPlausible({ had: 1, lost: 1, listed: 0 }));
    assert.ok(isPlausible({ had: 19, lost: 19, listed: 1 }));
    assert.ok(isPlausible({ had: 20, lost: 10, listed: 500 }));
    assert.ok(!isPlausible({ had: 20, lost: 11, listed: 500 }));
  });
});
