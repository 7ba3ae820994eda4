import type { Parts } from './parts.js';
import { runLoad, sync } from './runLoad.js';

export async function syncNow(parts: Parts): Promise<void> {
  const books = parts.books.now();
  await parts.notifier.attempt(() => runLoad(parts, sync, books));
}
