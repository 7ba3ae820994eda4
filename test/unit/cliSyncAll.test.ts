import assert from 'node:assert/strict';
import { worstExitCode } from '../../src/cli/companyRows.js';
import { describeCompany, describeSyncAll } from '../../src/cli/describeSyncAll.js';
import type { CompanySync } from '../../src/core/core.js';
import { companiesSynced } from '../../src/core/base/companiesSynced.js';
import { tallyKey } from '../../src/core/core.js';
import { jobResult } from '../support/jobResult.js';
import { plainSpaces } from '../support/plainSpaces.js';

const synced = (company: string, more: Partial<ReturnType<typeof jobResult>> = {}): CompanySync => ({
  ...{ company, url: 'http://localhost:9000', warehouse: 'books on localhost', durationMs: 1200 },
  result: jobResult({ command: 'sync', company: { name: company, id: 'x' }, invoices: 12, inserted: 12, ...more }),
});
const failed = (company: string | null): CompanySync => ({
  ...{ company, url: 'http://tally-pc:9000', warehouse: 'books on localhost', durationMs: 30 },
  error: { code: 'tally-unreachable', message: 'Nothing answers.', hint: 'Start Tally.' },
});

describe('what sync --all says', () => {
  it('closes with one sentence: who was synced and who failed', () => {
    assert.equal(companiesSynced(['A', 'B', 'C'], ['D']), 'Synced 3 companies: A, B, C. 1 failed: D.');
    assert.equal(companiesSynced(['A'], []), 'Synced 1 company: A.');
    assert.equal(companiesSynced([], ['D']), 'The sync of D failed.');
    assert.equal(companiesSynced([], ['D', 'E']), 'The sync of 2 companies failed: D, E.');
    assert.equal(companiesSynced([], []), 'There is no company to sync.');
    const many = ['A', 'B', 'C', 'D', 'E', 'F'];
    assert.equal(companiesSynced(many, []), 'Synced 6 companies: A, B, C, D, E, F.');
    assert.equal(companiesSynced([...many, 'G'], []), 'Synced 7 companies: A, B, C, D, E and 2 more.');
  });

  it('has one line for each company, with its exit code', () => {
    assert.match(plainSpaces(describeCompany(synced('Rao'))), /^✓ Synced 12 invoices of Rao, .* \(exit code 0\)$/);
    assert.match(
      describeCompany(synced('Rao', { notProven: 'Days are missing.' })),
      /^! .*Not proven: Days are missing\. \(exit code 6\)$/,
    );
    assert.equal(describeCompany(failed('Rao')), '✗ Rao: Nothing answers. [tally-unreachable] (exit code 3)');
    assert.match(describeCompany(failed(null)), /^✗ http:\/\/tally-pc:9000: /);
  });

  it('has the sentence first, then what failed and why, then a table', () => {
    const text = describeSyncAll([synced('Rao'), failed('Kamal'), synced('Jain', { warnings: ['Look.'] })]);
    const lines = text.split('\n');
    assert.deepEqual(lines.slice(0, 6), [
      'Synced 2 companies: Rao, Jain. 1 failed: Kamal.',
      '',
      '✗ Kamal: Nothing answers. [tally-unreachable]',
      '  Start Tally.',
      '! Jain: Warning: Look.',
      '',
    ]);
    assert.match(lines[6]!, /^ {2}Company +Tally +Warehouse +Invoices +New +Changed +Took +Exit$/);
    assert.match(lines[7]!, /^✓ Rao +http:\/\/localhost:9000 +books on localhost +12 +12 +0 +1\.2 s +0$/);
    assert.match(lines[8]!, /^✗ Kamal +http:\/\/tally-pc:9000 +books on localhost +- +- +- +0\.0 s +3$/);
  });

  it('counts companies that were cancelled or not begun by themselves, not as failed', () => {
    const error = { code: 'cancelled', message: 'Cancelled.', hint: 'Run it again.' } as const;
    const cancelled = (company: string): CompanySync => ({ ...failed(company), error });
    const lines = describeSyncAll([synced('Rao'), failed('Kamal'), cancelled('Jain'), cancelled('Sen')]).split('\n');
    assert.deepEqual(lines.slice(0, 5), [
      'Synced 1 company: Rao. 1 failed: Kamal. 2 cancelled: Jain, Sen.',
      '',
      '✗ Kamal: Nothing answers. [tally-unreachable]',
      '  Start Tally.',
      '',
    ]);
    assert.match(lines.at(-1)!, /^! Sen .* 130$/);
    assert.equal(describeSyncAll([cancelled('Jain')]).split('\n')[0], '1 cancelled: Jain.');
    assert.match(describeSyncAll([]), /^There is no company to sync\.$/);
  });

  it('has what a company had warned of before it was cancelled or failed', () => {
    const error = { code: 'cancelled', message: 'Cancelled.', hint: 'Run it again.', warnings: ['Look.'] } as const;
    const rows: CompanySync[] = [error, { ...error, code: 'tally-timeout' } as const].map(
      ({ warnings, ...rest }, n) => ({
        ...failed(`C${n}`),
        error: { ...rest, warnings: [...warnings] },
      }),
    );
    const lines = describeSyncAll(rows).split('\n');
    for (const name of ['C0', 'C1']) assert.ok(lines.includes(`! ${name}: Warning: Look.`), lines.join('\n'));
  });

  it('names a company that was left out because another Tally has it open too', () => {
    const [url, syncedFrom] = ['http://tally-pc:9000', 'http://localhost:9000'];
    const text = describeSyncAll([synced('Rao')], [{ company: 'Rao', url, warehouse: 'books', syncedFrom }]);
    assert.ok(text.includes(`\n! Rao is open at ${syncedFrom} too, and was not synced from ${url}.\n`), text);
  });

  it('ends with the worst exit code', () => {
    assert.equal(worstExitCode([0, 0]), 0);
    assert.equal(worstExitCode([]), 0);
    assert.equal(worstExitCode([0, 6, 5]), 5);
    assert.equal(worstExitCode([6, 3, 0]), 3);
    assert.equal(worstExitCode([3, 4]), 4);
    assert.equal(worstExitCode([4, 2]), 2);
    assert.equal(worstExitCode([2, 1, 3]), 1);
    assert.equal(worstExitCode([1, 130]), 130);
  });
});

describe('the key of a Tally', () => {
  it('is one for all names of this computer, and tells ports and hosts apart', () => {
    const key = (tallyUrl: string): string => tallyKey({ tallyUrl });
    assert.equal(key('http://127.0.0.1:9000'), key('http://localhost:9000/'));
    assert.equal(key('http://[::1]:9000'), key('http://localhost:9000'));
    assert.equal(key('http://127.1.2.3:9000'), key('http://LOCALHOST:9000'));
    assert.notEqual(key('http://127.example.com:9000'), key('http://localhost:9000'));
    assert.notEqual(key('http://localhost.example.com:9000'), key('http://localhost:9000'));
    assert.notEqual(key('http://localhost:9001'), key('http://localhost:9000'));
    assert.notEqual(key('http://tally-pc:9000'), key('http://localhost:9000'));
  });
});
