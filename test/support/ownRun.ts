import type { Outcome, OwnRun } from '../../src/extension/view/runHistory.js';

const document = { title: 'Backfill', key: 'k', text: 'All of it.\n' };
export const outcomeOf = (given: Partial<Outcome> = {}): Outcome => ({
  ...{
    status: 'ok',
    short: '3,215 new',
    concerns: [],
    company: { id: 'a', name: 'Asha Traders' },
    runId: 'r',
    document,
  },
  ...given,
});

/** A backfill of this window that ended well; each test gives the fields that it is about. */
export const ownRun = (given: Partial<OwnRun> = {}, outcome: Partial<Outcome> = {}): OwnRun => ({
  ...{ kind: 'ownRun', id: 'o', job: 'backfill', range: { from: '2024-04-01', to: '2024-10-13' } },
  again: {
    load: { load: { job: 'backfill', request: { from: '2024-04-01', to: '2024-10-13' } }, books: { inDemo: false } },
  },
  ...{ inDemo: false, place: '', at: '2026-04-10T11:55:00.500Z', durationMs: 12_345 },
  ...{ status: outcome.status ?? 'ok', outcome: outcomeOf(outcome) },
  ...given,
});
