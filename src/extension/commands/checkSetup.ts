import { messages } from '../messages.js';
import { checkText, progressText } from '../view/runWords.js';
import type { Session } from '../session.js';

export async function checkSetup(session: Session): Promise<void> {
  const inDemo = session.demo.running !== undefined;
  const config = await session.configFor(inDemo);
  const title = messages.of(messages.checking(), inDemo);
  const items = await session.run('check', undefined, config, title, (progress, notification) => {
    notification.report({ message: progressText(progress, undefined) });
  });
  const { ok, text, buttons, log } = checkText(items);
  for (const line of log) session.log[ok ? 'info' : 'warn'](line);
  session.offer(ok ? 'info' : 'error', text, buttons);
}
