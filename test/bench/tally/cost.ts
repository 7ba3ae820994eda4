/** The programs that ask: the product as it comes, the product told to read reports alone, and two other loaders. */
export type Way = 'product' | 'reports' | 'passes' | 'lists';

export const costCases = [
  'firstLoad',
  'firstSync',
  'nextDay',
  'sameDay',
  'some',
  'spread',
  'verifyYear',
  'weekly',
] as const;
export type CostCase = (typeof costCases)[number];

/** The cost of a case for Tally, by the demo Tally's meter. No figure depends on this computer. */
export interface TallyCost {
  way: Way;
  case: CostCase;
  requests: number;
  /** In UTF-16, as Tally sends them: two bytes for most characters. Null: not worked out. */
  bytes: number | null;
  /** How long Tally's screen is frozen. */
  seconds: number;
  /** How long the longest single answer freezes it. */
  longest: number;
  /** The rows that the run wrote, and those that it should have written. Absent where nothing ran. */
  wrote?: Written;
  expected?: Written;
}

export interface Written {
  inserted: number;
  updated: number;
  missing: number;
}

/** Cases to run in turn on a book of about so many vouchers, in a process of its own. */
export interface CostOrder {
  way: 'product' | 'reports';
  vouchers: number;
  cases: CostCase[];
  /** A warehouse that the earlier cases have loaded; for a first load an empty one. */
  dbUrl: string;
}
