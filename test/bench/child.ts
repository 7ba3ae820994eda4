// A process of the benchmark. Its first message tells it to prepare books, to send them, to run one case, or to count
// what a way of asking costs Tally.
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

/** The tasks that a process can be given. */
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
        // A sender serves until it is killed, or until the process that started it ends.
        if (task.do !== 'send' || 'failed' in told) process.disconnect();
      });
    })
    .catch((error: unknown) => {
      console.error(error);
      process.exit(1);
    });
});
process.once('disconnect', () => process.exit());
