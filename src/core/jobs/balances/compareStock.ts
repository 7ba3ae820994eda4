import { addDays, type DateRange } from '../../base/calendar.js';
import { formatDecimal } from '../../base/decimal.js';
import { readStockQuantities, type TallyQuantity } from '../../tally/requests/stockQuantities.js';
import { isAcceptedDay } from '../../tally/requests/requests.js';
import { readStockMovements, type StockMovement } from '../../warehouse/read/stockMovements.js';
import { mayHide } from '../books/books.js';
import type { Run } from '../load/run.js';
import type { StockComparison, StockReason } from './balanceComparison.js';
import type { Asked } from './compareLedgers.js';
import { byTallyName, openingsByName } from './byTallyName.js';
import { findMonths } from './findMonths.js';

interface Quantities {
  opening: bigint;
  closing: bigint;
}

interface Differing {
  item: string;
  unit: string | null;
  tally: Quantities;
  warehouse: Quantities;
}

interface Compared {
  compared: number;
  differing: Differing[];
  notCompared: StockComparison['notCompared'];
}

/**
 * Compares the opening and closing quantity of each item in Tally with the warehouse's opening and the sum of its movements.
 * Undefined if items differ, but Tally ignored the dates or its openings are not confirmed.
 */
export async function compareStock(asked: Asked): Promise<StockComparison | undefined> {
  const { run, span, limit } = asked;
  const inTally = await ask(run, span.range);
  const { compared, differing, notCompared } = await compare(asked, span.range, inTally);
  const listed = differing.slice(0, limit);
  const since = differing.length === 0 ? new Map<string, DateRange>() : await monthsOf(asked, inTally, listed);
  if (since === undefined || (differing.length > 0 && !(await opensWithRange(asked, inTally)))) return undefined;
  const text = ({ opening, closing }: Quantities) => ({
    opening: formatDecimal(opening, 4),
    closing: formatDecimal(closing, 4),
  });
  return {
    ...span.range,
    openings: span.openings?.items !== undefined,
    compared,
    differences: differing.length,
    listed: listed.map(({ item, unit, tally, warehouse }) => ({
      item,
      unit,
      tally: text(tally),
      warehouse: text(warehouse),
      since: tally.opening === warehouse.opening ? (since.get(item) ?? null) : 'opening',
    })),
    notCompared,
  };
}

const ask = ({ books, context }: Run, range: DateRange): Promise<TallyQuantity[]> =>
  readStockQuantities(books.source, books.company, range, context.signal);

/**
 * Whether Tally's openings are the quantities at the end of the day before the range, which only one source confirms
 * (docs/tally.md §9.4). If Tally's openings are used for the warehouse too, Tally is asked for that day. False also if Tally
 * does not accept that day.
 */
async function opensWithRange({ run, span }: Asked, inTally: readonly TallyQuantity[]): Promise<boolean> {
  const { booksFrom } = run.books.company;
  if (span.openings !== undefined || span.range.from === booksFrom) return true;
  const before = addDays(span.range.from, -1);
  if (mayHide(run.books) && !isAcceptedDay(before)) return false;
  const closings = new Map((await ask(run, { from: before, to: before })).map(({ guid, closing }) => [guid, closing]));
  return inTally.every(({ guid, opening }) => closings.get(guid) === opening);
}

const movedIn = ({ run, warehouse }: Asked, range: DateRange): Promise<StockMovement[]> =>
  warehouse.use((session) => readStockMovements(session, run.books.company.id, range));

const addMovements = (a: StockMovement, b: StockMovement): StockMovement => ({
  ...a,
  quantity: a.quantity + b.quantity,
  units: [...new Set([...a.units, ...b.units])],
  isCounted: a.isCounted || b.isCounted,
  isTracked: a.isTracked || b.isTracked,
  lacksQuantity: a.lacksQuantity || b.lacksQuantity,
});

const absent: Omit<TallyQuantity, 'name' | 'guid'> = { opening: 0n, closing: 0n, unit: null, isCompound: false };

async function compare(asked: Asked, range: DateRange, inTally: readonly TallyQuantity[]): Promise<Compared> {
  const ids = new Map(inTally.map(({ guid, name }) => [guid, name]));
  const moved = byTallyName(await movedIn(asked, range), ids, ({ item }) => item, addMovements);
  const openings = asked.span.openings?.items && openingsByName(asked.span.openings.items, ids);
  const told = new Map(inTally.map((quantity) => [quantity.name, quantity]));
  const found: Compared = { compared: 0, differing: [], notCompared: [] };
  const names = new Set([...told.keys(), ...moved.keys(), ...(openings?.keys() ?? [])]);
  for (const item of [...names].sort()) {
    const [there, here] = [told.get(item) ?? absent, moved.get(item)];
    const opening = openings === undefined ? there.opening : (openings.get(item) ?? undefined);
    const closing = (opening ?? 0n) + (here?.quantity ?? 0n);
    const isEqual = there.opening === (opening ?? 0n) && there.closing === closing;
    const reason = reasonOf(there, here, openings?.get(item) === null, isEqual);
    if (reason !== undefined) found.notCompared.push({ item, reason });
    else {
      found.compared++;
      const tally = { opening: there.opening ?? 0n, closing: there.closing ?? 0n };
      if (!isEqual)
        found.differing.push({ item, unit: there.unit, tally, warehouse: { opening: opening ?? 0n, closing } });
    }
  }
  return found;
}

/**
 * Why an item cannot be compared; undefined if it can (docs/tally.md §9.4). A physical stock voucher sets the quantity by godown
 * and batch, so movements do not add up to it. Sources disagree about goods with tracking numbers: if such an item differs, that
 * proves nothing.
 */
function reasonOf(
  there: Omit<TallyQuantity, 'name' | 'guid'>,
  here: StockMovement | undefined,
  isOpeningUnknown: boolean,
  isEqual: boolean,
): StockReason | undefined {
  if (here?.isCounted) return 'counted';
  if (there.opening === undefined || there.closing === undefined || isOpeningUnknown) return 'unreadable';
  if (isEqual || here === undefined) return undefined;
  if (here.isTracked) return 'tracked';
  if (new Set([...here.units, ...(there.unit === null ? [] : [there.unit])]).size > 1) return 'units';
  return here.lacksQuantity && there.isCompound ? 'unreadable' : undefined;
}

/** Finds the month in which the difference of each listed item began. Items with different openings are left out. */
const monthsOf = (asked: Asked, whole: readonly TallyQuantity[], listed: readonly Differing[]) =>
  findMonths(
    asked.run.books,
    asked.span.range,
    whole,
    listed.filter(({ tally, warehouse }) => tally.opening === warehouse.opening).map(({ item }) => item),
    {
      textOf,
      ask: (range) => ask(asked.run, range),
      isQuiet: async (range) => (await movedIn(asked, range)).every(({ quantity }) => quantity === 0n),
      differing: async (told, range) => (await compare(asked, range, told)).differing.map(({ item }) => item),
    },
  );

const textOf = (quantities: readonly TallyQuantity[]): string =>
  quantities.map(({ name, closing }) => `${name} ${closing}`).join('\n');
