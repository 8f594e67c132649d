import {
  isGrpcServiceError,
  NamespaceNotFoundError,
  QueryNotRegisteredError,
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { CommandError } from './command-error.ts';
import { EXIT } from './exit-code.ts';
import { explainFailure } from './explain-failure.ts';
import { withoutEnd } from './sentence.ts';

/** google.rpc.Code */
const GRPC = { DEADLINE_EXCEEDED: 4, NOT_FOUND: 5, PERMISSION_DENIED: 7, UNAVAILABLE: 14, UNAUTHENTICATED: 16 };

/** Any error as the two lines that a person needs. */
export function explained(error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  if (error instanceof WorkflowFailedError) return explainFailure(error, { workflowId: 'ID', kind: 'replay' });
  if (error instanceof WorkflowNotFoundError && error.message.includes('already completed'))
    return new CommandError(
      EXIT.usage,
      `${error.workflowId} has ended already.`,
      `rewind status ${error.workflowId} shows how it ended.`,
    );
  if (error instanceof WorkflowNotFoundError) return noSuchJob(error.message);
  if (error instanceof WorkflowExecutionAlreadyStartedError)
    return new CommandError(
      EXIT.usage,
      `A job with the id ${error.workflowId} is running already.`,
      `Watch it with rewind status ${error.workflowId} --watch, or choose another id with --id.`,
    );
  if (error instanceof NamespaceNotFoundError)
    return new CommandError(
      EXIT.unreachable,
      `This Temporal has no namespace ${error.namespace}.`,
      `Correct --namespace or TEMPORAL_NAMESPACE, or create it: temporal operator namespace create --namespace ${error.namespace}`,
    );
  if (error instanceof QueryNotRegisteredError) return noWorker(error.message);
  // The client wraps what the server or the network says.
  if (error instanceof ServiceError && error.cause instanceof Error) return explained(error.cause);
  if (isGrpcServiceError(error)) return ofGrpc(Number(error.code), error.details || error.message);
  return new CommandError(
    EXIT.failed,
    error instanceof Error ? withoutEnd(error.message) + '.' : String(error),
    'REWIND_DEBUG=1 shows where this comes from.',
  );
}

function ofGrpc(code: number, details: string): CommandError {
  if (code === GRPC.UNAUTHENTICATED || code === GRPC.PERMISSION_DENIED)
    return new CommandError(
      EXIT.unreachable,
      `Temporal doesn't let this user in: ${withoutEnd(details)}.`,
      'Check TEMPORAL_API_KEY, the certificates and TEMPORAL_NAMESPACE, or choose a --profile.',
    );
  if (code === GRPC.DEADLINE_EXCEEDED && details.includes('query')) return noWorker(details);
  if (code === GRPC.NOT_FOUND && details.includes('workflow not found')) return noSuchJob(details);
  if (code === GRPC.UNAVAILABLE || code === GRPC.DEADLINE_EXCEEDED) return unreachable('the server', details);
  return new CommandError(EXIT.failed, `Temporal refused: ${withoutEnd(details)}.`, 'See docs/cli.md.');
}

function noSuchJob(reason: string): CommandError {
  return new CommandError(
    EXIT.usage,
    `There is no such job: ${withoutEnd(reason)}.`,
    'rewind status lists those that there are.',
  );
}

/** What gRPC ends with where it has nothing more to say. */
const EMPTY_NOTE = /\.? Resolution note:\s*$/;

export function unreachable(address: string, reason: string): CommandError {
  return new CommandError(
    EXIT.unreachable,
    `Temporal can't be reached at ${address}: ${withoutEnd(reason.replace(EMPTY_NOTE, ''))}.`,
    'Check TEMPORAL_ADDRESS (and TEMPORAL_TLS), or choose a --profile; rewind stack up starts servers for a trial.',
  );
}

function noWorker(reason: string): CommandError {
  return new CommandError(
    EXIT.noAnswer,
    `No worker answered: ${withoutEnd(reason)}.`,
    'Start one with rewind worker, on a machine that reaches HDFS, Kafka and ZooKeeper.',
  );
}
