import assert from 'node:assert/strict';
import { KeyIndex, Numbers } from '../../src/core/jobs/load/list/numbers.js';
import { Random } from '../../src/demo/book/random.js';

describe('a growing list of numbers', () => {
  it('has what was put into it, over many pieces, and nothing beyond its end', () => {
    const numbers = new Numbers(Float64Array);
    assert.equal(numbers.at(0), undefined);
    for (let i = 0; i < 40_000; i++) numbers.push(i === 3 ? NaN : i * 2 ** 33);
    numbers.set(39_999, -1);
    assert.deepEqual(
      [numbers.length, ...[0, 3, 16_383, 16_384, 39_999, 40_000].map((at) => numbers.at(at))],
      [40_000, 0, NaN, 16_383 * 2 ** 33, 16_384 * 2 ** 33, -1, undefined],
    );
  });

  it('finds each of its keys by an index, also after that has grown, and no other', () => {
    const keys = new Numbers(Uint32Array);
    const index = new KeyIndex(keys);
    const random = new Random(1, 0);
    const known = new Map<number, number>();
    const wanted = [0, 2 ** 32 - 1, ...Array.from({ length: 5_000 }, (_, i) => 4_200 + i)];
    while (wanted.length < 20_000) wanted.push(random.next());
    for (const key of wanted) {
      assert.equal(index.find(key), known.get(key), String(key));
      if (known.has(key)) continue;
      known.set(key, keys.length);
      keys.push(key);
      index.add(keys.length - 1);
    }
    for (const [key, at] of known) assert.equal(index.find(key), at, String(key));
    for (let i = 0; i < 20_000; i++) {
      const key = random.next();
      assert.equal(index.find(key), known.get(key), String(key));
    }
  });
});
