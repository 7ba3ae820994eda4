import type { ReadList } from './list/readList.js';
import { planReading } from './plan.js';
import { Proof, assertListProven } from './prove/proof.js';
import { Arrivals } from './read/arrivals.js';
import type { RememberCollection } from './read/collectionReader.js';
import { RangeReader } from './read/rangeReader.js';
import type { Sink } from './read/readAnswer.js';
import type { Run } from './run.js';

/** A range that is being read: what Tally lists, what has come of it, and what that proves. */
export interface Reading {
  list: ReadList;
  arrivals: Arrivals;
  reader: RangeReader;
  proof: Proof;
}

/** Plans the reading of a range into `sink`; `remember` keeps what is seen of Tally's collection. Throws as assertListProven. */
export async function openReading(
  run: Run,
  list: ReadList,
  sink: Sink,
  remember: RememberCollection = () => Promise.resolve(),
): Promise<Reading> {
  assertListProven(run, list);
  const { lists } = run.books;
  const arrivals = new Arrivals(list.list);
  // keepsEveryDay may ask Tally for a day, so it is left out where nothing has to be read.
  const isIdle = list.isWhole && !list.parts && !run.mode.asksEveryPart && arrivals.awaited(run.range) === 0;
  const everyDay = lists === undefined || isIdle || (await lists.keepsEveryDay());
  const plan = planReading(run, list, arrivals, everyDay);
  const reader = new RangeReader({ run, list, arrivals, plan, sink, remember });
  return { list, arrivals, reader, proof: new Proof(run, list, arrivals, reader) };
}

/** Reads all of it, and judges each portion as it comes. */
export async function readAll({ reader, proof }: Reading): Promise<void> {
  for await (const portion of reader.portions()) proof.judge(portion);
}
