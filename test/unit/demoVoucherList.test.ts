import assert from 'node:assert/strict';
import { createBook } from '../../src/demo/book/book.js';
import { bookOf } from '../support/demo/bookOf.js';
import { otherCompanyGuid } from '../../src/demo/behaviours/behaviour.js';
import { expectedInvoice } from '../support/demo/expected.js';
import { demoTally } from '../support/demo/demoTally.js';
import { demoVoucher, type DemoVoucher } from '../../src/demo/book/voucher.js';
import { askTally, collectionRequest, guidsIn, reportRequest, typedRange, variables } from '../support/askTally.js';

const year = typedRange('20240401', '20250331');
const made = createBook({ invoices: 40, from: '2024-04-01', to: '2024-04-30' });
const [first, second, third] = [...made.vouchers()].filter((v) => v.base === 'sales' && !v.cancelled);
const foreign = `${otherCompanyGuid}-0000beef`;
const book = bookOf([
  { ...first!, deleted: 'deleted' },
  { ...second!, deleted: 'retained', view: 'accounting' },
  { ...third!, guid: foreign, number: 'X & 7' },
  demoVoucher({ guid: `${made.companyGuid}-0000cafe`, date: '2024-04-09', base: 'none', typeName: 'Receipt' }),
]);

describe('a row of a voucher list of the demo Tally', () => {
  const tally = demoTally({ book });

  const list = async (fetch: string): Promise<string> =>
    (await askTally(tally.url, collectionRequest('Voucher', fetch, variables(book.companyName, year)))).text;
  const rowsOf = (xml: string): string[] => xml.split('<VOUCHER ').slice(1);
  const values = (xml: string, field: string): (string | undefined)[] =>
    rowsOf(xml).map((row) => new RegExp(`<${field}(?: TYPE="\\w+")?>([^<]*)<`).exec(row)?.[1]);

  it("carries Tally's own fields whatever is fetched, and other fields only if they are fetched", async () => {
    const text = await list('Narration');
    assert.deepEqual(values(text, 'VOUCHERNUMBER'), [first!.number, second!.number, 'X &amp; 7', '1']);
    assert.deepEqual(values(text, 'VOUCHERTYPENAME').at(-1), 'Receipt');
    assert.deepEqual(values(text, 'DATE').at(-1), '20240409');
    assert.deepEqual(values(text, 'ALTERID')[0], ` ${first!.alterId}`);
    assert.deepEqual(values(text, 'PERSISTEDVIEW').slice(0, 2), ['Invoice Voucher View', 'Accounting Voucher View']);
    assert.deepEqual(values(text, 'ISINVOICE'), ['Yes', 'No', 'Yes', 'No']);
    assert.ok(text.includes('<NARRATION TYPE="String"') && !text.includes('PARTYLEDGERNAME'));
  });

  it('says whether the type of the voucher keeps numbers', async () => {
    assert.deepEqual(values(await list('GUID'), 'NUMBERINGSTYLE'), Array(4).fill('Auto Retain'));
    tally.behave({ book: bookOf([{ ...third!, renumbers: true }], book) });
    assert.deepEqual(values(await list('GUID'), 'NUMBERINGSTYLE'), ['Auto Renumber']);
    tally.behave({ book });
  });

  it('has no ACTION: a cancelled voucher shows by ISCANCELLED alone', async () => {
    assert.ok(!(await list('IsCancelled')).includes('ACTION='));
  });

  it('is about 1.2 KB long', async () => {
    const rows = rowsOf(await list('GUID, DATE, ALTERID, VOUCHERTYPENAME'));
    const length = rows.join('').length / rows.length;
    assert.ok(length > 1_000 && length < 2_000, String(length));
  });

  it('says, as the report does, whether a voucher was deleted, or deleted and kept', async () => {
    const register = await askTally(tally.url, reportRequest('Voucher Register', variables(book.companyName, year)));
    for (const text of [await list('GUID'), register.text]) {
      assert.deepEqual(values(text, 'ISDELETED'), ['Yes', 'No', 'No', 'No']);
      assert.deepEqual(values(text, 'ISDELETEDVCHRETAINED'), ['No', 'Yes', 'No', 'No']);
    }
    const expected = [...book.vouchers()].map((v: DemoVoucher) => expectedInvoice(v)?.invoice_id);
    assert.deepEqual(expected, [undefined, undefined, foreign, undefined], 'a deleted one is no invoice of the books');
  });

  it('stands below counters that are all 0, where Tally does not count', async () => {
    const counters = (xml: string): Set<string> =>
      new Set(
        [
          ...xml
            .split('</CMPINFO>')[0]!
            .split('<CMPINFO>')[1]!
            .matchAll(/>(\d+)</g),
        ].map((m) => m[1]!),
      );
    assert.ok(counters(await list('GUID')).has('4'));
    tally.behave({ counters: 'zero' });
    const ask = async (type: string): Promise<string> =>
      (await askTally(tally.url, collectionRequest(type, 'NAME', variables(book.companyName, year)))).text;
    for (const type of ['Company', 'Ledger', 'Group', 'Voucher Type', 'Voucher'])
      assert.deepEqual(counters(await ask(type)), new Set(['0']), type);
    assert.equal(guidsIn(await list('GUID')).length, 4);
    tally.behave({ fault: { kind: 'empty-list' } });
    assert.deepEqual(counters(await ask('Ledger')), new Set(['0']));
    const { head, bytes } = await askTally(
      tally.url,
      collectionRequest('Voucher', 'GUID', variables(book.companyName, year)),
    );
    assert.equal(Number(head['content-length']), bytes.length);
  });
});
