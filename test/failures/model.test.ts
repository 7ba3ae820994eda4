import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bundleJobProgram } from '../support/jobProcess.js';
import { CompanyHistory, histories, type History } from '../support/modelHistory.js';
import { plainManner, type Attempt } from '../support/modelJobs.js';
import { ModelWorld } from '../support/modelWorld.js';
import { servers } from '../support/postgres.js';

// FUZZ_SEED sets the first seed, SOAK the number of seeds. A failure names its seed and its shortest history.
const firstSeed = Number(process.env.FUZZ_SEED ?? 1);
const seeds = Number(process.env.SOAK ?? 1);
const historiesOfSeed = Number(process.env.FUZZ_CASES ?? (process.env.SOAK ? 20 : 6));
/** How long after a failure shorter histories are tried. */
const shrinkingMs = 60_000;

const manner = plainManner;
const whole = { from: 0, days: 75, later: 0, dayByDay: false };
const calmly = (job: Attempt['job']): Attempt => ({ job, weather: { weather: 'calm' }, manner });
const fill: Attempt['job'] = { job: 'backfill', ...whole, dryRun: false, force: false };

/** Histories that once failed. */
const wentWrong: Record<string, History> = {
  'an old file, loaded after ledgers were renamed, does not keep its names for ever': {
    bookSeed: 0,
    rounds: [
      {
        deeds: Array.from({ length: 12 }, (_, which) => ({ deed: 'rename', which, n: which % 3 }) as const),
        attempt: calmly(fill),
      },
      { deeds: [], attempt: calmly({ job: 'file', of: 'backup', ...whole }) },
    ],
  },
  'a list of vouchers that is empty once is not believed, though the Day Book of another day has nothing either': {
    bookSeed: 1,
    rounds: [
      {
        deeds: [],
        attempt: {
          job: { job: 'sync', today: 50, overlap: 1 },
          weather: { weather: 'fault', fault: { kind: 'empty-envelope', on: 'vouchers', times: 1 } },
          manner: { ...manner, dayBook: 'today' },
        },
      },
    ],
  },
  'a sync goes on where no report brings the one changed invoice of an older day': {
    bookSeed: 9992,
    rounds: [
      {
        deeds: [
          { deed: 'line', which: 35, n: 7 },
          { deed: 'create', which: 96, day: 8 },
          { deed: 'redate', which: 54, day: 62 },
          { deed: 'import', which: 21, day: 50 },
          { deed: 'cancel', which: 50 },
        ],
        attempt: calmly({ job: 'file', of: 'now', ...whole, from: 6, days: 53 }),
      },
      {
        deeds: [
          { deed: 'import', which: 77, day: 18 },
          { deed: 'renumber', which: 88, n: 3 },
          { deed: 'line', which: 68, n: 1 },
        ],
        attempt: { job: { job: 'sync', today: 46, overlap: 3 }, weather: { weather: 'hidden' }, manner },
      },
    ],
  },
};

for (const server of servers().slice(0, 1))
  describe(`random books, jobs and faults, on ${server.name}:`, function () {
    this.timeout(300_000);
    let world: ModelWorld;
    const totals = new Map<string, string | undefined>();
    let companies = 0;

    before(async () => {
      await bundleJobProgram();
      world = await ModelWorld.open(await server.freshDatabase());
    });
    after(() => world.close());

    let failedAt: number | undefined;

    async function play(history: History): Promise<void> {
      if (failedAt !== undefined && performance.now() > failedAt + shrinkingMs) return;
      const companyId = `7a11e000-0000-4000-8000-${(++companies).toString(16).padStart(12, '0')}`;
      const company = new CompanyHistory(world, companyId, history.bookSeed);
      try {
        await company.play(history);
      } catch (error) {
        failedAt ??= performance.now();
        if (error instanceof Error) error.message += `\n\nWhat happened:\n${company.story.join('\n')}`;
        throw error;
      }
      totals.set(companyId, company.total);
    }

    for (let seed = firstSeed; seed < firstSeed + seeds; seed++)
      it(`after each job of ${historiesOfSeed} histories the warehouse is what the contract says (seed ${seed})`, async () => {
        failedAt = undefined;
        const found = await fc.check(fc.asyncProperty(histories, play), { seed, numRuns: historiesOfSeed });
        if (!found.failed) return;
        const error = found.errorInstance;
        const again = `FUZZ_SEED=${seed} FUZZ_CASES=${found.numRuns} npx mocha test/failures/model.test.ts`;
        throw new Error(`Seed ${seed}, path ${found.counterexamplePath}: ${again}\n${String(error)}`, { cause: error });
      });

    for (const [name, history] of Object.entries(wentWrong))
      it(name, () => {
        failedAt = undefined;
        return play(history);
      });

    it('no load touches the rows of another company', async () => {
      const found = await world.totals();
      assert.ok(totals.size > 0);
      for (const [id, total] of totals) assert.equal(found.get(id), total, id);
    });
  });
