import { namesOf, type Column } from './column.js';
import type { Connection } from '../postgres/connection.js';

/**
 * The size of one batch, over all tables. With both streams a batch goes into eight tables, each by a separate COPY:
 * batches of a quarter of this size made such a load a fifth slower. Larger batches are not faster, and cost memory.
 */
const batchBytes = 1024 * 1024;

interface Waiting {
  columns: { name: string }[];
  pieces: Buffer[];
  bytes: number;
}

/**
 * Rows on their way into tables by COPY. They wait as bytes: as objects they outlived V8's young generation, and the
 * process grew by half. One batch is sent while the next one fills. When the next one is full too, `flow` makes the caller
 * wait.
 */
export class CopyQueue {
  #waiting = new Map<string, Waiting>();
  #bytes = 0;
  #sending: Promise<void> = Promise.resolve();

  constructor(private readonly connection: Connection) {}

  /** Adds rows for a temporary table. Throws what a column's `value` throws, for example for an amount of more than 18 digits. */
  put<Row>(table: string, columns: Column<Row>[], rows: Row[]): void {
    if (rows.length === 0) return;
    const known = this.#waiting.get(table);
    const waiting = known ?? { columns, pieces: [], bytes: 0 };
    if (known === undefined) this.#waiting.set(table, waiting);
    for (const text of copyText(rows, columns)) {
      const piece = Buffer.from(text);
      waiting.pieces.push(piece);
      waiting.bytes += piece.length;
      this.#bytes += piece.length;
    }
  }

  /**
   * Once the waiting rows fill a batch, begins to send those of the larger tables. First waits for the batch that is
   * being sent, and rejects with its error.
   */
  async flow(): Promise<void> {
    if (this.#bytes >= batchBytes) await this.#send(this.#bytes / this.#waiting.size);
  }

  /** Sends all rows, and waits until the server has them. */
  async drain(): Promise<void> {
    await this.#send(0);
    await this.#sending;
  }

  /**
   * Sends the tables with at least `leastBytes`. Each COPY costs two round trips, however few its rows, so small tables wait for
   * more rows.
   */
  async #send(leastBytes: number): Promise<void> {
    await this.#sending;
    const batch = new Map([...this.#waiting].filter(([, { bytes }]) => bytes >= leastBytes));
    for (const [table, { bytes }] of batch) {
      this.#waiting.delete(table);
      this.#bytes -= bytes;
    }
    this.#sending = this.#copy(batch);
    this.#sending.catch(() => undefined); // the error is not lost: the next `await this.#sending` throws it
  }

  async #copy(batch: Map<string, Waiting>): Promise<void> {
    for (const [table, { columns, pieces }] of batch)
      await this.connection.copyIn(`COPY pg_temp.${table} (${namesOf(columns)}) FROM STDIN`, pieces);
  }
}

const chunkLength = 65_536;

/** Rows in the text format of COPY, in pieces of about 64 KB, so that a large batch is never a single string. */
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
  '\0': '\uFFFD', // PostgreSQL's text cannot hold NUL, but the raw text of a reject may contain one.
};

/** One value in the text format of COPY. Null is `\N`; a text `\N` is escaped and so stays different. */
function copyField(value: string | null): string {
  if (value === null) return '\\N';
  return /[\\\t\n\r\0]/.test(value) ? value.replace(/[\\\t\n\r\0]/g, (c) => escapes[c]!) : value;
}
