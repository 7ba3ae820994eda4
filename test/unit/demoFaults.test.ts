import assert from 'node:assert/strict';
import http from 'node:http';
import { otherCompanyGuid, otherCompanyName, type Behaviour, type Fault } from '../../src/demo/behaviours/behaviour.js';
import { createBook } from '../../src/demo/book/book.js';
import { bookOf } from '../support/demo/bookOf.js';
import { splitAt } from '../../src/demo/book/splitAt.js';
import { startDemoServer, type DemoServer } from '../../src/demo/server.js';
import { askTally, collectionRequest, guidsIn, reportRequest, typedRange, variables } from '../support/askTally.js';

const book = createBook({ invoices: 60, from: '2023-04-01', to: '2025-03-31', companyName: 'Asha & Sons' });
const wide = typedRange('20230401', '20250331');
const report = (company: string | undefined): string => reportRequest('Voucher Register', variables(company, wide));
const list = (type: string, company: string | undefined = book.companyName): string =>
  collectionRequest(type, 'NAME, GUID, BOOKSFROM', variables(company, wide));

let tally: DemoServer;
const ask = async (request: string): Promise<string> => (await askTally(tally.url, request)).text;
const status = async (): Promise<string> => (await askTally(tally.url, '', { method: 'GET', path: '/status' })).text;
const behave = (changes: Partial<Behaviour>): void => {
  tally.behave(changes);
};

describe('the demo Tally in trouble', () => {
  beforeEach(async () => {
    tally = await startDemoServer({ book, dayBook: 'honours-dates' });
  });
  afterEach(() => tally.close());

  const requests = {
    report: reportRequest('Day Book', variables(book.companyName, typedRange('20240501', '20240502'))),
    vouchers: list('Voucher'),
    companies: list('Company'),
    'voucher-types': list('VoucherType'),
    ledgers: list('Ledger'),
    groups: list('Group'),
  } as const;

  const texts: [Fault['kind'], RegExp][] = [
    ['unknown-request', /^<RESPONSE>Unknown Request, cannot be processed<\/RESPONSE>/],
    ['unknown-report', /^<RESPONSE><LINEERROR>Could not find Report '.+'!<\/LINEERROR><\/RESPONSE>/],
    ['company-refused', /<STATUS>0<\/STATUS>[^]*<LINEERROR>Could not set 'SVCurrentCompany' to 'Asha &amp; Sons'</],
    ['company-not-found', /^<ERRORMSG>Could not find Company:Asha &amp; Sons!<\/ERRORMSG>/],
    ['status-0', /<STATUS>0<\/STATUS>(?![^]*LINEERROR)/],
    ['empty-body', /^$/],
    ['empty-envelope', /^<ENVELOPE><\/ENVELOPE>\r\n$/],
    ['html', /^<!DOCTYPE html>/],
  ];
  for (const [kind, text] of texts)
    it(`${kind}: says so with HTTP 200 to the requests it was ordered for, and to no others`, async () => {
      for (const on of Object.keys(requests) as (keyof typeof requests)[]) {
        behave({ fault: { kind, on } });
        for (const [asked, request] of Object.entries(requests)) {
          const reply = await askTally(tally.url, request);
          assert.equal(reply.status, 200);
          assert.equal(text.test(reply.text), asked === on, `${asked} while ${on} is struck: ${reply.text}`);
        }
      }
    });

  it('says where Tally should be that something is broken', async () => {
    behave({ fault: { kind: 'http-500' } });
    assert.equal((await askTally(tally.url, requests.report)).status, 500);
    assert.equal((await askTally(tally.url, '', { method: 'GET' })).status, 500);
  });

  it('gives an empty list and calls it success; for the companies with the counters of none', async () => {
    behave({ fault: { kind: 'empty-list' } });
    const vouchers = await ask(requests.vouchers);
    assert.ok(vouchers.includes('<STATUS>1</STATUS>') && vouchers.includes(`<VOUCHER>${book.size}</VOUCHER>`));
    assert.ok(!vouchers.includes('<VOUCHER '));
    const companies = await ask(requests.companies);
    assert.ok(companies.includes('<STATUS>1</STATUS>') && companies.includes('<LEDGER>0</LEDGER>'));
    assert.ok(!companies.includes('<COMPANY '));
    assert.equal(await ask(requests.report), '<ENVELOPE></ENVELOPE>\r\n');
  });

  it('is well for the first requests, ill for some, and well again', async () => {
    behave({ fault: { kind: 'status-0', on: 'report', after: 1, times: 2 } });
    const well: boolean[] = [];
    for (let i = 0; i < 4; i++) {
      await ask(requests.groups);
      well.push(!(await ask(requests.report)).includes('<STATUS>0'));
    }
    assert.deepEqual(well, [true, false, false, true]);
  });

  it('is slow, then answers', async () => {
    behave({ fault: { kind: 'slow', waitMs: 120 } });
    const start = performance.now();
    assert.match(await ask(requests.groups), /<GROUP /);
    assert.ok(performance.now() - start >= 100);
  });

  it('is busy for a while after a client gave up', async () => {
    behave({ fault: { kind: 'silent', on: 'report', waitMs: 150 } });
    const lost = http.request(tally.url, { method: 'POST', agent: false });
    const failed = new Promise((resolve) => lost.on('error', resolve));
    lost.end(requests.report);
    while (tally.requests.length === 0) await new Promise((r) => setImmediate(r));
    const start = performance.now();
    lost.destroy(new Error('tired'));
    await failed;
    assert.match(await status(), /Running/);
    assert.ok(performance.now() - start >= 120);
  });
});

describe('the companies of the demo Tally', () => {
  const names = [
    `O'Neill & "Sons"`,
    '<Bharat> Traders',
    'Kamal Stores (from 1-Apr-24)',
    '  Blank Brothers ',
    '\u0004\u00a0Marked & Co\u00a0\u0004 ',
  ];

  beforeEach(async () => {
    tally = await startDemoServer({ book, otherCompanies: 'awkward-names' });
  });
  afterEach(() => tally.close());

  it('are listed with their names as they are', async () => {
    const text = await ask(list('Company'));
    assert.deepEqual(
      [...text.matchAll(/<COMPANY NAME="(.*?)"/g)].map((m) => m[1]),
      [
        'Asha &amp; Sons',
        'O&apos;Neill &amp; &quot;Sons&quot;',
        '&lt;Bharat&gt; Traders',
        'Kamal Stores (from 1-Apr-24)',
        '  Blank Brothers ',
        '&#4;\u00a0Marked &amp; Co\u00a0&#4; ',
      ],
    );
  });

  it('answer each to its own name, escaped in any way XML knows', async () => {
    const [, ...ids] = guidsIn(await ask(list('Company')));
    assert.equal(new Set(ids).size, names.length);
    for (const [n, name] of names.entries()) {
      const guids = guidsIn(await ask(report(name)));
      assert.ok(guids.length > 0 && guids.every((g) => g.startsWith(ids[n]!)), name);
    }
  });

  it('are found in any case and without the blanks, or to the letter only', async () => {
    const found = async (name: string): Promise<boolean> => guidsIn(await ask(report(name))).length > 0;
    assert.deepEqual([await found(' asha & SONS '), await found('blank brothers')], [true, true]);
    behave({ companyMatch: 'exact' });
    assert.deepEqual(
      [await found('asha & SONS'), await found('Blank Brothers'), await found('Asha & Sons ')],
      [false, false, false],
    );
    assert.deepEqual([await found('Asha & Sons'), await found('  Blank Brothers ')], [true, true]);
  });

  it('leave it to the active one where none is named, or always, when so ordered, in its own name', async () => {
    assert.deepEqual(guidsIn(await ask(report(undefined))), guidsIn(await ask(report(book.companyName))));
    behave({ answersFor: 'active-company' });
    const text = await ask(report(names[0]));
    assert.ok(text.includes('<SVCURRENTCOMPANY>Asha &amp; Sons</SVCURRENTCOMPANY>'));
    assert.ok(guidsIn(text).every((g) => g.startsWith(book.companyGuid)));
    assert.ok(guidsIn(await ask(list('Voucher', names[0]))).every((g) => g.startsWith(book.companyGuid)));
  });

  it('can be impostors, under the name that was asked or under their own', async () => {
    behave({ fault: { kind: 'other-company', on: 'report' } });
    const hidden = await ask(report(book.companyName));
    assert.ok(hidden.includes('<SVCURRENTCOMPANY>Asha &amp; Sons<'));
    behave({ fault: { kind: 'other-company-named', on: 'report' } });
    const open = await ask(report(book.companyName));
    assert.ok(open.includes(`<SVCURRENTCOMPANY>${otherCompanyName.replace('&', '&amp;')}<`));
    for (const text of [hidden, open]) assert.ok(guidsIn(text).every((g) => g.startsWith(otherCompanyGuid)));
    assert.ok(guidsIn(await ask(list('Voucher'))).every((g) => g.startsWith(book.companyGuid)));
  });

  it('that were split by years share a GUID and serve each its own years', async () => {
    const [earlier, later] = splitAt(book, '2024-04-01', 'Asha & Sons (from 1-Apr-24)');
    behave({ otherCompanies: 'none', book: later, otherBooks: [earlier] });
    const text = await ask(list('Company'));
    assert.deepEqual(guidsIn(text), [book.companyGuid, book.companyGuid]);
    assert.deepEqual(
      [...text.matchAll(/<BOOKSFROM TYPE="Date">(\d+)</g)].map((m) => m[1]),
      ['20240401', '20230401'],
    );
    const served = [guidsIn(await ask(report(earlier.companyName))), guidsIn(await ask(report(later.companyName)))];
    assert.ok(served.every((guids) => guids.length > 20));
    assert.deepEqual(
      served.flat(),
      [...book.vouchers()].map((v) => v.guid),
    );
    behave({ otherCompanies: 'split-by-years', book, otherBooks: [] });
    assert.equal(
      await ask(list('Company')),
      text.replace(/( *<COMPANY [^]*?<\/COMPANY>\r\n)( *<COMPANY [^]*?<\/COMPANY>\r\n)/, '$2$1'),
    );
  });

  it('may be none: an empty list, an empty body, an empty collection, and no counters', async () => {
    behave({ companyOpen: false });
    assert.ok(!(await ask(list('Company'))).includes('<COMPANY '));
    assert.equal(await ask(report(undefined)), '');
    assert.match(await ask(report(book.companyName)), /Could not set 'SVCurrentCompany' to 'Asha &amp; Sons'/);
    assert.match(await ask(list('Voucher')), /<VOUCHER>0<\/VOUCHER>/);
    behave({ companyOpen: true, book: bookOf([]) });
    assert.match(await ask(list('Company')), /<COMPANY /);
  });
});
