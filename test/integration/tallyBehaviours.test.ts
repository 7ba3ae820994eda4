import assert from 'node:assert/strict';
import { daysOf } from '../../src/core/base/calendar.js';
import type { Behaviour } from '../../src/demo/behaviours/behaviour.js';
import type { DemoVoucher } from '../../src/demo/book/voucher.js';
import { fullTable } from '../support/fullTable.js';
import { servers } from '../support/postgres.js';
import { useToday } from '../support/shiftedClock.js';
import {
  afterwards,
  booksNow,
  complete,
  error,
  inEducation,
  jobNames,
  jobs,
  runCell,
  tableToday,
  TableWarehouse,
  textOfSays,
  unproven,
  unprovenList,
  usual,
  type JobName,
  type Says,
} from '../support/tallyTable.js';
import { useTally } from '../support/useTally.js';

interface Row {
  name: string;
  behave: Partial<Behaviour>;
  env?: Record<string, string>;
  /** The jobs that can show this; all when absent. */
  jobs?: JobName[];
  says: Says | ((job: JobName) => Says);
  /**
   * Whether other rows run the same branches of the code, for all jobs or for one: then only FULL_TABLE=1 runs this
   * row.
   */
  isAlike?: boolean | ((job: JobName) => boolean);
}

type Test = (voucher: DemoVoucher) => boolean;
const holes = (without: Test): Says => ({ kind: 'holes', without });
const partly = (without: Test): Says => ({ kind: 'partly', without });
const undetected = (without: Test, warning?: RegExp): Says => ({
  kind: 'undetected',
  without,
  ...(warning && { warning }),
});

const isCancelled: Test = ({ cancelled }) => cancelled;
const isOptional: Test = ({ optional }) => optional;
const isTenth: Test = ({ masterId }) => masterId % 10 === 0;
const isBeforeApril: Test = ({ date }) => date < '2024-04-01';
const isNotToday: Test = ({ date }) => date !== tableToday;
const isHiddenDay: Test = ({ date }) => !['01', '02', '31'].includes(date.slice(8));

const longAgo = { from: '2022-04-01', to: '2023-03-31' };
const thisYear = { from: '2024-04-01', to: '2025-03-31' };
const aMonth = { from: '2024-04-01', to: '2024-04-30' };
const both = (rule: Behaviour['dayBook']): Partial<Behaviour> => ({ dayBook: rule, voucherRegister: rule });
const onlyDayBook = { TALLY_REPORT: 'day-book' };
const onlyRegister = { TALLY_REPORT: 'voucher-register' };
const nothingCame = error('range-not-covered');

const periods: Row[] = [
  ...(['everything', 'honours-dates', 'today', 'screen-period'] as const).flatMap((dayBook): Row[] => [
    { name: `Day Book ${dayBook}`, behave: { dayBook }, says: complete },
    { name: `Day Book ${dayBook}, no index`, behave: { dayBook, voucherIndex: 'refused' }, says: unproven },
    {
      name: `Day Book ${dayBook}, an empty index`,
      behave: { dayBook, voucherIndex: 'empty' },
      // Tally's company list says that the last voucher is of these days, so an empty index proves nothing.
      says: unprovenList,
      isAlike: dayBook === 'honours-dates' || dayBook === 'screen-period', // as without an index, which all four show
    },
    {
      name: `Day Book ${dayBook}, an index that ignores dates`,
      behave: { dayBook, voucherIndex: 'ignores-dates' },
      says: complete,
      isAlike: dayBook !== 'honours-dates' && dayBook !== 'today', // the list is read before any report
    },
  ]),
  // If the Day Book brings all, the Voucher Register is not asked for.
  { name: 'both reports everything', behave: both('everything'), says: complete, isAlike: true },
  { name: 'both reports honour dates', behave: both('honours-dates'), says: complete, isAlike: true },
  // A Day Book that shows one day shows the day that SVCURRENTDATE asks for.
  { name: 'both reports today', behave: both('today'), says: complete },
  {
    name: 'both reports today, no index',
    behave: { ...both('today'), voucherIndex: 'refused' },
    says: (job) =>
      jobs[job].isSync
        ? partly(isNotToday)
        : { byDays: unproven, reload: error('guard'), backfill: nothingCame }[job as 'backfill'],
  },
  {
    name: 'both reports this year',
    behave: both('screen-period'),
    says: (job) => (jobs[job].isSync ? complete : holes(isBeforeApril)),
  },
  {
    name: 'both reports this year, no index',
    behave: { ...both('screen-period'), voucherIndex: 'refused' },
    says: (job) => (jobs[job].isSync ? unproven : job === 'reload' ? error('guard') : partly(isBeforeApril)),
  },
  {
    name: 'both reports another year',
    behave: { ...both('screen-period'), screenPeriod: longAgo },
    says: nothingCame,
  },
  {
    name: 'both reports another year, with frames around nothing',
    behave: { ...both('screen-period'), screenPeriod: longAgo, emptyReport: 'bare' },
    says: nothingCame,
  },
  {
    name: 'both reports another year, no index',
    behave: { ...both('screen-period'), screenPeriod: longAgo, voucherIndex: 'refused' },
    says: (job) => (job === 'reload' ? error('guard') : nothingCame),
  },
  {
    name: 'Day Book this year, chosen by the user',
    behave: { dayBook: 'screen-period' },
    env: onlyDayBook,
    says: (job) => (jobs[job].isSync ? complete : holes(isBeforeApril)),
  },
  { name: 'Voucher Register chosen', behave: {}, env: onlyRegister, says: complete },
  {
    name: 'Voucher Register chosen, which is for another year',
    behave: { voucherRegister: 'screen-period', screenPeriod: longAgo },
    env: onlyRegister,
    says: nothingCame,
  },
];

const omissions: Row[] = [
  ...(['cancelled', 'optional', 'every-tenth'] as const).flatMap((hides, h): Row[] => {
    const without = { cancelled: isCancelled, optional: isOptional, 'every-tenth': isTenth }[hides];
    // Tally's list names whatever a report hides. So each kind of hidden voucher is tried once in each kind of row.
    return (['everything', 'honours-dates'] as const).flatMap((dayBook, d): Row[] => [
      {
        name: `Day Book ${dayBook} hides ${hides}`,
        behave: { dayBook, dayBookHides: hides },
        says: complete,
        isAlike: (h + d) % 2 === 1,
      },
      {
        name: `both reports hide ${hides}, Day Book ${dayBook}`,
        behave: { dayBook, dayBookHides: hides, voucherRegisterHides: hides },
        says: holes(without),
        isAlike: (h + d) % 2 === 0,
      },
      {
        name: `Day Book ${dayBook} hides ${hides} and is chosen`,
        behave: { dayBook, dayBookHides: hides },
        env: onlyDayBook,
        says: holes(without),
        isAlike: (h + d) % 2 === 1,
      },
    ]);
  }),
  {
    name: 'Day Book hides cancelled, Voucher Register every tenth',
    behave: { dayBookHides: 'cancelled', voucherRegisterHides: 'every-tenth' },
    says: complete,
  },
  {
    name: 'Day Book hides every tenth, no index',
    behave: { dayBookHides: 'every-tenth', voucherIndex: 'refused' },
    jobs: ['backfill', 'byDays', 'firstSync', 'secondSync'],
    says: undetected(isTenth, /not proven/),
  },
  {
    name: 'an index that leaves some out',
    behave: { voucherIndex: 'leaves-out' },
    jobs: ['backfill', 'firstSync', 'secondSync', 'reload'], // by days, the one left out may have been entered meanwhile
    says: leavesOut,
  },
  {
    name: 'an index that leaves some out, Day Book honours dates',
    behave: { voucherIndex: 'leaves-out', dayBook: 'honours-dates' },
    jobs: ['backfill', 'firstSync', 'secondSync', 'reload'], // by days, a day without a listed voucher is not read
    says: leavesOut,
  },
  {
    name: 'an index that leaves some out, and reports that hide others',
    behave: { voucherIndex: 'leaves-out', dayBookHides: 'every-tenth', voucherRegisterHides: 'every-tenth' },
    says: { kind: 'holes', without: isTenth, list: true },
  },
];
function leavesOut(): Says {
  return { kind: 'complete', warning: /does not prove/, comparesOlder: true };
}

/**
 * The list of another loaded year proves nothing, so an invoice that the range's list lacks may be there, under another
 * date.
 */
const unmarked: Says = { kind: 'complete', warning: /not marked as missing|none of them was marked as missing/ };

const lists: Row[] = [
  { name: 'counters of 0', behave: { counters: 'zero' }, says: complete },
  {
    name: 'a list of this year, a filter within it',
    behave: { voucherIndex: 'screen-period', screenPeriod: thisYear },
    says: (job) => (job === 'firstSync' ? complete : job === 'byDays' ? unmarked : unprovenList(job)),
  },
  {
    name: 'a list of another year, a filter over all vouchers',
    behave: { voucherIndex: 'screen-period', screenPeriod: longAgo, literalFilter: 'scans-all' },
    says: complete,
  },
  {
    name: 'a list of this year, no filter',
    behave: { voucherIndex: 'screen-period', screenPeriod: thisYear, literalFilter: 'ignored' },
    says: (job) => (job === 'firstSync' ? complete : job === 'byDays' ? unmarked : unprovenList(job)),
  },
  {
    name: 'a list of another year, a filter within it',
    behave: { voucherIndex: 'screen-period', screenPeriod: longAgo },
    says: unprovenList,
  },
  {
    name: 'a list of another year, no filter',
    behave: { voucherIndex: 'screen-period', screenPeriod: longAgo, literalFilter: 'ignored' },
    says: unprovenList,
  },
  {
    name: 'a list of a month on the screen',
    behave: { voucherIndex: 'screen-period', screenPeriod: aMonth, literalFilter: 'ignored' },
    says: (job) => (job === 'byDays' ? unmarked : unprovenList(job)), // its days lie within that month
  },
  {
    name: 'a list of the year of the current date',
    behave: { voucherIndex: 'current-date', screenPeriod: aMonth, literalFilter: 'ignored' },
    says: complete,
  },
];

const education: Row[] = [
  ...(['drops-bounds', 'from-shows-screen', 'from-shows-nothing', 'to-ends-with-screen'] as const).flatMap(
    (kind): Row[] =>
      ([true, false] as const).flatMap((tellsEdition): Row[] => [
        {
          name: `education ${kind}, ${tellsEdition ? 'which is told' : 'which is not told'}`,
          behave: { education: kind, tellsEdition, dayBook: 'honours-dates', screenPeriod: thisYear },
          says: (job) => (tellsEdition ? (job === 'reload' ? error('guard') : inEducation) : complete),
          // The guard of a reload depends on the edition alone.
          isAlike: (job) => job === 'reload' && tellsEdition && kind !== 'drops-bounds',
        },
      ]),
  ),
  // A Day Book that ignores dates shows less of what a dropped bound does.
  ...(['everything', 'honours-dates'] as const).flatMap((dayBook): Row[] => [
    {
      isAlike: dayBook === 'everything',
      name: `education drops bounds, Day Book ${dayBook}, no index`,
      behave: { education: 'drops-bounds', dayBook, voucherIndex: 'refused' },
      says: (job) => (job === 'reload' ? error('guard') : { ...unproven, hides: true }),
    },
    {
      isAlike: dayBook === 'everything',
      name: `education drops bounds, Day Book ${dayBook} and chosen`,
      behave: { education: 'drops-bounds', dayBook },
      env: onlyDayBook,
      says: (job) => (job === 'reload' ? error('guard') : inEducation),
    },
    {
      isAlike: dayBook === 'everything',
      name: `education hides days, Day Book ${dayBook}`,
      behave: { education: 'hides-days', dayBook },
      says: (job) => (job === 'reload' ? error('guard') : undetected(isHiddenDay, /Education mode/)),
    },
  ]),
];

const shapes: Row[] = [
  { name: 'Tally.ERP 9', behave: { product: 'Tally.ERP 9' }, says: complete },
  { name: 'bare ampersands', behave: { bareAmpersands: true }, says: complete },
  { name: 'an undeclared prefix', behave: { udfPrefix: 'undeclared' }, says: complete },
  { name: 'many control characters', behave: { controlCharacters: 'many' }, says: complete },
  { name: 'half-cleaned control characters', behave: { controlCharacters: 'half-cleaned' }, says: complete },
  { name: 'one request a connection', behave: { connections: 'one-request' }, says: complete },
];

const companies: Row[] = [
  { name: 'no company open', behave: { companyOpen: false }, says: error('company-not-open') },
  {
    name: 'several companies open, none chosen',
    behave: { otherCompanies: 'awkward-names' },
    says: error('config'),
  },
  {
    name: 'several companies open, one chosen in other letters',
    behave: { otherCompanies: 'awkward-names', companyMatch: 'exact' },
    env: { TALLY_COMPANY: ` ${booksNow.companyName.toUpperCase()} ` },
    says: complete,
  },
  {
    name: 'the active company answers for the chosen one',
    behave: { otherCompanies: 'awkward-names', answersFor: 'active-company' },
    env: { TALLY_COMPANY: 'Kamal Stores (from 1-Apr-24)' },
    says: error('company-not-open'),
  },
];

const turns = new Map<string, number>();
/**
 * One job for each outcome of a row. Rows with the same kind of outcome take the jobs in turn. FULL_TABLE=1 runs all
 * jobs.
 */
function jobsOf({ says, jobs: some = jobNames }: Row): JobName[] {
  const able = jobNames.filter((job) => some.includes(job));
  if (process.env.FULL_TABLE) return able;
  const outcomes = new Map<string, JobName[]>();
  for (const job of able) {
    const outcome = textOfSays(typeof says === 'function' ? says(job) : says);
    outcomes.set(outcome, [...(outcomes.get(outcome) ?? []), job]);
  }
  return [...outcomes].map(([outcome, names]) => {
    const { kind } = JSON.parse(outcome) as Says;
    const turn = turns.get(kind) ?? 0;
    turns.set(kind, turn + 1);
    return names[turn % names.length]!;
  });
}

const isTaken = ({ isAlike = false }: Row, job: JobName): boolean =>
  fullTable || !(typeof isAlike === 'function' ? isAlike(job) : isAlike);

for (const server of servers().slice(0, 1))
  describe(`whatever Tally does with ${server.name}`, function () {
    this.timeout(30_000);
    const tally = useTally();
    let warehouse: TableWarehouse;
    useToday(tableToday);
    const followed = new Set<string>();

    before(async function () {
      this.timeout(120_000);
      warehouse = await TableWarehouse.fill(await server.freshDatabase(), tally);
    });
    after(async () => {
      await warehouse.close();
    });

    for (const [about, rows] of Object.entries({ periods, omissions, lists, education, shapes, companies }))
      describe(about, () => {
        for (const row of rows)
          for (const jobName of jobsOf(row).filter((job) => isTaken(row, job)))
            it(`${row.name}: ${jobs[jobName].name} is complete, or says what is not`, async () => {
              const { behave, env, says } = row;
              const job = jobs[jobName];
              await warehouse.putBack(job);
              tally.behave({ ...usual, ...behave });
              const expected = typeof says === 'function' ? says(jobName) : says;
              const release = behave.product === 'Tally.ERP 9' ? 'erp9' : undefined;
              await runCell(
                { job, says: expected, ...(env && { env }), ...(release && { release }) },
                warehouse,
                tally,
              );
              // After the first outcome of its kind for a job, another run must complete what is missing. FULL_TABLE=1
              // does so each time.
              const outcome = `${jobName} ${expected.kind}`;
              if (expected.kind === 'complete' || (!fullTable && followed.has(outcome))) return;
              followed.add(outcome);
              tally.behave({ ...usual, voucherRegister: 'honours-dates' });
              await runCell({ job: afterwards(job, await warehouse.checkpoint()), says: complete }, warehouse, tally);
            });
      });

    it('records no day as proven where the list of vouchers leaves out what a report brought', async () => {
      for (const voucherIndex of ['offered', 'leaves-out'] as const) {
        await warehouse.putBack(jobs.backfill);
        tally.behave({ ...usual, voucherIndex });
        await runCell(
          { job: jobs.backfill, says: voucherIndex === 'offered' ? complete : leavesOut() },
          warehouse,
          tally,
        );
        const days = voucherIndex === 'offered' ? [...daysOf(jobs.backfill.range)] : [];
        assert.deepEqual(await warehouse.provenDays(), days);
      }
    });
  });
