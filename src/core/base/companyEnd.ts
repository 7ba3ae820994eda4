import { asEtlError, cancelled, type ErrorCode, type EtlError } from './errors.js';

/** How the work for one of several companies ended. */
export type CompanyEnd<T> = { durationMs: number } & (
  | { result: T; error?: undefined }
  | { result?: undefined; error: EtlError }
);

/**
 * Runs the work for one of several companies. Returns an error instead of throwing it, so that the other companies follow.
 * After a cancel, returns `cancelled` without running the work.
 */
export async function endOf<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<CompanyEnd<T>> {
  const started = performance.now();
  const took = (): { durationMs: number } => ({ durationMs: Math.round(performance.now() - started) });
  try {
    if (signal?.aborted) throw cancelled();
    return { result: await work(), ...took() };
  } catch (thrown) {
    return { error: asEtlError(thrown), ...took() };
  }
}

/** An error as plain data, for results. */
export interface Failure {
  code: ErrorCode;
  message: string;
  hint: string;
  /** The warnings of the run before the error; absent if there were none. */
  warnings?: string[];
}

export const failureOf = ({ code, message, hint, warnings }: EtlError): Failure => ({
  ...{ code, message, hint },
  ...(warnings.length > 0 && { warnings: [...warnings] }),
});
