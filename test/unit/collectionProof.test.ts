import assert from 'node:assert/strict';
import { addDays, today } from '../../src/core/base/calendar.js';
import type { Invoice, InvoiceLine } from '../../src/core/invoice/invoice.js';
import { CollectionProof, type VoucherReading } from '../../src/core/jobs/load/read/collectionProof.js';

const on = (days: number): string => addDays(today(), -days);
const line = { lineType: 'ledger', ledgerClass: 'party', amount: 100n } as InvoiceLine;
const readingOf = (invoice: Invoice, view: VoucherReading['view'] = 'invoice'): VoucherReading => ({
  ...{ invoice, view, doubts: [] },
  ...{ alterId: null, number: null, date: '2024-04-01' },
});

describe("a verdict on Tally's collection of vouchers", () => {
  it('stops requests for the collection for 30 days after Tally did not give it', () => {
    for (const collection of ['wrong 2', 'dropped 2']) {
      assert.equal(new CollectionProof({ collection, collectionOn: on(29) }).isOff, true);
      assert.equal(new CollectionProof({ collection, collectionOn: on(30) }).isOff, false);
    }
  });

  it('remembers whether invoices were read from the collection: if it differs later, all days lose their proof', () => {
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

describe("an invoice from Tally's collection, in a later run", () => {
  const seen = readingOf({ invoiceType: 'sales', narration: 'Paid', lines: [line] } as unknown as Invoice);

  for (const [collection, times, where] of [
    ['right 2', 1, 'after a run that proved it'],
    ['right 1', 3, 'after a run that proved an older request'],
  ] as const)
    it(`is taken once ${times} of its kind were the same as whole vouchers, ${where}`, () => {
      const proof = new CollectionProof({ collection, collectionOn: on(1) });
      for (let time = 0; time < times; time++) {
        assert.deepEqual([proof.hasConfirmed(seen), proof.wants(seen)], [false, true], `after ${time}`);
        proof.agree(seen);
      }
      assert.deepEqual([proof.hasConfirmed(seen), proof.wants(seen)], [true, false]);
    });
});

describe("a verdict on Tally's collection, in runs with the ledger and without it:", () => {
  const of = (collection: string, withLedger: boolean): CollectionProof =>
    new CollectionProof({ collection, collectionOn: on(1) }, withLedger);

  it('right with the ledger counts as right without it, but not vice versa', () => {
    const proven = ['right 2 ledger', 'right 2'].map((said) => [true, false].map((ledger) => of(said, ledger).isRight));
    assert.deepEqual(proven, [
      [true, true],
      [false, true],
    ]);
  });

  it('wrong with the ledger or without it counts for both, so neither run asks for the collection again', () => {
    for (const word of ['wrong', 'dropped', 'differs', 'contradicted'])
      for (const said of [`${word} 2`, `${word} 2 ledger`])
        assert.deepEqual([of(said, true).isOff, of(said, false).isOff], [true, true], said);
  });

  it('a verdict on an older request counts for neither', () => {
    for (const said of ['right 1 ledger', 'contradicted 1'])
      assert.deepEqual([of(said, true).isOff, of(said, false).isRight], [false, false], said);
  });

  it('both read the kinds of vouchers that differ whole, and the verdict keeps these kinds', () => {
    const said = 'right 2 ledger without sales invoice; stock_journal accounting';
    const invoice = { invoiceType: 'sales', lines: [line] } as unknown as Invoice;
    for (const withLedger of [true, false]) {
      const proof = of(said, withLedger);
      const isDiffering = (invoice: Invoice): boolean => proof.isDiffering(readingOf(invoice));
      assert.deepEqual([isDiffering(invoice), isDiffering({ ...invoice, invoiceType: 'purchase' })], [true, false]);
    }
    assert.equal(of(said, true).right, said);
  });
});

describe("an invoice of Tally's collection", () => {
  const seen = (fields: Partial<Invoice> = {}, lines = [line], view?: VoucherReading['view']): VoucherReading =>
    readingOf({ invoiceId: 'a', invoiceType: 'sales', narration: 'Paid', lines, ...fields } as Invoice, view);

  it('is believed once each of its filled fields was the same in three invoices of its kind, and not before', () => {
    const proof = new CollectionProof(undefined);
    for (let agreed = 0; agreed < 3; agreed++) {
      assert.deepEqual([proof.hasConfirmed(seen()), proof.wants(seen())], [false, true], String(agreed));
      proof.agree(seen({}, [line, line])); // two lines of a kind count once
    }
    assert.deepEqual([proof.hasConfirmed(seen()), proof.wants(seen())], [true, false]);
    assert.equal(proof.hasConfirmed(seen({ narration: null })), true);
    for (const other of [
      seen({ irn: 'b' }),
      seen({ isCancelled: true }),
      seen({ invoiceType: 'purchase' }),
      seen({}, [{ ...line, hsn: '1001' }]),
      seen({}, [{ ...line, ledgerClass: 'taxable' }]),
      seen({}, [line], 'accounting'),
    ])
      assert.equal(proof.hasConfirmed(other), false);
  });
});
