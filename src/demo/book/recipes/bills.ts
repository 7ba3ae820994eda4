import { financialYearStart } from '../../../core/base/calendar.js';
import { isBillWise } from '../masters/ledgers.js';
import type { DemoVoucher, LedgerEntry } from '../voucher.js';
import type { EarlierBill } from './draft.js';

/** The line that makes an invoice's bill: the party's line, if the party's ledger is bill-wise. */
function lineOfBill({ base, entries }: DemoVoucher): LedgerEntry | undefined {
  if (base === 'none') return undefined;
  for (const entry of entries) {
    if (entry.kind === 'ledger' && entry.role === 'party' && isBillWise(entry.ledger)) return entry;
  }
  return undefined;
}

/** The invoice with a bill on its party's line. A voucher that makes no bill stays as it is. */
export function withBill(voucher: DemoVoucher): DemoVoucher {
  const line = lineOfBill(voucher);
  if (!line) return voucher;
  const bill = billName(voucher);
  return { ...voucher, entries: voucher.entries.map((entry) => (entry === line ? { ...line, bill } : entry)) };
}

/** The bill that an invoice or an advance makes, for the vouchers that settle it. */
export function billMadeBy(voucher: DemoVoucher): EarlierBill | undefined {
  const line = lineOfBill(voucher);
  if (!line) return advanceMadeBy(voucher);
  const { ledger, value, foreign } = line;
  const forex = voucher.forex && foreign !== undefined ? { ...voucher.forex, foreign } : undefined;
  return { ledger, name: billName(voucher), date: voucher.date, value, ...(forex && { forex }) };
}

function advanceMadeBy({ entries, date }: DemoVoucher): EarlierBill | undefined {
  for (const entry of entries) {
    if (entry.kind !== 'ledger') continue;
    for (const { kind, name, value } of entry.bills ?? [])
      if (kind === 'advance') return { ledger: entry.ledger, name, date, value };
  }
  return undefined;
}

/**
 * The bill of a voucher of type Sales has the voucher's number as its name. Numbers of other types come again each
 * year, or in another type, and a party cannot have two bills of one name. So their bills have the type and the year in
 * the name too.
 */
function billName({ typeName, number, masterId, date }: DemoVoucher): string {
  if (typeName === 'Sales') return number;
  return `${typeName.slice(0, 3)}/${number.trim() || masterId}/${financialYearStart(date).slice(2, 4)}`;
}
