/** Fails with the signal's reason once it is aborted; for a race with what can't be aborted itself. */
export function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
  );
}
