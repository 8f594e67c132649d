import type { WorkflowHandle } from '@temporalio/client';

/** Events and bytes of a workflow's history as the server counts them, and its largest payload in bytes. */
export async function historySize(
  handle: WorkflowHandle,
): Promise<{ events: number; historyBytes: number; largestPayload: number }> {
  const { raw } = await handle.describe();
  const { events } = await handle.fetchHistory();
  let largestPayload = 0;
  const look = (value: unknown): void => {
    if (value instanceof Uint8Array) largestPayload = Math.max(largestPayload, value.length);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(look);
  };
  look(events);
  return {
    events: events?.length ?? 0,
    historyBytes: Number(raw.workflowExecutionInfo?.historySizeBytes ?? 0),
    largestPayload,
  };
}
