import assert from 'node:assert/strict';
import os from 'node:os';
import { removeCompany } from '../../src/core/core.js';
import type { RemoveCompanyResult } from '../../src/core/jobs/job.js';
import { openWarehouse } from '../../src/core/warehouse/postgres/connect.js';
import { failureOf, parseJson, runCli, type Ran } from '../support/cliProgram.js';
import { contextOf } from '../support/context.js';
import { ask, loadedOnce, servers, silent } from '../support/postgres.js';
import { fillReleased, migrationNames, rowsOfTables } from '../support/releasedSchemas.js';

const company = { id: 'old', name: 'Old Traders & Sons' };

/** Gives the warehouse a second company with the same name and the same rows in each table. */
async function addTwin(url: string): Promise<void> {
  const isPart = ({ name }: { name: string }): boolean => name.startsWith('fact_') && !/_(invoice|voucher)$/.test(name);
  const tables = await rowsOfTables(url);
  for (const { name, columns } of [...tables.filter((table) => !isPart(table)), ...tables.filter(isPart)])
    if (columns.includes('company_id'))
      await ask(
        url,
        `INSERT INTO ${name} SELECT (jsonb_populate_record(t, to_jsonb(t) || jsonb_build_object('company_id', 'twin')
           || CASE WHEN to_jsonb(t) ? 'id' THEN jsonb_build_object('id', 1000 + (to_jsonb(t) ->> 'id')::int) ELSE '{}' END)).*
         FROM ${name} t WHERE company_id = 'old'`,
      );
}

for (const server of servers())
  describe(`the removal of a company from ${server.name}`, function () {
    this.timeout(60_000);
    let url: string;
    const twoCompanies = loadedOnce(
      () => server.emptyDatabase(),
      async (made) => {
        await fillReleased(made, migrationNames.length);
        await addTwin(made);
      },
    );
    beforeEach(async () => {
      url = await twoCompanies();
    });
    const run = (words: string[]): Promise<Ran> => runCli(os.tmpdir(), ['remove-company', ...words], { DB_URL: url });
    const isOf = (id: string) => (row: string) => row.includes(`"company_id": "${id}"`);

    it('empties every table of it, and leaves every row of another company as it is', async () => {
      const before = await rowsOfTables(url);
      const ofCompanies = before.filter(({ columns }) => columns.includes('company_id'));
      for (const { name, rows } of ofCompanies) assert.ok(rows.some(isOf(company.id)), `${name} has rows of it`);
      const counts = ofCompanies.map(({ name, rows }) => [name, rows.filter(isOf(company.id)).length]);

      const counted = await removeCompany({ company: company.id, dryRun: true }, contextOf({ DB_URL: url }));
      assert.deepEqual(counted.company, company);
      assert.deepEqual(counted.tables.map(({ table, rows }) => [table, rows]).sort(), counts.sort());
      assert.deepEqual(await rowsOfTables(url), before);

      const removed = await removeCompany({ company: company.id }, contextOf({ DB_URL: url }));
      assert.deepEqual(removed.tables, counted.tables);
      const others = before.map((table) => ({ ...table, rows: table.rows.filter((row) => !isOf(company.id)(row)) }));
      assert.deepEqual(await rowsOfTables(url), others);
    });

    it('waits for no load of the company: it is told who loads it, and nothing is removed', async () => {
      const before = await rowsOfTables(url);
      const load = await openWarehouse({ dbUrl: url, dataDir: '', logger: silent, applicationName: 'a load' });
      await load.lockCompany(company.id, 'backfill');
      await assert.rejects(removeCompany({ company: company.id }, contextOf({ DB_URL: url })), {
        code: 'locked',
        message: /a load backfill/,
      });
      await load.close();
      assert.deepEqual(await rowsOfTables(url), before);
    });

    it('by the command line counts first, and removes with --yes', async () => {
      const before = await rowsOfTables(url);
      const ambiguous = await run(['--company', company.name, '--yes', '--json']);
      assert.match(failureOf(ambiguous, 'usage', 2), /several companies of the name.*GUID of one of them: old, twin/);
      const asked = await run(['--company', 'OLD']);
      assert.equal(asked.exitCode, 6);
      assert.match(
        asked.stdout,
        /^Nothing was removed\. Rows of Old Traders & Sons in the warehouse:\n {2}dim_company +1\n {2}fact_invoice +2$/m,
      );
      assert.match(asked.stdout, /^To remove it: .* remove-company --company "OLD" --yes$/m);
      assert.deepEqual(await rowsOfTables(url), before);

      const done = await run(['--company', company.id, '--yes', '--json']);
      assert.equal(done.exitCode, 0, done.stderr);
      const { tables, dryRun } = parseJson(done) as RemoveCompanyResult;
      assert.deepEqual([tables[0], dryRun], [{ table: 'dim_company', rows: 1 }, false]);

      assert.match(failureOf(await run(['--company', company.id, '--json']), 'usage', 2), /no company old/);
      assert.match(failureOf(await run(['--yes', '--json']), 'usage', 2), /--company is missing/);
    });
  });
