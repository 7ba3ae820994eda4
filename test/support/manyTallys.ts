import { createBook, type Book } from '../../src/demo/book/book.js';
import { startDemoServer, type DemoServer } from '../../src/demo/server.js';
import { ask } from './postgres.js';

/** Several demo Tallies, and a companies.yaml that lists their companies. Two of the companies cannot be synced. */
export interface ManyTallys {
  servers: DemoServer[];
  /** The text of companies.yaml; every entry takes DB_URL for its warehouse. */
  list: string;
  /** The companies that can be synced, by Tally. */
  open: { url: string; companies: string[] }[];
  /** `closed` is not open in its Tally. The Tally of `cut` breaks off in the middle of an answer. */
  failing: { closed: string; cut: string };
  close: () => Promise<void>;
}

/**
 * Starts `tallys` Tallies with `each` companies each, and one more Tally that breaks off. The list also has an entry
 * for a company that is not open.
 */
export async function startManyTallys(
  { tallys, each }: { tallys: number; each: number },
  book: { invoices: number; from: string; to: string },
): Promise<ManyTallys> {
  let made = 0;
  const nextBook = (name = `Client ${made + 1} & Co`): Book => {
    made += 1;
    const companyGuid = `c0de0000-0000-4000-8000-${String(made).padStart(12, '0')}`;
    return createBook({ ...book, companyName: name, companyGuid, seed: made });
  };
  const servers: DemoServer[] = [];
  for (let n = 0; n < tallys; n++) {
    const [first, ...otherBooks] = Array.from({ length: each }, () => nextBook());
    servers.push(await startDemoServer({ book: first!, otherBooks }));
  }
  const failing = { closed: 'Closed Traders', cut: 'Cut Stores' };
  // The company list has fewer bytes and comes whole. The list of vouchers has more, so it breaks off.
  const cut = await startDemoServer({ book: nextBook(failing.cut), fault: { kind: 'cut', afterBytes: 5_000 } });
  const open = servers.map(({ url }, n) => ({
    url,
    companies: Array.from({ length: each }, (_, m) => `Client ${n * each + m + 1} & Co`),
  }));
  const list = [
    'companies:',
    `  - { url: ${servers[0]!.url}, company: ${failing.closed} }`,
    `  - { url: ${cut.url}, company: ${failing.cut}, warehouse: DB_URL }`,
    `  - { url: ${servers[0]!.url}, company: ${open[0]!.companies[0]!.toUpperCase()} } # not once more by the next entry`,
    ...servers.map(({ url }) => `  - url: ${url} # every company that is open there`),
  ];
  servers.push(cut);
  return {
    ...{ servers, open, failing, list: list.join('\n') },
    close: async () => {
      for (const server of servers) await server.close();
    },
  };
}

/**
 * The columns that differ between two runs that write the same: times, ids of runs and rows, and how the company's name
 * was written in the request.
 */
const ofTheRun =
  '{id,asked_company,run_id,run_at,duration_ms,loaded_at,updated_at,first_seen_at,last_seen_at,verified_at,rejected_at}';

/** Every row of every table except that of the migrations, without the columns `ofTheRun`. */
export async function rowsOf(url: string): Promise<Record<string, Record<string, unknown>[]>> {
  const tables = await ask(
    url,
    "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'etl_migrations' ORDER BY 1",
  );
  const found: Record<string, Record<string, unknown>[]> = {};
  for (const { name } of tables as { name: string }[]) {
    const rows = await ask(url, `SELECT to_jsonb(t) - '${ofTheRun}'::text[] AS row FROM ${name} t ORDER BY 1`);
    found[name] = rows.map(({ row }) => row as Record<string, unknown>);
  }
  return found;
}
