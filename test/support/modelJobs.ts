import fc from 'fast-check';
import { addDays, financialYearStart, type CalendarDate, type DateRange } from '../../src/core/base/calendar.js';
import type { Behaviour, Fault } from '../../src/demo/behaviours/behaviour.js';
import { dayOf, lastDay } from './modelBooks.js';
import type { Break } from './postgresProxy.js';

interface Asked {
  from: number;
  /** The number of further days. */
  days: number;
  /** Today is so many days after the end of the range, or before it if negative. */
  later: number;
  dayByDay: boolean;
}

/** The job that somebody starts. `statements`: the two SQL statements by which a user makes sync load days again. */
export type Job =
  | ({ job: 'backfill' | 'clear-and-reload'; dryRun: boolean; force: boolean } & Asked)
  | ({ job: 'file'; of: 'now' | 'backup' } & Asked)
  | { job: 'sync'; today: number; overlap: number }
  | { job: 'statements'; from: number };

/** The state of Tally, network, PostgreSQL and computer while a job runs. `hidden`: reports leave vouchers out. */
export type Weather =
  | { weather: 'calm' }
  | { weather: 'fault'; fault: Fault }
  | { weather: 'company closed' | 'no list' | 'hidden' }
  | { weather: 'restart'; atRequest: number }
  | { weather: 'postgres'; how: Break }
  | { weather: 'kill'; afterMs: number };

/** The way in which Tally answers; the Voucher Register always respects dates. */
export type Manner = Pick<
  Behaviour,
  | 'dayBook'
  | 'emptyReport'
  | 'counters'
  | 'education'
  | 'tellsEdition'
  | 'voucherIndex'
  | 'literalFilter'
  | 'alterIdFilter'
  | 'dayDigests'
  | 'voucherCollection'
  | 'voucherObject'
>;

/** A Tally that answers every request as expected. */
export const plainManner: Manner = {
  ...{ dayBook: 'honours-dates', emptyReport: 'framed', counters: 'counted' },
  ...{ education: 'off', tellsEdition: true, voucherIndex: 'offered', literalFilter: 'kept' },
  ...{ alterIdFilter: 'kept' },
  ...{ dayDigests: 'offered', voucherCollection: 'offered', voucherObject: 'offered' },
};

export interface Attempt {
  /**
   * Whether the warehouse records before the job that Tally's voucher collection gives the same values as reports.
   * These books are too small for a load to find that out itself.
   */
  isTried?: boolean;
  job: Job;
  weather: Weather;
  manner: Manner;
}

const rarely = fc.nat(5).map((n) => n === 0);
const asked = {
  from: fc.nat(50),
  days: fc.oneof(fc.nat(12), fc.nat(60), fc.nat(60)),
  later: fc.integer({ min: -9, max: 40 }),
  dayByDay: fc.nat(2).map((n) => n === 0),
};
const jobs: fc.Arbitrary<Job> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ job: fc.constant('backfill'), dryRun: rarely, force: fc.constant(false), ...asked }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ job: fc.constant('clear-and-reload'), dryRun: rarely, force: rarely, ...asked }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      job: fc.constant('sync'),
      today: fc.integer({ min: 20, max: lastDay }),
      overlap: fc.nat(4),
    }),
  },
  { weight: 2, arbitrary: fc.record({ job: fc.constant('file'), of: fc.constantFrom('now', 'backup'), ...asked }) },
  { weight: 1, arbitrary: fc.record({ job: fc.constant('statements'), from: fc.nat(lastDay) }) },
);

const mostly = <T>(usual: T, ...others: T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(usual) }, { weight: 4, arbitrary: fc.constantFrom(...others) });

const afterBytes = fc.oneof(fc.nat(3_000), fc.nat(300_000));
const once = { after: fc.nat(2), times: fc.constant(1) };
const faults: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('cut', 'cut-end', 'short', 'stall'),
    on: fc.constantFrom('report', 'report', 'vouchers', 'ledgers'),
    afterBytes,
    ...once,
  }),
  fc.record({
    kind: fc.constantFrom('empty-envelope', 'empty-list'),
    on: fc.constantFrom('report', 'vouchers', 'companies'),
    ...once,
  }),
  fc.record({ kind: fc.constantFrom('other-company', 'company-refused', 'html'), on: fc.constant('report'), ...once }),
);
const weathers: fc.Arbitrary<Weather> = fc.oneof(
  { weight: 40, arbitrary: fc.constant({ weather: 'calm' }) },
  { weight: 24, arbitrary: fc.record({ weather: fc.constant('fault'), fault: faults }) },
  { weight: 8, arbitrary: fc.record({ weather: fc.constantFrom('company closed', 'no list') }) },
  { weight: 12, arbitrary: fc.record({ weather: fc.constant('hidden') }) },
  { weight: 4, arbitrary: fc.record({ weather: fc.constant('restart'), atRequest: fc.nat(8) }) },
  {
    weight: 10,
    arbitrary: fc.record({
      weather: fc.constant('postgres'),
      how: fc.record({
        afterBytes: fc.nat(30_000),
        which: fc.constantFrom('this', 'oldest', 'all'),
        delivered: fc.boolean(),
      }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ weather: fc.constant('kill'), afterMs: fc.nat(250) }) },
);

/** Shortens a job with `dayByDay`. Such a job has a request and a transaction for each day, so a few days suffice. */
const shortByDays = (job: Job): Job => ('days' in job && job.dayByDay ? { ...job, days: job.days % 12 } : job);

export const attempts: fc.Arbitrary<Attempt> = fc.record({
  isTried: fc.boolean(),
  job: jobs.map(shortByDays),
  weather: weathers,
  manner: fc.record({
    dayBook: fc.constantFrom('honours-dates', 'honours-dates', 'everything', 'today', 'screen-period'),
    emptyReport: fc.constantFrom('framed', 'bare'),
    counters: fc.constantFrom('counted', 'zero'),
    // `hides-days` is left out: it hides vouchers from lists and reports alike, so no run can notice.
    education: mostly('off', 'drops-bounds', 'from-shows-screen', 'from-shows-nothing', 'to-ends-with-screen'),
    tellsEdition: fc.boolean(),
    voucherIndex: mostly('offered', 'screen-period', 'current-date'),
    literalFilter: fc.constantFrom('kept', 'ignored'),
    alterIdFilter: mostly('kept', 'ignored', 'drops-all'),
    dayDigests: mostly('offered', 'refused', 'empty', 'rows', 'other-sums', 'cut'),
    // A collection with wrong values is left out: a load that has used it fails. integration/jobsCollection tests that.
    voucherCollection: mostly('offered', 'refused', 'ids-only', 'fat', 'cut'),
    voucherObject: mostly('offered', 'refused', 'not-found', 'other-voucher'),
  }),
});

/** The days of a job, and the day on which somebody runs it. */
export function spanOf(
  job: Exclude<Job, { job: 'statements' }>,
  checkpoint: CalendarDate | undefined,
): { range: DateRange; today: CalendarDate } {
  if (job.job === 'sync') {
    const today = dayOf(job.today);
    const from =
      checkpoint === undefined
        ? financialYearStart(today)
        : addDays(checkpoint < today ? checkpoint : today, -job.overlap);
    return { range: { from, to: today }, today };
  }
  const [from, to] = [dayOf(job.from), dayOf(job.from + job.days)];
  const today = addDays(to, job.later);
  return today < from
    ? { range: { from, to: from }, today: from }
    : { range: { from, to: to > today ? today : to }, today };
}

/** The dates that the program gets, which may be later than today. */
export const askedRange = ({ from, days }: Asked): DateRange => ({ from: dayOf(from), to: dayOf(from + days) });

export function inWords({ job, weather, manner }: Attempt): string {
  return [jobInWords(job), weatherInWords(weather), ...mannerInWords(manner)]
    .filter((words) => words !== '')
    .join(', ');
}

const mannerInWords = (manner: Manner): string[] =>
  (Object.keys(plainManner) as (keyof Manner)[])
    .filter((name) => manner[name] !== plainManner[name])
    .map((name) => `${name} ${manner[name]}`);

function jobInWords(job: Job): string {
  if (job.job === 'sync') return `sync on ${dayOf(job.today)} with overlap ${job.overlap}`;
  if (job.job === 'statements') return `deleted rows since ${dayOf(job.from)} and set the checkpoint before it, by SQL`;
  const { from, to } = askedRange(job);
  const words = [
    job.job === 'file' ? `backfill from a file of ${job.of === 'now' ? 'now' : 'the backup'}` : job.job,
    from,
    to,
  ];
  words.push(`on ${spanOf(job, undefined).today}`);
  if (job.dayByDay) words.push('day by day');
  if ('dryRun' in job && job.dryRun) words.push('dry run');
  if ('force' in job && job.force) words.push('by force');
  return words.join(' ');
}

function weatherInWords(weather: Weather): string {
  switch (weather.weather) {
    case 'calm':
      return '';
    case 'fault': {
      const { kind, on, after, afterBytes } = weather.fault;
      return `${kind} on ${on ?? 'any'} ${(after ?? 0) + 1}${afterBytes === undefined ? '' : ` after ${afterBytes} bytes`}`;
    }
    case 'restart':
      return `Tally restarted at request ${weather.atRequest + 1}`;
    case 'postgres': {
      const { which, afterBytes, delivered } = weather.how;
      return `PostgreSQL's connection (${which}) broken after ${afterBytes} bytes${delivered ? ', its answer lost' : ''}`;
    }
    case 'kill':
      return `killed after ${weather.afterMs} ms`;
    case 'hidden':
      return 'reports hide every tenth voucher';
    default:
      return weather.weather;
  }
}
