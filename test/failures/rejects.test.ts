import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { JobResult } from '../../src/core/jobs/job.js';
import { backfill, clearAndReload, sync } from '../../src/core/core.js';
import { demoCompanyName } from '../../src/demo/demoNames.js';
import { bookOf } from '../support/demo/bookOf.js';
import { screenExport } from '../support/demo/screenExport.js';
import type { DemoVoucher } from '../../src/demo/book/voucher.js';
import { voucherTypes } from '../../src/demo/book/masters/voucherTypes.js';
import { answerOf, failureOf, runCli, type Ran } from '../support/cliProgram.js';
import { contextOf } from '../support/context.js';
import { leanSale, rawVoucher, voucherId } from '../support/leanBook.js';
import { ask, freshDatabase, servers } from '../support/postgres.js';
import { useToday } from '../support/shiftedClock.js';
import { useTally } from '../support/useTally.js';
import { useFolder } from '../support/useFolder.js';

const today = '2024-06-10';
const earlier = '2024-04-15';
const range = { from: '2024-04-01', to: today };

/** A sale with this ALTERID (Tally's counter of changes). Its date, amount and type may be unreadable. */
function sale(
  n: number,
  day: string,
  fields: { alterId: number; date?: string; amount?: string; type?: string; more?: string },
): DemoVoucher {
  const { alterId, date = day.replaceAll('-', ''), amount = '1180.00', type = 'Sales', more = '' } = fields;
  const line = (ledger: string, party: string, value: string): string =>
    `<LEDGERENTRIES.LIST><LEDGERNAME>${ledger}</LEDGERNAME><ISPARTYLEDGER>${party}</ISPARTYLEDGER><AMOUNT>${value}</AMOUNT></LEDGERENTRIES.LIST>`;
  const raw =
    `<VOUCHER VCHTYPE="${type}"><GUID>${voucherId(n)}</GUID><VOUCHERTYPENAME>${type}</VOUCHERTYPENAME><DATE>${date}</DATE>` +
    `<VOUCHERNUMBER>S/${n}</VOUCHERNUMBER><ALTERID> ${alterId}</ALTERID>${more}` +
    `${line('Asha', 'Yes', `-${amount}`)}${line('Advice', 'No', amount)}</VOUCHER>\r\n`;
  return { ...rawVoucher(n, day, ''), alterId, typeName: type, raw };
}

const wrongs = {
  'an amount that is a word': { amount: 'ten', code: 'amount-unreadable' },
  'a date that is in no calendar': { date: '20240231', code: 'date-unreadable' },
  'broken XML': { more: '<BROKEN>', code: 'xml-broken' },
  'a type that Tally does not list': { type: 'Brand New Bill', code: 'voucher-type-unknown' },
};
const mendedTypes = [...voucherTypes, { name: 'Brand New Bill', parent: 'Sales', reservedName: '' }];

for (const server of servers().slice(0, 1))
  describe(`a voucher that cannot be read, on ${server.name},`, function () {
    this.timeout(60_000);
    useToday(today);
    const tally = useTally({ keepsWorking: false, dayBook: 'honours-dates' });
    let database: string;

    beforeEach(async () => {
      database = await server.freshDatabase();
      tally.behave({ voucherIndex: 'offered' });
    });

    const context = () => contextOf({ TALLY_URL: tally.url, DB_URL: database });
    const serve = (...vouchers: DemoVoucher[]): void => {
      const sorted = vouchers.sort((a, b) => (a.date < b.date ? -1 : 1));
      tally.behave({ book: bookOf(sorted, { lastAlterId: 9_000_000 }) });
    };
    const rejected = async (): Promise<unknown[]> =>
      (await ask(database, 'SELECT invoice_id FROM etl_rejects ORDER BY 1')).map((row) => row.invoice_id);
    const loaded = async (): Promise<unknown[]> =>
      (await ask(database, 'SELECT invoice_id FROM fact_invoice WHERE missing_since IS NULL ORDER BY 1')).map(
        (row) => row.invoice_id,
      );
    const others = [1, 2, 3].map((n) => leanSale(n, today));
    const otherIds = [1, 2, 3].map(voucherId);
    const bad = 9;

    const runs: Record<string, () => Promise<JobResult>> = {
      'a backfill': () => backfill(range, context()),
      'a backfill by days': () => backfill({ ...range, dayByDay: true }, context()),
      'a clear-and-reload': () => clearAndReload(range, context()),
      'a sync': () => sync(context()),
    };

    for (const [n, [what, { code, ...wrong }]] of Object.entries(wrongs).entries())
      for (const [name, run] of Object.entries(runs).slice(0, n === 0 ? undefined : 1))
        it(`for ${what}, stays in etl_rejects once until it is fixed in Tally, and then ${name} loads it`, async () => {
          const day = name === 'a sync' ? today : '2024-06-05';
          serve(...others, sale(bad, day, { alterId: 100, ...wrong }));
          for (let again = 0; again < 2; again++) {
            const result = await run();
            assert.deepEqual([result.rejected, result.missing, result.removed, result.notProven], [1, 0, 0, null]);
            assert.equal(result.invoices, others.length);
            assert.deepEqual([await rejected(), await loaded()], [[voucherId(bad)], otherIds]);
          }
          const [row] = await ask(database, 'SELECT date::text, alter_id, reason_code FROM etl_rejects');
          assert.equal(row!.date, day, 'what the voucher does not say, Tally’s list does');
          assert.deepEqual([row!.alter_id, row!.reason_code], ['100', code]);
          serve(...others, sale(bad, day, { alterId: 101 }));
          const mended = await run();
          assert.deepEqual([mended.rejected, mended.inserted], [0, 1]);
          assert.deepEqual([await rejected(), await loaded()], [[], [...otherIds, voucherId(bad)]]);
        });

    for (const [name, run] of Object.entries(runs))
      it(`leaves etl_rejects when it was deleted in Tally and ${name} has read its day again`, async () => {
        serve(...others, sale(bad, today, { alterId: 100, amount: 'ten' }));
        await run();
        serve(...others);
        const result = await run();
        assert.deepEqual([result.rejected, result.missing, result.removed], [0, 0, 0]);
        assert.deepEqual([await rejected(), await loaded()], [[], otherIds]);
      });

    it('keeps its ALTERID and a code of its reason; without them, from an older version, the next sync reads its day once more', async () => {
      serve(...others, sale(bad, earlier, { alterId: 100, amount: 'ten' }));
      await backfill(range, context());
      const codes = (): Promise<unknown[]> => ask(database, 'SELECT alter_id, reason_code FROM etl_rejects');
      const told = [{ alter_id: '100', reason_code: 'amount-unreadable' }];
      assert.deepEqual(await codes(), told);
      assert.equal((await sync(context())).older?.daysReadAgain, 0);
      await ask(database, 'UPDATE etl_rejects SET alter_id = NULL, reason_code = NULL');
      assert.equal((await sync(context())).older?.daysReadAgain, 1);
      assert.deepEqual(await codes(), told);
      assert.equal((await sync(context())).older?.daysReadAgain, 0);
    });

    it('stays after a run over other days, and after a run whose report leaves it out', async () => {
      serve(...others, sale(bad, earlier, { alterId: 100, amount: 'ten' }));
      await backfill(range, context());
      serve(...others);
      await backfill({ from: '2024-05-01', to: today }, context());
      assert.deepEqual(await rejected(), [voucherId(bad)], 'its day was not read');
      serve(...others, sale(bad + 1, earlier, { alterId: 100, amount: 'ten' }));
      await backfill(range, context());
      assert.deepEqual(await rejected(), [voucherId(bad + 1)]);
      tally.behave({ dayBookHides: 'every-tenth', voucherRegisterHides: 'every-tenth' });
      serve(...others, sale(bad + 1, earlier, { alterId: 101 }));
      const result = await backfill(range, context()).finally(() => {
        tally.behave({ dayBookHides: 'nothing', voucherRegisterHides: 'nothing' });
      });
      assert.match(result.notProven ?? '', /left out/);
      assert.deepEqual(await rejected(), [voucherId(bad + 1)], 'Tally lists it');
    });

    it('leaves etl_rejects when an answer that spans its date lacks it, if Tally gives no list', async () => {
      tally.behave({ voucherIndex: 'refused' });
      serve(...others, leanSale(4, range.from), sale(bad, earlier, { alterId: 100, amount: 'ten' }));
      await backfill(range, context());
      await backfill(range, context());
      assert.deepEqual(await rejected(), [voucherId(bad)]);
      serve(...others, leanSale(4, range.from));
      await backfill(range, context());
      assert.deepEqual(await rejected(), []);
    });

    it('keeps its earlier state in the warehouse, and leaves etl_rejects when a backup with that state is restored', async () => {
      const whole = [...others, sale(bad, today, { alterId: 100 })];
      serve(...whole);
      await backfill(range, context());
      serve(...others, sale(bad, today, { alterId: 101, amount: 'ten' }));
      assert.equal((await backfill(range, context())).missing, 0);
      assert.deepEqual([await rejected(), await loaded()], [[voucherId(bad)], [...otherIds, voucherId(bad)]]);
      serve(...whole);
      assert.equal((await backfill(range, context())).unchanged, whole.length);
      assert.deepEqual(await rejected(), []);
    });

    it('stays in etl_rejects when a file from Tally’s screen does not have it', async () => {
      serve(...others, sale(bad, today, { alterId: 100, amount: 'ten' }));
      await backfill(range, context());
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tally-rejects-'));
      try {
        const file = path.join(folder, 'DayBook.xml');
        fs.writeFileSync(file, Buffer.concat([...screenExport(bookOf(others), range)]));
        await backfill({ ...range, file }, context());
        assert.deepEqual(await rejected(), [voucherId(bad)]);
      } finally {
        fs.rmSync(folder, { recursive: true });
      }
    });

    it('without an id stays once, and leaves when its day comes without it', async () => {
      tally.behave({ voucherIndex: 'refused' });
      const nameless = sale(bad, today, { alterId: 100 });
      serve(...others, { ...nameless, raw: nameless.raw!.replace(/<GUID>.*<\/GUID>/, '') });
      await backfill(range, context());
      await backfill(range, context());
      assert.deepEqual(await rejected(), [null]);
      serve(...others, nameless);
      await backfill(range, context());
      assert.deepEqual([await rejected(), await loaded()], [[], [...otherIds, voucherId(bad)]]);
    });

    describe('on a day long before those that a sync reads,', () => {
      const daysAsked = (kind: string): string[] =>
        tally.requests.flatMap((request) => (request.kind === kind && request.from === earlier ? [kind] : []));
      const begin = async (wrong: Parameters<typeof sale>[2]): Promise<void> => {
        serve(...others, sale(bad, earlier, wrong));
        await sync(context());
        assert.deepEqual(await rejected(), [voucherId(bad)]);
        tally.requests.length = 0;
      };

      it('is not read again by each sync as long as nobody has altered it, and stays', async () => {
        await begin({ alterId: 100, amount: 'ten' });
        const result = await sync(context());
        assert.deepEqual([result.from, result.rejected, result.invoices], ['2024-06-09', 0, 3]);
        assert.deepEqual(daysAsked('report'), []);
        assert.deepEqual(await rejected(), [voucherId(bad)]);
      });

      it('is loaded by the next sync when it was fixed in Tally', async () => {
        await begin({ alterId: 100, amount: 'ten' });
        serve(...others, sale(bad, earlier, { alterId: 101 }));
        const result = await sync(context());
        assert.deepEqual([result.inserted, result.rejected, result.from], [1, 0, '2024-06-09']);
        assert.deepEqual(
          result.days.map(({ date, inserted }) => [date, inserted]),
          [
            [earlier, 1],
            [today, 0],
          ],
        );
        assert.deepEqual([await rejected(), await loaded()], [[], [...otherIds, voucherId(bad)]]);
        assert.equal(result.checkpoint, today);
        const [log] = await ask(database, 'SELECT status, inserted FROM etl_logs ORDER BY id DESC LIMIT 1');
        assert.deepEqual(log, { status: 'ok', inserted: 1 });
      });

      it('is loaded by the next sync when Tally knows its voucher type by now', async () => {
        await begin({ alterId: 100, type: 'Brand New Bill' });
        tally.behave({ book: { ...tally.book, voucherTypes: mendedTypes } });
        const result = await sync(context());
        assert.deepEqual([result.inserted, result.rejected], [1, 0]);
        assert.deepEqual(await rejected(), []);
      });

      it('leaves etl_rejects at the next sync when it was deleted in Tally', async () => {
        await begin({ alterId: 100, amount: 'ten' });
        serve(...others);
        const result = await sync(context());
        assert.deepEqual([result.invoices, result.missing], [3, 0]);
        assert.deepEqual(await rejected(), []);
      });

      it('is counted by the sync when it was altered and still cannot be read', async () => {
        await begin({ alterId: 100, amount: 'ten' });
        serve(...others, sale(bad, earlier, { alterId: 101, amount: 'eleven' }));
        assert.equal((await sync(context())).rejected, 1);
        const rows = await ask(database, 'SELECT reason FROM etl_rejects');
        assert.equal(rows.length, 1);
        assert.match(String(rows[0]!.reason), /eleven/);
      });

      it('keeps no sync from its own days where Tally gives no list', async () => {
        await begin({ alterId: 100, amount: 'ten' });
        tally.behave({ voucherIndex: 'refused' });
        assert.equal((await sync(context())).invoices, 3);
        assert.deepEqual(await rejected(), [voucherId(bad)]);
      });
    });
  });

describe('the list of vouchers that cannot be read, on the command line,', function () {
  this.timeout(60_000);
  const tally = useTally({ keepsWorking: false });
  const folder = useFolder();
  let database: string;

  before(async () => {
    database = await freshDatabase();
  });

  const run = (...words: string[]): Promise<Ran> => runCli(folder, words, { TALLY_URL: tally.url, DB_URL: database });

  it('says that no voucher was rejected, in an empty database and where there is no warehouse at all', async () => {
    const nothing = 'No rejected vouchers.\n';
    assert.deepEqual(await run('rejects'), { exitCode: 0, stdout: nothing, stderr: '' });
    const nowhere = await runCli(folder, ['rejects'], {});
    assert.deepEqual([nowhere.exitCode, nowhere.stdout], [0, nothing]);
    assert.equal(fs.existsSync(path.join(folder, 'data')), false, 'it made a warehouse');
    failureOf(await run('rejects', '--company', 'Nobody', '--json'), 'usage', 2);
  });

  it('is named by the closing message, with how many and how to see them, and has what Tally sent, why and what to do', async () => {
    tally.behave({
      book: bookOf([
        leanSale(1, '2024-04-01'),
        sale(2, '2024-04-02', {
          alterId: 2,
          amount: 'ten',
          more: `<NARRATION>\u001b[31m${'long '.repeat(2000)}</NARRATION>`,
        }),
        sale(3, '2024-04-03', { alterId: 3, date: '20240231' }),
      ]),
    });
    const load = await run('backfill', '2024-04-01', '2024-04-05');
    assert.equal(load.exitCode, 0, load.stderr);
    assert.match(
      load.stdout,
      /Rejected +2 +could not be read and not loaded; which and why: tally-warehouse rejects\n/,
    );
    const { exitCode, stdout } = await run('rejects');
    assert.equal(exitCode, 0);
    assert.match(stdout, /^2 vouchers could not be read and are not in the warehouse/);
    for (const words of [
      `${demoCompanyName}: 2 vouchers`,
      'Sales S/2 of 2 Apr 2024',
      'AMOUNT: ledger "Asha": not an amount in rupees: "-ten"',
      'Open the voucher (Day Book of 2 Apr 2024), enter the amount of this line again',
      'tally-warehouse backfill 2024-04-02 2024-04-02',
      'Sales S/3 of 3 Apr 2024',
      'DATE: not a calendar date: "20240231"',
      '(F2)',
      `<GUID>${voucherId(2)}</GUID>`,
    ])
      assert.ok(stdout.replace(/\s+/g, ' ').includes(words), `${words} is not in:\n${stdout}`);
    assert.match(stdout, /What Tally sent, the first 2,000 of 10,\d{3} characters:/);
    assert.ok(stdout.length < 8_000 && !stdout.includes('\u001b'), 'the raw text is bounded and harmless');
    const status = await run('status');
    assert.match(
      status.stdout,
      /REJECTS\n2 vouchers of .* could not be read\.\nShow them with: tally-warehouse rejects\n/,
    );
  });

  it('is the same as JSON, and of one company alone when that is asked', async () => {
    const all = answerOf(await run('rejects', '--json')) as {
      command: string;
      total: number;
      rejects: { field: string; raw: string; rawLength: number; date: string }[];
    };
    assert.deepEqual([all.command, all.total], ['rejects', 2]);
    assert.deepEqual(all.rejects.map(({ field, date }) => [field, date]).sort(), [
      ['AMOUNT', '2024-04-02'],
      ['DATE', '2024-04-03'],
    ]);
    const name = demoCompanyName.toUpperCase();
    assert.deepEqual(answerOf(await run('rejects', '--company', name, '--json')), all);
    const text = failureOf(await run('rejects', '--company', 'Nobody', '--json'), 'usage', 2);
    assert.ok(text.includes('Nobody') && text.includes(demoCompanyName), text);
  });
});
