import assert from 'node:assert/strict';
import type { LoggedRun } from '../../src/core/jobs/job.js';
import {
  checkpointDescription,
  checkpointTooltip,
  runDescription,
  rejectsDescription,
  runDetails,
  runTooltip,
  timeAgo,
} from '../../src/extension/view/warehouseWords.js';
import { checkpointOf, failedRun, loggedRun } from '../support/loggedRun.js';
import { plainSpaces } from '../support/plainSpaces.js';

const now = Date.parse('2026-04-10T12:00:00Z');
const checkpoint = checkpointOf('Asha | Sons *& Co*', '2026-04-09');
const figures = { rows: 123_456, inserted: 120_000, updated: 56, unchanged: 3400, durationMs: 65_000 };
const run = (given: Partial<LoggedRun> = {}): LoggedRun => loggedRun({ ...figures, ...given });
const failed = failedRun('Tally cannot be reached. Correct TALLY_URL.');

describe('how long ago', () => {
  const cases: [then: string, said: string][] = [
    ['2026-04-10T11:59:01Z', 'just now'],
    ['2026-04-10T12:03:00Z', 'just now'], // the server's clock is ahead
    ['2026-04-10T11:01:00Z', '59 min ago'],
    ['2026-04-10T11:00:00Z', '1 h ago'],
    ['2026-04-09T12:01:00Z', '23 h ago'],
    ['2026-04-09T12:00:00Z', 'yesterday'],
    ['2026-04-08T12:00:00Z', '2 days ago'],
  ];
  for (const [then, said] of cases)
    it(`${then} is ${said}`, () => {
      assert.equal(timeAgo(then, now), said);
    });
});

describe('a checkpoint in the tree', () => {
  it('says how far, when and with which overlap; its company is the label', () => {
    assert.equal(plainSpaces(checkpointDescription(checkpoint, 1, now)), '9 Apr 2026 · 3 h ago · overlap 1 day');
  });

  it('has a tooltip that a company name cannot break', () => {
    assert.match(checkpointTooltip(checkpoint, 1, now), /^\*\*Checkpoint of Asha \\\| Sons \\\*\\& Co\\\*\*\*$/m);
  });
});

describe('a run in the tree', () => {
  it('says what changed and how long ago it was, then the range and how long it took', () => {
    assert.equal(
      plainSpaces(runDescription(run(), now)),
      '1,20,000 new, 56 changed · 5 min ago · 8–10 Apr 2026 · 1 min 05 s',
    );
  });

  it('says that nothing changed, or that there was nothing', () => {
    const same = run({ inserted: 0, updated: 0, unchanged: 40, rows: 40, durationMs: 400 });
    assert.match(runDescription(same, now), /^40 unchanged · 5 min ago · .* · 0\.4 s$/);
    assert.match(runDescription({ ...same, rows: 0, unchanged: 0 }, now), /^no invoices · /);
  });

  it('counts what is missing in Tally or was rejected', () => {
    assert.match(
      runDescription(run({ inserted: 0, updated: 0, missing: 3, rejected: 1 }), now),
      /^3 missing, 1 rejected ·/,
    );
  });

  it('counts what could not be read over all companies, and by company where there are several', () => {
    const one = { companyId: 'a', companyName: 'Asha Traders', rejects: 1 };
    assert.equal(rejectsDescription([one]), '1 voucher could not be read');
    const other = { companyId: 'b', companyName: 'Meera Exports', rejects: 2 };
    assert.equal(
      rejectsDescription([one, other]),
      '3 vouchers could not be read: 1 of Asha Traders, 2 of Meera Exports',
    );
  });

  it('says that it failed, and why in the tooltip, in the words of the editor', () => {
    assert.match(runDescription(failed, now), /^failed: Tally not reachable · 5 min ago · \d/);
    assert.match(runTooltip(failed, now), /^\| Error \| Tally cannot be reached\\. Correct tally\\.url\\. \|$/m);
  });
});

describe('the details of a run', () => {
  it('have everything that the warehouse has of it', () => {
    const text = plainSpaces(runDetails(run({ rejected: 2 }), '- Sales S/1: AMOUNT: it is a word'));
    for (const words of ['Asha Traders', 'invoices', '8–10 Apr 2026', '2026-04-10T11:55:00Z', '1 min 05 s'])
      assert.ok(text.includes(words), words);
    assert.match(text, /^Invoices +1,23,456$/m);
    assert.doesNotMatch(text, /Missing in Tally/); // no invoice is missing
    assert.match(
      text,
      /^What could not be read:\n- Sales S\/1: AMOUNT: it is a word\nWhat Tally sent .*Show Rejected Vouchers\.$/m,
    );
    assert.doesNotMatch(runDetails(run()), /could not be read/);
  });

  it('have the error of one that failed before it knew its company', () => {
    const text = runDetails(failed);
    assert.match(text, /^Company +not known/m);
    assert.match(text, /^Error tally-unreachable\nTally cannot be reached\. Correct tally\.url\.$/m);
  });

  it('begin with the error, in lines that a window shows whole', () => {
    const text = runDetails(failedRun('Nothing answers. '.repeat(20).trim()));
    assert.match(text, /^Sync\n\nError tally-unreachable\nNothing answers\./);
    assert.ok(text.split('\n').every((line) => line.length <= 100));
  });
});
