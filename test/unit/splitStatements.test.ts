import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { asPartitioned } from '../../src/core/warehouse/postgres/partitions.js';
import { splitStatements } from '../../src/core/warehouse/postgres/splitStatements.js';

const shipped = fs.readdirSync('migrations').map((name) => fs.readFileSync(path.join('migrations', name), 'utf8'));

describe('the statements of a migration', () => {
  it('end at a semicolon, but not at one within a comment, a literal, a name or a text between dollar signs', () => {
    const statements = [
      'SELECT 1',
      "SELECT 'a;b', 'it''s; so', E'\\';', \"a;\"\"b\"",
      'SELECT 1 -- a; comment\n, 2 /* one; more */',
      "DO $$ BEGIN PERFORM 1; PERFORM ';'; END $$",
      'DO $body$ BEGIN PERFORM $$;$$; END $body$',
      'SELECT $1, a$b$c FROM t',
    ];
    assert.deepEqual(splitStatements(statements.join(';\n')), statements);
    assert.deepEqual(splitStatements(`${statements.join(' ; ')};`), statements);
  });

  it('are none where there are only comments and blanks', () => {
    assert.deepEqual(splitStatements('-- nothing; here\n;; /* nor here; */ ;\n'), []);
    assert.deepEqual(splitStatements(''), []);
  });

  it('are, together, the shipped files but for semicolons and blanks', () => {
    const bare = (sql: string): string => sql.replace(/--[^\n]*|[;\s]/g, '');
    for (const sql of shipped) {
      const statements = splitStatements(sql);
      assert.equal(bare(statements.join('\n')), bare(sql));
      for (const statement of statements) assert.match(statement, /^(--[^\n]*\n|\s)*(CREATE|ALTER|UPDATE|COMMENT) /);
    }
  });

  it('make each table by company, except those with one row a company and those with rows of none', () => {
    const made = shipped.flatMap(splitStatements).flatMap((sql) => {
      const name = /CREATE TABLE (\w+)/.exec(sql)?.[1];
      return name === undefined
        ? []
        : [[name, asPartitioned(sql).endsWith('\nPARTITION BY HASH (company_id)')] as const];
    });
    const notDivided = made.filter(([, isDivided]) => !isDivided).map(([name]) => name);
    assert.deepEqual(notDivided, ['dim_company', 'etl_logs']);
    assert.ok(made.length > 8);
  });
});
