// Texts of the status bar.
import { t } from '@vscode/l10n';
import { today } from '../../core/base/calendar.js';
import type { CompanySummary } from '../../core/core.js';
import { dateText, dayAndMonth, invoiceCount } from '../../core/base/countWords.js';
import { formatRupees, paiseOf } from '../../core/base/format.js';
import { localTime } from '../language/language.js';
import { inEditorWords } from '../notices/errorWords.js';
import { statusWords, timeAgo } from './warehouseWords.js';

/** The last sync, as the status bar shows it. */
export interface LastSync {
  state: 'ok' | 'error' | 'cancelled';
  /** When it began, ISO 8601. */
  at: string;
  company: string | null;
  error: string | null;
  /** Only if this sync stands for the syncs of several companies: when the last of them ended, ISO 8601. */
  endOfAll?: string;
}

/** The sync that stands for the syncs of several companies: one that failed, else a cancelled one, else the last. */
export const worstOf = (syncs: readonly LastSync[]): LastSync | undefined =>
  syncs.find(({ state }) => state === 'error') ?? syncs.find(({ state }) => state === 'cancelled') ?? syncs.at(-1);

/** The newest sync in the warehouse, unless `known` stands for several syncs and `newest` began before they had ended. */
export const lastSyncOf = (known: LastSync | undefined, newest: LastSync | undefined): LastSync | undefined =>
  known?.endOfAll !== undefined && (newest === undefined || Date.parse(newest.at) <= Date.parse(known.endOfAll))
    ? known
    : newest;

/** The facts that the status bar shows. */
export interface BarFacts {
  /** The company of the view; `nothing`: the warehouse has none; undefined: not asked yet, or nothing is configured. */
  company: Pick<CompanySummary, 'name' | 'upTo' | 'invoices' | 'netSales' | 'netPurchases'> | 'nothing' | undefined;
  last: LastSync | undefined;
  /** The demo's company and address, while it runs. */
  demo: { company: string; url: string } | undefined;
  /** When VS Code syncs next by itself, in milliseconds since 1970. */
  nextSync: number | undefined;
}

/** Undefined: there is nothing to tell yet. */
export function statusBarText({ company, last, demo }: BarFacts, now: number): string | undefined {
  const icon = demo ? '$(beaker)' : '$(database)';
  const name = demo ? t('Tally demo') : t('Tally');
  if (last?.state === 'error')
    return `$(error) ${t('{name}: sync failed {ago}', { name, ago: timeAgo(last.at, now) })}`;
  if (company === undefined) return demo && `${icon} ${name}`;
  if (company === 'nothing' || company.upTo === null) return `${icon} ${t('{name}: nothing loaded', { name })}`;
  const isThisYear = company.upTo.slice(0, 4) === today().slice(0, 4);
  const date = isThisYear ? dayAndMonth(company.upTo) : dateText(company.upTo);
  return `${icon} ${t('{name}: up to {date} · {invoices}', { name, date, invoices: invoiceCount(company.invoices) })}`;
}

export function statusBarTooltip({ company, last, demo, nextSync }: BarFacts): string {
  return [
    ...(typeof company === 'object' ? companyLines(company) : []),
    ...(last === undefined ? [] : lastSyncLines(last)),
    ...(nextSync === undefined
      ? []
      : [t('Next scheduled sync: {time}.', { time: localTime(new Date(nextSync).toISOString()) })]),
    ...(demo === undefined ? [] : [t('The demo company “{company}” runs at {url}.', demo)]),
    t('Click for commands.'),
  ].join('\n');
}

const companyLines = (company: Extract<BarFacts['company'], object>): string[] => [
  company.name,
  ...(company.upTo === null
    ? []
    : [
        t('{invoices} up to {date}: net sales {sales}, net purchases {purchases}.', {
          invoices: invoiceCount(company.invoices),
          date: dateText(company.upTo),
          sales: formatRupees(paiseOf(company.netSales)),
          purchases: formatRupees(paiseOf(company.netPurchases)),
        }),
      ]),
];

function lastSyncLines(last: LastSync): string[] {
  const said = { status: statusWords[last.state](), time: localTime(last.at), company: last.company ?? '' };
  const head =
    last.company === null
      ? t('Last sync: {status}, started {time}.', said)
      : t('Last sync of “{company}”: {status}, started {time}.', said);
  return last.error === null ? [head] : [head, inEditorWords(last.error)];
}

export const statusBarRunning = (name: string, percent: number | undefined): string =>
  `$(sync~spin) Tally: ${name}${percent === undefined ? '…' : ` ${percent} %`}`;
