import assert from 'node:assert/strict';
import fc from 'fast-check';
import { addDays, dayNumber, type DateRange } from '../../src/core/base/calendar.js';
import { VoucherLists } from '../../src/core/tally/requests/voucherLists.js';
import type { AnswerSource } from '../../src/core/tally/answerSource.js';
import { TallyClient } from '../../src/core/tally/http/client.js';
import { listCompanies, type Company } from '../../src/core/tally/requests/companies.js';
import { acceptedBounds } from '../../src/core/tally/requests/requests.js';
import type { Behaviour } from '../../src/demo/behaviours/behaviour.js';
import { createBook } from '../../src/demo/book/book.js';
import { bookOf } from '../support/demo/bookOf.js';
import { startDemoServer, type DemoServer } from '../../src/demo/server.js';
import { usualSwitches } from '../../src/demo/behaviours/switches.js';
import { logger } from './tallySupport.js';

const book = createBook({ invoices: 120, from: '2023-04-01', to: '2024-07-31' });
const june = { from: '2024-06-05', to: '2024-06-20' };
const screen = { from: '2023-07-01', to: '2023-09-30' };

/** A source of answers without these fields; `onPost` gets each request. */
const without = (source: AnswerSource, fields: string[], onPost?: (xml: string) => void): AnswerSource => ({
  post: async (xml, signal) => {
    onPost?.(xml);
    const answer = await source.post(xml, signal);
    if (fields.length === 0) return answer;
    async function* body(): AsyncGenerator<Buffer> {
      const pieces: Buffer[] = [];
      for await (const piece of answer.body) pieces.push(piece);
      const text = Buffer.concat(pieces).toString('utf16le');
      yield Buffer.from(text.replace(new RegExp(`<(${fields.join('|')})[ >].*?</\\1>`, 'g'), ''), 'utf16le');
    }
    return { charset: answer.charset, totalBytes: undefined, body: body(), close: () => answer.close() };
  },
});

describe("a list of Tally's vouchers", () => {
  let tally: DemoServer;
  let client: TallyClient;
  before(async () => {
    tally = await startDemoServer({ book });
    client = new TallyClient({ url: tally.url, timeoutSeconds: 20, logger });
  });
  after(async () => {
    await client.close();
    await tally.close();
  });

  /**
   * Lists the ranges in one run. For each range: whether its list is whole, and the GUIDs that the list has in the
   * range.
   */
  async function list(behave: Partial<Behaviour>, ...ranges: DateRange[]): Promise<[boolean, string[]][]> {
    return listOf(await listsOf(behave), ...ranges);
  }

  /** `told`: fields that replace those of the demo's company list. `untold`: fields that no answer has. */
  async function listsOf(
    behave: Partial<Behaviour>,
    {
      of = client,
      told = {},
      untold = [],
      onPost,
    }: {
      of?: TallyClient;
      told?: Partial<Company>;
      untold?: string[];
      onPost?: (xml: string) => void;
    } = {},
  ): Promise<VoucherLists> {
    const source = untold.length > 0 || onPost ? without(of, untold, onPost) : of;
    tally.behave({ ...usualSwitches, fault: { kind: 'none' }, screenPeriod: undefined, book, onRequest: undefined });
    if (untold.length > 0) tally.behave(behave);
    const [company] = await listCompanies(source);
    tally.behave(behave);
    tally.requests.length = 0;
    return new VoucherLists(source, { ...company!, ...told }, { logger, signal: new AbortController().signal });
  }

  async function listOf(lists: VoucherLists, ...ranges: DateRange[]): Promise<[boolean, string[]][]> {
    const found: [boolean, string[]][] = [];
    for (const range of ranges) {
      const guids = new Set<string>();
      const { isWhole } = await lists.list(range, (vouchers) => {
        for (const { guid, date } of vouchers) if (date >= range.from && date <= range.to) guids.add(guid);
      });
      found.push([isWhole, [...guids].sort()]);
    }
    return found;
  }
  /** Makes the demo Tally show the month of a typed SVCURRENTDATE, or else the period on its screen. */
  const showMonthOf = (xml: string): void => {
    const [, month] = /<SVCURRENTDATE[^>]*>(\d{6})/.exec(xml) ?? [];
    const from = month && `${month.slice(0, 4)}-${month.slice(4)}-01`;
    tally.behave({ screenPeriod: from ? { from, to: `${from.slice(0, 8)}31` } : screen });
  };
  const due = (range: DateRange): string[] => [...book.vouchers(range)].map(({ guid }) => guid).sort();
  const asked = (): number => tally.requests.filter(({ name }) => name === 'Voucher').length;

  it('holds a range whole where Tally keeps to dates, whatever its counters say: one small request beside it shows that', async () => {
    assert.deepEqual(await list({ counters: 'zero' }, june), [[true, due(june)]]);
    assert.equal(asked(), 2);
  });

  it('needs no request beside it once two lists had other rows', async () => {
    const year = { from: '2023-04-01', to: '2024-03-31' };
    assert.deepEqual(await list({}, june, year), [
      [true, due(june)],
      [true, due(year)],
    ]);
    assert.equal(asked(), 3);
  });

  it("of the period on Tally's screen proves nothing", async () => {
    for (const literalFilter of ['kept', 'ignored'] as const) {
      const behave = { voucherIndex: 'screen-period', literalFilter } as const;
      assert.equal((await list({ ...behave, screenPeriod: screen }, june))[0]![0], false);
      // For a month within the range no row lies outside the range, and still the list proves nothing.
      const month = { from: '2024-05-01', to: '2024-05-31' };
      assert.equal(
        (await list({ ...behave, screenPeriod: month }, { from: '2024-04-01', to: '2024-06-30' }))[0]![0],
        false,
      );
    }
  });

  it("of the period on Tally's screen proves a range that it reaches over on both sides", async () => {
    const screenPeriod = { from: '2024-05-01', to: '2024-07-31' };
    assert.deepEqual(await list({ voucherIndex: 'screen-period', screenPeriod }, june), [[true, due(june)]]);
  });

  it('is asked by the current date where Tally looks at that alone, and by a filter that looks at all vouchers', async () => {
    const months = { from: '2024-04-01', to: '2024-07-31' };
    const byDate = { voucherIndex: 'current-date', literalFilter: 'ignored', screenPeriod: screen } as const;
    assert.deepEqual(await list(byDate, months), [[true, due(months)]]);
    const byFilter = { voucherIndex: 'screen-period', literalFilter: 'scans-all', screenPeriod: screen } as const;
    assert.deepEqual(await list(byFilter, june), [[true, due(june)]]);
  });

  it('of the month of the current date alone proves no year: that may be all that Tally shows', async () => {
    const behave = { voucherIndex: 'screen-period', literalFilter: 'ignored', screenPeriod: screen } as const;
    const lists = await listsOf(behave, { onPost: showMonthOf });
    const [[isWhole, guids]] = (await listOf(lists, { from: '2024-04-01', to: '2024-07-31' })) as [[boolean, string[]]];
    assert.deepEqual([isWhole, guids.length > 0], [false, true]);
  });

  it('of the period on the screen that begins after the books proves nothing: days before it may have vouchers', async () => {
    const beginning = { from: '2023-04-01', to: '2023-06-30' };
    for (const [from, proves] of [
      ['2023-04-01', true],
      ['2023-04-03', false],
      ['2023-05-10', false],
    ] as const) {
      const behave = {
        voucherIndex: 'screen-period',
        literalFilter: 'ignored',
        screenPeriod: { ...screen, from },
      } as const;
      assert.equal((await list(behave, beginning))[0]![0], proves, from);
    }
  });

  it('is not asked for in a way that Tally refuses or does not answer in time: once is enough, and Tally is free again first', async () => {
    for (const kind of ['unknown-request', 'silent'] as const) {
      const behave = { voucherIndex: 'screen-period', screenPeriod: screen } as const;
      const quick = new TallyClient({ url: tally.url, timeoutSeconds: 1, logger });
      const lists = await listsOf(
        { ...behave, keepsWorking: false, fault: { kind, on: 'vouchers', after: 1, times: 1 } },
        { of: quick },
      );
      const before = { from: '2022-04-01', to: '2023-03-31' };
      assert.deepEqual(
        (await listOf(lists, june, before)).map(([isWhole]) => isWhole),
        [false, false],
      );
      await quick.close();
      const list = ['by dates', 'by filter', 'Company', 'by filter'];
      assert.deepEqual(
        tally.requests.map(({ kind, name, currentDate, literal }) =>
          name !== 'Voucher' ? name || kind : currentDate ? 'by current date' : literal ? 'by filter' : 'by dates',
        ),
        ['by dates', 'by current date', ...(kind === 'silent' ? ['status'] : []), ...list.slice(1), ...list],
      );
    }
  });

  describe('without a row', () => {
    const nothing = { from: '2024-08-05', to: '2024-08-20' };

    it('is believed where the last voucher is older', async () => {
      assert.deepEqual(await list({}, nothing), [[true, []]]);
    });

    it('is believed in the midst of the books of a Tally that keeps to dates', async () => {
      const gap = bookOf(
        [...book.vouchers()].filter(({ date }) => date < '2024-06-01' || date > '2024-07-01'),
        {
          ...book,
          range: book.range,
        },
      );
      tally.behave({ book: gap });
      assert.deepEqual(await list({ book: gap }, june), [[true, []]]);
    });

    it('is not believed where Tally says that it has later or other vouchers', async () => {
      assert.deepEqual(await list({ voucherIndex: 'empty' }, june), [[false, []]]);
      const withLast = { from: '2024-07-05', to: '2024-07-31' };
      assert.deepEqual(await list({ voucherIndex: 'empty' }, withLast), [[false, []]]);
    });

    it('is an error that names the company, if it was closed meanwhile', async () => {
      await assert.rejects(list({ companyOpen: false }, june), {
        code: 'company-not-open',
        message: /is no longer open in Tally\. No company is open/,
      });
      await assert.rejects(list({ book: { ...book, companyGuid: 'another' } }, nothing), { code: 'company-not-open' });
    });

    it('is not believed though Tally keeps to dates, if the last voucher is of these days', async () => {
      const lists = await listsOf({});
      assert.equal((await listOf(lists, { from: '2024-05-01', to: '2024-05-31' }))[0]![0], true);
      const fault = { kind: 'empty-list', on: 'vouchers', times: 9 } as const;
      tally.behave({ fault });
      assert.deepEqual(await listOf(lists, { from: '2024-07-01', to: '2024-07-31' }), [[false, []]]);
    });

    it('proves nothing if it came by a filter: the filter looks only within the period on the screen', async () => {
      assert.deepEqual(await list({ voucherIndex: 'screen-period', screenPeriod: screen }, nothing), [[false, []]]);
    });

    it('is not believed where Tally says neither its last voucher nor its counters, and the time before is empty too', async () => {
      const untold = { untold: ['LASTVOUCHERDATE', 'ALTVCHID', 'ALTMSTID'] };
      const empty = await listsOf({ voucherIndex: 'empty' }, untold);
      assert.deepEqual(await listOf(empty, june), [[false, []]]);
      const answering = await listsOf({}, untold);
      assert.deepEqual(await listOf(answering, nothing), [[true, []]]);
    });

    it('is believed where Tally has counted masters and never a voucher', async () => {
      const unused = await listsOf({ voucherIndex: 'empty' }, { untold: ['LASTVOUCHERDATE', 'ALTVCHID'] });
      assert.deepEqual(await listOf(unused, june), [[true, []]]);
    });

    it('proves nothing if it came only once, even as the answer to the request that looks for other rows', async () => {
      const period = { from: '2024-06-03', to: '2024-06-18' }; // has no first day of a month
      const fault = { kind: 'empty-list', on: 'vouchers', after: 1, times: 1 } as const;
      const [[isWhole]] = (await list({ voucherIndex: 'screen-period', screenPeriod: period, fault }, june)) as [
        [boolean, string[]],
      ];
      assert.equal(isWhole, false);
    });
  });

  describe('of another company', () => {
    const asOwn = { told: { id: 'another-guid' } };

    it('is refused, with one of its GUIDs', async () => {
      const lists = await listsOf({}, asOwn);
      await assert.rejects(listOf(lists, june), {
        code: 'company-not-open',
        message: /another company.*another-guid/s,
      });
    });

    it('proves nothing once the company itself has answered: its vouchers may be imported ones', async () => {
      const may = { from: '2024-05-01', to: '2024-05-31' };
      const lists = await listsOf({});
      assert.equal((await listOf(lists, may))[0]![0], true);
      const others = [...book.vouchers()].map((voucher) => ({ ...voucher, guid: `other-${voucher.guid}` }));
      tally.behave({ book: bookOf(others, book) });
      assert.equal((await listOf(lists, june))[0]![0], false);
    });
  });

  it('shows whether a Tally that does not say it has a licence accepts every day as a date', async () => {
    for (const [education, keeps] of [
      ['off', true],
      ['drops-bounds', false],
      ['hides-days', false],
    ] as const) {
      const lists = await listsOf({ education, tellsEdition: false }, { untold: ['EDUMODE'] });
      await listOf(lists, { from: '2024-05-01', to: '2024-07-31' });
      assert.deepEqual(
        [await lists.keepsEveryDay(), lists.showsOtherDays],
        [keeps, education !== 'hides-days'],
        education,
      );
      const before = asked();
      await lists.keepsEveryDay();
      assert.equal(asked(), before, 'asked once');
    }
  });

  it('is asked for between days that a Tally without a licence accepts, as close as there are', () => {
    const day = fc.integer({ min: dayNumber('1999-01-01'), max: dayNumber('2040-12-31') });
    fc.assert(
      fc.property(day, fc.nat(800), (first, days) => {
        const from = addDays('1970-01-01', first);
        const range = { from, to: addDays(from, days) };
        const bounds = acceptedBounds(range);
        for (const date of [bounds.from, bounds.to]) assert.match(date, /-(01|02|31)$/);
        assert.ok(bounds.from <= range.from && bounds.to >= range.to);
        assert.ok(
          dayNumber(range.from) - dayNumber(bounds.from) < 31 && dayNumber(bounds.to) - dayNumber(range.to) < 31,
        );
      }),
    );
    assert.deepEqual(acceptedBounds({ from: '2024-04-01', to: '2025-03-31' }), {
      from: '2024-04-01',
      to: '2025-03-31',
    });
    assert.deepEqual(acceptedBounds({ from: '2024-02-02', to: '2024-02-29' }), {
      from: '2024-02-02',
      to: '2024-03-01',
    });
  });
});
