import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { addDays } from '../../src/core/base/calendar.js';
import type { JobContext, JobResult } from '../../src/core/jobs/job.js';
import { clearAndReload, sync } from '../../src/core/core.js';
import { withStartLock } from '../../src/core/warehouse/embedded/startLock.js';
import { createBook } from '../../src/demo/book/book.js';
import { contextOf } from '../support/context.js';
import { openFolder } from '../support/ownServer.js';
import { ask, freshDatabase } from '../support/postgres.js';
import { setToday } from '../support/shiftedClock.js';
import { contentsOf, countIn } from '../support/warehouseContents.js';
import { useTally } from '../support/useTally.js';

const day = '2024-05-20';
const [dayBefore, nextYear] = [addDays(day, -1), '2025-05-20'];
const book = createBook({ invoices: 80, from: '2024-04-01', to: day });

describe('the clock of the computer jumps', function () {
  this.timeout(30_000);
  const tally = useTally({ book });
  let database: string;
  let clock: ReturnType<typeof setToday> | undefined;

  beforeEach(async () => {
    database = await freshDatabase();
  });
  afterEach(() => clock?.giveBack());

  function at(date: string): void {
    clock?.giveBack();
    clock = setToday(date);
  }
  const context = (more: Partial<JobContext> = {}) => contextOf({ TALLY_URL: tally.url, DB_URL: database }, more);
  const checkpoint = async (): Promise<unknown> =>
    (await ask(database, 'SELECT last_date::text FROM etl_checkpoints'))[0]?.last_date;

  async function assertLogsSane(runs: number): Promise<void> {
    assert.equal(await countIn(database, "etl_logs WHERE status = 'ok'"), runs);
    assert.equal(
      await countIn(database, 'etl_logs WHERE duration_ms NOT BETWEEN 0 AND 30000 OR from_date > to_date'),
      0,
    );
  }

  for (const [what, date] of [
    ['back a day', dayBefore],
    ['on a year', nextYear],
  ] as const)
    it(`${what} in the middle of a sync: its range and checkpoint are of the day that it began, its duration is true`, async () => {
      at(day);
      const jump: JobContext['onProgress'] = ({ phase }) => {
        if (phase === 'writing') at(date);
      };
      const { checkpoint: reached, durationMs, to } = await sync(context({ onProgress: jump }));
      assert.deepEqual([reached, to], [day, day]);
      assert.ok(durationMs >= 0 && durationMs < 30_000, String(durationMs));
      assert.equal(await checkpoint(), day);
      await assertLogsSane(1);
      const reload = await clearAndReload({ from: '2024-04-01', to: dayBefore }, context({ onProgress: jump }));
      assert.ok(reload.durationMs >= 0 && reload.durationMs < 30_000);
      assert.deepEqual([reload.inserted, reload.removed], [0, 0]);
    });

  it('back a day between two syncs: the checkpoint stays, nothing is lost, and the run says what is odd', async () => {
    at(day);
    await sync(context());
    const before = await contentsOf(database);
    at(dayBefore);
    const result = await sync(context());
    assert.deepEqual([result.from, result.to], [addDays(dayBefore, -1), dayBefore]);
    assert.match(
      result.warnings.join(),
      /checkpoint \(20\u00a0May\u00a02024\) is later than today \(19\u00a0May\u00a02024\)/,
    );
    assert.equal(await checkpoint(), day);
    assert.equal(await contentsOf(database), before);
    at(day);
    assert.deepEqual((await sync(context())).warnings, []);
    await assertLogsSane(3);
  });

  it('on a year and back again: each sync says that the checkpoint is ahead, until it is set back, and then all comes', async () => {
    at(addDays(day, -10));
    await sync(context());
    at(nextYear);
    const ahead: JobResult = await sync(context());
    assert.equal(ahead.checkpoint, nextYear);
    await ask(database, `DELETE FROM fact_invoice WHERE date > '${addDays(day, -10)}'`);
    at(day);
    const warned = await sync(context());
    assert.match(warned.warnings.join(), /later than today .*computer's clock was wrong.*set the checkpoint back/);
    await ask(database, `UPDATE etl_checkpoints SET last_date = '${addDays(day, -10)}'`);
    const after = await sync(context());
    assert.deepEqual(after.warnings, []);
    assert.equal(
      await countIn(database, 'fact_invoice'),
      [...book.vouchers()].filter(({ base }) => base !== 'none').length,
    );
    await assertLogsSane(4);
  });

  it('on a year while the embedded warehouse starts: the program that starts it keeps its lock', async () => {
    const folder = openFolder();
    const file = path.join(folder, 'embedded.lock');
    const order: string[] = [];
    let second: Promise<unknown> | undefined;
    await withStartLock(file, async () => {
      second = withStartLock(file, () => Promise.resolve(order.push('second')));
      at(nextYear);
      await new Promise((resolve) => setTimeout(resolve, 3000));
      order.push('first');
    });
    await second;
    assert.deepEqual(order, ['first', 'second']);
    fs.rmSync(folder, { recursive: true });
  });
});
