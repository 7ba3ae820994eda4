import { writeXlsxStream, type CellValue, type ColumnDef } from 'hucre/xlsx';
import { dayNumber } from '../../base/calendar.js';
import type { ExportColumn, ExportTable, RangeRows } from '../../warehouse/read/exportRows.js';
import type { NewFile } from './newFile.js';

/** The rows that are fetched from PostgreSQL at once. */
const portionRows = 1_000;
/**
 * With more cells a sheet's XML may exceed the 4 GiB of a plain ZIP, so ZIP64 is used. Older readers do not know ZIP64, so
 * smaller sheets go without.
 */
const plainCells = 30_000_000;

/** The columns that people look for come first, in this order. The columns that only programs need come last. */
const first = [
  ...['date', 'invoice_number', 'line_no', 'party_name', 'party_gstin', 'item_name', 'hsn', 'quantity', 'unit', 'rate'],
  ...['taxable_amount', 'cgst_amount', 'sgst_amount', 'igst_amount', 'cess_amount', 'tax_amount', 'round_off_amount'],
  ...['other_amount', 'total_amount', 'amount', 'ledger_name'],
];
const last = ['company_name', 'company_id', 'invoice_id', 'alter_id', 'master_id', 'irn_qr_code'];

const rank = ({ name }: ExportColumn): number => {
  if (last.includes(name)) return first.length + 1 + last.indexOf(name);
  return first.includes(name) ? first.indexOf(name) : first.length;
};

const widths: Record<ExportColumn['type'], number> = {
  ...{ text: 20, date: 12, int: 8, bigint: 12, boolean: 10, decimal: 16 },
};

function columnOf({ name, type, scale }: ExportColumn): ColumnDef {
  const numFmt = type === 'date' ? 'dd-mm-yyyy' : type === 'decimal' && scale === 2 ? '#,##0.00' : undefined;
  return { header: name, width: Math.max(widths[type], name.length + 2), ...(numFmt && { numFmt }) };
}

/** Numbers of up to so many digits are exact in a spreadsheet, which stores doubles. */
const longestNumber = 15;
/** The longest text of a cell. */
const longestText = 32_767;
/** Excel counts days from the end of 1899, and takes 1900 for a leap year. So earlier dates than this first day become text. */
const [firstDay, dayOfEpoch] = ['1900-03-01', 25_569];

/**
 * The value of a cell. A number that a spreadsheet would round, or a date that it cannot store, becomes text. Text that is too
 * long for a cell is cut.
 */
function cellOf({ type }: ExportColumn, value: unknown): CellValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  const text = value as string;
  switch (type) {
    case 'decimal':
    case 'bigint':
      return text.replace(/\D/g, '').replace(/^0+/, '').length <= longestNumber ? Number(text) : text;
    case 'date':
      return text < firstDay ? text : dayNumber(text) + dayOfEpoch;
    default:
      // A spreadsheet reads `_x0041_` as the character of that number.
      return text.slice(0, longestText).replaceAll(/_(?=x[\da-f]{4}_)/gi, '_x005F_');
  }
}

/**
 * Writes rows as an Excel workbook, a portion at a time. Rows that exceed a sheet go into further sheets. Calls `report` with
 * the number of rows written so far.
 */
export async function writeXlsx(
  rows: RangeRows,
  table: ExportTable,
  file: NewFile,
  report: (rows: number) => void,
): Promise<number> {
  const columns = (await rows.columns(table)).toSorted((a, b) => rank(a) - rank(b));
  let written = 0;
  async function* cells(): AsyncGenerator<CellValue[]> {
    for await (const portion of rows.portions(table, portionRows)) {
      for (const row of portion) yield columns.map((column) => cellOf(column, row[column.name]));
      written += portion.length;
      report(written);
    }
  }
  const zip64 = (await rows.count(table)) * columns.length > plainCells;
  const options = { name: table, columns: columns.map(columnOf), freezePane: { rows: 1 }, zip64 };
  for await (const bytes of writeXlsxStream(cells(), options)) await file.write(bytes);
  return written;
}
