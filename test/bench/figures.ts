import type { Books } from './plan.js';
import type { Results } from './results.js';

/** A figure and its budget. */
export interface Figure {
  name: string;
  /** Absent: told, not judged. */
  must?: { least: number } | { most: number };
  aim?: number;
  unit: '×' | '%' | 'MB' | 'ms' | 'rows' | '';
  /** Null: not measured. */
  measured: number | null;
  met: boolean | null;
}

type Wanted = Omit<Figure, 'measured' | 'met'> & { value: number | undefined };

/** The figures of a run with their budgets, the ratios first. */
export function figuresOf(results: Results, books: Books): Figure[] {
  return [...ratios(results, books), ...memoryAndDelays(results), ...answerLimit(results, books)].map(
    ({ value, ...figure }) => ({ ...figure, measured: value ?? null, met: judge(figure, value) }),
  );
}

function judge({ must }: Pick<Figure, 'must'>, value: number | undefined): boolean | null {
  if (must === undefined || value === undefined) return null;
  return 'least' in must ? value >= must.least : value <= must.most;
}

const least = (least: number, aim: number) => ({ must: { least }, aim, unit: '×' as const });
const most = (most: number, aim: number | undefined, unit: Figure['unit'] = '×') => ({
  must: { most },
  ...(aim !== undefined && { aim }),
  unit,
});

function ratios(results: Results, { small, large }: Books): Wanted[] {
  const share = (name: string): number | undefined => percent(results.ratio(name, 'first'));
  return [
    {
      name: 'end to end, all in range: times faster than the naive way (autocommit)',
      ...least(10, 15),
      value: results.ratio('naive', 'first'),
    },
    {
      name: 'end to end, 1 % in range: times faster than the naive way (autocommit)',
      ...least(35, 50),
      value: results.ratio('naiveOne', 'one'),
    },
    {
      name: 'end to end, all in range: times faster than the naive way in one transaction',
      ...least(8, 11),
      value: results.ratio('naiveInOneTransaction', 'first'),
    },
    {
      name: 'extraction, 1 % in range: time against reading the bytes only',
      ...most(2, 1.3),
      value: results.ratio('extractOne', 'read'),
    },
    {
      name: 'extraction, all in range: time against reading the bytes only',
      ...most(8, 4),
      value: results.ratio('extract', 'read'),
    },
    {
      name: 'splitting and looking at the heads: time against reading the bytes only',
      unit: '×',
      value: results.ratio('split', 'read'),
    },
    { name: 'load: time against raw COPY of the same rows', ...most(2, 1.5), value: results.ratio('load', 'copy') },
    { name: 'second run without changes: share of the first', ...most(15, 8, '%'), value: share('second') },
    {
      name: 'second run without changes: rows written',
      ...most(0, undefined, 'rows'),
      value: results.fact('second', 'rowsWritten'),
    },
    { name: 'run with 1 % changed: share of the first', ...most(20, 10, '%'), value: share('changed') },
    {
      name: 'sync without changes, large book: share of its first load',
      ...most(5, undefined, '%'),
      value: percent(results.ratio('largeSync', 'large')),
    },
    {
      name: 'sync without changes, large book: rows written',
      ...most(0, undefined, 'rows'),
      value: results.fact('largeSync', 'rowsWritten'),
    },
    {
      name: 'sync with 1 % changed on days after one another, large book: share of its first load',
      ...most(20, undefined, '%'),
      value: percent(results.ratio('largeSyncChanged', 'large')),
    },
    {
      name: 'sync with 1 % changed all over, large book: share of its first load',
      ...most(20, undefined, '%'),
      value: percent(results.ratio('largeSyncSpread', 'large')),
    },
    {
      name: 'UTF-16 answer: time against UTF-8, end to end',
      ...most(1.5, 1.2),
      value: results.ratio('utf16', 'first'),
    },
    {
      name: 'a Tally that honours dates, month by month: time against one answer',
      unit: '×',
      value: results.ratio('byMonth', 'first'),
    },
    {
      name: 'exponent of time over vouchers, small to large',
      ...most(1.08, 1, ''),
      value: exponent(results, (large?.vouchers ?? 0) / small.vouchers),
    },
  ];
}

const percent = (ratio: number | undefined): number | undefined => (ratio === undefined ? undefined : ratio * 100);

function exponent(results: Results, growth: number): number | undefined {
  const ratio = results.ratio('large', 'first');
  return ratio === undefined ? undefined : Math.log(ratio) / Math.log(growth);
}

function memoryAndDelays(results: Results): Wanted[] {
  const peak = (name: string): number | undefined => results.median(name, ({ peakMb }) => peakMb);
  const syncs = ['largeSync', 'largeSyncChanged', 'largeSyncSpread'];
  const [small, large] = [peak('first'), peak('large')];
  const growth = small === undefined || large === undefined ? undefined : large - small;
  return [
    { name: 'peak memory, small book', ...most(192, 150, 'MB'), value: small },
    { name: 'peak memory, medium book', ...most(192, 150, 'MB'), value: peak('medium') },
    { name: 'peak memory, large book', ...most(192, 150, 'MB'), value: large },
    { name: 'peak memory of a sync, large book', ...most(192, 150, 'MB'), value: highest(syncs.map(peak)) },
    { name: 'growth of peak memory, small to large', ...most(32, undefined, 'MB'), value: growth },
    {
      name: 'event-loop delay of the host during a run, p99',
      ...most(10, 5, 'ms'),
      value: results.fact('host', 'p99Ms'),
    },
    {
      name: 'event-loop delay of the host during a run, longest',
      ...most(50, 20, 'ms'),
      value: results.fact('host', 'maxMs'),
    },
  ];
}

const highest = (values: (number | undefined)[]): number | undefined =>
  values.some((value) => value === undefined) ? undefined : Math.max(...(values as number[]));

/** Longer than the longest text that Node can hold (512 MB): that it completes is the figure. */
function answerLimit(results: Results, { large }: Books): Wanted[] {
  const megabytes = (large?.dayBook.bytes ?? 0) / 2 ** 20;
  return [
    {
      name: 'one answer that was read to its end',
      must: { least: 512 },
      unit: 'MB',
      value: results.runs.has('large') && megabytes > 512 ? megabytes : undefined,
    },
  ];
}
