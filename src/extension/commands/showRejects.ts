import { messages } from '../messages.js';
import type { Session } from '../session.js';

const shown = 200;

/** Opens the list of what could not be read, in the warehouse that is in force. */
export async function showRejects(session: Session): Promise<void> {
  const config = await session.configFor(session.demo.running !== undefined);
  const { text } = await session.run('rejects', { limit: shown }, config, messages.rejects.asking());
  await session.documents.show({ title: messages.rejects.title(), key: 'rejects', text: `${text}\n` });
  session.warehouse.forget();
}
