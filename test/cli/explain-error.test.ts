// What the client throws becomes two lines that say what is wrong: what the server or the network said, not that the
// client failed to do something.
import { NamespaceNotFoundError, ServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { expect, test } from 'vitest';
import { explained } from '../../cli/explain-error.ts';
import { EXIT } from '../../cli/exit-code.ts';

const grpc = (code: number, details: string): Error =>
  Object.assign(new Error(`${code}: ${details}`), { code, details, metadata: {} });

test.each<[string, Error, number, RegExp]>([
  [
    'of a server that went away',
    new ServiceError('Failed to describe', { cause: grpc(14, 'no connection') }),
    EXIT.unreachable,
    /can't be reached.*no connection/,
  ],
  [
    'of a user who is not let in',
    new ServiceError('Failed to start', { cause: grpc(7, 'no claims') }),
    EXIT.unreachable,
    /doesn't let this user in: no claims/,
  ],
  ['of a namespace', new NamespaceNotFoundError('nope'), EXIT.unreachable, /has no namespace nope/],
  [
    'of a workflow that has ended',
    new WorkflowNotFoundError('workflow execution already completed', 'w', undefined),
    EXIT.usage,
    /^w has ended already/,
  ],
  [
    'of a workflow that is not there',
    new WorkflowNotFoundError('workflow not found for ID: w', 'w', undefined),
    EXIT.usage,
    /There is no such job/,
  ],
  [
    'of a server that was killed, without the empty end that gRPC gives it',
    grpc(14, 'No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:1. Resolution note: '),
    EXIT.unreachable,
    /: No connection established\. Last error: Error: connect ECONNREFUSED 127\.0\.0\.1:1\.$/,
  ],
  ['of one that the server itself does not know', grpc(5, 'workflow not found for ID: w'), EXIT.usage, /no such job/],
  [
    'of something else that is not there',
    grpc(5, 'no such schedule'),
    EXIT.failed,
    /Temporal refused: no such schedule/,
  ],
])('an error %s', (_, error, exitCode, message) => {
  const told = explained(error);
  expect(told).toMatchObject({ exitCode });
  expect(told.message).toMatch(message);
});
