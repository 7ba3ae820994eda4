import { once } from 'node:events';
import { formatSpan } from '../../core/core.js';
import { demoCompanyName, demoRange } from '../../demo/demoNames.js';
import { startDemoThread } from '../../demo/startDemoThread.js';
import type { Command } from '../commandContext.js';

export const demoServerCommand: Command = async ({ line, program, signal, print }) => {
  const demo = await startDemoThread({
    ...(line.port !== undefined && { port: line.port }),
    ...(line.invoices !== undefined && { book: { invoices: line.invoices } }),
  });
  try {
    const json = { command: 'demo-server', url: demo.url, company: demoCompanyName, ...demoRange };
    await print(json, describeServer(demo.url, program));
    if (!signal.aborted) await once(signal, 'abort');
    return 0; // the command ends only when it is stopped
  } finally {
    await demo.close();
  }
};

function describeServer(url: string, program: string): string {
  const { from, to } = demoRange;
  return `The demo Tally answers at ${url}
Company: ${demoCompanyName}, ${formatSpan(from, to)}

In another terminal:
  TALLY_URL=${url} ${program} check
  TALLY_URL=${url} ${program} backfill ${from} ${to} --dry-run
or put TALLY_URL=${url} into a file .env there.
How it behaves, and another behaviour (more: ${program} demo-server --help):
  curl ${url}/behaviour
  curl -X PUT -d '{"dayBook": "today"}' ${url}/behaviour

Ctrl+C stops it.`;
}
