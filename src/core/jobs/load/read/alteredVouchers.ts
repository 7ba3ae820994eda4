import type { VoucherReading } from './collectionProof.js';
import type { MappedVoucher } from './readAnswer.js';

/** A voucher of Tally's collection, mapped. `seen` is what is compared with the whole voucher; see readingOf. */
export interface CollectedVoucher {
  taken: MappedVoucher;
  seen: VoucherReading;
}

/** The most vouchers that are kept in memory at a time. Others of the answer are read as if they had only been listed. */
const mostKept = 2_000;

/** The vouchers that readAltered has read together with their list, until they are taken. */
export class AlteredVouchers {
  readonly #kept = new Map<string, CollectedVoucher>();
  /** The highest ALTERID of the company that earlier runs remember; undefined until readAltered needs it. */
  remembered: number | undefined;

  get size(): number {
    return this.#kept.size;
  }

  get isFull(): boolean {
    return this.size >= mostKept;
  }

  keep(guid: string, voucher: CollectedVoucher): void {
    this.#kept.set(guid, voucher);
  }

  /** The voucher in the version that Tally's list shows; undefined if none of this version was kept. */
  find(guid: string, alterId: number): CollectedVoucher | undefined {
    const kept = this.#kept.get(guid);
    return kept !== undefined && Number(kept.seen.alterId) === alterId ? kept : undefined;
  }

  /** Forgets a voucher that was taken. */
  forget(guid: string): void {
    this.#kept.delete(guid);
  }
}
