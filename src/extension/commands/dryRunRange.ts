import { today } from '../../core/base/calendar.js';
import { messages } from '../messages.js';
import { askRange } from '../input/rangeInput.js';
import type { Session } from '../session.js';
import { runLoad } from './runLoad.js';

export async function dryRunRange(session: Session): Promise<void> {
  const inDemo = session.demo.running !== undefined;
  const range = await askRange({
    title: messages.of(messages.dryRunInput(), inDemo),
    today: today(),
    first: session.demo.presets(),
    withMode: false,
  });
  if (range)
    await session.attempt(() => runLoad(session, { job: 'backfill', request: { ...range, dryRun: true } }, { inDemo }));
}
