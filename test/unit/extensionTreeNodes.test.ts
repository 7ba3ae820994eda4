import assert from 'node:assert/strict';
import { addMonths, financialYearStart, monthEnd, today } from '../../src/core/base/calendar.js';
import { formatRupeesShort } from '../../src/core/base/format.js';
import type { CompanySummary, SummaryFigures } from '../../src/core/jobs/job.js';
import { demoCompanyGuid } from '../../src/demo/demoNames.js';
import { companyInView } from '../../src/extension/view/companyInView.js';
import { companyTooltip, figuresText } from '../../src/extension/view/companyWords.js';
import { hasSeveralCompanies, rootsOf, type TreeNode, yearsOf } from '../../src/extension/view/treeNodes.js';
import type { LoadedView } from '../../src/extension/view/warehouseState.js';
import type { OwnRun } from '../../src/extension/view/runHistory.js';
import { checkpointOf, loggedRun } from '../support/loggedRun.js';
import { ownRun } from '../support/ownRun.js';
import { plainSpaces } from '../support/plainSpaces.js';

const figures: SummaryFigures = {
  ...{ invoices: 5996, optional: 36, netSales: '393300000.50', netPurchases: '39700000.00' },
  ...{ daysLoaded: 365, daysNotLoaded: 0, daysNotProven: 0 },
};
const none: SummaryFigures = {
  ...{
    invoices: 0,
    optional: 0,
    netSales: '0.00',
    netPurchases: '0.00',
    daysLoaded: 0,
    daysNotLoaded: 30,
    daysNotProven: 0,
  },
};

const thisYear = financialYearStart(today());

/** A company with one financial year, of which two months are loaded. */
function companyOf(id: string, name: string, given: Partial<CompanySummary> = {}, from = thisYear): CompanySummary {
  const months = [from, addMonths(from, 1)].map((start) => ({ from: start, to: monthEnd(start), ...figures }));
  const year = { name: 'this', from, to: monthEnd(addMonths(from, 11)), months, ...figures };
  return {
    ...{ id, name, lastLoadedAt: '2026-04-10T11:55:00Z', booksFrom: null, upTo: today(), years: [year] },
    ...figures,
    ...given,
  };
}

const asha = companyOf('a', 'Asha Traders');
const meera = companyOf('m', 'Meera Exports');
const demo = companyOf(demoCompanyGuid, 'Bharat Traders');
const view = (given: Partial<LoadedView> = {}): LoadedView => ({
  ...{
    state: 'loaded',
    companies: [meera, asha],
    company: asha,
    inDemo: false,
    place: '',
    heading: '',
    ignoresDotEnv: false,
    overlapDays: 1,
    hasMore: false,
  },
  ...{ checkpoints: [], runs: [], rejects: [] },
  ...given,
});
const group = (given: LoadedView, name: string, own: OwnRun[] = []): TreeNode[] =>
  rootsOf(given, own).find((one) => one.group === name)?.children ?? [];

describe('the company of the view', () => {
  const companies = [demo, meera, asha];

  it('is the configured one, else the one that was loaded last', () => {
    assert.equal(companyInView({ companies, configuredId: 'a' }, false)?.name, 'Asha Traders');
    assert.equal(companyInView({ companies: [meera, asha], configuredId: null }, false)?.name, 'Meera Exports');
  });

  it('is the demo last once that has stopped, and never one of which nothing is loaded', () => {
    assert.equal(companyInView({ companies, configuredId: null }, false)?.name, 'Meera Exports');
    assert.equal(companyInView({ companies, configuredId: null }, true)?.name, 'Bharat Traders');
    assert.equal(companyInView({ companies: [demo], configuredId: null }, false)?.name, 'Bharat Traders');
    assert.equal(companyInView({ companies, configuredId: null }, false, demo.id)?.name, 'Bharat Traders');
    const empty = companyOf('e', 'Empty', { years: [] });
    assert.equal(companyInView({ companies: [empty, asha], configuredId: null }, false)?.name, 'Asha Traders');
    assert.equal(companyInView({ companies: [empty], configuredId: null }, false), undefined);
  });
});

describe('the group Warehouse', () => {
  it('has the company of the view first and the stopped demo last', () => {
    const nodes = group(view({ companies: [demo, meera, asha] }), 'warehouse');
    assert.deepEqual(
      nodes.map((node) => node.kind === 'company' && [node.summary.name, node.isInView, node.isStoppedDemo]),
      [
        ['Asha Traders', true, false],
        ['Meera Exports', false, false],
        ['Bharat Traders', false, true],
      ],
    );
  });

  it('gives years and months as ranges of their company, from the beginning of the books up to today', () => {
    const yearOf = (company: CompanySummary) => {
      const [node] = group(view({ companies: [company] }), 'warehouse');
      assert.ok(node?.kind === 'company');
      return yearsOf(node)[0]!;
    };
    const { from, to, company, inDemo, months } = yearOf(
      companyOf('a', 'Asha Traders', { booksFrom: '2024-04-10' }, '2024-04-01'),
    );
    assert.deepEqual([from, to, company, inDemo], ['2024-04-10', '2025-03-31', 'Asha Traders', false]);
    assert.deepEqual(
      months.map((month) => [month.from, month.to, month.name]),
      [
        ['2024-04-10', '2024-04-30', 'April 2024'],
        ['2024-05-01', '2024-05-31', 'May 2024'],
      ],
    );
    assert.equal(yearOf(asha).to, today());
  });

  it('says that nothing is loaded where the warehouse has only runs', () => {
    assert.deepEqual(group(view({ companies: [], company: undefined }), 'warehouse'), [
      { kind: 'none', text: 'Nothing loaded yet' },
    ]);
  });
});

describe('the row of a company, year or month', () => {
  it('has invoices, net sales and net purchases, and never their sum', () => {
    assert.equal(plainSpaces(figuresText(figures)), '5,996 invoices · sales ₹39.33 crore · purchases ₹3.97 crore');
    assert.match(companyTooltip(asha), /^\| Optional vouchers, not counted \| 36 \|$/m);
    assert.match(companyTooltip(asha), /^\| Net sales \| ₹39\\,33\\,00\\,000\\\.50 \|$/m);
  });

  it('says how many days are not loaded or not proven, or that no day is loaded', () => {
    const some = { ...figures, daysNotLoaded: 169, daysNotProven: 1 };
    assert.match(figuresText(some), /^5,996 invoices · 169 days not loaded · 1 day not proven · sales /);
    assert.equal(figuresText(none), 'not loaded');
  });

  it('writes large amounts in crore and lakh, never more than there is', () => {
    const cases: [bigint, string][] = [
      [99_999_99n, '₹99,999'],
      [1_00_000_00n, '₹1.00 lakh'],
      [99_99_999_99n, '₹99.99 lakh'],
      [1_00_00_000_00n, '₹1.00 crore'],
      [-12345_67_89_012_34n, '-₹12,345.67 crore'],
      [0n, '₹0'],
    ];
    for (const [paise, text] of cases) assert.equal(plainSpaces(formatRupeesShort(paise)), text);
  });
});

describe('the group Checkpoints', () => {
  it('has that of the company of the view first, and marks the stopped demo', () => {
    const of = (companyId: string, name: string) => ({ ...checkpointOf(name, '2026-04-09'), companyId });
    const checkpoints = [of(demoCompanyGuid, 'Bharat Traders'), of('a', 'Asha Traders')];
    const nodes = group(view({ checkpoints }), 'checkpoints');
    assert.deepEqual(
      nodes.map((node) => node.kind === 'checkpoint' && [node.checkpoint.companyName, node.isStoppedDemo]),
      [
        ['Asha Traders', false],
        ['Bharat Traders', true],
      ],
    );
  });
});

describe('the group Needs Attention', () => {
  it('has the latest sync of a company that failed, though newer runs of others fill the page', () => {
    const others = [21, 20].map((id) => loggedRun({ id, companyId: 'm', companyName: 'Meera Exports' }));
    const failed = loggedRun({ id: 3, status: 'error', errorCode: 'company-not-open', error: 'Not open.' });
    const shown = (given: Partial<LoadedView>): unknown[] =>
      group(view({ runs: others, ...given }), 'attention').map((node) => node.kind === 'concern' && node.of);
    assert.deepEqual(shown({ latestOfEach: [others[0]!, failed] }), [{ kind: 'run', run: failed }]);
    assert.deepEqual(shown({ runs: [...others, failed], latestOfEach: [others[0]!, failed] }), [
      { kind: 'run', run: failed },
    ]);
    assert.deepEqual(shown({ latestOfEach: [others[0]!] }), []);
  });
});

describe('the group Recent Runs', () => {
  it('has what runs first, then the runs of the warehouse and of this window, newest first', () => {
    const own = [
      ownRun({ id: 'old', at: '2026-04-10T11:50:00Z' }),
      ownRun({ id: 'on', at: '2026-04-10T11:40:00Z', status: 'running' }),
    ];
    const nodes = group(view({ runs: [loggedRun()] }), 'runs', own);
    assert.deepEqual(
      nodes.map((node) => (node.kind === 'ownRun' ? node.id : node.kind)),
      ['on', 'run', 'old'],
    );
  });

  it('names the company of each run where there are several', () => {
    const other = loggedRun({ id: 8, companyName: 'Meera Exports' });
    assert.equal(hasSeveralCompanies(view({ runs: [loggedRun()] }), [ownRun()]), false); // one company in two lists
    assert.equal(hasSeveralCompanies(view({ runs: [loggedRun(), other] }), []), true);
    const asked = {
      load: { load: { job: 'sync' as const, request: undefined }, books: { inDemo: false, company: 'Rao' } },
    };
    const running = ownRun({ status: 'running', again: asked });
    delete running.outcome;
    assert.equal(hasSeveralCompanies(view({ runs: [loggedRun()] }), [running]), true);
  });

  it('is there while the first load runs, before the warehouse has anything', () => {
    const empty = { state: 'empty' as const, inDemo: false, place: '', heading: '', ignoresDotEnv: false };
    assert.deepEqual(rootsOf(empty, []), []);
    const groups = rootsOf(empty, [ownRun({ status: 'running' })]).map((one) => one.group);
    assert.deepEqual(groups, ['warehouse', 'checkpoints', 'runs']);
  });
});
