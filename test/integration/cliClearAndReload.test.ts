import assert from 'node:assert/strict';
import type { JobResult } from '../../src/core/core.js';
import { createBook } from '../../src/demo/book/book.js';
import type { DemoVoucher } from '../../src/demo/book/voucher.js';
import { cliSetting } from '../support/cliSetting.js';
import { bookOf } from '../support/demo/bookOf.js';
import { ask, emptyDatabase } from '../support/postgres.js';
import { writtenState } from '../support/warehouseContents.js';

const [from, to] = ['2024-05-01', '2024-05-31'];
const reload = `clear-and-reload ${from} ${to}`;
const book = createBook({ invoices: 150, from, to });

// jobsClearAndReload.test.ts tests what a clear-and-reload does; this file tests its words and exit codes.
describe('clear-and-reload on the command line', function () {
  this.timeout(60_000);
  const cli = cliSetting({ book });
  const { run, load } = cli;

  afterEach(() => {
    cli.tally.behave({ book });
  });

  const loadAll = (): Promise<JobResult> => load(`backfill ${from} ${to}`);
  /** Serves the books without these vouchers. Returns how many invoices of the warehouse Tally then no longer has. */
  async function dropFromTally(drop: (voucher: DemoVoucher, index: number) => boolean): Promise<number> {
    const vouchers = [...book.vouchers()];
    const dropped = vouchers.filter(drop).map(({ guid }) => `'${guid}'`);
    cli.tally.behave({
      book: bookOf(
        vouchers.filter((voucher, i) => !drop(voucher, i)),
        { range: book.range },
      ),
    });
    return cli.count(`fact_invoice WHERE invoice_id IN (${dropped.join()})`);
  }

  it('says in words what was removed, day by day', async () => {
    await loadAll();
    const gone = await dropFromTally(({ date }) => date === '2024-05-10');
    assert.ok(gone > 0);
    const ran = await run(`${reload} --day-by-day`);
    assert.equal(ran.exitCode, 0, ran.stderr);
    assert.match(ran.stdout, /^Reloaded [^]*\(day by day, /);
    assert.match(ran.stdout, new RegExp(`^  Removed +${gone}  no longer in this range in Tally`, 'm'));
    assert.match(ran.stderr, new RegExp(`^2024-05-10: 0 invoices, .*, ${gone} removed$`, 'm'));
  });

  it('in a dry run says what would be removed, and writes nothing', async () => {
    const database = await emptyDatabase();
    const empty = await load(`${reload} --dry-run`, { ...cli.env, DB_URL: database });
    assert.deepEqual([empty.command, empty.dryRun, empty.inserted > 0], ['clear-and-reload', true, true]);
    assert.deepEqual(await ask(database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"), []);
    await loadAll();
    const gone = await dropFromTally((_, index) => index % 10 === 0);
    const before = await writtenState(cli.database);
    const { stdout } = await run(`${reload} --dry-run`);
    assert.match(stdout, new RegExp(`^Warehouse .* ${gone} to remove$`, 'm'));
    assert.match(stdout, new RegExp(`^All days .* ${gone}$`, 'm'));
    assert.equal(await writtenState(cli.database), before);
  });

  it('is refused by the guard, for people and with --json: exit 6; a dry run names it, --force accepts it', async () => {
    await loadAll();
    const gone = await dropFromTally((_, index) => index % 3 > 0);
    const dry = await run(`${reload} --dry-run`);
    assert.equal(dry.exitCode, 0, dry.stderr);
    assert.match(
      dry.stdout,
      /The reload itself would be refused: Tally has \d+ invoices in this range, the warehouse \d+/,
    );
    const text = await cli.fails('guard', 6, reload);
    assert.match(text, /^Tally has \d+ invoices in this range, the warehouse \d+\. Nothing was changed\..*--force/);
    const ran = await run(reload);
    assert.deepEqual([ran.exitCode, ran.stdout], [6, '']);
    assert.match(ran.stderr, /^Error: Tally has \d+ invoices .* \[guard\]\n.*--force/m);
    assert.equal((await load(`${reload} --force`)).removed, gone);
  });
});
