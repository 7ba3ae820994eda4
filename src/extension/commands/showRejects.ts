import { messages } from '../messages.js';
import type { Command, Parts } from './command.js';

const shown = 200;

/** Opens the list of the rejected vouchers in the warehouse in use. */
export const showRejects: Command = { run: show };

async function show(parts: Parts): Promise<void> {
  const config = await parts.books.configOf(parts.books.now());
  const text = await parts.runner.run('rejects', { limit: shown }, config, { title: messages.rejects.asking() });
  await parts.documents.show({ title: messages.rejects.title(), key: 'rejects', text: `${text}\n` });
  parts.warehouse.forget();
}
