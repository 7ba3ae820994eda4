import assert from 'node:assert/strict';
import { describeStatus as describeLoaded, type ShownStatus } from '../../src/cli/describeStatus.js';
import { plainSpaces } from '../support/plainSpaces.js';
import { checkpointOf, failedRun, loggedRun as run } from '../support/loggedRun.js';

const now = { overlapDays: 1, today: '2026-04-12', program: 'tally-warehouse' };
const checkpoint = checkpointOf('Asha Traders', '2026-04-09');
/** The text of a status. Nothing is loaded unless `found` has its own `loaded`. */
const describeStatus = (found: Omit<ShownStatus, 'loaded'> & Partial<ShownStatus>, shown = now): string =>
  describeLoaded({ loaded: [], ...found }, shown);
const failed = failedRun(
  'Nobody answers at http://localhost:9000 (connection refused). Check that Tally is running, that its port is enabled, and the address in TALLY_URL.',
);

describe('the text of status', () => {
  let timeZone: string | undefined;

  before(() => {
    timeZone = process.env.TZ;
    process.env.TZ = 'Asia/Kolkata';
  });

  after(() => {
    if (timeZone === undefined) delete process.env.TZ;
    else process.env.TZ = timeZone;
  });

  it('shows checkpoints and runs at local time, and under a failed run its error', () => {
    assert.equal(
      describeStatus({ checkpoints: [checkpoint], runs: [failed, run()], rejects: [] }, now),
      `
CHECKPOINTS
Stream    Company       Last date   Updated           Next sync from
invoices  Asha Traders  2026-04-09  2026-04-10 14:30  2026-04-08

LAST RUNS
  When              Run   Range                      Read  Inserted  Updated  Unchanged    Took
✗ 2026-04-10 17:25  sync  -                             0         0        0          0   0.0 s
    tally-unreachable: Nobody answers at http://localhost:9000 (connection refused). Check that
    Tally is running, that its port is enabled, and the address in TALLY_URL.
✓ 2026-04-10 17:25  sync  2026-04-08 to 2026-04-10  1,200     1,000       50        150  12.3 s`.trimStart(),
    );
  });

  it('has a line for missing and rejected invoices only where a run has some', () => {
    const text = describeStatus(
      { checkpoints: [checkpoint], runs: [run({ missing: 1, rejected: 1234 })], rejects: [] },
      now,
    );
    assert.match(text, /^ {4}1 missing in Tally, 1,234 rejected$/m);
  });

  it('says an error that comes again and again in full once', () => {
    const text = describeStatus({ checkpoints: [], runs: [failed, failed, run(), failed], rejects: [] }, now);
    assert.equal(text.match(/tally-unreachable: Nobody answers/g)?.length, 2);
    assert.equal(text.match(/^ {4}tally-unreachable, as above$/gm)?.length, 1);
  });

  it('marks a cancelled run', () => {
    const cancelled = run({
      status: 'cancelled',
      errorCode: 'cancelled',
      error: 'Cancelled. What was committed stays.',
    });
    const text = describeStatus({ checkpoints: [checkpoint], runs: [cancelled], rejects: [] }, now);
    assert.match(text, /^– 2026-04-10 .*\n {4}cancelled: Cancelled\. What was committed stays\.$/m);
  });

  it('names the company of each run only when there are several', () => {
    const other = run({ companyId: 'other', companyName: 'Meera Exports' });
    const one = describeStatus({ checkpoints: [], runs: [run(), failed], rejects: [] }, now);
    const two = describeStatus({ checkpoints: [], runs: [run(), failed, other], rejects: [] }, now);
    assert.doesNotMatch(one, /Asha/);
    assert.match(two, /^ {4}Asha Traders$/m);
    assert.match(two, /^ {4}Meera Exports$/m);
  });

  it('says plainly that there is nothing yet, and how to begin', () => {
    const text = describeStatus({ checkpoints: [], runs: [], rejects: [] }, { ...now, program: 'node dist/cli.js' });
    assert.match(text, /^Nothing loaded yet\./);
    assert.match(text, /^Begin with: node dist\/cli\.js backfill FROM TO, or node dist\/cli\.js sync$/m);
  });

  it('says whether checkpoints or runs are missing', () => {
    assert.match(describeStatus({ checkpoints: [], runs: [failed], rejects: [] }, now), /^CHECKPOINTS\nNone yet\./);
    assert.match(
      describeStatus({ checkpoints: [checkpoint], runs: [], rejects: [] }, now),
      /LAST RUNS\nNo runs yet\. Only sync runs are logged here\.$/,
    );
  });

  it('shows what is loaded by company and financial year, before checkpoints, though no sync has run', () => {
    const figures = {
      invoices: 3215,
      optional: 0,
      netSales: '393310000.50',
      netPurchases: '3970000.00',
      daysLoaded: 60,
    };
    const days = { ...figures, daysNotLoaded: 169, daysNotProven: 0 };
    const month = (from: string, daysLoaded: number) => ({ ...days, from, to: from, daysLoaded });
    const months = [month('2024-04-01', 30), month('2024-05-01', 30), month('2024-06-01', 0)];
    const year = { ...days, name: '2024-25', from: '2024-04-01', to: '2025-03-31', months };
    const company = { ...days, id: 'g', name: 'Asha Traders', lastLoadedAt: '2026-04-10T11:55:00Z', booksFrom: null };
    const text = describeStatus({
      ...{ checkpoints: [], runs: [], rejects: [] },
      loaded: [{ ...company, upTo: '2024-05-31', years: [year] }],
    });
    assert.equal(
      plainSpaces(text.slice(0, text.indexOf('CHECKPOINTS'))),
      `LOADED
Asha Traders, up to 31 May 2024
  Year     Invoices     Net sales  Net purchases  Months              Days not loaded
  2024-25     3,215  ₹39.33 crore    ₹39.70 lakh  2024-04 to 2024-05              169

`,
    );
  });

  it('says how many vouchers could not be read, of which companies, and how to see them', () => {
    const rejects = [
      { companyId: 'guid', companyName: 'Asha Traders', rejects: 1 },
      { companyId: 'other', companyName: 'Meera Exports', rejects: 1234 },
    ];
    const words =
      '1 voucher of Asha Traders, 1,234 vouchers of Meera Exports could not be read. Show them with: tally-warehouse rejects';
    for (const checkpoints of [[checkpoint], []]) {
      const text = describeStatus({ checkpoints, runs: [], rejects }, now);
      assert.ok(text.replace(/\s+/g, ' ').includes(`REJECTS ${words}`), text);
    }
  });

  it('shows where the next sync begins, by the overlap that is set', () => {
    const text = describeStatus({ checkpoints: [checkpoint], runs: [], rejects: [] }, { ...now, overlapDays: 7 });
    assert.match(text, / {2}2026-04-02$/m);
  });
});
