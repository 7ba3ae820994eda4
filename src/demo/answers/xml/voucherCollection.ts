import type { Book } from '../../book/book.js';
import type { DemoVoucher } from '../../book/voucher.js';
import { closing, opening, typedElement, type FieldType } from './collectionXml.js';
import { leanRow, type LeanOptions } from './leanRow.js';
import { defaults, sameInEachRow, writeDefaults } from './rowDefaults.js';
import { partyName, voucherAttributes } from './voucherXml.js';
import { compactDate, yesNo, type Sink } from './xmlText.js';

/** The fields that a list can fetch beside the defaults of each row. Any other field is taken from the whole voucher. */
const fetchable: Readonly<Record<string, (v: DemoVoucher) => readonly [FieldType, string]>> = {
  REFERENCE: (v) => ['String', v.reference ?? ''],
  REFERENCEDATE: (v) => ['Date', compactDate(v.referenceDate)],
  PARTYLEDGERNAME: (v) => ['String', v.partyLedger],
  PARTYNAME: (v) => ['String', partyName(v)],
  PARTYGSTIN: (v) => ['String', v.partyGstin],
  PLACEOFSUPPLY: (v) => ['String', v.placeOfSupply],
  NARRATION: (v) => ['String', v.narration],
  ISCANCELLED: (v) => ['Logical', yesNo(v.cancelled)],
  ISOPTIONAL: (v) => ['Logical', yesNo(v.optional)],
  ISPOSTDATED: (v) => ['Logical', yesNo(v.postDated)],
};

/** Whether fields of lists are requested; a row then has lines. */
export const isLean = (fields: readonly string[]): boolean => fields.some((field) => field.includes('.'));

/** A collection of vouchers: the fields of every row and the fetched ones. */
export function voucherCollection(
  counters: Book | undefined,
  fields: readonly string[],
  options: LeanOptions = { voucherCollection: 'offered', stockJournals: 'in-and-out', erp9: false },
) {
  const isListed = fields.every((field) => field === '*' || defaults.has(field) || field in fetchable);
  const fetched = Object.keys(fetchable).filter((f) => fields.includes('*') || fields.includes(f));
  const row = isListed ? undefined : leanRow(fields, options);
  const same = sameInEachRow(new Set(isListed ? [] : fields.map((field) => field.split('.')[0]!)));
  return {
    opening: opening(counters),
    closing,
    write: (sink: Sink, voucher: DemoVoucher) => {
      if (row) sink.text(row(voucher));
      else {
        const cells = fetched.map((field) => typedElement(5, field, ...fetchable[field]!(voucher)));
        sink.text(`    <VOUCHER ${voucherAttributes(voucher)}>\r\n${writeDefaults(voucher)}${cells.join('')}`);
      }
      sink.fixed(same);
      sink.text('    </VOUCHER>\r\n');
    },
  };
}
