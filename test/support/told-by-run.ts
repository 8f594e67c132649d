import type { Client, WorkflowHandle } from '@temporalio/client';

/**
 * All that Temporal keeps and shows of a run, as one text: its history, description, memo, search attributes, pending
 * activities with their heartbeats, and what its queries answer. Payloads are decoded.
 */
export async function toldByRun(client: Client, handle: WorkflowHandle): Promise<string> {
  const description = await handle.describe();
  const parts: unknown[] = [description.raw, description.memo, await handle.fetchHistory()];
  for (const query of ['progress', '__temporal_workflow_metadata', '__stack_trace'])
    parts.push(await handle.query(query).catch((error: unknown) => String(error)));
  for await (const listed of client.workflow.list({ query: `WorkflowId = "${handle.workflowId}"` }))
    parts.push(listed.raw);
  const texts: string[] = [];
  for (const part of parts) collect(part, texts, new Set());
  return texts.join('\n');
}

/** Every text and every run of bytes in a value, as text: `JSON.stringify` would give protobuf's bytes in base64. */
function collect(value: unknown, texts: string[], seen: Set<object>): void {
  if (typeof value === 'string') texts.push(value);
  else if (value instanceof Uint8Array) texts.push(Buffer.from(value).toString('utf8'));
  else if (typeof value === 'object' && value !== null && !seen.has(value)) {
    seen.add(value);
    for (const [name, inner] of Object.entries(value)) {
      texts.push(name);
      collect(inner, texts, seen);
    }
  }
}
