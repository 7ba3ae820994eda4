import { formatDecimal } from '../../../core/base/decimal.js';
import { writeAllocations } from './allocationXml.js';
import { amountText, trimmed } from './amountText.js';
import * as tags from './voucherTags.js';
import {
  tallyAmount,
  type DemoVoucher,
  type Entry,
  type GstRate,
  type LedgerEntry,
  type StockEntry,
} from '../../book/voucher.js';
import { element, emptyLists, escaped, fixed, notApplicable, yesNo, type Fixed, type Sink } from './xmlText.js';

function descriptionXml(lines: string[] | undefined): string {
  if (lines === undefined) return '';
  return (
    '       <BASICUSERDESCRIPTION.LIST TYPE="String">\r\n' +
    lines.map((line) => element(8, 'BASICUSERDESCRIPTION', line)).join('') +
    '       </BASICUSERDESCRIPTION.LIST>\r\n'
  );
}

function rateText(voucher: DemoVoucher, entry: StockEntry): string {
  if (entry.rate === undefined || !entry.quantity) return '';
  if (!voucher.forex || entry.foreignRate === undefined) return `${trimmed(entry.rate, 4, 2)}/${entry.quantity.unit}`;
  const { symbol, rate } = voucher.forex;
  const price = `${symbol}${formatDecimal(entry.foreignRate, 2)}`;
  return `${price} = ₹ ${trimmed(rate, 2)}/${symbol} = ₹ ${trimmed(entry.rate, 4)}/${entry.quantity.unit}`;
}

/**
 * On invoices in invoice view ISDEEMEDPOSITIVE tells the line's side of the document: a discount on a sale is negative with No,
 * one on a purchase is positive with Yes. On other vouchers ISDEEMEDPOSITIVE tells whether the line is a debit.
 */
function deemedPositive(voucher: DemoVoucher, entry: Entry): string {
  if (voucher.base === 'none' || voucher.view === 'accounting') return yesNo(tallyAmount(voucher, entry) < 0n);
  const goodsAreDebited = voucher.base === 'purchase' || voucher.base === 'credit_note';
  return yesNo((entry.kind === 'ledger' && entry.role === 'party') !== goodsAreDebited);
}

/** Whether the head of a voucher says that the buyer owes the GST. In every second such voucher only the lines say so. */
export const headSaysReverseCharge = ({ details, masterId }: DemoVoucher): boolean =>
  details?.reverseCharge === true && masterId % 2 === 0;

/** ROUNDLIMIT in whole rupees, above the line's amount: in a changed voucher a round-off can be several rupees. */
const roundLimit = ({ value }: LedgerEntry): bigint => (value < 0n ? -value : value) / 100n + 1n;

function reverseChargeXml(voucher: DemoVoucher): string {
  const isOnLine = voucher.details?.reverseCharge === true && !headSaysReverseCharge(voucher);
  const mark = voucher.masterId % 4 === 1 ? 'Yes' : '\u0004 Applicable';
  return element(7, 'GSTOVRDNISREVCHARGEAPPL', isOnLine ? mark : notApplicable);
}

const noRateDetails = fixed(emptyLists(7, 'RATEDETAILS'));
type Heads = readonly [central: string, state: string, integrated: string];
const newHeads: Heads = ['CGST', 'SGST/UTGST', 'IGST'];
const oldHeads: Heads = ['Central Tax', 'State Tax', 'Integrated Tax'];
const rateDetailsSeen = new Map<string, Fixed>();

/** RATEDETAILS.LIST for each head of GST. Few different texts exist, so each is made once and kept. */
function rateDetails(gst: GstRate | undefined, heads = newHeads): Fixed {
  if (!gst) return noRateDetails;
  const key = `${heads[0]} ${gst.heads} ${gst.percent} ${gst.cess ?? ''}`;
  let details = rateDetailsSeen.get(key);
  if (!details) rateDetailsSeen.set(key, (details = fixed(rateDetailsXml(gst, heads))));
  return details;
}

/** A head without a rate has an empty GSTRATE, or lacks GSTRATE. */
function rateDetailsXml(gst: GstRate, [central, state, integrated]: Heads): string {
  const half = ` ${trimmed(gst.percent / 2n, 4)}`;
  const whole = ` ${trimmed(gst.percent, 4)}`;
  const intra = gst.heads === 'intra' || gst.heads === 'all';
  const inter = gst.heads === 'inter' || gst.heads === 'all';
  return (
    rateDetail(central, intra ? half : undefined) +
    rateDetail(state, intra ? half : undefined) +
    rateDetail(integrated, inter ? whole : undefined) +
    rateDetail('Cess', gst.cess === undefined ? '' : ` ${gst.cess}`) +
    rateDetail('State Cess', undefined)
  );
}

function rateDetail(head: string, rate: string | undefined): string {
  const valuation = rate ? 'Based on Value' : '&#4; Not Applicable';
  return (
    '       <RATEDETAILS.LIST>\r\n' +
    `        <GSTRATEDUTYHEAD>${head}</GSTRATEDUTYHEAD>\r\n` +
    `        <GSTRATEVALUATIONTYPE>${valuation}</GSTRATEVALUATIONTYPE>\r\n` +
    (rate === undefined ? '' : `        <GSTRATE>${rate}</GSTRATE>\r\n`) +
    '       </RATEDETAILS.LIST>\r\n'
  );
}

/** A ledger line with the items that it consists of, if any. */
type BookedLine = Entry & { items?: StockEntry[] };

const belowLedger = 'INVENTORYALLOCATIONS';

/** The lines as Tally keeps them: in accounting view items are below the line of the ledger that they are booked on. */
export function asBooked(voucher: DemoVoucher): DemoVoucher {
  if (voucher.view === 'invoice' || !voucher.entries.some(({ kind }) => kind === 'item')) return voucher;
  const lines: BookedLine[] = [];
  for (const entry of voucher.entries) {
    if (entry.kind === 'ledger' || entry.ledger === '') {
      lines.push(entry);
      continue;
    }
    const last = lines.at(-1);
    if (last?.items && last.ledger === entry.ledger) {
      last.value += entry.value;
      last.items.push(entry);
    } else {
      lines.push({ kind: 'ledger', role: 'taxable', ledger: entry.ledger, value: entry.value, items: [entry] });
    }
  }
  return { ...voucher, entries: lines };
}

export const ledgerList = (view: DemoVoucher['view']): string =>
  view === 'accounting' ? 'ALLLEDGERENTRIES' : 'LEDGERENTRIES';

export function writeLedgerLine(sink: Sink, voucher: DemoVoucher, entry: LedgerEntry & { items?: StockEntry[] }): void {
  const list = ledgerList(voucher.view);
  const amount = amountText(voucher, entry);
  const isParty = entry.role === 'party' || entry.flaggedAsParty === true;
  sink.text(`      <${list}.LIST>\r\n`);
  sink.fixed(tags.ledgerOpening);
  sink.text(
    descriptionXml(entry.description) +
      (entry.rounding === 'type'
        ? element(7, 'ROUNDTYPE', 'Normal Rounding') + element(7, 'ROUNDLIMIT', ` ${roundLimit(entry)}`)
        : '') +
      (entry.rounding === 'method' ? element(7, 'METHODTYPE', 'As Total Amount Rounding') : '') +
      element(7, 'LEDGERNAME', entry.ledger) +
      element(7, 'GSTCLASS', notApplicable) +
      (entry.rounding === 'tax' ? element(7, 'ROUNDTYPE', 'Normal Rounding') + element(7, 'ROUNDLIMIT', ' 0.01') : '') +
      (entry.assessable === 'method' ? element(7, 'METHODTYPE', 'GST') : '') +
      (entry.assessable === 'taxability' ? element(7, 'GSTOVRDNTAXABILITY', 'Taxable') : '') +
      (entry.role === 'taxable' ? reverseChargeXml(voucher) : '') +
      (entry.narration === undefined ? '' : element(7, 'NARRATION', entry.narration)) +
      (entry.hsn === undefined
        ? ''
        : element(7, 'GSTOVRDNTYPEOFSUPPLY', 'Services') +
          element(7, 'GSTHSNNAME', entry.hsn) +
          element(7, 'GSTHSNDESCRIPTION', '')) +
      element(7, 'ISDEEMEDPOSITIVE', deemedPositive(voucher, entry)) +
      element(7, 'ISPARTYLEDGER', yesNo(isParty)),
  );
  sink.fixed(tags.ledgerFlags);
  sink.text(`       <AMOUNT>${amount}</AMOUNT>\r\n       <VATEXPAMOUNT>${amount}</VATEXPAMOUNT>\r\n`);
  sink.fixed(tags.ledgerListsBefore);
  writeAllocations(sink, voucher, entry);
  sink.fixed(tags.ledgerListsMiddle);
  for (const item of entry.items ?? []) writeStockLine(sink, voucher, item, belowLedger);
  sink.fixed(rateDetails(entry.gst));
  if (entry.role === 'tds') {
    sink.text(
      '       <TAXOBJECTALLOCATIONS.LIST>\r\n' +
        element(8, 'CATEGORY', 'Payment to Contractors & Professionals') +
        element(8, 'TAXTYPE', 'TDS') +
        '       </TAXOBJECTALLOCATIONS.LIST>\r\n',
    );
  }
  sink.fixed(tags.ledgerListsAfter);
  sink.text(`      </${list}.LIST>\r\n`);
}

export function writeStockLine(
  sink: Sink,
  voucher: DemoVoucher,
  entry: StockEntry,
  list: string = entry.list ?? 'ALLINVENTORYENTRIES',
): void {
  const amount = amountText(voucher, entry);
  const quantity = escaped(entry.quantity?.text ?? '');
  const rate = rateText(voucher, entry);
  sink.text(
    `      <${list}.LIST>\r\n` +
      descriptionXml(entry.description) +
      element(7, 'STOCKITEMNAME', entry.item) +
      element(7, 'GSTOVRDNTAXABILITY', entry.gst?.percent === 0n ? 'Exempt' : 'Taxable') +
      element(7, 'GSTITEMSOURCE', entry.item) +
      element(7, 'GSTHSNNAME', entry.hsn ?? '') +
      reverseChargeXml(voucher) +
      `       <ISDEEMEDPOSITIVE>${deemedPositive(voucher, entry)}</ISDEEMEDPOSITIVE>\r\n`,
  );
  sink.fixed(tags.stockFlags);
  sink.text(
    (rate === '' ? '' : element(7, 'RATE', rate)) +
      (entry.discount === undefined ? '' : element(7, 'DISCOUNT', ` ${trimmed(entry.discount, 4)}`)) +
      `       <AMOUNT>${amount}</AMOUNT>\r\n` +
      (quantity === '' ? '' : quantities('       ', quantity)) +
      '       <BATCHALLOCATIONS.LIST>\r\n' +
      element(8, 'GODOWNNAME', entry.godown ?? 'Main Location') +
      element(8, 'BATCHNAME', entry.batch ?? 'Primary Batch'),
  );
  sink.fixed(tags.batchFlags);
  sink.text(
    `        <AMOUNT>${amount}</AMOUNT>\r\n` +
      (quantity === '' ? '' : quantities('        ', quantity)) +
      '        <ADDITIONALDETAILS.LIST>        </ADDITIONALDETAILS.LIST>\r\n       </BATCHALLOCATIONS.LIST>\r\n' +
      (entry.alsoFrom === undefined
        ? ''
        : '       <BATCHALLOCATIONS.LIST>\r\n' +
          element(8, 'GODOWNNAME', entry.alsoFrom.godown) +
          element(8, 'BATCHNAME', entry.alsoFrom.batch) +
          element(8, 'AMOUNT', '0.00') +
          '       </BATCHALLOCATIONS.LIST>\r\n'),
  );
  // ERP 9 keeps the GST rates in the ledger allocation of the line (docs/tally.md §1.6).
  const rates = voucher.release === 'erp9' && list !== belowLedger ? 'allocation' : 'line';
  if (list !== belowLedger)
    writeAllocation(sink, voucher, entry, amount, rates === 'allocation' ? entry.gst : undefined);
  sink.fixed(rateDetails(rates === 'line' ? entry.gst : undefined));
  sink.fixed(tags.stockListsAfter);
  sink.text(`      </${list}.LIST>\r\n`);
}

const quantities = (indent: string, text: string): string =>
  `${indent}<ACTUALQTY>${text}</ACTUALQTY>\r\n${indent}<BILLEDQTY>${text}</BILLEDQTY>\r\n`;

function writeAllocation(
  sink: Sink,
  voucher: DemoVoucher,
  entry: StockEntry,
  amount: string,
  rates: GstRate | undefined,
): void {
  if (entry.ledger === '') {
    sink.text(emptyLists(7, 'ACCOUNTINGALLOCATIONS'));
    return;
  }
  sink.text(
    '       <ACCOUNTINGALLOCATIONS.LIST>\r\n' +
      element(8, 'LEDGERNAME', entry.ledger) +
      element(8, 'GSTCLASS', notApplicable) +
      element(8, 'ISDEEMEDPOSITIVE', deemedPositive(voucher, entry)),
  );
  sink.fixed(tags.allocationFlags);
  sink.text(`        <AMOUNT>${amount}</AMOUNT>\r\n`);
  sink.fixed(tags.allocationListsBefore);
  sink.fixed(rateDetails(rates, oldHeads));
  sink.fixed(tags.allocationListsAfter);
  sink.text('       </ACCOUNTINGALLOCATIONS.LIST>\r\n');
}
