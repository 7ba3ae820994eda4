import assert from 'node:assert/strict';
import { today } from '../../src/core/base/calendar.js';
import {
  type BarFacts,
  statusBarRunning,
  statusBarText,
  statusBarTooltip,
} from '../../src/extension/view/statusBarWords.js';
import { plainSpaces } from '../support/plainSpaces.js';

const now = Date.parse('2026-04-10T12:00:00Z');
const last = { state: 'ok' as const, at: '2026-04-10T11:55:00Z', company: 'Asha Traders', error: null };
const figures = { invoices: 5996, netSales: '393300000.50', netPurchases: '39700000.00' };
const company = { name: 'Asha Traders', upTo: '2024-10-13', ...figures };
const facts = (given: Partial<BarFacts> = {}): BarFacts => ({
  ...{ company, last, demo: undefined, nextSync: undefined },
  ...given,
});
const demo = { company: 'Bharat Traders', url: 'http://127.0.0.1:9001' };

describe('the status bar', () => {
  it('tells what is there and how old it is', () => {
    assert.equal(plainSpaces(statusBarText(facts(), now)!), '$(database) Tally: up to 13 Oct 2024 · 5,996 invoices');
  });

  it('leaves out the year where it is this one', () => {
    const text = statusBarText(facts({ company: { ...company, upTo: `${today().slice(0, 4)}-01-05` } }), now);
    assert.equal(plainSpaces(text!), '$(database) Tally: up to 5 Jan · 5,996 invoices');
  });

  it('says that nothing is loaded, or is not shown while nothing is known', () => {
    assert.equal(statusBarText(facts({ company: 'nothing' }), now), '$(database) Tally: nothing loaded');
    assert.equal(statusBarText(facts({ company: undefined }), now), undefined);
  });

  it('names the demo as long as it runs', () => {
    assert.equal(statusBarText(facts({ company: undefined, demo }), now), '$(beaker) Tally demo');
    assert.match(statusBarText(facts({ demo }), now)!, /^\$\(beaker\) Tally demo: up to /);
    assert.match(statusBarTooltip(facts({ demo })), /^The demo company “Bharat Traders” runs at http:.*9001\.$/m);
  });

  it('puts a sync that failed first, and its error into the tooltip', () => {
    const failed = facts({ last: { ...last, state: 'error', error: 'Set DB_URL.' } });
    assert.equal(statusBarText(failed, now), '$(error) Tally: sync failed 5 min ago');
    assert.match(statusBarTooltip(failed), /failed, .*\nSet the warehouse URL\.$/m);
  });

  it('has company, figures and the next scheduled sync in its tooltip', () => {
    const text = plainSpaces(statusBarTooltip(facts({ nextSync: now })));
    assert.match(text, /^Asha Traders\n5,996 invoices up to 13 Oct 2024: net sales ₹39,33,00,000\.50, net purchases /);
    assert.match(text, /^Next scheduled sync: 10 Apr 2026, .*\.$/m);
    assert.doesNotMatch(statusBarTooltip(facts()), /Next scheduled/);
  });

  it('tells how far a run is, as far as Tally says', () => {
    assert.equal(statusBarRunning('Backfill', 34), '$(sync~spin) Tally: Backfill 34 %');
    assert.equal(statusBarRunning('Sync', undefined), '$(sync~spin) Tally: Sync…');
  });
});
