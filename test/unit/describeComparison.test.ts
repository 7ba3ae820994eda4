import assert from 'node:assert/strict';
import { describeComparison } from '../../src/core/report/describeComparison.js';
import type { Difference, VerifiedDay, VerifyResult } from '../../src/core/jobs/job.js';
import { verifyText } from '../../src/extension/commands/verifyWords.js';
import { plainSpaces } from '../support/plainSpaces.js';

const sales = (date: string, tally: number, warehouse: number, differences: number): VerifiedDay => ({
  date,
  invoiceType: 'sales',
  tally: { invoices: tally, total: `${tally * 1180}.00` },
  warehouse: { invoices: warehouse, total: `${warehouse * 1180}.00` },
  differences,
});

const sale = (n: number, date: string, given: Partial<Difference>): Difference => ({
  kind: 'missing-here',
  invoiceId: `id-${n}`,
  date,
  invoiceType: 'sales',
  invoiceNumber: `S/${n}`,
  partyName: 'Asha Stores',
  totalAmount: '1180.00',
  fields: [],
  ...given,
});

const agreeing: VerifyResult = {
  command: 'verify',
  company: { name: 'Asha Traders', id: 'g' },
  from: '2024-04-01',
  to: '2024-04-30',
  report: 'Day Book',
  answered: { vouchers: 1500, from: '2024-04-01', to: '2024-04-30' },
  index: null,
  invoices: { tally: 1234, warehouse: 1234 },
  differences: { missingHere: 0, different: 0, goneInTally: 0 },
  listed: [],
  days: [sales('2024-04-05', 1234, 1234, 0)],
  rejected: 0,
  warnings: [],
  notProven: null,
  durationMs: 3200,
  runId: 'r',
};

const differing: VerifyResult = {
  ...agreeing,
  differences: { missingHere: 2, different: 2, goneInTally: 1 },
  listed: [
    sale(1, '2024-04-05', {}),
    sale(2, '2024-04-05', {
      kind: 'different',
      fields: [
        { field: 'total_amount', warehouse: '118100.00', tally: '1180.00' },
        { field: 'line 2 hsn', warehouse: '9983 ', tally: null },
        { field: 'line 2 gst_rate', warehouse: '10.0000', tally: '2.5000' },
        { field: 'line 3', warehouse: 'Freight, -1180.00', tally: null },
        { field: 'is_cancelled', warehouse: 'false', tally: 'true' },
        { field: 'narration', warehouse: '', tally: 'a text that no column of a table has the room for' },
        { field: 'party_name', warehouse: 'Asha Stores', tally: 'आशा स्टोर्स' },
      ],
    }),
    sale(3, '2024-04-09', {
      kind: 'different',
      fields: [{ field: 'date', warehouse: '2024-04-05', tally: '2024-04-09' }],
    }),
    sale(4, '2024-04-09', { kind: 'gone-in-tally', invoiceNumber: null, partyName: null }),
  ],
  days: [sales('2024-04-09', 1, 1, 3), sales('2024-04-02', 7, 7, 0), sales('2024-04-05', 3, 3, 3)],
};

describe('a comparison of Tally with the warehouse, as a document', () => {
  const described = (result: VerifyResult) => {
    const { found, text, ...rest } = describeComparison(result, 'books on db', '2026-04-01T08:30:00Z', 'Press Fix.');
    return { found: plainSpaces(found), text: plainSpaces(text), ...rest };
  };

  it('shows the totals of both sides, when they were compared, and nothing to fix where they agree', () => {
    const { text, days } = described(agreeing);
    assert.match(
      text,
      /^Comparison of Tally with the warehouse, 1–30 Apr 2024\n\nTally and books on db agree: 1,234 invoices of Asha Traders, 1–30 Apr 2024\.\n/,
    );
    assert.match(text, /^Compared on (31 Mar|1 Apr) 2026, \d+:\d\d [ap]m, in 3\.2 s$/m);
    assert.match(text, /^Sales +1,234 +₹14,56,120\.00 +1,234 +₹14,56,120\.00 +₹0\.00$/m);
    assert.ok(!text.includes('Press Fix'));
    assert.deepEqual(days, []);
  });

  it('says plainly which days were compared by ids and totals alone, and never that these agree in all', () => {
    const byTotals = [{ from: '2024-04-01', to: '2024-04-28' }];
    const none = { vouchers: 0, from: null, to: null };
    const { found, text } = described({ ...agreeing, byTotals, answered: none });
    assert.equal(
      found,
      'Ids and totals agree in Tally and books on db: 1,234 invoices of Asha Traders, 1–30 Apr 2024. Compared by ids and totals by day and type, not field by field: 28 days.',
    );
    assert.doesNotMatch(text, /Day Book|verified/i);
    const some = described({ ...differing, byTotals });
    assert.match(some.found, /^5 invoices of Asha Traders differ .* on 2 days .* not field by field: 28 days\.$/);
    assert.match(some.text, /^Day Book: 1,500 vouchers/m);
    const whole = described({ ...agreeing, byTotals: [] });
    assert.deepEqual(whole.found, described(agreeing).found);
  });

  it('says where each day that differs begins, oldest first', () => {
    const { text, days } = described(differing);
    const lines = text.split('\n');
    assert.deepEqual(
      days.map(({ date, line }) => [date, lines[line]]),
      [
        ['2024-04-05', '5 Apr 2024: 3 invoices differ'],
        ['2024-04-09', '9 Apr 2024: 3 invoices differ'],
      ],
    );
    assert.ok(text.includes('Press Fix.'));
  });

  it('names the invoices of a day by what is the matter, and each field with both values', () => {
    const { text } = described(differing);
    const day = text.slice(text.indexOf('5 Apr 2024: 3'), text.indexOf('9 Apr 2024: 3'));
    assert.equal(
      day.trimEnd(),
      [
        '5 Apr 2024: 3 invoices differ',
        '-----------------------------',
        'Type   In Tally      Value  In the warehouse      Value  Difference',
        'Sales         3  ₹3,540.00                 3  ₹3,540.00       ₹0.00',
        '',
        'Missing in the warehouse',
        '  Sales S/1, Asha Stores, ₹1,180.00',
        '',
        'Different',
        '  Sales S/2, Asha Stores, ₹1,180.00',
        '    Field            In Tally   In the warehouse',
        '    Total amount     ₹1,180.00  ₹1,18,100.00',
        '    Line 2 HSN       (none)     "9983 "',
        '    Line 2 GST rate  2.5        10',
        '    Line 3           (none)     Freight, -₹1,180.00',
        '    Cancelled        yes        no',
        '    Narration',
        '      in Tally          a text that no column of a table has the room for',
        '      in the warehouse  (empty)',
        '    Party name',
        '      in Tally          आशा स्टोर्स',
        '      in the warehouse  Asha Stores',
        '  Sales S/3, dated 9 Apr 2024 in Tally, Asha Stores, ₹1,180.00',
        '    Field  In Tally    In the warehouse',
        '    Date   2024-04-09  2024-04-05',
      ].join('\n'),
    );
  });

  it('counts the invoices that are not listed, in all and of a day', () => {
    const { text } = described(differing);
    assert.match(text, /^Listed here are the first 4; the totals count all of them\.$/m);
    assert.match(text, /\n {2}Sales \(no number\), ₹1,180\.00\n\n… and 1 more that is not listed\n$/);
  });

  it('claims no agreement that is not proven, and names what was not compared', () => {
    const { text } = described({ ...agreeing, rejected: 2, warnings: ['Odd.'], notProven: 'Tally answered for May.' });
    assert.match(
      text,
      /^No difference between Tally and books on db was found in 1,234 invoices of Asha\nTraders, 1–30 Apr 2024\.\nCould not be read and not compared: 2 vouchers\.\nOdd\.\nNot proven: Tally answered for May\.$/m,
    );
  });
});

describe('the closing message of Verify Range', () => {
  const closing = (result: VerifyResult) => {
    const { worrying, text } = verifyText({
      result,
      ...describeComparison(result, 'the built-in warehouse', '2026-04-01', ''),
    });
    return { worrying, text: plainSpaces(text) };
  };

  it('says that both agree', () => {
    const text = 'Tally and the built-in warehouse agree: 1,234 invoices of Asha Traders, 1–30 Apr 2024.';
    assert.deepEqual(closing(agreeing), { worrying: false, text });
  });

  it('counts the invoices and the days that differ', () => {
    const text =
      '5 invoices of Asha Traders differ between Tally and the built-in warehouse on 2 days of 1–30 Apr 2024: 2 missing in the warehouse, 2 different, 1 gone in Tally.';
    assert.deepEqual(closing(differing), { worrying: true, text });
  });

  it('claims no agreement that is not proven', () => {
    const { worrying, text } = closing({ ...agreeing, notProven: 'Tally answered for May.' });
    assert.ok(worrying);
    assert.match(
      text,
      /^No difference between Tally and the built-in warehouse was found in 1,234 invoices of Asha Traders, .*\. Not proven: Tally answered for May\.$/,
    );
  });

  it('warns where neither side has an invoice or a voucher could not be read, and leaves further warnings to the document', () => {
    const empty = closing({ ...agreeing, invoices: { tally: 0, warehouse: 0 }, days: [] });
    assert.ok(empty.worrying);
    assert.match(
      empty.text,
      /^Neither Tally nor the built-in warehouse has an invoice of Asha Traders, .*right company is chosen\.$/,
    );
    const { worrying, text } = closing({ ...agreeing, rejected: 1, warnings: ['Odd.', 'Odder.', 'Oddest'] });
    assert.ok(worrying);
    assert.match(text, /agree: .* Could not be read and not compared: 1 voucher\. Odd\. 2 more in the comparison\.$/);
  });
});
