import { messages } from '../messages.js';
import { checkText, progressText } from '../view/runWords.js';
import type { Parts } from './parts.js';

export async function checkSetup(parts: Parts): Promise<void> {
  const books = parts.books.now();
  const config = await parts.books.configOf(books);
  const items = await parts.runner.run('check', undefined, config, {
    title: messages.of(messages.checking(), books.inDemo),
    text: (progress) => progressText(progress, undefined),
    bar: false,
  });
  const { ok, text, buttons, log } = checkText(items);
  for (const line of log) parts.log[ok ? 'info' : 'warn'](line);
  parts.notifier.offer(ok ? 'info' : 'error', text, buttons);
}
