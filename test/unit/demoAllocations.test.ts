import assert from 'node:assert/strict';
import { voucherObjectRequest } from '../../src/core/tally/requests/requests.js';
import { parseDecimal } from '../../src/core/base/decimal.js';
import { createBook } from '../../src/demo/book/book.js';
import type { DemoVoucher, LedgerEntry } from '../../src/demo/book/voucher.js';
import { askTally, collectionRequest, reportRequest, typedRange, variables } from '../support/askTally.js';
import { demoTally } from '../support/demo/demoTally.js';

const book = createBook({ invoices: 1_200 });
const vouchers = [...book.vouchers()];
const lineOf = (v: DemoVoucher, test: (e: LedgerEntry) => boolean): LedgerEntry | undefined =>
  v.entries.find((e): e is LedgerEntry => e.kind === 'ledger' && test(e));
const some = (test: (v: DemoVoucher) => boolean): DemoVoucher => {
  const found = vouchers.find(test);
  assert.ok(found);
  return found;
};
const withBills = (kind: string) =>
  some(
    (v) => v.base === 'none' && lineOf(v, (e) => e.bills?.some((bill) => bill.kind === kind) === true) !== undefined,
  );

/** The text of each element with a name; '' for an empty one. */
const texts = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}(?: [^>/]*)?(?:/>|>([^<]*)</${name}>)`, 'g'))].map(([, text = '']) => text);
const lists = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}\\.LIST>([^]*?)</${name}\\.LIST>`, 'g'))]
    .map(([, inside]) => inside!)
    .filter((inside) => inside.trim() !== '');
/** The rupees of an amount. In foreign currency they come last, after `= `. */
const rupees = (text: string): bigint => parseDecimal(text.replace(/^.*= /, '').replace(/[₹? ]/g, ''), 2)!;
const sum = (values: readonly bigint[]): bigint => values.reduce((all, value) => all + value, 0n);

describe('the lists below a line of a voucher', () => {
  const tally = demoTally({ book, dayBook: 'honours-dates' });
  const list = 'ALLLEDGERENTRIES';
  /** Gets the XML of a voucher by each kind of answer in which Tally sends vouchers. */
  const ways: Record<string, (v: DemoVoucher) => Promise<string>> = {
    'a Day Book': async (v) => ofDay(v, (day) => reportRequest('Day Book', day), '<TALLYMESSAGE '),
    'a collection by whole lists': async (v) =>
      ofDay(
        v,
        (day) =>
          collectionRequest(
            'Voucher',
            `${list}.AMOUNT, ${list}.BILLALLOCATIONS.*, ${list}.BANKALLOCATIONS.*, ${list}.CATEGORYALLOCATIONS.*`,
            day,
          ),
        '<VOUCHER ',
      ),
    'a collection by single fields': async (v) => {
      const fields = [
        ...['NAME', 'BILLTYPE', 'BILLDATE', 'AMOUNT'].map((name) => `BILLALLOCATIONS.${name}`),
        ...['TRANSACTIONTYPE', 'INSTRUMENTNUMBER', 'INSTRUMENTDATE', 'BANKERSDATE', 'AMOUNT'].map(
          (name) => `BANKALLOCATIONS.${name}`,
        ),
        ...['CATEGORY', 'COSTCENTREALLOCATIONS.NAME', 'COSTCENTREALLOCATIONS.AMOUNT'].map(
          (name) => `CATEGORYALLOCATIONS.${name}`,
        ),
        'AMOUNT',
      ];
      return ofDay(
        v,
        (day) => collectionRequest('Voucher', fields.map((name) => `${list}.${name}`).join(', '), day),
        '<VOUCHER ',
      );
    },
    'an object': async (v) => (await askTally(tally.url, voucherObjectRequest(book.companyName, v.masterId))).text,
  };
  async function ofDay(v: DemoVoucher, request: (variables: string) => string, start: string): Promise<string> {
    const day = v.date.replaceAll('-', '');
    const { text } = await askTally(tally.url, request(variables(book.companyName, typedRange(day, day))));
    return text.split(start).find((part) => part.includes(`<GUID>${v.guid}`) || part.includes(`REMOTEID="${v.guid}"`))!;
  }

  for (const [way, told] of Object.entries(ways)) {
    it(`of ${way} name the bills that are settled, with the day on which each was made, and add up to the line`, async () => {
      for (const kind of ['against', 'advance', 'on-account']) {
        const voucher = withBills(kind);
        const xml = await told(voucher);
        const lines = xml.split(`<${list}.LIST>`).slice(1);
        for (const [n, entry] of voucher.entries.entries()) {
          if (entry.kind !== 'ledger' || !entry.bills) continue;
          const bills = lists(lines[n]!, 'BILLALLOCATIONS');
          assert.deepEqual(
            bills.map((bill) => [texts(bill, 'NAME'), texts(bill, 'BILLTYPE'), texts(bill, 'BILLDATE')]),
            entry.bills.map((bill) => [
              bill.kind === 'on-account' ? [] : [bill.name.replaceAll('&', '&amp;')],
              [{ new: 'New Ref', against: 'Agst Ref', advance: 'Advance', 'on-account': 'On Account' }[bill.kind]],
              [(bill.date ?? voucher.date).replaceAll('-', '')],
            ]),
          );
          assert.equal(sum(bills.map((bill) => rupees(texts(bill, 'AMOUNT')[0]!))), entry.value);
        }
      }
    });

    it(`of ${way} tell how money moved, and which cost centres share a line`, async () => {
      const receipt = some(
        (v) =>
          v.typeName === 'Receipt' &&
          v.masterId % 5 !== 0 &&
          lineOf(v, (e) => e.bankDate !== undefined && e.transfer === undefined) !== undefined,
      );
      const [bank] = lists(await told(receipt), 'BANKALLOCATIONS');
      const day = lineOf(receipt, (e) => e.bankDate !== undefined)!.bankDate!.replaceAll('-', '');
      assert.deepEqual(
        ['TRANSACTIONTYPE', 'INSTRUMENTDATE', 'BANKERSDATE'].map((name) => texts(bank!, name)),
        [['Cheque'], [day], [day]],
      );
      assert.match(texts(bank!, 'INSTRUMENTNUMBER')[0]!, /^\d{6}$/);
      const salaries = some((v) => lineOf(v, (e) => e.costs !== undefined) !== undefined);
      const [category] = lists(await told(salaries), 'CATEGORYALLOCATIONS');
      const line = lineOf(salaries, (e) => e.costs !== undefined)!;
      assert.equal(sum(texts(category!, 'AMOUNT').map(rupees)), line.value);
      assert.equal(texts(category!, 'NAME').length, 4);
    });
  }

  it('have the quantity and the amount of each batch', async () => {
    const sale = some(
      (v) => v.typeName === 'Sales' && v.entries.some((e) => e.kind === 'item' && e.quantity !== undefined),
    );
    const xml = await ofDay(
      sale,
      (day) => collectionRequest('Voucher', 'ALLINVENTORYENTRIES.AMOUNT, ALLINVENTORYENTRIES.BATCHALLOCATIONS.*', day),
      '<VOUCHER ',
    );
    const items = sale.entries.flatMap((e) => (e.kind === 'item' ? [e] : []));
    const lines = xml.split('<ALLINVENTORYENTRIES.LIST>').slice(1);
    for (const [n, item] of items.entries()) {
      const batches = lists(lines[n]!, 'BATCHALLOCATIONS');
      assert.equal(sum(batches.map((batch) => rupees(texts(batch, 'AMOUNT')[0]!))), item.value);
      assert.deepEqual(texts(batches[0]!, 'ACTUALQTY'), item.quantity ? [item.quantity.text] : []);
    }
  });
});
