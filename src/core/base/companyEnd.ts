import { asEtlError, cancelled, type ErrorCode, type EtlError } from './errors.js';

/** How the work for one of several companies ended. */
export type CompanyEnd<T> = { durationMs: number } & (
  | { result: T; error?: undefined }
  | { result?: undefined; error: EtlError }
);

/** Does the work for one of several companies. Does not throw, so that the others are done too. Once cancelled, does nothing. */
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

/** An error as a result has it. */
export interface Failure {
  code: ErrorCode;
  message: string;
  hint: string;
  /** What the run warned of before; absent where it did not. */
  warnings?: string[];
}

export const failureOf = ({ code, message, hint, warnings }: EtlError): Failure => ({
  ...{ code, message, hint },
  ...(warnings.length > 0 && { warnings: [...warnings] }),
});
