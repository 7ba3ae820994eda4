import assert from 'node:assert/strict';
import type { DateRange } from '../../src/core/base/calendar.js';
import { findSince, probeDays } from '../../src/core/jobs/balances/since.js';

const range = { from: '2023-04-01', to: '2024-06-18' };
const days = probeDays(range, false);

/** Finds since when each key differs if it began to differ on this day. `asked` lists the days asked for. */
async function find(began: Record<string, string>, earliest?: (key: string) => string | undefined) {
  const asked: string[] = [];
  const found = await findSince(
    Object.keys(began),
    range,
    days,
    (day) => {
      asked.push(day);
      return Promise.resolve(new Set(Object.keys(began).filter((key) => began[key]! <= day)));
    },
    earliest && { earliest },
  );
  return { found: Object.fromEntries(found!), asked };
}

const month = (of: string, last: number): DateRange => ({ from: `${of}-01`, to: `${of}-${last}` });

describe('since when balances differ', () => {
  it('is asked at the ends of the months that end within the range, or once in the middle of a shorter one', () => {
    assert.deepEqual([days.length, days[0], days.at(-1)], [14, '2023-04-30', '2024-05-31']);
    assert.deepEqual(probeDays({ from: '2024-06-01', to: '2024-06-19' }, false), ['2024-06-10']);
    assert.deepEqual(probeDays({ from: '2024-06-19', to: '2024-06-19' }, false), []);
  });

  it('is asked at bounds alone that a Tally without a licence accepts', () => {
    const accepted = probeDays({ from: '2024-04-01', to: '2024-07-31' }, true);
    assert.deepEqual(accepted, ['2024-05-01', '2024-05-31', '2024-07-01']);
    assert.deepEqual(probeDays({ from: '2024-06-01', to: '2024-06-19' }, true), []);
  });

  it('is the month, for every month, by at most log2 of the months requests', async () => {
    for (let n = 0; n < 15; n++) {
      const day = n === 14 ? '2024-06-05' : days[n]!;
      const { found, asked } = await find({ a: day, b: day });
      assert.ok(
        found.a!.from <= day && found.a!.to >= day && found.a!.from.slice(0, 7) === found.a!.to.slice(0, 7),
        day,
      );
      assert.deepEqual(found.a, found.b);
      assert.ok(asked.length <= 4, `${day}: ${asked.length} requests`);
    }
  });

  it('is a longer range where several differ of other months, never one in which it did not begin, and one is found wholly', async () => {
    const began = { a: '2023-05-09', b: '2023-12-09', c: '2024-06-01' };
    const { found, asked } = await find(began);
    assert.ok(asked.length <= 4);
    for (const [key, day] of Object.entries(began)) assert.ok(found[key]!.from <= day && found[key]!.to >= day, key);
    assert.deepEqual(found.c, { from: '2024-06-01', to: '2024-06-18' });
  });

  it('is not looked for before the day from which it can be, and one key does not widen another', async () => {
    const { found, asked } = await find({ a: '2024-05-20' }, () => '2024-05-02');
    assert.deepEqual([found.a, asked], [month('2024-05', 31), ['2024-05-31']]);
    const both = await find({ a: '2024-05-20', b: '2024-05-20' }, (key) => (key === 'a' ? '2024-05-02' : undefined));
    assert.deepEqual([both.found.a, both.found.b], [month('2024-05', 31), month('2024-05', 31)]);
  });

  it('is unknown where Tally answers for another day', async () => {
    assert.equal(await findSince(['a'], range, days, () => Promise.resolve(undefined)), undefined);
  });
});
