import fs from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';

/** The blocks of statements for DuckDB that docs/warehouse.md shows: the views, and examples of questions to them. */
export function duckBlocks(): { views: string; examples: string[] } {
  const page = fs.readFileSync('docs/warehouse.md', 'utf8');
  const [views, ...examples] = [...page.matchAll(/^```sql duckdb\n(.*?)\n```$/gms)].map(([, sql]) => sql!);
  if (views === undefined) throw new Error('docs/warehouse.md has no views for DuckDB');
  return { views, examples };
}

/** Does `work` in a DuckDB with the views of the document over a folder of monthly files. `ask` gives rows, every value as text. */
export async function inDuck<T>(
  folder: string,
  work: (ask: (sql: string) => Promise<(string | null)[][]>) => Promise<T>,
): Promise<T> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    // The document says to start DuckDB in the folder.
    await connection.run(`SET file_search_path = '${folder.replaceAll("'", "''")}'`);
    await connection.run(duckBlocks().views);
    return await work(async (sql) => {
      const reader = await connection.runAndReadAll(`SELECT COLUMNS(*)::VARCHAR FROM (${sql})`);
      return reader.getRows() as (string | null)[][];
    });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
