import assert from 'node:assert/strict';
import type { JobResult } from '../../src/core/core.js';
import type { LoadAnswer } from '../../src/extension/jobs/jobMessages.js';
import { type Milestone, Milestones, reachedBy } from '../../src/extension/view/milestones.js';

/** The state that VS Code keeps for an extension. */
class KeptState {
  readonly kept = new Map<string, unknown>();
  readonly keys = (): readonly string[] => [...this.kept.keys()];
  get<T>(key: string, otherwise?: T): T {
    return (this.kept.has(key) ? this.kept.get(key) : otherwise) as T;
  }
  update(key: string, value: unknown): Promise<void> {
    this.kept.set(key, value);
    return Promise.resolve();
  }
}

const answer = (invoices: number, dryRun = false): LoadAnswer => ({
  result: { invoices, dryRun } as JobResult,
  closing: '',
  text: '',
});
const loaded = answer(12);
const range = { from: '2024-04-01', to: '2025-03-31' };

describe('a step of the walkthrough', () => {
  it('is done when a check finds that part in order, and not before', () => {
    const items = [
      { part: 'tally', ok: true, message: 'Tally answers.' },
      { part: 'company', ok: false, message: 'No company is open.' },
      { part: 'masters', ok: true, message: 'Tally gave its masters.' },
      { part: 'warehouse', ok: true, message: 'It answers.' },
      { part: 'schema', ok: true, message: 'The tables are up to date.' },
      { part: 'rights', ok: true, message: 'A load may write.' },
    ] as const;
    assert.deepEqual(reachedBy('check', undefined, [...items]), ['tally', 'warehouse']);
  });

  it('is done by a load of all that a load needs', () => {
    assert.deepEqual(reachedBy('backfill', range, loaded), ['tally', 'company', 'warehouse', 'load']);
    assert.deepEqual(reachedBy('sync', undefined, loaded), ['tally', 'company', 'warehouse', 'load']);
  });

  it('is not done by a load that found nothing where something is to be loaded', () => {
    assert.deepEqual(reachedBy('backfill', range, answer(0)), ['tally', 'company', 'warehouse']);
  });

  it('is not done by a dry run where that writes nothing, nor by a file where Tally was not asked', () => {
    assert.deepEqual(reachedBy('backfill', { ...range, dryRun: true }, answer(12, true)), ['tally', 'company']);
    assert.deepEqual(reachedBy('backfill', { ...range, files: ['/tmp/DayBook.xml'] }, loaded), ['warehouse', 'load']);
  });

  it('stays done in the next window, and is told to VS Code once', () => {
    const state = new KeptState();
    const shown: Milestone[] = [];
    const first = new Milestones(state, (one) => shown.push(one));
    first.reach(['tally', 'company']);
    first.reach(['tally', 'load']);
    assert.deepEqual(shown, ['tally', 'company', 'load']);
    const later: Milestone[] = [];
    new Milestones(state, (one) => later.push(one));
    assert.deepEqual(later, ['tally', 'company', 'load']);
  });
});
