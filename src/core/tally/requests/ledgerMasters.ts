import { t } from '@vscode/l10n';
import type { CalendarDate } from '../../base/calendar.js';
import { dueDateOf } from '../../invoice/values/creditPeriod.js';
import { readDate } from '../../invoice/values/readDate.js';
import { chosen, fits, fourDecimals, isYes, readAmount, readQuantity } from '../../invoice/values/values.js';
import { isPrimary, type GroupFields } from '../../ledger/groupTree.js';
import type { CostCentreRow, LedgerRow, OpeningBill, StockItemRow, UnitRow } from '../../ledger/ledgerMasters.js';
import { isNotOffered, unreadable } from '../answerErrors.js';
import type { AnswerSource } from '../answerSource.js';
import { childOrAttribute, readRecord } from '../xml/masterElements.js';
import { readElements } from '../xml/readElements.js';
import { fieldsOf, filled, type Fields, type XmlRecord } from '../xml/recordReader.js';
import { confirmOpen, nameInTally, type Company } from './companies.js';
import { ledgerOpeningsRequest, masterRequest } from './requests.js';

/** Tally's masters of one kind; or the message of the error, if Tally refused the request or its answer could not be read. */
export type Given<Row> = { rows: Row[] } | { refusal: string };

/**
 * The ledgers with their opening balances on the first day of the books, and the bills that were open then (docs/tally.md §9.1,
 * §9.3). `groupId` is null in all rows: Tally gives only the name of the group. An opening that Tally does not give is null.
 * Tally writes an opening of 0 as `0.00`, or as an element without text.
 */
export async function readLedgerOpenings(
  source: AnswerSource,
  company: Company,
  booksFrom: CalendarDate,
  signal?: AbortSignal,
): Promise<Given<LedgerRow & { bills: OpeningBill[] }>> {
  const request = { xml: ledgerOpeningsRequest(nameInTally(company), booksFrom), element: 'LEDGER' };
  return read(source, company, request, ledgerFields, (record) => toLedger(record, booksFrom), signal);
}

export const readGroups = (source: AnswerSource, company: Company, signal?: AbortSignal): Promise<Given<GroupFields>> =>
  read(
    source,
    company,
    { xml: masterRequest('groupDetails', nameInTally(company)), element: 'GROUP' },
    groupFields,
    toGroup,
    signal,
  );

/** The stock items. With `booksFrom`, the first day of the books, also their units, groups and opening stock. */
export const readStockItems = (
  source: AnswerSource,
  company: Company,
  booksFrom: CalendarDate | undefined,
  signal?: AbortSignal,
): Promise<Given<StockItemRow>> =>
  read(
    source,
    company,
    {
      xml: masterRequest('stockItems', nameInTally(company), booksFrom === undefined ? {} : { openingsOf: booksFrom }),
      element: 'STOCKITEM',
    },
    itemFields,
    (record) => toStockItem(record, booksFrom ?? null),
    signal,
  );

export const readUnits = (source: AnswerSource, company: Company, signal?: AbortSignal): Promise<Given<UnitRow>> =>
  read(
    source,
    company,
    { xml: masterRequest('units', nameInTally(company), { ledger: true }), element: 'UNIT' },
    unitFields,
    toUnit,
    signal,
  );

export const readCostCentres = (
  source: AnswerSource,
  company: Company,
  signal?: AbortSignal,
): Promise<Given<CostCentreRow>> =>
  read(
    source,
    company,
    { xml: masterRequest('costCentres', nameInTally(company)), element: 'COSTCENTRE' },
    centreFields,
    toCostCentre,
    signal,
  );

/**
 * Reads the rows of a request. A company that is not open gives no rows and no error. So after an empty answer, throws
 * `company-not-open` if the company list does not show the company.
 */
async function read<Row>(
  source: AnswerSource,
  company: Company,
  request: { xml: string; element: string },
  fields: Fields,
  toRow: (record: XmlRecord) => Row,
  signal: AbortSignal | undefined,
): Promise<Given<Row>> {
  const rows: Row[] = [];
  try {
    for await (const element of readElements(source, request, signal))
      rows.push(
        toRow(
          readRecord(element, fields, (reason, xml) =>
            unreadable(t("A row of Tally's answer cannot be read: {reason} {xml}", { reason, xml })),
          ),
        ),
      );
  } catch (error) {
    if (!isNotOffered(error)) throw error;
    return { refusal: error.message };
  }
  if (rows.length === 0) await confirmOpen(source, company, signal);
  return { rows };
}

const ledgerFields = fieldsOf({
  ...filled('NAME', 'GUID', 'PARENT', 'ISBILLWISEON', 'CURRENCYNAME'),
  OPENINGBALANCE: 'first',
  'BILLALLOCATIONS.LIST': filled('NAME', 'BILLDATE', 'BILLCREDITPERIOD', 'OPENINGBALANCE', 'ISADVANCE'),
});

function toLedger(record: XmlRecord, booksFrom: CalendarDate): LedgerRow & { bills: OpeningBill[] } {
  const [ledgerId, name] = keyOf(record);
  const opening = record.values.OPENINGBALANCE;
  const amount = opening === undefined || opening === '' ? undefined : readAmount(opening);
  const { paise, foreign } = amount !== undefined && 'paise' in amount ? amount : { paise: undefined };
  const foreignAmount = foreign?.amount;
  return {
    ledgerId,
    name,
    ...{ groupId: null, groupName: parentOf(record) },
    isBillwise: flagOf(record, 'ISBILLWISEON'),
    currency: textOf(record, 'CURRENCYNAME'),
    openingDate: booksFrom,
    openingBalance: opening === '' ? 0n : paise === undefined ? null : -paise,
    openingForeignAmount: foreignAmount !== undefined && fits(foreignAmount) ? -foreignAmount : null,
    bills: record.lists.flatMap(({ values }) => (values.NAME ? [values] : [])).map((bill, i) => toBill(bill, i)),
  };

  function toBill(values: XmlRecord['values'], index: number): OpeningBill {
    const billDate = readDate(values.BILLDATE ?? '') ?? null;
    const creditPeriod = values.BILLCREDITPERIOD ?? '';
    const bill = { name: '', type: '', from: '', date: '', amount: '', creditPeriod };
    const dueDate = billDate === null ? null : dueDateOf(bill, billDate, () => undefined);
    const amount = readAmount(values.OPENINGBALANCE ?? '');
    return {
      ledgerId,
      billNo: index + 1,
      ledgerName: name,
      reference: values.NAME!,
      billDate,
      dueDate,
      creditPeriod: creditPeriod || null,
      isAdvance: values.ISADVANCE === undefined ? null : isYes(values.ISADVANCE),
      amount: 'paise' in amount ? -amount.paise : null,
    };
  }
}

const groupFields = fieldsOf(
  filled(
    ...['NAME', 'GUID', 'PARENT', 'RESERVEDNAME'],
    ...['ISREVENUE', 'ISDEEMEDPOSITIVE', 'AFFECTSGROSSPROFIT', 'SORTPOSITION'],
  ),
);

function toGroup(record: XmlRecord): GroupFields {
  const [guid, name] = keyOf(record);
  const position = Number(record.values.SORTPOSITION ?? NaN);
  return {
    guid,
    name,
    parent: record.values.PARENT ?? '',
    reservedName: childOrAttribute(record, 'RESERVEDNAME'),
    isRevenue: flagOf(record, 'ISREVENUE'),
    isDeemedPositive: flagOf(record, 'ISDEEMEDPOSITIVE'),
    affectsGrossProfit: flagOf(record, 'AFFECTSGROSSPROFIT'),
    sortPosition: Number.isSafeInteger(position) && Math.abs(position) < 2 ** 31 ? position : null,
  };
}

const itemFields = fieldsOf({
  ...filled('NAME', 'GUID', 'PARENT', 'BASEUNITS'),
  OPENINGBALANCE: 'first',
  OPENINGVALUE: 'first',
});

function toStockItem(record: XmlRecord, openingDate: CalendarDate | null): StockItemRow {
  const [itemId, name] = keyOf(record);
  const { OPENINGBALANCE: quantity, OPENINGVALUE: value } = record.values;
  // An item without stock has an empty quantity and an empty value. A value alone may be empty beside a quantity, and is then
  // unknown (docs/tally.md §9.4).
  const openingQuantity = quantity === '' ? 0n : (readQuantity(quantity ?? '')?.quantity ?? null);
  const amount = readAmount(value ?? '');
  const openingValue = 'paise' in amount ? -amount.paise : value === '' && openingQuantity === 0n ? 0n : null;
  return {
    itemId,
    name,
    groupName: parentOf(record),
    baseUnit: textOf(record, 'BASEUNITS'),
    openingDate,
    openingQuantity,
    openingValue,
  };
}

const unitFields = fieldsOf(filled('NAME', 'GUID', 'ISSIMPLEUNIT', 'BASEUNITS', 'ADDITIONALUNITS', 'CONVERSION'));

function toUnit(record: XmlRecord): UnitRow {
  const [unitId, name] = keyOf(record);
  const isSimple = flagOf(record, 'ISSIMPLEUNIT');
  // In these fields a compound unit has its two parts. A simple unit has its own name or nothing there, which is no part.
  const part = (field: string): string | null => (isSimple === true ? null : textOf(record, field));
  const conversion = part('CONVERSION');
  return {
    unitId,
    name,
    isSimple,
    baseUnit: part('BASEUNITS'),
    additionalUnit: part('ADDITIONALUNITS'),
    conversion: conversion === null ? null : (fourDecimals(conversion) ?? null),
  };
}

const centreFields = fieldsOf(filled('NAME', 'GUID', 'PARENT', 'CATEGORY'));

function toCostCentre(record: XmlRecord): CostCentreRow {
  const [costCentreId, name] = keyOf(record);
  return { costCentreId, name, parentName: parentOf(record), category: textOf(record, 'CATEGORY') };
}

const keyOf = (record: XmlRecord): [guid: string, name: string] => [
  childOrAttribute(record, 'GUID'),
  childOrAttribute(record, 'NAME'),
];
const textOf = ({ values }: XmlRecord, field: string): string | null => chosen(values[field] ?? '');
const parentOf = (record: XmlRecord): string | null => {
  const parent = record.values.PARENT ?? '';
  return isPrimary(parent) ? null : parent;
};
const flagOf = ({ values }: XmlRecord, field: string): boolean | null => {
  const value = values[field];
  return value === undefined ? null : isYes(value);
};
