import type { DateRange } from '../../base/calendar.js';
import { readQuantity } from '../../invoice/values/values.js';
import { unreadable } from '../answerErrors.js';
import type { AnswerSource } from '../answerSource.js';
import { readMasterElements } from '../xml/masterElements.js';
import { fieldsOf, filled } from '../xml/recordReader.js';
import { nameInTally, type Company } from './companies.js';
import { stockQuantitiesRequest } from './requests.js';

/** Tally's quantities of a stock item before and after a range, in ten-thousandths of the unit. */
export interface TallyQuantity {
  name: string;
  guid: string;
  /** Undefined, like `closing`, if unreadable, for example ` 10 Box 5 Nos`, which is not a number of one unit. */
  opening: bigint | undefined;
  closing: bigint | undefined;
  /** The unit of the closing quantity, else of the opening one; null if neither gives a unit. */
  unit: string | null;
  /** At least one of the quantities has two parts, also if the second is 0: ` 10 Box 0 Nos`. */
  isCompound: boolean;
}

/** Appears only in the log: the caller then says that nothing was compared. */
const unknownForm = "Tally's quantities of stock items are not in a known form.";

const fields = fieldsOf(filled('NAME', 'GUID', 'OPENINGBALANCE', 'CLOSINGBALANCE'));

/**
 * Requests the quantities of each stock item (docs/tally.md §9.4). Tally leaves the quantity of an item without stock empty; it
 * counts as 0. The answer does not name its days, so the caller decides what it proves. An item without a name fails with
 * `answer-unreadable`. Other failures are those of readVoucherIndex.
 */
export async function readStockQuantities(
  source: AnswerSource,
  company: Company,
  range: DateRange,
  signal?: AbortSignal,
): Promise<TallyQuantity[]> {
  const found: TallyQuantity[] = [];
  const request = { xml: stockQuantitiesRequest(nameInTally(company), range), element: 'STOCKITEM' };
  for await (const row of readMasterElements(source, request, fields, signal)) {
    const name = row.value('NAME');
    if (name === '') throw unreadable(unknownForm);
    const texts = [row.value('OPENINGBALANCE'), row.value('CLOSINGBALANCE')] as const;
    const [opening, closing] = [read(texts[0]), read(texts[1])];
    found.push({
      name,
      guid: row.value('GUID'),
      opening: opening?.quantity,
      closing: closing?.quantity,
      unit: closing?.unit ?? opening?.unit ?? null,
      isCompound: texts.some((text) => /\d\s+[^\d\s=][^=]*\s\d/.test(text)),
    });
  }
  return found;
}

const read = (text: string): ReturnType<typeof readQuantity> =>
  text === '' ? { quantity: 0n, unit: null } : readQuantity(text);
