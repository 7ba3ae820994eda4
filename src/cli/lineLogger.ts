import type { Logger } from '../core/core.js';

/** Log lines for people: info and above. Verbose adds debug lines, and time and level to each line. */
export function lineLogger(writeLine: (text: string) => void, verbose: boolean): Logger {
  const write = (level: string, prefix: string) => (message: string) => {
    writeLine(verbose ? `${new Date().toISOString()} ${level.padEnd(5)} ${message}` : `${prefix}${message}`);
  };
  const silent = (): void => undefined;
  return {
    trace: silent, // trace has XML and SQL with the content of the books, which a terminal must not show
    debug: verbose ? write('debug', '') : silent,
    info: write('info', ''),
    warn: write('warn', 'Warning: '),
    error: write('error', 'Error: '),
  };
}
