import { t } from '@vscode/l10n';
import type { CalendarDate } from '../../base/calendar.js';
import { dateText } from '../../base/countWords.js';
import { formatDecimal } from '../../base/decimal.js';
import { EtlError } from '../../base/errors.js';

/**
 * A column of a fact table: its name, its type, and its value as PostgreSQL reads it. Staging and merging use the same list.
 */
export interface Column<Row> {
  name: string;
  type: string;
  value: (row: Row) => string | null;
}

/** Functions that make columns whose values only need to be written as text. */
export const plainColumns = {
  text: <Row>(name: string, value: Column<Row>['value']): Column<Row> => ({ name, type: 'text', value }),
  date: <Row>(name: string, value: Column<Row>['value']): Column<Row> => ({ name, type: 'date', value }),
  integer: <Row>(name: string, type: 'int' | 'bigint', value: (row: Row) => number | bigint | null): Column<Row> => ({
    name,
    type,
    value: (row) => value(row)?.toString() ?? null,
  }),
  boolean: <Row>(name: string, value: (row: Row) => boolean | null): Column<Row> => ({
    name,
    type: 'boolean',
    value: (row) => ({ true: 't', false: 'f', null: null })[`${value(row)}`],
  }),
};

/** The fields by which an error names a voucher. */
export interface Head {
  voucherType: string;
  number: string | null;
  id: string;
  date: CalendarDate;
}

const limit = 10n ** 18n;

/** Makes columns of numeric(18, scale), from a whole number of its smallest units. `headOf` names the voucher in an error. */
export const decimalColumns =
  <Base>(headOf: (row: Base) => Head) =>
  <Row extends Base>(name: string, scale: number, value: (row: Row) => bigint | null): Column<Row> => ({
    name,
    type: `numeric(18,${scale})`,
    value: (row) => {
      const units = value(row);
      if (units === null) return null;
      if (units >= limit || units <= -limit) throw tooLarge(headOf(row), name, formatDecimal(units, scale));
      return formatDecimal(units, scale);
    },
  });

const tooLarge = ({ voucherType, number, id, date }: Head, column: string, value: string): EtlError =>
  new EtlError(
    'warehouse-refused',
    t('{voucherType} {number} of {date}: {column} {value} has more digits than the warehouse holds (18).', {
      voucherType,
      number: number ?? id,
      date: dateText(date),
      column,
      value,
    }),
    t('Correct that voucher in Tally, then run the command again. Nothing was loaded.'),
  );

/** The names of columns as a list in SQL, each with the prefix: `s.` gives `s.a, s.b`. */
export const namesOf = (columns: readonly { name: string }[], prefix = ''): string =>
  columns.map(({ name }) => prefix + name).join(', ');

/** The column definitions for a CREATE TABLE. */
export const definitions = (columns: readonly { name: string; type: string }[]): string =>
  columns.map(({ name, type }) => `${name} ${type}`).join(', ');
