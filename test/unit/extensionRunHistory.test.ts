import assert from 'node:assert/strict';
import type { Memento } from 'vscode';
import { concernsOf, failedSyncs, isLogged, withoutRowsOfOwnRuns } from '../../src/extension/view/attention.js';
import type { LoggedRun } from '../../src/core/core.js';
import { concernText, ownRunDescription, ownRunTooltip } from '../../src/extension/view/ownRunWords.js';
import { hasReport, type Outcome, type OwnRun, RunHistory } from '../../src/extension/view/runHistory.js';
import { failedRun, loggedRun } from '../support/loggedRun.js';
import { outcomeOf, ownRun } from '../support/ownRun.js';
import { plainSpaces } from '../support/plainSpaces.js';

/** Storage of VS Code that outlives its window. */
function memento(): Memento {
  const kept = new Map<string, string>();
  return {
    keys: () => [...kept.keys()],
    get: (key: string, other?: unknown) => (kept.has(key) ? (JSON.parse(kept.get(key)!) as unknown) : other),
    update: (key: string, value: unknown) => {
      kept.set(key, JSON.stringify(value));
      return Promise.resolve();
    },
  } as Memento;
}

const given = (job: OwnRun['job'] = 'backfill') => {
  const { range, again, inDemo, place } = ownRun();
  return { job, range, again, inDemo, place };
};

describe('the runs of a window', () => {
  it('are there while they run, can be cancelled, and outlive the window once they have ended', () => {
    const state = memento();
    const history = new RunHistory(state, () => undefined);
    const { run, signal } = history.begin(given());
    history.progress(run, 34);
    assert.deepEqual(
      history.of(false, '').map(({ status, percent }) => [status, percent]),
      [['running', 34]],
    );
    assert.deepEqual(new RunHistory(state, () => undefined).of(false, ''), []);
    history.cancel(run);
    assert.ok(signal.aborted);
    history.end(run, outcomeOf({ status: 'cancelled' }));
    const later = new RunHistory(state, () => undefined);
    assert.deepEqual(
      later.of(false, '').map(({ status }) => status),
      ['cancelled'],
    );
    assert.equal(later.documents()[0]?.text, 'All of it.\n');
  });

  it('belong to one warehouse: the demo and other warehouses have their own', () => {
    const history = new RunHistory(memento(), () => undefined);
    history.end(history.begin(given()).run, outcomeOf());
    assert.deepEqual([history.of(true, ''), history.of(false, 'db/books')], [[], []]);
  });

  it('block another load only while a load runs, not during a comparison or a dry run', () => {
    const history = new RunHistory(memento(), () => undefined);
    history.begin(given('verify'));
    history.begin(given('dryRun'));
    assert.equal(history.isLoading, false);
    const { run } = history.begin(given('sync'));
    assert.equal(history.isLoading, true);
    history.end(run, outcomeOf());
    assert.equal(history.isLoading, false);
  });

  it('keep one sync, twenty runs, and the reports of the latest five', () => {
    const history = new RunHistory(memento(), () => undefined);
    for (let n = 0; n < 30; n++) history.end(history.begin(given('sync')).run, outcomeOf());
    assert.equal(history.of(false, '').length, 1);
    const concerns = ['2 invoices differ.'];
    for (let n = 0; n < 30; n++) history.end(history.begin(given('verify')).run, outcomeOf({ concerns }));
    const kept = history.of(false, '');
    assert.equal(kept.length, 20);
    assert.deepEqual(kept.filter(hasReport), kept.slice(0, 5));
    assert.equal(
      kept[5]!.outcome!.document.text,
      concerns[0],
      'without its report a run still says what to worry about',
    );
    const { run } = history.begin(given('verify'));
    history.end(run, outcomeOf({ status: 'cancelled' }));
    assert.equal(hasReport(run), false, 'a cancelled comparison has none');
  });
});

describe('a sync that failed', () => {
  it('leaves the view when the next sync of its company into its warehouse ends, and not before', () => {
    const history = new RunHistory(memento(), () => undefined);
    const failed = history.begin(given('sync')).run;
    history.end(failed, outcomeOf({ status: 'error' }));
    history.end(history.begin({ ...given('sync'), place: 'db/books' }).run, outcomeOf());
    assert.deepEqual(history.of(false, ''), [failed]);
    const { run } = history.begin(given('sync'));
    history.end(run, outcomeOf());
    assert.deepEqual(history.of(false, ''), [run]);
  });
});

/** A sync of one of several companies. */
const syncOf = (company: string, more: Partial<OwnRun> = {}, outcome: Parameters<typeof ownRun>[1] = {}): OwnRun => {
  const run = ownRun({ id: company, job: 'sync', range: undefined, durationMs: 500, ...more }, outcome);
  run.again = { load: { load: { job: 'sync', request: undefined }, books: { inDemo: false, company } } };
  return run;
};
const notOpen: Partial<Outcome> = {
  ...{ status: 'error', errorCode: 'company-not-open', concerns: ['It is not open.'] },
};
const failedSync = (company: string, at: string): OwnRun => {
  const run = syncOf(company, { at }, notOpen);
  delete run.outcome!.company;
  return run;
};

describe('the runs of a Sync All', () => {
  const failed = failedSync('Kamal Stores', '2026-04-10T11:55:01.500Z');
  const before = loggedRun({ id: 1, companyName: 'Asha Traders', runAt: '2026-04-10T11:55:00Z' });
  const nameless = { ...failedRun('It is not open.'), id: 2, runAt: '2026-04-10T11:55:01Z' };
  const after = loggedRun({ id: 3, companyId: 'm', companyName: 'Meera', runAt: '2026-04-10T11:55:02Z' });
  const logged = [after, nameless, before];

  it('that failed before Tally named their company are shown as this window knows them, and not twice', () => {
    const rest = withoutRowsOfOwnRuns(logged, [failed]);
    assert.deepEqual(rest, [after, before]);
    assert.deepEqual(concernsOf([failed], rest), [failed]);
    assert.deepEqual(failedSyncs(rest), []);
    // Two runs that failed in the same second have a log row each.
    const other = failedSync('Jain & Co', '2026-04-10T11:55:01.900Z');
    assert.deepEqual(withoutRowsOfOwnRuns([nameless, { ...nameless, id: 4 }], [other, failed]), []);
    // A run that names no company says no more than its log row, so the row stays.
    assert.deepEqual(withoutRowsOfOwnRuns([nameless], [{ ...failed, again: ownRun().again }]), [nameless]);
  });

  it('need attention until a later sync of the same company, not of another one', () => {
    const later = { at: '2026-04-10T11:58:00Z' };
    const done = (name: string): OwnRun => syncOf(name, later, { company: { id: name, name } });
    assert.deepEqual(concernsOf([done('Meera'), failed], []), [failed]);
    assert.deepEqual(concernsOf([done('KAMAL STORES'), failed], []), []);
    assert.deepEqual(concernsOf([failed], [{ ...after, runAt: later.at }]), [failed]);
    assert.deepEqual(concernsOf([failed], [{ ...after, companyName: 'Kamal Stores', runAt: later.at }]), []);
  });

  it('stay in the history beside those of other companies that fail', () => {
    const history = new RunHistory(memento(), () => undefined);
    const run = (company: string, outcome: Parameters<typeof outcomeOf>[0]): void => {
      const { again, inDemo, place } = syncOf(company);
      const ended = outcomeOf(outcome);
      if (ended.status === 'error') delete ended.company;
      else ended.company = { id: company, name: company };
      history.end(history.begin({ job: 'sync', range: undefined, again, inDemo, place }).run, ended);
    };
    const kept = (): unknown[] =>
      history.of(false, '').map(({ again, status }) => ['load' in again && again.load.books.company, status]);
    run('Asha', {});
    run('Kamal', notOpen);
    run('Meera', notOpen);
    run('Rao', {});
    assert.deepEqual(kept(), [
      ['Rao', 'ok'],
      ['Meera', 'error'],
      ['Kamal', 'error'],
    ]);
    run('kamal ', {});
    assert.deepEqual(kept(), [
      ['kamal ', 'ok'],
      ['Meera', 'error'],
    ]);
  });
});

describe('the row of a run of this window', () => {
  const now = Date.parse('2026-04-10T12:00:00Z');

  it('says how far it is, then what came of it', () => {
    const running = ownRun({ status: 'running', percent: 34 });
    assert.match(plainSpaces(ownRunDescription(running, now)), /^34 % · 1 Apr\D+13 Oct 2024$/);
    assert.match(
      plainSpaces(ownRunDescription(ownRun(), now)),
      /^3,215 new · 4 min ago · 1 Apr\D+13 Oct 2024 · 12\.3 s$/,
    );
  });

  it('says first that it failed, and why', () => {
    const failed = ownRun({}, { status: 'error', errorCode: 'tally-unreachable', concerns: ['Nothing answers.'] });
    assert.match(ownRunDescription(failed, now), /^failed: Tally not reachable · 4 min ago/);
    assert.match(plainSpaces(concernText(failed, now)), /^failed: Tally not reachable · 4 min ago · 1 Apr/);
    const warned = ownRun({}, { ...failed.outcome, concerns: ['Nothing answers.', 'S/2 does not add up.'] });
    assert.match(ownRunTooltip(warned, now), /\| Error \| Nothing.*\n\| Warning \| S\\\/2 does/);
    assert.match(ownRunTooltip(failed, now), /\|:--\|:--\|\n\| Error \| Nothing answers\\\. \|\n/);
  });
});

describe('what needs attention', () => {
  const warned = ownRun({}, { status: 'warning', concerns: ['1 invoice does not add up.'] });
  const at = '2026-04-10T11:58:00Z';

  it('is a run that warns or failed, until a later one of the same days ends or somebody dismisses it', () => {
    assert.deepEqual(concernsOf([warned], []), [warned]);
    assert.deepEqual(concernsOf([ownRun({ at }), warned], []), []);
    const again = { ...warned, id: 'again', at };
    assert.deepEqual(concernsOf([again, warned], []), [again]);
    const failed = { ...ownRun({ id: 'f' }, { status: 'error', concerns: ['No.'] }), job: 'verify' as const };
    assert.deepEqual(concernsOf([{ ...failed, id: 'later', at }, failed], []).length, 1);
    assert.deepEqual(concernsOf([{ ...failed, at }, warned], []).length, 2); // a later verify does not settle a load
    const part = ownRun({ at, range: { from: '2024-04-01', to: '2024-04-30' } });
    assert.deepEqual(concernsOf([part, warned], []), [warned]);
    const other = ownRun({ at }, { company: { id: 'm', name: 'Meera Exports' } });
    assert.deepEqual(concernsOf([other, warned], []), [warned]);
    assert.deepEqual(concernsOf([{ ...warned, isDismissed: true }], []), []);
  });

  it('is a cancelled run that had warned, not one that had not', () => {
    const cancelled = ownRun({}, { status: 'cancelled', concerns: ['1 invoice does not add up.'] });
    delete cancelled.outcome!.company;
    assert.deepEqual(concernsOf([cancelled, ownRun({}, { status: 'cancelled' })], []), [cancelled]);
    assert.match(concernText(cancelled, Date.now()), /^1 invoice does not add up\. · /);
    assert.match(ownRunTooltip(cancelled, Date.now()), /\| Warning \| 1 invoice does not add up/);
    assert.deepEqual(concernsOf([ownRun({ at }), cancelled], []), []);
  });

  it('is a difference that was found, which a backfill does not settle, but a reload', () => {
    const differs = ownRun({ job: 'verify' }, { status: 'warning', concerns: ['2 invoices differ.'] });
    assert.deepEqual(concernsOf([ownRun({ at }), differs], []), [differs]);
    const short = 'differs on 1 day';
    const text = (days: string[]) =>
      concernText(ownRun({ job: 'verify' }, { ...differs.outcome, short, days }), Date.now());
    assert.match(text(['2024-04-05']), /^differs on 1 day · /);
    assert.match(text([]), /^2 invoices differ\. · /);
    assert.deepEqual(concernsOf([ownRun({ at, job: 'clearAndReload' }), differs], []), []);
  });

  it('is neither a dry run nor a run that another one kept from beginning', () => {
    const locked = ownRun({}, { status: 'error', errorCode: 'locked', concerns: ['Another run is on.'] });
    assert.deepEqual(concernsOf([locked, { ...warned, job: 'dryRun' }], []), []);
  });

  it('is the latest sync of a company where it failed, once', () => {
    const failed = loggedRun({ id: 9, status: 'error', errorCode: 'tally-unreachable', error: 'Nothing answers.' });
    assert.deepEqual(failedSyncs([failed, loggedRun()]), [failed]);
    assert.deepEqual(failedSyncs([loggedRun(), { ...failed, id: 5 }]), []);
    const early = failedRun('Nothing answers.');
    assert.deepEqual(failedSyncs([early, loggedRun()]), [early]);
    assert.deepEqual(failedSyncs([loggedRun(), early]), []);
    const own = ownRun({ job: 'sync', range: undefined }, { status: 'error', concerns: ['Nothing answers.'] });
    assert.deepEqual(concernsOf([own], [early]), []);
  });

  it('is a sync that failed before Tally named its company, until the same Tally has answered', () => {
    const early = failedRun('Nothing answers.');
    const later = (given: Partial<LoggedRun>): LoggedRun => loggedRun({ id: 9, ...given });
    const elsewhere = later({ tallyAddress: 'http://meera-pc:9000', companyId: 'm', companyName: 'Meera' });
    assert.deepEqual(failedSyncs([elsewhere, early]), [early]);
    assert.deepEqual(failedSyncs([later({}), elsewhere, early]), []);
    // The latest of several failures at one address counts. A cancelled sync may not have asked Tally, so it settles
    // nothing.
    const again = { ...early, id: 8 };
    assert.deepEqual(failedSyncs([again, early]), [again]);
    assert.deepEqual(failedSyncs([{ ...again, status: 'cancelled' }, early]), [early]);
    assert.deepEqual(failedSyncs([later({ status: 'cancelled' }), early]), [early]);
    // A row of an older version does not say which Tally was asked, so the answer of any Tally settles it.
    assert.deepEqual(failedSyncs([elsewhere, { ...early, tallyAddress: null }]), []);
  });

  it('is a sync that failed before Tally named its company, until the company that was asked for is synced', () => {
    const early = { ...failedRun('It is not open.'), askedCompany: 'Kamal Stores' };
    const done = loggedRun({ id: 9 });
    assert.deepEqual(failedSyncs([done, early]), [early], 'another company of this Tally');
    assert.deepEqual(failedSyncs([{ ...done, companyName: 'KAMAL STORES' }, early]), []);
    const failed = { ...done, companyName: 'Kamal Stores', status: 'error' as const };
    assert.deepEqual(failedSyncs([failed, early]), [failed]);
    const elsewhere = { ...done, companyName: 'Kamal Stores', tallyAddress: 'http://meera-pc:9000' };
    assert.deepEqual(failedSyncs([elsewhere, early]), [early], 'a company of this name in another Tally');
    assert.deepEqual(failedSyncs([{ ...early, id: 8, askedCompany: 'Rao' }, early]).length, 2);
    assert.deepEqual(failedSyncs([{ ...early, id: 8, askedCompany: 'kamal stores ' }, early]).length, 1);
  });

  it('knows the row that a sync of this window has left in the warehouse', () => {
    const sync = ownRun({ job: 'sync', range: undefined }, { runId: 'other', status: 'error' });
    assert.ok(isLogged(sync, [loggedRun({ runAt: '2026-04-10T11:55:00Z' })]));
    assert.ok(!isLogged(sync, [loggedRun({ runAt: '2026-04-10T11:50:00Z' })]));
    assert.ok(!isLogged(ownRun(), [loggedRun({ runAt: '2026-04-10T11:55:00Z' })]));
  });
});
