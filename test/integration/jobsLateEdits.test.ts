import assert from 'node:assert/strict';
import { backfill, sync as syncOnce, verify } from '../../src/core/core.js';
import { createBook, type Book } from '../../src/demo/book/book.js';
import { bookOf } from '../support/demo/bookOf.js';
import { withChanges } from '../support/demo/changedBook.js';
import { splitAt } from '../../src/demo/book/splitAt.js';
import { unitNames } from '../../src/demo/answers/xml/masterRows.js';
import type { DemoVoucher, Entry } from '../../src/demo/book/voucher.js';
import { contextOf } from '../support/context.js';
import { rawVoucher } from '../support/leanBook.js';
import { ask, loadedOnce, servers } from '../support/postgres.js';
import { useToday } from '../support/shiftedClock.js';
import { useTally } from '../support/useTally.js';

const today = '2025-06-10';
const dates = ['2022-04-05', '2022-06-05', '2023-05-05', '2023-05-07', '2024-06-06', '2024-06-09', '2025-05-05'];
/** Sales of stock items, one for each of `dates`. Three years have two, as an empty list is asked for twice. */
const plain = [...createBook({ invoices: 150, from: '2024-02-01', to: today }).vouchers()].filter(
  ({ base, typeName, cancelled, forex, entries }) =>
    base === 'sales' && typeName === 'Sales' && !cancelled && !forex && entries.some(({ kind }) => kind === 'item'),
);
const whole = { range: { from: dates[0]!, to: today } };
const book = bookOf(
  dates.map((date, i) => ({ ...plain[i]!, date })),
  whole,
);
const vouchers = [...book.vouchers()];

/** The same books as Tally shows them after masters were changed, which changes no voucher's ALTERID. */
const asShown = (now: Book, fields: Partial<Book>, show: (voucher: DemoVoucher) => DemoVoucher = (v) => v): Book => ({
  ...now,
  ...fields,
  lastMasterAlterId: (now.lastMasterAlterId ?? 4_100) + 1,
  *vouchers(range) {
    for (const voucher of now.vouchers(range)) yield show(voucher);
  },
});

for (const server of servers().slice(0, 1))
  describe(`a sync that finds four financial years in the warehouse, on ${server.name},`, function () {
    this.timeout(60_000);
    useToday(today);
    // With digests a sync does not ask for most lists, so they are refused here. jobsDigests.test.ts tests them.
    const tally = useTally({ keepsWorking: false, dayBook: 'honours-dates', dayDigests: 'refused' });
    let database: string;
    const context = (more: Record<string, string> = {}) =>
      contextOf({ TALLY_URL: tally.url, DB_URL: database, ...more });
    const ofList = (sql: string) => ask(database, sql);
    /** A sync that relies on nothing settled today, because these books change in ways that no counter shows. */
    const sync: typeof syncOnce = async (...args) => {
      await ofList('UPDATE etl_sources SET settled_on = NULL');
      return syncOnce(...args);
    };
    const datesWhere = async (from: string) =>
      (await ofList(`SELECT date::text FROM ${from} ORDER BY 1`)).map(({ date }) => date as string);
    const marked = () => datesWhere('fact_invoice WHERE missing_since IS NOT NULL');
    const unproven = () => datesWhere("etl_days WHERE rules_hash = ''");

    /** A warehouse into which these books were loaded and then synced. */
    const syncedOf = (books: Book) =>
      loadedOnce(
        () => server.freshDatabase(),
        async (url) => {
          database = url;
          tally.behave({ book: books });
          await backfill({ from: dates[0]!, to: today }, context());
          await sync(context());
        },
      );
    const synced = syncedOf(book);

    beforeEach(async () => {
      tally.behave({ book, otherBooks: [], fault: { kind: 'none' }, voucherIndex: 'offered', onRequest: undefined });
      database = await synced();
    });

    it('marks nothing as gone while Tally does not give the list of one year: it may be there', async () => {
      const changed = withChanges(book, [{ redate: vouchers[4]!, to: '2023-05-06' }, { delete: vouchers[3]! }]);
      tally.behave({ book: changed, fault: { kind: 'unknown-request', on: 'vouchers', after: 4, times: 1 } });
      const { warnings, older } = await sync(context());
      assert.match(
        warnings.join('\n'),
        /^Tally did not give its list of vouchers of 1\u00a0Apr\u00a02023\u00a0– 31\u00a0Mar\u00a02024: what the warehouse has of this period was not compared\. .*\n1 voucher of the warehouse is not in Tally's list .* the voucher was not marked as missing\. The next sync tries again\.$/,
      );
      assert.deepEqual([older?.invoices, await marked()], [5, []]);
      assert.equal((await sync(context())).missing, 1);
      assert.deepEqual(await marked(), [dates[3]]);
      assert.deepEqual(
        (await ofList('SELECT date::text FROM fact_invoice ORDER BY 1')).map(({ date }) => date),
        dates.map((date, i) => (i === 4 ? '2023-05-06' : date)).sort(),
      );
    });

    it('proves the days without an invoice again after a backup was restored, but not where the list is doubtful', async () => {
      await ofList('UPDATE etl_sources SET voucher_counter = voucher_counter + 9');
      tally.behave({ fault: { kind: 'unknown-request', on: 'vouchers', after: 4, times: 1 } });
      assert.match(
        (await sync(context())).warnings.join(),
        /^Tally's count of changes has gone back, .*a backup was restored/,
      );
      assert.ok((await unproven()).length > 300, 'a year without its list');
      await sync(context());
      assert.deepEqual(await unproven(), []);
    });

    it('compares an earlier part of a split company too, whose books end before its days', async () => {
      const [earlier, later] = splitAt(book, '2025-04-01', `${book.companyName} (from 1-Apr-25)`);
      const edited = withChanges(earlier, [
        { edit: vouchers[1]!, fields: { narration: 'late' } },
        { delete: vouchers[4]! },
      ]);
      tally.behave({ book: later, otherBooks: [edited] });
      await sync(context({ TALLY_COMPANY: later.companyName }));
      assert.deepEqual([await unproven(), await marked()], [[], []], 'the other part is none of its business');
      const { from, to, checkpoint, warnings, updated } = await sync(context({ TALLY_COMPANY: earlier.companyName }));
      assert.deepEqual(
        [from, to, checkpoint, updated, await marked()],
        ['2025-03-31', '2025-03-31', today, 1, ['2024-06-06']],
      );
      assert.match(warnings.join(), /end on 31\u00a0Mar\u00a02025: what was loaded of them was compared/);
    });

    it('reports progress that never goes back, in count or date, while it reads older days again', async () => {
      const edits = [vouchers[1]!, vouchers[3]!].map((edit) => ({ edit, fields: { narration: 'late' } }));
      tally.behave({ book: withChanges(book, edits) });
      const asked = context();
      assert.equal((await sync(asked)).updated, 2);
      const steps = asked.progress.filter(({ phase }) => phase !== 'preparing');
      const [invoices, dates] = [steps.map((step) => step.invoices), steps.flatMap(({ date }) => date ?? [])];
      assert.deepEqual(
        invoices,
        invoices.toSorted((a, b) => a - b),
      );
      assert.equal(invoices.at(-1), 2);
      assert.deepEqual(dates, dates.toSorted());
    });

    it('marks what was re-dated to a day that was never loaded, once, and moves it when it comes back', async () => {
      await ofList("DELETE FROM etl_days WHERE date BETWEEN '2022-08-01' AND '2022-08-31'");
      await verify({ from: dates[1]!, to: dates[1]! }, context());
      tally.behave({ book: withChanges(book, [{ redate: vouchers[1]!, to: '2022-08-15' }]) });
      assert.deepEqual([(await sync(context())).missing, await marked()], [1, [dates[1]]]);
      assert.deepEqual(await datesWhere('etl_verified'), [], 'what verify found there holds no longer');
      assert.deepEqual([(await sync(context())).missing, await marked()], [0, [dates[1]]]);
      tally.behave({ book: withChanges(book, [{ redate: vouchers[1]!, to: '2023-09-15' }]) });
      assert.deepEqual([(await sync(context())).updated, await marked()], [1, []]);
      assert.ok((await datesWhere('fact_invoice')).includes('2023-09-15'));
    });

    it('counts an invoice as moved, not as missing, that was re-dated from its own days to an older one', async () => {
      const onToday = withChanges(book, [{ redate: vouchers[6]!, to: today }]);
      tally.behave({ book: onToday });
      await sync(context());
      const moved = [...onToday.vouchers()].find(({ guid }) => guid === vouchers[6]!.guid)!;
      tally.behave({ book: withChanges(onToday, [{ redate: moved, to: dates[6]! }]) });
      const { updated, missing, missingInvoices } = await sync(context());
      assert.deepEqual([updated, missing, missingInvoices], [1, 0, []]);
      assert.deepEqual(await ofList('SELECT missing FROM etl_logs ORDER BY id DESC LIMIT 1'), [{ missing: 0 }]);
    });

    it('loads a day whose vouchers were all imported from another company, as Tally lists them', async () => {
      const create = { ...vouchers[6]!, date: '2025-05-20', number: 'IMPORTED' };
      const ofCompany = 'ffffffff-0000-4000-8000-000000000001';
      tally.behave({ book: withChanges(book, [{ create, ofCompany }]) });
      const { inserted, warnings } = await backfill({ from: '2025-05-20', to: '2025-05-20' }, context());
      assert.equal(inserted, 1);
      assert.match(warnings.join(), /GUID of another company/);
    });

    it('sees that a voucher was renumbered, though no ALTERID has moved', async () => {
      tally.behave({ book: withChanges(book, [{ renumber: vouchers[1]!, number: 'AUTO/2' }]) });
      const { updated, notProven } = await sync(context());
      assert.deepEqual([updated, notProven], [1, null]);
      assert.deepEqual(await datesWhere("fact_invoice WHERE invoice_number = 'AUTO/2'"), [dates[1]]);
      tally.behave({ book: withChanges(book, [{ renumber: vouchers[2]!, number: 'AUTO/3' }]) });
      assert.equal((await backfill({ from: dates[1]!, to: dates[2]! }, context())).updated, 2);
    });

    it('sees other vouchers under the same ids after a restored backup', async () => {
      const by = { ...vouchers[4]!, date: '2025-06-01', number: 'OTHER/1' };
      tally.behave({ book: withChanges(book, [{ replace: vouchers[6]!, by }]) });
      await sync(context());
      assert.deepEqual(await datesWhere("fact_invoice WHERE invoice_number = 'OTHER/1'"), ['2025-06-01']);
      assert.deepEqual(await datesWhere(`fact_invoice WHERE invoice_id = '${vouchers[6]!.guid}'`), ['2025-06-01']);
      assert.deepEqual(await marked(), []);
    });

    it('marks vouchers that Tally keeps as deleted; a backfill does the same and counts them', async () => {
      const deleted = bookOf(
        vouchers.map((v, i) => ({
          ...v,
          ...(i === 1 && { deleted: 'retained' as const }),
          ...(i === 5 && { deleted: 'deleted' as const }),
        })),
        whole,
      );
      tally.behave({ book: deleted });
      const load = await backfill({ from: '2022-04-01', to: '2023-05-31' }, context());
      assert.deepEqual([load.missing, load.notProven, await marked()], [1, null, [dates[1]]]);
      await sync(context());
      assert.deepEqual(await marked(), [dates[1], dates[5]]);
      tally.behave({ book });
      await sync(context());
      assert.deepEqual(await marked(), []);
    });

    it('marks by a backfill what was deleted in its range, and nothing where so much would be gone that it looks like a mistake', async () => {
      tally.behave({ book: withChanges(book, [{ delete: vouchers[4]! }]) });
      const load = await backfill({ from: '2024-04-01', to: '2025-03-31' }, context());
      assert.deepEqual([load.missing, load.notProven, await marked()], [1, null, [dates[4]]]);
      tally.behave({
        book: withChanges(
          book,
          [2, 3, 4].map((i) => ({ delete: vouchers[i]! })),
        ),
      });
      for (const whole of [
        { from: '2023-04-01', to: '2024-03-31' },
        { from: dates[0]!, to: today },
      ]) {
        const emptied = await backfill(whole, context());
        assert.match(
          emptied.notProven!,
          / looks like a mistake: of 1\u00a0Apr\u00a02023\u00a0– 31\u00a0Mar\u00a02024 Tally lists 0 vouchers/,
        );
        assert.deepEqual(await marked(), [dates[4]]);
      }
    });

    it('marks by a backfill an altered invoice that is deleted after the backfill has listed it', async () => {
      const altered = withChanges(book, [
        { edit: vouchers[4]!, fields: { narration: 'late' } },
        { create: { ...vouchers[0]!, date: dates[4]! } },
      ]);
      tally.behave({
        book: altered,
        onRequest: ({ kind }) => {
          if (kind !== 'collection') tally.behave({ book: withChanges(altered, [{ delete: vouchers[4]! }]) });
        },
      });
      const load = await backfill({ from: '2024-04-01', to: '2025-03-31' }, context());
      assert.deepEqual([load.inserted, load.updated, load.missing, load.notProven], [1, 0, 1, null]);
      assert.deepEqual(await marked(), [dates[4]]);
    });

    it('marks by a backfill nothing that another loaded year lists: a sync moves it', async () => {
      tally.behave({ book: withChanges(book, [{ redate: vouchers[1]!, to: '2024-06-07' }]) });
      const load = await backfill({ from: '2022-04-01', to: '2023-03-31' }, context());
      assert.deepEqual([load.missing, load.missingInvoices, load.notProven, await marked()], [0, [], null, []]);
      await sync(context());
      assert.ok((await datesWhere('fact_invoice')).includes('2024-06-07'));
      assert.deepEqual(await marked(), []);
    });

    it('marks by a backfill what was re-dated to a day that was never loaded: no sync moves it', async () => {
      tally.behave({ book: withChanges(book, [{ redate: vouchers[1]!, to: '2024-09-09' }]) });
      await ask(database, "DELETE FROM etl_days WHERE date = '2024-09-09'");
      const load = await backfill({ from: '2022-04-01', to: '2023-03-31' }, context());
      assert.deepEqual([load.missing, load.notProven, await marked()], [1, null, [dates[1]]]);
    });

    it('ends a backfill with a warning where the list of another loaded year comes too late: all of the range is loaded', async () => {
      const changed = withChanges(book, [{ delete: vouchers[1]! }]);
      tally.behave({
        book: changed,
        keepsWorking: false,
        fault: { kind: 'silent', on: 'vouchers', after: 3, times: 1 },
      });
      const load = await backfill({ from: '2022-04-01', to: '2023-03-31' }, context({ TALLY_TIMEOUT_SECONDS: '1' }));
      assert.match(load.warnings.join('\n'), /marked as missing/);
      assert.deepEqual([load.notProven, await marked()], [null, []]);
    });

    it('marks by a backfill nothing where the list of another loaded year does not come', async () => {
      const changed = withChanges(book, [{ delete: vouchers[1]! }]);
      tally.behave({ book: changed, fault: { kind: 'unknown-request', on: 'vouchers', after: 3, times: 9 } });
      const load = await backfill({ from: '2022-04-01', to: '2023-03-31' }, context());
      assert.match(
        load.warnings.join('\n'),
        /did not give a complete list of every loaded year, so .* marked as missing/,
      );
      assert.deepEqual([load.notProven, await marked()], [null, []]);
    });

    it('loads a voucher with the GUID of another company, with a warning', async () => {
      const foreign = withChanges(book, [
        {
          create: { ...vouchers[6]!, date: '2025-06-02', number: 'IMPORTED' },
          ofCompany: 'ffffffff-0000-4000-8000-000000000001',
        },
      ]);
      tally.behave({ book: foreign });
      const { warnings, inserted } = await sync(context());
      assert.equal(inserted, 1);
      assert.match(warnings.join(), /1 invoice carries the GUID of another company.*IMPORTED of 2\u00a0Jun\u00a02025/);
      assert.deepEqual(await datesWhere("fact_invoice WHERE invoice_number = 'IMPORTED'"), ['2025-06-02']);
    });

    it('marks nothing that was entered while it was reading', async () => {
      const entered = withChanges(book, [{ create: { ...vouchers[0]!, date: today } }]);
      const meanwhile = withChanges(entered, [{ create: { ...vouchers[1]!, date: today } }]);
      tally.behave({
        book: entered,
        onRequest: ({ kind }) => {
          if (kind === 'report') tally.behave({ book: meanwhile });
        },
      });
      assert.equal((await sync(context())).inserted, 2);
      assert.deepEqual(await marked(), []);
    });

    it('marks nothing where a year lists nothing any more: exit 6, until the year is back', async () => {
      tally.behave({
        book: withChanges(
          book,
          [0, 1, 4].map((i) => ({ delete: vouchers[i]! })),
        ),
      });
      const { notProven, missing } = await sync(context());
      assert.match(
        notProven ?? '',
        /^3 vouchers would count as missing, .* of 5\u00a0Apr\u00a02022\u00a0– 31\u00a0Mar\u00a02023 Tally lists 0 vouchers/,
      );
      assert.deepEqual([missing, await marked()], [0, []]);
      tally.behave({ book });
      assert.equal((await sync(context())).notProven, null);
    });

    // The switch `leaves-out` drops MASTERID 5 and 15 from the list.
    const numbered = bookOf(
      [10, 5, 20, 30, 40, 50, 60, 15].map((masterId, i) => ({
        ...plain[i]!,
        ...{ masterId, alterId: i + 1, date: dates[i] ?? today },
        guid: `${book.companyGuid}-${masterId.toString(16).padStart(8, '0')}`,
      })),
      whole,
    );
    const syncedOfNumbered = syncedOf(numbered);
    for (const [name, day] of [
      ['of an older day', dates[1]!],
      ["of the sync's own days", today],
    ] as const)
      it(`marks nothing where reports bring what the list leaves out ${name}`, async () => {
        database = await syncedOfNumbered();
        const moved = [...numbered.vouchers()][4]!;
        tally.behave({ book: withChanges(numbered, [{ redate: moved, to: day }]), voucherIndex: 'leaves-out' });
        assert.match((await sync(context())).warnings.join('\n'), / not in Tally's list .* marked as missing/);
        assert.deepEqual(await marked(), []);
      });

    it('reads again what was loaded by an earlier version or other rules, marked, or deleted by SQL, and drops a reject that Tally no longer has', async () => {
      await ofList(`UPDATE fact_invoice SET mapping_version = 0 WHERE date = '${dates[0]}'`);
      await ofList(`DELETE FROM etl_days WHERE date <= '${dates[0]}'`);
      await ofList(`UPDATE etl_days SET rules_hash = 'others' WHERE date = '${dates[2]}'`);
      await ofList(`UPDATE fact_invoice SET missing_since = now() WHERE date = '${dates[3]}'`);
      await ofList(`DELETE FROM fact_invoice WHERE date >= '${dates[4]}'`);
      assert.deepEqual((await sync(context())).older, { invoices: 3, daysReadAgain: 6 });
      assert.deepEqual(await marked(), []);
      assert.deepEqual(await datesWhere('fact_invoice WHERE mapping_version > 0'), dates);
      const unreadable = rawVoucher(
        900,
        '2025-05-06',
        '<DATE>20250506</DATE><ALTERID> 900</ALTERID><LEDGERENTRIES.LIST><LEDGERNAME>Asha</LEDGERNAME><AMOUNT>ten</AMOUNT></LEDGERENTRIES.LIST>',
      );
      tally.behave({ book: bookOf([...vouchers, unreadable], whole) });
      assert.equal((await sync(context())).rejected, 1);
      assert.equal((await sync(context())).older?.daysReadAgain, 0, 'it has not been altered');
      await ofList("UPDATE etl_days SET rules_hash = '' WHERE date = '2025-05-06'");
      assert.equal((await sync(context())).rejected, 1, 'a master may have been added');
      tally.behave({ book });
      await sync(context());
      assert.deepEqual(await ofList('SELECT date FROM etl_rejects'), []);
    });

    const lineOf = (change: (entry: Entry) => Entry) => (v: DemoVoucher) => ({ ...v, entries: v.entries.map(change) });
    const [item] = vouchers[1]!.entries.flatMap((entry) => ('item' in entry && entry.quantity ? [entry] : []));
    const unit = item!.quantity!.unit;
    const taxable = item!.ledger;
    const changes: [what: string, now: () => Book, there: string][] = [
      [
        'a ledger has another name',
        () => withChanges(book, [{ renameLedger: taxable, to: 'Renamed' }]),
        "fact_invoice_line WHERE ledger_name = 'Renamed'",
      ],
      [
        'a stock item has another name',
        () => withChanges(book, [{ renameItem: item!.item, to: 'Renamed' }]),
        "fact_invoice_line WHERE item_name = 'Renamed'",
      ],
      [
        'a unit has another name',
        () =>
          asShown(
            book,
            { units: unitNames.map((name) => (name === unit ? 'renamed' : name)) },
            lineOf((entry) =>
              'item' in entry && entry.quantity?.unit === unit
                ? {
                    ...entry,
                    quantity: {
                      ...entry.quantity,
                      unit: 'renamed',
                      text: entry.quantity.text.replace(unit, 'renamed'),
                    },
                  }
                : entry,
            ),
          ),
        "fact_invoice_line WHERE unit = 'renamed'",
      ],
      [
        'a voucher type has another name',
        () =>
          asShown(
            book,
            {
              voucherTypes: book.voucherTypes.map((type) =>
                type.name === 'Sales' ? { ...type, name: 'Renamed', parent: 'Renamed' } : type,
              ),
            },
            (v) => ({ ...v, typeName: v.typeName === 'Sales' ? 'Renamed' : v.typeName }),
          ),
        "fact_invoice WHERE voucher_type = 'Renamed'",
      ],
      [
        'a ledger is in another group',
        () =>
          asShown(book, {
            ledgers: book.ledgers.map((row) =>
              /CGST|IGST/.test(row.name) ? { ...row, taxType: 'GST', gstDutyHead: 'Cess' } : row,
            ),
          }),
        "fact_invoice_line WHERE ledger_class = 'cess'",
      ],
    ];
    for (const [what, now, there] of changes)
      it(`sees that ${what}, though no voucher's ALTERID has moved`, async () => {
        assert.deepEqual(await datesWhere(there), []);
        tally.behave({ book: now() });
        assert.ok((await sync(context())).updated > 0);
        assert.notDeepEqual(await datesWhere(there), []);
        const { differences } = await verify({ from: dates[0]!, to: today }, context());
        assert.deepEqual(differences, { missingHere: 0, different: 0, goneInTally: 0 });
      });
  });
