import { breaksAtPassword } from '../../core/base/config.js';
import { messages } from '../messages.js';
import type { Remark } from '../input/quickInput.js';
import { serverAndDatabase } from './places.js';

/** What is wrong with a warehouse URL as typed so far; '' (the embedded warehouse) is fine. */
export function remarkOnWarehouseUrl(text: string): Remark | undefined {
  if (text === '') return undefined;
  if ('postgresql://'.startsWith(text) || 'postgres://'.startsWith(text))
    return { severity: 'unfinished', message: messages.warehouse.write() };
  if (!/^postgres(ql)?:\/\//.test(text)) return { severity: 'error', message: messages.warehouse.notPostgres() };
  if (!URL.canParse(text) || breaksAtPassword(text))
    return { severity: 'error', message: messages.warehouse.unreadable() };
  return undefined;
}

/** Tells warehouses apart, without a secret. */
export const placeKey = (dbUrl: string | undefined): string => (dbUrl === undefined ? '' : warehousePlace(dbUrl));

/** Where a warehouse URL leads, fit to be shown: host and database, neither user nor password. Without one it is embedded. */
export function warehousePlace(dbUrl: string | undefined, inDemo = false): string {
  if (dbUrl === undefined) return inDemo ? messages.warehouse.ofDemo() : messages.warehouse.embedded();
  return serverAndDatabase(dbUrl) ?? messages.warehouse.own();
}
