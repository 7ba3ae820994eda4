import { headColumns, lineColumns } from '../load/columns.js';
import { contentColumns } from '../load/otherRows.js';
import type { FieldDifference } from './comparison.js';

/**
 * A row as pg returns it: int and boolean as such, all other types as text. A row of an older schema lacks some
 * columns.
 */
export type Row = Readonly<Record<string, Value>>;
type Value = string | number | boolean | null | undefined;

/**
 * An invoice in Tally or in the warehouse. Staged lines, and lines of an older schema, do not repeat the date and type
 * of their invoice.
 */
export interface InvoiceRows {
  invoice: Row;
  lines: readonly Row[];
}

const ofInvoice = [...contentColumns, { name: 'missing_since' }];
const ofLine = lineColumns.filter(({ name }) => name !== 'line_no');

/** The columns and lines that differ, in their order. Text is compared letter by letter, a number by its value. */
export const compareFields = (warehouse: InvoiceRows, tally: InvoiceRows): FieldDifference[] => [
  ...compareColumns(ofInvoice, warehouse.invoice, tally.invoice),
  ...compareLines(warehouse, tally),
];

function compareLines(warehouse: InvoiceRows, tally: InvoiceRows): FieldDifference[] {
  const [ours, theirs] = [byNumber(warehouse.lines), byNumber(tally.lines)];
  const numbers = [...new Set([...ours.keys(), ...theirs.keys()])].sort((a, b) => a - b);
  return numbers.flatMap((number) => {
    const [was, is] = [ours.get(number), theirs.get(number)];
    const line = `line ${number}`;
    if (was === undefined || is === undefined) return [{ field: line, warehouse: summary(was), tally: summary(is) }];
    // A line's copy of a column of its invoice is compared only if it differs from that invoice. Otherwise the
    // comparison of the invoices covers it.
    const unlike = headColumns.filter(({ name }) => was[name] !== undefined && was[name] !== warehouse.invoice[name]);
    return [...compareColumns(ofLine, was, is, `${line} `), ...compareColumns(unlike, was, tally.invoice, `${line} `)];
  });
}

const byNumber = (lines: readonly Row[]): Map<number, Row> =>
  new Map(lines.map((line) => [line.line_no as number, line]));

const summary = (line: Row | undefined): string | null =>
  line === undefined ? null : [line.item_name, line.ledger_name, line.amount].filter((part) => part != null).join(', ');

const compareColumns = (
  columns: readonly { name: string; type?: string }[],
  was: Row,
  is: Row,
  prefix = '',
): FieldDifference[] =>
  columns
    .filter(({ name, type = '' }) => comparable(was[name], type) !== comparable(is[name], type))
    .map(({ name }) => ({ field: prefix + name, warehouse: textOf(was[name]), tally: textOf(is[name]) }));

/** Drops the trailing zeros of a decimal, because the warehouse's table may have been altered to hold more decimals. */
function comparable(value: Value, type: string): string | null {
  const text = textOf(value);
  return type.startsWith('numeric') && text?.includes('.') ? text.replace(/\.?0*$/, '') : text;
}

const textOf = (value: Value): string | null => (value == null ? null : String(value));
