import assert from 'node:assert/strict';
import type { DateRange } from '../../src/core/base/calendar.js';
import { createBook } from '../../src/demo/book/book.js';
import type { Behaviour } from '../../src/demo/behaviours/behaviour.js';
import { startDemoServer, type DemoServer } from '../../src/demo/server.js';
import type { DemoVoucher } from '../../src/demo/book/voucher.js';
import {
  askTally,
  collectionRequest,
  guidsIn,
  reportRequest,
  typedRange,
  typedToday,
  variables,
} from '../support/askTally.js';

const book = createBook({ invoices: 150, from: '2024-04-01', to: '2024-06-30' });
const may = { from: '2024-05-01', to: '2024-05-31' };
const april = { from: '2024-04-01', to: '2024-04-30' };
const whole = book.range;
const guidsOf = (range: DateRange, keeps: (v: DemoVoucher) => boolean = () => true): string[] =>
  [...book.vouchers(range)].filter(keeps).map((v) => v.guid);

const compact = (date: string): string => date.replaceAll('-', '');
const dates = ({ from, to }: DateRange): string => typedRange(compact(from), compact(to));
const named = (extra: string): string => variables(book.companyName, extra);

describe('the period that the demo Tally looks at', () => {
  let tally: DemoServer;
  before(async () => {
    tally = await startDemoServer({ book });
  });
  after(() => tally.close());

  async function served(behaviour: Partial<Behaviour>, request: string): Promise<string[]> {
    const usual = await startDemoServer({ book, ...behaviour });
    try {
      return guidsIn((await askTally(usual.url, request)).text);
    } finally {
      await usual.close();
    }
  }
  const asked = (report: string, range: DateRange): string => reportRequest(report, named(dates(range)));
  const index = (range: DateRange): string =>
    collectionRequest('Voucher', 'GUID, DATE, ALTERID, VOUCHERTYPENAME', named(dates(range)));

  for (const [report, rule] of [
    ['Day Book', 'dayBook'],
    ['Voucher Register', 'voucherRegister'],
  ] as const)
    describe(`by ${report} is, as ordered,`, () => {
      const request = asked(report, may);

      it('everything, whatever is asked', async () => {
        assert.deepEqual(await served({ [rule]: 'everything' }, request), guidsOf(whole));
      });

      it('what is asked', async () => {
        assert.deepEqual(await served({ [rule]: 'honours-dates' }, request), guidsOf(may));
      });

      it('one day, the last of the books or a typed SVCURRENTDATE', async () => {
        const last = { from: '2024-06-30', to: '2024-06-30' };
        assert.deepEqual(await served({ [rule]: 'today' }, request), guidsOf(last));
        const told = reportRequest(report, named(dates(may) + typedToday('20240510')));
        const day = { from: '2024-05-10', to: '2024-05-10' };
        assert.deepEqual(await served({ [rule]: 'today' }, told), guidsOf(day));
        assert.ok(guidsOf(day).length > 0);
      });

      it("the one on Tally's screen, whatever is asked, SVCURRENTDATE included", async () => {
        const told = reportRequest(report, named(dates(may) + typedToday('20240510')));
        assert.deepEqual(await served({ [rule]: 'screen-period', screenPeriod: april }, told), guidsOf(april));
        // Nobody set one: the last financial year.
        assert.deepEqual(await served({ [rule]: 'screen-period' }, told), guidsOf(whole));
      });
    });

  it("is the one on Tally's screen where the dates are not typed", async () => {
    const untyped = named('<SVFROMDATE>20240501</SVFROMDATE><SVTODATE>20240531</SVTODATE>');
    assert.deepEqual(await served({ screenPeriod: april }, reportRequest('Voucher Register', untyped)), guidsOf(april));
  });

  describe('in Education mode', () => {
    it('loses a bound on another day than the 1st, 2nd or 31st', async () => {
      const education = 'drops-bounds';
      const register = (from: string, to: string): Promise<string[]> =>
        served({ education }, asked('Voucher Register', { from, to }));
      assert.deepEqual(await register('2024-05-01', '2024-05-31'), guidsOf(may));
      assert.deepEqual(await register('2024-05-03', '2024-05-31'), guidsOf({ from: whole.from, to: '2024-05-31' }));
      assert.deepEqual(await register('2024-05-02', '2024-05-30'), guidsOf({ from: '2024-05-02', to: whole.to }));
      const fifth = { from: '2024-05-05', to: '2024-05-05' };
      assert.deepEqual(await served({ education }, index(fifth)), guidsOf(whole));
    });

    it('or keeps the vouchers of all other days to itself, and calls it success', async () => {
      const free = (v: DemoVoucher): boolean => /-(01|02|31)$/.test(v.date);
      const behaviour = { education: 'hides-days' } as const;
      assert.deepEqual(await served(behaviour, asked('Voucher Register', may)), guidsOf(may, free));
      assert.deepEqual(await served(behaviour, index(may)), guidsOf(may, free));
      tally.behave(behaviour);
      assert.match((await askTally(tally.url, index(may))).text, /<STATUS>1<\/STATUS>/);
    });
  });

  describe('in Education mode, where a refused bound shows less than was asked,', () => {
    const register = (education: Behaviour['education'], from: string, to: string): Promise<string[]> =>
      served({ education, screenPeriod: april }, asked('Voucher Register', { from, to }));
    const kinds = ['from-shows-screen', 'from-shows-nothing', 'to-ends-with-screen'] as const;

    it('keeps bounds on a 1st, 2nd or 31st', async () => {
      for (const education of kinds) {
        assert.deepEqual(await register(education, '2024-05-01', '2024-05-31'), guidsOf(may));
        assert.deepEqual(await served({ education, screenPeriod: april }, index(may)), guidsOf(may));
      }
    });

    it('serves the period on its screen alone for a refused SVFROMDATE, to the lists too', async () => {
      const late = { from: '2024-05-15', to: '2024-06-02' };
      for (const education of ['from-shows-screen', 'to-ends-with-screen'] as const) {
        assert.deepEqual(await register(education, late.from, late.to), guidsOf(april));
        assert.deepEqual(await served({ education, screenPeriod: april }, index(late)), guidsOf(april));
      }
    });

    it('or nothing for one: a well-formed empty list, a report without vouchers', async () => {
      const education = 'from-shows-nothing';
      assert.deepEqual(await register(education, '2024-05-15', '2024-06-02'), []);
      tally.behave({ education, voucherIndex: 'offered', emptyReport: 'framed' });
      const late = { from: '2024-05-15', to: '2024-06-02' };
      const list = (await askTally(tally.url, index(late))).text;
      assert.ok(list.includes('<STATUS>1</STATUS>') && list.includes('</COLLECTION>') && !list.includes('<VOUCHER '));
      assert.match((await askTally(tally.url, asked('Voucher Register', late))).text, /<SVCURRENTCOMPANY>/);
      tally.behave({ education: 'off' });
    });

    it('serves to the end of the books for a refused SVTODATE', async () => {
      for (const education of ['from-shows-screen', 'from-shows-nothing'] as const)
        assert.deepEqual(
          await register(education, '2024-05-02', '2024-05-15'),
          guidsOf({ from: '2024-05-02', to: whole.to }),
        );
    });

    it('or to the end of the period on its screen, which may lie before the beginning', async () => {
      const education = 'to-ends-with-screen';
      const first = { from: '2024-04-02', to: '2024-04-30' };
      assert.deepEqual(await register(education, first.from, '2024-06-15'), guidsOf(first));
      assert.deepEqual(await register(education, '2024-05-02', '2024-06-15'), []);
    });
  });

  describe('shown by a report that hides vouchers', () => {
    const cases: [Behaviour['dayBookHides'], (v: DemoVoucher) => boolean][] = [
      ['cancelled', (v) => !v.cancelled],
      ['optional', (v) => !v.optional],
      ['every-tenth', (v) => v.masterId % 10 !== 0],
    ];
    for (const [hides, keeps] of cases)
      it(`lacks ${hides}, by the report's own configuration`, async () => {
        assert.ok(guidsOf(whole, keeps).length < guidsOf(whole).length);
        const dayBook = { dayBook: 'honours-dates', dayBookHides: hides } as const;
        assert.deepEqual(await served(dayBook, asked('Day Book', whole)), guidsOf(whole, keeps));
        assert.deepEqual(await served(dayBook, asked('Voucher Register', whole)), guidsOf(whole));
        const register = { voucherRegisterHides: hides } as const;
        assert.deepEqual(await served(register, asked('Voucher Register', whole)), guidsOf(whole, keeps));
        assert.deepEqual(await served(register, index(whole)), guidsOf(whole));
      });

    it('still announces exactly the bytes that it sends', async () => {
      for (const dayBookHides of ['nothing', 'cancelled', 'every-tenth'] as const) {
        tally.behave({ dayBookHides, education: 'off' });
        const { head, bytes } = await askTally(tally.url, asked('Day Book', may));
        assert.equal(Number(head['content-length']), bytes.length);
      }
    });
  });

  it('without a voucher is a frame with nothing in it, or 23 bytes', async () => {
    const request = asked('Voucher Register', { from: '2020-05-01', to: '2020-05-31' });
    tally.behave({ education: 'off', emptyReport: 'framed' });
    assert.match((await askTally(tally.url, request)).text, /<SVCURRENTCOMPANY>/);
    tally.behave({ emptyReport: 'bare' });
    assert.equal((await askTally(tally.url, request)).bytes.toString(), '<ENVELOPE></ENVELOPE>\r\n');
    assert.equal(guidsIn((await askTally(tally.url, asked('Voucher Register', may))).text).length, guidsOf(may).length);
  });

  describe('by the voucher index', () => {
    it('is what is asked', async () => {
      assert.deepEqual(await served({}, index(may)), guidsOf(may));
    });

    it('is everything from a Tally that ignores the dates there', async () => {
      assert.deepEqual(await served({ voucherIndex: 'ignores-dates' }, index(may)), guidsOf(whole));
    });

    it("is the one on Tally's screen from a Tally that looks at no dates there", async () => {
      const voucherIndex = 'screen-period';
      assert.deepEqual(await served({ voucherIndex, screenPeriod: april }, index(may)), guidsOf(april));
      const told = collectionRequest('Voucher', 'GUID', named(dates(may) + typedToday('20240510')));
      assert.deepEqual(await served({ voucherIndex, screenPeriod: april }, told), guidsOf(april));
      assert.deepEqual(await served({ voucherIndex }, index(may)), guidsOf(whole), 'the last financial year');
    });

    it('is the financial year of a typed SVCURRENTDATE, and without one the period on the screen', async () => {
      const twoYears = createBook({ invoices: 150, from: '2023-10-01', to: '2024-09-30' });
      const settings = { voucherIndex: 'current-date', screenPeriod: april, book: twoYears } as const;
      const guids = (range: DateRange): string[] => [...twoYears.vouchers(range)].map((v) => v.guid);
      const told = (day: string): string => collectionRequest('Voucher', 'GUID', named(dates(may) + day));
      const before = { from: '2023-04-01', to: '2024-03-31' };
      assert.deepEqual(await served(settings, told(typedToday('20240105'))), guids(before));
      assert.deepEqual(await served(settings, told('<SVCURRENTDATE>20240105</SVCURRENTDATE>')), guids(april));
      assert.deepEqual(await served(settings, told('')), guids(april));
    });

    describe('with a filter by literal dates', () => {
      const filtered = (formula: string, tag = 'FILTERS', asks = april): string =>
        index(asks)
          .replace('</FETCH>', `</FETCH><${tag}>Inside</${tag}>`)
          .replace('</TDLMESSAGE>', () => `<SYSTEM TYPE="Formulae" NAME="Inside">${formula}</SYSTEM></TDLMESSAGE>`);
      const week = { from: '2024-04-08', to: '2024-04-14' };
      const formula = '$Date &gt;= $$Date:"20240408" AND $Date &lt;= $$Date:"20240414"';

      it('has the rows within it alone, on top of the period', async () => {
        for (const tag of ['FILTERS', 'FILTER'])
          assert.deepEqual(await served({}, filtered(formula, tag)), guidsOf(week));
        assert.deepEqual(await served({}, filtered(formula, 'FILTERS', may)), []);
        const screen = { voucherIndex: 'screen-period', education: 'from-shows-screen' } as const;
        assert.deepEqual(await served(screen, filtered(formula, 'FILTERS', may)), guidsOf(week));
        const other = '$Date &gt; $$Date:"7-Apr-2024" and $Date &lt; $$Date:"15-04-2024"';
        assert.deepEqual(await served({}, filtered(other)), guidsOf(week));
      });

      it('of all vouchers of the books, whatever the period', async () => {
        const screen = { voucherIndex: 'screen-period', screenPeriod: may, literalFilter: 'scans-all' } as const;
        assert.deepEqual(await served(screen, filtered(formula, 'FILTERS', may)), guidsOf(week));
      });

      it('or as if it were not there', async () => {
        assert.deepEqual(await served({ literalFilter: 'ignored' }, filtered(formula)), guidsOf(april));
      });

      it('has no row where the formula is missing, or is none of literal dates', async () => {
        assert.deepEqual(await served({}, filtered('$Date &gt;= ##SVFromDate')), []);
        assert.deepEqual(await served({}, index(april).replace('</FETCH>', '</FETCH><FILTERS>Lost</FILTERS>')), []);
      });

      it('is logged as it was understood', async () => {
        tally.requests.length = 0;
        await askTally(tally.url, filtered(formula));
        await askTally(tally.url, filtered('$Date &gt;= ##SVFromDate'));
        await askTally(tally.url, index(april));
        assert.deepEqual(
          tally.requests.map((r) => r.literal),
          [week, null, undefined],
        );
      });

      it('announces exactly the bytes that it sends, with and without the filter', async () => {
        tally.behave({ voucherIndex: 'offered' });
        for (const request of [index(april), filtered(formula), filtered('nonsense')]) {
          const { head, bytes } = await askTally(tally.url, request);
          assert.equal(Number(head['content-length']), bytes.length);
        }
      });
    });

    it('lacks some, others than the reports hide', async () => {
      const kept = await served({ voucherIndex: 'leaves-out' }, index(may));
      const gone = [...book.vouchers(may)].filter((v) => !kept.includes(v.guid));
      assert.ok(gone.length > 0 && gone.every((v) => v.masterId % 10 === 5));
    });

    it('is refused with STATUS 0 and a LINEERROR', async () => {
      tally.behave({ voucherIndex: 'refused' });
      const { text } = await askTally(tally.url, index(may));
      assert.match(text, /<STATUS>0<\/STATUS>/);
      assert.match(text, /<LINEERROR>Could not find Collection 'Voucher'!<\/LINEERROR>/);
      const ledgers = collectionRequest('Ledger', 'NAME', named(''));
      assert.match((await askTally(tally.url, ledgers)).text, /<LEDGER NAME=/, 'the masters are offered all the same');
    });

    it('is silently empty: success and the counters of the company, which an unknown company has not', async () => {
      tally.behave({ voucherIndex: 'empty' });
      const { text } = await askTally(tally.url, index(may));
      assert.ok(text.includes('<STATUS>1</STATUS>') && text.includes(`<VOUCHER>${book.size}</VOUCHER>`));
      assert.deepEqual(guidsIn(text), []);
      const nobody = collectionRequest('Voucher', 'GUID', variables('Nobody', dates(may)));
      const counters = (await askTally(tally.url, nobody)).text.split('</CMPINFO>')[0]!;
      assert.deepEqual(new Set([...counters.matchAll(/>(\d+)<\/[A-Z]/g)].slice(2).map((m) => m[1])), new Set(['0']));
    });
  });
});
