import assert from 'node:assert/strict';
import { demoCompanyName } from '../../../src/demo/demoNames.js';
import { bookOf } from '../../support/demo/bookOf.js';
import { leanSale } from '../../support/leanBook.js';
import { countIn } from '../../support/warehouseContents.js';
import { rowsOf, useDesk } from './shown.js';

describe('Remove Company, in VS Code,', function () {
  this.timeout(60_000);
  const range = { from: '2024-04-01', to: '2024-04-30' };
  const desk = useDesk({ book: bookOf([leanSale(1, '2024-04-05'), leanSale(2, '2024-04-06')]) }, ({ driver }) =>
    driver.runOn('tally.backfillRange', range),
  );

  it('shows what there is, and removes it only when the name of the company has been typed', async () => {
    const { driver, databaseUrl } = desk;
    const choose = { choose: demoCompanyName };
    await driver.run('tally.removeCompany', choose, { write: 'another name', refused: true });
    assert.match(
      driver.boxes.at(-1)?.remark ?? '',
      /: 2 invoices with 4 lines, its checkpoint .* Type the name of the company/,
    );
    assert.equal(await countIn(databaseUrl, 'fact_invoice'), 2);

    await driver.run('tally.removeCompany', choose, { write: demoCompanyName.toUpperCase() });
    assert.match(driver.messages.at(-1)?.text ?? '', /^Removed .* from 127\.0\.0\.1.*: 2 invoices with 4 lines\.$/);
    for (const table of ['fact_invoice', 'etl_days', 'dim_company'])
      assert.equal(await countIn(databaseUrl, table), 0, table);
  });

  it('does not ask which on the row of a company', async () => {
    const { driver, databaseUrl } = desk;
    const [row] = await rowsOf('Warehouse');
    assert.equal(row?.item.contextValue, 'company');
    await driver.runOn('tally.removeCompany', row.node, { write: demoCompanyName });
    assert.match(driver.messages.at(-1)?.text ?? '', /^Removed .*: 2 invoices with 4 lines\.$/);
    assert.equal(await countIn(databaseUrl, 'dim_company'), 0);
  });
});
