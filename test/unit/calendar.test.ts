import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  addDays,
  addMonths,
  dateOfDay,
  dayNumber,
  daysOf,
  financialYearEnd,
  financialYearName,
  fromTallyDate,
  isCalendarDate,
  monthEnd,
  monthStart,
} from '../../src/core/base/calendar.js';

describe('calendar dates', () => {
  it('have one notation', () => {
    for (const text of ['2024-4-1', '01-04-2024', '', 'today']) assert.ok(!isCalendarDate(text), text);
  });

  it('agrees with the calendar of the machine on every day of the years that differ', () => {
    const pad = (n: number): string => String(n).padStart(2, '0');
    for (const year of [1900, 2000, 2023, 2024, 2100])
      for (let month = 0; month <= 13; month++)
        for (let day = 0; day <= 32; day++) {
          const text = `${year}-${pad(month)}-${pad(day)}`;
          const time = new Date(Date.UTC(year, month - 1, day));
          assert.equal(isCalendarDate(text), time.toISOString().startsWith(text), text);
        }
  });

  it('reads Tally dates and never makes a day out of an invalid date', () => {
    assert.equal(fromTallyDate(' 20240401 '), '2024-04-01');
    for (const text of ['', '20240230', '2024041', '2024-04-01', '00000000', '1-Apr-24'])
      assert.equal(fromTallyDate(text), undefined, text);
  });

  it('counts months on and back, and ends where a month is shorter', () => {
    assert.equal(addMonths('2024-01-31', 1), '2024-02-29');
    assert.equal(addMonths('2024-03-31', -13), '2023-02-28');
    assert.equal(addMonths('2024-12-15', 1), '2025-01-15');
    assert.deepEqual([monthStart('2024-02-17'), monthEnd('2024-02-17')], ['2024-02-01', '2024-02-29']);
  });

  it('names the financial year that a date lies in, and its last day', () => {
    assert.deepEqual(['2024-03-31', '2024-04-01'].map(financialYearName), ['2023-24', '2024-25']);
    assert.deepEqual(['2024-03-31', '2024-04-01'].map(financialYearEnd), ['2024-03-31', '2025-03-31']);
    assert.equal(financialYearName('2099-05-01'), '2099-00');
  });

  it('counts days without any time zone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: -400, max: 400 }), (day, step) => {
        assert.equal(dayNumber(dateOfDay(day)), day);
        assert.equal(dayNumber(addDays(dateOfDay(day), step)), day + step);
      }),
    );
    assert.deepEqual([...daysOf({ from: '2024-02-28', to: '2024-03-01' })], ['2024-02-28', '2024-02-29', '2024-03-01']);
  });
});
