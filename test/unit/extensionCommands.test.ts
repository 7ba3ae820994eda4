import assert from 'node:assert/strict';
import type { JobResult } from '../../src/core/core.js';
import { EtlError } from '../../src/core/base/errors.js';
import { backfillRange, dryRunRange } from '../../src/extension/commands/backfillRange.js';
import { clearAndReloadRange } from '../../src/extension/commands/clearAndReloadRange.js';
import { type Parts, perform } from '../../src/extension/commands/command.js';

const range = { from: '2024-04-01', to: '2024-06-30' };
const result: Partial<JobResult> = {
  ...{ command: 'backfill', invoices: 12, rejected: 0, missing: 0, inserted: 12, updated: 0, unchanged: 0, removed: 0 },
  ...{ ...range, dryRun: false, warnings: [], notProven: null, company: { id: 'g', name: 'Bharat Traders' } },
};
const ignore = (): void => undefined;

/** The parts of a window in which a user gives these answers. Jobs fail with the errors first, one each. */
function partsOf({ asks = [range], confirms = true, errors = [] }: Answers = {}): {
  parts: Parts;
  seen: string[];
  jobs: unknown[];
  worksOn: unknown[];
  retry: () => Promise<void>;
} {
  const seen: string[] = [];
  const jobs: unknown[] = [];
  const worksOn: unknown[] = [];
  const failures = [...errors];
  const ranges = [...asks];
  let again: (() => Promise<void>) | undefined;
  const attempt = async (work: () => Promise<void> | void): Promise<void> => {
    try {
      await work();
    } catch (error) {
      seen.push(`failed ${(error as EtlError).code}`);
      again = () => attempt(work);
    }
  };
  const parts = {
    books: {
      now: ({ inDemo = false, company }: { inDemo?: boolean; company?: string } = {}) => ({ inDemo, company }),
      configOf: (books: unknown) => {
        worksOn.push(books);
        return Promise.resolve({ company: 'Bharat Traders', dbUrl: undefined });
      },
    },
    demo: { presets: () => [] },
    questions: {
      range: ({ title }: { title: string }) => {
        seen.push(`asked ${title}`);
        return Promise.resolve(ranges.shift());
      },
      confirm: (question: string) => {
        seen.push(`confirm ${question}`);
        return Promise.resolve(confirms);
      },
    },
    runner: {
      run: (job: string, request: unknown) => {
        jobs.push([job, request]);
        const error = failures.shift();
        return error ? Promise.reject(error) : Promise.resolve({ result, text: '' });
      },
    },
    notifier: { attempt, offer: (severity: string) => seen.push(`offered ${severity}`) },
    statusBar: { begin: () => ({ progress: ignore, end: ignore }), showLast: ignore },
    warehouse: { forget: ignore },
    log: { info: ignore, warn: ignore },
  };
  return { parts: parts as unknown as Parts, seen, jobs, worksOn, retry: () => again!() };
}

interface Answers {
  asks?: ((typeof range & { dayByDay?: boolean }) | undefined)[];
  confirms?: boolean;
  errors?: EtlError[];
}

const unreachable = (): EtlError => new EtlError('tally-unreachable', 'Tally does not answer.', '');

describe('a command', () => {
  it('asks, then does what was asked for', async () => {
    const { parts, seen, jobs } = partsOf();
    await perform(parts, backfillRange, undefined);
    assert.deepEqual(seen, ['asked Backfill Range', 'offered info']);
    assert.deepEqual(jobs, [['backfill', range]]);
  });

  it('does nothing where the user left', async () => {
    const { parts, seen, jobs } = partsOf({ asks: [undefined] });
    await perform(parts, backfillRange, undefined);
    assert.deepEqual([seen, jobs], [['asked Backfill Range'], []]);
  });

  it('asks nothing where it is called with a range, and works on the books that were given with it, again and again', async () => {
    const { parts, seen, jobs, worksOn, retry } = partsOf({ errors: [unreachable()] });
    const books = { inDemo: true, company: 'Others' };
    await perform(parts, backfillRange, { ...range, ...books });
    await retry();
    assert.deepEqual(worksOn, [books, books]);
    assert.deepEqual(seen, ['failed tally-unreachable', 'offered info']);
    assert.deepEqual(jobs, Array(2).fill(['backfill', range]));
  });

  it('asks nothing again when it is tried again after a failure', async () => {
    const { parts, seen, jobs, retry } = partsOf({ errors: [unreachable(), unreachable()] });
    await perform(parts, dryRunRange, undefined);
    await retry();
    await retry();
    assert.deepEqual(seen, [
      'asked Dry Run Range',
      'failed tally-unreachable',
      'failed tally-unreachable',
      'offered info',
    ]);
    assert.deepEqual(jobs, Array(3).fill(['backfill', { ...range, dryRun: true }]));
  });
});

describe('Clear and Reload Range', () => {
  it('reloads nothing that was not confirmed', async () => {
    const { parts, seen, jobs } = partsOf({ confirms: false });
    await perform(parts, clearAndReloadRange, undefined);
    assert.deepEqual(seen.slice(1), ['confirm Clear and reload 2024-04-01 to 2024-06-30 of “Bharat Traders”?']);
    assert.deepEqual(jobs, []);
  });

  it('asks before it replaces a range by what looks like a mistake, and then not again', async () => {
    const guard = new EtlError('guard', 'Half of the invoices would go.', '');
    const { parts, seen, jobs, retry } = partsOf({ errors: [guard, unreachable()] });
    await perform(parts, clearAndReloadRange, range);
    await retry();
    assert.deepEqual(seen, [
      'confirm Clear and reload 2024-04-01 to 2024-06-30 of “Bharat Traders”?',
      'confirm Half of the invoices would go.',
      'failed tally-unreachable',
      'offered info',
    ]);
    assert.deepEqual(jobs, [
      ['clearAndReload', range],
      ['clearAndReload', { ...range, force: true }],
      ['clearAndReload', { ...range, force: true }],
    ]);
  });
});
