import { isNotOffered } from '../answerErrors.js';
import type { AnswerSource } from '../answerSource.js';
import { readElements } from '../xml/readElements.js';
import { nameInTally, type Company } from './companies.js';
import { readWhole, type ReadVoucher } from './readVouchers.js';
import { voucherObjectRequest } from './requests.js';
import { VoucherReader } from './voucherReader.js';

/**
 * Requests one whole voucher by its MASTERID. Undefined if Tally has no such voucher, does not know the request, or sends more
 * than one voucher. The caller compares the GUID. Fails with the codes `tally-*`, `answer-cut`, `company-not-open`,
 * `cancelled`.
 */
export async function readVoucher(
  source: AnswerSource,
  company: Company,
  masterId: number,
  signal?: AbortSignal,
): Promise<ReadVoucher | undefined> {
  const request = { xml: voucherObjectRequest(nameInTally(company), masterId), element: 'VOUCHER' };
  let found: ReadVoucher | undefined;
  let count = 0;
  try {
    for await (const { bytes, ...element } of readElements(source, request, signal)) {
      // The bytes are valid only until the next element is requested, and the voucher's text may be needed later.
      const own = { ...element, bytes: Buffer.from(bytes) };
      if (++count === 1) found = readWhole(own, new VoucherReader(own));
    }
  } catch (error) {
    if (isNotOffered(error)) return undefined;
    throw error;
  }
  return count === 1 ? found : undefined;
}
