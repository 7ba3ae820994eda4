// A process that reads hostile answers, each streamed as from a socket, and reports the outcomes.
import { asEtlError } from '../../src/core/base/errors.js';
import type { AnswerSource } from '../../src/core/tally/answerSource.js';
import { listCompanies } from '../../src/core/tally/requests/companies.js';
import { readVouchers } from '../../src/core/tally/requests/readVouchers.js';

const company = { name: 'Books', id: 'guid' };
const range = { from: '2024-04-01', to: '2024-04-30' };
const head =
  '<ENVELOPE><HEADER><TALLYREQUEST>Import Data</TALLYREQUEST></HEADER><BODY><IMPORTDATA><REQUESTDATA><TALLYMESSAGE>';
const voucher = (n: number, inner: string): string =>
  `<VOUCHER VCHTYPE="Sales"><DATE>20240401</DATE><GUID>guid-${n}</GUID><VOUCHERTYPENAME>Sales</VOUCHERTYPENAME>${inner}</VOUCHER>`;
const tail = '</TALLYMESSAGE></REQUESTDATA></IMPORTDATA></BODY></ENVELOPE>';
const split = '\u0001';
const lines = '<LEDGERENTRIES.LIST><LEDGERNAME>x</LEDGERNAME><AMOUNT>1</AMOUNT></LEDGERENTRIES.LIST>';
const laughs = `<!DOCTYPE x [<!ENTITY a "${'ha'.repeat(50)}">${Array.from({ length: 12 }, (_, i) => `<!ENTITY ${'bcdefghijklmn'[i]!} "${`&${'abcdefghijklm'[i]!};`.repeat(10)}">`).join('')}]>`;
const external = (url: string): string =>
  `<!DOCTYPE x [<!ENTITY secret SYSTEM "${url}"><!ENTITY % more SYSTEM "${url}"> %more;]>`;

/** An answer with a part (`filling`) that is repeated up to so many megabytes. */
interface Hostile {
  before: string;
  filling: string;
  megabytes: number;
  after: string;
}
const around = (text: string, filling = '', megabytes = 0): Hostile => {
  const [before = '', after = ''] = text.split(split);
  return { before, filling, megabytes, after };
};
/** The hostile text inside a voucher between two good vouchers. */
const inVoucher = (inner: string, filling = '', megabytes = 0): Hostile =>
  around(`${head}${voucher(1, '')}${voucher(2, inner)}${voucher(3, '')}${tail}`, filling, megabytes);
const inCompany = (inner: string): Hostile =>
  around(
    `<ENVELOPE><HEADER><STATUS>1</STATUS></HEADER><BODY><DATA><COLLECTION><COMPANY NAME="x">${inner}</COMPANY></COLLECTION></DATA></BODY></ENVELOPE>`,
  );

const hostile: Record<string, (url: string) => Hostile> = {
  'entities that grow, before all': () => around(`${laughs}${head}${voucher(1, '<NARRATION>&m;</NARRATION>')}${tail}`),
  'entities that grow, after a declaration': () =>
    around(`<?xml version="1.0"?>${laughs}${head}${voucher(1, '')}${tail}`),
  'entities that grow, in a voucher': () => inVoucher(`${laughs}<NARRATION>&m;</NARRATION>`),
  'entities that grow, in a company': () => inCompany(`${laughs}<GUID>&m;</GUID>`),
  'entities of an address, before all': (url) =>
    around(`${external(url)}${head}${voucher(1, '<NARRATION>&secret;</NARRATION>')}${tail}`),
  'entities of an address, in a voucher': (url) => inVoucher(`${external(url)}<NARRATION>&secret;</NARRATION>`),
  'entities of an address, in a company': (url) => inCompany(`${external(url)}<NAME>&secret;</NAME>`),
  'an entity that nobody has defined': () => inVoucher('<NARRATION>&secret;</NARRATION>'),
  'references to no character': () =>
    inVoucher(`<NARRATION>&#99999999999999999999;&#x110000;&#xD800;&#0;&#x${'F'.repeat(1_000_000)};!</NARRATION>`),
  'ten megabytes of references': () => inVoucher(`<NARRATION>${split}</NARRATION>`, '&#99999999999;', 10),
  'the name of an element of 100 MB': () => inVoucher(`<${split}/>`, 'A'.repeat(1000), 100),
  'the name of a voucher of 100 MB': () => around(`${head}<VOUCHER${split}`, 'A'.repeat(1000), 100),
  'an attribute of 100 MB': () => inVoucher(`<NARRATION X="${split}"/>`, 'A'.repeat(1000), 100),
  'a narration of 100 MB': () => inVoucher(`<NARRATION>${split}</NARRATION>`, 'A'.repeat(1000), 100),
  'a comment of 100 MB': () => inVoucher(`<!--${split}-->`, 'A'.repeat(1000), 100),
  'elements nested without end': () => inVoucher(split, '<A>', 20),
  'millions of elements, plain': () => inVoucher(split, '<A/>', 20),
  'millions of elements and a comment': () => inVoucher(`<!-- x -->${split}`, '<A/>', 20),
  'a hundred thousand lines and a comment': () => inVoucher(`<!-- x -->${split}`, lines, 10),
  'millions of attributes': () => inVoucher(`<!-- x --><A ${split}/>`, 'a="1" ', 20),
};

function sourceOf({ before, filling, megabytes, after }: Hostile): AnswerSource {
  const body = async function* (): AsyncGenerator<Buffer> {
    await Promise.resolve();
    yield Buffer.from(before);
    const chunk = filling === '' ? '' : filling.repeat(Math.ceil(60_000 / filling.length));
    for (let sent = 0; sent < megabytes * 1e6; sent += chunk.length) yield Buffer.from(chunk);
    yield Buffer.from(after);
  };
  return {
    post: () =>
      Promise.resolve({ charset: 'utf-8', totalBytes: undefined, body: body(), close: () => Promise.resolve() }),
  };
}

export interface Outcome {
  /** The error code, the companies that were read, or for each voucher its narration or `reject`. */
  became: string;
  ms: number;
  /** The peak of the whole process so far. */
  peakMegabytes: number;
}

async function outcomeOf(what: string, url: string): Promise<string> {
  const source = sourceOf(hostile[what]!(url));
  try {
    if (what.endsWith('in a company')) return `companies: ${JSON.stringify(await listCompanies(source))}`;
    const told: string[] = [];
    const { batches } = readVouchers(source, { report: 'Day Book', company, range, keep: () => true });
    for await (const batch of batches)
      for (const { voucher: read, problem } of batch)
        told.push(problem === undefined ? `read ${read.narration.slice(0, 20)}`.trim() : 'reject');
    return told.join(', ');
  } catch (error) {
    return asEtlError(error).code;
  }
}

async function readAll(url: string): Promise<Record<string, Outcome>> {
  const outcomes: Record<string, Outcome> = {};
  for (const what of Object.keys(hostile)) {
    const started = performance.now();
    const became = await outcomeOf(what, url);
    const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1024);
    outcomes[what] = { became, ms: Math.round(performance.now() - started), peakMegabytes };
  }
  return outcomes;
}

process.once('message', (url: string) => {
  void readAll(url).then((outcomes) => process.send!(outcomes, () => process.exit(0)));
});
