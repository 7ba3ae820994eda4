import assert from 'node:assert/strict';
import http from 'node:http';
import { createBook } from '../../src/demo/book/book.js';
import { demoCompanyName } from '../../src/demo/demoNames.js';
import { bookOf } from '../support/demo/bookOf.js';
import { otherCompanyGuid } from '../../src/demo/behaviours/behaviour.js';
import { startDemoServer } from '../../src/demo/server.js';
import { demoTally } from '../support/demo/demoTally.js';
import {
  askTally,
  collectionRequest,
  guidsIn as guids,
  oldReportRequest as oldReport,
  reportRequest as report,
  typedRange,
  variables as allVariables,
} from '../support/askTally.js';

const book = createBook({ invoices: 300 });
const escapedName = demoCompanyName.replace('&', '&amp;');
const month = { from: '2024-05-01', to: '2024-05-31' };

const variables = (dates = '', company = demoCompanyName): string => allVariables(company, dates);
const collection = (type: string, fetch: string, vars = variables()): string => collectionRequest(type, fetch, vars);

const guidsOf = (range?: { from: string; to: string }): string[] => [...book.vouchers(range)].map((v) => v.guid);

describe('the demo Tally', () => {
  const tally = demoTally({ book });
  const ask = (body: string | Buffer, contentType = 'text/xml;charset=utf-8', method = 'POST', path = '/') =>
    askTally(tally.url, body, { contentType, method, path });

  it('says that it is running', async () => {
    for (const path of ['/', '/status']) {
      const reply = await ask('', undefined, 'GET', path);
      assert.equal(reply.text, '<RESPONSE>TallyPrime Server is Running</RESPONSE>');
    }
    assert.deepEqual(
      tally.requests.map((r) => r.kind),
      ['status', 'status'],
    );
  });

  it('heads an answer as TallyPrime does', async () => {
    const { rawHead, bytes } = await ask(collection('Group', 'Name'));
    assert.deepEqual(rawHead.slice(0, 8), [
      'CONTENT-TYPE',
      'text/xml; charset=utf-8',
      'CONTENT-LENGTH',
      String(bytes.length),
      'Unicode',
      'Yes',
      'RESPSTATUS',
      '1',
    ]);
  });

  describe('asked for Voucher Register', () => {
    const served = async (dates: string): Promise<string[]> =>
      guids((await ask(report('Voucher Register', variables(dates)))).text);

    it('honours typed dates in each of the four forms', async () => {
      for (const [from, to] of [
        ['20240501', '20240531'],
        ['01-05-2024', '31-05-2024'],
        ['1-May-2024', '31-May-2024'],
        ['01-May-2024', '31-may-2024'],
      ] as const)
        assert.deepEqual(await served(typedRange(from, to)), guidsOf(month), from);
    });

    it('drops a bound that names no day', async () => {
      assert.deepEqual(
        await served(typedRange('20240501', '20240631')),
        guidsOf({ from: '2024-05-01', to: '2026-03-31' }),
      );
    });

    it('answers the old form of request and knows its name in any case', async () => {
      const reply = await ask(oldReport('voucher register', variables(typedRange('20240501', '20240531'))));
      assert.deepEqual(guids(reply.text), guidsOf(month));
      assert.ok(reply.text.includes(`<SVCURRENTCOMPANY>${escapedName}</SVCURRENTCOMPANY>`));
    });
  });

  describe('asked for collections', () => {
    it('lists the open companies, whatever company is named', async () => {
      tally.behave({ otherBooks: [bookOf([], { companyName: 'Other & Co', companyGuid: otherCompanyGuid })] });
      const { text } = await ask(collection('Company', 'Name, GUID', variables('', 'Nobody')));
      assert.deepEqual(guids(text), [book.companyGuid, otherCompanyGuid]);
      assert.ok(text.includes(`<COMPANY NAME="${escapedName}"`) && text.includes('<COMPANY NAME="Other &amp; Co"'));
    });

    it('gives the fields that were asked for and no others', async () => {
      const { text } = await ask(collection('Ledger', 'Name, Parent, TaxType'));
      assert.ok(text.includes('<TAXTYPE TYPE="String">GST</TAXTYPE>') && text.includes('<PARENT TYPE="String">'));
      assert.ok(!text.includes('GSTDUTYHEAD'));
      assert.ok(text.includes('<LEDGER NAME="Krishna Agencies&#13;&#10;(Unit 2)"'));
    });

    it('takes one field per NATIVEMETHOD as well, with blanks in its name', async () => {
      const { text } = await ask(
        collection('Voucher Type', 'Parent').replace('</FETCH>', '</FETCH><NATIVEMETHOD>Reserved Name</NATIVEMETHOD>'),
      );
      assert.match(text, /<VOUCHERTYPE NAME="GST Sale Invoice" RESERVEDNAME="Sales">/);
      assert.match(text, /<RESERVEDNAME TYPE="String">Sales</);
      assert.match(
        text,
        /<VOUCHERTYPE NAME="E-Sales Export" RESERVEDNAME="">\s*<PARENT TYPE="String">E-Sales<\/PARENT>/,
      );
    });

    it('shows the primary groups with their marked parent', async () => {
      const { text } = await ask(collection('Group', 'Parent, ReservedName'));
      assert.match(
        text,
        /<GROUP NAME="Purchases &amp; Imports" RESERVEDNAME="Purchase Accounts">\s*<PARENT TYPE="String">&#4; Primary</,
      );
    });
  });

  describe('answers by the charset of the request', () => {
    const request = report('Voucher Register', variables(typedRange('20240401', '20250331')));

    it('in UTF-16 with every character', async () => {
      const reply = await ask(Buffer.from(request, 'utf16le'), 'text/xml;charset=utf-16');
      assert.equal(reply.head['content-type'], 'text/xml; charset=utf-16');
      assert.equal(reply.bytes.length, Number(reply.head['content-length']));
      assert.ok(reply.text.includes('राम किराना स्टोर') && reply.text.includes('₹'));
    });

    it('in UTF-8 and ASCII with question marks for ₹ and Indian scripts', async () => {
      const utf8 = await ask(request);
      assert.ok(utf8.text.includes('??? ?????? ?????') && utf8.text.includes('Señor') && !utf8.text.includes('₹'));
      const ascii = await ask(request, 'text/xml');
      assert.ok(ascii.bytes.includes(Buffer.from('Se\u00f1or', 'latin1')));
    });

    it('and does not understand UTF-16 that is not announced', async () => {
      const reply = await ask(Buffer.from(request, 'utf16le'), 'text/xml');
      assert.match(reply.text, /<RESPONSE>Unknown Request, cannot be processed<\/RESPONSE>/);
    });
  });

  describe('refuses in the ways of Tally, always with HTTP 200:', () => {
    const dayBook = report('Day Book', variables());
    const refusals: [what: string, text: RegExp, ...requests: string[]][] = [
      ['an unknown report', /<LINEERROR>Could not find Report 'Nonsense'!</, report('Nonsense', variables())],
      [
        'a report of a company that is not open',
        /<STATUS>0<[^]*<LINEERROR>Could not set 'SVCurrentCompany' to 'Nobody'</,
        report('Day Book', variables('', 'Nobody')),
      ],
      [
        'a collection of an unknown company: success, and nothing in it',
        /^(?![^]*<VOUCHER )[^]*<STATUS>1<[^]*<VOUCHER>0</,
        collection('Voucher', 'GUID', variables('', 'Nobody')),
      ],
      [
        'XML that is broken, an unescaped & included',
        /Unknown Request/,
        ...['', 'hello', '<ENVELOPE><HEADER>', dayBook.replace('&amp;', '&')],
      ],
    ];
    for (const [what, text, ...requests] of refusals)
      it(what, async () => {
        for (const request of requests) assert.match((await ask(request)).text, text);
      });
  });

  describe('with a fault ordered', () => {
    const request = report('Day Book', variables());

    it('breaks off, with or without a reset of the connection', async () => {
      for (const kind of ['cut', 'cut-end'] as const) {
        tally.behave({ fault: { kind, afterBytes: 50_000 } });
        await assert.rejects(ask(request), /aborted|reset|hang up/i, kind);
      }
    });

    it('announces fewer bytes than the XML needs', async () => {
      tally.behave({ fault: { kind: 'short', afterBytes: 50_000 } });
      const reply = await ask(request);
      assert.equal(reply.bytes.length, 50_000);
      assert.ok(!reply.text.includes('</ENVELOPE>'));
    });

    for (const kind of ['silent', 'stall'] as const)
      it(`${kind}: keeps silent until the client goes, then takes the next request`, async () => {
        tally.behave({ fault: { kind, on: 'report', afterBytes: 10 } });
        const lost = http.request(tally.url, { method: 'POST', agent: false });
        const failed = new Promise((resolve) => lost.on('error', resolve));
        lost.on('response', (r) => r.on('error', () => undefined).resume());
        lost.end(request);
        while (tally.requests.length === 0) await new Promise((r) => setImmediate(r));
        lost.destroy(new Error('tired'));
        await failed;
        assert.match((await ask('', undefined, 'GET', '/status')).text, /Running/);
      });
  });

  it('takes the next request only when the last answer is out', async () => {
    const long = http.request(tally.url, { method: 'POST', agent: false });
    const answering = new Promise<http.IncomingMessage>((resolve) => long.on('response', resolve));
    long.end(report('Day Book', variables()));
    const answer = await answering; // 10 MB that nobody reads yet: more than the connection's buffers hold
    let answered = false;
    const next = ask('', undefined, 'GET').then(() => (answered = true));
    for (let i = 0; i < 200; i++) await new Promise((r) => setImmediate(r));
    assert.equal(answered, false);
    answer.resume();
    await next;
    assert.deepEqual(
      tally.requests.map((r) => r.kind),
      ['report', 'status'],
    );
  });

  it('says so when its port is taken', async () => {
    await assert.rejects(startDemoServer({ book, port: tally.port }), { code: 'config', message: /port/ });
  });
});
