import assert from 'node:assert/strict';
import { creditOf, type CreditDoubt } from '../../src/core/invoice/values/creditPeriod.js';
import type { Bill } from '../../src/core/invoice/voucher.js';

const bill = (creditPeriod: string, more: Partial<Bill> = {}): Bill => ({
  ...{ name: '', type: 'New Ref', date: '', amount: '' },
  creditPeriod,
  from: '',
  ...more,
});
/**
 * `days date`, then `start` for a bill whose stated start cannot be right, and `doubt` for a period that cannot be
 * read.
 */
function credit(bills: Bill[], from: string | undefined = '2024-01-31', date = from): string {
  const doubts: string[] = [];
  const say = (doubt: CreditDoubt): unknown => doubts.push(doubt === 'credit-start' ? 'start' : 'doubt');
  const { creditDays, dueDate } = creditOf(bills, { date, from }, say);
  return [creditDays ?? '-', dueDate ?? '-', ...doubts].join(' ');
}

describe('the credit period of an invoice', () => {
  it('is days from the date of the bill', () => {
    assert.equal(credit([bill('30 Days')]), '30 2024-03-01');
    assert.equal(credit([bill('1 Day')]), '1 2024-02-01');
    assert.equal(credit([bill('0 Days')]), '0 2024-01-31');
    assert.equal(credit([bill('2 Weeks')]), '14 2024-02-14');
  });

  it('counts from the day that the bill itself says', () => {
    // The day from which a period counts is given in days since 1899-12-31 (docs/tally.md §1.6).
    assert.equal(credit([bill('1 Days', { from: '42824' })], '2017-04-05'), '1 2017-04-01');
    assert.equal(credit([bill('5 Days', { from: '44651' })], '2022-03-20'), '5 2022-04-06');
    assert.equal(credit([bill('1 Month', { from: '44651' })], '2022-03-20'), '- 2022-05-01');
    assert.equal(credit([bill('1 Days', { from: '0' })]), '1 2024-02-01', 'that is no day');
    assert.equal(creditOf([bill('30 Days')], { date: '2024-01-31', from: undefined }, () => undefined).dueDate, null);
  });

  it('gives no due date, and a doubt, if it counts from a day more than 366 days away from the invoice', () => {
    // 45290 is 2023-12-31: 366 days before 2024-12-31, and 31 days before 2024-01-31.
    const jd = { from: '45290' };
    assert.equal(credit([bill('30 Days', jd)]), '30 2024-01-30');
    assert.equal(credit([bill('30 Days', jd)], '2024-12-31'), '30 2024-01-30');
    assert.equal(credit([bill('30 Days', jd)], '2025-01-01'), '30 - start');
    assert.equal(credit([bill('30 Days', jd)], '2022-12-30'), '30 2024-01-30');
    assert.equal(credit([bill('30 Days', jd)], '2022-12-29'), '30 - start');
    assert.equal(credit([bill('2 Months', { from: '42705' })]), '- - start');
    assert.equal(credit([bill('31-May-24', { from: '42705' })]), '- 2024-05-31', 'a date needs no day to count from');
    assert.equal(credit([bill('soon', { from: '42705' })]), '- - doubt');
  });

  it('is a date where Tally has one', () => {
    assert.equal(credit([bill('31-May-24')]), '- 2024-05-31');
    assert.equal(credit([bill('1-Apr-2018')]), '- 2018-04-01');
    assert.equal(credit([bill('20240531')]), '- 2024-05-31');
    assert.equal(credit([bill('31-Mar-98')], '1998-03-01'), '- 1998-03-31', 'the product named Tally dates from 1988');
  });

  it('in months ends on the same day of the month, or on its last day if the month is shorter', () => {
    assert.equal(credit([bill('2 Months')], '2024-11-15'), '- 2025-01-15');
    assert.equal(credit([bill('1 Year')], '2024-01-31'), '- 2025-01-31');
    assert.equal(credit([bill('1 Month')], '2023-01-31'), '- 2023-02-28');
    assert.equal(credit([bill('1 Year')], '2024-02-29'), '- 2025-02-28');
  });

  it('is empty, with a doubt, if it cannot be read', () => {
    for (const text of ['soon', '30', '31-Feb-24', '-5 Days', '30 Days net', '99999 Days'])
      assert.equal(credit([bill(text)]), '- - doubt', text);
  });

  it('is that of its own bills, not of those that it settles', () => {
    assert.equal(credit([bill('90 Days', { type: 'Agst Ref' }), bill('30 Days')]), '30 2024-03-01');
    assert.equal(credit([bill('', {}), bill('soon', { type: 'Advance' })]), '- -');
    assert.equal(credit([]), '- -');
  });

  it('of several bills counts only as far as they agree', () => {
    assert.equal(credit([bill('30 Days'), bill('30 Days')]), '30 2024-03-01');
    assert.equal(credit([bill('30 Days'), bill('45 Days')]), '- -');
    assert.equal(credit([bill('1-Mar-24'), bill('30 Days')]), '- 2024-03-01');
  });
});
