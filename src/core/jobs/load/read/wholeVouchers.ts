import { bookedSum } from '../../../invoice/mapLines.js';
import { isYes } from '../../../invoice/values/values.js';
import type { Voucher } from '../../../invoice/voucher.js';
import { readVoucher } from '../../../tally/requests/readVoucher.js';
import type { Run } from '../run.js';
import type { VoucherReading } from './collectionProof.js';
import { mapVoucher, type MappedVoucher } from './readAnswer.js';

/** After so many failures in a row readEach requests no more vouchers. */
const notGivenAllowed = 5;

/** A whole voucher, mapped. `seen` is what is compared with Tally's collection; see readingOf. */
export interface WholeVoucher {
  taken: MappedVoucher;
  seen: VoucherReading | undefined;
}

/** Reads whole vouchers, each by a request of its own with the voucher's MASTERID. */
export class WholeVouchers {
  /** How many vouchers in a row Tally did not give. */
  #notGiven = 0;

  constructor(private readonly run: Run) {}

  /** Resets the count of failures. For a caller that takes vouchers that were not given for deleted ones. */
  forgive(): void {
    this.#notGiven = 0;
  }

  /** Reads one voucher; undefined if Tally does not give it, or if its GUID has no MASTERID of this company. Fails as readVoucher does. */
  async read(guid: string): Promise<WholeVoucher | undefined> {
    const { books, rules, context } = this.run;
    const masterId = masterIdOf(guid, books.company.id);
    if (masterId === undefined) return undefined;
    const read = await readVoucher(books.source, books.company, masterId, context.signal);
    if (read?.voucher.guid !== guid) {
      this.#notGiven++;
      return undefined;
    }
    this.#notGiven = 0;
    const taken = mapVoucher(read, books.company, rules.rules, rules.ledgerRules);
    return { taken, seen: readingOf(read.voucher, taken) };
  }

  /** Reads vouchers one by one. Leaves out those that Tally does not give, and ends after `notGivenAllowed` of them in a row. */
  async *readEach(guids: readonly string[]): AsyncGenerator<WholeVoucher> {
    for (const guid of guids) {
      if (this.#notGiven >= notGivenAllowed) return;
      const whole = await this.read(guid);
      if (whole !== undefined) yield whole;
    }
  }
}

/** Undefined for a voucher that is neither an invoice nor loaded for the ledger. */
export function readingOf({ lines }: Voucher, taken: MappedVoucher): VoucherReading | undefined {
  const invoice = 'invoice' in taken ? taken : undefined;
  const { ledger } = taken;
  const read = invoice?.invoice ?? ledger?.voucher;
  if (read === undefined) return undefined;
  const { alterId, date } = read;
  return {
    ...(invoice && { invoice: invoice.invoice }),
    ...(ledger && { voucher: ledger.voucher }),
    ...{ alterId, date, number: invoice?.invoice.invoiceNumber ?? ledger?.voucher.voucherNumber ?? null },
    doubts: [...(invoice?.doubts ?? []), ...(ledger?.doubts ?? [])],
    view: lines.some((line) => line.kind === 'ledger' && line.view === 'invoice') ? 'invoice' : 'accounting',
  };
}

/** The reading of a voucher of the collection; undefined for a voucher that is damaged or not loaded. */
export const soundReading = (voucher: Voucher, taken: MappedVoucher): VoucherReading | undefined =>
  isSound(voucher, 'invoice' in taken) ? readingOf(voucher, taken) : undefined;

/**
 * Whether a voucher has what every undamaged voucher has (docs/tally.md §1.6): it says whether it is cancelled, it has lines,
 * and they balance.
 */
function isSound({ isCancelled, lines, stockIn, stockOut }: Voucher, isInvoice: boolean): boolean {
  if (isCancelled === '') return false;
  if (isYes(isCancelled)) return true;
  // A stock journal books nothing, and so has no balance to show that lines are lost.
  if (!isInvoice && lines.every(({ kind }) => kind === 'item'))
    return lines.length + stockIn.length + stockOut.length > 0;
  const ledgers = lines.filter((line) => line.kind === 'ledger');
  const stored = ledgers.some(({ view }) => view === 'invoice')
    ? lines.filter((line) => line.kind === 'item' || line.view === 'invoice')
    : lines;
  return ledgers.length > 0 && bookedSum(stored) === 0n;
}

/**
 * The MASTERID (a voucher's number in the company), which is the last 8 hex digits of a GUID of the company. This was so for
 * all 30,086 vouchers that were compared (docs/tally.md §4).
 */
function masterIdOf(guid: string, companyId: string): number | undefined {
  const hex = guid.slice(companyId.length + 1);
  return guid.startsWith(`${companyId}-`) && /^[0-9a-f]{8}$/i.test(hex) ? Number.parseInt(hex, 16) : undefined;
}
