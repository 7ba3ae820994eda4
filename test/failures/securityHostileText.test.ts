import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { runCommandLine } from '../../src/cli/runCommandLine.js';
import { today } from '../../src/core/base/calendar.js';
import { asEtlError } from '../../src/core/base/errors.js';
import type { LoggedRun } from '../../src/core/jobs/job.js';
import { backfill, clearAndReload, sync } from '../../src/core/core.js';
import { resetCheckpoint, status } from '../../src/core/jobs/status.js';
import { type Book } from '../../src/demo/book/book.js';
import { bookOf } from '../support/demo/bookOf.js';
import { startDemoServer, type DemoServer } from '../../src/demo/server.js';
import { demoVoucher, type DemoVoucher } from '../../src/demo/book/voucher.js';
import { errorText } from '../../src/extension/notices/errorWords.js';
import { unlinked } from '../../src/extension/messages.js';
import { checkText } from '../../src/extension/view/runWords.js';
import { statusBarText, statusBarTooltip } from '../../src/extension/view/statusBarWords.js';
import { checkpointTooltip, runDetails, runTooltip } from '../../src/extension/view/warehouseWords.js';
import { contextOf } from '../support/context.js';
import { ask, servers } from '../support/postgres.js';

const escaped = (text: string): string =>
  text.replace(/[&<>"'\t\n\r]/g, (c) => `&#${c.codePointAt(0)!};`).replaceAll('\0', '&#0;\0');

/** Texts that an attacker may write, and texts that COPY, SQL or XML might misread. */
const texts = [
  "'; drop table etl_logs; --",
  "x'); DELETE FROM fact_invoice; --",
  '"; DROP SCHEMA public CASCADE; --',
  "\\'; drop table fact_invoice; --",
  '$1 $2 $$ $x$ :name ? %s ${0}',
  '\\.',
  '\\N',
  'a\\N\tb\\\n\\.\nc\r\nd',
  'tab\there, \\t and \\\\ there',
  'a\0b',
  ']]> <!-- --> </NARRATION> &lt; &#60; <?x?>',
  "E'\\x41' U&'\\0041' \\x41 \\101",
  '{"a": [1, null]} {1,2,NULL} (1,"2")',
  '[run](command:workbench.action.quit) $(trash) **bold**',
  'right \u202eto left\u202c \u200b\ufeffand back',
  '1; SELECT pg_sleep(60)',
  'O\'Brien & Sons <Ltd> "Mumbai"',
];
/** The text as it is stored: PostgreSQL's text and XML allow no NUL, so it is dropped. */
const stored = (text: string): string => text.replaceAll('\0', '');

const companyName = `'); DROP TABLE dim_company; -- \\N & <"Sons"> $1`;
const companyGuid = `guid'; drop table etl_days; --`;

function sale(n: number, text: string, amount = '1180.00'): DemoVoucher {
  const date = today();
  const guid = `${companyGuid}-${n}`;
  const [ledger, other] = [escaped(`party ${text}`), escaped(`ledger ${text}`)];
  const line = (name: string, party: string, value: string): string =>
    `<LEDGERENTRIES.LIST><LEDGERNAME>${name}</LEDGERNAME><ISPARTYLEDGER>${party}</ISPARTYLEDGER><AMOUNT>${value}</AMOUNT></LEDGERENTRIES.LIST>`;
  const raw =
    `<VOUCHER VCHTYPE="Sales"><GUID>${escaped(guid)}</GUID><VOUCHERTYPENAME>Sales</VOUCHERTYPENAME><DATE>${date.replaceAll('-', '')}</DATE>` +
    `<NARRATION>${escaped(text)}</NARRATION><VOUCHERNUMBER>${escaped(`no ${text}`)}</VOUCHERNUMBER><PARTYLEDGERNAME>${ledger}</PARTYLEDGERNAME>` +
    `<ALTERID> ${n}</ALTERID><MASTERID> ${n}</MASTERID>${line(ledger, 'Yes', `-${amount}`)}${line(other, 'No', amount)}</VOUCHER>\r\n`;
  return demoVoucher({ guid, masterId: n, alterId: n, date, raw });
}

const book: Book = bookOf(
  texts.map((text, i) => sale(i + 1, text)),
  { companyName, companyGuid },
);

for (const server of servers())
  describe(`text that is made to break out of SQL, on ${server.name}`, function () {
    this.timeout(60_000);
    let tally: DemoServer;
    let url: string;
    before(async () => {
      tally = await startDemoServer({ book });
      url = await server.freshDatabase();
    });
    after(() => tally.close());

    const context = () => contextOf({ TALLY_URL: tally.url, TALLY_COMPANY: companyName, DB_URL: url });
    const range = { from: today(), to: today() };
    const tables = async () =>
      (
        await ask(
          url,
          `SELECT count(*)::int AS n FROM pg_class
           WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition`,
        )
      )[0]!.n as number;

    async function assertWhole(): Promise<void> {
      const invoices = await ask(
        url,
        'SELECT company_id, narration, invoice_number, party_name FROM fact_invoice ORDER BY alter_id',
      );
      assert.deepEqual(
        invoices,
        texts.map(stored).map((text) => ({
          company_id: companyGuid,
          narration: text,
          invoice_number: `no ${text}`,
          party_name: `party ${text}`,
        })),
      );
      const lines = await ask(
        url,
        'SELECT ledger_name FROM fact_invoice_line JOIN fact_invoice USING (company_id, invoice_id) WHERE line_no = 2 ORDER BY alter_id',
      );
      assert.deepEqual(
        lines.map((line) => line.ledger_name),
        texts.map((text) => `ledger ${stored(text)}`),
      );
      assert.deepEqual(await ask(url, 'SELECT company_id, name FROM dim_company'), [
        { company_id: companyGuid, name: companyName },
      ]);
      assert.equal(await tables(), 26);
    }

    it('arrives as it is, in names, numbers and narrations, by every job', async () => {
      await sync(context());
      await assertWhole();
      await backfill(range, context());
      await clearAndReload({ ...range, force: true }, context());
      await assertWhole();
    });

    it('is found again by checkpoint and record', async () => {
      const { checkpoints, runs } = await status({}, context());
      assert.deepEqual(
        [checkpoints[0]?.companyName, checkpoints[0]?.companyId, runs[0]?.companyName],
        [companyName, companyGuid, companyName],
      );
      const request = { companyId: companyGuid, stream: 'invoices', lastDate: '2024-04-01' };
      await resetCheckpoint(request, context());
      const nowhere = { ...request, stream: "invoices' OR '1'='1", lastDate: '2000-01-01' };
      await assert.rejects(resetCheckpoint(nowhere, context()), { code: 'usage' });
      assert.equal((await status({}, context())).checkpoints[0]?.lastDate, '2024-04-01');
    });

    it('is kept as it is in a reject', async () => {
      const amount = "1'); drop table etl_rejects; --";
      const bad = sale(99, '\\.', escaped(amount));
      tally.behave({ book: bookOf([...book.vouchers(), bad], { companyName, companyGuid }) });
      await backfill(range, context());
      tally.behave({ book });
      const [reject] = await ask(url, 'SELECT raw FROM etl_rejects');
      assert.equal(String(reject?.raw), bad.raw!.trim());
      assert.equal(await tables(), 26);
    });
  });

describe('names from Tally that are made to do something when they are shown', () => {
  const evil = 'Asha [a gift](command:workbench.action.quit "x") <img src=x> $(trash) `c` | \u001b[31m\u202e';
  // VS Code's own pattern for links in a notification. VS Code runs the commands of such links.
  const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
  const run: LoggedRun = {
    ...{ id: 1, runId: 'r', companyId: 'g', companyName: evil, stream: 'invoices', command: 'sync' },
    ...{ runAt: '2026-04-10T11:55:00Z', from: null, to: null, rows: 0, inserted: 0, updated: 0, unchanged: 0 },
    ...{ missing: 0, rejected: 0, status: 'error' as const, errorCode: 'x', error: evil, durationMs: 1 },
    ...{ tallyAddress: null, askedCompany: evil },
  };
  const checkpoint = {
    ...{ companyId: 'g', companyName: evil, stream: 'invoices', lastDate: '2026-04-09', updatedAt: run.runAt },
  };

  it('are no links in a notification', () => {
    assert.match(evil, link);
    const error = Object.assign(asEtlError(new Error(evil)), { hint: evil });
    const said = [errorText(error), checkText([{ part: 'company', ok: false, message: evil, remedy: evil }]).text];
    for (const text of said) {
      assert.match(text, link);
      assert.doesNotMatch(unlinked(text), link);
    }
    assert.equal(unlinked('Bharat [HO] (Pune)'), 'Bharat [HO] (Pune)');
  });

  it('are plain words in the tooltips of the tree', () => {
    for (const markdown of [runTooltip(run, 0), checkpointTooltip(checkpoint, 1, 0)]) {
      assert.doesNotMatch(markdown, link);
      assert.ok(markdown.includes(String.raw`\[a gift\]\(command\:`), markdown);
      assert.doesNotMatch(markdown, /(?<!\\)[<`]/);
    }
  });

  it('do not reach the status bar, which draws icons; its tooltip is plain text', () => {
    const last = { state: 'error' as const, at: run.runAt, company: evil, error: evil };
    const company = { name: evil, upTo: '2024-10-13', invoices: 1, netSales: '1.00', netPurchases: '0.00' };
    const facts = { company, last, demo: undefined, nextSync: undefined };
    assert.doesNotMatch(statusBarText(facts, 0)!, /trash|gift/);
    assert.equal(typeof statusBarTooltip(facts), 'string');
    assert.ok(runDetails(run).includes(evil)); // a text document, in which VS Code runs nothing
  });

  it('cannot steer a terminal, and are exact in --json', async () => {
    const name = 'Asha \u009b31m\u0090x\u009c \u202egnp.exe \u0085end';
    const tally = await startDemoServer({ book: bookOf([], { companyName: name }) });
    const collected = { stdout: '', stderr: '' };
    const stream = (to: keyof typeof collected): Writable =>
      new Writable({
        write(chunk: Buffer, _encoding, done) {
          collected[to] += chunk.toString();
          done();
        },
      });
    const say = async (words: string[]): Promise<void> => {
      const [stdout, stderr] = [stream('stdout'), stream('stderr')];
      const env = { TALLY_URL: tally.url, TALLY_COMPANY: 'other' };
      const signal = new AbortController().signal;
      await runCommandLine(words, { stdout, stderr, env, folder: '/', program: 'x', signal });
    };
    try {
      await say(['companies']);
      await say(['backfill', '2024-04-01', '2024-04-01', '--verbose']);
      assert.ok(collected.stdout.includes('Asha \uFFFD31m'), collected.stdout);
      assert.ok(collected.stderr.includes('Asha \uFFFD31m'), collected.stderr);
      // oxlint-disable-next-line no-control-regex -- what must not come out
      assert.doesNotMatch(collected.stdout + collected.stderr, /[\0-\x08\x0b-\x1f\x7f-\x9f\u202e]/);
      collected.stdout = '';
      await say(['companies', '--json']);
      assert.equal((JSON.parse(collected.stdout) as { companies: { name: string }[] }).companies[0]?.name, name);
    } finally {
      await tally.close();
    }
  });
});
