import type { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import type { ParquetWriter } from 'hyparquet-writer/src/parquet-writer.js';
import { dayNumber } from '../../base/calendar.js';
import { parseDecimal } from '../../base/decimal.js';
import type { ExportColumn, ExportTable, RangeRows } from '../../warehouse/read/exportRows.js';
import type { NewFile } from './newFile.js';

/** The most rows of a row group of Parquet. So many rows are in memory at once. */
const groupRows = 10_000;

type Kind = Pick<Element, 'type' | 'converted_type' | 'logical_type'>;
type Element = ParquetWriter['schema'][number];

const kinds: Record<ExportColumn['type'], Kind> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  date: { type: 'INT32', converted_type: 'DATE' },
  int: { type: 'INT32' },
  bigint: { type: 'INT64' },
  boolean: { type: 'BOOLEAN' },
  decimal: { type: 'INT64', converted_type: 'DECIMAL' },
};

/** The value as Parquet stores it: decimals as whole numbers of their smallest unit, dates as days since 1970. */
function stored({ type, scale, name }: ExportColumn, value: unknown): unknown {
  if (value === null) return null;
  switch (type) {
    case 'decimal': {
      const units = parseDecimal(value as string, scale);
      if (units === undefined) throw new Error(`Not a decimal of ${scale} places: ${name} ${value as string}`);
      return units;
    }
    case 'bigint':
      return BigInt(value as string);
    case 'date':
      return dayNumber(value as string);
    default:
      return value;
  }
}

/** Writes rows as Parquet, one row group at a time. Calls `report` with the number of rows written so far. */
export async function writeParquet(
  rows: RangeRows,
  table: ExportTable,
  file: NewFile,
  report: (rows: number) => void,
): Promise<number> {
  // Most exports do not need this library, so it is loaded late.
  const parquet = await import('hyparquet-writer/src/parquet-writer.js');
  const { ByteWriter } = await import('hyparquet-writer/src/bytewriter.js');
  const columns = await rows.columns(table);
  const schema: Element[] = [
    { name: 'root', num_children: columns.length },
    ...columns.map(({ name, type, scale }): Element => ({
      name,
      ...kinds[type],
      repetition_type: 'OPTIONAL',
      ...(type === 'decimal' && { scale, precision: 18 }),
    })),
  ];
  const bytes = new ByteWriter();
  const writer = new parquet.ParquetWriter({ writer: bytes, schema });
  let written = 0;
  for await (const portion of rows.portions(table, groupRows)) {
    const columnData = columns.map((column) => ({
      name: column.name,
      data: portion.map((row) => stored(column, row[column.name])),
      offsetIndex: false, // the index of each group would stay in memory to the end
    }));
    await writer.write({ columnData, rowGroupSize: groupRows });
    await flush(bytes, file);
    written += portion.length;
    report(written);
  }
  await writer.finish();
  await flush(bytes, file);
  return written;
}

/** Writes the buffer to the file and empties it. The writer's own count of the bytes written so far is not reset. */
async function flush(bytes: ByteWriter, file: NewFile): Promise<void> {
  await file.write(bytes.getBytes());
  bytes.index = 0;
}
