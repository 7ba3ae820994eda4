// Texts of the rows of this window's runs. Pure functions: `now` is an argument.
import { t } from '@vscode/l10n';
import { rangeText } from '../../core/base/countWords.js';
import { formatDuration } from '../../core/base/format.js';
import { localTime } from '../language/language.js';
import { messages } from '../messages.js';
import { markdownTable } from './markdownTable.js';
import type { OwnRun } from './runHistory.js';
import { failedText, statusWords, timeAgo } from './warehouseWords.js';

/** `Backfill 1 Apr – 13 Oct 2024`, the title of the run's document. */
export const ownRunTitle = ({ job, range }: Pick<OwnRun, 'job' | 'range'>): string =>
  [messages.running[job](), ...(range ? [rangeText(range)] : [])].join(' ');

/** The progress or the outcome comes first, because a narrow side bar cuts off the end. */
export function ownRunDescription(run: OwnRun, now: number): string {
  const range = run.range ? [rangeText(run.range)] : [];
  if (run.status === 'running')
    return [run.percent === undefined ? t('running') : `${run.percent} %`, ...range].join(' · ');
  return [howItEnded(run), timeAgo(run.at, now), ...range, formatDuration(run.durationMs)].join(' · ');
}

function howItEnded({ status, outcome }: OwnRun): string {
  if (status === 'error') return failedText(outcome?.errorCode);
  return status === 'cancelled' ? statusWords.cancelled() : (outcome?.short ?? '');
}

/** Why a run needs attention: its error, the number of days that differ, or its first warning. */
export const concernText = (run: OwnRun, now: number): string =>
  [
    run.status === 'error' || differs(run) ? howItEnded(run) : run.outcome!.concerns[0]!,
    timeAgo(run.at, now),
    ...(run.range ? [rangeText(run.range)] : []),
  ].join(' · ');

/** A comparison that found differences. The row shows the number of days; the tooltip has the whole sentence. */
const differs = ({ job, outcome }: OwnRun): boolean => job === 'verify' && (outcome?.days ?? []).length > 0;

/** Markdown. */
export const ownRunTooltip = (run: OwnRun, now: number): string =>
  markdownTable(ownRunTitle(run), [
    ...(run.outcome?.concerns ?? []).map((text, n): readonly [string, string] => [
      run.status === 'error' && n === 0 ? t('Error') : t('Warning'),
      text,
    ]),
    ...(run.outcome?.company ? [[t('Company'), run.outcome.company.name] as const] : []),
    ...(run.range ? [[t('Range'), rangeText(run.range)] as const] : []),
    [t('Started'), `${localTime(run.at)} (${timeAgo(run.at, now)})`],
    ...(run.status === 'running' ? [] : [[t('Took'), formatDuration(run.durationMs)] as const]),
  ]);
