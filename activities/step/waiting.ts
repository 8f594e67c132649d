/** What a step waits for: stands in its heartbeat as `waitingFor`, and is told to the workflow. */
export interface Waiting {
  /** The server by its address where it is known, or what else must come. */
  for: string;
  /** ISO-8601: since when. */
  since: string;
  /** The last error, in short. */
  error: string;
}

/** What the workflow is told: the step waits, or goes on where `waiting` is undefined. */
export interface StepWaits {
  step: string;
  /** Tells steps of one kind apart. */
  id: string;
  waiting?: Waiting | undefined;
}

/** Name of the signal that carries `StepWaits` from a step to its workflow. */
export const WAITING_SIGNAL = 'waiting';

const SHORT = 400;

/** An error's message on one line, cut where it is long. */
export function shortError(message: string): string {
  const line = message.replaceAll(/\s*\n\s*/g, ' ').trim();
  return line.length <= SHORT ? line : `${line.slice(0, SHORT - 3)}...`;
}

/** What the attempt before waited for, from its last heartbeat, which is whatever some release has put there. */
export function waitingIn(heartbeatDetails: unknown): Waiting | undefined {
  const { waitingFor } = record(heartbeatDetails);
  const { for: awaited, since, error } = record(waitingFor);
  if (typeof awaited !== 'string' || typeof since !== 'string' || typeof error !== 'string') return undefined;
  return { for: awaited, since, error };
}

/** The same, since when there is trouble, where the attempt had begun to move again, and what else it has told. */
export function troubleBefore(heartbeatDetails: unknown): {
  since: string | undefined;
  waiting: Waiting | undefined;
  details: Record<string, unknown>;
} {
  const waiting = waitingIn(heartbeatDetails);
  const { troubledSince, waitingFor: _told, ...details } = record(heartbeatDetails);
  const since = waiting?.since ?? (typeof troubledSince === 'string' ? troubledSince : undefined);
  return { waiting, since, details };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Attempts that the workflow is told of: 1, 2, 4, 8, ... so that its history stays short however long a step waits. */
export function isTold(attempt: number): boolean {
  return (attempt & (attempt - 1)) === 0;
}
