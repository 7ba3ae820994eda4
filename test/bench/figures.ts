import type { Books } from './plan.js';
import type { Results } from './results.js';

/** A figure and its budget. */
export interface Figure {
  name: string;
  /** Absent: the figure is reported and not judged. */
  must?: { least: number } | { most: number };
  /** A stricter limit, which is shown; `met` depends on `must` alone. */
  aim?: number;
  unit: '×' | '%' | 'MB' | 'ms' | 'rows' | '';
  /** Null: not measured. */
  measured: number | null;
  met: boolean | null;
}

type Limits = Pick<Figure, 'must' | 'aim'>;
type Row = [name: string, unit: Figure['unit'], limits: Limits, value: number | undefined];

const least = (least: number, aim: number): Limits => ({ must: { least }, aim });
const most = (most: number, aim?: number): Limits => ({ must: { most }, ...(aim !== undefined && { aim }) });
const told: Limits = {};

/** The figures of a run with their budgets, the ratios first. */
export function figuresOf(results: Results, books: Books): Figure[] {
  return [...ratios(results, books), ...memoryAndDelays(results), ...answerLimit(results, books)].map(
    ([name, unit, limits, value]) => ({ name, ...limits, unit, measured: value ?? null, met: judge(limits, value) }),
  );
}

function judge({ must }: Limits, value: number | undefined): boolean | null {
  if (must === undefined || value === undefined) return null;
  return 'least' in must ? value >= must.least : value <= must.most;
}

function ratios(results: Results, { small, large }: Books): Row[] {
  const times = (over: string, under: string): number | undefined => results.ratio(over, under);
  const share = (over: string, under: string): number | undefined => percent(results.ratio(over, under));
  const cpuShare = (over: string, under: string): number | undefined =>
    percent(results.ratio(over, under, ({ cpuSeconds }) => cpuSeconds));
  // Processor time of the loader and PostgreSQL. Other work on the computer changes it less than wall time.
  const timesCpu = (over: string, under: string): number | undefined => {
    const ratio = results.ratio(over, under, ({ cpuSeconds, facts }) => cpuSeconds + Number(facts.serverCpuSeconds));
    return Number.isNaN(ratio) ? undefined : ratio;
  };
  const rows = (name: string): number | undefined => results.fact(name, 'rowsWritten');
  const growth = (large?.vouchers ?? 0) / small.vouchers;
  return [
    [
      'end to end, all in range: times faster than the naive way (autocommit)',
      ...(['×', least(10, 15), times('naive', 'first')] as const),
    ],
    [
      'end to end, 1 % in range: times faster than the naive way (autocommit)',
      ...(['×', least(35, 50), times('naiveOne', 'one')] as const),
    ],
    [
      'end to end, all in range: times faster than the naive way in one transaction',
      ...(['×', least(8, 11), times('naiveInOneTransaction', 'first')] as const),
    ],
    ['extraction, 1 % in range: time against reading the bytes only', '×', most(2, 1.3), times('extractOne', 'read')],
    ['extraction, all in range: time against reading the bytes only', '×', most(8, 4), times('extract', 'read')],
    ['splitting and looking at the heads: time against reading the bytes only', '×', told, times('split', 'read')],
    ['load: time against raw COPY of the same rows', '×', most(2, 1.5), times('load', 'copy')],
    ['second run without changes: share of the first', '%', most(15, 8), share('second', 'first')],
    ['second run without changes: rows written', 'rows', most(0), rows('second')],
    ['run with 1 % changed: share of the first', '%', most(20, 10), share('changed', 'first')],
    ['sync without changes, large book: share of its first load', '%', most(5), share('largeSync', 'large')],
    ['sync without changes, large book: rows written', 'rows', most(0), rows('largeSync')],
    [
      'sync with 1 % changed on days after one another, large book: share of its first load',
      ...(['%', most(20), share('largeSyncChanged', 'large')] as const),
    ],
    [
      'sync with 1 % changed all over, large book: share of its first load',
      ...(['%', most(20), share('largeSyncSpread', 'large')] as const),
    ],
    [
      'asking for little, 1 % in range: times faster than the naive way, which reads the whole Day Book (autocommit)',
      ...(['×', least(35, 50), times('naiveOne', 'littleOne')] as const),
    ],
    [
      'asking for little, second run without changes: share of the first',
      '%',
      most(15, 8),
      share('littleSecond', 'littleFirst'),
    ],
    ['asking for little, second run without changes: rows written', 'rows', most(0), rows('littleSecond')],
    [
      'asking for little, run with 1 % changed: share of the first',
      '%',
      most(10),
      share('littleChanged', 'littleFirst'),
    ],
    [
      'asking for little, run with 1 % changed: times faster than the naive way, which writes all of it (autocommit)',
      ...(['×', least(35, 50), times('naive', 'littleChanged')] as const),
    ],
    [
      'asking for little, sync without changes, large book: share of its first load',
      ...(['%', most(5), share('littleLargeSync', 'littleLarge')] as const),
    ],
    ['asking for little, sync without changes, large book: rows written', 'rows', most(0), rows('littleLargeSync')],
    [
      'asking for little, sync again on the same day, large book: share of its first load',
      ...(['%', told, share('littleLargeSyncAgain', 'littleLarge')] as const),
    ],
    [
      'asking for little, sync with 1 % changed on days after one another, large book: share of its first load',
      ...(['%', most(10), share('littleLargeSyncChanged', 'littleLarge')] as const),
    ],
    [
      'asking for little, sync with 1 % changed all over, large book: share of its first load',
      ...(['%', most(10), share('littleLargeSyncSpread', 'littleLarge')] as const),
    ],
    [
      'asking for little, sync with 1 % changed on days after one another, large book: share of the CPU time',
      ...(['%', most(10), cpuShare('littleLargeSyncChanged', 'littleLarge')] as const),
    ],
    [
      'asking for little, sync with 1 % changed all over, large book: share of the CPU time',
      ...(['%', most(10), cpuShare('littleLargeSyncSpread', 'littleLarge')] as const),
    ],
    [
      'both streams, all kinds of vouchers, by Day Book: time against invoices alone',
      ...(['×', most(1.6), times('streamsBoth', 'streamsInvoices')] as const),
    ],
    [
      'both streams, all kinds of vouchers, by collections: time against invoices alone',
      ...(['×', most(1.6), times('littleStreamsBoth', 'littleStreamsInvoices')] as const),
    ],
    [
      'both streams by Day Book: processor time with PostgreSQL against invoices alone',
      ...(['×', told, timesCpu('streamsBoth', 'streamsInvoices')] as const),
    ],
    [
      'both streams by collections: processor time with PostgreSQL against invoices alone',
      ...(['×', told, timesCpu('littleStreamsBoth', 'littleStreamsInvoices')] as const),
    ],
    ['UTF-16 answer: time against UTF-8, end to end', '×', most(1.5, 1.2), times('utf16', 'first')],
    ['a Tally that honours dates, month by month: time against one answer', '×', told, times('byMonth', 'first')],
    ['exponent of time over vouchers, small to large', '', most(1.08, 1), exponent(times('large', 'first'), growth)],
  ];
}

const percent = (ratio: number | undefined): number | undefined => (ratio === undefined ? undefined : ratio * 100);

const exponent = (ratio: number | undefined, growth: number): number | undefined =>
  ratio === undefined ? undefined : Math.log(ratio) / Math.log(growth);

function memoryAndDelays(results: Results): Row[] {
  const peak = (name: string): number | undefined => results.median(name, ({ peakMb }) => peakMb);
  const syncsOf = (first: string): (number | undefined)[] =>
    ['Sync', 'SyncChanged', 'SyncSpread'].map((what) => peak(first + what));
  const growth = (from: string, to: string): number | undefined => {
    const [less, more] = [peak(from), peak(to)];
    return less === undefined || more === undefined ? undefined : more - less;
  };
  const times = (over: string, under: string): number | undefined => {
    const [more, less] = [peak(over), peak(under)];
    return more === undefined || less === undefined ? undefined : more / less;
  };
  return [
    ['peak memory, small book', 'MB', most(192, 150), peak('first')],
    ['peak memory, medium book', 'MB', most(192, 150), peak('medium')],
    ['peak memory, large book', 'MB', most(192, 150), peak('large')],
    ['peak memory of a sync, large book', 'MB', most(192, 150), highest(syncsOf('large'))],
    ['asking for little, peak memory, large book', 'MB', most(192, 150), peak('littleLarge')],
    ['asking for little, peak memory of a sync, large book', 'MB', most(192, 150), highest(syncsOf('littleLarge'))],
    ['growth of peak memory, small to large', 'MB', most(32), growth('first', 'large')],
    [
      'asking for little, 1 % changed all over, peak memory, huge book: times the small one',
      '×',
      most(1.3),
      times('littleHugeSyncSpread', 'littleChanged'),
    ],
    [
      'asking for little, peak memory, huge book: times the small one',
      '×',
      most(1.3),
      times('littleHuge', 'littleFirst'),
    ],
    [
      'both streams by Day Book, growth of peak memory, small size to medium',
      'MB',
      most(32),
      growth('streamsBoth', 'streamsBothMedium'),
    ],
    [
      'both streams by collections, growth of peak memory, small size to medium',
      'MB',
      most(32),
      growth('littleStreamsBoth', 'littleStreamsBothMedium'),
    ],
    ['event-loop delay of the host during a run, p99', 'ms', most(10, 5), results.fact('host', 'p99Ms')],
    ['event-loop delay of the host during a run, longest', 'ms', most(50, 20), results.fact('host', 'maxMs')],
  ];
}

const highest = (values: (number | undefined)[]): number | undefined =>
  values.some((value) => value === undefined) ? undefined : Math.max(...(values as number[]));

/** The size of an answer that was read to its end, if it is longer than the longest string of Node.js (512 MB). */
function answerLimit(results: Results, { large }: Books): Row[] {
  const megabytes = (large?.dayBook.bytes ?? 0) / 2 ** 20;
  const whole = results.runs.has('large') && megabytes > 512 ? megabytes : undefined;
  return [['one answer that was read to its end', 'MB', { must: { least: 512 } }, whole]];
}
