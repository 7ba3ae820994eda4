import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import { promisify } from 'node:util';

export interface ProcessFacts {
  /** The name of the program, without its folder: `postgres`, `postgres.exe`. */
  name: string;
  /** Seconds since 1970. */
  startedAt?: number;
  /** The process has ended, but its parent has not waited for it yet. */
  isDead?: boolean;
}

/** Facts about a process. Undefined if the system does not tell: the tool is missing or forbidden, or the process has ended. */
export async function processFacts(pid: number): Promise<ProcessFacts | undefined> {
  try {
    if (process.platform === 'linux') return parseProcStat(await fs.readFile(`/proc/${pid}/stat`, 'utf8'), bootedAt());
    if (process.platform === 'win32') {
      const script = `$p = Get-Process -Id ${pid} -ErrorAction Stop; $p.ProcessName; $p.StartTime.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ssZ')`;
      return parsePowerShell(await ask('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', script]));
    }
    // One `-o` for each field: within one `-o` all text after the first `=` is a heading. `ucomm` is the name without its
    // folder. `-ww` keeps ps from cutting the name, which would then not be `postgres`.
    const fields = ['-o', 'stat=', '-o', 'etime=', '-o', 'ucomm='];
    return parsePs(await ask('/bin/ps', ['-ww', '-p', String(pid), ...fields]), Date.now() / 1000);
  } catch {
    return undefined;
  }
}

/** When the computer was started, in seconds since 1970. */
export const bootedAt = (): number => Date.now() / 1000 - os.uptime();

async function ask(program: string, args: string[]): Promise<string> {
  const env = { ...process.env, LC_ALL: 'C' };
  const options = { encoding: 'utf8', timeout: 10_000, windowsHide: true, env } as const;
  return (await promisify(execFile)(program, args, options)).stdout;
}

/** Two lines: the name without `.exe`, and the start in UTC. The second line is missing for a process of another account. */
export function parsePowerShell(text: string): ProcessFacts | undefined {
  const [name = '', start = ''] = text.split(/\r?\n/).map((line) => line.trim());
  const startedAt = Date.parse(start) / 1000;
  if (name === '') return undefined;
  return { name, ...(!Number.isNaN(startedAt) && { startedAt }) };
}

/** `Ss   01-02:03:04 postgres`: state, age (days, hours, minutes, seconds) and program. */
export function parsePs(text: string, now: number): ProcessFacts | undefined {
  const found = /^\s*(\S+)\s+(?:(?:(\d+)-)?(\d+):)?(\d+):(\d+)\s+(.+?)\s*$/s.exec(text);
  if (!found) return undefined;
  const [, state = '', days, hours, minutes, seconds, command = ''] = found;
  const age = ((Number(days ?? 0) * 24 + Number(hours ?? 0)) * 60 + Number(minutes)) * 60 + Number(seconds);
  return { name: command.replace(/^.*\//s, ''), startedAt: now - age, isDead: state.startsWith('Z') };
}

export function parseProcStat(text: string, bootedAt: number): ProcessFacts | undefined {
  // The name may contain blanks and parentheses; the last parenthesis ends it.
  const found = /^\d+ \((.*)\) (\S) (.*)$/s.exec(text.trimEnd());
  if (!found) return undefined;
  const [, name = '', state = '', rest = ''] = found;
  // In hundredths of a second since the start of the computer (proc(5), field 22).
  const ticks = Number(rest.split(' ')[18]);
  return { name, startedAt: bootedAt + ticks / 100, isDead: /[ZX]/.test(state) };
}
