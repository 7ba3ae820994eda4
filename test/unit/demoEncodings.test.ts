import assert from 'node:assert/strict';
import http from 'node:http';
import { demoCompanyGuid, demoCompanyName } from '../../src/demo/demoNames.js';
import { bookOf } from '../support/demo/bookOf.js';
import type { Behaviour } from '../../src/demo/behaviours/behaviour.js';
import { answerEncodings, type AnswerEncoding } from '../../src/demo/answers/encoding.js';
import { expectedInvoice } from '../support/demo/expected.js';
import { startDemoServer, type DemoServer } from '../../src/demo/server.js';
import { demoVoucher } from '../../src/demo/book/voucher.js';
import { askTally, collectionRequest, reportRequest, typedRange, variables, type Reply } from '../support/askTally.js';

const narration = '₹5 “fine” – Señor × हिन्दी €';
const sale = demoVoucher({
  guid: `${demoCompanyGuid}-00000001`,
  date: '2024-05-01',
  narration,
  partyLedger: 'Tom & Jerry\r\n(Unit 2)',
  entries: [{ kind: 'ledger', role: 'party', ledger: 'Tom & Jerry\r\n(Unit 2)', value: 100n }],
});
const book = bookOf([sale]);
const request = reportRequest('Day Book', variables(demoCompanyName, typedRange('20240501', '20240531')));
const index = collectionRequest(
  'Voucher',
  'GUID, NARRATION',
  variables(demoCompanyName, typedRange('20240501', '20240531')),
);

const bytesOf: Record<AnswerEncoding, (text: string) => Buffer> = {
  'utf-16': (text) => Buffer.from(text, 'utf16le'),
  'utf-16-bom': (text) => Buffer.from(text, 'utf16le'),
  'utf-8-full': (text) => Buffer.from(text),
  'utf-8-bom': (text) => Buffer.from(text),
  'utf-8': () => Buffer.from('?5 ?fine? ? Señor × ?????? ?'),
  ascii: () => Buffer.from('?5 ?fine? ? Señor × ?????? ?', 'latin1'),
  'us-ascii': () => Buffer.from('?5 ?fine? ? Se?or ? ?????? ?'),
  'windows-1252': () => Buffer.from('?5 \u0093fine\u0094 \u0096 Se\u00f1or \u00d7 ?????? \u0080', 'latin1'),
};

let tally: DemoServer;
const ask = (changes: Partial<Behaviour>, body: string = request): Promise<Reply> => {
  tally.behave(changes);
  return askTally(tally.url, body);
};

describe('the bytes of the demo Tally', () => {
  beforeEach(async () => {
    tally = await startDemoServer({ book });
  });
  afterEach(() => tally.close());

  for (const answerEncoding of answerEncodings)
    it(`are ${answerEncoding} when so ordered, whatever the request was in`, async () => {
      const { bytes, head } = await ask({ answerEncoding });
      const frame = bytesOf[answerEncoding]('<NARRATION>').subarray(0, answerEncoding.startsWith('utf-16') ? 22 : 11);
      const tag = answerEncoding.startsWith('utf-16') ? frame : Buffer.from('<NARRATION>');
      assert.ok(bytes.includes(Buffer.concat([tag, bytesOf[answerEncoding](narration)])), answerEncoding);
      assert.equal(Number(head['content-length']), bytes.length);
      const mark = { 'utf-16-bom': 'fffe', 'utf-8-bom': 'efbbbf' }[answerEncoding as string];
      const start = answerEncoding.startsWith('utf-16') ? '3c00' : '3c45';
      assert.ok(bytes.toString('hex').startsWith((mark ?? '') + start), 'byte-order mark');
      // `expectedInvoice` must give the narration as this encoding leaves it.
      const left = answerEncoding.startsWith('utf-16') || mark || answerEncoding === 'utf-8-full';
      assert.equal(expectedInvoice(sale, answerEncoding)!.narration === narration, Boolean(left));
    });

  it('are told right, wrong or not at all by the charset of the head', async () => {
    const told = async (answerEncoding: AnswerEncoding, charsetHeader: Behaviour['charsetHeader']): Promise<unknown> =>
      (await ask({ answerEncoding, charsetHeader })).head['content-type'];
    assert.equal(await told('utf-16-bom', 'true'), 'text/xml; charset=utf-16');
    assert.equal(await told('windows-1252', 'true'), 'text/xml; charset=windows-1252');
    assert.equal(await told('utf-16', 'wrong'), 'text/xml; charset=utf-8');
    assert.equal(await told('windows-1252', 'wrong'), 'text/xml; charset=utf-8');
    assert.equal(await told('utf-8-full', 'wrong'), 'text/xml; charset=utf-16');
    assert.equal(await told('utf-8-full', 'absent'), 'text/xml');
  });

  it('end by their length, by chunks, or with the connection', async () => {
    const whole = await ask({});
    const chunked = await ask({ lengthHeader: 'chunked' });
    assert.deepEqual([chunked.head['content-length'], chunked.head['transfer-encoding']], [undefined, 'chunked']);
    const open = await ask({ lengthHeader: 'none' });
    assert.deepEqual([open.head['content-length'], open.head['transfer-encoding']], [undefined, undefined]);
    for (const { bytes } of [chunked, open]) assert.ok(bytes.equals(whole.bytes));
  });

  it('come under header names in any case', async () => {
    const names = async (headerNames: Behaviour['headerNames']): Promise<string[]> =>
      (await ask({ headerNames })).rawHead.filter((_, i) => i % 2 === 0).slice(0, 4);
    assert.deepEqual(await names('as-tally'), ['CONTENT-TYPE', 'CONTENT-LENGTH', 'Unicode', 'RESPSTATUS']);
    assert.deepEqual(await names('lower-case'), ['content-type', 'content-length', 'unicode', 'respstatus']);
    assert.deepEqual(await names('upper-case'), ['CONTENT-TYPE', 'CONTENT-LENGTH', 'UNICODE', 'RESPSTATUS']);
  });

  it('come one answer a connection, when so ordered: the next request there is hung up on', async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    try {
      const again = (): Promise<Reply> => askTally(tally.url, request, { agent });
      await again();
      await again();
      tally.behave({ connections: 'one-request' });
      await assert.rejects(again(), /hang up|ECONNRESET/);
    } finally {
      agent.destroy();
    }
  });

  it('may be of Tally.ERP 9', async () => {
    assert.match((await ask({})).text, /<VCHENTRYMODE>/);
    const { text } = await ask({ product: 'Tally.ERP 9' });
    assert.doesNotMatch(text, /<(VCHENTRYMODE|CMPGSTIN|UPDATEDDATETIME|VOUCHERNUMBERSERIES)>/);
    const status = await askTally(tally.url, '', { method: 'GET', path: '/status' });
    assert.equal(status.text, '<RESPONSE>Tally.ERP 9 Server is Running</RESPONSE>');
  });

  const length = async (changes: Partial<Behaviour>, body?: string): Promise<Reply> => {
    const reply = await ask(changes, body);
    assert.equal(Number(reply.head['content-length']), reply.bytes.length);
    return reply;
  };

  it('has bare & in names, in reports and in lists', async () => {
    assert.match((await length({})).text, /<PARTYLEDGERNAME>Tom &amp; Jerry&#13;&#10;\(Unit 2\)</);
    assert.match((await length({ bareAmpersands: true })).text, /<PARTYLEDGERNAME>Tom & Jerry&#13;&#10;\(Unit 2\)</);
    const companies = collectionRequest('Company', 'NAME', variables(undefined));
    assert.match((await length({}, companies)).text, /<COMPANY NAME="Bharat Traders & Sons/);
  });

  it('has the prefix UDF, declared in reports, undeclared in collections, undeclared everywhere when so ordered', async () => {
    const declared = (text: string): boolean[] => [text.includes('<UDF:'), text.includes('xmlns:UDF="TallyUDF"')];
    assert.deepEqual(declared((await length({})).text), [true, true]);
    assert.deepEqual(declared((await length({}, index)).text), [true, false]);
    assert.deepEqual(declared((await length({ udfPrefix: 'undeclared' })).text), [true, false]);
  });

  it('has control characters in every name, or what is left of them', async () => {
    const many = await length({ controlCharacters: 'many' });
    for (const tag of ['NARRATION', 'PARTYLEDGERNAME', 'LEDGERNAME'])
      assert.ok(many.text.includes(`<${tag}>\u0003\u0005`), tag);
    assert.ok((await length({}, index)).text.includes('<NARRATION TYPE="String">\u0003\u0005'));
    assert.ok((await length({ controlCharacters: 'few' })).text.includes('>&#4; Not Applicable<'));
    const groups = collectionRequest('Group', 'PARENT', variables(demoCompanyName));
    assert.match((await length({ controlCharacters: 'half-cleaned' }, groups)).text, /> 4; Primary</);
  });
});
