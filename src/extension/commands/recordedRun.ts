import { t } from '@vscode/l10n';
import { asEtlError, type EtlError } from '../../core/base/errors.js';
import type { Config } from '../../core/core.js';
import { asSentence, errorText } from '../notices/errorWords.js';
import { messages } from '../messages.js';
import { placeKey } from '../settings/warehouseUrl.js';
import { withWrappedLines } from '../view/warehouseWords.js';
import { ownRunTitle } from '../view/ownRunWords.js';
import type { Outcome, OwnRun } from '../view/runHistory.js';
import type { Parts } from './command.js';

/** Given to the work of a run: the run, a callback for its progress, and the signal of Cancel on its row. */
export interface RecordedRun {
  run: OwnRun;
  onPercent: (percent: number | undefined) => void;
  signal: AbortSignal;
}

/** Shows a run in the view and the status bar while it lasts, then in the view how it ended. Throws what `work` throws. */
export async function recordedRun<A>(
  parts: Parts,
  given: Pick<OwnRun, 'job' | 'range' | 'again' | 'inDemo'>,
  config: Config,
  work: (recorded: RecordedRun) => Promise<A>,
  outcomeOf: (answer: A) => Outcome,
): Promise<A> {
  const { history, statusBar, warehouse } = parts;
  const { run, signal } = history.begin({ ...given, place: placeKey(config.dbUrl) });
  const shown = statusBar.begin(messages.running[given.job]());
  const onPercent = (percent: number | undefined): void => {
    shown.progress(percent);
    history.progress(run, percent);
  };
  try {
    const answer = await work({ run, onPercent, signal });
    history.end(run, outcomeOf(answer));
    return answer;
  } catch (thrown) {
    history.end(run, failureOf(asEtlError(thrown), run));
    throw thrown;
  } finally {
    shown.end();
    warehouse.forget();
    void warehouse.get(); // for the status bar, even if the view is hidden
  }
}

function failureOf(error: EtlError, run: OwnRun): Outcome {
  const text = errorText(error);
  const lines = [text, ...error.warnings.map((warning) => t('Warning: {warning}', { warning }))];
  const document = { title: ownRunTitle(run), key: run.id, text: `${withWrappedLines(lines.join('\n'))}\n` };
  const warnings = error.warnings.map(asSentence);
  if (error.code === 'cancelled') return { status: 'cancelled', short: '', concerns: warnings, document };
  return { status: 'error', short: '', concerns: [text, ...warnings], errorCode: error.code, document };
}
