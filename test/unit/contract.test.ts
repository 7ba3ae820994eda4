import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { commandNames, commands, helpText, type CommandName } from '../../src/cli/help.js';
import { defaultLedgerPatterns, environmentNames } from '../../src/core/base/config.js';
import { exitCodes } from '../../src/core/base/errors.js';
import { rejectCodes } from '../../src/core/invoice/invoice.js';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');
const page = read('docs/contract.md');

/** The text of a section, up to the next heading of any level. */
function section(title: string): string {
  const start = page.indexOf(`# ${title}\n`);
  assert.ok(start >= 0, `docs/contract.md has no section "${title}"`);
  const text = page.slice(page.indexOf('\n', start));
  return text.slice(0, /\n#+ /.exec(text)?.index);
}

/** The table rows of a section whose first cell begins with a name in code, as [name, whole row]. */
const namedRows = (title: string): [name: string, row: string][] =>
  [...section(title).matchAll(/^\| `([^` ]+)[^|]*\|.*$/gm)].map(([row, name]) => [name!, row]);

/** Every name in the code spans of a text; `fact_invoice(date)` gives two names. */
const codeNames = (text: string): Set<string> =>
  new Set([...text.matchAll(/`([^`]+)`/g)].flatMap(([, code]) => code!.match(/\w+/g) ?? []));

const absent = (wanted: Iterable<string>, text: string): string[] => {
  const names = codeNames(text);
  return [...wanted].filter((name) => !names.has(name));
};

describe('docs/contract.md', () => {
  it('has the commands of the command line, each with its arguments and options, and no others', () => {
    const rows = namedRows('Command line').filter(([name]) => /^[a-z-]+$/.test(name));
    assert.deepEqual(rows.map(([name]) => name).sort(), [...commandNames].sort());
    for (const [name, row] of rows) {
      const { args, options } = commands[name as CommandName];
      const written = row.split('|')[1]!;
      assert.deepEqual(written.match(/\b(FROM|TO)\b/g) ?? [], args, name);
      const named = new Set([...written.matchAll(/--([a-z-]+)/g)].map(([, option]) => option!));
      assert.deepEqual([...named].sort(), [...options].sort(), name);
    }
  });

  it('has the options of every command and the names of the environment, and no others', () => {
    const help = helpText(undefined);
    const [, common = ''] = /Options of every command:\n(.*?)\n\n/s.exec(help) ?? [];
    const [written = ''] = /Options of every command: .*/.exec(section('Command line')) ?? [];
    for (const [option] of common.matchAll(/--[a-z-]+/g)) assert.ok(written.includes(`\`${option}`), option);
    const names = [...help.matchAll(/^ {2}([A-Z]+_[A-Z_]+) /gm)].map(([, name]) => name!);
    assert.deepEqual(
      namedRows('Environment').map(([name]) => name),
      names,
    );
    assert.deepEqual(names, environmentNames, 'a .env may say each of them');
  });

  it('has the error codes with their exit codes, each exit code, and no others', () => {
    const codes = namedRows('Error codes').map(([code, row]) => [code, Number(row.split('|')[2])]);
    assert.deepEqual(Object.fromEntries(codes), exitCodes);
    const exits = [...section('Command line').matchAll(/^\| (\d+) \|/gm)].map(([, exit]) => Number(exit));
    assert.deepEqual(
      exits,
      [...new Set([0, ...Object.values(exitCodes)])].sort((a, b) => a - b),
    );
  });

  it('has the settings and the commands of VS Code with their titles, and no others', () => {
    const { contributes } = JSON.parse(read('package.json')) as {
      contributes: {
        commands: { command: string; title: string }[];
        configuration: { properties: Record<string, unknown> };
      };
    };
    const words = JSON.parse(read('package.nls.json')) as Record<string, string>;
    const rows = namedRows('VS Code');
    const settings = Object.keys(contributes.configuration.properties);
    assert.deepEqual(
      rows.map(([name]) => name).sort(),
      [...settings, ...contributes.commands.map(({ command }) => command)].sort(),
    );
    const titles = new Map(rows.map(([name, row]) => [name, row.split('|')[2]!.trim()]));
    for (const { command, title } of contributes.commands)
      assert.equal(titles.get(command), words[title.slice(1, -1)], command);
    const patterns = rows.find(([name]) => name === 'tally.ledgerPatterns')![1];
    assert.deepEqual(absent(Object.keys(defaultLedgerPatterns), patterns), []);
  });

  it('has every table and view of the migrations, with every column', () => {
    const columns = new Map<string, Set<string>>();
    const add = (table: string, column: string): void => {
      columns.set(table, (columns.get(table) ?? new Set()).add(column));
    };
    for (const file of fs.readdirSync(path.join(root, 'migrations')).sort()) {
      const sql = read(`migrations/${file}`).replaceAll(/--.*$/gm, '');
      for (const [, table, body] of sql.matchAll(/CREATE TABLE (\w+) \(\n(.*?)\n\);/gs))
        for (const [, column] of body!.matchAll(/^ {2}([a-z]\w*) /gm)) add(table!, column!);
      for (const [, table, body] of sql.matchAll(/ALTER TABLE (\w+)(.*?);/gs))
        for (const [, column] of body!.matchAll(/ADD COLUMN (\w+)/g)) add(table!, column!);
      // Each column of a view has a comment (test/integration/warehouse.test.ts), so the comments name the columns.
      for (const [, view, column] of sql.matchAll(/COMMENT ON COLUMN (\w+)\.(\w+) IS/g)) add(view!, column!);
    }
    assert.ok(columns.size >= 14 && columns.get('fact_invoice')!.size > 30, 'the migrations could be read');
    const text = page.slice(page.indexOf('\n## Tables'), page.indexOf('\n### Signs'));
    for (const [table, names] of columns) {
      const described = text.split(/^(?=- |#|\n)/m).filter((part) => part.includes(`\`${table}\``));
      assert.ok(described.length > 0, table);
      assert.deepEqual(absent(names, described.join('')), [], `columns of ${table}`);
    }
  });

  it('has every function of the migrations, with its arguments and every column', () => {
    const functions = fs
      .readdirSync(path.join(root, 'migrations'))
      .flatMap((file) => [
        ...read(`migrations/${file}`).matchAll(/CREATE FUNCTION (\w+)\((.*?)\)\nRETURNS TABLE \((.*?)\n\)/gs),
      ]);
    assert.ok(functions.length >= 8);
    for (const [, name, args, columns] of functions) {
      const row = section('Functions')
        .split('\n')
        .find((line) => line.startsWith('- ') && line.includes(`\`${name}(`))!;
      assert.ok(row, name);
      assert.ok(
        row.includes(
          `\`${name}(${args!
            .split(', ')
            .map((arg) => arg.split(' ')[0])
            .join(', ')})\``,
        ),
        name,
      );
      assert.deepEqual(
        absent(
          columns!.split(',').map((column) => column.trim().split(' ')[0]!),
          row,
        ),
        [],
        name,
      );
    }
  });

  it('has the codes of the reasons for which a voucher is rejected', () => {
    const runs = section('Runs');
    assert.deepEqual(
      rejectCodes.filter((code) => !runs.includes(`\`${code}\``)),
      [],
    );
  });

  it('has the keys of each result, and the parts of a check', () => {
    const source = read('src/core/jobs/job.ts');
    const keysOf = (name: string): string[] => {
      const [, body] = new RegExp(`interface ${name}[^{]*\\{\n(.*?)\n\\}`, 's').exec(source)!;
      return [...body!.matchAll(/^ {2}(\w+)\??:/gm)].map(([, key]) => key!);
    };
    const text = section('Result JSON');
    const jobKeys = keysOf('JobResult');
    assert.ok(jobKeys.includes('notProven'));
    const quoted = (key: string): boolean => text.includes(`"${key}"`) || text.includes(`| \`${key}\` |`);
    assert.deepEqual(
      jobKeys.filter((key) => !quoted(key)),
      [],
    );
    for (const [command, type] of [
      ['verify', 'VerifyResult'],
      ['export', 'ExportResult'],
    ] as const) {
      const [told = ''] = new RegExp(`^\`${command}\`: .*?\n\n`, 'ms').exec(text) ?? [];
      assert.deepEqual(absent(keysOf(type), told), [], command);
    }
    const [, parts] = /(?:type CheckPart =|interface CheckItem \{\n\s*part:)([^;]*);/.exec(source)!;
    assert.deepEqual(
      namedRows('check')
        .map(([part]) => part)
        .sort(),
      [...parts!.matchAll(/'([\w-]+)'/g)].map(([, part]) => part!).sort(),
    );
  });
});
