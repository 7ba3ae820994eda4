import type { Digest } from './database.js';
import type { ManyCompanies } from './manyCompanies.js';
import type { Measured } from './measured.js';
import type { TallyCost } from './tally/cost.js';

export const median = (values: number[]): number | undefined => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return Number.isInteger(middle)
    ? sorted.length === 0
      ? undefined
      : (sorted[middle - 1]! + sorted[middle]!) / 2
    : sorted[Math.floor(middle)];
};

/** All runs of all cases, and what they left in their warehouses. */
export class Results {
  readonly runs = new Map<string, Measured[]>();
  readonly digests = new Map<string, { name: string; digest: Digest }[]>();
  /** The cost of each way of asking Tally. */
  readonly tallyCosts: TallyCost[] = [];
  /** The costs of many companies at once. */
  readonly manyCompanies: ManyCompanies[] = [];
  /** The error of the naive way on an answer of more than 512 MB. */
  naiveTooLong: string | undefined;
  readonly failures: string[] = [];

  add(name: string, measured: Measured): void {
    this.runs.set(name, [...(this.runs.get(name) ?? []), measured]);
  }

  /** Adds a digest. All digests with the same key must be equal. */
  addDigest(key: string, name: string, digest: Digest): void {
    this.digests.set(key, [...(this.digests.get(key) ?? []), { name, digest }]);
  }

  /** The median of a figure over the runs of a case; undefined where it was not measured. */
  median(name: string, figure: (run: Measured) => number): number | undefined {
    return median((this.runs.get(name) ?? []).map(figure));
  }

  fact(name: string, fact: string): number | undefined {
    return this.median(name, ({ facts }) => Number(facts[fact]));
  }

  /** The median of the quotients of two cases, round by round, as a slow round slows both cases. */
  ratio(over: string, under: string, of: (run: Measured) => number = ({ seconds }) => seconds): number | undefined {
    const below = this.runs.get(under) ?? [];
    const quotients = (this.runs.get(over) ?? []).flatMap((run, i) => {
      const other = below[i];
      return other === undefined ? [] : [of(run) / of(other)];
    });
    return median(quotients);
  }
}
