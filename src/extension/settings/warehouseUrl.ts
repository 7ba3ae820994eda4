import { breaksAtPassword } from '../../core/base/config.js';
import { messages } from '../messages.js';
import type { Remark } from '../input/quickInput.js';
import { serverAndDatabase } from './places.js';

/** The error in a warehouse URL as typed so far. '' means the embedded warehouse, and is fine. */
export function remarkOnWarehouseUrl(text: string): Remark | undefined {
  if (text === '') return undefined;
  if ('postgresql://'.startsWith(text) || 'postgres://'.startsWith(text))
    return { severity: 'unfinished', message: messages.warehouse.write() };
  if (!/^postgres(ql)?:\/\//.test(text)) return { severity: 'error', message: messages.warehouse.notPostgres() };
  if (!URL.canParse(text) || breaksAtPassword(text))
    return { severity: 'error', message: messages.warehouse.unreadable() };
  return undefined;
}

/** A key that tells warehouses apart, without a secret; '' for the built-in one. */
export const placeKey = (dbUrl: string | undefined): string => (dbUrl === undefined ? '' : warehousePlace(dbUrl));

/** A warehouse for messages: host and database, without user and password. Without a URL: the built-in or the demo's. */
export function warehousePlace(dbUrl: string | undefined, inDemo = false): string {
  if (dbUrl === undefined) return inDemo ? messages.warehouse.ofDemo() : messages.warehouse.embedded();
  return serverAndDatabase(dbUrl) ?? messages.warehouse.own();
}
