import type { DateRange } from '../../src/core/base/calendar.js';
import { benchRange } from './book.js';
import { copyWarehouse, digestOf, dropDatabase, rowsWritten, setCheckpoint } from './database.js';
import { measureCompanies } from './manyCompanies.js';
import type { Measured } from './measured.js';
import type { CaseName, Order } from './order.js';
import { onePercentOf, type PreparedBook } from './prepared.js';
import { workerFile, type Processes } from './processes.js';
import type { Results } from './results.js';
import { postmasterOf, serverSeconds } from './serverSeconds.js';
import type { CostOrder } from './tally/cost.js';
import { costBook } from './tally/costBook.js';
import { workedOutCosts } from './tally/otherWays.js';

/** The resources that the steps of a benchmark work with. */
export interface Bench {
  processes: Processes;
  /** PostgreSQL's address. */
  server: string;
  /** The empty warehouse from which others are copied. */
  emptyWarehouse: string;
  sender: string;
  books: Books;
  /** Tally's costs are counted on a book of about so many vouchers. */
  tallyVouchers: number;
  /** A book for each company, and the numbers of companies to load at once, one number after the other. */
  companies: { books: readonly PreparedBook[]; counts: readonly number[] };
  results: Results;
}

export type BookName =
  | 'small'
  | 'smallUtf16'
  | 'smallChanged'
  | 'medium'
  | 'large'
  | 'largeChanged'
  | 'largeSpread'
  | 'allKinds'
  | 'allKindsMedium'
  | 'huge'
  | 'hugeSpread';

/** The books that are needed. The small one always is. */
export type Books = Partial<Record<BookName, PreparedBook>> & { small: PreparedBook };

/** One or several figures that are measured together, in the order of a round. */
export interface Step {
  names: string[];
  books: BookName[];
  /** Runs in the last round only: the huge books push the others out of the system's file cache. */
  once?: boolean;
  run: (bench: Bench) => Promise<void>;
}

const one = (bench: Bench): DateRange => onePercentOf(bench.books.small).range;

/** Runs one case and keeps what it cost under a name. */
async function measureInto(
  bench: Bench,
  name: string,
  about: CaseName,
  book: BookName,
  more: Partial<Order> = {},
): Promise<Measured> {
  const order = {
    case: about,
    tallyUrl: `${bench.sender}/${book}`,
    range: benchRange,
    dbUrl: bench.server,
    workerFile,
    ...more,
  };
  const measured = await bench.processes.measure(order, name);
  bench.results.add(name, measured);
  return measured;
}

/** Does `work` with a copy of another warehouse, and drops the copy afterwards. */
async function withCopy(
  { server }: Pick<Bench, 'server'>,
  other: string,
  work: (dbUrl: string) => Promise<void>,
): Promise<void> {
  const dbUrl = await copyWarehouse(server, other);
  try {
    await work(dbUrl);
  } finally {
    await dropDatabase(server, dbUrl);
  }
}

const withEmptyWarehouse = (bench: Bench, work: (dbUrl: string) => Promise<void>): Promise<void> =>
  withCopy(bench, bench.emptyWarehouse, work);

/** The options for a Tally of today, which answers requests for less than whole reports and keeps to dates. */
const little = (bench: Bench, book: BookName): Partial<Order> => ({
  asksForLittle: true,
  tallyUrl: `${bench.sender}/${book}?dates`,
});

const reading = (name: string, about: CaseName, of: (bench: Bench) => DateRange = () => benchRange): Step => ({
  names: [name],
  books: ['small'],
  run: async (bench) => {
    await measureInto(bench, name, about, 'small', { range: of(bench) });
  },
});

/** A load into an empty warehouse. Loads with the same key `same` must leave the same rows. */
const loading = (
  name: string,
  about: CaseName,
  book: BookName,
  options: { same?: string; onePercent?: boolean; query?: string; asksForLittle?: boolean } = {},
): Step => ({
  names: [name],
  books: [book],
  run: (bench) =>
    withEmptyWarehouse(bench, async (dbUrl) => {
      const range = options.onePercent === true ? one(bench) : benchRange;
      const tallyUrl = `${bench.sender}/${book}${options.query ?? ''}`;
      const { asksForLittle = false } = options;
      await measureInto(bench, name, about, book, { dbUrl, range, tallyUrl, asksForLittle });
      if (options.same !== undefined) bench.results.addDigest(options.same, name, await digestOf(dbUrl));
    }),
});

/** A first load, COPY of its rows, the same load again, and a load after 1 % was changed in Tally. */
const session: Step = {
  names: ['first', 'second', 'changed', 'copy'],
  books: ['small', 'smallChanged'],
  run: (bench) =>
    withEmptyWarehouse(bench, async (dbUrl) => {
      await measureInto(bench, 'first', 'backfill', 'small', { dbUrl });
      bench.results.addDigest('all', 'first', await digestOf(dbUrl));
      await withEmptyWarehouse(bench, async (target) => {
        await measureInto(bench, 'copy', 'copy', 'small', { dbUrl: target, sourceDbUrl: dbUrl });
        bench.results.addDigest('all', 'copy', await digestOf(target));
      });
      const before = await rowsWritten(dbUrl);
      const second = await measureInto(bench, 'second', 'backfill', 'small', { dbUrl });
      second.facts.rowsWritten = (await rowsWritten(dbUrl)) - before;
      await measureInto(bench, 'changed', 'backfill', 'smallChanged', { dbUrl });
      bench.results.addDigest('all changed', 'changed', await digestOf(dbUrl));
    }),
};

/** The same loads, without COPY, from a Tally that answers requests for less than whole reports. */
const littleSession: Step = {
  names: ['littleFirst', 'littleSecond', 'littleChanged'],
  books: ['small', 'smallChanged'],
  run: (bench) =>
    withEmptyWarehouse(bench, async (dbUrl) => {
      const load = (name: string, book: BookName): Promise<Measured> =>
        measureInto(bench, name, 'backfill', book, { dbUrl, ...little(bench, book) });
      await load('littleFirst', 'small');
      bench.results.addDigest('all', 'littleFirst', await digestOf(dbUrl));
      const before = await rowsWritten(dbUrl);
      const second = await load('littleSecond', 'small');
      second.facts.rowsWritten = (await rowsWritten(dbUrl)) - before;
      await load('littleChanged', 'smallChanged');
      bench.results.addDigest('all changed', 'littleChanged', await digestOf(dbUrl));
    }),
};

/**
 * Loads the large book and syncs it: with nothing changed, again on the same day, and then after two kinds of changes
 * of 1 % in Tally. Both of these begin with the same warehouse. `first` is the prefix of the names.
 */
const largeSession = (first: 'large' | 'littleLarge'): Step => ({
  names: ['', 'Sync', 'SyncAgain', 'SyncChanged', 'SyncSpread'].map((what) => first + what),
  books: ['large', 'largeChanged', 'largeSpread'],
  run: (bench) =>
    withEmptyWarehouse(bench, async (dbUrl) => {
      const how = (book: BookName): Partial<Order> =>
        first === 'large' ? { tallyUrl: `${bench.sender}/${book}?dates` } : little(bench, book);
      const sync = (what: string, book: BookName, into = dbUrl): Promise<Measured> =>
        measureInto(bench, first + what, 'sync', book, { dbUrl: into, ...how(book) });
      // A first load from an old Tally reads one answer with everything.
      await measureInto(bench, first, 'backfill', 'large', { dbUrl, ...(first === 'littleLarge' && how('large')) });
      bench.results.addDigest('large', first, await digestOf(dbUrl));
      await setCheckpoint(dbUrl, benchRange.to);
      for (const what of ['Sync', 'SyncAgain']) {
        const before = await rowsWritten(dbUrl);
        const { facts } = await sync(what, 'large');
        facts.rowsWritten = (await rowsWritten(dbUrl)) - before;
      }
      await withCopy(bench, dbUrl, async (copy) => {
        await sync('SyncChanged', 'largeChanged', copy);
        bench.results.addDigest('large changed', `${first}SyncChanged`, await digestOf(copy));
      });
      await sync('SyncSpread', 'largeSpread');
      bench.results.addDigest('large spread', `${first}SyncSpread`, await digestOf(dbUrl));
    }),
});

/** An answer that is too long for a string of Node.js. The naive way fails on it, and the error is kept. */
const tooLong: Step = {
  names: ['naiveTooLong'],
  books: ['medium'],
  once: true,
  run: async (bench) => {
    if ((bench.books.medium?.dayBook.bytes ?? 0) < 2 ** 29) return;
    try {
      await loading('naiveTooLong', 'naive', 'medium').run(bench);
    } catch (error) {
      const [message] = (error as Error).message.split('\n');
      bench.results.naiveTooLong = message!;
    }
  },
};

/** How many GB of temporary files a whole run needs, mostly for the huge book of 500,000 vouchers. */
export const hugeGb = 36;

/** Shows how memory grows with the book. The times for a book of this size say nothing new, so one round is enough. */
const huge: Step = {
  names: ['littleHuge', 'littleHugeSyncSpread'],
  books: ['huge', 'hugeSpread'],
  once: true,
  run: (bench) =>
    withEmptyWarehouse(bench, async (dbUrl) => {
      await measureInto(bench, 'littleHuge', 'backfill', 'huge', { dbUrl, ...little(bench, 'huge') });
      await setCheckpoint(dbUrl, benchRange.to);
      await measureInto(bench, 'littleHugeSyncSpread', 'sync', 'hugeSpread', { dbUrl, ...little(bench, 'hugeSpread') });
    }),
};

/** Counts what each way of asking costs Tally. Nothing is timed, so one round is enough. */
const tally: Step = {
  names: ['tally'],
  books: [],
  once: true,
  run: ({ processes, server, emptyWarehouse, tallyVouchers: vouchers, results: { tallyCosts } }) =>
    withCopy({ server }, emptyWarehouse, async (dbUrl) => {
      const run = async (order: Pick<CostOrder, 'way' | 'cases'>, into = dbUrl): Promise<void> => {
        tallyCosts.push(...(await processes.tallyCosts({ ...order, vouchers, dbUrl: into })));
      };
      await run({ way: 'product', cases: ['firstLoad', 'firstSync'] });
      // A first load by reports would leave the same rows, so it is not run. Neither is `spread`: the demo Tally would
      // take minutes to make the reports of so many days.
      await withCopy({ server }, dbUrl, (copy) => run({ way: 'reports', cases: ['nextDay', 'sameDay', 'some'] }, copy));
      await run({ way: 'product', cases: ['nextDay', 'sameDay', 'some', 'spread', 'verifyYear', 'weekly'] });
      tallyCosts.push(...workedOutCosts(costBook(vouchers)));
    }),
};

/**
 * Loads companies side by side, into plain tables and into divided ones. Only once, as 64 companies take as long as a
 * round.
 */
export const companies: Step = {
  names: ['companies'],
  books: [],
  once: true,
  run: async ({ companies: { books, counts }, results, ...bench }) => {
    for (const count of counts)
      for (const partitions of [null, 16])
        results.manyCompanies.push(...(await measureCompanies({ ...bench, books: books.slice(0, count) }, partitions)));
  },
};

/** First loads of a book with vouchers of every kind: of invoices alone and of both streams, one after the other. */
const ledgerSession = (book: 'allKinds' | 'allKindsMedium', more: Pick<Step, 'once'> = {}): Step => {
  const loads = [false, true].flatMap((asksForLittle) =>
    (['Invoices', 'Both'] as const).map((what) => ({
      name: `${asksForLittle ? 'littleStreams' : 'streams'}${what}${book === 'allKinds' ? '' : 'Medium'}`,
      ...{ what, asksForLittle },
    })),
  );
  return {
    names: loads.map(({ name }) => name),
    books: [book],
    ...more,
    run: async (bench) => {
      const postmaster = await postmasterOf(bench.server);
      for (const { name, what, asksForLittle } of loads)
        await withEmptyWarehouse(bench, async (dbUrl) => {
          const how = asksForLittle ? little(bench, book) : {};
          const before = serverSeconds(postmaster);
          const more = { dbUrl, ...how, withLedger: what === 'Both' };
          const { facts } = await measureInto(bench, name, 'backfill', book, more);
          const after = serverSeconds(postmaster);
          if (before !== null && after !== null) facts.serverCpuSeconds = after - before;
          bench.results.addDigest(`${book} ${what}`, name, await digestOf(dbUrl));
        });
    },
  };
};

/** A round. The cases of one ratio follow each other closely, so that they run under like conditions. */
export const steps: Step[] = [
  reading('read', 'read'),
  reading('readPlain', 'readPlain'),
  reading('split', 'split'),
  reading('extractOne', 'extract', one),
  reading('extract', 'extract'),
  session,
  littleSession,
  loading('load', 'load', 'small', { same: 'all' }),
  loading('utf16', 'backfill', 'smallUtf16', { same: 'all' }),
  loading('byMonth', 'backfill', 'small', { same: 'all', query: '?dates' }),
  loading('host', 'host', 'small', { same: 'all' }),
  loading('one', 'backfill', 'small', { same: 'one', onePercent: true }),
  loading('littleOne', 'backfill', 'small', { same: 'one', onePercent: true, query: '?dates', asksForLittle: true }),
  loading('naiveOne', 'naive', 'small', { same: 'one', onePercent: true }),
  loading('naiveInOneTransaction', 'naiveInOneTransaction', 'small', { same: 'all' }),
  loading('naive', 'naive', 'small', { same: 'all' }),
  ledgerSession('allKinds'),
  ledgerSession('allKindsMedium', { once: true }),
  loading('medium', 'backfill', 'medium', { same: 'medium' }),
  largeSession('large'),
  largeSession('littleLarge'),
  tooLong,
  huge,
  tally,
  companies,
];

/** The steps that make one of these figures; all if none is named. The huge book only if there is room. */
export const stepsFor = (only: string[], hasRoom: boolean): Step[] =>
  steps.filter(
    ({ names, books }) =>
      (only.length === 0 || names.some((name) => only.includes(name))) && (hasRoom || !books.includes('huge')),
  );
