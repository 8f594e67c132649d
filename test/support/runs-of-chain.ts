import {
  WorkflowContinuedAsNewError,
  type Client,
  type WorkflowHandle,
  type WorkflowHandleWithFirstExecutionRunId,
} from '@temporalio/client';

/** The runs of a workflow that goes on in new runs, from its first, each when it has ended. @throws what the last one ended with */
export async function* runsOfChain(
  client: Client,
  { workflowId, firstExecutionRunId }: WorkflowHandleWithFirstExecutionRunId,
): AsyncGenerator<WorkflowHandle> {
  for (let runId: string | undefined = firstExecutionRunId; runId !== undefined;) {
    const handle: WorkflowHandle = client.workflow.getHandle(workflowId, runId, { followRuns: false });
    runId = await handle.result().then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof WorkflowContinuedAsNewError) return error.newExecutionRunId;
        throw error;
      },
    );
    yield handle;
  }
}
