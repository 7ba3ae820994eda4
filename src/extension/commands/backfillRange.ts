import { today } from '../../core/calendar.js';
import { messages } from '../messages.js';
import { askRange } from '../rangeInput.js';
import type { Session } from '../session.js';
import { runLoad } from './runLoad.js';

export async function backfillRange(session: Session): Promise<void> {
  const inDemo = session.demo.running !== undefined;
  const request = await askRange({
    title: messages.of(messages.backfillInput, inDemo),
    today: today(),
    first: session.demo.presets(),
    withMode: true,
  });
  // Retry must not ask again, so the run is an attempt of its own.
  if (request) await session.attempt(() => runLoad(session, { job: 'backfill', request }, { inDemo }));
}
