import { messages } from '../messages.js';
import { checkText, progressText } from '../view/runWords.js';
import type { Command, Parts } from './command.js';

export const checkSetup: Command = { run: check };

async function check(parts: Parts): Promise<void> {
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
