import { messages } from '../messages.js';
import type { Parts } from './parts.js';

const shown = 200;

/** Opens the list of what could not be read, in the warehouse that is in force. */
export async function showRejects(parts: Parts): Promise<void> {
  const config = await parts.books.configOf(parts.books.now());
  const { text } = await parts.runner.run('rejects', { limit: shown }, config, { title: messages.rejects.asking() });
  await parts.documents.show({ title: messages.rejects.title(), key: 'rejects', text: `${text}\n` });
  parts.warehouse.forget();
}
