import { asEtlError } from '../../base/errors.js';
import type { CheckItem, CheckPart } from '../job.js';

export const fine = (part: CheckPart, message: string): CheckItem => ({ part, ok: true, message });

/** The part is fine, but the user should know something. */
export const caution = (part: CheckPart, message: string): CheckItem => ({ part, ok: true, caution: true, message });

export const wrong = (part: CheckPart, message: string, remedy: string): CheckItem => ({
  part,
  ok: false,
  message,
  remedy,
});

/** The item of a part whose check failed with an error. */
export function failed(part: CheckPart, error: unknown): CheckItem {
  const { code, message, hint } = asEtlError(error);
  return { ...wrong(part, message, hint), code };
}
