import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import ts from '@typescript/typescript6';
import {
  backfill,
  calendar,
  check,
  clearAndReload,
  exportableCompanies,
  exportPartitioned,
  exportRange,
  invoice,
  invoices,
  ledgerTables,
  migrate,
  rejects,
  removeCompany,
  resetCheckpoint,
  status,
  summary,
  sync,
  verify,
  yearFigures,
} from '../../src/core/core.js';
import type { LedgerMasters } from '../../src/core/ledger/ledgerMasters.js';
import { openWarehouse } from '../../src/core/warehouse/postgres/connect.js';
import { writeLedgerMasters } from '../../src/core/warehouse/records/ledgerMasters.js';
import { proveEmptyDays, takeAllProof } from '../../src/core/warehouse/records/loadedDays.js';
import { countRejectsOf } from '../../src/core/warehouse/records/rejects.js';
import { rememberCollection } from '../../src/core/warehouse/records/sources.js';
import { createBook, type Book } from '../../src/demo/book/book.js';
import { startDemoServer, type DemoServer } from '../../src/demo/server.js';
import { contextOf } from '../support/context.js';
import { bookOf } from '../support/demo/bookOf.js';
import { withChanges } from '../support/demo/changedBook.js';
import { exportBytes } from '../support/exportFiles.js';
import { unreadableSale } from '../support/leanBook.js';
import { ask, emptyDatabase, silent, withoutLastMigration } from '../support/postgres.js';
import { record, type Recorded } from '../support/recordedStatements.js';
import { refusedForms } from '../support/refusedForms.js';
import { useDays } from '../support/shiftedClock.js';
import { useFolder } from '../support/useFolder.js';

const range = { from: '2025-04-01', to: '2025-06-08' };
/** Vouchers that Tally renumbers when another voucher is entered before them. */
const vouchers = [...createBook({ invoices: 260, ...range, to: '2025-06-10' }).vouchers()].map((voucher) => ({
  ...voucher,
  renumbers: true as const,
}));
const book = bookOf(vouchers, { range: { ...range, to: '2025-06-10' } });
const sales = vouchers.filter(
  ({ base, cancelled, typeName }) => base === 'sales' && !cancelled && typeName === 'Sales',
);
const [first, second, third, fourth] = [3, 30, 60, 90].map((n) => sales[n]!);

const order = { by: 'number', descending: false } as const;

/** Jobs that concern all companies. */
const ofAll = ['migrate', 'check', 'status', 'rejects', 'summary'];
/** The query for the list of companies, from which a page of one company lets its reader choose. */
const choice =
  /^WITH books AS MATERIALIZED \(SELECT company_id, min\(books_from\).*FROM public\.dim_company c LEFT JOIN books b/s;

/**
 * This ANALYZE is sent only where the tables are plain, which shapes.test.ts checks: once for each table, after a load
 * that inserted most of a company's invoices. Autovacuum would do the same, but the built-in server may stop before
 * autovacuum comes.
 */
const isOnlyWherePlain = (sql: string): boolean => sql.startsWith('ANALYZE (SKIP_LOCKED) public.');

describe('the statements that the jobs send', function () {
  this.timeout(300_000);
  const at = useDays();
  const folder = useFolder();
  const recorded: Recorded = new Map();
  let tally: DemoServer;
  let database: string;
  const companyId = book.companyGuid;

  const context = (more = {}) => contextOf({ TALLY_URL: tally.url, DB_URL: database, ...more });
  const withLedger = () => context({ TALLY_STREAMS: 'invoices,ledger' });
  const run = <T>(job: string, work: () => Promise<T>): Promise<T> => record(recorded, job, work);
  /** Sends statements that only a large book needs, or a Tally that contradicts itself or in which many people work. */
  const sendRare = async (): Promise<void> => {
    const warehouse = await openWarehouse({ dbUrl: database, dataDir: '', logger: silent, applicationName: 'test' });
    const stage = await warehouse.createStage({ id: companyId, name: book.companyName });
    const [day, runId] = [range.from, randomUUID()];
    await stage.list.seen.drop([day]);
    await stage.list.seen.addRemembered([day]);
    await stage.list.readUnchanged({ from: day, to: day });
    await stage.list.remove(['left its day']);
    for (let i = 0; i < 2; i++) await stage.merge({ from: day, to: day }, { runId, isKnown: () => true });
    await warehouse.use((session) => proveEmptyDays(session, companyId, [day], 'rules', runId));
    await warehouse.use((session) => takeAllProof(session, companyId));
    await warehouse.use((session) => countRejectsOf(session, companyId, runId));
    // As for a company that was split by years.
    const none = { groups: undefined, stockItems: undefined, units: undefined, costCentres: undefined };
    const masters = { ledgers: [], openingBills: [], voucherTypes: [], ...none };
    await warehouse.use((session) =>
      writeLedgerMasters(session, companyId, { masters, counter: 1, booksFrom: day, firstDay: day, isPart: true }),
    );
    await warehouse.use((session) => rememberCollection(session, companyId, book.companyName, null, day));
    await warehouse.close();
  };
  /** Sends the statements for lists of masters that lack masters in use. */
  const sendCutLists = async (): Promise<void> => {
    const warehouse = await openWarehouse({ dbUrl: database, dataDir: '', logger: silent, applicationName: 'test' });
    const masters: LedgerMasters = {
      ...{ ledgers: [], openingBills: [], groups: undefined },
      voucherTypes: [{ voucherTypeId: 'x', name: 'x', parentName: null, baseType: null }],
      stockItems: [
        {
          itemId: 'x',
          name: 'x',
          groupName: null,
          baseUnit: null,
          ...{ openingDate: null, openingQuantity: null, openingValue: null },
        },
      ],
      units: [{ unitId: 'x', name: 'x', isSimple: true, baseUnit: null, additionalUnit: null, conversion: null }],
      costCentres: [{ costCentreId: 'x', name: 'x', parentName: null, category: null }],
    };
    const kept = await warehouse.use((session) =>
      writeLedgerMasters(session, companyId, { masters, counter: 1, booksFrom: null, firstDay: null, isPart: false }),
    );
    assert.deepEqual(
      kept.map(({ kind }) => kind),
      ['stockItems', 'units', 'voucherTypes', 'costCentres'],
    );
    await warehouse.close();
  };
  const file = (name: string, of: Book, withMasters: boolean): string => {
    const place = path.join(folder, name);
    fs.writeFileSync(place, exportBytes(of, { withMasters }));
    return place;
  };

  before('run every job, on every way that a statement is on', async () => {
    tally = await startDemoServer({ book, keepsWorking: false, dayBook: 'honours-dates' });
    at('2025-06-08');
    database = await emptyDatabase();
    const april = { from: '2025-04-01', to: '2025-04-30' };
    await run('check', () => check(context()));
    await run('dry run', () => backfill({ ...april, dryRun: true }, withLedger()));
    await run('migrate', () => migrate(context()));
    await run('backfill', () => backfill(range, context()));
    at('2025-06-10');
    // The second sync finds that no counter of Tally has moved.
    for (let i = 0; i < 2; i++) await run('sync', () => sync(context()));

    const changed = withChanges(book, [
      { edit: first!, fields: { narration: 'late' } },
      { delete: second! },
      { redate: third!, to: '2025-05-11' },
      { create: { ...fourth!, number: '1' } },
      { renumberAfter: fourth!, by: 1 },
      { renameLedger: first!.partyLedger, to: 'Another Name' },
    ]);
    const unread = unreadableSale(90_000, '2025-05-12');
    tally.behave({ book: bookOf([...changed.vouchers(), unread], { ...changed, lastAlterId: 900_000 }) });
    await run('dry run', () => backfill({ ...range, dryRun: true }, context()));
    await run('dry run', () => clearAndReload({ ...april, dryRun: true }, context()));
    await run('verify', () => verify(range, context()));
    await run('verify', () => verify({ ...range, totals: true }, context()));
    await run('backfill', () => backfill({ ...range, from: '2025-05-01', dayByDay: true }, context()));
    await ask(
      database,
      "UPDATE etl_masters SET digest = 'another' WHERE kind IN ('voucher-type', 'stock-item', 'unit')",
    );
    await run('sync', () => sync(context()));
    await run('rejects', () => rejects({}, context()));
    await run('rejects', () => rejects({ company: companyId }, context()));
    await run('clear and reload', () => clearAndReload({ ...range, from: '2025-05-01' }, context()));
    // As if a backup without the unreadable voucher had been restored: Tally's counter has gone back.
    tally.behave({ book: withChanges(changed, [{ delete: sales[80]! }]), dayDigests: 'refused' });
    await ask(database, "UPDATE fact_invoice SET classed_by = NULL WHERE invoice_number LIKE '%2'");
    await run('clear and reload', () => clearAndReload({ ...range, force: true }, context()));
    await run('sync', () => sync(context()));
    await run('sync', sendRare);
    tally.behave({ book, dayDigests: 'offered' });
    await run('backfill', () => backfill(range, withLedger()));
    for (let i = 0; i < 2; i++) await run('sync', () => sync(withLedger()));
    await run('sync', sendCutLists);
    await run('verify', () => verify(range, withLedger()));
    const booked = vouchers.filter(({ typeName, cancelled }) => typeName === 'Receipt' && !cancelled);
    tally.behave({
      book: withChanges(book, [
        { delete: booked[0]! },
        { edit: booked[1]!, fields: { narration: 'late' } },
        { edit: sales[7]!, fields: { base: 'none', typeName: 'Memorandum' } },
      ]),
    });
    await run('sync', () => sync(withLedger()));
    await run('clear and reload', () => clearAndReload(range, withLedger()));
    for (const content of ledgerTables)
      await run('export', () =>
        exportRange({ ...april, content, path: path.join(folder, `${content}.csv`) }, context()),
      );

    await run('status', () => status({}, context()));
    await run('status', () => status({ before: 2 }, context()));
    await run('summary', () => summary(context()));
    await run('year figures', () => yearFigures({ companyId, ...april }, context()));
    await run('invoices', () => invoices({ order, offset: 0 }, context()));
    await run('invoices', () => invoice({ companyId, invoiceId: first!.guid }, context()));
    await run('calendar', () => calendar({}, context()));
    await run('check', () => check(context()));
    await run('check', () => withoutLastMigration(database, () => check(context())));
    await run('export', () => exportableCompanies(context()));
    for (const content of ['invoices', 'sales_register', 'purchase_register'] as const)
      for (const ending of ['csv', 'xlsx', 'parquet'])
        await run('export', () =>
          exportRange({ ...april, content, path: path.join(folder, `${content}.${ending}`) }, context()),
        );
    for (const filter of [{ item: 'x' }, { rate: '18.0000' }, { rate: null }, { text: '1', party: null }]) {
      await run('invoices', () => invoices({ range: april, order, offset: 0, ...filter }, context()));
      const register = { content: 'invoice_register', filter, path: path.join(folder, 'register.csv') } as const;
      await run('export', () => exportRange({ ...april, ...register }, context()));
    }
    const lake = { folder: path.join(folder, 'lake'), company: companyId };
    await run('export', () => exportPartitioned(lake, context()));
    await run('checkpoint', () => resetCheckpoint({ companyId, stream: 'invoices', lastDate: april.to }, context()));
    const ofApril = bookOf([...book.vouchers(april)], { ...book, range: april });
    const files = [file('day-book.xml', ofApril, false), file('masters.xml', ofApril, true)];
    for (const some of [files, files.slice(0, 1)])
      await run('files', () => backfill({ ...april, files: some }, withLedger()));
    await run('remove company', () => removeCompany({ company: companyId, dryRun: true }, context()));
    await run('remove company', () => removeCompany({ company: companyId }, context()));
    database = await emptyDatabase();
    await run('migrate', () => migrate(context(), { partitions: 2 }));
  });
  after(() => tally.close());

  it('have none of the forms that a cluster refuses, or for which it reads or locks another company', () => {
    const found: string[] = [];
    for (const [job, statements] of recorded)
      for (const sql of [...statements].filter((text) => !isOnlyWherePlain(text)))
        for (const form of refusedForms(sql, !ofAll.includes(job) && !choice.test(sql)))
          found.push(`${form} (${job}): ${sql.replace(/\s+/g, ' ').slice(0, 300)}`);
    assert.deepEqual(found, []);
    assert.ok([...recorded.get('backfill')!].some(isOnlyWherePlain), 'the exemption is of a statement that is sent');
  });

  it('are every statement of the warehouse that names a table', () => {
    const sent = [...recorded.values()].flatMap((statements) => [...statements]).map((sql) => sql.replace(/\s+/g, ' '));
    const unsent = statementsOf('src/core/warehouse').filter(({ head }) => !sent.some((sql) => sql.startsWith(head)));
    assert.deepEqual(unsent, []);
    assert.ok(sent.length > 100, `only ${sent.length} were recorded`);
  });
});

/** The fixed beginning of each SQL text in the sources of a folder, with the file that has it. */
function statementsOf(folder: string): { file: string; head: string }[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => {
      const place = path.join(folder, name);
      const source = ts.createSourceFile(place, fs.readFileSync(place, 'utf8'), ts.ScriptTarget.Latest, true);
      const heads: { file: string; head: string }[] = [];
      const visit = (node: ts.Node): void => {
        if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
          const [sql] = node.arguments;
          if (['query', 'execute', 'copyIn'].includes(node.expression.name.text) && sql !== undefined) {
            const head = ts.isTemplateExpression(sql)
              ? sql.head.text
              : ts.isStringLiteralLike(sql)
                ? sql.text
                : undefined;
            if (head !== undefined && /\bpublic\.|pg_temp\./.test(sql.getText()) && !sql.getText().includes('pg_dist_'))
              heads.push({ file: name, head: head.replace(/\s+/g, ' ') });
          }
        }
        ts.forEachChild(node, visit);
      };
      visit(source);
      return heads;
    });
}
