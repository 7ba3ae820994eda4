import type { Foreign } from './currency.js';
import type { Invoice } from '../invoice.js';
import { fits } from './values.js';

/** What an invoice says of its currency. */
export type ForeignOfInvoice = Pick<Invoice, 'currency' | 'foreignAmount' | 'exchangeRate'>;

export const noForeign: ForeignOfInvoice = { currency: 'INR', foreignAmount: null, exchangeRate: null };

/**
 * Collects the foreign amounts of an invoice's lines. The total is that of the party's line; where that one is in rupees
 * or missing it is the sum of the others, if all of them are in the same currency. Never part of a sum.
 */
export class ForeignTotal {
  readonly #party = new CurrencySum();
  readonly #others = new CurrencySum();

  constructor(private readonly sign: { party: bigint; others: bigint }) {}

  add({ paise, foreign }: { paise: bigint; foreign?: Foreign }, isParty: boolean): void {
    (isParty ? this.#party : this.#others).add(paise, foreign);
  }

  /** `isNet`: the party's line lacks the tax that was deducted at source, and nothing says that tax in the foreign currency. */
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

/** Lines of one side: their currency, and their sum and rate as long as they agree on them. */
class CurrencySum {
  /** The first foreign one. */
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
