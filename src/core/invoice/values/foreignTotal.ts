import type { Foreign } from './currency.js';
import type { Invoice } from '../invoice.js';
import { fits } from './values.js';

/** The fields of an invoice that concern its currency. */
export type ForeignOfInvoice = Pick<Invoice, 'currency' | 'foreignAmount' | 'exchangeRate'>;

export const noForeign: ForeignOfInvoice = { currency: 'INR', foreignAmount: null, exchangeRate: null };

/**
 * Collects the foreign amounts of an invoice's lines. The foreign total is the amount of the party's line. If that line is in
 * rupees, missing or unreadable, the total is the sum of the other lines, provided that all of them are in one currency.
 * Foreign amounts never enter the sums in rupees.
 */
export class ForeignTotal {
  readonly #party = new CurrencySum();
  readonly #others = new CurrencySum();

  constructor(private readonly sign: { party: bigint; others: bigint }) {}

  add({ paise, foreign }: { paise: bigint; foreign?: Foreign }, isParty: boolean): void {
    (isParty ? this.#party : this.#others).add(paise, foreign);
  }

  /**
   * `isNet`: tax deducted at source is missing from the party's line, and its foreign amount is unknown. The total is then
   * null.
   */
  ofInvoice(isNet: boolean): ForeignOfInvoice {
    const [party, others] = [this.#party, this.#others];
    const currency = party.currency ?? others.currency;
    if (currency === undefined) return noForeign;
    const beside = others.currency === currency ? others : undefined;
    const total = signed(party.total, this.sign.party) ?? signed(beside?.total, this.sign.others);
    const rate = party.currency === undefined ? beside?.rate : party.rate;
    return {
      currency,
      foreignAmount: !isNet && total !== undefined && fits(total) ? total : null,
      exchangeRate: rate !== undefined && fits(rate) ? rate : null,
    };
  }
}

const signed = (value: bigint | undefined, sign: bigint): bigint | undefined =>
  value === undefined ? undefined : value * sign;

/** The lines of one side: their currency, and their sum and rate while all lines agree. */
class CurrencySum {
  /** The first foreign currency. */
  currency: string | undefined;
  rate: bigint | undefined;
  #sum = 0n;
  #isWhole = true;
  #ratesDiffer = false;

  add(paise: bigint, foreign: Foreign | undefined): void {
    if (foreign === undefined) {
      if (paise !== 0n) this.#isWhole = false;
      return;
    }
    this.currency ??= foreign.currency;
    this.#addRate(foreign.rate);
    if (foreign.currency !== this.currency || foreign.amount === undefined) this.#isWhole = false;
    else this.#sum += foreign.amount;
  }

  #addRate(rate: bigint | undefined): void {
    if (rate === undefined || this.#ratesDiffer) return;
    this.#ratesDiffer = this.rate !== undefined && this.rate !== rate;
    this.rate = this.#ratesDiffer ? undefined : rate;
  }

  get total(): bigint | undefined {
    return this.currency !== undefined && this.#isWhole ? this.#sum : undefined;
  }
}
