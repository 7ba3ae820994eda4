import assert from 'node:assert/strict';
import { DigestSum, isSameDigest, readDayDigests } from '../../src/core/tally/requests/dayDigests.js';
import { byteSource } from '../support/byteSource.js';
import { collectionXml, company } from './tallySupport.js';

const range = { from: '2024-04-01', to: '2025-03-31' };
const rowXml = (values: Record<string, string>, tag = 'OBJECT'): string =>
  `<${tag}>${Object.entries(values)
    .map(([name, value]) => `<${name} TYPE="Number">${value}</${name}>`)
    .join('')}</${tag}>`;
const read = (...rows: string[]) =>
  readDayDigests(byteSource(Buffer.from(collectionXml(rows.join('')))), company, range);
const sums = { VOUCHERS: ' 2', ALTERIDS: ' 16', LASTALTERID: ' 9', MASTERIDS: ' 5' };
const digest = { vouchers: 2, alterIds: 16, highestAlterId: 9, masterIds: 5 };

describe("Tally's digests of days", () => {
  for (const [form, date, values, tag] of [
    ['a short date', '1-Apr-24', sums, 'OBJECT'],
    ['a plain date and separators', '20240401', { ...sums, ALTERIDS: ' 0,016.00' }, 'OBJECT'],
    ['rows named for what they add up', '01-Apr-24', sums, 'VOUCHER'],
  ] as const)
    it(`are read with ${form}`, async () => {
      assert.deepEqual(await read(rowXml({ DATE: date, ...values }, tag)), new Map([['2024-04-01', digest]]));
    });

  for (const [what, ...rows] of [
    ['a sum is missing', { DATE: '1-Apr-24', VOUCHERS: '2', ALTERIDS: '16', LASTALTERID: '9' }],
    ['a sum is no number', { DATE: '1-Apr-24', ...sums, ALTERIDS: '1.6E1' }],
    ['a sum is too large to be exact', { DATE: '1-Apr-24', ...sums, ALTERIDS: '9999999999999999' }],
    ['a date is none', { DATE: '31-Jun-24', ...sums }],
    ['a day comes twice', { DATE: '1-Apr-24', ...sums }, { DATE: '20240401', ...sums }],
  ] as const)
    it(`are refused where ${what}`, async () => {
      await assert.rejects(read(...rows.map((row) => rowXml(row))), { code: 'answer-unreadable' });
    });

  it('are those of the same vouchers, listed one by one in any order', () => {
    const sum = new DigestSum();
    for (const [date, alterId, masterId] of [
      ['2024-04-01', 9, 4],
      ['2024-04-02', 3, 3],
      ['2024-04-01', 7, 1],
    ] as const)
      sum.add(date, alterId, masterId);
    assert.ok(isSameDigest(sum.days.get('2024-04-01'), digest));
    assert.ok(!isSameDigest(sum.days.get('2024-04-02'), digest));
  });

  it('differ where any of their sums differs', () => {
    for (const sum of Object.keys(digest) as (keyof typeof digest)[])
      assert.ok(!isSameDigest({ ...digest, [sum]: digest[sum] + 1 }, digest), sum);
  });

  it('match nothing where a voucher is listed without its ids; a day without vouchers matches only a day without a digest', () => {
    const sum = new DigestSum();
    sum.add('2024-04-01', undefined, 4);
    assert.ok(!isSameDigest(sum.days.get('2024-04-01'), sum.days.get('2024-04-01')));
    assert.ok(isSameDigest(undefined, undefined));
    assert.ok(!isSameDigest(undefined, digest));
  });
});
