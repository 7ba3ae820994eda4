import assert from 'node:assert/strict';
import { voucherObjectRequest } from '../../src/core/tally/requests/requests.js';
import { createBook } from '../../src/demo/book/book.js';
import { startDemoServer } from '../../src/demo/server.js';
import { askTally, reportRequest, typedRange, variables } from '../support/askTally.js';
import { demoTally } from '../support/demo/demoTally.js';
import { rawVoucher } from '../support/leanBook.js';
import { bookOf } from '../support/demo/bookOf.js';

const book = createBook({ invoices: 80, from: '2024-04-01', to: '2024-04-30' });
const vouchers = [...book.vouchers()];
const sale = vouchers.find(({ base, cancelled, entries }) => base === 'sales' && !cancelled && entries.length > 3)!;

/** The VOUCHER elements of an answer, unchanged. */
const vouchersIn = (xml: string): string[] => xml.match(/<VOUCHER [^]*?<\/VOUCHER>/g) ?? [];
const amountsIn = (xml: string): string[] => [...xml.matchAll(/<AMOUNT>(.*?)</g)].map((m) => m[1]!);

describe('one voucher that the demo Tally is asked for by its MASTERID', () => {
  const tally = demoTally({ book, dayBook: 'honours-dates' });
  const ask = async (request: string): Promise<string> => (await askTally(tally.url, request)).text;
  const voucher = (masterId: number, company = book.companyName): Promise<string> =>
    ask(voucherObjectRequest(company, masterId));

  it('is whole, to the letter as the Day Book has it', async () => {
    const dayBook = await ask(
      reportRequest('Day Book', variables(book.companyName, typedRange('20240401', '20240430'))),
    );
    const all = vouchersIn(dayBook);
    assert.equal(all.length, vouchers.length);
    for (const n of [0, 7, vouchers.length - 1]) {
      const { head, bytes, text } = await askTally(
        tally.url,
        voucherObjectRequest(book.companyName, vouchers[n]!.masterId),
      );
      assert.deepEqual(vouchersIn(text), [all[n]]);
      assert.equal(Number(head['content-length']), bytes.length);
      assert.match(text, /^<ENVELOPE>\s*<HEADER>\s*<VERSION>1<\/VERSION>\s*<STATUS>1<\/STATUS>\s*<\/HEADER>/);
      assert.match(text, /<DATA>\s*<TALLYMESSAGE xmlns:UDF="TallyUDF">\s*<VOUCHER /);
    }
  });

  it('is the XML that a test gives it, and lacks what ERP 9 does not have', async () => {
    const raw = rawVoucher(9, '2024-04-02', '<DATE>20240402</DATE><NARRATION>as it is</NARRATION>');
    tally.behave({ book: bookOf([sale, raw]), product: 'Tally.ERP 9' });
    assert.ok((await voucher(9)).includes(raw.raw!));
    assert.ok(!(await voucher(sale.masterId)).includes('<CMPGSTIN>'));
  });

  it('is not found where it was deleted', async () => {
    assert.equal(await voucher(20), '<ERRORMSG>Could not find Voucher:ID:20!</ERRORMSG>\r\n');
  });

  it('is refused as a report is where the company is not open', async () => {
    assert.match(await voucher(sale.masterId, 'Nobody'), /Could not set 'SVCurrentCompany' to 'Nobody'/);
    tally.behave({ fault: { kind: 'status-0', on: 'voucher' } });
    assert.match(await voucher(sale.masterId), /<STATUS>0<\/STATUS>/);
  });

  it('is, as ordered, refused, not found, another one, or the same with amounts that still balance', async () => {
    const true_ = await voucher(sale.masterId);
    tally.behave({ voucherObject: 'refused' });
    assert.match(await voucher(sale.masterId), /Unknown Request/);
    tally.behave({ voucherObject: 'not-found' });
    assert.match(await voucher(sale.masterId), /Could not find Voucher:ID:\d+!/);
    tally.behave({ voucherObject: 'other-voucher' });
    const other = await voucher(sale.masterId);
    assert.ok(vouchersIn(other).length === 1 && !other.includes(`<MASTERID> ${sale.masterId}<`));
    tally.behave({ voucherObject: 'other-amounts' });
    const lie = await voucher(sale.masterId);
    assert.notDeepEqual(amountsIn(lie), amountsIn(true_));
    assert.equal(lie.replace(/AMOUNT>.*?</g, ''), true_.replace(/AMOUNT>.*?</g, ''));
  });
});

describe('the demo Tally, asked for a voucher without a FETCHLIST', () => {
  it('freezes: neither this request nor the next one is answered until it is restarted', async () => {
    const tally = await startDemoServer({ book });
    const request = voucherObjectRequest(book.companyName, sale.masterId);
    const answers = [
      askTally(tally.url, request.replace(/<FETCHLIST>[^]*<\/FETCHLIST>/, '')),
      askTally(tally.url, '', { method: 'GET' }),
    ].map((answer) =>
      answer.then(
        () => 'answered',
        () => 'never',
      ),
    );
    const waited = new Promise((resolve) => setTimeout(resolve, 100, 'waits'));
    assert.equal(await Promise.race([...answers, waited]), 'waits');
    assert.equal(tally.requests.length, 1);
    await tally.close();
    assert.deepEqual(await Promise.all(answers), ['never', 'never']);
  });
});
