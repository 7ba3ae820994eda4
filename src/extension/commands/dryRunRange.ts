import { today } from '../../core/base/calendar.js';
import { messages } from '../messages.js';
import { askRange } from '../input/rangeInput.js';
import type { Parts } from './parts.js';
import { runLoad } from './runLoad.js';

export async function dryRunRange(parts: Parts): Promise<void> {
  const books = parts.books.now();
  const range = await askRange({
    title: messages.of(messages.dryRunInput(), books.inDemo),
    today: today(),
    first: parts.demo.presets(),
    withMode: false,
  });
  if (range)
    await parts.notifier.attempt(() => runLoad(parts, { job: 'backfill', request: { ...range, dryRun: true } }, books));
}
