import { activityInfo, getClient } from '@temporalio/activity';
import { isGrpcServiceError, WorkflowNotFoundError } from '@temporalio/client';

/** What steps ask of the Temporal server that runs them. */
export interface TemporalServer {
  /** The namespace that it is asked in; workflows of others are not seen from there. */
  readonly namespace: string;
  /** Whether a workflow is under way that began with this run: continued and reset runs count. */
  isRunning(workflow: { workflowId: string; runId: string }): Promise<boolean>;
  /** Names of the custom search attributes of type Keyword; none where the server doesn't tell. */
  keywordAttributes(): Promise<string[]>;
}

const KEYWORD = 2; // temporal.api.enums.v1.IndexedValueType

/** The server of the activity that runs now. */
export function temporalServer(): TemporalServer {
  const client = getClient();
  const { namespace } = activityInfo();
  return {
    namespace,
    async isRunning({ workflowId, runId }) {
      try {
        const { status, raw } = await client.workflow.getHandle(workflowId).describe();
        const { firstRunId, execution } = raw.workflowExecutionInfo ?? {};
        return status.name === 'RUNNING' && (firstRunId === runId || execution?.runId === runId);
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      }
    },
    async keywordAttributes() {
      try {
        const answer = await client.connection.operatorService.listSearchAttributes({ namespace });
        return Object.entries(answer.customAttributes ?? {})
          .filter(([, type]) => Number(type) === KEYWORD)
          .map(([name]) => name);
      } catch (error) {
        // A cluster may not let a worker ask. Search attributes are a convenience; a job doesn't fail for them.
        if (isGrpcServiceError(error)) return [];
        throw error;
      }
    },
  };
}
