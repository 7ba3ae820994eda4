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

  it('reach back over the turn of the year', () => {
    const [, , , lastQuarter, , lastMonth] = spans('2024-01-15');
    assert.equal(lastQuarter, '2023-10-01 2023-12-31');
    assert.equal(lastMonth, '2023-12-01 2023-12-31');
  });

  it('know the leap day', () => {
    assert.equal(spans('2024-03-15')[5], '2024-02-01 2024-02-29');
    assert.equal(spans('2025-03-15')[5], '2025-02-01 2025-02-28');
  });

  it('change year on 1 April and not on 31 March', () => {
    assert.deepEqual(spans('2025-03-31').slice(0, 2), ['2024-04-01 2025-03-31', '2023-04-01 2024-03-31']);
    assert.deepEqual(spans('2025-04-01').slice(0, 2), ['2025-04-01 2025-04-01', '2024-04-01 2025-03-31']);
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

describe('the first day of a range as it is typed', () => {
  const severity = (text: string): string | undefined => remarkOnFrom(text, '2026-11-23')?.severity;

  it('is accepted when it is a day of the calendar up to today', () => {
    assert.equal(severity('2024-02-29'), undefined);
    assert.equal(severity('2026-11-23'), undefined);
  });

  it('is no mistake while it is half typed', () => {
    for (const text of ['', '2', '2024', '2024-', '2024-04', '2024-04-0']) assert.equal(severity(text), 'info', text);
  });

  it('is refused when the calendar has no such day', () => {
    assert.deepEqual(remarkOnFrom('2024-02-30', '2026-11-23'), {
      severity: 'error',
      message: '2024-02-30 is not in the calendar.',
    });
  });

  it('is refused in another notation, with an example of the right one', () => {
    for (const text of ['01-04-2024', '2024/04/01', '1 April', '20240401', '2024-04-011'])
      assert.match(remarkOnFrom(text, '2026-11-23')?.message ?? '', /is not a date.*2024-04-01/, text);
  });

  it('is refused in the future, since there is nothing to load yet', () => {
    assert.match(remarkOnFrom('2026-11-24', '2026-11-23')?.message ?? '', /future.*Today is 2026-11-23/);
  });
});

describe('the last day of a range as it is typed', () => {
  it('may be the first day', () => {
    assert.equal(remarkOnTo('2024-04-01', '2024-04-01', '2026-11-23'), undefined);
  });

  it('is refused before the first day, which is named', () => {
    const remark = remarkOnTo('2024-03-31', '2024-04-01', '2026-11-23');
    assert.equal(remark?.severity, 'error');
    assert.match(remark.message, /before the first day, 2024-04-01/);
  });

  it('is accepted in the future, saying that the range will end today', () => {
    const remark = remarkOnTo('2027-03-31', '2024-04-01', '2026-11-23');
    assert.equal(remark?.severity, 'warning');
    assert.match(remark.message, /will end today, 2026-11-23/);
  });
});
