import type { MessagePort } from 'node:worker_threads';

const TELL_EVERY_MS = 200;

/** Tells progress over a port: a batch comes every few milliseconds or less, a heartbeat every few seconds. */
export function telling(port: MessagePort): (progress: unknown) => void {
  let last = -Infinity;
  return (progress) => {
    const now = performance.now();
    if (now - last < TELL_EVERY_MS) return;
    last = now;
    port.postMessage(progress);
  };
}
