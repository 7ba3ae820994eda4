import { costCases, type CostCase, type TallyCost, type Way } from './cost.js';

/**
 * The most that a case of the product may cost Tally, for a book of 100,000 vouchers. The second number of `seconds` is
 * the aim.
 */
interface Budget {
  requests?: number;
  bytes?: number;
  seconds?: [must: number, aim?: number];
}

const budgets: Partial<Record<CostCase, Budget>> = {
  firstLoad: { seconds: [180, 150] },
  sameDay: { requests: 1, bytes: 4_000, seconds: [0.1] },
  some: { seconds: [25, 20] },
  spread: { seconds: [60, 40] },
  verifyYear: { seconds: [20] },
};
const longestAnswer = { must: 8, aim: 5 };

/** The budgets are for books of this size. Costs of smaller books are reported and not judged. */
export const judgedFrom = 100_000;

const wayTexts: Record<Way, string> = {
  product: 'product',
  reports: 'product by reports and lists',
  passes: '13 passes',
  lists: 'list of ids, then reports',
};

const caseTexts: Record<CostCase, string> = {
  firstLoad: 'first load',
  firstSync: 'first sync after the load',
  nextDay: 'sync of the next day, nothing changed',
  sameDay: 'the same day again, nothing changed',
  some: 'sync, 100 new, 20 edited on 5 days, 2 deleted',
  spread: 'sync, every hundredth invoice changed',
  verifyYear: 'verify of a year by totals, nothing different',
  weekly: 'sync that lists all vouchers anew, once a week',
};

export const costHead = [
  ...[
    'who asks, and for what',
    'requests',
    'sent',
    'Tally s',
    'must / aim',
    'longest answer, s',
    'must / aim',
    'in budget',
  ],
];

/** A row for each case; `vouchers` is the size of the book. */
export const costRows = (costs: readonly TallyCost[], vouchers: number): string[][] =>
  costs.toSorted(byWay).map((cost) => {
    const { seconds, requests, bytes } = budgetOf(cost);
    const over = overBudget(cost);
    const verdict = over.length > 0 ? `NO: ${over.join(', ')}` : 'yes';
    return [
      `${wayTexts[cost.way]}${cost.wrote === undefined ? ' (worked out)' : ''}: ${caseTexts[cost.case]}`,
      `${thousands.format(cost.requests)}${requests === undefined ? '' : ` (≤ ${requests})`}`,
      `${cost.bytes === null ? '' : bytesText(cost.bytes)}${bytes === undefined ? '' : ` (≤ ${bytesText(bytes)})`}`,
      secondsText(cost.seconds),
      seconds === undefined ? '' : seconds.join(' / '),
      secondsText(cost.longest),
      cost.way === 'product' ? `${longestAnswer.must} / ${longestAnswer.aim}` : '',
      cost.way === 'product' && vouchers >= judgedFrom ? verdict : '',
    ];
  });

const wayOrder = Object.keys(wayTexts);
const byWay = (a: TallyCost, b: TallyCost): number =>
  wayOrder.indexOf(a.way) - wayOrder.indexOf(b.way) || costCases.indexOf(a.case) - costCases.indexOf(b.case);

const budgetOf = ({ way, case: of }: TallyCost): Budget => (way === 'product' ? (budgets[of] ?? {}) : {});

/** The names of the figures that exceed their budgets. */
function overBudget(cost: TallyCost): string[] {
  const { requests = Infinity, bytes = Infinity, seconds: [seconds] = [Infinity] } = budgetOf(cost);
  return [
    ...(cost.requests > requests ? ['requests'] : []),
    ...((cost.bytes ?? 0) > bytes ? ['sent'] : []),
    ...(cost.seconds > seconds ? ['Tally s'] : []),
    ...(cost.way === 'product' && cost.longest > longestAnswer.must ? ['longest answer'] : []),
  ];
}

const thousands = new Intl.NumberFormat('en-US');

const bytesText = (bytes: number): string =>
  bytes < 100_000
    ? `${Number((bytes / 1e3).toFixed(1))} KB`
    : `${bytes < 1e8 ? (bytes / 1e6).toFixed(1) : thousands.format(Math.round(bytes / 1e6))} MB`;

const secondsText = (seconds: number): string =>
  seconds >= 100 ? thousands.format(Math.round(seconds)) : seconds.toFixed(seconds < 0.01 ? 3 : seconds < 10 ? 2 : 1);

/** How many of the cases of the product are within their budgets; undefined where the book is too small to say. */
export function withinBudget(costs: readonly TallyCost[], vouchers: number): { met: number; of: number } | undefined {
  if (vouchers < judgedFrom) return undefined;
  const judged = costs.filter(({ way }) => way === 'product');
  return { met: judged.filter((cost) => overBudget(cost).length === 0).length, of: judged.length };
}
