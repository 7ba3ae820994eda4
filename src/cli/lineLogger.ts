import type { Logger } from '../core/core.js';

/** Log lines for people: info and above as they are; verbose adds debug, and time and level to each line. */
export function lineLogger(writeLine: (text: string) => void, verbose: boolean): Logger {
  const write = (level: string, prefix: string) => (message: string) => {
    writeLine(verbose ? `${new Date().toISOString()} ${level.padEnd(5)} ${message}` : `${prefix}${message}`);
  };
  const silent = (): void => undefined;
  return {
    trace: silent, // XML and SQL: books, not for a terminal
    debug: verbose ? write('debug', '') : silent,
    info: write('info', ''),
    warn: write('warn', 'Warning: '),
    error: write('error', 'Error: '),
  };
}
