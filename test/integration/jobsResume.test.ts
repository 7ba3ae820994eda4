import assert from 'node:assert/strict';
import type { DateRange } from '../../src/core/base/calendar.js';
import type { EtlError } from '../../src/core/base/errors.js';
import type { JobContext, JobResult } from '../../src/core/jobs/job.js';
import { backfill, clearAndReload } from '../../src/core/core.js';
import { withChanges } from '../support/demo/changedBook.js';
import { openBooks } from '../../src/demo/book/openBooks.js';
import type { Behaviour } from '../../src/demo/behaviours/behaviour.js';
import type { LoggedRequest } from '../../src/demo/answers/request.js';
import type { DemoVoucher } from '../../src/demo/book/voucher.js';
import { contextOf } from '../support/context.js';
import { fullTable } from '../support/fullTable.js';
import { servers } from '../support/postgres.js';
import { useToday } from '../support/shiftedClock.js';
import {
  booksBefore,
  booksNow,
  complete,
  jobs,
  runCell,
  tableRange,
  tableToday,
  TableWarehouse,
  usual,
  type Cell,
  type Job,
} from '../support/tallyTable.js';
import { useTally } from '../support/useTally.js';
import { keptIn } from '../support/kept.js';

const firstOf = (from: string, test: (v: DemoVoucher) => boolean = () => true): DemoVoucher =>
  [...booksNow.vouchers({ from, to: tableToday })].find((v) => v.base === 'sales' && !v.cancelled && test(v))!;

for (const server of servers().slice(0, 1))
  describe(`a load that goes on from ${server.name}`, function () {
    this.timeout(60_000);
    const tally = useTally();
    let warehouse: TableWarehouse;
    useToday(tableToday);

    before(async function () {
      this.timeout(120_000);
      warehouse = await TableWarehouse.fill(await server.freshDatabase(), tally);
    });
    beforeEach(async () => {
      await warehouse.putBack(jobs.backfill);
      behave({});
    });
    after(async () => {
      await warehouse.close();
    });

    const behave = (changes: Partial<Behaviour>): void => {
      tally.behave({ ...usual, dayBook: 'honours-dates', ...changes });
      tally.requests.length = 0;
    };
    const reports = (): string[] =>
      tally.requests.filter(({ kind }) => kind === 'report').map(({ name, from, to }) => `${name} ${from!} ${to!}`);
    const context = (env: Record<string, string> = {}, more: Partial<JobContext> = {}): JobContext =>
      contextOf({ TALLY_URL: tally.url, DB_URL: warehouse.url, ...env }, more);
    const load = (range: DateRange = tableRange, env = {}): Promise<JobResult> => backfill(range, context(env));
    const cell = (more: Partial<Cell> = {}): Promise<unknown> =>
      runCell({ job: jobs.backfill, says: complete, ...more }, warehouse, tally);
    const months = [
      'Day Book 2024-03-11 2024-03-31',
      'Day Book 2024-04-01 2024-04-30',
      'Day Book 2024-05-01 2024-05-20',
    ];

    describe('resumes cheaply:', () => {
      it('two months stay when Tally fails in the third, and are neither asked for nor read again', async () => {
        behave({ fault: { kind: 'cut', on: 'report', after: 2, afterBytes: 200_000 } });
        const error = await load().then(
          () => assert.fail('it was done'),
          (thrown: unknown) => thrown as EtlError,
        );
        assert.equal(error.code, 'answer-cut');
        const kept = [...booksNow.vouchers({ from: '2024-03-11', to: '2024-04-30' })].filter((v) => v.base !== 'none');
        assert.deepEqual(keptIn(error.message), {
          ...{ invoices: kept.length, from: kept[0]!.date, to: kept.at(-1)!.date },
        });
        assert.equal((await warehouse.stored()).size, kept.length);
        behave({});
        const again = await load();
        assert.deepEqual(reports(), months.slice(2));
        assert.equal(again.index!.unchanged, kept.length);
        assert.deepEqual([again.unchanged, again.inserted], [kept.length, again.invoices - kept.length]);
        await cell();
      });

      it('nothing but the index is asked for when nothing has changed', async () => {
        await load();
        behave({});
        const again = await load();
        assert.deepEqual(reports(), []);
        const asked = tally.requests.filter(({ kind, name }) => kind === 'collection' && name === 'Voucher');
        assert.deepEqual(
          asked.map(({ from, to }) => [from, to]),
          [
            ['2024-03-01', '2024-03-31'],
            ['2024-03-01', '2024-03-01'], // a single day, to show whether this Tally keeps to dates
            ['2024-04-01', '2024-05-31'], // by financial years, between days that every edition accepts
          ],
        );
        assert.deepEqual(
          [again.inserted, again.updated, again.unchanged, again.missing, again.notProven],
          [0, 0, again.index!.invoices, 0, null],
        );
      });

      it('only the month of an edited invoice is asked for, and only that invoice is read', async () => {
        await load();
        const book = withChanges(booksNow, [{ edit: firstOf('2024-04-12'), fields: { narration: 'looked at again' } }]);
        behave({ book });
        const again = await load();
        assert.deepEqual(reports(), [months[1]]);
        assert.deepEqual([again.updated, again.unchanged], [1, again.invoices - 1]);
        await cell({ book });
      });

      it('months of which little has changed are written together, those of a first load one by one', async () => {
        const merges = async (): Promise<number> => {
          const asked = contextOf({ TALLY_URL: tally.url, DB_URL: warehouse.url });
          await backfill(tableRange, asked);
          return asked.progress.filter(({ phase }) => phase === 'writing').length;
        };
        assert.equal(await merges(), 3);
        const edits = ['2024-03-12', '2024-04-12', '2024-05-12'].map((date) => ({
          edit: firstOf(date),
          fields: { narration: 'late' },
        }));
        const book = withChanges(booksNow, edits);
        behave({ book });
        assert.equal(await merges(), 1);
        assert.deepEqual(reports(), months);
        await cell({ book });
      });

      it('all is read again when a ledger was renamed: the vouchers show it without another ALTERID', async () => {
        await load();
        const { partyLedger } = firstOf('2024-04-12', (v) => v.partyLedger.length > 3);
        const book = withChanges(booksNow, [{ renameLedger: partyLedger, to: 'Renamed & Sons' }]);
        behave({ book });
        const again = await load();
        assert.deepEqual(reports(), months);
        assert.ok(again.updated > 0 && again.updated < again.invoices);
        await cell({ book });
      });

      it('what a restored backup has set back is read', async () => {
        await load();
        behave({ book: booksBefore });
        await load();
        await cell({ book: booksBefore, job: { ...jobs.backfill } });
        const edited = [...(await warehouse.stored()).values()].filter(({ invoice }) =>
          (invoice.narration ?? '').startsWith('edited'),
        );
        assert.deepEqual(edited, []);
      });
    });

    describe('remembers what Tally answers to:', () => {
      it('a Day Book of another year is not asked again; Voucher Register is, first', async () => {
        const silent = { dayBook: 'screen-period', screenPeriod: { from: '2023-04-01', to: '2024-03-31' } } as const;
        behave({ ...silent, book: booksNow });
        await load({ from: '2024-04-01', to: '2024-04-30' });
        assert.deepEqual(reports(), ['Day Book 2024-04-01 2024-04-30', 'Voucher Register 2024-04-01 2024-04-30']);
        behave(silent);
        await load({ from: '2024-05-01', to: '2024-05-20' });
        assert.deepEqual(reports(), ['Voucher Register 2024-05-01 2024-05-20']);
      });

      it('a Day Book that returns everything is asked once for all months, also the next time', async () => {
        behave({ dayBook: 'everything' });
        await load();
        assert.deepEqual(reports(), months.slice(0, 1));
        behave({ dayBook: 'everything' });
        await load();
        assert.deepEqual(reports(), [], 'nothing has changed, and nothing is learned');
        behave({
          dayBook: 'everything',
          book: withChanges(booksNow, [{ edit: firstOf('2024-04-12'), fields: { narration: 'x' } }]),
        });
        await load();
        assert.deepEqual(reports(), ['Day Book 2024-03-11 2024-05-20']);
      });

      it('a Tally that changes its ways is learned anew', async () => {
        behave({ dayBook: 'everything' });
        await load();
        const touched = ['2024-03-12', '2024-04-12', '2024-05-12'].map((day) => ({
          edit: firstOf(day),
          fields: { narration: 'y' },
        }));
        const book = withChanges(booksNow, touched);
        behave({ book });
        await load();
        assert.deepEqual(reports(), ['Day Book 2024-03-11 2024-05-20'], 'as it is known');
        const later = withChanges(
          book,
          touched.map(({ edit }) => ({ edit, fields: { narration: 'z' } })),
        );
        behave({ book: later, dayBook: 'screen-period', screenPeriod: { from: '2020-04-01', to: '2021-03-31' } });
        await load();
        assert.ok(reports().some((report) => report.startsWith('Voucher Register')));
        behave({ book: booksNow });
        await load();
        assert.ok(
          reports().every((report) => report.startsWith('Voucher Register')),
          reports().join(),
        );
        await cell();
      });
    });

    describe('sees what somebody does in Tally while it reads:', () => {
      const victim = firstOf('2024-04-12');
      const changes = {
        edited: { edit: victim, fields: { narration: 'edited meanwhile' } },
        deleted: { delete: victim },
        're-dated within the month': { redate: victim, to: '2024-04-25' },
        're-dated to a month read before': { redate: victim, to: '2024-03-20' },
        're-dated to a month read later': { redate: victim, to: '2024-05-11' },
        're-dated out of the range': { redate: victim, to: '2024-05-30' },
        cancelled: { cancel: victim },
        entered: { create: { ...victim, date: '2024-04-15', number: 'MEANWHILE' } },
      } as const;
      const moments = [
        ['before all is read', 'everything', 1],
        ['before its month is read', 'honours-dates', 2],
        ['after its month was read', 'honours-dates', 3],
      ] as const;
      // Each change at one moment, and each moment with some change. FULL_TABLE=1 runs all combinations.
      for (const [c, [what, change]] of Object.entries(changes).entries())
        for (const [when, dayBook, nth] of moments.filter((_, m) => fullTable || m === (c + 1) % moments.length))
          it(`an invoice ${what} after the index and ${when}: this run or the next has it right`, async () => {
            const book = withChanges(booksNow, [change]);
            let asked = 0;
            const onRequest = ({ kind }: LoggedRequest): void => {
              if (kind === 'report' && ++asked === nth) tally.behave({ book });
            };
            behave({ dayBook, onRequest });
            const result = await load();
            assert.deepEqual([asked >= nth, result.notProven, result.holes], [true, null, []]);
            behave({ dayBook, book });
            await cell({ book });
          });

      it('a clear-and-reload removes an invoice that was deleted meanwhile', async () => {
        await warehouse.putBack(jobs.reload);
        const book = withChanges(booksNow, [{ delete: victim }]);
        behave({
          onRequest: ({ kind }: LoggedRequest) => {
            if (kind === 'report') tally.behave({ book });
          },
        });
        const result = await clearAndReload(tableRange, context());
        assert.deepEqual([result.notProven, result.removed], [null, 3]);
        assert.equal((await warehouse.stored()).has(victim.guid), false);
      });
    });

    describe('reads of each company its own:', () => {
      for (const name of [
        `o'neill & "SONS"`,
        '<bharat> TRADERS',
        'KAMAL stores (from 1-Apr-24)',
        'blank brothers',
        'marked & CO',
      ])
        it(`${name}, whatever the letters, by its exact name`, async () => {
          const open = { otherCompanies: 'awkward-names', companyMatch: 'exact' } as const;
          behave(open);
          const books = openBooks({ ...usual, ...open, companyOpen: true } as Behaviour);
          const book = books.find(({ companyName }) => companyName.toLowerCase().includes(name.toLowerCase()))!;
          await cell({ book, env: { TALLY_COMPANY: name } });
        });

      const [earlier, later] = ['', ' (from 1-Apr-24)'].map((more) => `${booksNow.companyName}${more}`) as [
        string,
        string,
      ];
      const split = { otherCompanies: 'split-by-years' } as const;
      const halves = [
        { name: earlier, range: { from: '2024-03-11', to: '2024-03-31' } },
        { name: later, range: { from: '2024-04-01', to: '2024-05-20' } },
      ];
      for (const kind of ['backfill', 'reload'] as const)
        for (const { name, range } of halves)
          it(`${name} of a company split by years: ${jobs[kind].name} across the split is cut to it`, async () => {
            await warehouse.putBack(jobs.reload);
            behave(split);
            const job: Job = { ...jobs[kind], range };
            await cell({ job, env: { TALLY_COMPANY: name } });
            const result = await backfill(tableRange, context({ TALLY_COMPANY: name }));
            assert.match(result.warnings.join(), /the range was cut to/);
          });
    });
  });
