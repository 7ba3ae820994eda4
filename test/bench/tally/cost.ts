/** Who asks: the product as it comes, the product told to read reports alone, and two other loaders. */
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

/** What a case costs Tally, by the demo Tally's meter: no figure depends on this computer. */
export interface TallyCost {
  way: Way;
  case: CostCase;
  requests: number;
  /** As Tally sends them, in UTF-16: two for most characters. Null: not worked out. */
  bytes: number | null;
  /** How long Tally's screen is frozen. */
  seconds: number;
  /** The same by the longest single answer. */
  longest: number;
  /** What the run wrote, and what it should have written. Absent where nothing ran. */
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
  /** Has been loaded by the cases before these; for a first load it is empty. */
  dbUrl: string;
}
