// A process of the benchmark: prepares books, sends them, runs one case, or counts what a way of asking costs Tally, as it is
// told by its first message.
import { prepareBook } from './prepareBooks.js';
import { startSender } from './sender.js';
import type { BookSpec, PreparedBook } from './prepared.js';
import { copy, load } from './loadCases.js';
import type { Measured } from './measured.js';
import { naive } from './naive.js';
import type { CaseName, Order } from './order.js';
import { extract, read, readPlain, split } from './readCases.js';
import { host, loadCompanies, runBackfill, runSync, syncCompanies } from './runCases.js';
import type { CostOrder } from './tally/cost.js';
import { tallyCosts } from './tally/costCases.js';

/** What a process is told to do. */
export type Task =
  | { do: 'prepare'; specs: BookSpec[]; folder: string }
  | { do: 'send'; books: PreparedBook[] }
  | { do: 'measure'; order: Order }
  | { do: 'meter'; order: CostOrder };

export type Told = { done: unknown } | { failed: string };

const cases: Record<CaseName, (order: Order) => Promise<Measured>> = {
  read,
  readPlain,
  split,
  extract,
  copy,
  load,
  backfill: runBackfill,
  sync: runSync,
  host,
  loadCompanies,
  syncCompanies,
  naive: (order) => naive(order, false),
  naiveInOneTransaction: (order) => naive(order, true),
};

function perform(task: Task): Promise<unknown> {
  switch (task.do) {
    case 'prepare':
      return Promise.resolve(task.specs.map((spec) => prepareBook(spec, task.folder)));
    case 'send':
      return startSender(task.books);
    case 'measure':
      return cases[task.order.case](task.order);
    case 'meter':
      return tallyCosts(task.order);
  }
}

process.once('message', (task: Task) => {
  perform(task)
    .then(
      (done): Told => ({ done }),
      (error: unknown): Told => ({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    )
    .then((told) => {
      process.send!(told, () => {
        // A sender serves until it is killed; it ends with the one that started it.
        if (task.do !== 'send' || 'failed' in told) process.disconnect();
      });
    })
    .catch((error: unknown) => {
      console.error(error);
      process.exit(1);
    });
});
process.once('disconnect', () => process.exit());
