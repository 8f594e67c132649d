import type { ConnectionLike } from '@temporalio/client';

const TASKS = { workflow: 1, activity: 2 } as const; // temporal.api.enums.v1.TaskQueueType
/** Temporal keeps a question for work open for a minute, so that a worker that lives has asked within a little more. */
const ALIVE_WITHIN_MS = 75_000;

/** Who asks a task queue for work. */
export interface Pollers {
  /** Workers that have asked lately enough to be alive; one that was killed since is still among them. */
  alive: number;
  /** Who asked last, of those that Temporal remembers, which it does for a few minutes. */
  last: { identity: string; at: Date } | undefined;
}

/** @param tasks - which work: that of workflows, or that of steps */
export async function pollersOf(
  { workflowService }: Pick<ConnectionLike, 'workflowService'>,
  { namespace, taskQueue, tasks }: { namespace: string; taskQueue: string; tasks: keyof typeof TASKS },
): Promise<Pollers> {
  const { pollers } = await workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: TASKS[tasks],
  });
  const all = (pollers ?? [])
    .map(({ identity, lastAccessTime }) => ({
      identity: identity || 'a worker without a name',
      at: new Date(Number(lastAccessTime?.seconds ?? 0) * 1000),
    }))
    .sort((a, b) => b.at.getTime() - a.at.getTime());
  const alive = all.filter(({ at }) => Date.now() - at.getTime() < ALIVE_WITHIN_MS);
  return { alive: new Set(alive.map(({ identity }) => identity)).size, last: all[0] };
}

/** `71@host at 2026-11-29T10:49:12.000Z, 48 s ago`: a process, as Temporal's client names it. */
export function askedLast({ identity, at }: NonNullable<Pollers['last']>): string {
  const seconds = Math.max(0, Math.round((Date.now() - at.getTime()) / 1000));
  return `${identity} at ${at.toISOString()}, ${seconds} s ago`;
}
