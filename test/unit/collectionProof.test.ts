import assert from 'node:assert/strict';
import { addDays, today } from '../../src/core/base/calendar.js';
import type { Invoice, InvoiceLine } from '../../src/core/invoice/invoice.js';
import { CollectionProof, type Seen } from '../../src/core/jobs/load/read/collectionProof.js';

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

describe("an invoice of Tally's collection", () => {
  const line = { lineType: 'ledger', ledgerClass: 'party', amount: 100n } as InvoiceLine;
  const seen = (fields: Partial<Invoice> = {}, lines = [line], view: Seen['view'] = 'invoice'): Seen => ({
    invoice: { invoiceId: 'a', invoiceType: 'sales', narration: 'Paid', lines, ...fields } as Invoice,
    doubts: [],
    view,
  });

  it('is believed once each of its filled fields was the same in three invoices of its kind, and not before', () => {
    const proof = new CollectionProof(undefined);
    for (let agreed = 0; agreed < 3; agreed++) {
      assert.deepEqual([proof.believes(seen()), proof.wants(seen())], [false, true], String(agreed));
      proof.agree(seen({}, [line, line])); // two lines of a kind count once
    }
    assert.deepEqual([proof.believes(seen()), proof.wants(seen())], [true, false]);
    assert.equal(proof.believes(seen({ narration: null })), true);
    for (const other of [
      seen({ irn: 'b' }),
      seen({ isCancelled: true }),
      seen({ invoiceType: 'purchase' }),
      seen({}, [{ ...line, hsn: '1001' }]),
      seen({}, [{ ...line, ledgerClass: 'taxable' }]),
      seen({}, [line], 'accounting'),
    ])
      assert.equal(proof.believes(other), false);
  });
});
