import type { DateRange } from '../../src/core/base/calendar.js';
import { benchRange } from './book.js';
import { copyWarehouse, digestOf, dropDatabase, rowsWritten, setCheckpoint } from './database.js';
import type { Measured } from './measured.js';
import type { CaseName, Order } from './order.js';
import { onePercentOf, type PreparedBook } from './prepared.js';
import { workerFile, type Processes } from './processes.js';
import type { Results } from './results.js';
import type { CostOrder } from './tally/cost.js';
import { costBook } from './tally/costBook.js';
import { workedOutCosts } from './tally/otherWays.js';

/** What the steps of a benchmark work with. */
export interface Bench {
  processes: Processes;
  /** PostgreSQL's address. */
  server: string;
  /** A warehouse to make others like. */
  emptyWarehouse: string;
  sender: string;
  books: Books;
  /** Vouchers of the book that Tally's costs are counted on. */
  tallyVouchers: number;
  results: Results;
}

export type BookName = 'small' | 'smallUtf16' | 'smallChanged' | 'medium' | 'large' | 'largeChanged' | 'largeSpread';

/** Those that are needed; the small one always is. */
export type Books = Partial<Record<BookName, PreparedBook>> & { small: PreparedBook };

/** One or several figures that are made together, in the order of a round. */
export interface Step {
  names: string[];
  books: BookName[];
  /** Once is enough. */
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

/** A case with a warehouse of its own, like another one before and dropped after. */
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

const reading = (name: string, about: CaseName, of: (bench: Bench) => DateRange = () => benchRange): Step => ({
  names: [name],
  books: ['small'],
  run: async (bench) => {
    await measureInto(bench, name, about, 'small', { range: of(bench) });
  },
});

/** A load into an empty warehouse; all that read the same range must leave the same rows. */
const loading = (
  name: string,
  about: CaseName,
  book: BookName,
  options: { same?: string; onePercent?: boolean; query?: string } = {},
): Step => ({
  names: [name],
  books: [book],
  run: (bench) =>
    withEmptyWarehouse(bench, async (dbUrl) => {
      const range = options.onePercent === true ? one(bench) : benchRange;
      const tallyUrl = `${bench.sender}/${book}${options.query ?? ''}`;
      await measureInto(bench, name, about, book, { dbUrl, range, tallyUrl });
      if (options.same !== undefined) bench.results.addDigest(options.same, name, await digestOf(dbUrl));
    }),
});

/** A first run, the same again, and again after 1 % was changed in Tally; and COPY of what the first one left. */
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
    }),
};

/** The large book loaded, and synced: with nothing changed, and from there after 1 % was changed in Tally, twice. */
const largeSession: Step = {
  names: ['large', 'largeSync', 'largeSyncChanged', 'largeSyncSpread'],
  books: ['large', 'largeChanged', 'largeSpread'],
  run: (bench) =>
    withEmptyWarehouse(bench, async (dbUrl) => {
      const sync = (name: string, book: BookName, into = dbUrl): Promise<Measured> =>
        measureInto(bench, name, 'sync', book, { dbUrl: into, tallyUrl: `${bench.sender}/${book}?dates` });
      await measureInto(bench, 'large', 'backfill', 'large', { dbUrl });
      bench.results.addDigest('large', 'large', await digestOf(dbUrl));
      await setCheckpoint(dbUrl, benchRange.to);
      const before = await rowsWritten(dbUrl);
      const second = await sync('largeSync', 'large');
      second.facts.rowsWritten = (await rowsWritten(dbUrl)) - before;
      await withCopy(bench, dbUrl, async (copy) => {
        await sync('largeSyncChanged', 'largeChanged', copy);
      });
      await sync('largeSyncSpread', 'largeSpread');
    }),
};

/** An answer that one text cannot hold: the plain way ends here, and how is told. */
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

/** What each way of asking costs Tally. Counted, not timed, so one round is enough. */
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
      // A load by reports would leave the same. Every hundredth invoice is on most days: their reports take minutes to make here.
      await withCopy({ server }, dbUrl, (copy) => run({ way: 'reports', cases: ['nextDay', 'sameDay', 'some'] }, copy));
      await run({ way: 'product', cases: ['nextDay', 'sameDay', 'some', 'spread', 'verifyYear', 'weekly'] });
      tallyCosts.push(...workedOutCosts(costBook(vouchers)));
    }),
};

/** A round, in an order that lets no two of a ratio lie far from each other. */
export const steps: Step[] = [
  reading('read', 'read'),
  reading('readPlain', 'readPlain'),
  reading('split', 'split'),
  reading('extractOne', 'extract', one),
  reading('extract', 'extract'),
  session,
  loading('load', 'load', 'small', { same: 'all' }),
  loading('utf16', 'backfill', 'smallUtf16', { same: 'all' }),
  loading('byMonth', 'backfill', 'small', { same: 'all', query: '?dates' }),
  loading('host', 'host', 'small', { same: 'all' }),
  loading('one', 'backfill', 'small', { same: 'one', onePercent: true }),
  loading('naiveOne', 'naive', 'small', { same: 'one', onePercent: true }),
  loading('naiveInOneTransaction', 'naiveInOneTransaction', 'small', { same: 'all' }),
  loading('naive', 'naive', 'small', { same: 'all' }),
  loading('medium', 'backfill', 'medium', { same: 'medium' }),
  largeSession,
  tooLong,
  tally,
];

/** The steps that make one of these figures; all where none is named. */
export const stepsFor = (only: string[]): Step[] =>
  steps.filter(({ names }) => only.length === 0 || names.some((name) => only.includes(name)));
