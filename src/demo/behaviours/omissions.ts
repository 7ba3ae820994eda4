import type { Behaviour } from './behaviour.js';
import { isFreeDay } from './periods.js';
import type { TallyRequest } from '../answers/request.js';
import type { Switches } from './switches.js';
import type { DemoVoucher } from '../book/voucher.js';

/**
 * The vouchers that an answer leaves out are those for which `keeps` is false. `name` is part of the key under which
 * the length of the answer is remembered.
 */
export interface Omission {
  name: string;
  keeps: (voucher: DemoVoucher) => boolean;
}

type Hides = Switches['dayBookHides'];

const keepers: Record<Exclude<Hides, 'nothing'>, Omission['keeps']> = {
  cancelled: (v) => !v.cancelled,
  optional: (v) => !v.optional,
  'every-tenth': (v) => v.masterId % 10 !== 0,
};

/** The vouchers that a report leaves out: those that it hides, and those that Tally hides without a licence. */
export function omissionOf(hides: Hides, education: Switches['education']): Omission | undefined {
  return both(hides === 'nothing' ? undefined : { name: hides, keeps: keepers[hides] }, educationOmission(education));
}

/**
 * The vouchers that a collection of vouchers leaves out. There are four causes: the switch value `leaves-out`, a
 * missing licence, a filter by literal dates, and the filter `$AlterID > n`. `leaves-out` removes other vouchers than
 * `every-tenth` does from reports.
 */
export function indexOmissionOf(
  { voucherIndex, education, literalFilter, alterIdFilter }: Behaviour,
  request: TallyRequest,
): Omission | undefined {
  const own = { name: 'leaves-out', keeps: (v: DemoVoucher): boolean => v.masterId % 10 !== 5 };
  const left = both(voucherIndex === 'leaves-out' ? own : undefined, educationOmission(education));
  const outside = literalFilter !== 'ignored' ? literalOmission(request) : undefined;
  return both(both(left, outside), alterIdOmission(request, alterIdFilter));
}

const educationOmission = (education: Switches['education']): Omission | undefined =>
  education === 'hides-days' ? { name: 'education', keeps: (v) => isFreeDay(v.date) } : undefined;

/** A filter leaves out the rows for which its formula is false. An unreadable formula is false for every row. */
function literalOmission({ literal }: TallyRequest): Omission | undefined {
  if (literal === undefined) return undefined;
  if (literal === null) return { name: 'filter without sense', keeps: () => false };
  const { from = '', to = '9999-12-31' } = literal;
  return { name: `filter ${from}-${to}`, keeps: ({ date }) => date >= from && date <= to };
}

function alterIdOmission({ alteredAfter }: TallyRequest, filter: Switches['alterIdFilter']): Omission | undefined {
  if (alteredAfter === undefined || filter === 'ignored') return undefined;
  if (filter === 'drops-all') return { name: 'filter without sense', keeps: () => false };
  return { name: `altered after ${alteredAfter}`, keeps: ({ alterId }) => alterId > alteredAfter };
}

function both(one: Omission | undefined, other: Omission | undefined): Omission | undefined {
  if (!one || !other) return one ?? other;
  return { name: `${one.name} ${other.name}`, keeps: (v) => one.keeps(v) && other.keeps(v) };
}
