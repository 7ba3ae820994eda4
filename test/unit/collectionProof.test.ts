import assert from 'node:assert/strict';
import { addDays, today } from '../../src/core/base/calendar.js';
import { CollectionProof } from '../../src/core/jobs/load/read/collectionProof.js';

const on = (days: number): string => addDays(today(), -days);

describe("a verdict on Tally's collection of vouchers", () => {
  it('keeps it from being asked for 30 days where Tally did not give it', () => {
    for (const collection of ['wrong 2', 'dropped 2']) {
      assert.equal(new CollectionProof({ collection, collectionOn: on(29) }).isOff, true);
      assert.equal(new CollectionProof({ collection, collectionOn: on(30) }).isOff, false);
    }
  });

  it('remembers that invoices had been read from it, however long it is not asked: a lie takes the proof of all days', () => {
    for (const [collection, next, lie] of [
      [null, 'wrong 2', 'differs 2'],
      ['wrong 2', 'wrong 2', 'differs 2'],
      ['right 2', 'dropped 2', 'contradicted 2'],
      ['right 1', 'dropped 2', 'contradicted 2'],
      ['dropped 2', 'dropped 2', 'contradicted 2'],
    ] as const) {
      const proof = new CollectionProof({ collection, collectionOn: on(40) });
      assert.equal(proof.notGiven, next, `after ${collection}`);
      assert.deepEqual([proof.contradict(), proof.hasContradicted], [lie, lie === 'contradicted 2']);
    }
  });
});
