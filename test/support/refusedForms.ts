/** These two tables stay on the coordinator of a cluster: a row of etl_logs may have no company (docs/scale.md). */
const kept = ['etl_logs', 'etl_migrations'];
const ours =
  /\bpublic\.(?:dim_\w+|fact_\w+|etl_\w+|(?:sales|purchase|invoice)_register|gst_summary|party_totals|(?:ledger|bill|stock)_register|day_book)\b/g;
/** The distributed tables, and the views of them, that a text names, with repeats. */
const distributed = (sql: string): string[] =>
  (sql.match(ours) ?? []).filter((name) => !kept.includes(name.slice('public.'.length)));
const temporary = /\bpg_temp\./;

/** The statement without comments and without the contents of literals; each gap is one blank. */
const plain = (sql: string): string =>
  sql
    .replace(/--[^\n]*/g, ' ')
    .replace(/'(?:[^']|'')*'/g, "''")
    .replace(/\s+/g, ' ')
    .replaceAll('( ', '(')
    .trim();

/** The text between the parenthesis at `open` and its partner. */
function within(sql: string, open: number): string {
  let depth = 0;
  for (let i = open; i < sql.length; i++) {
    if (sql[i] === '(') depth++;
    if (sql[i] === ')' && --depth === 0) return sql.slice(open + 1, i);
  }
  throw new Error(`An open parenthesis: ${sql}`);
}

/**
 * Removes each part that begins with `opening`, up to the partner of the parenthesis at its end, if `isTaken` is true
 * of the text in the parentheses.
 */
function without(sql: string, opening: RegExp, isTaken: (inner: string) => boolean): string {
  let rest = sql;
  let from = 0;
  for (;;) {
    const found = new RegExp(opening.source, 'g');
    found.lastIndex = from;
    const match = found.exec(rest);
    if (match === null) return rest;
    const open = match.index + match[0].length - 1;
    const inner = within(rest, open);
    if (isTaken(inner)) rest = `${rest.slice(0, match.index)}taken ${rest.slice(open + inner.length + 2)}`;
    from = match.index + 'taken '.length;
  }
}

/**
 * The forms of a statement that a cluster refuses, or for which it reads or blocks more than one company. Each was seen on
 * Citus 13.2 unless docs/scale.md says otherwise. `company`: the job is of one company.
 */
export function refusedForms(statement: string, company: boolean): string[] {
  const sql = plain(statement);
  const found: string[] = [];
  const refuse = (isSo: boolean, words: string): void => {
    if (isSo) found.push(words);
  };
  // Two parts are removed, because the cluster computes them before the rest: arrays of ids from temporary tables, and
  // the MATERIALIZED rows of the warehouse.
  const arrays = without(sql, /\bANY \(ARRAY\(/, (inner) => distributed(inner).length === 0);
  const rest = without(arrays, /\w+ AS MATERIALIZED \(/, (inner) => !temporary.test(inner));
  const opening = /^WITH \w+ AS \((?:DELETE|UPDATE) /.exec(arrays);
  const change = (opening ? within(arrays, arrays.indexOf('(')) : arrays).replace(
    /DISTINCT FROM|IN \(SELECT \* FROM unnest\([^()]*\)\)/g,
    '',
  );
  const read = rest.replace(/\bINSERT INTO public\.\w+/, '');

  refuse(/\bLOCK TABLE\b/i.test(sql), 'a lock of a whole table');
  refuse(/\breltuples\b/.test(sql), 'the size of all companies');
  refuse(/\bANALYZE (?:\([^()]*\) )?(?:public\.|fact_|etl_|dim_)/.test(sql), 'an ANALYZE of all companies');
  refuse(/\bid::int\b/.test(sql), 'an id of etl_logs as int');
  if (distributed(sql).length === 0) return found;

  refuse(/;./.test(sql), 'several statements in one text');
  refuse(
    /\bDO UPDATE\b.*\b(?:now|clock_timestamp|statement_timestamp)\(\)/.test(sql),
    'a function that is not immutable in ON CONFLICT',
  );
  refuse(/\bcurrent_setting\(/.test(sql), 'current_setting, which is of the coordinator');
  refuse(/\bpg_backend_pid\(|\bpg_stat_activity\b/.test(sql), 'the session of the worker');
  refuse(
    /\b(?:DELETE FROM|UPDATE|INSERT INTO) public\.\w+.*\b(?:DELETE FROM|UPDATE|INSERT INTO) public\./.test(sql),
    'several changes in one statement',
  );
  refuse(/\b(?:DELETE FROM|UPDATE) pg_temp\./.test(sql), 'a change of a temporary table beside a table of the cluster');
  refuse(
    /\bDELETE FROM public\.\w+(?: \w+)? USING\b|\bUPDATE public\.\w+(?: \w+)? SET.*\bFROM\b/.test(change),
    'a join in a change',
  );
  refuse(/\b(?:DELETE FROM|UPDATE) public\..*\bSELECT\b/.test(change), 'a subquery in a change');
  refuse(/\b(?:DELETE FROM|UPDATE|INSERT INTO) public\..*\bRETURNING\b.*\(/.test(change), 'a function in RETURNING');
  refuse(
    temporary.test(read) && distributed(read).length > 0,
    'a temporary table beside a table of the cluster, which is not read first',
  );
  if (company) {
    const sources = distributed(sql.replace(/\bINSERT INTO public\.\w+/, '')).filter(
      (name) => name !== 'public.dim_company',
    );
    const named = sql.match(/\bcompany_id = (?:\$\d+|'')|\bUSING \(company_id\b/g) ?? [];
    refuse(sources.length > named.length, 'a table without its company');
  }
  return found;
}
