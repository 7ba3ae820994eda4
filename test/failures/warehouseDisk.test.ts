import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { addDays } from '../../src/core/base/calendar.js';
import { EtlError } from '../../src/core/base/errors.js';
import type { JobResult } from '../../src/core/jobs/job.js';
import { backfill, clearAndReload } from '../../src/core/core.js';
import { openEmbedded } from '../../src/core/warehouse/embedded/embedded.js';
import { type Book } from '../../src/demo/book/book.js';
import { bookOf } from '../support/demo/bookOf.js';
import { contextOf } from '../support/context.js';
import { leanSale } from '../support/leanBook.js';
import { openFolder, OwnServer } from '../support/ownServer.js';
import { fullTable } from '../support/fullTable.js';
import { ask, silent } from '../support/postgres.js';
import { limitFiles, SmallDisk } from '../support/smallDisk.js';
import { contentsOf, countIn } from '../support/warehouseContents.js';
import { useTally } from '../support/useTally.js';

const range = { from: '2024-04-01', to: '2024-04-20' };
const size = 600;
const bookWith = (rupees: number, narration: () => string): Book =>
  bookOf(Array.from({ length: size }, (_, i) => leanSale(i + 1, addDays(range.from, i % 20), rupees, narration())));

/**
 * The books as they were, and two later versions whose texts cannot be compressed: `wordy` needs 2 MB, `large` 18 MB of
 * disk.
 */
const old = bookWith(1180, () => '');
const wordy = bookWith(1001, () => randomBytes(2_250).toString('base64'));
const large = bookWith(1002, () => randomBytes(22_500).toString('base64'));

const jobs = {
  backfill: (env: Record<string, string>) => backfill(range, contextOf(env)),
  'clear-and-reload': (env: Record<string, string>) => clearAndReload(range, contextOf(env)),
};

describe('the disk of the warehouse is full', function () {
  this.timeout(120_000);
  const tally = useTally();
  const mounted: SmallDisk[] = [];

  afterEach(() => {
    for (const disk of mounted.splice(0)) disk.unmount();
  });

  /**
   * Mounts a small disk. Where that is impossible the test is skipped, and only tests that limit the size of files
   * remain.
   */
  function mount(test: Mocha.Context, megabytes: number): SmallDisk {
    const disk = SmallDisk.mount(megabytes);
    if (disk === undefined) test.skip();
    mounted.push(disk);
    return disk;
  }

  /** The error of a job that must fail with one of these codes. */
  async function failsOf(run: Promise<JobResult>, ...codes: string[]): Promise<EtlError> {
    const thrown: unknown = await run.then(
      () => assert.fail('it ended well'),
      (error: unknown) => error,
    );
    assert.ok(thrown instanceof EtlError, String(thrown));
    assert.ok(codes.includes(thrown.code), `${thrown.code}: ${thrown.message}`);
    return thrown;
  }

  async function refusesFull(run: Promise<JobResult>): Promise<EtlError> {
    const error = await failsOf(run, 'warehouse-refused');
    assert.match(error.message, /No space left on device|ENOSPC|File too large|is full/);
    assert.match(error.hint, /disk of the warehouse is full: free space|Free space on the disk of/);
    return error;
  }

  describe('on a PostgreSQL server,', () => {
    let server: OwnServer;
    before(async () => {
      server = await OwnServer.start();
    });
    after(() => {
      server.remove();
    });

    async function loaded(
      book: Book,
      on = server,
    ): Promise<{ url: string; env: Record<string, string>; before: string }> {
      const url = await on.freshDatabase();
      const env = { TALLY_URL: tally.url, DB_URL: url };
      tally.behave({ book: old });
      await jobs.backfill(env);
      tally.behave({ book });
      return { url, env, before: await contentsOf(url) };
    }

    async function completes(url: string, run: () => Promise<JobResult>): Promise<void> {
      assert.equal((await run()).updated, size);
      assert.equal(await countIn(url, 'fact_invoice WHERE length(narration) >= 3000'), size);
      assert.equal(await countIn(url, 'fact_invoice_line'), 2 * size);
    }

    for (const [n, name] of (Object.keys(jobs) as (keyof typeof jobs)[]).entries()) {
      for (const [m, [moment, settings]] of (
        [
          ['staged', [`ALTER ROLE tally SET temp_tablespaces = small`]],
          ['merged', ['fact_invoice', 'fact_invoice_line'].map((table) => `ALTER TABLE ${table} SET TABLESPACE small`)],
        ] as const
      ).entries()) {
        if (!fullTable && m !== n) continue; // PostgreSQL says the same to each job
        it(`while rows of a ${name} are ${moment}: warehouse-refused, nothing changed; with room again the load completes`, async function () {
          const disk = mount(this, 100);
          const { url, env, before } = await loaded(wordy);
          const folder = path.join(disk.folder, 'tablespace');
          fs.mkdirSync(folder);
          server.own(folder);
          await ask(url, `CREATE TABLESPACE small LOCATION '${folder}'`);
          for (const setting of settings) await ask(url, setting);
          disk.fill(1_000_000);
          await refusesFull(jobs[name](env));
          assert.equal(await contentsOf(url), before);
          disk.clear();
          await completes(url, () => jobs[name](env));
          await server.drop(url, 'ALTER ROLE tally RESET temp_tablespaces', 'DROP TABLESPACE small');
        });
      }

      if (fullTable || name === 'backfill')
        it(`where no file may grow any more, in a ${name}: warehouse-refused, nothing changed; with room again the load completes`, async () => {
          const { url, env, before } = await loaded(large);
          limitFiles(server.pid, 16 * 1024 * 1024);
          await refusesFull(jobs[name](env));
          assert.equal(await contentsOf(url), before);
          limitFiles(server.pid, 'unlimited');
          await completes(url, () => jobs[name](env));
        });

      if (fullTable || name === 'clear-and-reload')
        it(`where its log of transactions is, and it crashes in a ${name}: exit 4, nothing changed; with room again the load completes`, async function () {
          const disk = mount(this, 100);
          const crashing = await OwnServer.start(); // new, as a used server has room in its old logs
          try {
            const { url, env, before } = await loaded(large, crashing);
            crashing.stop('fast');
            const [wal, moved] = [path.join(crashing.data, 'pg_wal'), path.join(disk.folder, 'pg_wal')];
            fs.cpSync(wal, moved, { recursive: true });
            crashing.own(moved);
            fs.rmSync(wal, { recursive: true });
            fs.symlinkSync(moved, wal);
            crashing.startAgain();
            disk.fill();
            await failsOf(jobs[name](env), 'warehouse-refused', 'warehouse-unreachable');
            disk.clear();
            await crashing.untilItAnswers();
            assert.equal(await contentsOf(url), before);
            await completes(url, () => jobs[name](env));
          } finally {
            crashing.remove();
          }
        });
    }
  });

  describe('of the embedded warehouse,', () => {
    const envOf = (dataDir: string) => ({ TALLY_URL: tally.url, TALLY_DATA_DIR: dataDir });
    const left = (dataDir: string) => [
      fs.existsSync(path.join(dataDir, 'embedded.lock')),
      fs.existsSync(path.join(dataDir, 'embedded', 'data', 'postmaster.pid')),
    ];

    it('when it is set up, when it starts, and in the middle of a load: clear words each time, and with room again it works', async function () {
      const disk = mount(this, 400);
      const env = envOf(disk.folder);
      tally.behave({ book: old });
      for (const room of [0, 10_000_000]) {
        disk.fill(room);
        const error = await refusesFull(jobs.backfill(env));
        assert.ok(error.hint.includes(disk.folder) && error.hint.includes('TALLY_DATA_DIR'), error.hint);
        assert.deepEqual(left(disk.folder), [false, false]);
      }
      disk.clear();
      assert.equal((await jobs.backfill(env)).inserted, size);

      disk.fill();
      await refusesFull(jobs.backfill(env));
      assert.deepEqual(left(disk.folder), [false, false]);
      disk.clear();
      assert.equal((await jobs.backfill(env)).unchanged, size);

      tally.behave({ book: wordy });
      for (const name of Object.keys(jobs) as (keyof typeof jobs)[]) {
        disk.fill(1_000_000);
        await refusesFull(jobs[name](env));
        assert.deepEqual(left(disk.folder), [false, false]);
      }
      disk.clear();
      assert.equal((await jobs['clear-and-reload'](env)).updated, size);
    });

    it('where no file may grow any more: warehouse-refused, and the next run completes it', async () => {
      const folder = openFolder();
      const dataDir = path.join(folder, 'data');
      const embedded = await openEmbedded({ dataDir, logger: silent });
      const postmaster = Number(
        fs.readFileSync(path.join(dataDir, 'embedded', 'data', 'postmaster.pid'), 'utf8').split('\n')[0],
      );
      try {
        tally.behave({ book: large });
        limitFiles(postmaster, 16 * 1024 * 1024);
        await refusesFull(jobs.backfill(envOf(dataDir)));
        limitFiles(postmaster, 'unlimited');
        assert.equal((await jobs.backfill(envOf(dataDir))).inserted, size);
      } finally {
        await embedded.release();
        fs.rmSync(folder, { recursive: true, force: true });
      }
    });
  });
});
