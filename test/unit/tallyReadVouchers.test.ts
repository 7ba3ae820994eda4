import assert from 'node:assert/strict';
import type { TallyClient } from '../../src/core/tally/http/client.js';
import { parseWholeVoucher } from '../../src/core/tally/requests/voucherReader.js';
import {
  readVouchers,
  type ReadVoucher,
  type VoucherAnswer,
  type VoucherHead,
  type VoucherRequest,
} from '../../src/core/tally/requests/readVouchers.js';
import {
  collectionXml,
  company,
  companyId,
  invoiceXml,
  reportXml,
  serve,
  serveText,
  stopServers,
} from './tallySupport.js';

const everything: VoucherRequest = {
  report: 'Day Book',
  company,
  range: { from: '2024-04-01', to: '2024-04-30' },
  keep: () => true,
};

interface Read {
  vouchers: ReadVoucher[];
  answer: Readonly<VoucherAnswer>;
}

async function readAll(
  client: TallyClient,
  request: Partial<VoucherRequest> = {},
  signal?: AbortSignal,
): Promise<Read> {
  const { batches, answer } = readVouchers(client, { ...everything, ...request }, signal);
  const vouchers: ReadVoucher[] = [];
  for await (const batch of batches) vouchers.push(...batch);
  return { vouchers, answer };
}

async function readText(text: string, request: Partial<VoucherRequest> = {}): Promise<Read> {
  const server = await serveText(text);
  return readAll(server.client(), request);
}

describe('the vouchers of a report', () => {
  afterEach(stopServers);

  const three = [invoiceXml(1, '20240405'), invoiceXml(2, '20240402', 'Receipt'), invoiceXml(3, '20240430')];

  it('are read in order, each with its own text', async () => {
    const { vouchers, answer } = await readText(reportXml(three));
    assert.deepEqual(
      vouchers.map((read) => read.raw),
      three,
    );
    assert.deepEqual(
      vouchers.map((read) => read.voucher),
      three.map(parseWholeVoucher),
    );
    const bytes = reportXml(three).length * 2;
    assert.deepEqual(answer, {
      vouchers: 3,
      unusual: 0,
      from: '2024-04-02',
      to: '2024-04-30',
      bytes,
      totalBytes: bytes,
    });
  });

  it('are asked for by company, typed dates and report', async () => {
    const server = await serveText(reportXml([]));
    await readAll(server.client(), { report: 'Voucher Register' });
    assert.match(server.requests[0]!, /Voucher Register.*Sharma &amp; Sons &quot;Traders&quot;.*20240401.*20240430/s);
  });

  it('are skipped by their head alone, and counted all the same', async () => {
    const heads: Omit<VoucherHead, 'indexed'>[] = [];
    const { vouchers, answer } = await readText(reportXml(three), {
      keep: ({ date, voucherType, guid }) => heads.push({ date, voucherType, guid }) > 0 && voucherType === 'Receipt',
    });
    assert.deepEqual(
      vouchers.map((read) => read.voucher.masterId),
      ['2'],
    );
    assert.deepEqual([answer.vouchers, answer.from, answer.to], [3, '2024-04-02', '2024-04-30']);
    assert.deepEqual(heads[1], {
      date: '2024-04-02',
      voucherType: 'Receipt',
      guid: `${companyId}-00000002`,
    });
  });

  it('are handed out as rejects, the rest intact, when the XML of one is broken', async () => {
    const broken = three[1]!.replace('<LEDGERNAME>Output CGST 9%</LEDGERNAME>', '<LEDGERNAME>Output');
    const { vouchers } = await readText(reportXml([three[0]!, broken, three[2]!]));
    assert.deepEqual(
      vouchers.map((read) => read.problem === undefined),
      [true, false, true],
    );
    assert.deepEqual(
      [vouchers[1]!.voucher.guid, vouchers[1]!.voucher.date, vouchers[1]!.voucher.lines, vouchers[1]!.raw],
      [`${companyId}-00000002`, '', [], broken],
    );
  });

  it('are shown to `keep` even without a date, so that they can be rejected', async () => {
    const dateless = three[0]!.replace('<DATE>20240405</DATE>', '<DATE>20240230</DATE>');
    const heads: Omit<VoucherHead, 'indexed'>[] = [];
    const { answer } = await readText(reportXml([dateless]), { keep: (head) => heads.push(head) > 0 });
    assert.equal(heads[0]!.date, undefined);
    assert.deepEqual([answer.vouchers, answer.from], [1, undefined]);
  });

  it('are parsed in full before they are judged where the peek cannot tell', async () => {
    const odd = three[0]!.replace('     <DATE>', '<A.LIST><A.LIST><DATE>19990101</DATE></A.LIST></A.LIST><DATE>');
    const { vouchers } = await readText(reportXml([odd]), { keep: (head) => head.date === '2024-04-05' });
    assert.equal(vouchers.length, 1);
  });

  it('may be none: an empty envelope is an answer', async () => {
    for (const text of ['<ENVELOPE></ENVELOPE>', '<ENVELOPE/>', reportXml([])]) {
      const { vouchers, answer } = await readText(text);
      assert.deepEqual([vouchers.length, answer.vouchers], [0, 0]);
    }
  });

  it('come in batches of at most a hundred, while Tally is still sending', async () => {
    const many = Array.from({ length: 250 }, (_, n) => invoiceXml(n + 1));
    const server = await serve((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/xml; charset=utf-16' });
      const text = reportXml(many);
      const half = Math.floor(text.length / 2);
      response.write(Buffer.from(text.slice(0, half), 'utf16le'));
      finish = () => response.end(Buffer.from(text.slice(half), 'utf16le'));
    });
    let finish: () => void = () => undefined;
    const { batches } = readVouchers(server.client(), everything);
    let read = 0;
    for await (const batch of batches) {
      assert.ok(batch.length <= 100);
      read += batch.length;
      finish();
    }
    assert.equal(read, 250);
  });

  it('let timers run while they are read', async () => {
    const server = await serveText(reportXml(Array.from({ length: 800 }, (_, n) => invoiceXml(n + 1))));
    const { batches } = readVouchers(server.client(), { ...everything, keep: () => true });
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    for await (const batch of batches) assert.ok(batch);
    clearInterval(timer);
    assert.ok(ticks >= 3, `${ticks} ticks`);
  });

  it('free Tally for the next request when the reader leaves early', async () => {
    const server = await serveText(reportXml(Array.from({ length: 300 }, (_, n) => invoiceXml(n + 1))));
    const client = server.client();
    for await (const batch of readVouchers(client, everything).batches) if (batch.length > 0) break;
    assert.equal((await readAll(client)).vouchers.length, 300);
  });
});

const otherId = 'ffffffff-2222-3333-4444-555555555555';

describe('an answer of Tally', () => {
  afterEach(stopServers);

  const lineError = (words: string): string =>
    `<ENVELOPE><HEADER><VERSION>1</VERSION><STATUS>0</STATUS></HEADER><BODY><DATA><LINEERROR>${words}</LINEERROR></DATA></BODY></ENVELOPE>`;

  for (const [what, text, code, message] of [
    [
      'an unknown request',
      '<RESPONSE>Unknown Request, cannot be processed</RESPONSE>',
      'tally-refused',
      /Unknown Request/,
    ],
    [
      'an unknown report',
      "<RESPONSE><LINEERROR>Could not find Report 'Day Book'!</LINEERROR></RESPONSE>",
      'tally-refused',
      /Could not find Report 'Day Book'/,
    ],
    [
      'a company that cannot be set',
      lineError('Could not set &apos;SVCurrentCompany&apos; to &apos;X&apos;'),
      'company-not-open',
      /Could not set 'SVCurrentCompany' to 'X'/,
    ],
    ['a company that is not found', '<ERRORMSG>Could not find Company:X!</ERRORMSG>', 'company-not-open', /Company:X/],
    ['another error in words', lineError('Bad formula!'), 'tally-refused', /Bad formula!/],
    ['an error without words', collectionXml('', 0), 'tally-refused', /status 0/],
    ['a web page', '<!DOCTYPE html><html><body>Welcome</body></html>', 'answer-unreadable', /not Tally's XML/],
    ['a web page without a doctype', '<html lang="en"><body/></html>', 'answer-unreadable', /not Tally's XML/],
    ['another XML', '<?xml version="1.0"?><rss></rss>', 'answer-unreadable', /rss/],
    ['plain text', 'Hello', 'answer-unreadable', /Hello/],
    ['nothing', '', 'company-not-open', /empty/],
    ['blanks', ' \r\n ', 'company-not-open', /empty/],
    [
      'an error behind vouchers',
      reportXml([invoiceXml(1)]).replace('</REQUESTDATA>', '<LINEERROR>Out of memory</LINEERROR></REQUESTDATA>'),
      'tally-refused',
      /Out of memory/,
    ],
    [
      'another company by name',
      reportXml([invoiceXml(1)], 'Other Ltd'),
      'company-not-open',
      /Other Ltd instead of Sharma/,
    ],
    ['another company without vouchers', reportXml([], 'Other Ltd'), 'company-not-open', /Other Ltd/],
    [
      'another company by its GUIDs',
      reportXml([invoiceXml(1), invoiceXml(2)].map((xml) => xml.replaceAll(companyId, otherId))),
      'company-not-open',
      /ffffffff/,
    ],
    [
      'vouchers behind the end of the envelope, and no other end',
      `<ENVELOPE></ENVELOPE>${reportXml([invoiceXml(1)]).replace('</ENVELOPE>', '')}`,
      'answer-cut',
      /breaks off/,
    ],
    [
      'a comment that never ends',
      reportXml([invoiceXml(1)]).replace('</BODY>', '<!-- </BODY>'),
      'answer-cut',
      /breaks/,
    ],
  ] as const)
    it(`is refused: ${what}`, async () => {
      await assert.rejects(readText(text), { code, message });
    });

  it('is refused: another company by its GUIDs, none of whose vouchers is wanted', async () => {
    const text = reportXml([invoiceXml(1).replaceAll(companyId, otherId)]);
    await assert.rejects(readText(text, { keep: () => false }), { code: 'company-not-open', message: /ffffffff/ });
  });

  it('may hold vouchers of another company beside its own, which were imported: all are read', async () => {
    const text = reportXml([invoiceXml(1).replaceAll(companyId, otherId), invoiceXml(2)]);
    const { vouchers } = await readText(text);
    assert.deepEqual(
      vouchers.map(({ voucher }) => voucher.guid.slice(0, 8)),
      [otherId.slice(0, 8), companyId.slice(0, 8)],
    );
  });

  it('does not mind the case and outer spaces of the company served', async () => {
    const { vouchers } = await readText(reportXml([invoiceXml(1)], ` ${company.name.toUpperCase()} `));
    assert.equal(vouchers.length, 1);
  });

  it('is not mistaken for an error by the words inside a voucher', async () => {
    const narrated = invoiceXml(1).replace('<REFERENCE/>', '<LINEERROR>x</LINEERROR><STATUS>0</STATUS>');
    assert.equal((await readText(reportXml([narrated]))).vouchers.length, 1);
  });
});
