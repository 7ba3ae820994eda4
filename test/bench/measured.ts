import fs from 'node:fs';

/** The cost of one case in a process of its own, and the facts that the case found. */
export interface Measured {
  seconds: number;
  cpuSeconds: number;
  /** The most memory that the process has held, from its start. */
  peakMb: number;
  facts: Facts;
}

export type Facts = Record<string, number | string | null>;

/** Runs and measures `work`, which returns the facts. */
export async function measure(work: () => Promise<Facts>): Promise<Measured> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  const facts = await work();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { seconds, cpuSeconds: (user + system) / 1e6, peakMb: peakMb(), facts };
}

/**
 * On Linux the value is from /proc, because `maxRSS` of a child begins with the memory of the large process that forked
 * it.
 */
function peakMb(): number {
  const status = process.platform === 'linux' ? fs.readFileSync('/proc/self/status', 'utf8') : '';
  const highWater = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return Number(highWater ?? process.resourceUsage().maxRSS) / 1024;
}
