import { breaksAtPassword } from '../../core/base/config.js';
import { messages } from '../messages.js';
import type { Remark } from '../input/quickInput.js';

/** What is wrong with a warehouse URL as typed so far; '' (the embedded warehouse) is fine. */
export function remarkOnWarehouseUrl(text: string): Remark | undefined {
  if (text === '') return undefined;
  if ('postgresql://'.startsWith(text) || 'postgres://'.startsWith(text))
    return { severity: 'info', message: messages.warehouse.write() };
  if (!/^postgres(ql)?:\/\//.test(text)) return { severity: 'error', message: messages.warehouse.notPostgres() };
  if (!URL.canParse(text) || breaksAtPassword(text))
    return { severity: 'error', message: messages.warehouse.unreadable() };
  return undefined;
}

/** Tells warehouses apart, without a secret. */
export const placeKey = (dbUrl: string | undefined): string => (dbUrl === undefined ? '' : warehousePlace(dbUrl));

/** Where a warehouse URL leads, fit to be shown: host and database, neither user nor password. */
export function warehousePlace(dbUrl: string | undefined): string {
  if (dbUrl === undefined) return messages.warehouse.embedded();
  if (!/^postgres(ql)?:\/\//.test(dbUrl) || !URL.canParse(dbUrl) || breaksAtPassword(dbUrl))
    return messages.warehouse.own();
  const { host, pathname, searchParams } = new URL(dbUrl);
  // As libpq has it, a parameter wins over the part of the address.
  const database = searchParams.get('dbname') || pathname.replace(/^\//, '');
  return [searchParams.get('host') || host || 'localhost', ...(database ? [database] : [])].join('/');
}
