import type { ReadList } from './list/readList.js';
import { planReading } from './plan.js';
import { Proof, assertListProven } from './prove/proof.js';
import { Arrivals } from './read/arrivals.js';
import type { RememberCollection } from './read/collectionReader.js';
import { RangeReader } from './read/rangeReader.js';
import type { Sink } from './read/readAnswer.js';
import type { Run } from './run.js';

/** A range that is being read: Tally's list, the invoices that have come, and what that proves. */
export interface Reading {
  list: ReadList;
  arrivals: Arrivals;
  reader: RangeReader;
  proof: Proof;
}

/**
 * Plans the reading of a range into `sink`. `remember` stores the verdict on Tally's collection. Throws as assertListProven
 * does.
 */
export async function openReading(
  run: Run,
  list: ReadList,
  sink: Sink,
  remember: RememberCollection = () => Promise.resolve(),
): Promise<Reading> {
  assertListProven(run, list);
  const { lists } = run.books;
  const arrivals = new Arrivals(list.list);
  // keepsEveryDay may request a day from Tally, so it is not called if nothing has to be read.
  const isIdle = list.isWhole && !list.parts && !run.mode.asksEveryPart && arrivals.awaited(run.range) === 0;
  const everyDay = lists === undefined || isIdle || (await lists.keepsEveryDay());
  const plan = planReading(run, list, arrivals, everyDay);
  const reader = new RangeReader({ run, list, arrivals, plan, sink, remember });
  return { list, arrivals, reader, proof: new Proof(run, list, arrivals, reader) };
}

/** Reads the whole range, and judges each portion as it comes. */
export async function readAll({ reader, proof }: Reading): Promise<void> {
  for await (const portion of reader.portions()) proof.judge(portion);
}
