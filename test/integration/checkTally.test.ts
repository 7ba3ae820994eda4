import assert from 'node:assert/strict';
import os from 'node:os';
import path from 'node:path';
import { check } from '../../src/core/jobs/check/check.js';
import { describeCompany } from '../../src/core/jobs/check/checkTally.js';
import { checkVouchers } from '../../src/core/jobs/check/checkVouchers.js';
import type { CheckItem, CheckPart, JobContext } from '../../src/core/jobs/job.js';
import { TallyClient } from '../../src/core/tally/http/client.js';
import type { Company } from '../../src/core/tally/requests/companies.js';
import type { Behaviour } from '../../src/demo/behaviours/behaviour.js';
import { createBook, type Book } from '../../src/demo/book/book.js';
import { startDemoServer, type DemoServer } from '../../src/demo/server.js';
import { contextOf } from '../support/context.js';
import { silent } from '../support/postgres.js';

const range = { from: '2024-04-01', to: '2024-05-24' };
const book = createBook({ invoices: 300, ...range });
const none = { kind: 'none' } as const;

/** The same books, with no voucher in them. */
const unused: Book = { ...book, size: 0, lastAlterId: 0, vouchers: () => [] };

describe("a check of Tally's side", function () {
  this.timeout(20_000);
  let tally: DemoServer;

  before(async () => (tally = await startDemoServer({ book })));
  after(() => tally.close());

  type Found = Partial<Record<CheckPart, CheckItem>>;

  /** The items of a check, by part, when Tally behaves like this. */
  async function checked(
    behave: Partial<Behaviour>,
    { env, more, patienceMs }: { env?: Record<string, string>; more?: Partial<JobContext>; patienceMs?: number } = {},
  ): Promise<Found> {
    const usual: Partial<Behaviour> = {
      book,
      dayBook: 'honours-dates',
      voucherRegister: 'honours-dates',
      dayBookHides: 'nothing',
      voucherRegisterHides: 'nothing',
      voucherIndex: 'offered',
      education: 'off',
      companyOpen: true,
      fault: none,
      onRequest: undefined,
    };
    tally.behave({ ...usual, ...behave });
    tally.requests.length = 0;
    const dataDir = path.join(os.tmpdir(), 'tally-check-nowhere');
    const context = contextOf({ TALLY_URL: tally.url, TALLY_DATA_DIR: dataDir, ...env }, more);
    const items = await check(context, patienceMs);
    return Object.fromEntries(items.map((item) => [item.part, item]));
  }

  const wrongParts = (found: Found): string[] => Object.values(found).flatMap(({ part, ok }) => (ok ? [] : [part]));

  it('tries a load in small: masters, a list of days, one day of a report', async () => {
    const found = await checked({});
    assert.deepEqual(wrongParts(found), []);
    assert.deepEqual(Object.keys(found), ['tally', 'company', 'masters', 'vouchers', 'report', 'warehouse']);
    assert.match(found.masters!.message, /^Tally gave its masters: 31 voucher types, \d+ ledgers, 33 groups\.$/);
    assert.match(
      found.vouchers!.message,
      /^Tally lists \d+ vouchers of \d+–24\u00a0May\u00a02024, \d+ invoices among them\.$/,
    );
    assert.match(
      found.report!.message,
      /^Day Book brings all that Tally lists of \d+\u00a0May\u00a02024 \(\d+ invoices?\)\.$/,
    );
  });

  it('asks for little: eight requests at most, and for the vouchers of one day', async () => {
    await checked({});
    const asked = tally.requests.map(({ kind, name }) => (kind === 'status' ? kind : name));
    // The list may be asked for a second time, to see that it gives other vouchers for other dates.
    assert.ok(asked.length <= 8, asked.join());
    assert.deepEqual(
      [...new Set(asked)],
      ['status', 'Company', 'VoucherType', 'Ledger', 'Group', 'Voucher', 'Day Book'],
    );
    const report = tally.requests.at(-1)!;
    assert.equal(report.from, report.to);
    assert.equal(report.currentDate, report.from, 'as a load of one day does');
    assert.notEqual(report.from, range.to, 'a Day Book that shows the last day whatever is asked must not pass');
  });

  it('passes a Tally without a licence, and requests only dates that such a Tally accepts', async () => {
    assert.deepEqual(wrongParts(await checked({ education: 'drops-bounds' })), []);
    const accepted = ['01', '02', '31'];
    const bounds = tally.requests.flatMap(({ from, to }) => [from, to].filter((date) => date != null));
    assert.ok(bounds.length > 0);
    assert.deepEqual(
      bounds.filter((date) => !accepted.includes(date.slice(8))),
      [],
    );
  });

  it('names a report that answers for another period, and the other one that a load then uses', async () => {
    const found = await checked({ dayBook: 'screen-period', screenPeriod: { from: '2024-04-10', to: '2024-04-12' } });
    assert.deepEqual(wrongParts(found), []);
    assert.match(
      found.report!.message,
      /^Day Book answers for 10–12\u00a0Apr\u00a02024 instead of \d+\u00a0May\u00a02024\. With Voucher Register, everything .* came .* A load uses it\.$/,
    );
  });

  it('is not content where no report answers for the day that is asked', async () => {
    const period = { screenPeriod: { from: '2024-05-01', to: '2024-05-24' } };
    const found = await checked({ dayBook: 'screen-period', voucherRegister: 'screen-period', ...period });
    assert.deepEqual(wrongParts(found), ['report']);
    assert.match(
      found.report!.message,
      /Day Book answers for 1–\d+\u00a0May.* Voucher Register answers for 1–\d+\u00a0May/,
    );
    assert.match(found.report!.remedy!, /Alt\+F2/);
  });

  it('fails if TALLY_REPORT sets a report that answers for another period', async () => {
    const env = { TALLY_REPORT: 'day-book' };
    const found = await checked(
      { dayBook: 'screen-period', screenPeriod: { from: '2024-04-10', to: '2024-04-12' } },
      { env },
    );
    assert.deepEqual(wrongParts(found), ['report']);
    assert.match(found.report!.remedy!, /TALLY_REPORT=auto/);
  });

  it('passes a report that always sends all of the books, and says what that costs', async () => {
    const { report } = await checked({ dayBook: 'everything' }, { env: { TALLY_REPORT: 'day-book' } });
    assert.deepEqual([report!.ok, report!.caution], [true, true]);
    assert.match(
      report!.message,
      /answers for all of the books, 1\u00a0Apr\u00a0– 24\u00a0May\u00a02024, .* reads all of it each time/,
    );
  });

  it('fails if no report brings any voucher that Tally lists', async () => {
    const hides = { dayBookHides: 'every-tenth', voucherRegisterHides: 'every-tenth' } as const;
    // Every MASTERID is a multiple of ten, so the reports hide every voucher.
    const months = {
      ...book,
      *vouchers(of?: typeof range) {
        for (const v of book.vouchers(of)) yield { ...v, masterId: v.masterId * 10 };
      },
    };
    const found = await checked({ ...hides, book: months });
    assert.deepEqual(wrongParts(found), ['report']);
    assert.match(
      found.report!.message,
      /^Day Book brings no voucher of \d+\u00a0May\u00a02024\. Voucher Register brings no voucher /,
    );
  });

  it('warns that Tally gives no list; a load works without it', async () => {
    const { vouchers, report } = await checked({ voucherIndex: 'refused' });
    assert.deepEqual([vouchers!.ok, vouchers!.caution, report!.ok], [true, true, true]);
    assert.match(
      vouchers!.message,
      /gives no list of its vouchers: a load works, but only the dates of Tally's answers/,
    );
  });

  it('does not believe an empty list of a company that has vouchers', async () => {
    const found = await checked({ voucherIndex: 'empty' });
    assert.deepEqual(wrongParts(found), ['vouchers']);
    assert.match(
      found.vouchers!.message,
      /none of 24\u00a0May\u00a02024, though the last voucher of the company is of that day/,
    );
    assert.ok(tally.requests.filter(({ name }) => name === 'Company').length >= 2, 'the company list is asked again');
  });

  it('looks twice where a list came empty by chance', async () => {
    assert.deepEqual(wrongParts(await checked({ fault: { kind: 'empty-list', on: 'vouchers', times: 1 } })), []);
  });

  it('says that the company has been closed meanwhile', async () => {
    let isOpen = true;
    const onRequest = ({ name }: { name: string }): void => {
      isOpen &&= name !== 'Voucher';
      tally.behave({ companyOpen: isOpen });
    };
    const found = await checked({ onRequest });
    assert.deepEqual(wrongParts(found), ['vouchers']);
    assert.match(found.vouchers!.message, /no longer open/);
  });

  it('says so where the list does not keep to the dates', async () => {
    const stuck = {
      ...book,
      *vouchers() {
        yield* book.vouchers({ from: '2024-04-10', to: '2024-04-12' });
      },
    };
    const found = await checked({ voucherIndex: 'ignores-dates', book: stuck });
    assert.deepEqual(wrongParts(found)[0], 'vouchers');
    assert.match(found.vouchers!.message, /10–12\u00a0Apr\u00a02024.*a load could not prove that nothing is missing/);
  });

  describe('by licence and last voucher date in the company list', () => {
    const invoiceTypeOf = () => 'sales' as const;

    /** The check of the vouchers of a company for which the company list has the fields `says`. */
    async function listed(behave: Partial<Behaviour>, says: Partial<Company>) {
      tally.behave({ voucherIndex: 'offered', education: 'off', book, fault: none, onRequest: undefined, ...behave });
      const client = new TallyClient({ url: tally.url, timeoutSeconds: 5, logger: silent });
      const company = { name: book.companyName, id: book.companyGuid, booksFrom: range.from, ...says };
      try {
        return await checkVouchers(client, company, invoiceTypeOf, contextOf({}));
      } finally {
        await client.close();
      }
    }

    it('has nothing to complain of in a company that was never used', async () => {
      tally.requests.length = 0;
      const { item, day } = await listed({ book: unused }, {});
      assert.deepEqual(item, {
        part: 'vouchers',
        ok: true,
        message: 'The company has no vouchers yet: there is nothing to load.',
      });
      assert.equal(day, undefined, 'without vouchers no report is requested');
    });

    it('lists a few days where Tally has a licence', async () => {
      const { item } = await listed({}, { edition: 'licensed', lastVoucherDate: range.to });
      assert.match(item.message, /^Tally lists \d+ vouchers of 18–24\u00a0May\u00a02024, /);
    });

    it('asks a Tally without a licence for a day that it accepts', async () => {
      const { item, day } = await listed({}, { edition: 'education', lastVoucherDate: range.to });
      assert.equal(item.ok, true);
      assert.ok(['2024-05-01', '2024-05-02'].includes(day!.date), day!.date);
    });

    it('says that a Tally without a licence leaves out days', async () => {
      const { item } = await listed({ education: 'hides-days' }, { edition: 'education', lastVoucherDate: range.to });
      assert.equal(item.ok, false);
      assert.match(
        item.message,
        /none of 24\u00a0May\u00a02024, though the last voucher of the company is of that day/,
      );
      assert.match(item.remedy!, /Without a licence Tally leaves out .* with a licence/);
    });

    it('only warns where the last voucher of a licensed Tally is not in its list', async () => {
      const { item } = await listed({}, { edition: 'licensed', lastVoucherDate: '2024-05-26' });
      assert.deepEqual([item.ok, item.caution], [true, true]);
      assert.match(
        item.message,
        /The list has no voucher of 26\u00a0May\u00a02024, although Tally says that its last voucher is of that day/,
      );
    });

    it('names the Education mode', () => {
      const { ok, caution, message } = describeCompany({ name: 'A', id: 'a', edition: 'education' });
      assert.deepEqual([ok, caution], [true, true]);
      assert.match(
        message,
        /“A” is open\. Tally runs without a licence \(Education mode\): it refuses dates other than the 1st, 2nd and 31st/,
      );
    });
  });

  it('names masters that Tally does not give', async () => {
    const ledgers = await checked({ fault: { kind: 'unknown-request', on: 'ledgers' } });
    assert.deepEqual([ledgers.masters!.ok, ledgers.masters!.caution], [true, true]);
    assert.match(ledgers.masters!.message, /did not give its ledgers/);
    const types = await checked({ fault: { kind: 'unknown-request', on: 'voucher-types' } });
    assert.deepEqual(wrongParts(types), ['masters']);
  });

  it('says within seconds that Tally is busy, goes on waiting, and says it at the end too', async () => {
    const warnings: string[] = [];
    const steps: (string | undefined)[] = [];
    const more: Partial<JobContext> = {
      logger: { ...silent, warn: (text) => warnings.push(text) },
      onProgress: ({ checks }) => steps.push(checks),
    };
    const fault = { kind: 'slow', on: 'status', waitMs: 1_500 } as const;
    const found = await checked({ fault }, { more, patienceMs: 500 });
    assert.deepEqual(wrongParts(found), []);
    assert.deepEqual(steps, ['silent-tally', 'tally', 'warehouse']);
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0]!,
      /has not answered for \d seconds?: it is busy with another request, or a box waits on its screen\. Waiting/,
    );
    assert.equal(found.tally!.caution, true);
    assert.match(found.tally!.message, /It took 2 seconds: it was busy with another request, or a box was open/);
  });

  it('says of a Tally that stays silent what it may be waiting for', async () => {
    const found = await checked(
      { fault: { kind: 'silent', on: 'status' } },
      { env: { TALLY_TIMEOUT_SECONDS: '1' }, patienceMs: 200 },
    );
    assert.deepEqual(wrongParts(found), ['tally']);
    assert.match(
      found.tally!.message,
      /has not answered for 1 seconds?: it is busy with another request, or a box waits/,
    );
    assert.match(found.tally!.remedy!, /Close any box on Tally's screen/);
    assert.deepEqual(Object.keys(found), ['tally', 'warehouse']);
    assert.deepEqual(
      tally.requests.map(({ kind }) => kind),
      ['status'],
      'nothing more is asked of a Tally that is busy',
    );
  });

  it('warns too if Tally falls silent after its first answers', async () => {
    const warnings: string[] = [];
    const more = { logger: { ...silent, warn: (text: string) => void warnings.push(text) } };
    await checked({ fault: { kind: 'slow', on: 'ledgers', waitMs: 1_000 } }, { more, patienceMs: 300 });
    assert.ok(warnings.length > 0);
    for (const warning of warnings)
      assert.match(warning, /it is still making this answer, or a box waits on its screen/);
  });
});
