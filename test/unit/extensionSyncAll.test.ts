import assert from 'node:assert/strict';
import { EtlError } from '../../src/core/base/errors.js';
import type { Parts } from '../../src/extension/commands/command.js';
import { syncEach } from '../../src/extension/commands/syncAll.js';
import { type LastSync, lastSyncOf, worstOf } from '../../src/extension/view/statusBarWords.js';

const ignore = (): void => undefined;
const failure = new EtlError('company-not-open', 'The company is not open.', 'Open it.');

/** The parts of a window in which the sync of some companies fails, and the settings of others cannot be read. */
function partsOf({ failing = [], unreadable = [] }: { failing?: string[]; unreadable?: string[] }): {
  parts: Parts;
  shown: LastSync[];
} {
  const shown: LastSync[] = [];
  const parts = {
    books: {
      now: () => ({ inDemo: false }),
      configOf: ({ company }: { company?: string }) =>
        unreadable.includes(company ?? 'any') ? Promise.reject(failure) : Promise.resolve({ company }),
    },
    runner: {
      runQuietly: (_job: string, _request: unknown, { company: name }: { company: string }) => {
        if (failing.includes(name)) return Promise.reject(failure);
        const counts = { invoices: 1, rejected: 0, missing: 0, inserted: 1, updated: 0, unchanged: 0, removed: 0 };
        const result = {
          ...counts,
          command: 'sync',
          from: '2024-04-01',
          to: '2024-04-30',
          company: { id: name, name },
          warnings: [],
          holes: [],
        };
        return Promise.resolve({ result: { ...result, notProven: null, dryRun: false }, closing: '', text: '' });
      },
    },
    notifier: { logError: (error: EtlError) => error },
    statusBar: {
      begin: () => ({ progress: ignore, end: ignore }),
      showLast: (last: LastSync) => shown.push(last),
    },
    history: { begin: (run: object) => ({ run, signal: AbortSignal.abort() }), progress: ignore, end: ignore },
    warehouse: { forget: ignore, get: ignore },
    log: { info: ignore, warn: ignore },
  };
  return { parts: parts as unknown as Parts, shown };
}
const names = ['Asha', 'Meera', 'Rao'];

describe('a sync of several companies', () => {
  it('is shown by the status bar once, with a company that failed, though the last one did not', async () => {
    const { parts, shown } = partsOf({ failing: ['Meera'] });
    await syncEach(parts, names);
    assert.deepEqual(
      shown.map(({ state, company, error }) => [state, company, error]),
      [['error', 'Meera', 'The company is not open. Open it.']],
    );
    assert.ok(shown[0]!.endOfAll! >= shown[0]!.at);
    const all = partsOf({});
    await syncEach(all.parts, names);
    assert.deepEqual(
      all.shown.map(({ state, company }) => [state, company]),
      [['ok', 'Rao']],
    );
  });

  it('goes on after a company whose configuration cannot be read, and keeps the account of the others', async () => {
    const { parts, shown } = partsOf({ unreadable: ['Meera'] });
    const { synced, failed } = await syncEach(parts, names);
    assert.deepEqual(
      [synced.map(({ company }) => company), failed.map(({ company }) => company)],
      [['Asha', 'Rao'], ['Meera']],
    );
    assert.deepEqual(
      shown.map(({ state, company }) => [state, company]),
      [['error', 'Meera']],
    );
  });

  it('does not begin where no configuration can be read', async () => {
    const { parts, shown } = partsOf({ unreadable: ['any'] });
    await assert.rejects(syncEach(parts, names), failure);
    assert.deepEqual(shown, []);
  });
});

describe('the last sync in the status bar', () => {
  const at = (minute: number, given: Partial<LastSync> = {}): LastSync => ({
    ...{ state: 'ok', at: `2026-04-10T12:0${minute}:00Z`, company: 'Asha', error: null },
    ...given,
  });

  it('is the one that failed, else one that was cancelled, else the last of several companies', () => {
    const [failed, cancelled] = [at(1, { state: 'error' }), at(2, { state: 'cancelled' })];
    assert.equal(worstOf([at(0), cancelled, failed, at(3)]), failed);
    assert.equal(worstOf([at(0), cancelled, at(3)]), cancelled);
    assert.deepEqual(worstOf([at(0), at(3)]), at(3));
    assert.equal(worstOf([]), undefined);
  });

  it('stays that of the several companies until a later sync is in the warehouse', () => {
    const all = at(1, { state: 'error', endOfAll: '2026-04-10T12:05:00Z' });
    assert.equal(lastSyncOf(all, at(4)), all);
    assert.equal(lastSyncOf(all, undefined), all);
    assert.deepEqual(lastSyncOf(all, at(6)), at(6));
    assert.deepEqual(lastSyncOf(at(1), at(0)), at(0));
    assert.equal(lastSyncOf(at(1), undefined), undefined);
  });
});
