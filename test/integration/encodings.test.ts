import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { EtlError } from '../../src/core/base/errors.js';
import { check, migrate } from '../../src/core/jobs/check/check.js';
import { backfill, sync, verify } from '../../src/core/core.js';
import { status } from '../../src/core/jobs/status.js';
import { contextOf } from '../support/context.js';
import { ask, servers } from '../support/postgres.js';
import { useTally } from '../support/useTally.js';

const range = { from: '2024-04-01', to: '2024-04-30' };

for (const server of servers())
  describe(`the encoding of a database of ${server.name}`, function () {
    this.timeout(60_000);
    const tally = useTally({ book: { invoices: 60, ...range } });
    let template: string;
    const names: string[] = [];

    before(async () => {
      template = await server.freshDatabase();
    });
    after(async () => {
      for (const name of names) await ask(template, `DROP DATABASE ${name}`);
    });

    async function databaseIn(encoding: string): Promise<string> {
      const name = `encoded_${randomBytes(4).toString('hex')}`;
      names.push(name);
      await ask(
        template,
        `CREATE DATABASE ${name} ENCODING '${encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`,
      );
      return Object.assign(new URL(template), { pathname: `/${name}` }).href;
    }
    const contextFor = (url: string) => contextOf({ TALLY_URL: tally.url, DB_URL: url });

    for (const encoding of ['LATIN1', 'WIN1252', 'EUC_JP'])
      it(`is named before anything is written, with what to do: ${encoding}`, async () => {
        const url = await databaseIn(encoding);
        for (const job of [
          () => migrate(contextFor(url)),
          () => sync(contextFor(url)),
          () => backfill(range, contextFor(url)),
          () => backfill({ ...range, dryRun: true }, contextFor(url)),
        ])
          await assert.rejects(job(), (error) => {
            assert.ok(error instanceof EtlError);
            assert.equal(error.code, 'warehouse-refused');
            assert.match(error.message, new RegExp(`encoding ${encoding}.*UTF8`));
            assert.match(error.hint, /ENCODING 'UTF8'/);
            return true;
          });
        assert.deepEqual(await ask(url, "SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace"), []);
        const found = (await check(contextFor(url))).find(({ part }) => part === 'warehouse');
        assert.equal(found?.ok, false);
        assert.match(found.message, new RegExp(encoding));
        assert.match(found.remedy!, /ENCODING 'UTF8'/);
        assert.deepEqual((await status({}, contextFor(url))).checkpoints, [], 'reading is allowed');
      });

    it('may be SQL_ASCII: every text is as in UTF8', async () => {
      const [ascii, utf8] = [await databaseIn('SQL_ASCII'), await databaseIn('UTF8')];
      const text = async (url: string): Promise<unknown> => {
        await backfill(range, contextFor(url));
        const again = await backfill(range, contextFor(url));
        assert.deepEqual([again.inserted, again.updated, again.missing], [0, 0, 0]);
        const { listed, notProven } = await verify(range, contextFor(url));
        assert.deepEqual([listed, notProven], [[], null]);
        return ask(
          url,
          `SELECT invoice_id, content_hash, encode(textsend(concat_ws('|', party_name, narration, invoice_number)), 'hex')
           FROM fact_invoice ORDER BY invoice_id COLLATE "C"`,
        );
      };
      assert.deepEqual(await text(ascii), await text(utf8));
      const rights = (await check(contextFor(ascii))).filter(({ ok }) => !ok);
      assert.deepEqual(rights, []);
    });
  });
