import assert from 'node:assert/strict';
import { EtlError } from '../../src/core/base/errors.js';
import { describeExportFile } from '../../src/core/tally/file/describeExportFile.js';
import { openExportFile, type ExportFile } from '../../src/core/tally/file/exportFile.js';
import { readFileMasters } from '../../src/core/tally/file/fileMasters.js';
import type { AnswerSource } from '../../src/core/tally/answerSource.js';
import { listCompanies } from '../../src/core/tally/requests/companies.js';
import { readMasters } from '../../src/core/tally/requests/masters.js';
import { type Book } from '../../src/demo/book/book.js';
import { bookOf } from '../support/demo/bookOf.js';
import { collectionXml, companyRows } from '../../src/demo/answers/xml/collectionXml.js';
import { masterRows } from '../../src/demo/answers/xml/masterRows.js';
import { Random } from '../../src/demo/book/random.js';
import { exportBytes, freshFolder, type Folder } from '../support/exportFiles.js';
import { byteSource } from '../support/byteSource.js';
import { fuzzBook, partsOf, type Delivered, readInvoices, reportText, rulesOf } from '../support/fuzzBase.js';
import { arrivalsAfter, judge, noFates, type Fates } from '../support/judgeAnswer.js';
import { logger } from './tallySupport.js';
import { mutations, targetOf, type Target } from '../support/mutateAnswer.js';

// FUZZ_SEED and FUZZ_CASES ask for other or more cases. A wrong case is named by seed, kind of damage and number.
const seed = Number(process.env.FUZZ_SEED ?? 1);
const casesOfEach = Number(process.env.FUZZ_CASES ?? 120);
const codes = ['answer-cut', 'answer-unreadable', 'company-not-open', 'tally-refused'];
const encodings = [
  ['utf-8', 'utf-8'],
  ['utf-16', 'utf-16'],
  ['latin1', undefined],
] as const;

interface Base {
  target: Target;
  /** The vouchers in the answer. */
  part: Book;
  whole: Delivered[];
  charset: string | undefined;
}

/**
 * Short answers and the whole book, each in three encodings. The last answer is as Tally sends it over HTTP, with its
 * empty fields.
 */
async function makeBases(): Promise<Base[]> {
  const book = fuzzBook();
  const bases: Base[] = [];
  const add = async (part: Book, lean: boolean, [encoding, charset]: (typeof encodings)[number]): Promise<void> => {
    const target = targetOf(reportText(part, lean), encoding);
    const whole = await readInvoices(byteSource(target.bytes, { charset }), book, rulesOf(book));
    bases.push({ target, part, whole, charset });
  };
  for (const part of [...partsOf(book), book]) for (const encoding of encodings) await add(part, true, encoding);
  await add(book, false, encodings[1]);
  return bases;
}

/** The short answers come often, the long ones now and then. */
function baseOf(bases: readonly Base[], n: number): Base {
  if (n % 40 === 39) return bases.at(-1)!;
  return n % 8 === 7 ? bases.at(-2 - (n % 3))! : bases[n % (bases.length - 4)]!;
}

/** The rows, or the code of an error in `codes`. Fails on any other error, and after two seconds of processor time. */
async function outcome<T>(reading: Promise<T>): Promise<{ rows: T } | { code: string }> {
  const started = process.cpuUsage();
  try {
    return { rows: await reading };
  } catch (error) {
    if (!(error instanceof EtlError) || !codes.includes(error.code)) throw error;
    assert.ok(error.message.length > 0 && error.hint.length > 0);
    return { code: error.code };
  } finally {
    const { user, system } = process.cpuUsage(started);
    assert.ok(user + system < 2_000_000, `${Math.round((user + system) / 1000)} ms`);
  }
}

function damage(name: string, n: number, target: Target): { bytes: Buffer; random: Random; totalBytes?: number } {
  const random = new Random(seed * 1000 + Object.keys(mutations).indexOf(name), n);
  const bytes = mutations[name]!(target, random);
  if (name === 'cut') return { bytes, random, totalBytes: target.bytes.length };
  return random.chance(50) ? { bytes, random, totalBytes: bytes.length } : { bytes, random };
}

const chunkSizes = (random: Random): (() => number) => {
  const most = 2 ** random.between(8, 16);
  return () => random.between(1, most);
};

describe('a damaged report', function () {
  this.timeout(60_000);
  const book = fuzzBook();
  const rules = rulesOf(book);
  let bases: Base[];
  const unhandled: unknown[] = [];
  const noteUnhandled = (error: unknown): void => void unhandled.push(error);

  before(async () => {
    process.on('unhandledRejection', noteUnhandled);
    bases = await makeBases();
    const whole = bases.at(-1)!.whole;
    assert.ok(whole.length >= 12 && whole.every((one) => 'invoice' in one && one.doubts.length === 0));
  });

  after(() => {
    process.off('unhandledRejection', noteUnhandled);
    assert.deepEqual(unhandled, []);
  });

  for (const name of Object.keys(mutations))
    it(`never loads a wrong amount silently, and neither hangs nor crashes: ${name}`, async () => {
      const fates: Fates = noFates();
      const wrong: string[] = [];
      for (let n = 0; n < casesOfEach; n++) {
        const base = baseOf(bases, n);
        const { bytes, random, totalBytes } = damage(name, n, base.target);
        const source = byteSource(bytes, { charset: base.charset, totalBytes, nextSize: chunkSizes(random) });
        const result = await outcome(readInvoices(source, book, rules));
        if ('code' in result) continue;
        const judgement = judge(base.part, base.whole, result.rows);
        for (const [fate, count] of Object.entries(judgement.fates)) fates[fate as keyof Fates] += count;
        wrong.push(...judgement.wrong.map((what) => `seed ${seed}, ${name}, case ${n}: ${what}`));
      }
      assert.deepEqual(wrong, []);
      // A cut answer gives no rows, unless the cut is in the line end after the last element: then all rows are the
      // same.
      if (name.startsWith('cut')) assert.deepEqual({ ...fates, same: 0 }, noFates());
    });
});

describe('an answer in which', () => {
  const book = fuzzBook();
  const [first, second] = [...book.vouchers()].filter((v) => v.base !== 'none' && !v.cancelled);
  const exchanged = (text: string, a: string, b: string): string =>
    text.replaceAll(new RegExp(`${a}|${b}`, 'g'), (found) => (found === a ? b : a));
  const awaited = async (text: string): Promise<number> => {
    const delivered = await readInvoices(byteSource(Buffer.from(text)), book, rulesOf(book));
    return arrivalsAfter(book, delivered).awaited(book.range);
  };
  const text = reportText(book, true);

  it('nothing is damaged leaves nothing to be read', async () => {
    assert.equal(await awaited(text), 0);
  });

  it('two invoices have the GUID of each other leaves both to be read', async () => {
    assert.equal(await awaited(exchanged(text, `<GUID>${first!.guid}`, `<GUID>${second!.guid}`)), 2);
  });

  it('an invoice has the date of another leaves that invoice to be read', async () => {
    const element = ({ date }: { date: string }): string => `<DATE>${date.replaceAll('-', '')}</DATE>`;
    assert.notEqual(first!.date, second!.date);
    assert.equal(await awaited(text.replace(element(first!), element(second!))), 1);
  });

  it('an invoice has an unknown GUID leaves that invoice to be read', async () => {
    assert.equal(await awaited(text.replaceAll(first!.guid, `${book.companyGuid}-ffffffff`)), 1);
  });
});

describe('a file with bytes that are no letters', () => {
  const book = bookOf([...fuzzBook().vouchers()].slice(0, 4));
  let folder: Folder;
  before(() => {
    folder = freshFolder();
  });
  after(() => {
    folder.remove();
  });

  /** The first element at `place` has a ₹, which shows that the file is UTF-8; the last one has half a letter. */
  const fileWith = (place: string): Promise<ExportFile> => {
    const xml = exportBytes(book, { encoding: 'utf-8', withMasters: true }).toString('utf8').replace(place, '$&₹');
    const at = xml.lastIndexOf(place) + place.length;
    const bytes = Buffer.concat([Buffer.from(xml.slice(0, at)), Buffer.of(0xe2, 0x82), Buffer.from(xml.slice(at))]);
    return openExportFile(folder.write('DayBook.xml', bytes), logger);
  };

  it('gives no ledger of a garbled name', async () => {
    await assert.rejects(readFileMasters(await fileWith('<LEDGER NAME="')), { code: 'answer-unreadable' });
  });

  it('is described all the same where they are in a voucher, which the load rejects', async () => {
    assert.equal((await describeExportFile(await fileWith('<NARRATION>'))).vouchers, 4);
  });
});

describe('a damaged list of companies or masters', function () {
  this.timeout(60_000);
  const book = fuzzBook();
  const company = { name: book.companyName, id: book.companyGuid };
  const tags = ['COMPANY', 'VOUCHERTYPE', 'LEDGER', 'GROUP'] as const;
  const xmlOf = (tag: string): string =>
    collectionXml(book, tag, tag === 'COMPANY' ? companyRows([book, book]) : masterRows(book, tag)!, ['*']);
  /** The other lists of a company are short and undamaged. */
  const sound = (tag: string): Buffer =>
    Buffer.from(`<ENVELOPE><${tag} NAME="Sales" RESERVEDNAME="Sales"><PARENT>Sales</PARENT></${tag}></ENVELOPE>`);

  /** The list that a request asks for. */
  const asked = (xml: string): string => tags.find((tag) => new RegExp(`<TYPE>${tag}</TYPE>`, 'i').test(xml))!;

  for (const tag of tags)
    it(`ends in rows or in an error that says what to do: ${tag}`, async () => {
      const ends: Record<string, number> = {};
      const target = encodings.map(([encoding]) => targetOf(xmlOf(tag), encoding));
      for (const name of Object.keys(mutations))
        for (let n = 0; n < casesOfEach / 12; n++) {
          const { bytes, random, totalBytes } = damage(name, n, target[n % 3]!);
          const harmed = { charset: encodings[n % 3]![1], totalBytes, nextSize: chunkSizes(random) };
          const source: AnswerSource = {
            post: (xml) => (asked(xml) === tag ? byteSource(bytes, harmed) : byteSource(sound(asked(xml)))).post(xml),
          };
          const reading = tag === 'COMPANY' ? listCompanies(source) : readMasters(source, company);
          const result = await outcome<unknown>(reading);
          const end = 'code' in result ? result.code : 'rows';
          ends[end] = (ends[end] ?? 0) + 1;
        }
      assert.ok(ends.rows! > 0 && ends['answer-cut']! > 0);
    });
});
