import type { Column } from './columns.js';

const chunkLength = 65_536;

/** Rows in the text format of COPY, in pieces of about 64 KB, so that a large batch never is one string. */
export function* copyText<Row>(rows: Iterable<Row>, columns: Column<Row>[]): Generator<string> {
  let chunk = '';
  for (const row of rows) {
    for (let i = 0; i < columns.length; i++) {
      if (i > 0) chunk += '\t';
      chunk += copyField(columns[i]!.value(row));
    }
    chunk += '\n';
    if (chunk.length >= chunkLength) {
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}

const escapes: Record<string, string> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\0': '\uFFFD', // PostgreSQL's text cannot hold NUL; the raw text of a reject may.
};

/** One value in the text format of COPY; null is `\N`, which a text of that spelling is not. */
export function copyField(value: string | null): string {
  if (value === null) return '\\N';
  return /[\\\t\n\r\0]/.test(value) ? value.replace(/[\\\t\n\r\0]/g, (c) => escapes[c]!) : value;
}
