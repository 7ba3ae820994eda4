import { addDays, type CalendarDate } from '../../../core/base/calendar.js';
import { stateNames } from '../masters/parties.js';
import type { Random } from '../random.js';
import type { DemoDetails, DemoVoucher, Entry, LedgerEntry, StockEntry } from '../voucher.js';

export const companyGstin = '27AAACB1000Q1Z5';
export const companyPrintedName = 'Bharat Traders & Sons, Pune';

/** Currency symbols are free text in Tally. */
const currencySigns = ['$', '$', '$', 'US $', 'Dhs.', 'S/', '€', 'EUR'];
const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
export const godowns = ['Main Location', 'Main Location', 'Bhiwandi Shed No. 4', 'गोदाम & Yard'];

/**
 * The invoice with details. A cancelled voucher, or one that is not an invoice, stays as it is. Details draw their
 * random numbers last, so that the rest of a book is the same as without details.
 */
export function withDetails(random: Random, voucher: DemoVoucher): DemoVoucher {
  if (voucher.base === 'none' || voucher.cancelled) return voucher;
  const { date, base } = voucher;
  const isNote = base === 'credit_note' || base === 'debit_note';
  const details: DemoDetails = {
    ...(base === 'sales' && random.chance(25) && { consignee: consignee(random) }),
    ...(!isNote && random.chance(35) && { orders: orders(random, date) }),
    ...(isNote && random.chance(60) && { natureOfReturn: returnOf(random, base) }),
    ...(base === 'purchase' && voucher.partyGstin === '' && random.chance(50) && { reverseCharge: true }),
    ...(random.chance(40) && { ewayBillDate: addDays(date, 1) }),
    ...(random.chance(60) && { vehicle: `MH 12 ${random.pick(['AB', 'XZ'])} ${random.digits(4)}` }),
    ...(random.chance(20) && { saysNotApplicable: true }),
  };
  const { irn, forex } = voucher;
  return {
    ...voucher,
    details,
    ...(irn && random.chance(70) && { irn: { ...irn, qrCode: `eyJhbGciOiJSUzI1NiJ9.${random.hex(120)}` } }),
    ...(forex && { forex: { ...forex, symbol: random.pick(currencySigns) } }),
    entries: voucher.entries.map((entry) => withLineDetails(random, voucher, entry)),
  };
}

const consignee = (random: Random): NonNullable<DemoDetails['consignee']> => {
  const state = random.pick(stateNames);
  return { gstin: random.chance(70) ? `27AAACC${random.digits(4)}Q1Z5` : '', state };
};

function orders(random: Random, date: CalendarDate): NonNullable<DemoDetails['orders']> {
  const order = { number: `ORD/${random.digits(3)} & A`, date: addDays(date, -random.between(1, 40)) };
  if (!random.chance(15)) return [order];
  return [order, { number: random.digits(5), date: random.chance(50) ? order.date : addDays(order.date, 1) }];
}

const returnOf = (random: Random, base: DemoVoucher['base']): string =>
  random.pick([base === 'credit_note' ? '01-Sales Return' : '01-Purchase Return', '03-Deficiency in Service']);

function withLineDetails(random: Random, voucher: DemoVoucher, entry: Entry): Entry {
  if (entry.kind === 'item') return { ...entry, ...stockDetails(random, entry) };
  if (entry.role === 'party' && entry.bill !== undefined) return { ...entry, ...credit(random, voucher) };
  return entry.hsn !== undefined && random.chance(50)
    ? { ...entry, description: ['For the quarter', 'as agreed'] }
    : entry;
}

function stockDetails(random: Random, entry: StockEntry): Partial<StockEntry> {
  const godown = random.pick(godowns);
  return {
    godown,
    ...(random.chance(20) && {
      description: [`Serial no. 00${random.digits(3)}`, '₹5 off & "two" years'].slice(random.between(0, 1)),
    }),
    // Some lines have a second allocation, often of another godown or batch.
    ...(random.chance(8) && {
      alsoFrom: { godown: random.pick(godowns), batch: entry.batch ?? `B${random.digits(2)}` },
    }),
  };
}

function credit(random: Random, { date, base }: DemoVoucher): Partial<LedgerEntry> {
  if (base !== 'sales' && base !== 'purchase') return {};
  const days = random.pick([0, 7, 15, 30, 45, 90]);
  if (days === 0) return {};
  const dueDate = addDays(date, days);
  if (random.chance(80)) return { credit: { text: `${days} Days`, from: date, days, dueDate } };
  const [year, month, day] = dueDate.split('-');
  return {
    credit: {
      text: `${Number(day)}-${monthNames[Number(month) - 1]!}-${year!.slice(2)}`,
      from: date,
      days: null,
      dueDate,
    },
  };
}
