import assert from 'node:assert/strict';
import { monthEnd, monthStart, type CalendarDate, type DateRange } from '../../src/core/base/calendar.js';
import { backfill, verify } from '../../src/core/core.js';
import type { JobContext, VerifyResult } from '../../src/core/jobs/job.js';
import type { LoggedRequest } from '../../src/demo/answers/request.js';
import { usualSwitches } from '../../src/demo/behaviours/switches.js';
import { createBook, type Book } from '../../src/demo/book/book.js';
import type { DemoServer } from '../../src/demo/server.js';
import { contextOf } from './context.js';
import { ask, loadedOnce, type TestServer } from './postgres.js';
import { useTally } from './useTally.js';

export const now = '2024-06-18';
export const from = '2023-04-01';
export const june = { from: '2024-06-01', to: now };
export const whole = { from, to: now };
/** The most requests that verify needs to find the month of a difference: it halves the fifteen months each time. */
export const mostProbes = Math.ceil(Math.log2(15));

export const monthOf = (date: CalendarDate): DateRange => ({ from: monthStart(date), to: monthEnd(date) });

/** How many requests for balances there were of each kind. */
export interface AskedBalances {
  ledgers: number;
  bills: number;
  stock: number;
}

function countBalances(requests: readonly LoggedRequest[]): AskedBalances {
  const isBills = ({ kind, name }: LoggedRequest): boolean => kind === 'report' && name.startsWith('Bills');
  const isOf = ({ kind, name, fields }: LoggedRequest, type: string): boolean =>
    kind === 'collection' && name === type && fields.includes('CLOSINGBALANCE');
  return {
    ledgers: requests.filter((request) => isOf(request, 'Ledger')).length,
    bills: requests.filter(isBills).length,
    stock: requests.filter((request) => isOf(request, 'StockItem')).length,
  };
}

export const differencesOf = ({ ledger, bills, stock }: VerifyResult) => [
  ledger?.differences,
  bills?.differences,
  stock?.differences,
];

/** Books of fifteen months. Each test has a new warehouse with these books, loaded with the stream `ledger` too. */
export interface VerifiedBooks {
  book: Book;
  tally: DemoServer;
  context: (more?: Record<string, string>) => JobContext;
  /** Verifies a range, by default June. `asked` counts the requests for balances that verify sent. */
  verified: (range?: DateRange) => Promise<VerifyResult & { asked: AskedBalances }>;
  ask: (sql: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;
  /** Changes one row and returns it. */
  change: (sql: string, values?: unknown[]) => Promise<Record<string, unknown>>;
  /** Replaces the test's warehouse by one in which only June was loaded. */
  useJune: () => Promise<void>;
  /** Replaces the test's warehouse by an empty one, and loads a range into it. */
  loadAnew: (range: DateRange, more?: Record<string, string>) => Promise<void>;
}

/** Sets up the books for a `describe`. Before each test Tally gets its usual behaviour again. */
export function useVerifiedBooks(server: TestServer): VerifiedBooks {
  const book = createBook({ invoices: 560, from, to: now });
  const tally = useTally({ book });
  let database: string;
  const context = (more = {}) =>
    contextOf({ TALLY_URL: tally.url, DB_URL: database, TALLY_STREAMS: 'invoices,ledger', ...more });
  const load =
    (range: DateRange, more = {}) =>
    (url: string) => {
      database = url;
      return backfill(range, context(more));
    };
  const loaded = loadedOnce(() => server.freshDatabase(), load(whole));
  const loadedJune = loadedOnce(() => server.freshDatabase(), load(june));
  beforeEach(async () => {
    tally.behave({ ...usualSwitches, book, screenPeriod: undefined });
    database = await loaded();
  });
  return {
    book,
    tally,
    context,
    verified: async (range = june) => {
      tally.requests.length = 0;
      const result = await verify(range, context());
      return { ...result, asked: countBalances(tally.requests) };
    },
    ask: (sql, values) => ask(database, sql, values),
    change: async (sql, values) => {
      const rows = await ask(database, sql, values);
      assert.equal(rows.length, 1, 'one row is changed');
      return rows[0]!;
    },
    useJune: async () => {
      database = await loadedJune();
    },
    loadAnew: async (range, more) => {
      await load(range, more)(await server.freshDatabase());
    },
  };
}
