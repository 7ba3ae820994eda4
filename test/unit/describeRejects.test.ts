import assert from 'node:assert/strict';
import type { StoredReject } from '../../src/core/core.js';
import { describeRejects, describeRunRejects } from '../../src/core/report/describeRejects.js';
import { plainSpaces } from '../support/plainSpaces.js';

const reject = (given: Partial<StoredReject> = {}): StoredReject => ({
  ...{ companyId: 'g', companyName: 'Asha Traders', invoiceId: 'g-1', invoiceNumber: 'S/1', date: '2024-04-01' },
  ...{
    field: 'AMOUNT',
    reasonCode: 'amount-unreadable',
    reason: 'ledger "Sales": more than two decimals: "1.234"',
    raw: '<A>',
    rawLength: 3,
  },
  ...{ runId: 'r', rejectedAt: '2024-04-02T08:30:00Z' },
  ...given,
});

const found = (rejects: StoredReject[], all = rejects.length) => ({
  rejects,
  companies: [{ companyId: 'g', companyName: 'Asha Traders', rejects: all }],
});

describe('what could not be read, as a document', () => {
  const textOf = (...rejects: StoredReject[]): string =>
    plainSpaces(describeRejects(found(rejects), { load: (date) => `Load ${date ?? 'its day'}.` }));

  const remedy = (given: Partial<StoredReject>): string =>
    /In Tally +(.*?) Then/.exec(textOf(reject(given)).replace(/\s+/g, ' '))![1]!;

  it('says of each what is wrong, what to do in Tally and what then, in aligned rows', () => {
    assert.match(
      textOf(reject()),
      new RegExp(
        [
          '^1 voucher could not be read and is not in the warehouse as Tally has it now\\.\n[^]*\n',
          'Asha Traders: 1 voucher\n-{23}\n\n1\\. Voucher S/1 of 1 Apr 2024',
          '   What is wrong  AMOUNT: ledger "Sales": more than two decimals: "1\\.234"',
          '   In Tally       Open the voucher \\(Day Book of 1 Apr 2024\\), enter the amount of',
          '                  this line again, and accept it \\(Ctrl\\+A\\)\\.',
          '   Then           Load 2024-04-01\\.',
          '   Last tried     2 Apr 2024, \\d+:\\d\\d [ap]m, run r',
          '   Voucher id     g-1\n   What Tally sent:\n     <A>$',
        ].join('\n'),
      ),
    );
  });

  it('finds a voucher without a date by what else is known of it', () => {
    const text = textOf(
      reject({
        date: null,
        invoiceId: null,
        field: 'DATE',
        reasonCode: 'date-unreadable',
        raw: '<DATE>soon</DATE>',
        rawLength: 4000,
      }),
    );
    assert.match(text, /^1\. Voucher S\/1 of "soon", which is no date$/m);
    assert.match(text, /Look for the voucher and open it, set its date \(F2\), and\s+accept it/);
    assert.match(text, /Then +Load its day\.$/m);
    assert.match(text, /Voucher id +none\n {3}What Tally sent, the first 17 of 4,000 characters:$/m);
  });

  it('chooses what to do by the code of the reason, whatever the stored sentence says; without a code, as an older version left it, says what helps in general', () => {
    const reason = 'ledger "Sales": पढ़ा नहीं जा सका: "$100.00"';
    const amount = /enter the amount of this line again, and accept/;
    for (const [field, reasonCode, what] of [
      ['AMOUNT', 'foreign-amount-unreadable', /enter the rate of exchange of this line/],
      ['AMOUNT', 'amount-unreadable', amount],
      ['AMOUNT', 'amount-too-large', amount],
      ['DATE', 'date-unreadable', /set its date/],
      ['GUID', 'guid-missing', /Tally gives it an id/],
      ['VOUCHER', 'xml-broken', /type its narration and names again/],
      ['LEDGERENTRIES.LIST', 'lines-missing', /If it is empty there too/],
      ['PARTYLEDGERNAME', 'total-unknown', /choose its party again/],
      ['VOUCHERTYPENAME', 'voucher-type-unknown', /Alter, Voucher Type/],
    ] as const) {
      assert.match(remedy({ field, reasonCode, reason }), what);
      const ofOlderVersion =
        field === 'AMOUNT' ? /enter the amount of this line again, and its rate of exchange if/ : what;
      assert.match(remedy({ field, reasonCode: null, reason: 'no: "$100.00"' }), ofOlderVersion);
    }
  });
});

describe('what a run could not read, among its details', () => {
  it('names those that are left and counts those that a later run took up', () => {
    const last = (left: number, all: number): string | undefined =>
      describeRunRejects(found(left > 0 ? [reject()] : [], left), all).at(-1);
    assert.match(
      plainSpaces(describeRunRejects(found([reject()]), 1)[0]!),
      /^- Voucher S\/1 of 1 Apr 2024: AMOUNT: ledger "Sales"/,
    );
    assert.equal(last(3, 3), '… and 2 more.');
    assert.equal(last(1, 2), 'A later run has read the other 1, or tried it again.');
    assert.equal(last(1, 1201), 'A later run has read the other 1,200, or tried them again.');
    assert.match(last(0, 2)!, /^This run has no rejected vouchers left/);
  });
});
