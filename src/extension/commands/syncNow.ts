import type { Session } from '../session.js';
import { runLoad, sync } from './runLoad.js';

export async function syncNow(session: Session): Promise<void> {
  const inDemo = session.demo.running !== undefined;
  await session.attempt(() => runLoad(session, sync, { inDemo }));
}
