import { ConnectionError, type ConnectionFault } from '../../../connections/connection-error.ts';
import { FormatError, type FormatErrorFacts, type FormatFault } from '../../../formats/format-error.ts';
import { JobError, type JobErrorCode } from '../../step/job-error.ts';
import type { FunctionsSummary } from '../functions/functions-module.ts';
import type { RunsCounts, SplitCounts } from './split-decoder.ts';
import type { FileSample } from './sample-file.ts';

/** How a thread answers: classes don't survive the way between threads, so errors travel as their parts. */
export type DecodeReply = { counts: SplitCounts } | FailedReply;

export type RunsReply = { counts: RunsCounts } | FailedReply;

export type SampleReply = { sample: FileSample } | FailedReply;

export type FunctionsReply = { functions: FunctionsSummary } | FailedReply;

export type FailedReply = { message: string; stack: string | undefined } & (
  | { kind: 'job'; code: JobErrorCode; facts: Record<string, unknown> }
  | { kind: 'format'; fault: FormatFault; facts: FormatErrorFacts }
  | { kind: 'connection'; fault: ConnectionFault; facts: Record<string, unknown> }
  | { kind: 'internal' }
);

export function replyOfError(error: unknown): FailedReply {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  if (error instanceof JobError) return { kind: 'job', message, stack, code: error.code, facts: plain(error.facts) };
  if (error instanceof FormatError)
    return { kind: 'format', message, stack, fault: error.fault, facts: plain(error.facts) };
  if (error instanceof ConnectionError)
    return { kind: 'connection', message, stack, fault: error.fault, facts: plain(error.facts) };
  return { kind: 'internal', message, stack };
}

export function errorFromReply(reply: FailedReply): Error {
  const error = rebuilt(reply);
  if (reply.stack !== undefined) error.stack = reply.stack;
  return error;
}

function rebuilt(reply: FailedReply): Error {
  switch (reply.kind) {
    case 'job':
      return new JobError(reply.code, reply.message, reply.facts);
    case 'format':
      return new FormatError(reply.fault, reply.message, reply.facts);
    case 'connection':
      return new ConnectionError(reply.fault, reply.message, reply.facts);
    case 'internal':
      return new Error(reply.message);
  }
}

/** Facts that can be cloned: a cause may hold anything. */
function plain(facts: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts).filter(([, value]) => ['string', 'number', 'boolean', 'bigint'].includes(typeof value)),
  );
}
