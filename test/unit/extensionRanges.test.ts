import assert from 'node:assert/strict';
import fc from 'fast-check';
import { dateOfDay, dayNumber, isCalendarDate } from '../../src/core/base/calendar.js';
import { rangePresets, remarkOnFrom, remarkOnTo } from '../../src/extension/input/ranges.js';

const spans = (today: string): string[] => rangePresets(today).map(({ range }) => `${range.from} ${range.to}`);
const anyDay = fc.integer({ min: dayNumber('1990-01-01'), max: dayNumber('2100-12-31') }).map(dateOfDay);

describe('range presets', () => {
  it('end today where the year, quarter or month is still running', () => {
    assert.deepEqual(spans('2026-11-23'), [
      '2026-04-01 2026-11-23',
      '2025-04-01 2026-03-31',
      '2026-10-01 2026-11-23',
      '2026-07-01 2026-09-30',
      '2026-11-01 2026-11-23',
      '2026-10-01 2026-10-31',
    ]);
  });

  it('put January to March into the financial year that began in April before', () => {
    assert.deepEqual(spans('2025-02-10'), [
      '2024-04-01 2025-02-10',
      '2023-04-01 2024-03-31',
      '2025-01-01 2025-02-10',
      '2024-10-01 2024-12-31',
      '2025-02-01 2025-02-10',
      '2025-01-01 2025-01-31',
    ]);
  });

  it('reach back over the turn of the year, know the leap day, and change year on 1 April', () => {
    for (const [today, which, span] of [
      ['2024-01-15', 3, '2023-10-01 2023-12-31'],
      ['2024-01-15', 5, '2023-12-01 2023-12-31'],
      ['2024-03-15', 5, '2024-02-01 2024-02-29'],
      ['2025-03-15', 5, '2025-02-01 2025-02-28'],
      ['2025-03-31', 0, '2024-04-01 2025-03-31'],
      ['2025-04-01', 0, '2025-04-01 2025-04-01'],
      ['2025-04-01', 1, '2024-04-01 2025-03-31'],
    ] as const)
      assert.equal(spans(today)[which], span, today);
  });

  it('name the financial years', () => {
    const labels = rangePresets('2024-10-13').map((preset) => preset.label);
    assert.deepEqual(labels.slice(0, 2), ['This financial year (2024-25)', 'Last financial year (2023-24)']);
    assert.equal(rangePresets('1999-05-01')[0]?.label, 'This financial year (1999-00)');
  });

  it('are real dates, in order, never in the future, on any day', () => {
    fc.assert(
      fc.property(anyDay, (today) => {
        for (const { range } of rangePresets(today)) {
          assert.ok(isCalendarDate(range.from) && isCalendarDate(range.to));
          assert.ok(range.from <= range.to && range.to <= today);
          assert.equal(range.from.slice(8), '01');
        }
      }),
    );
  });

  it('leave no day between the last and the running one', () => {
    fc.assert(
      fc.property(anyDay, (today) => {
        const presets = rangePresets(today).map(({ range }) => range);
        for (const i of [0, 2, 4]) assert.equal(dayNumber(presets[i + 1]!.to) + 1, dayNumber(presets[i]!.from));
      }),
    );
  });
});

describe('a range as it is typed', () => {
  const today = '2026-11-23';
  type Remark = ReturnType<typeof remarkOnFrom>;

  it('has a first day that is in the calendar, up to today, in the one notation; half typed is no mistake', () => {
    const half = ['', '2', '2024', '2024-', '2024-04', '2024-04-0'];
    const otherwise = ['01-04-2024', '2024/04/01', '1 April', '20240401', '2024-04-011'];
    for (const [texts, severity, message] of [
      [['2024-02-29', today], undefined, undefined],
      [half, 'info', /./],
      [['2024-02-30'], 'error', /^2024-02-30 is not in the calendar\.$/],
      [otherwise, 'error', /is not a date.*2024-04-01/],
      [['2026-11-24'], 'error', /future.*Today is 2026-11-23/],
    ] as const)
      for (const text of texts) {
        const remark: Remark = remarkOnFrom(text, today);
        assert.equal(remark?.severity, severity, text);
        if (message) assert.match(remark!.message, message);
      }
  });

  it('has a last day that is not before the first; in the future it will end today', () => {
    for (const [last, severity, message] of [
      ['2024-04-01', undefined, undefined],
      ['2024-03-31', 'error', /before the first day, 2024-04-01/],
      ['2027-03-31', 'warning', /will end today, 2026-11-23/],
    ] as const) {
      const remark: Remark = remarkOnTo(last, '2024-04-01', today);
      assert.equal(remark?.severity, severity, last);
      if (message) assert.match(remark!.message, message);
    }
  });
});
