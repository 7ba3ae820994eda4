import { setTimeout as delay } from 'node:timers/promises';
import { today, type CalendarDate, type DateRange } from '../../core/base/calendar.js';
import { nameKey } from '../../core/base/names.js';
import type { RangeInput } from '../input/rangeInput.js';
import { type LoadedRanges, loadedRanges } from '../input/ranges.js';
import { messages } from '../messages.js';
import type { Books, GivenRange } from '../settings/booksInUse.js';
import type { Parts } from './command.js';

/** The range in a command's argument, if there is one. A menu may pass a row of the tree instead. */
export function givenRange(given: unknown): GivenRange | undefined {
  const { from, to } = (given ?? {}) as { from?: unknown; to?: unknown };
  return typeof from === 'string' && typeof to === 'string' ? (given as GivenRange) : undefined;
}

/** The books in a command's argument, which may be a row of the tree or a given range. Empty if it names none. */
export function givenBooks(given: unknown): Partial<Books> {
  const { inDemo, company } = (given ?? {}) as { inDemo?: unknown; company?: unknown };
  return {
    ...(typeof inDemo === 'boolean' && { inDemo }),
    ...(typeof company === 'string' && { company }),
  };
}

/** A range, and the books that it belongs to. */
export interface RangeOfBooks {
  range: DateRange & { dayByDay?: boolean };
  books: Books;
}

/** The longest wait for Tally, and for the warehouse. After that the question is asked without their answer. */
const patienceMs = 1500;

/**
 * The range that a command was called with, else one that the user is asked for; undefined if the user cancelled.
 * `ofWarehouse`: offers the loaded days, and does not ask Tally for the first day of the books.
 */
export async function askRangeOfBooks(
  parts: Parts,
  argument: unknown,
  {
    title,
    ofWarehouse = false,
    ...question
  }: Pick<RangeInput, 'title' | 'withMode' | 'replaces'> & { ofWarehouse?: boolean },
  chosen = parts.books.now(givenBooks(argument)),
): Promise<RangeOfBooks | undefined> {
  const given = givenRange(argument);
  if (given) return { range: { from: given.from, to: given.to }, books: chosen };
  const range = await parts.questions.range({
    ...question,
    title: messages.of(title, chosen.inDemo),
    today: today(),
    first: parts.demo.presets(),
    offered: ofWarehouse ? { loaded: await loadedOf(parts, chosen) } : { booksFrom: await booksFromOf(parts, chosen) },
  });
  return range && { range, books: chosen };
}

/**
 * The first day of the company's books, from Tally; from the warehouse if Tally does not answer in time, or does not have the
 * company open. Undefined if neither knows it, or if several companies may be meant. Errors are ignored here, because the run
 * reports them.
 */
async function booksFromOf(parts: Parts, chosen: Books): Promise<CalendarDate | undefined> {
  const { books, runner, warehouse } = parts;
  const config = await books.configOf(chosen).catch(() => undefined);
  if (config === undefined) return undefined;
  const isMeant = ({ name }: { name: string }): boolean =>
    config.company === undefined || nameKey(name) === nameKey(config.company);
  const open = await runner
    .runQuietly('companies', undefined, config, { signal: AbortSignal.timeout(patienceMs) })
    .catch(() => undefined);
  const meantOpen = open?.filter(isMeant) ?? [];
  if (meantOpen.length > 0) return meantOpen.length === 1 ? meantOpen[0]!.booksFrom : undefined;
  const view = await soon(warehouse.get());
  if (view?.state !== 'loaded' || view.inDemo !== chosen.inDemo) return undefined;
  const meant = view.companies.filter(isMeant);
  return meant.length === 1 ? (meant[0]!.booksFrom ?? undefined) : undefined;
}

const soon = <T>(answer: Promise<T>): Promise<T | undefined> =>
  Promise.race([answer, delay(patienceMs, undefined, { ref: false })]);

/**
 * The loaded days of the company; of all companies if the warehouse has none of its name. Undefined if nothing is
 * loaded, or if the warehouse does not answer in time. Its errors are ignored here, because the run reports them.
 */
async function loadedOf({ books, warehouse }: Parts, chosen: Books): Promise<LoadedRanges | undefined> {
  const view = await soon(warehouse.get());
  if (view?.state !== 'loaded' || view.inDemo !== chosen.inDemo) return undefined;
  const config = await books.configOf(chosen).catch(() => undefined);
  if (config === undefined) return undefined;
  const { company } = config;
  const meant = view.companies.filter(({ name }) => company === undefined || nameKey(name) === nameKey(company));
  return loadedRanges(meant.length > 0 ? meant : view.companies, today());
}
