import type { CalendarDate } from '../../base/calendar.js';
import { formatDecimal } from '../../base/decimal.js';
import { nameKey } from '../../base/names.js';
import type { LedgerMasters, LedgerRow } from '../../ledger/ledgerMasters.js';
import { namesOf, plainColumns, type Column } from '../load/column.js';
import type { Connection } from '../postgres/connection.js';
import { hasTable } from '../postgres/migrate.js';
import { findUsed, isUsedKind, type KeptMasters, type OtherMaster } from './mastersInUse.js';

/** Masters of the stream `ledger` as they were read from Tally. */
export interface ReadLedgerMasters {
  masters: LedgerMasters;
  /** Tally's counter of masters at the time; null if some masters were refused, so that the next load asks again. */
  counter: number | null;
  /** The first day of the books, whose openings were asked for; null if none were. */
  booksFrom: CalendarDate | null;
  /** The first day of the books, also where openings could not be asked for; null if Tally does not say it. */
  firstDay: CalendarDate | null;
  /**
   * True if the company was split by years. One part may lack masters of another part, so none is removed, except
   * opening bills.
   */
  isPart: boolean;
}

interface Dimension<Row> {
  table: string;
  key: readonly string[];
  columns: Column<Row>[];
  /** Columns with opening values; a later part of a company that was split by years does not overwrite them. */
  openings?: readonly string[];
  /**
   * Other columns that Tally sends together with the openings. If Tally did not give an opening, they keep their
   * values.
   */
  withOpenings?: readonly string[];
}

type Kind = keyof LedgerMasters;
type RowOf<K extends Kind> = NonNullable<LedgerMasters[K]>[number];

const { text, date, integer, boolean } = plainColumns;
/** Larger values than numeric(18, scale) can hold are not read from Tally, so nothing is checked here. */
const decimal = <Row>(name: string, scale: number, value: (row: Row) => bigint | null): Column<Row> => ({
  name,
  type: `numeric(18,${scale})`,
  value: (row) => {
    const units = value(row);
    return units === null ? null : formatDecimal(units, scale);
  },
});

/**
 * In the order of writing. Groups come before ledgers, which refer to groups. Stock items come before units, because
 * the written items show which units are in use.
 */
const dimensions: { [K in Kind]: Dimension<RowOf<K>> } = {
  groups: {
    table: 'dim_group',
    key: ['group_id'],
    columns: [
      text('group_id', ({ groupId }) => groupId),
      text('name', ({ name }) => name),
      text('parent_name', ({ parentName }) => parentName),
      text('path', ({ path }) => path),
      text('primary_name', ({ primaryName }) => primaryName),
      text('reserved_name', ({ reservedName }) => reservedName),
      text('reserved_group', ({ reservedGroup }) => reservedGroup),
      text('nature', ({ nature }) => nature),
      boolean('affects_gross_profit', ({ affectsGrossProfit }) => affectsGrossProfit),
      integer('sort_position', 'int', ({ sortPosition }) => sortPosition),
    ],
  },
  ledgers: {
    table: 'dim_ledger',
    key: ['ledger_id'],
    columns: [
      text('ledger_id', ({ ledgerId }) => ledgerId),
      text('name', ({ name }) => name),
      text('group_id', ({ groupId }) => groupId),
      text('group_name', ({ groupName }) => groupName),
      boolean('is_billwise', ({ isBillwise }) => isBillwise),
      text('currency', ({ currency }) => currency),
      date('opening_date', ({ openingDate }) => openingDate),
      decimal('opening_balance', 2, ({ openingBalance }) => openingBalance),
      decimal('opening_foreign_amount', 4, ({ openingForeignAmount }) => openingForeignAmount),
    ],
    openings: ['opening_date', 'opening_balance', 'opening_foreign_amount'],
    withOpenings: ['is_billwise', 'currency'],
  },
  openingBills: {
    table: 'fact_opening_bill',
    key: ['ledger_id', 'bill_no'],
    columns: [
      text('ledger_id', ({ ledgerId }) => ledgerId),
      integer('bill_no', 'int', ({ billNo }) => billNo),
      text('ledger_name', ({ ledgerName }) => ledgerName),
      text('reference', ({ reference }) => reference),
      date('bill_date', ({ billDate }) => billDate),
      date('due_date', ({ dueDate }) => dueDate),
      text('credit_period', ({ creditPeriod }) => creditPeriod),
      boolean('is_advance', ({ isAdvance }) => isAdvance),
      decimal('amount', 2, ({ amount }) => amount),
    ],
  },
  stockItems: {
    table: 'dim_stock_item',
    key: ['item_id'],
    columns: [
      text('item_id', ({ itemId }) => itemId),
      text('name', ({ name }) => name),
      text('group_name', ({ groupName }) => groupName),
      text('base_unit', ({ baseUnit }) => baseUnit),
      date('opening_date', ({ openingDate }) => openingDate),
      decimal('opening_quantity', 4, ({ openingQuantity }) => openingQuantity),
      decimal('opening_value', 2, ({ openingValue }) => openingValue),
    ],
    openings: ['opening_date', 'opening_quantity', 'opening_value'],
    withOpenings: ['group_name', 'base_unit'],
  },
  units: {
    table: 'dim_unit',
    key: ['unit_id'],
    columns: [
      text('unit_id', ({ unitId }) => unitId),
      text('name', ({ name }) => name),
      boolean('is_simple', ({ isSimple }) => isSimple),
      text('base_unit', ({ baseUnit }) => baseUnit),
      text('additional_unit', ({ additionalUnit }) => additionalUnit),
      decimal('conversion', 4, ({ conversion }) => conversion),
    ],
  },
  voucherTypes: {
    table: 'dim_voucher_type',
    key: ['voucher_type_id'],
    columns: [
      text('voucher_type_id', ({ voucherTypeId }) => voucherTypeId),
      text('name', ({ name }) => name),
      text('parent_name', ({ parentName }) => parentName),
      text('base_type', ({ baseType }) => baseType),
    ],
  },
  costCentres: {
    table: 'dim_cost_centre',
    key: ['cost_centre_id'],
    columns: [
      text('cost_centre_id', ({ costCentreId }) => costCentreId),
      text('name', ({ name }) => name),
      text('parent_name', ({ parentName }) => parentName),
      text('category', ({ category }) => category),
    ],
  },
};

/**
 * Writes the masters that are new or changed, and removes masters that Tally no longer has, in the caller's
 * transaction. If Tally's list lacks a master that is in use, the list is incomplete: no master of its kind is removed,
 * and the kind is returned. If Tally did not give an opening, the stored one stays, provided that it is of the same
 * first day of the books. If a company was split by years, the earliest loaded part decides the openings: the openings
 * of a later part are the closings of the part before.
 */
export async function writeLedgerMasters(
  connection: Connection,
  companyId: string,
  { masters, booksFrom, firstDay, isPart }: ReadLedgerMasters,
): Promise<KeptMasters[]> {
  const isLater = isPart && (await beganBefore(connection, companyId, booksFrom));
  const keepsUntold = await hasOpeningsOf(connection, companyId, firstDay);
  const isUntold = ({ openingDate }: { openingDate?: CalendarDate | null }): boolean => openingDate === null;
  const keptBills = new Set(
    masters.ledgers.filter((row) => keepsUntold && isUntold(row)).map(({ ledgerId }) => ledgerId),
  );
  const kept: KeptMasters[] = [];
  const keptGroups = masters.groups ? new Map<string, string>() : await storedGroups(connection, companyId);
  const write = async (kind: Kind): Promise<void> => {
    const rows: readonly unknown[] | undefined =
      kind === 'ledgers' ? inGroups(masters.ledgers, keptGroups) : masters[kind];
    if (rows === undefined || (isLater && kind === 'openingBills')) return;
    const dimension = dimensions[kind] as unknown as Dimension<unknown>;
    const byKey = new Map(
      rows.map((row) => [
        keyColumns(dimension)
          .map(({ value }) => value(row))
          .join(' '),
        row,
      ]),
    );
    const unique = [...byKey.values()];
    // Tally also answers with an empty list if it does not understand the request, so an empty list removes nothing. Opening bills
    // are an exception: a company may have none.
    if (kind === 'openingBills' || (!isPart && unique.length > 0)) {
      const lacking = await findOthers(connection, companyId, dimension, unique);
      const others = kind === 'openingBills' ? lacking.filter((row) => !keptBills.has(String(row.ledger_id))) : lacking;
      const used = isUsedKind(kind) ? await findUsed({ connection, companyId, masters }, kind, others) : undefined;
      if (used === undefined) await remove(connection, companyId, dimension, others);
      else kept.push(used);
      // A group's path and nature are derived from the whole list, so nothing is written from an incomplete list.
      if (used?.kind === 'groups') {
        for (const { name, group_id: id } of others) keptGroups.set(nameKey(String(name)), String(id));
        return;
      }
    }
    const { openings = [], withOpenings = [] } = dimension;
    const stays = (row: unknown): boolean => openings.length > 0 && isUntold(row as LedgerRow);
    const [told, others] = [unique.filter((row) => !stays(row)), unique.filter(stays)];
    await upsert(connection, companyId, dimension, told, isLater ? openings : []);
    const staying = [...(isLater || keepsUntold ? openings : []), ...withOpenings];
    await upsert(connection, companyId, dimension, others, staying);
  };
  for (const kind of Object.keys(dimensions) as Kind[]) await write(kind);
  return kept;
}

/** The ids of the groups that the warehouse has, by nameKey. */
async function storedGroups(connection: Connection, companyId: string): Promise<Map<string, string>> {
  const rows = await connection.query<NameAndId>(
    'SELECT name, group_id AS id FROM public.dim_group WHERE company_id = $1',
    [companyId],
  );
  return new Map(rows.map(({ name, id }) => [nameKey(name), id]));
}

/** Whether the openings in the warehouse are all of this first day of the books. */
async function hasOpeningsOf(
  connection: Connection,
  companyId: string,
  firstDay: CalendarDate | null,
): Promise<boolean> {
  if (firstDay === null) return false;
  const [row] = await connection.query<{ same: boolean }>(
    `SELECT coalesce(bool_and(opening_date = $2::date), false) AS same FROM public.dim_ledger
     WHERE company_id = $1 AND opening_date IS NOT NULL`,
    [companyId, firstDay],
  );
  return row!.same;
}

/**
 * A ledger has no group id if Tally's list of groups lacks its group, or was not given. It then gets the id of the
 * stored group with the same name.
 */
const inGroups = (ledgers: LedgerMasters['ledgers'], kept: ReadonlyMap<string, string>): LedgerMasters['ledgers'] =>
  ledgers.map((row) => ({ ...row, groupId: row.groupId ?? kept.get(nameKey(row.groupName ?? '')) ?? null }));

/**
 * Whether the warehouse has openings of an earlier day than `booksFrom`: they are of an earlier part of the company.
 */
async function beganBefore(
  connection: Connection,
  companyId: string,
  booksFrom: CalendarDate | null,
): Promise<boolean> {
  const [row] = await connection.query<{ isEarlier: boolean }>(
    `SELECT coalesce(min(opening_date) < coalesce($2::date, 'infinity'), false) AS "isEarlier"
     FROM public.dim_ledger WHERE company_id = $1`,
    [companyId, booksFrom],
  );
  return row!.isEarlier;
}

const keyColumns = <Row>({ key, columns }: Dimension<Row>): Column<Row>[] =>
  columns.filter(({ name }) => key.includes(name));

/** The columns as array parameters, which follow the id of the company: `$2::text[], $3::date[]`. */
const arraysOf = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]) => ({
  types: columns.map(({ type }, i) => `$${i + 2}::${type}[]`).join(', '),
  values: columns.map(({ value }) => rows.map(value)),
});

async function findOthers<Row>(
  connection: Connection,
  companyId: string,
  dimension: Dimension<Row>,
  rows: readonly Row[],
): Promise<OtherMaster[]> {
  const keys = keyColumns(dimension);
  const { types, values } = arraysOf(keys, rows);
  const { table, columns } = dimension;
  const shown = [...keys, ...columns.filter(({ name }) => name === 'name')];
  return connection.query<OtherMaster>(
    `SELECT ${namesOf(shown)} FROM public.${table} d WHERE company_id = $1 AND NOT EXISTS (
       SELECT FROM unnest(${types}) AS m (${namesOf(keys)}) WHERE (${namesOf(keys, 'm.')}) = (${namesOf(keys, 'd.')}))`,
    [companyId, ...values],
  );
}

async function remove<Row>(
  connection: Connection,
  companyId: string,
  dimension: Dimension<Row>,
  others: readonly OtherMaster[],
): Promise<void> {
  if (others.length === 0) return;
  const keys = keyColumns(dimension);
  const { types } = arraysOf(keys, []);
  const { table } = dimension;
  await connection.execute(
    `DELETE FROM public.${table} WHERE company_id = $1 AND (${namesOf(keys)}) IN (SELECT * FROM unnest(${types}))`,
    [companyId, ...keys.map(({ name }) => others.map((row) => row[name]))],
  );
}

/**
 * Writes rows that are new or changed. The columns of `staying` keep their values in existing rows. Each statement
 * writes one table: on a cluster, one that compares and writes several tables would wait for every worker.
 */
async function upsert<Row>(
  connection: Connection,
  companyId: string,
  { table, key, columns }: Dimension<Row>,
  rows: readonly Row[],
  staying: readonly string[],
): Promise<void> {
  if (rows.length === 0) return;
  const { types, values } = arraysOf(columns, rows);
  const written = columns.filter(({ name }) => !key.includes(name) && !staying.includes(name));
  await connection.execute(
    `INSERT INTO public.${table} AS d (company_id, ${namesOf(columns)})
     SELECT $1, ${namesOf(columns, 'm.')} FROM unnest(${types}) AS m (${namesOf(columns)})
     ON CONFLICT (company_id, ${key.join(', ')}) DO UPDATE SET ${written.map(({ name }) => `${name} = excluded.${name}`).join(', ')}
     WHERE (${namesOf(written, 'd.')}) IS DISTINCT FROM (${namesOf(written, 'excluded.')})`,
    [companyId, ...values],
  );
}

/** The ids of stock items by their exact names. Empty if there is no such table: a dry run does not migrate. */
export async function readItemIds(connection: Connection, companyId: string): Promise<Map<string, string>> {
  if (!(await hasTable(connection, 'dim_stock_item'))) return new Map();
  const rows = await connection.query<NameAndId>(
    'SELECT name, item_id AS id FROM public.dim_stock_item WHERE company_id = $1',
    [companyId],
  );
  return new Map(rows.map(({ name, id }) => [name, id]));
}

/** As readItemIds, for ledgers. */
export async function readLedgerIds(connection: Connection, companyId: string): Promise<Map<string, string>> {
  if (!(await hasTable(connection, 'dim_ledger'))) return new Map();
  const rows = await connection.query<NameAndId>(
    'SELECT name, ledger_id AS id FROM public.dim_ledger WHERE company_id = $1',
    [companyId],
  );
  return new Map(rows.map(({ name, id }) => [name, id]));
}

interface NameAndId {
  name: string;
  id: string;
}
