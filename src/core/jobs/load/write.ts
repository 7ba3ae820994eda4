import type { DateRange } from '../../base/calendar.js';
import { asEtlError, cancelled } from '../../base/errors.js';
import { formatCountOf } from '../../base/format.js';
import type { LeftOut } from '../../warehouse/load/leaveOutWorse.js';
import type { Stage } from '../../warehouse/load/stage.js';
import type { Comparison, DayCounts } from '../../warehouse/read/comparison.js';
import type { JobContext } from '../job.js';
import { daysIn } from './chunks.js';
import { guardRange } from './prove/guard.js';
import type { Portion } from './read/rangeReader.js';
import type { Reading } from './reading.js';
import type { Done } from './result.js';
import type { Run } from './run.js';

/** The destination of a load. */
export interface WriteTarget {
  stage: Stage;
  done: Done;
}

/**
 * Merges a portion and its proof in one transaction. With `dayByDay`, and if invoices of the portion came, in one
 * transaction for each day. Returns what was left out of a file because the warehouse has a better version.
 */
export async function writePortion(
  run: Run,
  { stage, done: { committed } }: WriteTarget,
  reading: Reading,
  portion: Portion,
  hasInvoices: boolean,
): Promise<LeftOut | undefined> {
  const { arrivals, list } = reading;
  await stage.addListed(list.addUnchanged ? arrivals.notCome(portion.range) : arrivals.unread(portion.range));
  const leftOut = run.books.isFile ? await stage.leaveOutWorse() : undefined;
  // Days without anything to read stay one part.
  const parts = run.dayByDay && hasInvoices ? daysIn(portion.range) : [portion.range];
  for (const part of parts) committed.push(await merge(run, stage, reading, part, portion));
  if (portion.range.to < run.range.to) await stage.clear(portion.range);
  return leftOut;
}

/** Replaces the range by the staged rows. Throws `guard` if that looks like a mistake. */
export async function writeReplacement(run: Run, { stage, done }: WriteTarget, reading: Reading): Promise<void> {
  const { range, mode, dayByDay } = run;
  await stage.addListed(reading.arrivals.unread(range));
  if (!mode.force) await guardRange(run, stage, reading);
  for (const part of dayByDay ? daysIn(range) : [range])
    done.committed.push(await merge(run, stage, reading, part, { range }));
}

async function merge(
  { runId, context, dayByDay, mode, range, books }: Run,
  stage: Stage,
  { list, arrivals, reader, proof }: Reading,
  part: DateRange,
  portion: Portion,
): Promise<Comparison> {
  if (context.signal.aborted) throw cancelled();
  reader.tell('writing', 0, list.parts?.fraction ?? (part.to === range.to ? 1 : undefined));
  const checkpoint = mode.movesCheckpoint ? proof.checkpointAfter(portion) : undefined;
  const proven = proof.provenDays(part);
  const done = await stage.merge(part, {
    runId,
    removeMissing: mode.removes,
    mayBeOld: books.isFile,
    isKnown: (invoice) => proof.mayExist(invoice),
    ...(checkpoint !== undefined && { checkpoint: { lastDate: checkpoint, lastAlterId: arrivals.highestAlterId } }),
    ...(proven && { proven }),
  });
  const isPart = part.from !== range.from || part.to !== range.to;
  if (dayByDay || isPart) logPart(part, done, context);
  return done;
}

function logPart(part: DateRange, { days }: Comparison, { logger }: JobContext): void {
  const one = part.from === part.to;
  for (const day of one ? days : [sumOf(part, days)])
    logger.info(
      `${one ? day.date : `${part.from} to ${part.to}`}: ${formatCountOf(day.invoices, 'invoice')}, ` +
        `${day.inserted} inserted, ${day.updated} updated, ${day.unchanged} unchanged${day.removed > 0 ? `, ${day.removed} removed` : ''}`,
    );
}

function sumOf({ from }: DateRange, days: DayCounts[]): DayCounts {
  const sum = { date: from, invoices: 0, inserted: 0, updated: 0, unchanged: 0, removed: 0 };
  for (const day of days) {
    sum.invoices += day.invoices;
    sum.inserted += day.inserted;
    sum.updated += day.updated;
    sum.unchanged += day.unchanged;
    sum.removed += day.removed;
  }
  return sum;
}

/** Collects statistics after a large load (Stage.analyzeGrown). The load is committed, so a failure here does not fail the run. */
export async function analyzeGrown(stage: Stage, { logger }: JobContext): Promise<void> {
  await stage.analyzeGrown().catch((error: unknown) => {
    logger.debug(`The statistics of the tables could not be collected: ${asEtlError(error).message}`);
  });
}
