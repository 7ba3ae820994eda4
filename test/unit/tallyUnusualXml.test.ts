import assert from 'node:assert/strict';
import type { AnswerSource, TallyAnswer } from '../../src/core/tally/answerSource.js';
import { readVouchers, type ReadVoucher, type VoucherRequest } from '../../src/core/tally/requests/readVouchers.js';
import { byteSource } from '../support/byteSource.js';
import { company, invoiceXml, reportXml } from './tallySupport.js';

const everything: VoucherRequest = {
  report: 'Day Book',
  company,
  range: { from: '2024-04-01', to: '2024-04-30' },
  keep: () => true,
};

describe('an answer with unusual XML', () => {
  const [one, two, three] = [invoiceXml(1), invoiceXml(2), invoiceXml(3)] as const;
  const named = (xml: string): string => two.replace('A &amp; B Traders</PARTYNAME>', `${xml}</PARTYNAME>`);
  const read = async (text: string): Promise<ReadVoucher[]> => {
    const { batches } = readVouchers(byteSource(Buffer.from(text, 'utf16le')), everything);
    const vouchers: ReadVoucher[] = [];
    for await (const batch of batches) vouchers.push(...batch);
    return vouchers;
  };

  for (const [what, xml, expected] of [
    ['a bare &', 'Fish & Chips &foo; & &#; B&C', 'Fish & Chips &foo; & &#; B&C'],
    ['raw control characters', '\u0004 A\u0003B\u0005C\u0000', 'ABC'],
    ['the mark of reserved names', '&#4; Not &#x4;Applicable', 'Not Applicable'],
    ['a line break in a name, as references', 'A&#13;&#10;B', 'A\r\nB'],
    ['a line break in a name, raw', 'A\r\nB\rC\r\r\nD', 'A\nB\nC\n\nD'],
    ['CDATA', '<![CDATA[A & B <C>]]> &amp; D', 'A & B <C> & D'],
    ['CDATA with the tags of vouchers', '<![CDATA[</VOUCHER><VOUCHER A="1">]]>', '</VOUCHER><VOUCHER A="1">'],
    ['a comment with the tags of vouchers', 'A<!-- </VOUCHER> <VOUCHER A="1"> -->B', 'AB'],
    ['a processing instruction', 'A<?target data?>B', 'AB'],
    ['₹, ñ, Hindi and an emoji', '₹ Peña &#8377; वस्तु 😀 &#x1F600;', '₹ Peña ₹ वस्तु 😀 😀'],
  ] as const)
    it(`is read as it is meant: ${what}`, async () => {
      const vouchers = await read(reportXml([one, named(xml), three]));
      assert.deepEqual(
        vouchers.map(({ voucher, problem }) => [problem, voucher.partyName, voucher.lines.length]),
        [
          [undefined, 'A & B Traders', 3],
          [undefined, expected, 3],
          [undefined, 'A & B Traders', 3],
        ],
      );
    });

  it('is said to be unusual where the full parse is needed', async () => {
    const hindi = one.replace('<REFERENCE/>', '<वस्तु>1</वस्तु>');
    const broken = two.replace('<REFERENCE/>', '<REFERENCE>');
    const source = byteSource(Buffer.from(reportXml([one, hindi, named('<![CDATA[A]]><!-- -->'), broken]), 'utf16le'));
    const { batches, answer } = readVouchers(source, everything);
    for await (const batch of batches) assert.ok(batch);
    assert.deepEqual([answer.vouchers, answer.unusual], [4, 2]);
  });

  it('is read where comments and declarations stand around the vouchers', async () => {
    const note = '<?tally version="7"?><!-- <VOUCHER A="1"> -->';
    const text = reportXml([one, `${note}${two}`]);
    const vouchers = await read(`<?xml version="1.0"?>\r\n<!-- <HTML> -->\r\n${text}<!-- the end -->`);
    assert.deepEqual(
      vouchers.map(({ raw }) => raw),
      [one, two],
    );
  });

  it('makes a reject of the voucher whose attribute holds a tag: what follows could vanish in it', async () => {
    for (const tag of ['</VOUCHER>', '<VOUCHER A=', '<B/>']) {
      const vouchers = await read(reportXml([one, two.replace('DESC="`Note`"', `DESC="${tag}"`), three]));
      assert.deepEqual(
        vouchers.map(({ problem }) => problem === undefined),
        [true, false, true],
        tag,
      );
    }
  });

  it('makes rejects of twenty thousand vouchers with nothing in them', async () => {
    const vouchers = await read(`<ENVELOPE>${'<VOUCHER A="1"/>'.repeat(20_000)}</ENVELOPE>`);
    assert.deepEqual([vouchers.length, vouchers.at(-1)!.voucher.date], [20_000, '']);
  });
});

describe('what never ends and is no answer of Tally', () => {
  const endless = (first: string, filling: string): { source: AnswerSource; read: () => number } => {
    let read = 0;
    const body = async function* (): AsyncGenerator<Buffer> {
      for (let chunk = first; ; chunk = filling.repeat(Math.ceil(30_000 / filling.length))) {
        await Promise.resolve();
        read += chunk.length;
        if (read > 200_000_000) throw new Error('Nobody stopped reading.');
        yield Buffer.from(chunk);
      }
    };
    const post = (): Promise<TallyAnswer> =>
      Promise.resolve({ charset: undefined, totalBytes: undefined, body: body(), close: () => Promise.resolve() });
    return { source: { post }, read: () => read };
  };
  const drain = async (source: AnswerSource): Promise<void> => {
    for await (const batch of readVouchers(source, everything).batches) assert.ok(batch);
  };

  for (const [what, first, filling] of [
    ['text without a tag', 'x', 'garbage '],
    ['blanks', ' ', ' '],
    ['a web page', '<html>', '<p>x</p>'],
    ['another XML', '<rss>', '<item>x</item>'],
    ['error words that do not end', '<LINEERROR>', '<LINEERROR><ERRORMSG >'],
  ] as const)
    it(`is refused after its first 64 KB: ${what}`, async () => {
      const { source, read } = endless(first, filling);
      await assert.rejects(drain(source), { code: 'answer-unreadable' });
      assert.ok(read() < 300_000);
    });

  it('is refused when a voucher grows beyond all bounds', async () => {
    const { source } = endless('<ENVELOPE><VOUCHER A="1">', '<B>x</B>');
    await assert.rejects(drain(source), { code: 'answer-unreadable' });
  });

  it('is understood in no time, whatever stands in its header', async () => {
    const before = process.cpuUsage();
    const header = `${'<HEADER>'.repeat(2000)}${'<STATUS>1</STATUS>'.repeat(1500)}${'<LINEERROR>'.repeat(1000)}`;
    await assert.rejects(drain(byteSource(Buffer.from(`<ENVELOPE>${header}`))), { code: 'answer-cut' });
    assert.ok(process.cpuUsage(before).user < 1_000_000);
  });
});
