import type { DateRange } from '../../base/calendar.js';
import { formatDecimal } from '../../base/decimal.js';
import { readLedgerTotals, type LedgerTotal, type LedgerTotals } from '../../tally/requests/ledgerTotals.js';
import { ledgerTotals } from '../../warehouse/read/ledgerTotals.js';
import type { Warehouse } from '../../warehouse/warehouse.js';
import type { Run } from '../load/run.js';
import type { LedgerComparison, LedgerSides } from './balanceComparison.js';
import { byTallyName, openingsByName } from './byTallyName.js';
import { findMonths } from './findMonths.js';
import type { Span } from './span.js';

/** The arguments of each comparison of balances. */
export interface Asked {
  run: Run;
  warehouse: Warehouse;
  span: Span;
  /** The most differences to list. */
  limit: number;
}

interface Balance {
  opening: bigint;
  debits: bigint | undefined;
  credits: bigint | undefined;
  closing: bigint;
}

interface Differing {
  ledger: string;
  tally: Balance;
  warehouse: Balance;
}

interface Compared {
  compared: number;
  differing: Differing[];
  notCompared: string[];
}

/**
 * Compares the opening, debits, credits and closing of each ledger in Tally with the warehouse's opening and the sums of its
 * entries. Undefined if ledgers differ and Tally ignored the dates.
 */
export async function compareLedgers(asked: Asked): Promise<LedgerComparison | undefined> {
  const { run, span, limit } = asked;
  const { range, openings } = span;
  const inTally = await ask(run, range);
  const { compared, differing, notCompared } = await compare(asked, range, inTally);
  const listed = differing.slice(0, limit);
  const since = differing.length === 0 ? new Map<string, DateRange>() : await monthsOf(asked, inTally, listed);
  if (since === undefined) return undefined;
  return {
    ...range,
    openings: openings !== undefined,
    totals: inTally.totals.every(({ debits }) => debits !== undefined),
    compared,
    differences: differing.length,
    listed: listed.map(({ ledger, tally, warehouse }) => ({
      ledger,
      tally: sidesOf(tally),
      warehouse: sidesOf(warehouse),
      since: tally.opening === warehouse.opening ? (since.get(ledger) ?? null) : 'opening',
    })),
    foreign: inTally.foreign,
    untold: notCompared,
  };
}

const ask = ({ books, context }: Run, range: DateRange): Promise<LedgerTotals> =>
  readLedgerTotals(books.source, books.company, range, context.signal);

const bookedIn = ({ run, warehouse }: Asked, range: DateRange) =>
  warehouse.use((session) => ledgerTotals(session, run.books.company.id, range));

async function compare(asked: Asked, range: DateRange, inTally: LedgerTotals): Promise<Compared> {
  const { names: nameById } = inTally;
  const booked = byTallyName(
    await bookedIn(asked, range),
    nameById,
    ({ ledger }) => ledger,
    (a, b) => ({ ...a, debits: a.debits + b.debits, credits: a.credits + b.credits }),
  );
  const openings = asked.span.openings && openingsByName(asked.span.openings.ledgers, nameById);
  const told = new Map(inTally.totals.map((total) => [total.name, total]));
  const [foreign, untold] = [new Set(inTally.foreign), new Set(inTally.untold)];
  const names = new Set([...told.keys(), ...untold, ...booked.keys(), ...(openings?.keys() ?? [])]);
  const found: Compared = { compared: 0, differing: [], notCompared: [] };
  for (const ledger of [...names].sort()) {
    if (foreign.has(ledger)) continue;
    const tally = balanceOf(told.get(ledger));
    const opening = openings === undefined ? tally.opening : (openings.get(ledger) ?? 0n);
    const { debits, credits } = booked.get(ledger) ?? { debits: 0n, credits: 0n };
    const warehouse = { opening, debits, credits, closing: opening + debits - credits };
    // A ledger without a balance in Tally is equal if the warehouse has nothing on it either (docs/tally.md §9.1).
    const isUntold = untold.has(ledger) && (opening !== 0n || debits !== 0n || credits !== 0n);
    if (isUntold || openings?.get(ledger) === null) found.notCompared.push(ledger);
    else {
      found.compared++;
      if (!areEqual(tally, warehouse)) found.differing.push({ ledger, tally, warehouse });
    }
  }
  return found;
}

const balanceOf = (total: LedgerTotal | undefined): Balance =>
  total ?? { opening: 0n, debits: 0n, credits: 0n, closing: 0n };

const areEqual = (tally: Balance, warehouse: Balance): boolean =>
  tally.opening === warehouse.opening &&
  tally.closing === warehouse.closing &&
  (tally.debits === undefined || tally.debits === warehouse.debits) &&
  (tally.credits === undefined || tally.credits === warehouse.credits);

function sidesOf({ opening, debits, credits, closing }: Balance): LedgerSides {
  const rupees = (paise: bigint): string => formatDecimal(paise, 2);
  return {
    opening: rupees(opening),
    debits: debits === undefined ? null : rupees(debits),
    credits: credits === undefined ? null : rupees(credits),
    closing: rupees(closing),
  };
}

/** As findMonths, for the listed ledgers whose opening in Tally equals the warehouse's. */
const monthsOf = (asked: Asked, whole: LedgerTotals, listed: readonly Differing[]) =>
  findMonths(
    asked.run.books,
    asked.span.range,
    whole,
    listed.filter(({ tally, warehouse }) => tally.opening === warehouse.opening).map(({ ledger }) => ledger),
    {
      textOf,
      ask: (range) => ask(asked.run, range),
      isQuiet: async (range) => (await bookedIn(asked, range)).length === 0,
      differing: async (told, range) => (await compare(asked, range, told)).differing.map(({ ledger }) => ledger),
    },
  );

const textOf = ({ totals }: LedgerTotals): string =>
  totals.map(({ name, debits, credits, closing }) => `${name} ${debits} ${credits} ${closing}`).join('\n');
