import assert from 'node:assert/strict';
import { createBook, type Book } from '../../src/demo/book/book.js';
import { bookOf } from '../support/demo/bookOf.js';
import { otherCompanyGuid, otherCompanyName } from '../../src/demo/behaviours/behaviour.js';
import { withChanges } from '../support/demo/changedBook.js';
import { splitAt } from '../../src/demo/book/splitAt.js';
import { demoTally } from '../support/demo/demoTally.js';
import { demoVoucher } from '../../src/demo/book/voucher.js';
import { askTally, collectionRequest, guidsIn, reportRequest, typedRange, variables } from '../support/askTally.js';

const book = createBook({ invoices: 40, from: '2024-04-01', to: '2024-05-31' });
const every = 'NAME, GUID, LASTVOUCHERDATE, ALTVCHID, EDUMODE, SILVER, GOLD, PRODUCTNAME, COMPANYNUMBER, NOSUCHFIELD';
const all = [...book.vouchers()];
const voucherOn = (date: string) => demoVoucher({ guid: `${book.companyGuid}-0000beef`, date });

describe("the demo Tally's list of companies", () => {
  const tally = demoTally({ book });

  const list = async (): Promise<string> =>
    (await askTally(tally.url, collectionRequest('Company', every, variables(book.companyName)))).text;
  const told = async (field: string): Promise<(string | undefined)[]> =>
    (await list())
      .split('<COMPANY ')
      .slice(1)
      .map((row) => new RegExp(`<${field} TYPE="\\w+">([^<]*)<`).exec(row)?.[1]);

  it('says the day of the last voucher that each book really has', async () => {
    const gone = all.filter((v) => v.date > '2024-05-11').map((v) => ({ delete: v }));
    const books: [string, Book, string | undefined][] = [
      ['made', book, all.at(-1)!.date],
      ['written by hand, beyond its range', bookOf([voucherOn('2031-07-09'), voucherOn('2031-06-02')]), '2031-07-09'],
      ['older than its range', bookOf([voucherOn('2019-01-05')]), '2019-01-05'],
      ['with a later voucher', withChanges(book, [{ create: { date: '2024-12-05' } }]), '2024-12-05'],
      ['with its last ones deleted', withChanges(book, gone), all.findLast((v) => v.date <= '2024-05-11')!.date],
      ['split, the earlier part', splitAt(book, '2024-05-01', 'Later')[0], '2024-04-30'],
      ['without a voucher', bookOf([]), undefined],
    ];
    for (const [about, each, expected] of books) {
      tally.behave({ book: each });
      const dates = [...each.vouchers()].map((v) => v.date).sort();
      assert.deepEqual(await told('LASTVOUCHERDATE'), [expected?.replaceAll('-', '')], about);
      assert.equal(dates.at(-1), expected, about);
    }
  });

  it('knows no last day and no counter of a company that was never used; one that lost all its vouchers has counted', async () => {
    tally.behave({ book: bookOf([]), otherBooks: [createBook({ invoices: 0 }), withChanges(book, [])] });
    assert.deepEqual(await told('ALTVCHID'), [undefined, undefined, ` ${book.lastAlterId}`]);
    tally.behave({
      book: withChanges(
        book,
        all.map((v) => ({ delete: v })),
      ),
      otherBooks: [],
    });
    assert.deepEqual(await told('ALTVCHID'), [` ${book.lastAlterId + all.length}`]);
    assert.deepEqual(await told('LASTVOUCHERDATE'), [undefined]);
  });

  it('says with what licence Tally runs, where it tells, and ignores what it does not know', async () => {
    const edition = async (): Promise<(string | undefined)[]> => [
      ...(await told('EDUMODE')),
      ...(await told('SILVER')),
      ...(await told('GOLD')),
      ...(await told('PRODUCTNAME')),
    ];
    assert.deepEqual(await edition(), ['No', 'No', 'Yes', 'TallyPrime']);
    assert.ok(!(await list()).includes('NOSUCHFIELD'));
    for (const education of ['drops-bounds', 'hides-days', 'from-shows-screen', 'from-shows-nothing'] as const) {
      tally.behave({ education });
      assert.deepEqual(await edition(), ['Yes', 'No', 'No', 'TallyPrime'], education);
    }
    tally.behave({ tellsEdition: false, product: 'Tally.ERP 9' });
    assert.deepEqual(await edition(), [undefined, undefined, undefined, 'Tally.ERP 9']);
    assert.ok(!/EDUMODE|SILVER|GOLD/.test(await list()));
  });

  it('tells the parts of a split company apart by their numbers', async () => {
    tally.behave({ otherCompanies: 'split-by-years' });
    assert.deepEqual(await told('COMPANYNUMBER'), ['10000', '10001']);
  });

  describe('can change between two requests of a run', () => {
    const index = (): Promise<string> =>
      askTally(
        tally.url,
        collectionRequest('Voucher', 'GUID', variables(book.companyName, typedRange('20240401', '20240531'))),
      ).then(({ text }) => text);
    const report = (): Promise<string> =>
      askTally(tally.url, reportRequest('Day Book', variables(book.companyName))).then(({ text }) => text);

    it('when the company is closed: the list is empty, a list of its vouchers too, and the report is refused', async () => {
      tally.behave({ fault: { kind: 'company-closed', after: 1 } });
      assert.equal(guidsIn(await index()).length, all.length);
      assert.deepEqual(guidsIn(await list()), []);
      const rows = await index();
      assert.ok(rows.includes('<STATUS>1</STATUS>') && rows.includes('<VOUCHER>0</VOUCHER>'));
      assert.match(await report(), /Could not set 'SVCurrentCompany'/);
    });

    it('when another company is in its place', async () => {
      tally.behave({ fault: { kind: 'company-replaced', after: 1, times: 2 } });
      assert.equal(guidsIn(await index()).length, all.length);
      assert.deepEqual(await told('NAME'), [otherCompanyName.replace('&', '&amp;')]);
      assert.deepEqual(guidsIn(await index()), []);
      assert.deepEqual(guidsIn(await list()), [book.companyGuid], 'and open again');
      tally.behave({ fault: { kind: 'company-replaced' } });
      assert.deepEqual(guidsIn(await list()), [otherCompanyGuid]);
    });
  });
});
