/**
 * The word of `known` that was probably meant: `typed` is its beginning (3 letters or more), or becomes the word by few
 * edits (see editSteps): a third as many as `typed` has letters, at least one. Undefined if there is none.
 */
export function closestWord(typed: string, known: readonly string[]): string | undefined {
  const wanted = typed.toLowerCase().replaceAll('_', '-');
  const most = Math.max(1, Math.floor(wanted.length / 3));
  const [best] = known
    .map((word) => ({ word, steps: wanted.length > 2 && word.startsWith(wanted) ? 0 : editSteps(wanted, word) }))
    .filter(({ steps }) => steps <= most)
    .sort((a, b) => a.steps - b.steps);
  return best?.word;
}

/** The number of letters to insert, delete, replace or swap with the next one, to turn `a` into `b`. */
function editSteps(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}
