/** Calls `stop` if `work` has not ended `graceMs` after the signal. */
export async function stopAfter<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  graceMs: number,
  stop: () => void,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    timer = setTimeout(stop, graceMs);
  };
  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort);
  try {
    return await work;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    clearTimeout(timer);
  }
}
