import type { CalendarDate } from '../../base/calendar.js';
import type { LeftOut } from '../../warehouse/load/leaveOutWorse.js';
import { rememberCollection, writeSource, type KnownSource } from '../../warehouse/records/sources.js';
import { takeAllProof } from '../../warehouse/records/loadedDays.js';
import type { Connection } from '../../warehouse/postgres/connection.js';
import type { Comparison } from '../../warehouse/read/comparison.js';
import type { Warehouse } from '../../warehouse/warehouse.js';
import type { Remark } from '../remark.js';
import type { ReadList } from './list/readList.js';
import { openReading, type Reading } from './reading.js';
import { isContradicted } from './read/collectionProof.js';
import { allRemarks, resultOf, type RangeResult } from './result.js';
import type { Run } from './run.js';
import { writePortion, writeReplacement, type WriteTarget } from './write.js';

/** The result of loading a range. */
export interface Loaded {
  result: RangeResult;
  reading: Reading;
  /** The company's sources, with what this run has learnt about Tally's answers. */
  sources: readonly KnownSource[];
}

/**
 * Loads a listed range part by part. Each part is written in one transaction, together with its proof. A part with few changes
 * waits for the next parts and is written with them. If Tally fails later, the written parts are complete, and the next run
 * does not read them again. A run that removes rows reads everything before it touches the first row.
 */
export async function loadRange(run: Run, list: ReadList, target: WriteTarget, warehouse: Warehouse): Promise<Loaded> {
  const { done } = target;
  const before = done.committed.length;
  const reading = await openReading(run, list, target.stage, (verdict, on) =>
    warehouse.use((session) => rememberVerdict(session, run, verdict, on)),
  );
  const { reader, proof } = reading;
  const doubts = (): Remark[] => reader.totals.remarks(run.books.isFile);
  const committed = (): Comparison[] => done.committed.slice(before);
  try {
    const leftOut = await writeAll(run, target, reading);
    const verdict = proof.verdict(doubts());
    const sources = await rememberSource(run, reading, warehouse);
    const result = resultOf(run, reading, verdict, committed(), { state: 'compared' }, leftOut);
    done.remarks.push(...result.warnings);
    return { result, reading, sources };
  } catch (thrown) {
    done.remarks.push(...allRemarks(run, proof.remarks(doubts()), committed()));
    throw thrown;
  }
}

/** Reads the parts and writes each, or at the end all of them. Returns what was left out of a file. */
async function writeAll(run: Run, target: WriteTarget, reading: Reading): Promise<LeftOut | undefined> {
  const { arrivals, reader, proof } = reading;
  let leftOut: LeftOut | undefined;
  let read = 0;
  for await (const portion of reader.portions()) {
    proof.judge(portion);
    const hasInvoices = arrivals.read > read;
    read = arrivals.read;
    if (!run.mode.removes) leftOut = await writePortion(run, target, reading, portion, hasInvoices);
  }
  if (run.mode.removes) await writeReplacement(run, target, reading);
  return leftOut;
}

/**
 * Remembers the verdict on Tally's collection. If Tally contradicted the collection after invoices were taken from it,
 * all loaded days also lose their proof, so that the next sync reads them again.
 */
async function rememberVerdict(
  session: Connection,
  { books: { company } }: Run,
  verdict: string | null,
  on: CalendarDate,
): Promise<void> {
  if (isContradicted(verdict)) await takeAllProof(session, company.id);
  await rememberCollection(session, company.id, company.name, verdict, on);
}

/** Remembers for the next run which requests the company's Tally answers. */
async function rememberSource(
  { books, sources }: Run,
  { list, reader }: Reading,
  warehouse: Warehouse,
): Promise<readonly KnownSource[]> {
  const { company, isFile, reports } = books;
  if (isFile) return sources;
  const { report, servesAll } = reader.sourceForNextRun;
  const isLearned = reports.length > 1 && list.isWhole && reader.answered.vouchers > 0;
  const seen = {
    companyName: company.name,
    booksFrom: company.booksFrom ?? null,
    report: isLearned ? report : null,
    servesAll: isLearned ? (servesAll ?? null) : null,
  };
  const known = await warehouse.use((session) => writeSource(session, company.id, seen));
  return [...sources.filter(({ companyName }) => companyName !== company.name), known];
}
