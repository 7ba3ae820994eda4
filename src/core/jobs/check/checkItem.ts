import { asEtlError } from '../../base/errors.js';
import type { CheckItem, CheckPart } from '../job.js';

export const fine = (part: CheckPart, message: string): CheckItem => ({ part, ok: true, message });

/** Fine, with something to know. */
export const caution = (part: CheckPart, message: string): CheckItem => ({ part, ok: true, caution: true, message });

export const wrong = (part: CheckPart, message: string, remedy: string): CheckItem => ({
  part,
  ok: false,
  message,
  remedy,
});

/** What a failure says of the part that it was met in. */
export function failed(part: CheckPart, error: unknown): CheckItem {
  const { code, message, hint } = asEtlError(error);
  return { ...wrong(part, message, hint), code };
}
