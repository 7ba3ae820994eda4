import assert from 'node:assert/strict';
import { schemaState } from '../../src/core/warehouse/postgres/migrate.js';
import { mappingVersion } from '../../src/core/invoice/invoice.js';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { Client } from 'pg';
import type { DateRange } from '../../src/core/base/calendar.js';
import type { EtlError } from '../../src/core/base/errors.js';
import type { Invoice, Reject } from '../../src/core/invoice/invoice.js';
import type { Comparison } from '../../src/core/warehouse/read/comparison.js';
import { openWarehouse } from '../../src/core/warehouse/postgres/connect.js';
import type { MergeOptions } from '../../src/core/warehouse/load/merge.js';
import type { Stage } from '../../src/core/warehouse/load/stage.js';
import type { Warehouse } from '../../src/core/warehouse/warehouse.js';
import { ledgerLine, sale, unreadable } from '../support/invoices.js';
import { ask, servers, silent } from '../support/postgres.js';

const company = { id: 'company-guid', name: 'Demo Traders' };
const april: DateRange = { from: '2024-04-01', to: '2024-04-30' };
const day = (date: string): DateRange => ({ from: date, to: date });

for (const server of servers())
  describe(`loading into ${server.name}`, function () {
    this.timeout(60_000);
    let url: string;
    let warehouse: Warehouse;

    beforeEach(async () => {
      url = await server.freshDatabase();
      warehouse = await openWarehouse({ dbUrl: url, dataDir: '', logger: silent, applicationName: 'test' });
      await warehouse.migrate();
    });
    afterEach(() => warehouse.close());

    async function staged(invoices: Invoice[], rejects: Reject[] = [], of = company): Promise<Stage> {
      const stage = await warehouse.createStage(of);
      await stage.add(invoices, rejects);
      return stage;
    }
    async function load(
      invoices: Invoice[],
      rejects: Reject[] = [],
      range = april,
      options: Partial<MergeOptions> = {},
      of = company,
    ): Promise<Comparison> {
      const stage = await staged(invoices, rejects, of);
      try {
        return await stage.merge(range, { runId: randomUUID(), ...options });
      } finally {
        await stage.close();
      }
    }
    const invoiceRows = () =>
      ask(url, 'SELECT *, xmin::text AS version FROM fact_invoice ORDER BY company_id, invoice_id');
    const lineRows = () =>
      ask(url, 'SELECT *, date::text FROM fact_invoice_line ORDER BY company_id, invoice_id, line_no');
    const everything = async () => [await invoiceRows(), await lineRows(), await ask(url, 'SELECT * FROM etl_rejects')];

    it('counts new, changed and unchanged invoices per day', async () => {
      const other = { date: '2024-04-02' };
      const first = await load([sale(1), sale(2), sale(3, other)]);
      assert.deepEqual(first.days, [
        { date: '2024-04-01', invoices: 2, inserted: 2, updated: 0, unchanged: 0, removed: 0 },
        { date: '2024-04-02', invoices: 1, inserted: 1, updated: 0, unchanged: 0, removed: 0 },
      ]);
      const second = await load([sale(1, { narration: 'edited' }), sale(2), sale(3, other), sale(4, other)]);
      assert.deepEqual(second.days, [
        { date: '2024-04-01', invoices: 2, inserted: 0, updated: 1, unchanged: 1, removed: 0 },
        { date: '2024-04-02', invoices: 2, inserted: 1, updated: 0, unchanged: 1, removed: 0 },
      ]);
    });

    it('compares with the same counts as the merge that follows', async () => {
      await load([sale(1), sale(2), sale(9)]);
      const stage = await staged([sale(1, { narration: 'edited' }), sale(2), sale(3)]);
      const { differences, ...compared } = await stage.compare(april);
      assert.deepEqual(differences?.counts, { missingHere: 1, different: 1, goneInTally: 1 });
      // Only a merge counts optional invoices.
      const { optional, ...merged } = await stage.merge(april, { runId: randomUUID() });
      assert.deepEqual([merged, optional], [compared, 0]);
      assert.equal(compared.missing, 1);
    });

    it('does not rewrite an unchanged invoice', async () => {
      await load([sale(1), sale(2)]);
      const before = await invoiceRows();
      await load([sale(1), sale(2, { narration: 'edited' })]);
      const afterwards = await invoiceRows();
      assert.deepEqual(afterwards[0], before[0]);
      assert.notEqual(afterwards[1]!.version, before[1]!.version);
    });

    it('keeps every column', async () => {
      const runId = randomUUID();
      const invoice = sale(1, {
        alterId: 9007199254740993n,
        masterId: null,
        invoiceType: 'credit_note',
        voucherType: 'Credit Note GST',
        invoiceNumber: 'CN/1',
        date: '2024-04-30',
        reference: 'S/1',
        referenceDate: '2024-02-29',
        taxableAmount: -100000n,
        cgstAmount: -1n,
        sgstAmount: 2n,
        igstAmount: -3n,
        cessAmount: 4n,
        roundOffAmount: -5n,
        otherAmount: 6n,
        totalAmount: -999999999999999999n,
        tdsAmount: 8n,
        currency: '$',
        irn: 'f'.repeat(64),
        irnAckNo: '000123456789012',
        irnAckDate: '2024-05-01',
        ewayBillNo: '012345678901',
        isCancelled: false,
        isOptional: true,
        narration: 'goods returned',
        ...{
          foreignAmount: -12345678n,
          exchangeRate: 82990001n,
          partyState: 'केरल',
          buyerName: 'Sundar',
          creditDays: 30,
        },
        ...{ partyRegistrationType: 'Regular', consigneeGstin: '32AAAAA0000A1Z5', consigneeState: 'Goa' },
        ...{ companyGstin: '27AAAAA0000A1Z5', dueDate: '2024-05-30', orderNumber: 'PO 7', orderDate: '2024-04-02' },
        ...{ natureOfReturn: '01-Sales Return', isReverseCharge: true, ewayBillDate: '2024-04-29' },
        ...{ vehicleNumber: 'MH 12', irnQrCode: 'eyJ' },
        lines: [
          ledgerLine('Sundar Stores', -118000n, { ledgerClass: 'party' }),
          {
            ...{ lineType: 'item', ledgerName: 'Sales', ledgerClass: 'taxable', itemName: 'Pump 2"', hsn: '008413' },
            ...{ quantity: -6700001n, unit: 'Nos', rate: 123456n, discountPercent: 25000n, gstRate: 180000n },
            amount: -100000n,
            ...{ description: 'a\nb', godown: 'Main', batch: 'B1', taxability: 'Taxable', typeOfSupply: 'Goods' },
          },
        ],
      });
      await load([{ ...invoice, classedBy: 'names' }], [], april, { runId });
      const [row] = await ask(
        url,
        `SELECT *, date::text, reference_date::text, irn_ack_date::text, due_date::text, order_date::text, eway_bill_date::text, (now() - loaded_at < interval '1 minute')::text AS loaded_at
         FROM fact_invoice`,
      );
      assert.deepEqual(row, {
        ...{ company_id: 'company-guid', invoice_id: 'guid-00000001', alter_id: '9007199254740993', master_id: null },
        ...{ invoice_type: 'credit_note', voucher_type: 'Credit Note GST', invoice_number: 'CN/1', date: '2024-04-30' },
        ...{ reference: 'S/1', reference_date: '2024-02-29', party_name: 'Sundar Stores' },
        ...{ party_gstin: '29AAAAA0000A1Z5', place_of_supply: 'Karnataka', taxable_amount: '-1000.00' },
        ...{ cgst_amount: '-0.01', sgst_amount: '0.02', igst_amount: '-0.03', cess_amount: '0.04' },
        ...{
          round_off_amount: '-0.05',
          other_amount: '0.06',
          total_amount: '-9999999999999999.99',
          tds_amount: '0.08',
        },
        ...{ currency: '$', irn: 'f'.repeat(64), irn_ack_no: '000123456789012', irn_ack_date: '2024-05-01' },
        ...{ eway_bill_no: '012345678901', is_cancelled: false, is_optional: true, narration: 'goods returned' },
        ...{ foreign_amount: '-1234.5678', exchange_rate: '82.990001', party_state: 'केरल', buyer_name: 'Sundar' },
        ...{ party_registration_type: 'Regular', consignee_gstin: '32AAAAA0000A1Z5', consignee_state: 'Goa' },
        ...{ company_gstin: '27AAAAA0000A1Z5', credit_days: 30, due_date: '2024-05-30', order_number: 'PO 7' },
        ...{ order_date: '2024-04-02', nature_of_return: '01-Sales Return', is_reverse_charge: true },
        ...{ eway_bill_date: '2024-04-29', vehicle_number: 'MH 12', irn_qr_code: 'eyJ' },
        ...{
          content_hash: invoice.contentHash,
          classed_by: 'names',
          mapping_version: mappingVersion,
          run_id: runId,
          missing_since: null,
          loaded_at: 'true',
        },
      });
      const [party, item] = await lineRows();
      const invoiceOfLine = { date: '2024-04-30', invoice_type: 'credit_note' };
      const key = { company_id: 'company-guid', invoice_id: 'guid-00000001', ...invoiceOfLine };
      const said = { description: 'a\nb', godown: 'Main', batch: 'B1', taxability: 'Taxable', type_of_supply: 'Goods' };
      const unsaid = { description: null, godown: null, batch: null, taxability: null, type_of_supply: null };
      const none = { item_name: null, hsn: null, quantity: null, unit: null, rate: null, discount_percent: null };
      assert.deepEqual(party, {
        ...{ ...key, line_no: 1, line_type: 'ledger', ledger_name: 'Sundar Stores', ledger_class: 'party' },
        ...{ ...none, gst_rate: null, amount: '-1180.00', ...unsaid },
      });
      assert.deepEqual(item, {
        ...{
          ...key,
          line_no: 2,
          line_type: 'item',
          ledger_name: 'Sales',
          ledger_class: 'taxable',
          item_name: 'Pump 2"',
        },
        ...{ hsn: '008413', quantity: '-670.0001', unit: 'Nos', rate: '12.3456', discount_percent: '2.5000' },
        ...{ gst_rate: '18.0000', amount: '-1000.00', ...said },
      });
    });

    it('keeps text byte for byte', async () => {
      const wild = fc.sample(fc.string({ unit: 'binary', maxLength: 60 }), 300).map((t) => t.replaceAll('\0', ''));
      const texts = ['\\N', '\\', '\\.', 'a\tb\nc\r\nd\\te', 'ñ ₹ हिन्दी 😀', '', ' ', '\u2028\u0007', ...wild];
      await load(texts.map((text, i) => sale(i, { narration: text, lines: [ledgerLine(text, 1n)] })));
      assert.deepEqual(
        (await invoiceRows()).map((row) => row.narration),
        texts,
      );
      assert.deepEqual(
        (await lineRows()).map((row) => row.ledger_name),
        texts,
      );
    });

    it('keeps a narration of a megabyte', async () => {
      const narration = 'ₓ\t'.repeat(300_000);
      await load([sale(1, { narration })]);
      assert.equal((await invoiceRows())[0]!.narration, narration);
    });

    it("keeps Tally's line order, and a ledger that comes twice", async () => {
      const names = ['Zeta', 'Freight', 'Alpha', 'Freight'];
      await load([sale(1, { lines: names.map((name, i) => ledgerLine(name, BigInt(i))) })]);
      assert.deepEqual(
        (await lineRows()).map((row) => [row.line_no, row.ledger_name]),
        names.map((n, i) => [i + 1, n]),
      );
    });

    it('replaces all lines of a changed invoice', async () => {
      await load([sale(1), sale(2)]);
      await load([sale(1, { lines: [ledgerLine('Only', 1n)] })]);
      const lines = await lineRows();
      assert.deepEqual(
        lines.map((row) => row.invoice_id),
        ['guid-00000001', ...Array<string>(3).fill('guid-00000002')],
      );
      assert.equal(lines[0]!.ledger_name, 'Only');
    });

    it('takes the last of an invoice that Tally sends twice, and counts the other', async () => {
      const stage = await warehouse.createStage(company);
      await stage.add([sale(1, { narration: 'first' }), sale(2)], []);
      await stage.add([sale(1, { narration: 'last', lines: [ledgerLine('Last', 5n)] })], []);
      const done = await stage.merge(april, { runId: randomUUID() });
      assert.equal(done.duplicates, 1);
      assert.deepEqual(done.days, [
        { date: '2024-04-01', invoices: 2, inserted: 2, updated: 0, unchanged: 0, removed: 0 },
      ]);
      assert.equal((await invoiceRows())[0]!.narration, 'last');
      assert.deepEqual((await lineRows()).map((row) => row.ledger_name).slice(0, 2), ['Last', 'Sundar Stores']);
    });

    it('moves an invoice that was given another date: one row per invoice', async () => {
      await load([sale(1, { date: '2024-04-01' })]);
      const stage = await staged([sale(1, { date: '2024-04-05' })]);
      assert.equal((await stage.compare(day('2024-04-01'))).missing, 0);
      const done = await stage.merge(day('2024-04-05'), { runId: randomUUID() });
      assert.equal(done.days[0]!.updated, 1);
      const rows = await ask(url, 'SELECT date::text FROM fact_invoice');
      assert.deepEqual(rows, [{ date: '2024-04-05' }]);
    });

    it('counts what Tally no longer has, lists the first hundred, and keeps it', async () => {
      const old = Array.from({ length: 130 }, (_, i) => sale(i, { date: i < 10 ? '2024-04-02' : '2024-04-03' }));
      await load(old);
      const done = await load([sale(129, { date: '2024-04-03' })], [unreadable({ invoiceId: 'guid-00000128' })]);
      assert.equal(done.missing, 128);
      assert.equal(done.missingInvoices.length, 100);
      assert.deepEqual(done.missingInvoices[0], {
        ...{ invoiceId: 'guid-00000000', date: '2024-04-02', invoiceType: 'sales', invoiceNumber: 'S/0' },
        totalAmount: '1180.00',
      });
      assert.equal((await invoiceRows()).length, 130);
    });

    it('removes what Tally no longer has where that is asked for, within the range and the company alone', async () => {
      await load([sale(1), sale(2), sale(3, { date: '2024-05-01' })], [], { from: '2024-04-01', to: '2024-05-31' });
      await load([sale(2)], [], april, {}, { id: 'other', name: 'Other' });
      const done = await load([sale(1)], [], april, { removeMissing: true });
      assert.deepEqual(done.days, [
        { date: '2024-04-01', invoices: 1, inserted: 0, updated: 0, unchanged: 1, removed: 1 },
      ]);
      assert.equal(done.missing, 0);
      assert.deepEqual(
        (await invoiceRows()).map((row) => `${String(row.company_id)} ${String(row.invoice_id)}`),
        ['company-guid guid-00000001', 'company-guid guid-00000003', 'other guid-00000002'],
      );
      assert.equal((await lineRows()).length, 9);
    });

    it('brings back an invoice that was marked as missing', async () => {
      await load([sale(1)]);
      await ask(url, 'UPDATE fact_invoice SET missing_since = now()');
      assert.equal((await load([sale(1)])).days[0]!.updated, 1);
      assert.equal((await invoiceRows())[0]!.missing_since, null);
    });

    it('loads again what an older mapping has written', async () => {
      await load([sale(1)]);
      await ask(url, 'UPDATE fact_invoice SET mapping_version = 0');
      assert.equal((await load([sale(1)])).days[0]!.updated, 1);
    });

    it('merges day after day from one stage, and each reject once', async () => {
      const stage = await staged(
        [sale(1), sale(2, { date: '2024-04-02' }), sale(3, { date: '2024-04-03' })],
        [unreadable({ raw: 'no date' }), unreadable({ date: '2024-04-02', raw: 'second', invoiceId: 'x' })],
      );
      const runId = randomUUID();
      for (const date of ['2024-04-01', '2024-04-02', '2024-04-02', '2024-04-03'])
        await stage.merge(day(date), { runId });
      assert.deepEqual(await ask(url, 'SELECT raw, run_id, company_id FROM etl_rejects ORDER BY raw'), [
        { raw: 'no date', run_id: runId, company_id: company.id },
        { raw: 'second', run_id: runId, company_id: company.id },
      ]);
      assert.equal((await invoiceRows()).length, 3);
      assert.equal((await lineRows()).length, 9);
    });

    it('leaves out what is staged outside of the range', async () => {
      const done = await load([sale(1), sale(2, { date: '2024-05-01' })]);
      assert.equal(done.days.length, 1);
      assert.equal((await invoiceRows()).length, 1);
    });

    it('names the company, and renames it', async () => {
      await load([sale(1)]);
      await load([sale(1)], [], april, {}, { ...company, name: 'Demo Traders (from 1-Apr-25)' });
      const rows = await ask(
        url,
        'SELECT company_id, name, first_seen_at < last_seen_at AS seen_again FROM dim_company',
      );
      assert.deepEqual(rows, [{ company_id: company.id, name: 'Demo Traders (from 1-Apr-25)', seen_again: true }]);
    });

    it('keeps the raw text of a reject, with U+FFFD for the NUL that PostgreSQL cannot hold', async () => {
      await load([], [unreadable({ raw: '<A>&#4;\0\\</A>\r\n' })]);
      assert.equal((await ask(url, 'SELECT raw FROM etl_rejects'))[0]!.raw, '<A>&#4;\uFFFD\\</A>\r\n');
    });

    it('refuses an amount of more than 18 digits and names the voucher', async () => {
      const stage = await warehouse.createStage(company);
      await assert.rejects(stage.add([sale(1), sale(2, { totalAmount: 10n ** 18n })], []), (error: EtlError) => {
        assert.equal(error.code, 'warehouse-refused');
        assert.match(error.message, /GST Sales S\/2 of 1\u00a0Apr\u00a02024: total_amount 10000000000000000\.00/);
        return true;
      });
    });

    it('leaves everything as before when the merge fails half-way', async () => {
      await load([sale(1), sale(2)]);
      const before = await everything();
      await ask(
        url,
        `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'disk full' USING ERRCODE = '53100'; END $$;
         CREATE TRIGGER refuse BEFORE INSERT ON fact_invoice_line FOR EACH ROW WHEN (NEW.ledger_name = 'boom') EXECUTE FUNCTION refuse()`,
      );
      const stage = await staged(
        [sale(1, { narration: 'edited' }), sale(3, { lines: [ledgerLine('boom', 1n)] })],
        [unreadable()],
      );
      await assert.rejects(stage.merge(april, { runId: randomUUID() }), (error: EtlError) => {
        assert.equal(error.code, 'warehouse-refused');
        assert.match(error.message, /disk full/);
        return true;
      });
      assert.deepEqual(await everything(), before);
      await ask(url, 'DROP TRIGGER refuse ON fact_invoice_line');
      const done = await stage.merge(april, { runId: randomUUID() });
      assert.deepEqual(
        done.days.map(({ inserted, updated }) => [inserted, updated]),
        [[1, 1]],
      );
      assert.equal((await ask(url, 'SELECT * FROM etl_rejects')).length, 1);
    });

    it('shows a reader the old rows until the new ones are complete', async () => {
      await load([sale(1)]);
      // The merge stops in front of this lock, after it has written the header and removed the old lines.
      await ask(
        url,
        `CREATE FUNCTION pause() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(42); RETURN NEW; END $$;
         CREATE TRIGGER pause BEFORE INSERT ON fact_invoice_line FOR EACH ROW EXECUTE FUNCTION pause()`,
      );
      const gate = new Client(url);
      await gate.connect();
      await gate.query('SELECT pg_advisory_lock(42)');
      const stage = await staged([sale(1, { totalAmount: 5n, lines: [ledgerLine('New', 5n)] }), sale(2)]);
      const merged = stage.merge(april, { runId: randomUUID() });
      const waiting = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = 42";
      while ((await ask(url, waiting)).length === 0);
      const look = () =>
        ask(
          url,
          `SELECT (SELECT sum(total_amount) FROM fact_invoice) AS total,
             (SELECT string_agg(ledger_name, ',' ORDER BY invoice_id, line_no) FROM fact_invoice_line) AS lines`,
        );
      assert.deepEqual(await look(), [{ total: '1180.00', lines: 'Sundar Stores,Sales GST 18%,Output Tax' }]);
      await gate.end();
      await merged;
      assert.deepEqual(await look(), [{ total: '1180.05', lines: 'New,Sundar Stores,Sales GST 18%,Output Tax' }]);
    });

    it('compares with an empty database and leaves it empty', async () => {
      const empty = await server.emptyDatabase();
      const untouched = await openWarehouse({ dbUrl: empty, dataDir: '', logger: silent, applicationName: 'test' });
      try {
        assert.equal(await untouched.use(schemaState), 'empty');
        const stage = await untouched.createStage(company);
        await stage.add([sale(1), sale(1), sale(2, { date: '2024-04-02' })], [unreadable()]);
        const { differences, ...compared } = await stage.compare(april);
        assert.deepEqual(differences?.counts, { missingHere: 2, different: 0, goneInTally: 0 });
        assert.deepEqual(compared, {
          days: [
            { date: '2024-04-01', invoices: 1, inserted: 1, updated: 0, unchanged: 0, removed: 0 },
            { date: '2024-04-02', invoices: 1, inserted: 1, updated: 0, unchanged: 0, removed: 0 },
          ],
          ...{ duplicates: 1, missing: 0, missingInvoices: [], unread: [] },
        });
      } finally {
        await untouched.close();
      }
      const left = await ask(empty, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace");
      assert.deepEqual(left, []);
    });

    it('holds no transaction open between the batches', async () => {
      const stage = await staged([sale(1)]);
      const open = await ask(
        url,
        "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'test' AND state <> 'idle'",
      );
      assert.deepEqual(open, []);
      await stage.close();
    });

    it("runs the guide's two statements as written", async () => {
      await load([sale(1), sale(2, { date: '2024-03-31' })], [], { from: '2024-03-01', to: '2024-04-30' });
      await ask(
        url,
        "INSERT INTO etl_checkpoints (company_id, stream_name, last_date) VALUES ('c', 'invoices', '2024-10-01')",
      );
      await ask(url, "DELETE FROM fact_invoice WHERE date >= '2024-04-01';");
      await ask(url, "UPDATE etl_checkpoints SET last_date = '2024-03-31' WHERE stream_name = 'invoices';");
      assert.equal((await invoiceRows()).length, 1);
      assert.equal((await lineRows()).length, 3);
      assert.deepEqual(await ask(url, 'SELECT last_date::text FROM etl_checkpoints'), [{ last_date: '2024-03-31' }]);
    });

    it('fails without a crash when the server cuts the session, and leaves nothing half', async () => {
      const stage = await staged([sale(1)]);
      await ask(
        url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'test'",
      );
      await assert.rejects(stage.merge(april, { runId: randomUUID() }), { code: 'warehouse-unreachable' });
      await stage.add([sale(2)], []);
      await assert.rejects(stage.compare(april), { code: 'warehouse-unreachable' });
      assert.deepEqual(await invoiceRows(), []);
    });
  });
