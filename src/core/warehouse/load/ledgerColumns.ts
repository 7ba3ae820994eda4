import type {
  BankAllocation,
  BillAllocation,
  CostAllocation,
  LedgerEntry,
  LedgerVoucher,
  StockEntry,
} from '../../ledger/ledgerVoucher.js';
import type { CopyQueue } from './copyQueue.js';
import { decimalColumns, plainColumns, type Column, type Head } from './column.js';

/** A voucher with its place in the order of staging. */
export interface VoucherRow {
  seq: number;
  voucher: LedgerVoucher;
}

interface EntryRow extends VoucherRow {
  lineNo: number;
  entry: LedgerEntry;
}

interface PartRow<Part> extends EntryRow {
  partNo: number;
  part: Part;
}

interface StockRow extends VoucherRow {
  lineNo: number;
  stock: StockEntry;
}

const { text, date, integer, boolean } = plainColumns;
const decimal = decimalColumns(({ voucher }: VoucherRow): Head => ({
  ...voucher,
  id: voucher.voucherId,
  number: voucher.voucherNumber,
}));

export const seqColumn: Column<{ seq: number }> = { name: 'seq', type: 'int', value: ({ seq }) => String(seq) };

/** The columns of fact_voucher that come from Tally. */
export const voucherColumns: Column<VoucherRow>[] = [
  text('voucher_id', ({ voucher }) => voucher.voucherId),
  integer('alter_id', 'bigint', ({ voucher }) => voucher.alterId),
  integer('master_id', 'bigint', ({ voucher }) => voucher.masterId),
  text('voucher_type', ({ voucher }) => voucher.voucherType),
  text('base_type', ({ voucher }) => voucher.baseType),
  text('voucher_number', ({ voucher }) => voucher.voucherNumber),
  date('date', ({ voucher }) => voucher.date),
  text('reference', ({ voucher }) => voucher.reference),
  date('reference_date', ({ voucher }) => voucher.referenceDate),
  text('party_name', ({ voucher }) => voucher.partyName),
  decimal('amount', 2, ({ voucher }: VoucherRow) => voucher.amount),
  boolean('is_cancelled', ({ voucher }) => voucher.isCancelled),
  boolean('is_optional', ({ voucher }) => voucher.isOptional),
  boolean('is_post_dated', ({ voucher }) => voucher.isPostDated),
  text('narration', ({ voucher }) => voucher.narration),
  text('content_hash', ({ voucher }) => voucher.contentHash),
];

const entryKey: Column<EntryRow>[] = [
  integer('line_no', 'int', ({ lineNo }) => lineNo),
  date('date', ({ voucher }) => voucher.date),
  text('ledger_name', ({ entry }) => entry.ledgerName),
];
const partKey: Column<PartRow<{ amount: bigint | null }>>[] = [
  ...entryKey,
  integer('part_no', 'int', ({ partNo }) => partNo),
  decimal('amount', 2, ({ part }: PartRow<{ amount: bigint | null }>) => part.amount),
];
const ledgerId: Column<EntryRow> = text('ledger_id', ({ entry }) => entry.ledgerId);

/**
 * A table of one kind of parts of vouchers: entries, allocations of an entry, or movements of goods. Its name is
 * `stage` among the temporary tables and `table` in the warehouse.
 */
export interface PartTable {
  table: string;
  stage: string;
  columns: readonly { name: string; type: string }[];
  /** Queues the parts of some vouchers for the stage. */
  put: (queue: CopyQueue, rows: VoucherRow[]) => void;
}

function partTable<Row extends VoucherRow>(
  table: string,
  stage: string,
  rowsOf: (row: VoucherRow) => Row[],
  columns: Column<Row>[],
): PartTable {
  const staged: Column<Row>[] = [seqColumn, ...columns];
  return {
    table,
    stage,
    columns,
    put: (queue, rows) => {
      queue.put(stage, staged, rows.flatMap(rowsOf));
    },
  };
}

function entryRows({ seq, voucher }: VoucherRow): EntryRow[] {
  return voucher.entries.map((entry, i) => ({ seq, voucher, entry, lineNo: i + 1 }));
}

/**
 * Makes the rows of one kind of allocations. Most entries have none, so a loop costs less than making a list for each
 * entry.
 */
const partRows =
  <Part>(partsOf: (entry: LedgerEntry) => Part[]) =>
  ({ seq, voucher }: VoucherRow): PartRow<Part>[] => {
    const rows: PartRow<Part>[] = [];
    voucher.entries.forEach((entry, i) => {
      partsOf(entry).forEach((part, j) => rows.push({ seq, voucher, entry, lineNo: i + 1, part, partNo: j + 1 }));
    });
    return rows;
  };

function stockRows({ seq, voucher }: VoucherRow): StockRow[] {
  return voucher.stock.map((stock, i) => ({ seq, voucher, stock, lineNo: i + 1 }));
}

/** The parts of vouchers, each written and removed with its voucher. */
export const partTables: readonly PartTable[] = [
  partTable('fact_ledger_entry', 'stage_entry', entryRows, [
    ...entryKey,
    ledgerId,
    decimal('amount', 2, ({ entry }: EntryRow) => entry.amount),
    text('currency', ({ entry }) => entry.currency),
    decimal('foreign_amount', 4, ({ entry }: EntryRow) => entry.foreignAmount),
    decimal('exchange_rate', 6, ({ entry }: EntryRow) => entry.exchangeRate),
  ]),
  partTable<PartRow<BillAllocation>>(
    'fact_bill',
    'stage_bill',
    partRows(({ bills }) => bills),
    [
      ...partKey,
      ledgerId,
      text('kind', ({ part }) => part.kind),
      text('reference', ({ part }) => part.reference),
      date('bill_date', ({ part }) => part.billDate),
      date('due_date', ({ part }) => part.dueDate),
    ],
  ),
  partTable<PartRow<CostAllocation>>(
    'fact_cost_allocation',
    'stage_cost',
    partRows(({ costs }) => costs),
    [...partKey, text('category', ({ part }) => part.category), text('cost_centre', ({ part }) => part.costCentre)],
  ),
  partTable<PartRow<BankAllocation>>(
    'fact_bank_allocation',
    'stage_bank',
    partRows(({ banks }) => banks),
    [
      ...partKey,
      text('transaction_type', ({ part }) => part.transactionType),
      text('instrument_number', ({ part }) => part.instrumentNumber),
      date('instrument_date', ({ part }) => part.instrumentDate),
      date('bank_date', ({ part }) => part.bankDate),
    ],
  ),
  partTable('fact_stock_entry', 'stage_stock', stockRows, [
    integer('line_no', 'int', ({ lineNo }) => lineNo),
    date('date', ({ voucher }) => voucher.date),
    text('item_name', ({ stock }) => stock.itemName),
    text('item_id', ({ stock }) => stock.itemId),
    text('godown', ({ stock }) => stock.godown),
    text('batch', ({ stock }) => stock.batch),
    text('direction', ({ stock }) => stock.direction),
    decimal('quantity', 4, ({ stock }: StockRow) => stock.quantity),
    text('unit', ({ stock }) => stock.unit),
    decimal('rate', 4, ({ stock }: StockRow) => stock.rate),
    decimal('amount', 2, ({ stock }: StockRow) => stock.amount),
    text('tracking_number', ({ stock }) => stock.trackingNumber),
  ]),
];
