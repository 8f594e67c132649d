import type { Client, WorkflowHandle } from '@temporalio/client';
import { CommandError } from './command-error.ts';
import { EXIT } from './exit-code.ts';

/** The input that a replay, or a workflow of another of these types, was started with, from its history. */
export async function inputOf(
  client: Client,
  handle: WorkflowHandle,
  types: readonly string[] = ['replay'],
): Promise<Record<string, unknown>> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId: handle.workflowId },
    maximumPageSize: 1,
  });
  const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  if (!types.includes(started?.workflowType?.name ?? ''))
    throw new CommandError(
      EXIT.usage,
      `${handle.workflowId} is a workflow ${started?.workflowType?.name ?? 'without a type'}, not a ${types.join(' or a ')}.`,
      'rewind status lists them.',
    );
  const data = started?.input?.payloads?.[0]?.data;
  return JSON.parse(Buffer.from(data ?? []).toString('utf8') || '{}') as Record<string, unknown>;
}

/** The id that a workflow of a job gets where nobody names one: `replay-TOPIC`. What the topic is, the workflow judges. */
export function defaultId(what: string, { topic }: Record<string, unknown>): string {
  return `${what}-${typeof topic === 'string' ? topic : 'job'}`;
}
