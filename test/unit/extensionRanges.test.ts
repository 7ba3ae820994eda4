import assert from 'node:assert/strict';
import fc from 'fast-check';
import { dateOfDay, dayNumber, isCalendarDate } from '../../src/core/base/calendar.js';
import type { CompanySummary } from '../../src/core/core.js';
import { loadedRanges, rangePresets, remarkOnFrom, remarkOnTo } from '../../src/extension/input/ranges.js';
import { plainSpaces } from '../support/plainSpaces.js';

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

  it('begin with all of the books and have each of their financial years, where Tally says when they begin', () => {
    const known = rangePresets('2026-11-23', { booksFrom: '2023-07-15' }).slice(0, 5);
    assert.deepEqual(
      known.map(({ label, range }) => `${plainSpaces(label)}: ${range.from} ${range.to}`),
      [
        'All of the books (from 15 Jul 2023): 2023-07-15 2026-11-23',
        'This financial year (2026-27): 2026-04-01 2026-11-23',
        'Last financial year (2025-26): 2025-04-01 2026-03-31',
        'Financial year 2024-25: 2024-04-01 2025-03-31',
        'Financial year 2023-24: 2023-07-15 2024-03-31',
      ],
    );
    assert.deepEqual(rangePresets('2026-11-23', { booksFrom: '2026-12-01' }), rangePresets('2026-11-23'));
    assert.equal(rangePresets('2026-11-23', { booksFrom: '1990-04-01' }).length, 15);
  });

  it('of the warehouse have all that is loaded and its financial years, and no other year', () => {
    const yearOf = (from: string, daysLoaded: number) => ({
      ...{ from, to: `${Number(from.slice(0, 4)) + 1}-03-31`, daysLoaded },
      months: [
        { from, daysLoaded: 0 },
        { from: `${from.slice(0, 5)}10-01`, daysLoaded },
      ],
    });
    const company = (upTo: string | null, ...years: ReturnType<typeof yearOf>[]) =>
      ({ upTo, years }) as unknown as CompanySummary;
    const asha = company('2025-02-10', yearOf('2024-04-01', 12), yearOf('2023-04-01', 0), yearOf('2022-04-01', 5));
    const loaded = loadedRanges([asha], '2026-11-23');
    assert.deepEqual(
      rangePresets('2026-11-23', { loaded })
        .slice(0, 4)
        .map(({ label, range }) => `${label}: ${range.from} ${range.to}`),
      [
        'All that is loaded: 2022-10-01 2025-02-10',
        'Financial year 2024-25: 2024-04-01 2025-03-31',
        'Financial year 2022-23: 2022-04-01 2023-03-31',
        'This quarter: 2026-10-01 2026-11-23',
      ],
    );
    const meera = company('2026-11-20', yearOf('2026-04-01', 3), yearOf('2025-04-01', 9), yearOf('2024-04-01', 1));
    assert.deepEqual(
      rangePresets('2026-11-23', { loaded: loadedRanges([asha, meera], '2026-11-23') })
        .slice(0, 4)
        .map(({ label, range }) => `${label}: ${range.from} ${range.to}`),
      [
        'All that is loaded: 2022-10-01 2026-11-20',
        'This financial year (2026-27): 2026-04-01 2026-11-23',
        'Last financial year (2025-26): 2025-04-01 2026-03-31',
        'Financial year 2024-25: 2024-04-01 2025-03-31',
      ],
    );
    assert.equal(loadedRanges([company(null, yearOf('2024-04-01', 0))], '2026-11-23'), undefined);
    assert.equal(loadedRanges([], '2026-11-23'), undefined);
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
  const said = ({ severity, message }: ReturnType<typeof remarkOnFrom>) => [severity, plainSpaces(message)];

  it('has a first day that is in the calendar, up to today; it is said in full; half typed is no mistake', () => {
    for (const [texts, severity, message] of [
      [['2024-02-29', '29-02-2024', '29-Feb-24'], 'info', /^= 29 February 2024$/],
      [['', '2', '2024', '01-04', '1 Apr'], 'unfinished', /^Write the day first, for example 01-04-2024/],
      [['2024-02-30'], 'error', /^2024-02-30 is not in the calendar\.$/],
      [['30 Feb 2024'], 'error', /^30 Feb 2024 is not in the calendar\.$/],
      [['yesterday', '2024-04-011'], 'error', /is not a date.*01-04-2024/],
      [['2026-11-24'], 'error', /^24 Nov 2026 lies in the future.*Today is 23 Nov 2026/],
    ] as const)
      for (const text of texts) {
        const [kind, words] = said(remarkOnFrom(text, today));
        assert.equal(kind, severity, text);
        assert.match(words!, message);
      }
  });

  it('has a last day that is not before the first; in the future it will end today', () => {
    for (const [last, severity, message] of [
      ['1-4-24', 'info', /^= 1 April 2024$/],
      ['31-3-24', 'error', /^31 Mar 2024 is before the first day, 1 Apr 2024/],
      ['2027-03-31', 'warning', /will end today, 23 Nov 2026/],
    ] as const) {
      const [kind, words] = said(remarkOnTo(last, '2024-04-01', today));
      assert.equal(kind, severity, last);
      assert.match(words!, message);
    }
  });
});
