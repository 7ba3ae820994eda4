import assert from 'node:assert/strict';
import type { StoredReject } from '../../src/core/core.js';
import { describeRejects, describeRunRejects } from '../../src/core/jobs/describeRejects.js';

const reject = (given: Partial<StoredReject> = {}): StoredReject => ({
  ...{ companyId: 'g', companyName: 'Asha Traders', invoiceId: 'g-1', invoiceNumber: 'S/1', date: '2024-04-01' },
  ...{ field: 'AMOUNT', reason: 'ledger "Sales": more than two decimals: "1.234"', raw: '<A>', rawLength: 3 },
  ...{ runId: 'r', rejectedAt: '2024-04-02T08:30:00Z' },
  ...given,
});

const found = (rejects: StoredReject[], all = rejects.length) => ({
  rejects,
  companies: [{ companyId: 'g', companyName: 'Asha Traders', rejects: all }],
});

describe('what could not be read, as a document', () => {
  const textOf = (...rejects: StoredReject[]): string =>
    describeRejects(found(rejects), { load: (date) => `Load ${date ?? 'its day'}.` });

  it('says of each what is wrong, what to do in Tally and what then, in aligned rows', () => {
    assert.match(
      textOf(reject()),
      new RegExp(
        [
          '^1 voucher could not be read and is not in the warehouse as Tally has it now\\.\n[^]*\n',
          'Asha Traders: 1 voucher\n-{23}\n\n1\\. Voucher S/1 of 2024-04-01',
          '   What is wrong  AMOUNT: ledger "Sales": more than two decimals: "1\\.234"',
          '   In Tally       Open the voucher \\(Day Book of 2024-04-01\\), enter the amount of',
          '                  this line again, and accept it \\(Ctrl\\+A\\)\\.',
          '   Then           Load 2024-04-01\\.',
          '   Last tried     2024-04-02 \\d\\d:\\d\\d, run r',
          '   Voucher id     g-1\n   What Tally sent:\n     <A>$',
        ].join('\n'),
      ),
    );
  });

  it('finds a voucher without a date by what else is known of it', () => {
    const text = textOf(
      reject({ date: null, invoiceId: null, field: 'DATE', raw: '<DATE>soon</DATE>', rawLength: 4000 }),
    );
    assert.match(text, /^1\. Voucher S\/1 of "soon", which is no date$/m);
    assert.match(text, /Look for the voucher and open it, set its date \(F2\), and\s+accept it/);
    assert.match(text, /Then +Load its day\.$/m);
    assert.match(text, /Voucher id +none\n {3}What Tally sent, the first 17 of 4,000 characters:$/m);
  });

  it('knows an amount in a foreign currency by itself, in whatever language its reason was stored', () => {
    const remedy = (reason: string): string =>
      /enter the (.*?) of/s.exec(textOf(reject({ reason })).replace(/\s+/g, ' '))![1]!;
    for (const amount of ['$100.00', '-$448.44 @ lots', '?12.00', 'abc = 100'])
      assert.equal(remedy(`ledger "Sales": पढ़ा नहीं जा सका: ${JSON.stringify(amount)}`), 'rate', amount);
    for (const amount of ['', '1.234', 'twelve', '12..5'])
      assert.equal(remedy(`ledger "Corporate \\"rate\\" $5": no: ${JSON.stringify(amount)}`), 'amount', amount);
  });
});

describe('what a run could not read, among its details', () => {
  it('names those that are left and counts those that a later run took up', () => {
    const last = (left: number, all: number): string | undefined =>
      describeRunRejects(found(left > 0 ? [reject()] : [], left), all).at(-1);
    assert.match(describeRunRejects(found([reject()]), 1)[0]!, /^- Voucher S\/1 of 2024-04-01: AMOUNT: ledger "Sales"/);
    assert.equal(last(3, 3), '… and 2 more.');
    assert.equal(last(1, 2), 'A later run has read the other 1, or tried it again.');
    assert.equal(last(1, 1201), 'A later run has read the other 1,200, or tried them again.');
    assert.match(last(0, 2)!, /^None of them is this run’s any more/);
  });
});
