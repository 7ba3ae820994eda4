import assert from 'node:assert/strict';
import { voucherObjectRequest } from '../../src/core/tally/requests/requests.js';
import type { Behaviour } from '../../src/demo/behaviours/behaviour.js';
import { createBook } from '../../src/demo/book/book.js';
import { askTally, collectionRequest, reportRequest, typedRange, variables } from '../support/askTally.js';
import { demoTally } from '../support/demo/demoTally.js';

const book = createBook({ invoices: 100, from: '2024-04-01', to: '2024-05-31' });
const april = [...book.vouchers({ from: '2024-04-01', to: '2024-04-30' })];
const ofApril = variables(book.companyName, typedRange('20240401', '20240430'));
const list = (fetch: string): string => collectionRequest('Voucher', fetch, ofApril);
const altered = april.filter(({ alterId }) => alterId > 4_220).length;

describe('what an answer of the demo Tally would cost a real one', () => {
  const tally = demoTally({ book, isMetered: true, dayBook: 'honours-dates' });

  const lines = 'GUID, LEDGERENTRIES.AMOUNT';
  const n = april.length;
  const costs: [what: string, behaviour: Partial<Behaviour>, request: string, rows: number, seconds: number][] = [
    ['a voucher of a report', {}, reportRequest('Day Book', ofApril), n, n / 42],
    ['an id of a list', {}, list('GUID'), n, n / 940],
    ['a voucher with the fields that were asked for', {}, list(lines), n, n / 710],
    ['a voucher with whole lists, asked for or not', {}, list('LEDGERENTRIES.*'), n, n / 71],
    ['a voucher of a Tally that gives whole lists', { voucherCollection: 'fat' }, list(lines), n, n / 71],
    ['an id where fields of lines are ignored', { voucherCollection: 'ids-only' }, list(lines), n, n / 940],
    ['one voucher by its MASTERID', {}, voucherObjectRequest(book.companyName, april[3]!.masterId), 1, 0.016],
    [
      'a voucher of the period that a filter by ALTERID leaves out',
      {},
      list('GUID')
        .replace('</FETCH>', '</FETCH><FILTERS>New</FILTERS>')
        .replace('</TDLMESSAGE>', () => '<SYSTEM TYPE="Formulae" NAME="New">$AlterID &gt; 4220</SYSTEM></TDLMESSAGE>'),
      altered,
      altered / 940 + (n - altered) * 0.00015,
    ],
  ];
  for (const [what, behaviour, request, rows, seconds] of costs)
    it(what, async () => {
      tally.behave(behaviour);
      const { bytes } = await askTally(tally.url, request);
      const cost = tally.requests[0]!.cost!;
      assert.deepEqual([cost.rows, cost.bytes], [rows, bytes.length]);
      assert.ok(Math.abs(cost.seconds - seconds) < 1e-9, `${cost.seconds}, not ${seconds}`);
    });

  it('is what it really takes, or a tenth of it, where it keeps the pace of real ones', async () => {
    tally.behave({ pace: 'tenth' });
    const start = performance.now();
    await askTally(tally.url, reportRequest('Day Book', ofApril));
    assert.ok(performance.now() - start >= (n / 42) * 0.1 * 1000 - 20);
  });
});
