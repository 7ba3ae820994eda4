import assert from 'node:assert/strict';
import type { JobResult } from '../../src/core/core.js';
import { EtlError } from '../../src/core/base/errors.js';
import { backfillRange, dryRunRange } from '../../src/extension/commands/backfillRange.js';
import { clearAndReloadRange } from '../../src/extension/commands/clearAndReloadRange.js';
import { type Parts, perform } from '../../src/extension/commands/command.js';
import { syncCheckpoint } from '../../src/extension/commands/checkpoint.js';
import { verifyRange } from '../../src/extension/commands/verifyRange.js';
import { demoCompanyGuid } from '../../src/demo/demoNames.js';
import type { Doubt, Said, Source } from '../../src/extension/settings/places.js';
import { checkpointOf } from '../support/loggedRun.js';
import type { TextDocument } from '../../src/extension/pages/textDocuments.js';
import { plainSpaces } from '../support/plainSpaces.js';

const range = { from: '2024-04-01', to: '2024-06-30' };
const result: Partial<JobResult> = {
  ...{ command: 'backfill', invoices: 12, rejected: 0, missing: 0, inserted: 12, updated: 0, unchanged: 0, removed: 0 },
  ...{
    ...range,
    dryRun: false,
    warnings: [],
    holes: [],
    notProven: null,
    company: { id: 'g', name: 'Bharat Traders' },
  },
};
const ignore = (): void => undefined;

/** The parts of a window whose user gives these answers. Each of the first jobs fails with one of the errors. */
function partsOf({
  asks = [range],
  confirms = true,
  errors = [],
  picks = '',
  answer = { result, closing: '', text: '' },
  said = {},
}: Answers = {}): {
  parts: Parts;
  seen: string[];
  jobs: unknown[];
  worksOn: unknown[];
  shown: TextDocument[];
  /** The short outcome of each run that ended; '' without one. */
  ended: string[];
  retry: () => Promise<void>;
} {
  const seen: string[] = [];
  const jobs: unknown[] = [];
  const worksOn: unknown[] = [];
  const shown: TextDocument[] = [];
  const ended: string[] = [];
  const failures = [...errors];
  const ranges = [...asks];
  const meant: Said['meant'] = {};
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
    configuration: {
      undecidedFolders: () => Promise.resolve([]),
      sources: () => Promise.resolve({ workspace: {}, dotEnv: {}, user: {}, meant, ...said }),
      settle: ({ name, between }: Doubt, source: Source) => {
        meant[name] = { source, between };
      },
    },
    demo: { presets: () => [] },
    questions: {
      range: ({ title }: { title: string }) => {
        seen.push(`asked ${title}`);
        return Promise.resolve(ranges.shift());
      },
      pick: ({ placeholder, items }: { placeholder: string; items: { label: string }[] }) => {
        seen.push(`asked ${placeholder} ${items.map(({ label }) => label).join(', ')}`);
        return Promise.resolve(items.find(({ label }) => label === picks));
      },
      choose: (question: string, detail: string, buttons: string[]) => {
        seen.push(`choose ${question} ${detail} ${buttons.join(', ')}`);
        return Promise.resolve(buttons.find((button) => button === picks));
      },
      confirm: (question: string) => {
        seen.push(`confirm ${plainSpaces(question)}`);
        return Promise.resolve(confirms);
      },
    },
    runner: {
      run: (job: string, request: unknown) => {
        jobs.push([job, request]);
        const error = failures.shift();
        return error ? Promise.reject(error) : Promise.resolve(answer);
      },
      runQuietly: () => Promise.reject(new Error('Tally is busy')),
    },
    notifier: { attempt, logError: ignore, offer: (severity: string) => seen.push(`offered ${severity}`) },
    statusBar: { begin: () => ({ progress: ignore, end: ignore }), showLast: ignore },
    history: {
      begin: (run: object) => ({ run, signal: undefined }),
      progress: ignore,
      end: (_: object, outcome?: { short?: string }) => ended.push(outcome?.short ?? ''),
    },
    warehouse: { forget: ignore, get: ignore },
    documents: { update: (document: TextDocument) => shown.push(document) },
    log: { info: ignore, warn: ignore },
  };
  return { parts: parts as unknown as Parts, seen, jobs, worksOn, shown, ended, retry: () => again!() };
}

interface Answers {
  asks?: ((typeof range & { dayByDay?: boolean }) | undefined)[];
  confirms?: boolean;
  errors?: EtlError[];
  /** The label or button that the user chooses. If none is called so, the user leaves the question. */
  picks?: string;
  answer?: unknown;
  /** The settings in .env and VS Code, and earlier choices between them. */
  said?: Partial<Said>;
}

describe('a load of a folder whose .env names another warehouse than the one that is stored', () => {
  const said = { dotEnv: { DB_URL: 'postgres://db/clientb' }, user: { DB_URL: 'postgres://me:x@db/books' } };
  const question =
    'choose Which warehouse is meant for this folder? DB_URL in .env is “db/clientb”. ' +
    'The warehouse URL stored for all folders is “db/books”. Your answer is remembered for this folder. ' +
    'db/clientb, db/books';

  it('asks which one is meant, once', async () => {
    const { parts, seen, jobs } = partsOf({ said, picks: 'db/clientb', asks: [range, range] });
    await perform(parts, backfillRange, undefined);
    await perform(parts, backfillRange, undefined);
    assert.deepEqual(seen, ['asked Backfill Range', question, 'offered info', 'asked Backfill Range', 'offered info']);
    assert.equal(jobs.length, 2);
  });

  it('loads nothing where nobody answers', async () => {
    const { parts, seen, jobs } = partsOf({ said });
    await perform(parts, backfillRange, undefined);
    assert.deepEqual([seen, jobs], [['asked Backfill Range', question], []]);
  });

  it('asks before the dialog of Clear and Reload, which names the warehouse; nothing for the demo', async () => {
    const { parts, seen } = partsOf({ said });
    await perform(parts, clearAndReloadRange, undefined);
    assert.deepEqual(seen, ['asked Clear and Reload Range', question]);
    const demo = partsOf({ said });
    await perform(demo.parts, backfillRange, { ...range, inDemo: true });
    assert.deepEqual(demo.seen, ['offered info']);
  });
});

const unreachable = (): EtlError => new EtlError('tally-unreachable', 'Tally does not answer.', '');

describe('Sync Now on a checkpoint', () => {
  const sync = async (companyId: string): Promise<string[]> => {
    const { parts, seen } = partsOf({ errors: [unreachable()] });
    await perform(parts, syncCheckpoint, { ...checkpointOf('Bharat Traders', '2024-10-13'), companyId });
    return seen;
  };

  it('says of the stopped demo that it is the demo, and not that Tally does not answer', async () => {
    assert.deepEqual(await sync(demoCompanyGuid), ['offered error']);
    assert.deepEqual(await sync('another'), ['failed tally-unreachable']);
  });
});

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
    assert.deepEqual(seen.slice(1), ['confirm Clear and reload 1 Apr – 30 Jun 2024 of “Bharat Traders”?']);
    assert.deepEqual(jobs, []);
  });

  it('asks before it replaces a range by what looks like a mistake, and then not again', async () => {
    const guard = new EtlError('guard', 'Half of the invoices would go.', '');
    const { parts, seen, jobs, retry } = partsOf({ errors: [guard, unreachable()] });
    await perform(parts, clearAndReloadRange, range);
    await retry();
    assert.deepEqual(seen, [
      'confirm Clear and reload 1 Apr – 30 Jun 2024 of “Bharat Traders”?',
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

describe('Verify Range', () => {
  const answerOf = (byTotals?: (typeof range)[], reload: (typeof range)[] = []) => ({
    result: { ...range, company: { id: 'g', name: 'Bharat Traders' }, ...(byTotals && { byTotals }) },
    ...{ found: 'Found.', concerns: [], text: 'Found.', days: [], reload },
  });
  const actionsOf = ([document]: TextDocument[]) => (document!.actions ?? []).map(({ command }) => command);

  it('asks whether to compare by totals or field by field, and does what is chosen', async () => {
    for (const [picks, more] of [
      ['By totals', { totals: true }],
      ['Field by field', {}],
    ] as const) {
      const { parts, seen, jobs } = partsOf({ picks, answer: answerOf() });
      await perform(parts, verifyRange, undefined);
      assert.deepEqual(seen, [
        'asked Verify Range',
        'asked How should they be compared? By totals, Field by field',
        'offered info',
      ]);
      assert.deepEqual(jobs, [['verify', { ...range, limit: 1000, ...more }]]);
    }
    const { parts, jobs } = partsOf();
    await perform(parts, verifyRange, undefined);
    assert.deepEqual(jobs, [], 'the user left');
  });

  it('compares a range that it is called with field by field, without a question', async () => {
    const { parts, seen, jobs, shown } = partsOf({ answer: answerOf() });
    await perform(parts, verifyRange, range);
    assert.deepEqual([seen, jobs], [['offered info'], [['verify', { ...range, limit: 1000 }]]]);
    assert.deepEqual(
      actionsOf(shown).map(({ title }) => title),
      ['Verify Again'],
    );
  });

  it('offers to reload the days in which ledgers, bills or stock began to differ', async () => {
    const may = { from: '2024-05-01', to: '2024-05-31' };
    const answer = answerOf(undefined, [may]);
    const differing = { ...answer, result: { ...answer.result, bills: { differences: 2 } } };
    const { parts, shown, ended } = partsOf({ answer: differing });
    await perform(parts, verifyRange, range);
    assert.deepEqual(ended, ['ledgers, bills or stock differ']);
    const unbalanced = { ...answer, result: { ...answer.result, vouchers: { differences: 1 } } };
    const other = partsOf({ answer: unbalanced });
    await perform(other.parts, verifyRange, range);
    assert.deepEqual(other.ended, ['vouchers do not add up to 0']);
    const [, reload] = actionsOf(shown);
    assert.deepEqual(
      [plainSpaces(reload!.title), reload!.command],
      ['Reload 1–31 May 2024', 'tally.clearAndReloadRange'],
    );
    assert.deepEqual(reload!.arguments, [{ ...may, inDemo: false, company: 'Bharat Traders' }]);
  });

  it('offers above a comparison by totals the same again, and one field by field', async () => {
    const { parts, shown } = partsOf({ answer: answerOf([range]) });
    await perform(parts, verifyRange, { ...range, totals: true });
    const given = { ...range, inDemo: false, company: 'Bharat Traders' };
    assert.deepEqual(actionsOf(shown), [
      { title: 'Verify Again', command: 'tally.verifyRange', arguments: [{ ...given, totals: true }] },
      { title: 'Verify Field by Field', command: 'tally.verifyRange', arguments: [given] },
    ]);
  });
});
