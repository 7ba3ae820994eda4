import { t } from '@vscode/l10n';

/** The public error codes of docs/contract.md, each with the exit code of the command line. */
export const exitCodes = {
  unexpected: 1,
  usage: 2,
  config: 2,
  'file-not-written': 2,
  'tally-unreachable': 3,
  'tally-timeout': 3,
  'tally-refused': 3,
  'company-not-open': 3,
  'answer-cut': 3,
  'answer-unreadable': 3,
  'warehouse-unreachable': 4,
  'warehouse-refused': 4,
  'schema-outdated': 4,
  'schema-newer': 4,
  locked: 5,
  'range-not-covered': 6,
  guard: 6,
  cancelled: 130,
} as const;

export type ErrorCode = keyof typeof exitCodes;

/**
 * A failure that a person can act on: `message` says what happened, `hint` what to do next, both in the language of the
 * user who runs the job. Neither holds a secret.
 */
export class EtlError extends Error {
  override readonly name = 'EtlError';
  /**
   * The setting to correct, by its environment name (`DB_URL`), or `.env` for that file; undefined if no setting is at
   * fault.
   */
  readonly setting: string | undefined;
  /** What the run warned of before it failed or was cancelled. */
  readonly warnings: readonly string[];

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly hint: string,
    {
      setting,
      warnings = [],
      ...options
    }: { cause?: unknown; setting?: string | undefined; warnings?: readonly string[] } = {},
  ) {
    super(message, options);
    this.setting = setting;
    this.warnings = warnings;
  }
}

export const cancelled = (): EtlError =>
  new EtlError('cancelled', t('Cancelled.'), t('Run the command again when it suits you.'));

/**
 * Turns a thrown value into an EtlError, unless it is one. An AbortError becomes `cancelled`. The rest are bugs:
 * `unexpected`, with the cause.
 */
export function asEtlError(error: unknown): EtlError {
  if (error instanceof EtlError) return error;
  if (error instanceof Error && error.name === 'AbortError') return cancelled();
  const message = error instanceof Error ? error.message : String(error);
  return new EtlError('unexpected', message, t('This is a bug: please report it with the log.'), { cause: error });
}
