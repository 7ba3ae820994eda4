import assert from 'node:assert/strict';
import { EtlError, exitCodes, type ErrorCode } from '../../src/core/base/errors.js';
import type { CheckItem, JobResult } from '../../src/core/jobs/job.js';
import { buttonsFor } from '../../src/extension/notices/buttons.js';
import { errorText } from '../../src/extension/notices/errorWords.js';
import { checkText, progressText, resultText } from '../../src/extension/view/runWords.js';
import { describeClosing } from '../../src/core/report/describeClosing.js';
import { jobResult } from '../support/jobResult.js';
import { plainSpaces } from '../support/plainSpaces.js';

describe('the closing message', () => {
  const closed = (given: Partial<JobResult>) => {
    const result = jobResult(given);
    return resultText({ result, closing: describeClosing(result, 'the built-in warehouse') });
  };
  const said = (given: Partial<JobResult>): string => plainSpaces(closed(given).text);

  it('says what was loaded, of which company, of when and into which warehouse', () => {
    const text = 'Loaded 4,301 invoices of Asha Traders, 1 Apr – 13 Oct 2024, all new, into the built-in warehouse.';
    assert.equal(said({}), text);
    assert.equal(closed({}).worrying, false);
  });

  it('says that nothing had changed, or what had changed', () => {
    const same = { command: 'clear-and-reload', inserted: 0, unchanged: 4301 } as const;
    assert.equal(
      said(same),
      'Reloaded 1 Apr – 13 Oct 2024 of Asha Traders into the built-in warehouse: nothing had changed. 4,301 invoices.',
    );
    assert.match(
      said({ ...same, updated: 1, unchanged: 4300, removed: 2 }),
      /, 1 changed, 4,300 unchanged, 2 removed, into/,
    );
  });

  it('says of a dry run what would happen and that nothing did', () => {
    assert.match(
      said({ dryRun: true, inserted: 1, updated: 2, unchanged: 4298 }),
      /: 1 to insert, 2 to update, 4,298 unchanged in the built-in warehouse\. Nothing was written\.$/,
    );
  });

  it('claims no comparison where no warehouse was in reach', () => {
    const text = said({ dryRun: true, warehouse: { state: 'unreachable', reason: 'refused' } });
    assert.match(text, /not compared with the warehouse/);
    assert.ok(!text.includes('to insert'));
  });

  const worries: [string, Partial<JobResult>, RegExp][] = [
    ['a warning', { warnings: ['The range ends in the future.'] }, /warehouse\. The range ends in the future\.$/],
    ['rejects', { rejected: 2 }, /not loaded: 2 vouchers\. Show Rejected Vouchers says which and why\.$/],
    ['rejects of a dry run', { rejected: 1, dryRun: true }, /would not be loaded: 1 voucher\.$/],
    ['invoices that left Tally', { missing: 1 }, /kept in the warehouse: 1 invoice\.$/],
    ['a run that is not proven', { notProven: 'Tally answered for May.' }, /Not proven: Tally answered for May\.$/],
    ['no invoice at all', { invoices: 0, inserted: 0 }, /check the dates, and that the right company is chosen\.$/],
  ];
  for (const [what, given, words] of worries)
    it(`worries about ${what}`, () => {
      const { worrying, text } = closed(given);
      assert.ok(worrying);
      assert.match(text, words);
    });

  it('names two worries and counts the rest', () => {
    const { text } = closed({ warnings: ['One.', 'Two.', 'Three.', 'Four.'] });
    assert.match(text, /One\. Two\. 2 more in the log\.$/);
  });
});

describe('the progress message', () => {
  const progress = { phase: 'reading', invoices: 1200, vouchers: 3000, fraction: 0.345, date: '2024-06-02' } as const;

  it('shows count, percent and the date reached', () => {
    assert.equal(plainSpaces(progressText(progress, 34)), '1,200 invoices · 34 % · up to 2 Jun 2024');
  });

  it('keeps count, total and percent in their places while it writes', () => {
    const listed = { ...progress, total: 3400 };
    assert.equal(plainSpaces(progressText(listed, 34)), '1,200 of 3,400 invoices · 34 % · up to 2 Jun 2024');
    assert.equal(
      plainSpaces(progressText({ ...listed, phase: 'writing' }, 35)),
      '1,200 of 3,400 invoices · 35 % · writing to the warehouse',
    );
  });

  it('shows no percent where Tally does not say how long its answer is', () => {
    assert.equal(plainSpaces(progressText(progress, undefined)), '1,200 invoices · up to 2 Jun 2024');
  });

  it('says that the embedded warehouse is being made, and asks nothing of Tally meanwhile', () => {
    const making = { phase: 'preparing', invoices: 0, vouchers: 0, makesWarehouse: true } as const;
    assert.match(progressText(making, undefined), /^Making the built-in warehouse/);
    assert.match(progressText({ ...making, makesWarehouse: false }, undefined), /^Asking Tally/);
  });
});

describe('an error message', () => {
  const text = (message: string, hint: string): string => errorText(new EtlError('config', message, hint));

  it('names settings instead of environment variables', () => {
    assert.equal(
      text('TALLY_URL is not an http address: x', 'Correct TALLY_TIMEOUT_SECONDS.'),
      'tally.url is not an http address: x. Correct tally.timeoutSeconds.',
    );
    assert.match(text('DB_URL is not a PostgreSQL address.', ''), /^The warehouse URL is not/);
    assert.match(text('x', 'Set DB_URL again.'), /Set the warehouse URL again\./);
  });

  it('keeps the name of what .env says, and of what no setting says', () => {
    assert.match(text('TALLY_URL in .env is not an http address: x', ''), /^TALLY_URL in \.env/);
    assert.match(text('x', 'Set TALLY_DATA_DIR, or DB_URL in .env.'), /Set tally\.dataFolder, or DB_URL in \.env\.$/);
  });

  it('keeps the names that stand in .env where a line of that file is to be corrected', () => {
    const error = new EtlError('config', 'Line 3 of .env names DB_URL.', 'Write DB_URL=value.', { setting: '.env' });
    assert.equal(errorText(error), 'Line 3 of .env names DB_URL. Write DB_URL=value.');
  });

  const buttonsOf = (code: ErrorCode, setting?: string): string => buttonsFor({ code, setting }).join(', ');

  it('has the buttons that help, whatever the error code, and a way to the log', () => {
    const buttons: Record<ErrorCode, string> = {
      config: 'Open Settings, Select Company, Show Log',
      'tally-unreachable': 'Set Tally Address, Retry, Show Log',
      'tally-timeout': 'Open Settings, Retry, Show Log',
      'company-not-open': 'Select Company, Retry, Show Log',
      'warehouse-unreachable': 'Set Warehouse URL, Retry, Show Log',
      'warehouse-refused': 'Set Warehouse URL, Retry, Show Log',
      'range-not-covered': 'Open Settings, Show Log',
      locked: 'Retry, Show Log',
      'answer-cut': 'Retry, Show Log',
      'tally-refused': 'Open Settings, Retry, Show Log',
      'answer-unreadable': 'Show Log',
      'schema-outdated': 'Show Log',
      'schema-newer': 'Show Log',
      usage: 'Show Log',
      'file-not-written': 'Show Log',
      guard: 'Show Log', // a refused clear-and-reload asks with Reload Anyway: test/ui/ranges.test.ts
      cancelled: 'Retry, Show Log',
      unexpected: 'Show Log',
    };
    assert.deepEqual(
      Object.fromEntries((Object.keys(exitCodes) as ErrorCode[]).map((code) => [code, buttonsOf(code)])),
      buttons,
    );
    assert.equal(buttonsOf('config', 'DB_URL'), 'Set Warehouse URL, Retry, Show Log');
    assert.equal(buttonsOf('config', 'TALLY_URL'), 'Set Tally Address, Retry, Show Log');
    assert.equal(buttonsOf('config', '.env'), 'Open .env, Retry, Show Log');
    // If a web page answers on the port, it belongs to another program: the address is wrong.
    assert.equal(buttonsOf('answer-unreadable', 'TALLY_URL'), 'Set Tally Address, Retry, Show Log');
  });
});

describe('the message of Check Setup', () => {
  it('names every part when all is fine, and offers the first load', () => {
    const { ok, text, buttons } = checkText([
      { part: 'tally', ok: true, message: 'Tally answers: TallyPrime Server is Running' },
      { part: 'warehouse', ok: true, message: 'The warehouse answers.' },
    ]);
    assert.ok(ok);
    assert.equal(text, 'The setup is fine. Tally answers: TallyPrime Server is Running. The warehouse answers.');
    assert.deepEqual(buttons, ['Backfill Range', 'Show Log']);
  });

  it('shows only what is wrong, with the remedy and its button', () => {
    const { ok, text, buttons, log } = checkText([
      { part: 'tally', ok: true, message: 'Tally answers.' },
      { part: 'company', ok: false, message: 'No such company.', remedy: 'Open it.' },
    ]);
    assert.equal(ok, false);
    assert.equal(text, 'No such company. Open it.');
    assert.deepEqual(buttons, ['Select Company', 'Check Again', 'Show Log']);
    assert.equal(log.length, 2);
  });

  it('leaves the steps of the trial to the log, and has room for what is worth knowing', () => {
    const parts: CheckItem['part'][] = [
      'tally',
      'company',
      'masters',
      'vouchers',
      'report',
      'warehouse',
      'schema',
      'rights',
    ];
    const items = parts.map((part): CheckItem => ({ part, ok: true, message: `The ${part} part.` }));
    const { text, log } = checkText(items);
    assert.equal(
      text,
      'The setup is fine. The tally part. The company part. The warehouse part. A small load was tried and rolled back, so nothing was changed; the log has each step.',
    );
    assert.deepEqual(
      log.map((line) => line.split(' · ')[0]),
      parts.map(() => 'ok'),
    );
    items[3] = { ...items[3]!, caution: true, message: 'Tally gives no list of its vouchers.' };
    assert.match(
      checkText(items).text,
      /The company part\. .*Tally gives no list of its vouchers\. The warehouse part\./,
    );
  });

  it('says what is wrong first and then the rest that is wrong, each with its remedy', () => {
    const { text, buttons } = checkText([
      { part: 'company', ok: true, caution: true, message: 'Tally runs without a licence.' },
      { part: 'report', ok: false, message: 'Day Book answers for another day.', remedy: 'Set TALLY_REPORT.' },
      {
        part: 'rights',
        ok: false,
        message: 'The user r lacks rights that a load needs.',
        remedy: 'Let the owner run: GRANT.',
      },
    ]);
    assert.equal(
      text,
      'Day Book answers for another day. Set tally.report. The user r lacks rights that a load needs. Let the owner run: GRANT.',
    );
    assert.deepEqual(buttons, ['Open Settings', 'Check Again', 'Show Log']);
  });

  it('says while it waits that Tally is busy', () => {
    const progress = { phase: 'preparing', invoices: 0, vouchers: 0 } as const;
    assert.equal(progressText({ ...progress, checks: 'tally' }, undefined), 'Asking Tally…');
    assert.match(
      progressText({ ...progress, checks: 'silent-tally' }, undefined),
      /does not answer yet: it is busy, or a box/,
    );
    assert.equal(progressText({ ...progress, checks: 'warehouse' }, undefined), 'Trying the warehouse…');
  });
});
