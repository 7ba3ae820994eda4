import type { JobResult } from '../../core/core.js';
import { messages } from '../messages.js';
import type { Parts } from './command.js';

const words = messages.dryRun;

/** Writes the report of a dry run into a file of the user's choice. */
export async function saveDryRun(parts: Parts, result: JobResult, report: string): Promise<void> {
  const { log, notifier, questions } = parts;
  const file = await questions.textFile(words.save(), words.file(result.company.name, result), words.kind());
  if (!file) return;
  try {
    await file.write(report);
  } catch (thrown) {
    const text = words.notSaved(file.place, thrown instanceof Error ? thrown.message : String(thrown));
    log.error(text);
    notifier.offer('error', text, ['Save As', 'Show Log'], { 'Save As': () => saveDryRun(parts, result, report) });
    return;
  }
  notifier.offer('info', words.saved(file.place), []);
}
