import { placeWords } from '../settings/placeWords.js';
import type { Parts } from './command.js';

interface Asked<T> {
  /** Asks for a value, with the earlier one to correct if there is one. Undefined: the user left. */
  ask: (before: T | undefined) => Promise<T | undefined>;
  /** Why the value cannot be used now. Undefined: the value works. Throws `cancelled`. */
  problemOf: (value: T) => Promise<string | undefined>;
  /** The question whether to save a value that cannot be used. */
  question: (value: T) => string;
}

/** Asks for a value until it works, or until the user saves it all the same (`works` is false). Undefined: the user left. */
export async function askUntilItWorks<T>(
  { questions }: Parts,
  { ask, problemOf, question }: Asked<T>,
): Promise<{ value: T; works: boolean } | undefined> {
  const [anyway, correct] = [placeWords.save.anyway(), placeWords.save.correct()];
  for (let value = await ask(undefined); value !== undefined; value = await ask(value)) {
    const problem = await problemOf(value);
    if (problem === undefined) return { value, works: true };
    const next = await questions.choose(question(value), problem, [correct, anyway]);
    if (next === anyway) return { value, works: false };
    if (next !== correct) return undefined;
  }
  return undefined;
}
