import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import ts from '@typescript/typescript6';

// These tests look at the sources and the manifest alone.

function sourcesUnder(folder: string): ts.SourceFile[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join(folder, file))
    .map((file) => ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true));
}

function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  for (const child of node.getChildren()) yield* nodesOf(child);
}

const isSql =
  /\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|DROP|ALTER|TRUNCATE|COPY|ANALYZE|SET|GRANT|LOCK|NOTIFY|VALUES|WHERE)\b/;

/** Lists of columns that stand in our own sources: nothing in them comes from Tally or a user. */
const lists = [
  /^namesOf\((invoiceColumns|lineColumns|rejectColumns|rowColumns|contentColumns|written|columns)(, '[a-z]\.')?\)$/,
  /^definitions\((stagedInvoice|stagedLine|stagedRow|rejectColumns|listedColumns|seenColumns)\)$/,
  /^isoTime\('([a-z]\.)?[a-z_]+'\)$/,
];
/** Expressions whose values come from another place of the same file. A person has checked each. */
const inPlace: Record<string, string[]> = {
  'src/core/warehouse/load/copyQueue.ts': ['table', 'namesOf(columns)'], // arguments of #copy, which stage.ts names
  'src/core/warehouse/load/stage.ts': ['namesOf(listedColumns)'], // a list of this file
  'src/core/warehouse/records/checkpoints.ts': ['column'], // the parameter of isoTime
  'src/core/warehouse/load/merge.ts': ['overwrite'], // made from the list of columns
  // Sources and orders of this file. The server gives the names of columns, for our own tables and views.
  'src/core/warehouse/read/exportRows.ts': [
    ...['rows', 'size', 'sources[table]', 'this.#rowsOf(table)', 'this.#orderOf(table)'],
    'matches("current_setting(\'tally_export.filter\')::jsonb")',
    ...["shown.join(', ')", "namesOf(invoiceNames, 'f.')"],
    // COPY takes no parameters: a company's id and two dates, as literals.
    ...['escapeLiteral(companyId)', 'escapeLiteral(range.from)', 'escapeLiteral(range.to)', 'from', 'to'],
    ...['source', 'ofCompany'],
  ],
  // Dates as literals, which exportRows escapes, and the name of a function of ours.
  'src/core/warehouse/read/exportLedger.ts': ['from', 'to', 'name'],
  // Terms and columns of this file. The user's filters come as parameters.
  'src/core/warehouse/read/invoiceList.ts': [
    ...['registerOrder(order)', "partOf('$4::jsonb')", "matches('$4::jsonb')"],
    ...["amounts.map((name) => `${name}_amount`).join(', ')"],
    ...["amounts.map((name) => `${name}_amount::text AS ${name}`).join(', ')"],
    ...["amounts.map((name) => `sum(${name}_amount)::text AS ${name}`).join(', ')"],
  ],
  // The term `asked` says where the filter stands: in a parameter, or in a setting of the transaction.
  'src/core/warehouse/read/registerFilter.ts': ['asked', 'linesOfInvoice', 'isOfItem(asked)', 'isAtRate(asked)'],
  'src/core/warehouse/read/wholeInvoice.ts': ['asText(lineColumns)', 'asText(shown)'], // column names from the catalog
  'src/core/warehouse/read/summary.ts': ['await booksOf(connection)', 'days'], // terms of this file
  'src/core/warehouse/records/removeCompany.ts': ['table'], // our own tables
  // DDL takes no parameters: names of our own roles, escaped; a verifier and a time, as literals.
  'src/core/warehouse/embedded/ownerPassword.ts': ['escapeLiteral(scramVerifier(password))'],
  'src/core/warehouse/embedded/readers/readers.ts': [
    ...['user', 'name', 'until', 'escapeIdentifier(user)'],
    ...['escapeLiteral(scramVerifier(reader.password))', 'escapeLiteral(until)', 'groups[rights].name', 'rights'],
  ],
};

/** Whether an expression is the same text in every run: literals, and constants that are made only of literals. */
function isFixed(expression: ts.Expression, source: ts.SourceFile): boolean {
  const text = expression.getText(source);
  if (lists.some((known) => known.test(text)) || inPlace[source.fileName]?.includes(text)) return true;
  if (ts.isStringLiteralLike(expression)) return true;
  if (ts.isTemplateExpression(expression))
    return expression.templateSpans.every((span) => isFixed(span.expression, source));
  if (ts.isConditionalExpression(expression))
    return isFixed(expression.whenTrue, source) && isFixed(expression.whenFalse, source);
  return ts.isNumericLiteral(expression) || (ts.isIdentifier(expression) && isFixedName(text, source));
}

function isFixedName(text: string, source: ts.SourceFile): boolean {
  for (const statement of source.statements) {
    if (ts.isVariableStatement(statement) && (statement.declarationList.flags & ts.NodeFlags.Const) !== 0)
      for (const { name, initializer } of statement.declarationList.declarations)
        if (name.getText(source) === text && initializer) return isFixed(initializer, source);
    if (!ts.isImportDeclaration(statement) || !statement.importClause?.getText(source).match(`\\b${text}\\b`)) continue;
    const from = (statement.moduleSpecifier as ts.StringLiteral).text;
    const file = path.join(path.dirname(source.fileName), from).replace(/\.js$/, '.ts');
    const imported = ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
    return isFixedName(text, imported);
  }
  return false;
}

/**
 * Names of tables and columns that stand in the source, and numbers of parameters. tryWrites.ts, for the trial of a
 * check, has the quoted columns of our own tables from the catalog.
 */
const ownNames: Readonly<Record<string, readonly string[]>> = {
  'src/core/warehouse/tryWrites.ts': ['table', 'names', "columns.map(valueOf).join(', ')"],
  // Tables of this file for parts of vouchers, with their columns, and terms made from them.
  'src/core/warehouse/load/ledgerStage.ts': [
    ...['namesOf(voucherColumns)', "namesOf(voucherColumns, 's.')", 'namesOf(written)', 'overwrite', 'knownVouchers'],
    ...['definitions(stagedVoucher)', 'definitions([seqColumn, ...columns])', 'stage', 'table', 'key', 'ofRange'],
    ...["stageTables.map((name) => `pg_temp.${name}`).join(', ')", "namesOf(own, 'f.')", "namesOf(own, 's.')"],
    ...["partTables.map(({ stage }) => `pg_temp.${stage} (seq)`).join(', ')", 'namesOf(columns)'],
    ...["partTables.map(({ table }) => ` OR o_${table}.seq IS NOT NULL`).join('')"],
    ...["namesOf(columns, 'p.')", "namesOf(columns, 'a.')", "namesOf(columns, 'b.')", 'vouchersOfRange', 'isMissing'],
    ...['other.ctes', 'other.joins', 'other.differs'],
  ],
  // Terms of this file; the stream `ledger` decides which ones are used.
  'src/core/warehouse/load/stagedList.ts': [
    ...['known', 'name', "knownInvoices('known_invoices')", 'this.#knownAndDays', 'this.#present', 'invoices'],
    ...[
      'otherVouchers',
      "invoiceTypes.map((type) => `'${type}'`).join(', ')",
      "this.withLedger ? `UNION ALL SELECT date, NULL, 0, count(*) FROM (${otherVouchers}) others GROUP BY date` : ''",
    ],
  ],
  // Tables of this file for masters, with their columns.
  'src/core/warehouse/records/ledgerMasters.ts': [
    ...[
      'table',
      'types',
      'namesOf(keys)',
      'namesOf(shown)',
      "namesOf(keys, 'm.')",
      "namesOf(keys, 'd.')",
      'namesOf(columns)',
      "key.join(', ')",
    ],
    ...["namesOf(columns, 'm.')", "namesOf(written, 'd.')", "namesOf(written, 'excluded.')"],
    ...["written.map(({ name }) => `${name} = excluded.${name}`).join(', ')"],
  ],
  // Tables of this file, for which it collects statistics.
  'src/core/warehouse/load/stage.ts': ['table', "tables.join(', ')"],
  'src/core/warehouse/records/rejects.ts': ["withLedger ? `OR ${isReadVoucher}` : ''"],
  'src/core/warehouse/records/knownMasters.ts': ['table', 'column', 'values.length', String.raw`shown.join('\n     ')`],
  'src/core/warehouse/load/merge.ts': [
    'namesOf(headColumns)',
    "namesOf(headColumns, 'c.')",
    'replaces ? `${knownRows}, ${knownLines(ourLines)}` : knownHashes',
    "replaces ? otherLines(ourLines) : ''",
  ],
  'src/core/warehouse/load/otherRows.ts': [
    'namesOf([...lineColumns, ...headOf(table)])',
    "[namesOf(lineColumns, 'l.'), ...head.map(({ name }) => `i.${name}`)].join(', ')",
    ...['l.', 'a.', 'b.'].map((row) => `namesOf(all, '${row}')`),
  ],
  'src/core/warehouse/read/differences.ts': [
    "by === 'load' ? knownHashes : `${knownRows}, ${knownLines(table)}`",
    "by === 'load' ? '' : otherLines(table)",
  ],
  'src/core/warehouse/read/invoiceList.ts': ['partOf(terms)', 'matches(terms)'],
  'src/core/warehouse/read/monthStates.ts': ["namesOf(headColumns, 'l.')"],
  // `company` is a parameter's number, or the literal that exportRows escapes: COPY takes no parameters.
  'src/core/warehouse/read/registerFilter.ts': ['company', 'linesOfInvoice(company)'],
  // Escaped names from the catalog, and numbers.
  'src/core/warehouse/postgres/partitions.ts': ['part', 'table', 'count', 'i'],
};
/** Calls with statements of the shipped migration files, and of the library that runs these files. */
const shippedSql = [
  'connection.query(statement)',
  'client.query(text, values)',
  'client.query(partitions === null ? statement : asPartitioned(statement))',
];

describe('the SQL of the product', () => {
  const sources = [...sourcesUnder('src/core'), ...sourcesUnder('src/cli'), ...sourcesUnder('src/extension')];

  it('has nothing put into its text but our own names of columns and tables', () => {
    const found: string[] = [];
    let templates = 0;
    for (const source of sources)
      for (const node of nodesOf(source)) {
        if (!ts.isTemplateExpression(node) || !source.fileName.startsWith('src/core/warehouse')) continue;
        if (!isSql.test(node.getText()) || ts.isThrowStatement(node.parent)) continue;
        templates++;
        for (const { expression } of node.templateSpans)
          if (!isFixed(expression, source) && !ownNames[source.fileName]?.includes(expression.getText()))
            found.push(`${source.fileName}: \${${expression.getText()}} in ${node.getText().slice(0, 60)}`);
      }
    assert.deepEqual(found, []);
    assert.ok(templates >= 10, `only ${templates} were looked at`);
  });

  it('is written out where it is asked, with its values beside it', () => {
    const asks = ['query', 'execute', 'copyIn'];
    const handsOn = 'src/core/warehouse/postgres/connection.ts';
    const found: string[] = [];
    let calls = 0;
    for (const source of sources)
      for (const node of nodesOf(source)) {
        if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) continue;
        if (!asks.includes(node.expression.name.text) || source.fileName === handsOn) continue;
        calls++;
        const [sql] = node.arguments;
        if (sql === undefined || ts.isStringLiteralLike(sql) || ts.isTemplateExpression(sql)) continue;
        if (source.fileName === 'src/core/warehouse/postgres/migrate.ts' && shippedSql.includes(node.getText()))
          continue;
        found.push(`${source.fileName}: ${node.getText().slice(0, 80)}`);
      }
    assert.deepEqual(found, []);
    assert.ok(calls >= 30, `only ${calls} were looked at`);
  });

  it('is asked by the warehouse alone', () => {
    const outside = sources
      .filter(({ fileName }) => !fileName.startsWith('src/core/warehouse'))
      .filter(({ text }) => /from 'pg(-copy-streams)?'/.test(text));
    assert.deepEqual(
      outside.map(({ fileName }) => fileName),
      [],
    );
  });
});

describe('the network', () => {
  const sources = ['src/core', 'src/extension', 'src/cli'].flatMap(sourcesUnder);
  const using = (words: RegExp): string[] =>
    sources.filter(({ text }) => words.test(text)).map(({ fileName }) => fileName);

  it('is used to talk to Tally and to PostgreSQL, by the places that do so, and by nothing else', () => {
    // serverProcess.ts looks for a free port of this computer. Only types are imported from `undici` itself.
    const network =
      /^import (?!type )[^;]*'(node:)?(net|tls|https?|http2|dgram|pg|ws|undici[^']*)'|\b(require|import)\('(node:)?(net|tls|https?|http2)'|\bfetch\(|\b(WebSocket|XMLHttpRequest|sendBeacon|EventSource)\b/m;
    const expected = [
      'src/core/tally/http/connection.ts',
      'src/core/warehouse/embedded/serverProcess.ts',
      'src/core/warehouse/postgres/client.ts',
    ];
    assert.deepEqual(
      using(network)
        .filter((file) => !file.endsWith('.d.ts'))
        .sort(),
      expected,
    );
  });

  it('is asked for no address of ours', () => {
    // 192.168.1.20 is an example in a hint. schemas.microsoft.com is in the name of an XML vocabulary.
    const addresses = sources.flatMap(({ text }) => text.match(/https?:\/\/\w[\w.-]*/g) ?? []);
    assert.deepEqual(
      [...new Set(addresses)].filter(
        (one) => !/^https?:\/\/(localhost|127\.0\.0\.1|192\.168\.1\.20|host|schemas\.microsoft\.com)$/.test(one),
      ),
      [],
    );
  });
});

describe('what the extension shows', () => {
  const sources = sourcesUnder('src/extension');
  const using = (words: RegExp): string[] =>
    sources.filter(({ text }) => words.test(text)).map(({ fileName }) => fileName);

  it('has a strict content security policy wherever it is a web page', () => {
    const pages = sources.filter(({ text }) => /createWebviewPanel|registerWebview|registerCustomEditor/.test(text));
    const open = pages.filter(
      ({ text }) =>
        !text.includes('Content-Security-Policy') ||
        !text.includes("default-src 'none'") ||
        /unsafe-(inline|eval)/.test(text),
    );
    assert.deepEqual(
      open.map(({ fileName }) => fileName),
      [],
    );
  });

  it('is never markdown that may run commands, hold HTML or draw icons of its own', () => {
    assert.deepEqual(
      using(/isTrusted\s*[:=]\s*(true|\{)|supportHtml|supportThemeIcons|new vscode\.MarkdownString\([^)]*, true/),
      [],
    );
  });

  it('opens no address and runs no command that a text names', () => {
    assert.deepEqual(using(/vscode\.open'|Uri\.parse\(/), []);
    // The one use opens a file that was just exported to where the user said.
    assert.deepEqual(using(/openExternal/), ['src/extension/commands/exportRange.ts']);
    assert.match(
      fs.readFileSync('src/extension/commands/exportRange.ts', 'utf8'),
      /^(?!.*openExternal.*openExternal).*openExternal\(file\)/s,
    );
    const calls = sources.flatMap((source) =>
      [...nodesOf(source)].filter(
        (node) => ts.isCallExpression(node) && node.expression.getText().endsWith('commands.executeCommand'),
      ),
    ) as ts.CallExpression[];
    // The one name that is no literal is in runCommand.ts: its type allows our own commands alone.
    const named = calls.map((call) => call.arguments[0]!).filter((name) => !ts.isStringLiteral(name));
    assert.deepEqual(
      named.map((name) => `${name.getSourceFile().fileName}: ${name.parent.getText()}`),
      ['src/extension/commands/runCommand.ts: vscode.commands.executeCommand(id, argument)'],
    );
  });

  it('goes through one place where it is a notification, which makes no links of it', () => {
    const isModal = (call: ts.Node): boolean =>
      ts.isCallExpression(call) &&
      call.arguments.some((one) => ts.isObjectLiteralExpression(one) && one.getText().includes('modal: true'));
    const inPlaces = sources.filter((source) =>
      [...nodesOf(source)].some(
        (node) =>
          ts.isPropertyAccessExpression(node) &&
          /window\.show(Information|Warning|Error)Message$/.test(node.getText()) &&
          !isModal(node.parent),
      ),
    );
    assert.deepEqual(
      inPlaces.map(({ fileName }) => fileName),
      ['src/extension/notices/notifier.ts'],
    );
    assert.match(fs.readFileSync('src/extension/notices/notifier.ts', 'utf8'), /show\(unlinked\(text\)/);
  });
});

describe('the manifest', () => {
  const manifest = JSON.parse(fs.readFileSync('package.json', 'utf8')) as {
    extensionKind: string[];
    activationEvents: string[];
    scripts: Record<string, string>;
    capabilities: Record<string, { supported: string; description?: string; restrictedConfigurations?: string[] }>;
    contributes: { configuration: { properties: Record<string, { scope: string; type: string; format?: string }> } };
  };
  const { properties } = manifest.contributes.configuration;

  it('gives each setting its scope: a book is read from where the user says, not where a folder says', () => {
    assert.deepEqual(Object.fromEntries(Object.entries(properties).map(([name, { scope }]) => [name, scope])), {
      'tally.url': 'machine-overridable',
      'tally.company': 'window',
      'tally.companies': 'window',
      'tally.report': 'window',
      'tally.streams': 'window',
      'tally.overlapDays': 'window',
      'tally.timeoutSeconds': 'window',
      // Programs in this folder are run, so no workspace may name it, trusted or not.
      'tally.dataFolder': 'machine',
      'tally.syncEveryMinutes': 'window',
      'tally.ledgerPatterns': 'machine-overridable',
      'tally.language': 'window',
    });
  });

  it('takes from a folder that is not trusted nothing that decides which books are read, when, and how they are classed', () => {
    const { untrustedWorkspaces, virtualWorkspaces } = manifest.capabilities;
    assert.equal(untrustedWorkspaces!.supported, 'limited');
    assert.deepEqual(untrustedWorkspaces!.restrictedConfigurations!.sort(), [
      'tally.companies',
      'tally.company',
      'tally.ledgerPatterns',
      'tally.streams',
      'tally.syncEveryMinutes',
      'tally.url',
    ]);
    // These change neither what is read nor where it goes, or no workspace can set them (tally.dataFolder).
    const harmless = [
      'tally.report',
      'tally.overlapDays',
      'tally.timeoutSeconds',
      'tally.dataFolder',
      'tally.language',
    ];
    assert.deepEqual(
      Object.keys(properties).filter((name) => !untrustedWorkspaces!.restrictedConfigurations!.includes(name)),
      harmless,
    );
    const words = JSON.parse(fs.readFileSync('package.nls.json', 'utf8')) as Record<string, string>;
    const inWords = (key = ''): string => words[key.slice(1, -1)] ?? '';
    assert.ok(inWords(untrustedWorkspaces!.description).length > 50);
    assert.equal(virtualWorkspaces!.supported, 'limited');
    assert.ok(inWords(virtualWorkspaces!.description).length > 50);
  });

  it('has no setting for the warehouse, its password or a program to run, and for the data folder none of a workspace', () => {
    assert.deepEqual(
      Object.keys(properties).filter((name) =>
        /warehouse|db|password|secret|token|dir|folder|path|command|exec/i.test(name),
      ),
      ['tally.dataFolder'],
    );
    assert.equal(properties['tally.dataFolder']!.scope, 'machine');
  });

  it('runs no script of ours when it is installed', () => {
    assert.deepEqual(
      Object.keys(manifest.scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name)),
      [],
    );
  });
});
