/**
 * The shape of VS Code's LogOutputChannel. info: summaries; debug: requests, counts, durations; trace: XML and SQL.
 * Never a secret at any level, never rows at info.
 */
export interface Logger {
  trace(message: string): void;
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}
