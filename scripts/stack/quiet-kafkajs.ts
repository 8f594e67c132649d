import { createRequire } from 'node:module';

interface RequestQueue {
  pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

let quiet = false;

/**
 * Keeps kafkajs, as scripts use it whole, from setting timers of a negative time for as long as a connection is open:
 * Node 24 warns of each process that does (`TimeoutNegativeWarning`). For processes of our own only.
 */
export function quietKafkajs(): void {
  if (quiet) return;
  quiet = true;
  const load = createRequire(import.meta.url);
  const { prototype } = load('kafkajs/src/network/requestQueue/index.js') as { prototype: RequestQueue };
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length > 0) schedule.call(this);
  };
}
