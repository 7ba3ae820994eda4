import assert from 'node:assert/strict';
import { EtlError, exitCodes, type ErrorCode } from '../../src/core/base/errors.js';
import type { DemoServer } from '../../src/demo/server.js';
import { afterwards, complete, jobs, runCell, tableToday, TableWarehouse, usual, type Job } from './tallyTable.js';
import { keptIn } from './kept.js';

/** The three jobs, over three months. Backfill loads into an empty warehouse, the others into one that has older rows. */
export const brokenJobNames = ['backfill', 'sync', 'clear-and-reload'] as const;
export type BrokenJob = (typeof brokenJobNames)[number];
export const brokenJobs: Record<BrokenJob, Job> = {
  backfill: jobs.backfill,
  sync: jobs.secondSync,
  'clear-and-reload': jobs.reload,
};

/** How many commits come before the first invoices: for the masters, and in a sync also for Tally's list. */
export const commitsBefore: Record<BrokenJob, number> = { backfill: 1, sync: 2, 'clear-and-reload': 1 };

const newestMonth = tableToday.slice(0, 7);

/** The content of the warehouse by month, and the checkpoint. */
interface State {
  months: Map<string, string>;
  checkpoint: string | undefined;
}

/** The outcome of a broken run. */
export interface Left {
  /** The run says that it does not know whether its last part was committed. */
  unknown: boolean;
  /** How many of the months that had to change (`due`) were changed. */
  came: number;
  due: number;
}

/**
 * Runs jobs whose warehouse breaks, and judges the rows that they leave and the words of their error. It has no open
 * session while a job runs.
 */
export class BrokenLoads {
  private readonly references = new Map<BrokenJob, { before: State; complete: State }>();

  private constructor(
    private readonly url: string,
    private readonly tally: DemoServer,
  ) {}

  /** Fills the empty database with the earlier books. */
  static async fill(url: string, tally: DemoServer): Promise<BrokenLoads> {
    tally.behave({ ...usual, dayBook: 'honours-dates' });
    await (await TableWarehouse.fill(url, tally)).close();
    return new BrokenLoads(url, tally);
  }

  /** Prepares the warehouse and Tally for the job. */
  async prepare(name: BrokenJob): Promise<void> {
    await this.using(async (warehouse) => {
      const putBack = async (): Promise<void> => {
        await warehouse.putBack(brokenJobs[name]);
        this.tally.behave({ ...usual, dayBook: 'honours-dates' });
      };
      await putBack();
      if (this.references.has(name)) return;
      const before = await stateOf(warehouse);
      await runCell({ job: brokenJobs[name], says: complete }, warehouse, this.tally);
      this.references.set(name, { before, complete: await stateOf(warehouse) });
      await putBack();
    });
  }

  /** Runs the job with this database URL; undefined if it ended well, else its error. */
  async run(name: BrokenJob, url = this.url): Promise<EtlError | undefined> {
    try {
      await brokenJobs[name].run({ TALLY_URL: this.tally.url, DB_URL: url, TALLY_TIMEOUT_SECONDS: '20' });
      return undefined;
    } catch (error) {
      assert.ok(error instanceof EtlError, String(error));
      return error;
    }
  }

  /**
   * Compares the warehouse after a run with the states before it and after a complete run. Each month must be as in one
   * of the two. Months must have come in order: oldest first, but in a sync newest first. A clear-and-reload must
   * change all or nothing. The checkpoint must not be beyond the changed months; in a sync only the newest month
   * counts. The error must say the truth about what was kept. The next run must complete everything.
   */
  judge(name: BrokenJob, failure: EtlError | undefined, ...codes: ErrorCode[]): Promise<Left> {
    return this.using(async (warehouse) => {
      const left = await stateOf(warehouse);
      const job: Job = afterwards(brokenJobs[name], left.checkpoint);
      await runCell({ job, says: complete }, warehouse, this.tally);
      const found = this.compare(name, left);
      const unknown = (failure?.message ?? '').includes('is not known');
      if (failure === undefined) assert.equal(found.came, found.due);
      else {
        const says = `${failure.code}: ${failure.message}`;
        assert.ok(codes.includes(failure.code), says);
        assert.equal(exitCodes[failure.code], 4);
        const keptUntil = keptIn(failure.message)?.to.slice(0, 7);
        if (!unknown && found.came > 0) assert.ok(keptUntil! >= found.lastCame!, says);
        // A sync reads older days last.
        const first = brokenJobs[name].isSync ? newestMonth : '';
        for (const [month, content] of this.references.get(name)!.complete.months)
          if (keptUntil !== undefined && month >= first && month <= keptUntil)
            assert.equal(left.months.get(month), content, says);
      }
      return { unknown, ...found };
    });
  }

  private compare(name: BrokenJob, left: State): { came: number; due: number; lastCame: string | undefined } {
    const { before, complete } = this.references.get(name)!;
    const months = [...new Set([...before.months.keys(), ...complete.months.keys(), ...left.months.keys()])].sort();
    if (brokenJobs[name].isSync) months.reverse();
    const due = months.filter((month) => before.months.get(month) !== complete.months.get(month));
    let came = 0;
    for (const month of months) {
      const is = left.months.get(month);
      const isDue = due.includes(month);
      if (!isDue || is !== complete.months.get(month))
        assert.equal(is, before.months.get(month), `${month} is neither as before nor complete`);
      else assert.equal(due[came++], month, `${month} came, and one whose turn was before it did not`);
    }
    if (brokenJobs[name].removes) assert.ok(came === 0 || came === due.length, 'the range is replaced in part');
    const undone = due[came];
    if (left.checkpoint !== before.checkpoint)
      assert.ok(
        undone === undefined || (brokenJobs[name].isSync && undone < newestMonth) || left.checkpoint! < `${undone}-01`,
        `checkpoint ${left.checkpoint!}`,
      );
    return { came, due: due.length, lastCame: due[came - 1] };
  }

  private async using<T>(work: (warehouse: TableWarehouse) => Promise<T>): Promise<T> {
    const warehouse = await TableWarehouse.open(this.url);
    try {
      return await work(warehouse);
    } finally {
      await warehouse.close();
    }
  }
}

async function stateOf(warehouse: TableWarehouse): Promise<State> {
  const months = new Map<string, string>();
  for (const { invoice } of (await warehouse.stored()).values()) {
    const month = invoice.date.slice(0, 7);
    months.set(month, `${months.get(month) ?? ''}\n${JSON.stringify(invoice)}`);
  }
  return { months, checkpoint: await warehouse.checkpoint() };
}
