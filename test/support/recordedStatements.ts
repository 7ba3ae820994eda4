import { Client } from 'pg';

/** The statements that a kind of job sent to PostgreSQL, each text once. */
export type Recorded = Map<string, Set<string>>;

/**
 * Runs `work`, and records under `job` every statement that any connection of this process sends meanwhile: also COPY, whose
 * text is in an object of pg-copy-streams, and the statements of the migration library.
 */
export async function record<T>(recorded: Recorded, job: string, work: () => Promise<T>): Promise<T> {
  const statements = recorded.get(job) ?? new Set<string>();
  recorded.set(job, statements);
  const prototype = Client.prototype as unknown as { query: (...args: unknown[]) => unknown };
  const { query } = prototype;
  prototype.query = function (this: Client, ...args: unknown[]) {
    const [first] = args as [string | { text: string }];
    statements.add(typeof first === 'string' ? first : first.text);
    return query.apply(this, args);
  };
  try {
    return await work();
  } finally {
    prototype.query = query;
  }
}
